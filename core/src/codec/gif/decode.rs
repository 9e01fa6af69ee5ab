//! Frames of a GIF, each laid on the canvas. Whatever is there of a file is shown.

use super::blocks::{self, Frames};
use super::indices::Indices;
use crate::Error;
use crate::codec::MISSING_GREY;
use crate::codec::canvas::{Canvas, Disposal, Place};
use crate::error::corrupt;
use crate::image::{Pixels, Size};

/// The colour table of a file that has none: black and white, as viewers have it.
pub const NO_PALETTE: &[u8] = &[0, 0, 0, 255, 255, 255];

/// A file, decoded frame by frame.
pub struct Film<'a> {
    palette: &'a [u8],
    frames: Frames<'a>,
    canvas: Canvas,
}

/// What a frame turned out to be.
pub struct Shown {
    /// Milliseconds that it lasts.
    pub delay: u32,
    /// Its rows that the data did not reach.
    pub missing_rows: u32,
    /// All its rows.
    pub rows: u32,
}

/// Where a frame lies.
pub fn place(frame: &blocks::Frame<'_>) -> Place {
    Place { x: frame.x, y: frame.y, size: frame.size }
}

impl<'a> Film<'a> {
    /// On a canvas of a size that was checked, transparent or, for a picture that is to be opaque, grey.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the header is cut off.
    pub fn new(bytes: &'a [u8], size: Size, is_opaque: bool) -> Result<Self, Error> {
        let (screen, frames) = blocks::read(bytes).ok_or_else(|| corrupt("the GIF header is cut off"))?;
        let mut canvas = Canvas::new(size)?;
        if is_opaque {
            canvas.fill(MISSING_GREY);
        }
        let palette = if screen.palette.is_empty() { NO_PALETTE } else { screen.palette };
        Ok(Self { palette, frames, canvas })
    }

    /// Lays the next frame that has any pixels on the canvas; `None` after the last.
    pub fn next(&mut self) -> Option<Shown> {
        let frame = self.frames.find(|frame| frame.size.pixels() > 0)?;
        let disposal = match frame.disposal {
            2 => Disposal::Clear,
            3 => Disposal::Restore,
            _ => Disposal::Keep,
        };
        self.canvas.begin(place(&frame), disposal);
        let drawn = self.draw(&frame);
        let rows = frame.size.height;
        Some(Shown { delay: u32::from(frame.delay) * 10, missing_rows: rows - drawn, rows })
    }

    /// What shows.
    pub fn pixels(&self) -> &Pixels {
        self.canvas.pixels()
    }

    /// What shows, at the end.
    pub fn into_pixels(self) -> Pixels {
        self.canvas.into_pixels()
    }

    /// Draws the rows of a frame as far as its data go, and answers how many that were, those that nobody sees among them.
    fn draw(&mut self, frame: &blocks::Frame<'_>) -> u32 {
        let palette = if frame.palette.is_empty() { self.palette } else { frame.palette };
        let place = place(frame);
        let Size { width, height } = frame.size;
        let seen = place.shown(self.canvas.pixels().size).height;
        let mut indices = Indices::new(frame.code_size, frame.data);
        let mut row = vec![0; width as usize];
        let mut drawn = 0;
        let mut left = rows(height, frame.is_interlaced);
        for y in left.by_ref() {
            if y >= seen && !frame.is_interlaced {
                return height;
            }
            if !indices.row(&mut row) {
                // the last row alone repeats the one before it, and later passes of interlaced rows the nearest that is there
                if drawn > 0 && (frame.is_interlaced || y + 1 == height) {
                    let above = |y: u32| if frame.is_interlaced { y & (y - 1) } else { y - 1 };
                    std::iter::once(y).chain(left).for_each(|y| self.canvas.repeat(place, above(y), y));
                }
                break;
            }
            draw_row(self.canvas.row(place, y), &row, palette, frame.transparent);
            drawn += 1;
        }
        drawn
    }
}

/// Draws the part of a row that lies on the canvas.
#[inline(never)]
fn draw_row(target: &mut [u8], row: &[u8], palette: &[u8], transparent: Option<u8>) {
    for (pixel, &index) in target.as_chunks_mut::<4>().0.iter_mut().zip(row) {
        if transparent != Some(index) {
            let at = usize::from(index) * 3;
            let colour = palette.get(at..at + 3).unwrap_or(&[0, 0, 0]);
            *pixel = [colour[0], colour[1], colour[2], 255];
        }
    }
}

/// The order in which rows are stored (GIF89a, appendix E).
fn rows(height: u32, interlaced: bool) -> Box<dyn Iterator<Item = u32>> {
    if interlaced {
        let pass = move |start: u32, step| (start..height).step_by(step);
        Box::new(pass(0, 8).chain(pass(4, 8)).chain(pass(2, 4)).chain(pass(1, 2)))
    } else {
        Box::new(0..height)
    }
}
