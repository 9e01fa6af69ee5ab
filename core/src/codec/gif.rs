//! GIF (GIF89a): header by a walk over its blocks, the first frame on its canvas by `image`, one frame written by `gif`.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{ImageDecoder, Limits};

use super::{Header, Opened, corrupt, from_image, unencodable};
use crate::Error;
use crate::image::{Format, Info, Orientation, Pixels, Size};

/// Reads the header: the logical screen, and whether the first frame leaves any of it transparent.
#[inline(never)]
pub fn header(bytes: &[u8]) -> Result<Header<'_>, Error> {
    let cut_off = || corrupt("the GIF header is cut off");
    let (&[_, _, _, _, _, _, w0, w1, h0, h1, flags, _, _], rest) =
        bytes.split_first_chunk::<13>().ok_or_else(cut_off)?;
    let size = Size { width: u16::from_le_bytes([w0, w1]).into(), height: u16::from_le_bytes([h0, h1]).into() };
    if size.width == 0 || size.height == 0 {
        return Err(corrupt(format!("the GIF is {}×{}", size.width, size.height)));
    }
    let palette = if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let blocks = rest.get(palette..).ok_or_else(cut_off)?;
    let (has_alpha, fills) = first_frame(blocks, size).ok_or_else(|| corrupt("the GIF has no frame"))?;
    let info = Info {
        format: Format::Gif,
        size,
        orientation: Orientation::default(),
        channels: if has_alpha { 4 } else { 3 },
        has_alpha,
        bit_depth: 8,
        has_profile: false,
        progressive: false,
        decoder_bytes: if fills { 0 } else { size.pixels() * 4 },
    };
    Ok(Header { info, exif: None })
}

/// Whether the first frame leaves anything of the screen transparent, and whether it fills it; nothing when there is none.
fn first_frame(mut blocks: &[u8], screen: Size) -> Option<(bool, bool)> {
    let mut transparent = false;
    loop {
        match blocks {
            [0x21, label, rest @ ..] => {
                if let (0xf9, [4, flags, ..]) = (label, rest) {
                    transparent = flags & 1 == 1;
                }
                blocks = skip(rest)?;
            }
            [0x2c, x0, x1, y0, y1, w0, w1, h0, h1, ..] => {
                let number = |low: &u8, high: &u8| u32::from(u16::from_le_bytes([*low, *high]));
                let at_origin = number(x0, x1) == 0 && number(y0, y1) == 0;
                let fills = at_origin && number(w0, w1) == screen.width && number(h0, h1) == screen.height;
                return Some((transparent || !fills, fills));
            }
            _ => return None,
        }
    }
}

/// What follows a chain of sub-blocks.
fn skip(mut blocks: &[u8]) -> Option<&[u8]> {
    loop {
        let (&length, rest) = blocks.split_first()?;
        blocks = rest.get(usize::from(length)..)?;
        if length == 0 {
            return Some(blocks);
        }
    }
}

/// Decodes the first frame on its canvas.
#[inline(never)]
pub fn decode(bytes: &[u8], info: &Info) -> Result<Opened<'static>, Error> {
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(from_image)?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(info.size.width);
    limits.max_image_height = Some(info.size.height);
    // a frame that does not fill the screen is decoded on its own first
    limits.max_alloc = Some(info.size.pixels() * 4);
    decoder.set_limits(limits).map_err(from_image)?;
    let mut data = super::allocate(decoder.total_bytes())?;
    decoder.read_image(&mut data).map_err(from_image)?;
    if !info.has_alpha {
        drop_alpha(&mut data);
    }
    Ok(Opened::Whole(Pixels { size: info.size, channels: info.channels, data }, None))
}

/// RGBA to RGB in place.
fn drop_alpha(data: &mut Vec<u8>) {
    let pixels = data.len() / 4;
    for i in 0..pixels {
        data.copy_within(4 * i..4 * i + 3, 3 * i);
    }
    data.truncate(pixels * 3);
}

/// NeuQuant's sampling, 1 (all pixels) to 30: the gif crate's "good compromise".
const SPEED: i32 = 10;

/// Encodes one frame: exact up to 256 colours, else quantised; alpha below half is transparent, the rest opaque.
#[inline(never)]
pub fn encode(image: Pixels) -> Result<Vec<u8>, Error> {
    let refuse = |error: gif::EncodingError| unencodable(Format::Gif, error);
    let side = |side: u32| u16::try_from(side).map_err(|error| unencodable(Format::Gif, error));
    let (width, height) = (side(image.size.width)?, side(image.size.height)?);
    let frame = if image.channels == 1 {
        let greys: Vec<u8> = (0..=255).flat_map(|grey| [grey; 3]).collect();
        gif::Frame::from_palette_pixels(width, height, image.data, greys, None)
    } else {
        let mut rgba = to_rgba(image);
        for pixel in rgba.as_chunks_mut::<4>().0 {
            *pixel = if pixel[3] < 128 { [0; 4] } else { [pixel[0], pixel[1], pixel[2], 255] };
        }
        gif::Frame::from_rgba_speed(width, height, &mut rgba, SPEED)
    };
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, width, height, &[]).map_err(refuse)?;
    encoder.write_frame(&frame).map_err(refuse)?;
    drop(encoder);
    Ok(bytes)
}

fn to_rgba(image: Pixels) -> Vec<u8> {
    match image.channels {
        2 => image.data.as_chunks::<2>().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
        3 => image.data.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => image.data,
    }
}
