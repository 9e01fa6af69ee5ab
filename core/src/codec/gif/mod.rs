//! GIF (GIF89a): read here, so that whatever is there of a file can be shown; written as indices that `weezl` packs and `gif` lays out.

mod blocks;
mod codes;
mod decode;
mod encode;
mod indices;
mod rows;

use std::borrow::Cow;

use super::canvas::Canvas;
use super::{Decode, GiveFrame, Opened, PlaneSource, corrupt, missing_share};
use crate::Error;
use crate::image::{Animation, Format, Info, Load, Model, Orientation, Pixels, Size};
use decode::Film;
pub use encode::{Animation as Encoder, encode, frames_memory, memory};

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
    let of_frame = |frame: &blocks::Frame<'_>| (frame.size.pixels(), frame.size.width);
    let (mut frames, (mut pixels, mut widest)) = (1, first.as_ref().map_or((0, 0), of_frame));
    for frame in placed {
        let (more, width) = of_frame(&frame);
        (frames, pixels, widest) = (frames + 1, pixels.saturating_add(more), widest.max(width));
    }
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
        is_vector: false,
        band: 1,
        frames,
        animation: (frames > 1).then(|| Animation {
            plays: blocks::plays(bytes),
            pixels: pixels.saturating_add(size.pixels().saturating_mul(frames.into())),
            bytes: Canvas::memory(size) + u64::from(widest) + rows::TABLES,
        }),
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
        let mut film = Film::new(self.bytes, info.size, !info.has_alpha)?;
        let missing = match film.next() {
            Some(shown) if shown.missing_rows == shown.rows => {
                return Err(corrupt("the GIF's first frame has no data"));
            }
            Some(shown) => missing_share(shown.missing_rows, shown.rows),
            None => 0.0,
        };
        let mut data = film.into_pixels().data;
        if !info.has_alpha {
            drop_alpha(&mut data);
        }
        let pixels = Pixels { size: info.size, channels: info.channels, data };
        Ok(PlaneSource::damaged(Cow::Owned(pixels), missing, load.is_resampled()))
    }

    fn frames(&self, info: &Info, _: u64, give: &mut GiveFrame<'_>) -> Result<f64, Error> {
        let mut film = Film::new(self.bytes, info.size, false)?;
        let (mut given, mut missing) = (0_u32, 0.0);
        while let Some(shown) = film.next() {
            given += 1;
            missing += missing_share(shown.missing_rows, shown.rows);
            if !give(film.pixels(), shown.delay)? {
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
