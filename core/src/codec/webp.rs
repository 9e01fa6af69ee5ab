//! WebP (RFC 9649): header by a walk over its chunks, pixels and lossless bytes by `image`.

use std::io::Cursor;

use image::codecs::webp::{WebPDecoder, WebPEncoder};
use image::{ExtendedColorType, ImageDecoder, ImageEncoder};

use super::{Decoded, Header, corrupt, from_image, orientation, unencodable};
use crate::Error;
use crate::image::{Format, Info, Pixels, Size};

/// RIFF chunks in order, up to the first that is cut off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        // a bitstream that is cut off still shows its size
        let body = &rest[..length.min(rest.len())];
        self.0 = rest.get(length.checked_add(length % 2)?..).unwrap_or_default();
        Some((*name, body))
    }
}

/// Reads the header. Of an animation, the canvas.
pub fn header(bytes: &[u8]) -> Result<Header<'_>, Error> {
    let mut chunks = Chunks(bytes.get(12..).unwrap_or_default());
    let (name, body) = chunks.next().ok_or_else(|| corrupt("the WebP has no chunk"))?;
    let mut exif = None;
    // planes of 4:2:0, and what an alpha plane or a lossless image is unpacked to
    let (planes, unpacked) = (3, 8);
    let mut halves = if name == *b"VP8 " { planes } else { unpacked };
    let (size, has_alpha) = match &name {
        b"VP8 " | b"VP8L" => bitstream(&name, body)?,
        b"VP8X" => {
            let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = body.first_chunk() else {
                return Err(corrupt("the WebP VP8X chunk is cut off"));
            };
            let side = |b: [u8; 3]| u32::from_le_bytes([b[0], b[1], b[2], 0]) + 1;
            let size = Size { width: side([w0, w1, w2]), height: side([h0, h1, h2]) };
            for (name, body) in chunks {
                match &name {
                    b"VP8 " | b"VP8L" => check_frame(&name, body, size)?,
                    b"ALPH" => halves = planes + unpacked + 2,
                    b"ANMF" => {
                        // and the frame, laid on the canvas
                        halves = planes + unpacked + 2 + 8;
                        for (name, body) in Chunks(body.get(16..).unwrap_or_default()) {
                            if matches!(&name, b"VP8 " | b"VP8L") {
                                check_inside(&name, body, size)?;
                            }
                        }
                    }
                    // some writers put JPEG's prefix before it
                    b"EXIF" => exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body)),
                    _ => (),
                }
            }
            (size, flags & 0x10 != 0)
        }
        _ => return Err(corrupt("the WebP does not start with an image chunk")),
    };
    let info = Info {
        format: Format::WebP,
        size,
        orientation: orientation(exif),
        channels: if has_alpha { 4 } else { 3 },
        has_alpha,
        bit_depth: 8,
        progressive: false,
        decoder_bytes: size.pixels() * halves / 2,
    };
    Ok(Header { info, exif })
}

/// Size and alpha of a `VP8 ` (RFC 6386 §9.1) or `VP8L` (RFC 9649 §3.4) bitstream.
fn bitstream(name: &[u8; 4], body: &[u8]) -> Result<(Size, bool), Error> {
    let (size, alpha) = match (name, body) {
        (b"VP8 ", [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..]) if tag & 1 == 0 => {
            let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            (Size { width: side(*w0, *w1), height: side(*h0, *h1) }, false)
        }
        (b"VP8L", [0x2f, b0, b1, b2, b3, ..]) => {
            let bits = u32::from_le_bytes([*b0, *b1, *b2, *b3]);
            let size = Size { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 };
            (size, bits >> 28 & 1 == 1)
        }
        _ => return Err(corrupt("the WebP bitstream has no key frame header")),
    };
    if size.width == 0 || size.height == 0 {
        return Err(corrupt(format!("the WebP is {}×{}", size.width, size.height)));
    }
    Ok((size, alpha))
}

/// The decoder allocates by the bitstream's size, limits are checked by the canvas: they have to be the same.
fn check_frame(name: &[u8; 4], body: &[u8], canvas: Size) -> Result<(), Error> {
    let (size, _) = bitstream(name, body)?;
    if size == canvas { Ok(()) } else { Err(corrupt("the WebP frame is not the canvas's size")) }
}

fn check_inside(name: &[u8; 4], body: &[u8], canvas: Size) -> Result<(), Error> {
    let (size, _) = bitstream(name, body)?;
    let inside = size.width <= canvas.width && size.height <= canvas.height;
    if inside { Ok(()) } else { Err(corrupt("a WebP frame is larger than the canvas")) }
}

/// Decodes; of an animation, the first frame on its canvas.
pub fn decode(bytes: &[u8], info: &Info) -> Result<Decoded, Error> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(from_image)?;
    let (width, height) = decoder.dimensions();
    if (Size { width, height }, decoder.color_type().channel_count()) != (info.size, info.channels) {
        return Err(corrupt("header and pixels disagree"));
    }
    let icc = decoder.icc_profile().ok().flatten();
    let mut data = super::allocate(decoder.total_bytes())?;
    decoder.read_image(&mut data).map_err(from_image)?;
    Ok(Decoded { pixels: Pixels { size: info.size, channels: info.channels, data }, icc })
}

/// Encodes losslessly.
pub fn encode(image: &Pixels, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let colour = match image.channels {
        1 => ExtendedColorType::L8,
        2 => ExtendedColorType::La8,
        3 => ExtendedColorType::Rgb8,
        _ => ExtendedColorType::Rgba8,
    };
    let mut bytes = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut bytes);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).map_err(|error| unencodable(Format::WebP, error))?;
    }
    encoder
        .write_image(&image.data, image.size.width, image.size.height, colour)
        .map_err(|error| unencodable(Format::WebP, error))?;
    Ok(bytes)
}
