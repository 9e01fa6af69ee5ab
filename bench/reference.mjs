// What the output should be, in floating point, and how far from it an output is.
//
// The reference: the whole photo decoded (no shrink-on-load), converted from its profile to sRGB at 16 bits, resized by
// a separable Lanczos3 (support widened by the scale, weights normalised, summed in double precision) on the
// gamma-encoded samples, clamped to 0–255 and not rounded.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const VERSION = 1; // of what is cached

/** References of one job by size, made on demand and cached in files. There may be several sizes, as contenders round the height differently. */
export function referencesOf(job, photo, folder) {
  const bySize = new Map();
  return (size) => {
    const key = `${size.width}x${size.height}`;
    if (!bySize.has(key)) bySize.set(key, references(job, photo, size, folder));
    return bySize.get(key);
  };
}

/**
 * More than one where contenders understand the job differently, and both are right.
 * @returns {Promise<{name: string, pixels: Float32Array}[]>} RGB
 */
async function references(job, photo, size, folder) {
  const variants = variantsOf(job, photo);
  const path = (name) => join(folder, `${photo.sha256.slice(0, 12)}-${job.id}-${size.width}x${size.height}-${name}.v${VERSION}.f32`);
  if (!variants.every(({ name }) => existsSync(path(name)))) {
    await mkdir(folder, { recursive: true });
    const source = await decode(photo);
    for (const { name, region, grey } of variants) {
      const pixels = lanczos(source, region, size);
      grey?.(pixels);
      await writeFile(`${path(name)}.tmp`, pixels);
      await rename(`${path(name)}.tmp`, path(name));
    }
  }
  return Promise.all(variants.map(async ({ name }) => {
    const { buffer, byteOffset, byteLength } = await readFile(path(name));
    return { name, pixels: new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)) };
  }));
}

function variantsOf(job, photo) {
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  if (job.grey) return Object.entries(GREYS).map(([name, grey]) => ({ name, region: whole, grey }));
  if (job.height) return covers(job, photo);
  return [{ name: 'lanczos3', region: whole }];
}

/** A cover crop is cut from the source, or from a whole resized to whole pixels first, which moves and scales it a little. */
function covers(job, { width, height }) {
  const scale = Math.min(width / job.width, height / job.height);
  const exact = { width: job.width * scale, height: job.height * scale };
  const resized = { width: Math.round(width / scale), height: Math.round(height / scale) };
  const [sx, sy] = [width / resized.width, height / resized.height];
  const cut = { x: Math.floor((resized.width - job.width) / 2) * sx, y: Math.floor((resized.height - job.height) / 2) * sy };
  return [
    { name: 'crop of the source', region: { x: (width - exact.width) / 2, y: (height - exact.height) / 2, ...exact } },
    { name: 'crop of the resized', region: { ...cut, width: job.width * sx, height: job.height * sy } },
  ];
}

const toLinear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toGamma = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

const GREYS = {
  'luma 709': greyOf((r, g, b) => 0.2126 * r + 0.7152 * g + 0.0722 * b),
  'luma 601': greyOf((r, g, b) => 0.3 * r + 0.59 * g + 0.11 * b),
  'linear light': greyOf((r, g, b) => 255 * toGamma(0.2126 * toLinear(r / 255) + 0.7152 * toLinear(g / 255) + 0.0722 * toLinear(b / 255))),
};

function greyOf(of) {
  return (pixels) => {
    for (let i = 0; i < pixels.length; i += 3) pixels.fill(of(pixels[i], pixels[i + 1], pixels[i + 2]), i, i + 3);
  };
}

/** The whole photo: samples from 0 to `top`, on white where transparent. */
async function decode(photo) {
  if (photo.profile || photo.format === 'png') return decodePrecisely(photo);
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(photo.path).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { data, top: 255, width: info.width, height: info.height };
}

/** sharp converts profiles at 8 bits; libvips can do better. */
async function decodePrecisely(photo) {
  const { default: Vips } = await import('wasm-vips');
  const vips = await Vips({ dynamicLibraries: [] });
  let image = vips.Image.newFromBuffer(await readFile(photo.path));
  const alpha = image.hasAlpha() ? image.extractBand(image.bands - 1) : null;
  if (alpha) image = image.extractBand(0, { n: image.bands - 1 });
  image = photo.profile
    ? image.iccTransform('srgb', { embedded: true, intent: 'perceptual', depth: 16 })
    : image.cast('ushort').multiply(257).cast('ushort');
  const { width, height } = image;
  const bytes = image.writeToMemory();
  const data = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (alpha) onWhite(data, alpha.writeToMemory());
  vips.shutdown();
  return { data, top: 65535, width, height };
}

// on white before the resize is the same as after it, when the resize is of premultiplied samples
function onWhite(data, alpha) {
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i] === 255) continue;
    for (let c = 3 * i; c < 3 * i + 3; c++) data[c] = Math.round(65535 + ((data[c] - 65535) * alpha[i]) / 255);
  }
}

/** Resizes a region of the source: rows first, into a band of floats, then columns. */
export function lanczos({ data, top, width, height }, region, size) {
  const columns = taps(region.x, region.width, size.width, width);
  const rows = taps(region.y, region.height, size.height, height);
  const from = Math.min(...rows.map(({ first }) => first));
  const to = Math.max(...rows.map(({ first, weights }) => first + weights.length));
  const narrow = new Float32Array((to - from) * size.width * 3);
  for (let y = from, o = 0; y < to; y++) {
    for (const { first, weights } of columns) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, i = (y * width + first) * 3; k < weights.length; k++, i += 3) {
        const weight = weights[k];
        r += weight * data[i];
        g += weight * data[i + 1];
        b += weight * data[i + 2];
      }
      narrow[o++] = r;
      narrow[o++] = g;
      narrow[o++] = b;
    }
  }
  const line = size.width * 3;
  const out = new Float32Array(size.height * line);
  const sums = new Float64Array(line);
  rows.forEach(({ first, weights }, y) => {
    sums.fill(0);
    weights.forEach((weight, k) => {
      const at = (first - from + k) * line;
      for (let i = 0; i < line; i++) sums[i] += weight * narrow[at + i];
    });
    for (let i = 0; i < line; i++) out[y * line + i] = Math.min(255, Math.max(0, (sums[i] * 255) / top));
  });
  return out;
}

/** For each output sample, the first source sample and the weights of it and its followers. */
function taps(start, length, count, limit) {
  const scale = length / count;
  const widened = Math.max(1, scale);
  return Array.from({ length: count }, (_, i) => {
    const centre = start + (i + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - 3 * widened));
    const last = Math.min(limit - 1, Math.floor(centre + 3 * widened));
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) => kernel((first + k - centre) / widened));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

function kernel(x) {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const a = Math.PI * x;
  return (3 * Math.sin(a) * Math.sin(a / 3)) / (a * a);
}

/**
 * How near an output file is to the nearest of the references of its size.
 * @param {string} file
 * @param {{width: number, height: number}} asked  a pixel more or less is let pass, and noted
 * @param {ReturnType<typeof referencesOf>} referencesFor
 */
export async function compare(file, asked, referencesFor) {
  const { default: sharp } = await import('sharp');
  const { width, height, chromaSubsampling, isProgressive } = await sharp(file).metadata();
  const facts = { width, height, sampling: chromaSubsampling ?? null, progressive: isProgressive ?? false };
  const off = Math.max(Math.abs(width - asked.width), Math.abs(height - asked.height));
  if (off > 0) facts.note = `is ${width}×${height}, not ${asked.width}×${asked.height}`;
  if (off > 1) return { ...facts, psnr: null, ssim: null };
  const list = await referencesFor({ width, height });
  const pixels = await sharp(file).flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer();
  const best = list.map((reference) => ({ reference, psnr: psnr(pixels, reference.pixels) })).sort((a, b) => b.psnr - a.psnr)[0];
  const planes = [pixels, best.reference.pixels].map(luma);
  return { ...facts, psnr: best.psnr, ssim: ssim(...planes, width, height), ...(list.length > 1 && { reference: best.reference.name }) };
}

/** Over R, G and B together. */
export function psnr(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

function luma(pixels) {
  const out = new Float64Array(pixels.length / 3);
  for (let i = 0, o = 0; o < out.length; i += 3) out[o++] = 0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2];
  return out;
}

/** Wang et al. 2004: 11×11 Gaussian of sigma 1.5, the mean over where the window fits. */
export function ssim(a, b, width, height) {
  const [ma, mb] = [a, b].map((plane) => blur(plane, width, height));
  const [aa, bb, ab] = [[a, a], [b, b], [a, b]].map(([x, y]) => blur(product(x, y), width, height));
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let sum = 0;
  for (let i = 0; i < ma.length; i++) {
    const [xx, yy, xy] = [aa[i] - ma[i] * ma[i], bb[i] - mb[i] * mb[i], ab[i] - ma[i] * mb[i]];
    sum += ((2 * ma[i] * mb[i] + c1) * (2 * xy + c2)) / ((ma[i] ** 2 + mb[i] ** 2 + c1) * (xx + yy + c2));
  }
  return sum / ma.length;
}

function product(a, b) {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i] * b[i];
  return out;
}

const WINDOW = (() => {
  const raw = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const sum = raw.reduce((x, y) => x + y, 0);
  return raw.map((value) => value / sum);
})();

/** By the window, only where it fits: the answer is smaller by ten in both directions. */
function blur(plane, width, height) {
  const [w, h] = [width - 10, height - 10];
  const across = new Float64Array(w * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let k = 0; k < 11; k++) sum += WINDOW[k] * plane[y * width + x + k];
      across[y * w + x] = sum;
    }
  }
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let k = 0; k < 11; k++) {
      for (let x = 0; x < w; x++) out[y * w + x] += WINDOW[k] * across[(y + k) * w + x];
    }
  }
  return out;
}
