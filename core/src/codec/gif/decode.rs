//! Frames of a GIF, each laid on the canvas. Whatever is there of a file is shown.

use super::blocks::{self, Frames};
use super::indices::Indices;
use crate::Error;
use crate::codec::{MISSING_GREY, allocate};
use crate::error::corrupt;
use crate::image::{Frame, Pixels, Size};

/// The colour table of a file that has none: black and white, as viewers have it.
pub const NO_PALETTE: &[u8] = &[0, 0, 0, 255, 255, 255];

/// A file's canvas, decoded frame by frame.
pub struct Canvas<'a> {
    palette: &'a [u8],
    frames: Frames<'a>,
    /// What shows now: RGBA.
    pixels: Pixels,
    /// What showed before a frame that is to be taken away again.
    before: Vec<u8>,
    disposal: Disposal,
}

/// How the canvas changes before the next frame.
enum Disposal {
    /// The frame stays.
    Keep,
    /// Its place becomes transparent.
    Clear(Rect),
    /// What showed before it shows again.
    Restore,
}

#[derive(Clone, Copy)]
struct Rect {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
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

impl<'a> Canvas<'a> {
    /// A canvas of a size that was checked, transparent or, for a picture that is to be opaque, grey.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the header is cut off.
    pub fn new(bytes: &'a [u8], size: Size, is_opaque: bool) -> Result<Self, Error> {
        let (screen, frames) = blocks::read(bytes).ok_or_else(|| corrupt("the GIF header is cut off"))?;
        let mut data = allocate(size.pixels() * 4)?;
        if is_opaque {
            data.fill(MISSING_GREY);
        }
        let palette = if screen.palette.is_empty() { NO_PALETTE } else { screen.palette };
        let pixels = Pixels { size, channels: 4, data };
        Ok(Self { palette, frames, pixels, before: Vec::new(), disposal: Disposal::Keep })
    }

    /// Lays the next frame that has any pixels on the canvas; `None` after the last.
    pub fn next(&mut self) -> Option<Shown> {
        self.dispose();
        let frame = self.frames.find(|frame| frame.size.pixels() > 0)?;
        let rect = Rect {
            x: frame.x as usize,
            y: frame.y as usize,
            width: frame.size.width as usize,
            height: frame.size.height as usize,
        };
        self.disposal = match frame.disposal {
            2 => Disposal::Clear(rect),
            3 => {
                self.before.clone_from(&self.pixels.data);
                Disposal::Restore
            }
            _ => Disposal::Keep,
        };
        let drawn = self.draw(rect, &frame);
        let rows = frame.size.height;
        Some(Shown { delay: u32::from(frame.delay) * 10, missing_rows: rows - drawn, rows })
    }

    /// What shows.
    pub fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// What shows, at the end.
    pub fn into_pixels(self) -> Pixels {
        self.pixels
    }

    /// Draws the rows of a frame as far as its data go, and answers how many that were.
    fn draw(&mut self, rect: Rect, frame: &blocks::Frame<'_>) -> u32 {
        let palette = if frame.palette.is_empty() { self.palette } else { frame.palette };
        let mut indices = Indices::new(frame.code_size, frame.data);
        let mut row = vec![0; rect.width];
        let mut drawn = 0;
        let mut left = rows(rect.height, frame.is_interlaced);
        for y in left.by_ref() {
            if !indices.row(&mut row) {
                // the last row alone repeats the one before it, and later passes of interlaced rows the nearest that is there
                if drawn > 0 && (frame.is_interlaced || y + 1 == rect.height) {
                    std::iter::once(y).chain(left).for_each(|y| self.repeat_row(rect, y, frame.is_interlaced));
                }
                break;
            }
            self.draw_row(rect, y, &row, palette, frame.transparent);
            drawn += 1;
        }
        drawn
    }

    /// Fills a row with the nearest one above it that comes earlier in the file.
    fn repeat_row(&mut self, rect: Rect, y: usize, interlaced: bool) {
        let above = if interlaced { y & (y - 1) } else { y - 1 };
        let width = self.pixels.size.width as usize;
        let shown = rect.width.min(width.saturating_sub(rect.x)) * 4;
        let at = |y: usize| ((rect.y + y) * width + rect.x) * 4;
        if at(y) + shown <= self.pixels.data.len() {
            self.pixels.data.copy_within(at(above)..at(above) + shown, at(y));
        }
    }

    /// Draws the part of a row that lies on the canvas.
    #[inline(never)]
    fn draw_row(&mut self, rect: Rect, y: usize, row: &[u8], palette: &[u8], transparent: Option<u8>) {
        let width = self.pixels.size.width as usize;
        let start = (rect.y + y) * width + rect.x;
        let shown = rect.width.min(width.saturating_sub(rect.x));
        let Some(target) = self.pixels.data.get_mut(start * 4..(start + shown) * 4) else { return };
        for (pixel, &index) in target.as_chunks_mut::<4>().0.iter_mut().zip(row) {
            if transparent != Some(index) {
                let at = usize::from(index) * 3;
                let colour = palette.get(at..at + 3).unwrap_or(&[0, 0, 0]);
                *pixel = [colour[0], colour[1], colour[2], 255];
            }
        }
    }

    fn dispose(&mut self) {
        match std::mem::replace(&mut self.disposal, Disposal::Keep) {
            Disposal::Keep => (),
            Disposal::Restore => self.pixels.data.clone_from(&self.before),
            Disposal::Clear(Rect { x, y, width, height }) => {
                let canvas = self.pixels.size.width as usize;
                let shown = width.min(canvas.saturating_sub(x));
                for line in self.pixels.data.chunks_exact_mut(canvas * 4).skip(y).take(height) {
                    line[x.min(canvas) * 4..(x + shown).min(canvas) * 4].fill(0);
                }
            }
        }
    }
}

/// The order in which rows are stored (GIF89a, appendix E).
fn rows(height: usize, interlaced: bool) -> Box<dyn Iterator<Item = usize>> {
    if interlaced {
        let pass = move |start, step| (start..height).step_by(step);
        Box::new(pass(0, 8).chain(pass(4, 8)).chain(pass(2, 4)).chain(pass(1, 2)))
    } else {
        Box::new(0..height)
    }
}

/// A frame as it shows on its canvas.
pub fn frame(canvas: &Canvas<'_>, shown: &Shown) -> Frame {
    Frame { pixels: canvas.pixels().clone(), delay: shown.delay }
}
