//! GIF (GIF89a): read here, so that whatever is there of a file can be shown; written by `gif`.

mod blocks;
mod codes;
mod decode;
mod indices;
mod rows;

use std::borrow::Cow;

use super::growing::Growing;
use super::{Decode, Opened, PixelRows, PlaneSource, check_room, corrupt, missing_share, unencodable};
use crate::Error;
use crate::image::{Encoding, Format, Frame, Info, Load, Model, Orientation, Pixels, Size};
use decode::Canvas;

/// Reads the header: the canvas, how many frames there are, and whether the first leaves any of the canvas transparent.
///
/// The canvas is the logical screen, enlarged to the first frame where that reaches beyond it.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let (screen, frames) = blocks::read(bytes).ok_or_else(|| corrupt("the GIF header is cut off"))?;
    let screen = screen.size;
    let mut frames = frames.peekable();
    if frames.peek().is_none() {
        return Err(corrupt("the GIF has no frame"));
    }
    let mut placed = frames.filter(|frame| frame.size.pixels() > 0);
    let first = placed.next();
    let frames = 1 + placed.count() as u32;
    let reach = first
        .as_ref()
        .map_or(screen, |frame| Size { width: frame.x + frame.size.width, height: frame.y + frame.size.height });
    let size = Size { width: screen.width.max(reach.width), height: screen.height.max(reach.height) };
    if size.pixels() == 0 {
        return Err(corrupt("the GIF has neither a screen nor a frame"));
    }
    let by_rows = first.as_ref().is_some_and(|first| !first.is_interlaced);
    let is_opaque =
        first.is_some_and(|first| first.transparent.is_none() && (first.x, first.y, first.size) == (0, 0, size));
    let info = Info {
        format: Format::Gif,
        size,
        orientation: Orientation::default(),
        model: Model::Rgb,
        channels: if is_opaque { 3 } else { 4 },
        has_alpha: !is_opaque,
        bit_depth: 8,
        has_profile: false,
        progressive: false,
        by_rows,
        band: 1,
        frames,
        // collected, RGBA becomes RGB in place; a row of indices, one of the canvas, and tables
        decoder_bytes: if by_rows || !is_opaque { 0 } else { size.pixels() } + u64::from(size.width) * 5 + rows::TABLES,
        scaled_bytes: [0; 8],
        sampling: [[1, 1]; 4],
    };
    Ok(Opened { info, exif: None, decoder: Box::new(File { bytes }) })
}

/// A file whose header is read.
struct File<'a> {
    bytes: &'a [u8],
}

impl Decode for File<'_> {
    /// Decodes the first frame on its canvas: row by row, or at once where rows are interlaced.
    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        if info.by_rows
            && let Some(rows) = rows::Rows::new(self.bytes, info.size, info.channels)
        {
            return Ok(PlaneSource::rows(rows, info.size, info.channels, load.is_resampled()));
        }
        let mut canvas = Canvas::new(self.bytes, info.size, !info.has_alpha)?;
        let missing = match canvas.next() {
            Some(shown) if shown.missing_rows == shown.rows => {
                return Err(corrupt("the GIF's first frame has no data"));
            }
            Some(shown) => missing_share(shown.missing_rows, shown.rows),
            None => 0.0,
        };
        let mut data = canvas.into_pixels().data;
        if !info.has_alpha {
            drop_alpha(&mut data);
        }
        let pixels = Pixels { size: info.size, channels: info.channels, data };
        Ok(PlaneSource::damaged(Cow::Owned(pixels), missing, load.is_resampled()))
    }

    fn frames(&self, info: &Info, give: &mut dyn FnMut(Frame) -> Result<bool, Error>) -> Result<f64, Error> {
        let mut canvas = Canvas::new(self.bytes, info.size, false)?;
        let (mut given, mut missing) = (0_u32, 0.0);
        while let Some(shown) = canvas.next() {
            given += 1;
            missing += missing_share(shown.missing_rows, shown.rows);
            if !give(decode::frame(&canvas, &shown))? {
                break;
            }
        }
        Ok(missing / f64::from(given.max(1)))
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
    let mut file = Growing::new(room);
    let reserved = file.reserved();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[]).map_err(refuse)?;
    let is_animation = frames.len() > 1;
    // each frame is the whole canvas, so the one before it has to go
    let dispose = if is_animation { gif::DisposalMethod::Background } else { gif::DisposalMethod::Keep };
    if is_animation {
        encoder.set_repeat(gif::Repeat::Infinite).map_err(refuse)?;
    }
    for frame in frames {
        let pixels = frame.pixels.size.pixels();
        // its pixels are gone when there are indices
        held -= frame.pixels.data.capacity() as u64;
        let beside = held + reserved.get() as u64;
        check_room(beside + pixels * quantising(frame.pixels.channels), room)?;
        let delay = u16::try_from(frame.delay / 10).unwrap_or(u16::MAX);
        let mut frame = gif::Frame { delay, dispose, ..quantised(frame.pixels, width, height) };
        let codes = codes::coded(&frame.buffer, beside, room)?;
        // they are stored in blocks of 255
        let stored = codes.len() + codes.len() / 255 + 1;
        Growing::check(reserved.get() + stored, held + codes.capacity() as u64, room)?;
        frame.buffer = Cow::Owned(codes);
        encoder.write_lzw_pre_encoded_frame(&frame).map_err(refuse)?;
    }
    drop(encoder);
    file.joined(&[], &[])
}

/// Bytes a pixel while its index is found: the pixel, as RGBA where it is not, then RGBA and the index.
fn quantising(channels: u8) -> u64 {
    match channels {
        1 => 1,
        n => (u64::from(n % 4) + 4).max(5),
    }
}

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

/// Bytes of the quantiser and of the table of codes.
const TABLES: u64 = 32 << 10;

/// Bytes that encoding takes for any picture: RGBA next to what it is made from, then with indices.
pub fn memory(_: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    let rgba = size.pixels() * 4;
    TABLES
        + match channels {
            1 => held,
            4 => held + size.pixels(),
            _ => held + rgba,
        }
}
