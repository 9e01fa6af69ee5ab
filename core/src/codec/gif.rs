//! GIF (GIF89a): header by a walk over its blocks, the first frame on its canvas by `image`, one frame written by `gif`.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, ImageDecoder, Limits};

use super::segments::Segments;
use super::{Decode, Opened, PixelRows, PlaneSource, check_room, corrupt, from_image, unencodable};
use crate::Error;
use crate::image::{Encoding, Format, Frame, Info, Load, Model, Orientation, Pixels, Size};

/// Reads the header: the logical screen, how many frames there are, and whether the first leaves any of the screen transparent.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let cut_off = || corrupt("the GIF header is cut off");
    let (&[_, _, _, _, _, _, w0, w1, h0, h1, flags, _, _], rest) =
        bytes.split_first_chunk::<13>().ok_or_else(cut_off)?;
    let size = Size { width: u16::from_le_bytes([w0, w1]).into(), height: u16::from_le_bytes([h0, h1]).into() };
    if size.width == 0 || size.height == 0 {
        return Err(corrupt(format!("the GIF is {}×{}", size.width, size.height)));
    }
    let mut blocks = rest.get(palette_bytes(flags)..).ok_or_else(cut_off)?;
    let first = next_frame(&mut blocks).ok_or_else(|| corrupt("the GIF has no frame"))?;
    let mut frames = 1;
    while next_frame(&mut blocks).is_some() {
        frames += 1;
    }
    let fills = (first.x, first.y, first.size) == (0, 0, size);
    let has_alpha = first.is_transparent || !fills;
    let info = Info {
        format: Format::Gif,
        size,
        orientation: Orientation::default(),
        model: Model::Rgb,
        channels: if has_alpha { 4 } else { 3 },
        has_alpha,
        bit_depth: 8,
        has_profile: false,
        progressive: false,
        by_rows: false,
        band: 1,
        frames,
        decoder_bytes: if fills { 0 } else { size.pixels() * 4 },
    };
    Ok(Opened { info, exif: None, decoder: Box::new(File { bytes }) })
}

/// Bytes of the colour table that these flags announce.
fn palette_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// A frame's place on the screen.
struct Placed {
    x: u32,
    y: u32,
    size: Size,
    is_transparent: bool,
}

/// Reads past the next frame and answers where it lies; `None` after the last.
fn next_frame(blocks: &mut &[u8]) -> Option<Placed> {
    let mut is_transparent = false;
    loop {
        match *blocks {
            [0x21, label, rest @ ..] => {
                if let (0xf9, [4, flags, ..]) = (label, rest) {
                    is_transparent = flags & 1 == 1;
                }
                *blocks = skip(rest)?;
            }
            [0x2c, x0, x1, y0, y1, w0, w1, h0, h1, flags, rest @ ..] => {
                let number = |low: &u8, high: &u8| u32::from(u16::from_le_bytes([*low, *high]));
                // past the colour table and the code size; what is cut off there still shows its place
                let data = rest.get(palette_bytes(*flags) + 1..).and_then(skip);
                *blocks = data.unwrap_or_default();
                let size = Size { width: number(w0, w1), height: number(h0, h1) };
                return Some(Placed { x: number(x0, x1), y: number(y0, y1), size, is_transparent });
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

/// What decoding frames takes: the frame, the canvas, the canvas as it was before, and what is handed over.
const FRAME_CANVASES: u64 = 4;

/// A file whose header is read.
struct File<'a> {
    bytes: &'a [u8],
}

impl<'a> File<'a> {
    /// A decoder that may allocate so many canvases of RGBA.
    fn decoder(&self, size: Size, canvases: u64) -> Result<GifDecoder<Cursor<&'a [u8]>>, Error> {
        let mut decoder = GifDecoder::new(Cursor::new(self.bytes)).map_err(from_image)?;
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(size.width);
        limits.max_image_height = Some(size.height);
        limits.max_alloc = Some(size.pixels() * 4 * canvases);
        decoder.set_limits(limits).map_err(from_image)?;
        Ok(decoder)
    }
}

impl Decode for File<'_> {
    /// Decodes the first frame on its canvas, at once.
    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size) -> Result<PlaneSource<'_>, Error> {
        // a frame that does not fill the screen is decoded on its own first
        let decoder = self.decoder(info.size, 1)?;
        let mut data = super::allocate(decoder.total_bytes())?;
        decoder.read_image(&mut data).map_err(from_image)?;
        if !info.has_alpha {
            drop_alpha(&mut data);
        }
        let pixels = Pixels { size: info.size, channels: info.channels, data };
        Ok(PlaneSource::whole(Cow::Owned(pixels), load.is_resampled()))
    }

    fn frames(&self, info: &Info, give: &mut dyn FnMut(Frame) -> Result<bool, Error>) -> Result<(), Error> {
        for frame in self.decoder(info.size, FRAME_CANVASES)?.into_frames() {
            let frame = frame.map_err(from_image)?;
            let (numerator, denominator) = frame.delay().numer_denom_ms();
            let delay = numerator / denominator.max(1);
            let pixels = Pixels { size: info.size, channels: 4, data: frame.into_buffer().into_raw() };
            if !give(Frame { pixels, delay })? {
                break;
            }
        }
        Ok(())
    }
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
pub fn encode(rows: PixelRows<'_>, encoding: &Encoding, _: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    written(vec![Frame { pixels: rows.collect()?, delay: 0 }], encoding.room)
}

/// Encodes an animation that repeats for ever. Every frame is written whole, with a palette of its own.
pub fn encode_frames(frames: Vec<Frame>, encoding: &Encoding) -> Result<Vec<u8>, Error> {
    written(frames, encoding.room)
}

fn written(frames: Vec<Frame>, room: u64) -> Result<Vec<u8>, Error> {
    let refuse = |error: gif::EncodingError| unencodable(Format::Gif, error);
    let side = |side: u32| u16::try_from(side).map_err(|error| unencodable(Format::Gif, error));
    let first = frames.first().ok_or_else(|| unencodable(Format::Gif, "no frame"))?;
    let (width, height) = (side(first.pixels.size.width)?, side(first.pixels.size.height)?);
    let mut held: u64 = frames.iter().map(|frame| frame.pixels.data.capacity() as u64).sum();
    let mut file = Segments::new(room);
    let written = file.progress();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[]).map_err(refuse)?;
    let is_animation = frames.len() > 1;
    // each frame is the whole canvas, so the one before it has to go
    let dispose = if is_animation { gif::DisposalMethod::Background } else { gif::DisposalMethod::Keep };
    if is_animation {
        encoder.set_repeat(gif::Repeat::Infinite).map_err(refuse)?;
    }
    for frame in frames {
        let pixels = frame.pixels.size.pixels();
        check_room(held + pixels * LZW_BYTES + written.get() as u64, room)?;
        held -= frame.pixels.data.capacity() as u64;
        let delay = u16::try_from(frame.delay / 10).unwrap_or(u16::MAX);
        let frame = gif::Frame { delay, dispose, ..quantised(frame.pixels, width, height) };
        encoder.write_frame(&frame).map_err(refuse)?;
    }
    drop(encoder);
    file.joined(&[], &[])
}

/// Bytes a pixel that its index and its codes take at worst: codes are 12 bits long at most, in a buffer that grows by doubling.
const LZW_BYTES: u64 = 1 + 5;

fn quantised(image: Pixels, width: u16, height: u16) -> gif::Frame<'static> {
    if image.channels == 1 {
        let greys: Vec<u8> = (0..=255).flat_map(|grey| [grey; 3]).collect();
        return gif::Frame::from_palette_pixels(width, height, image.data, greys, None);
    }
    let mut rgba = to_rgba(image);
    for pixel in rgba.as_chunks_mut::<4>().0 {
        *pixel = if pixel[3] < 128 { [0; 4] } else { [pixel[0], pixel[1], pixel[2], 255] };
    }
    gif::Frame::from_rgba_speed(width, height, &mut rgba, SPEED)
}

fn to_rgba(image: Pixels) -> Vec<u8> {
    match image.channels {
        2 => image.data.as_chunks::<2>().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
        3 => image.data.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => image.data,
    }
}

/// Bytes that encoding takes for any picture: RGBA next to what it is made from, then with indices.
pub fn memory(_: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    let rgba = size.pixels() * 4;
    match channels {
        1 => held,
        4 => held + size.pixels(),
        _ => held + rgba,
    }
}
