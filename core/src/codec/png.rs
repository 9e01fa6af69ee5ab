//! PNG (ISO/IEC 15948): header by a walk over its chunks, pixels by `image`, bytes by `png`.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{ImageDecoder, Limits};

use super::{Decoded, Header, corrupt, from_image, orientation, unencodable};
use crate::Error;
use crate::image::{Format, Info, Pixels, Size};

/// The chunks in order, up to the first that is cut off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (name, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let body = rest.get(..length)?;
        // past the checksum; a missing one ends the walk
        self.0 = rest.get(length.checked_add(4)?..).unwrap_or_default();
        Some((*name, body))
    }
}

/// Reads the header. A palette counts as the colours it stands for.
pub fn header(bytes: &[u8]) -> Result<Header<'_>, Error> {
    let mut chunks = Chunks(bytes.get(8..).unwrap_or_default());
    let first = chunks.next().filter(|(name, _)| name == b"IHDR").map(|(_, body)| body);
    let Some(&[w3, w2, w1, w0, h3, h2, h1, h0, bit_depth, kind, _, _, interlace]) = first else {
        return Err(corrupt("the PNG has no IHDR chunk"));
    };
    let size = Size { width: u32::from_be_bytes([w3, w2, w1, w0]), height: u32::from_be_bytes([h3, h2, h1, h0]) };
    let sides = 1..=i32::MAX as u32;
    if !sides.contains(&size.width) || !sides.contains(&size.height) {
        return Err(corrupt(format!("the PNG is {}×{}", size.width, size.height)));
    }
    let (colours, alpha) = match (kind, bit_depth) {
        (0, 1 | 2 | 4 | 8 | 16) => (1, false),
        (2, 8 | 16) | (3, 1 | 2 | 4 | 8) => (3, false),
        (4, 8 | 16) => (1, true),
        (6, 8 | 16) => (3, true),
        _ => return Err(corrupt(format!("the PNG has colour type {kind} at {bit_depth} bits"))),
    };
    let mut exif = None;
    let mut transparent = false;
    for (name, body) in chunks {
        match &name {
            // transparency after the pixels has no effect; metadata may stand there, and is not worth the walk
            b"IDAT" => break,
            b"tRNS" => transparent = !alpha,
            b"eXIf" => exif = Some(body),
            _ => (),
        }
    }
    let has_alpha = alpha || transparent;
    let info = Info {
        format: Format::Png,
        size,
        orientation: orientation(exif),
        channels: colours + u8::from(has_alpha),
        has_alpha,
        bit_depth,
        progressive: interlace != 0,
        decoder_bytes: 0,
    };
    Ok(Header { info, exif })
}

/// What the decoder may allocate beside the pixels: rows, profile, texts.
const ASIDE: u64 = 8 << 20;

/// Decodes to 8 bits a sample.
pub fn decode(bytes: &[u8], info: &Info) -> Result<Decoded, Error> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(info.size.width);
    limits.max_image_height = Some(info.size.height);
    limits.max_alloc = Some(ASIDE + u64::from(info.size.width) * 16);
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(from_image)?;
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    let samples = info.size.pixels() * u64::from(info.channels);
    let depth = colour.bytes_per_pixel() / colour.channel_count();
    if (Size { width, height }, colour.channel_count()) != (info.size, info.channels) {
        return Err(corrupt("header and pixels disagree"));
    }
    let icc = decoder.icc_profile().ok().flatten();
    let mut data = super::allocate(samples * u64::from(depth))?;
    decoder.read_image(&mut data).map_err(from_image)?;
    if depth == 2 {
        narrow(&mut data);
    }
    Ok(Decoded { pixels: Pixels { size: info.size, channels: info.channels, data }, icc })
}

/// 16 bits to 8 in place, rounded to nearest.
fn narrow(data: &mut Vec<u8>) {
    let half = data.len() / 2;
    for i in 0..half {
        let wide = u32::from(u16::from_ne_bytes([data[2 * i], data[2 * i + 1]]));
        data[i] = ((wide * 255 + 32_767) / 65_535) as u8;
    }
    data.truncate(half);
    data.shrink_to_fit();
}

/// Encodes at 8 bits a sample, never interlaced: the encoder does not write Adam7.
pub fn encode(image: &Pixels, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let refuse = |error: png::EncodingError| unencodable(Format::Png, error);
    let mut info = png::Info::with_size(image.size.width, image.size.height);
    info.bit_depth = png::BitDepth::Eight;
    info.color_type = match image.channels {
        1 => png::ColorType::Grayscale,
        2 => png::ColorType::GrayscaleAlpha,
        3 => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    };
    info.exif_metadata = exif.map(Cow::Owned);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut bytes, info).map_err(refuse)?;
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(refuse)?;
    writer.write_image_data(&image.data).map_err(refuse)?;
    writer.finish().map_err(refuse)?;
    Ok(bytes)
}
