"""Makes CMYK profiles of an invented press, in every form that a table may have, and what Little CMS makes of inks by them.

    pip install pillow numpy && python core/tests/inks/make.py

NAME.icc is a profile, NAME.rgb the sRGB of 5 × 5 × 5 × 5 inks, the last one fastest, with perceptual intent. Made with Pillow 13.0, which has
Little CMS 2.19.
"""

import itertools
import pathlib
import struct

import numpy
from PIL import Image, ImageCms

FOLDER = pathlib.Path(__file__).parent
D50 = numpy.array([0.9642, 1.0, 0.8249])
# Lab of paper under each ink alone
INKS = numpy.array([[55, -37, -50], [48, 74, -3], [89, -5, 93], [16, 1, -2]], float)


def from_lab(lab):
    l, a, b = numpy.moveaxis(lab, -1, 0)
    y = (l + 16) / 116
    f = numpy.stack([y + a / 500, y, y - b / 200], -1)
    return D50 * numpy.where(f > 6 / 29, f**3, (f - 4 / 29) * 108 / 841)


def to_lab(xyz):
    v = xyz / D50
    f = numpy.where(v > (6 / 29) ** 3, numpy.cbrt(v), v * 841 / 108 + 4 / 29)
    return numpy.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def printed(inks):
    """XYZ of paper with inks, 0 to 1: each lets through a part of the light, with some dot gain."""
    covered = inks**0.8
    through = (from_lab(INKS) / D50) ** 0.5
    return D50 * numpy.prod(1 - covered[..., None] * (1 - through), axis=-2) ** 2


def grid(sides, exponent):
    """Inks at the nodes, where places in the grid are inks to a power."""
    axes = [numpy.linspace(0, 1, n) ** (1 / exponent) for n in sides]
    return numpy.array(list(itertools.product(*axes)))


def words(values):
    return numpy.rint(numpy.clip(values, 0, 1) * 65535).astype(">u2").tobytes()


def octets(values):
    return numpy.rint(numpy.clip(values, 0, 1) * 255).astype("u1").tobytes()


def encode_lab(xyz, old=False):
    l, a, b = numpy.moveaxis(to_lab(xyz), -1, 0)
    scale = 65280 / 65535 if old else 1
    return numpy.stack([l / 100 * scale, (a + 128) / 255 * scale, (b + 128) / 255 * scale], -1)


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def table(kind, sides, exponent, encode, samples, entries):
    head = kind + bytes(4) + bytes([4, 3, sides, 0]) + b"".join(fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    if kind == b"mft2":
        head += struct.pack(">HH", entries, 2)
    ink = samples(numpy.linspace(0, 1, entries) ** exponent) * 4
    out = samples(numpy.linspace(0, 1, 2 if kind == b"mft2" else 256)) * 3
    return head + ink + samples(encode(printed(grid([sides] * 4, exponent)))) + out


def stages(sides, exponent):
    power = b"para" + bytes(8) + fixed(exponent)
    square = b"para" + bytes(4) + struct.pack(">H", 0) + bytes(2) + fixed(2)
    identity = b"curv" + bytes(8)
    # nodes hold the root of half of what is wanted: a curve and a matrix bring it back
    nodes = numpy.sqrt(encode_lab(printed(grid(sides, exponent))) / 2)
    matrix = b"".join(fixed(v) for v in (2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0))
    clut = bytes(sides) + bytes(12) + bytes([2, 0, 0, 0]) + words(nodes)
    clut += bytes(-len(clut) % 4)
    parts = [identity * 3, matrix, square * 3, clut, power * 4]
    offsets = [32 + sum(map(len, parts[:i])) for i in range(5)]
    return b"mAB " + bytes(4) + bytes([4, 3, 0, 0]) + struct.pack(">5I", *offsets) + b"".join(parts)


def profile(version, pcs, data):
    white = b"XYZ " + bytes(4) + b"".join(fixed(v) for v in D50)
    text = b"An invented press\0"
    description = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    copyright = b"text" + bytes(4) + b"CC0\0"
    if version >= 4:
        one = lambda s: b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", 2 * len(s), 28) + s.encode("utf-16-be")
        description, copyright = one("An invented press"), one("CC0")
    tags = {b"desc": description, b"cprt": copyright, b"wtpt": white, b"A2B0": data}
    at, body, index = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        index += struct.pack(">4sII", name, at + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    head = struct.pack(">II4x", at + len(body), 0)[:8] + struct.pack(">I4s4s4s", version << 24, b"prtr", b"CMYK", pcs)
    head += struct.pack(">6H", 2026, 11, 27, 0, 0, 0) + b"acsp" + bytes(28) + b"".join(fixed(v) for v in D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body


def encode_xyz(xyz):
    return xyz * 32768 / 65535


PROFILES = {
    "mft1": profile(2, b"Lab ", table(b"mft1", 7, 0.8, encode_lab, octets, 256)),
    "mft2": profile(2, b"Lab ", table(b"mft2", 5, 0.9, lambda xyz: encode_lab(xyz, True), words, 64)),
    "mft2-xyz": profile(2, b"XYZ ", table(b"mft2", 6, 0.8, encode_xyz, words, 64)),
    "mab": profile(4, b"Lab ", stages([6, 5, 4, 7], 0.8)),
}

inks = numpy.array(list(itertools.product([0, 64, 128, 191, 255], repeat=4)), "u1")
image = Image.frombytes("CMYK", (25, 25), inks.tobytes())
for name, data in PROFILES.items():
    path = FOLDER / f"{name}.icc"
    path.write_bytes(data)
    rgb = ImageCms.profileToProfile(image, str(path), ImageCms.createProfile("sRGB"), renderingIntent=0, outputMode="RGB")
    (FOLDER / f"{name}.rgb").write_bytes(rgb.tobytes())
