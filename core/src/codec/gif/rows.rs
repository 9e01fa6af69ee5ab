//! The first frame of a GIF whose rows are stored in order, row by row.

use super::blocks::{self, Frame};
use super::decode::NO_PALETTE;
use super::indices::Indices;
use crate::Error;
use crate::codec::plane_source::InterleavedRows;
use crate::codec::{MISSING_GREY, missing_share};
use crate::error::corrupt;
use crate::image::Size;

/// Bytes that reading takes beside rows: the table of codes.
pub const TABLES: u64 = 48 << 10;

/// Rows of the canvas, with the frame on it.
pub struct Rows<'a> {
    indices: Indices<'a>,
    frame: Frame<'a>,
    palette: &'a [u8],
    canvas: Size,
    channels: usize,
    /// A row of the frame.
    row: Vec<u8>,
    /// A row of the canvas.
    pixels: Vec<u8>,
    /// Rows that were given.
    given: u32,
    /// Rows of the frame that are filled.
    missing: u32,
}

impl<'a> Rows<'a> {
    /// `None` for a file without a frame, whose canvas is empty.
    pub fn new(bytes: &'a [u8], canvas: Size, channels: u8) -> Option<Self> {
        let (screen, mut frames) = blocks::read(bytes)?;
        let frame = frames.find(|frame| frame.size.pixels() > 0)?;
        let palette = [frame.palette, screen.palette].into_iter().find(|table| !table.is_empty());
        let channels = usize::from(channels);
        Some(Self {
            indices: Indices::new(frame.code_size, frame.data),
            palette: palette.unwrap_or(NO_PALETTE),
            canvas,
            channels,
            row: vec![0; frame.size.width as usize],
            pixels: vec![0; canvas.width as usize * channels],
            frame,
            given: 0,
            missing: 0,
        })
    }

    /// The row of the frame that lies at row `y` of the canvas.
    fn row_at(&self, y: u32) -> Option<u32> {
        y.checked_sub(self.frame.y).filter(|&row| row < self.frame.size.height)
    }

    /// Lays the row on the canvas.
    #[inline(never)]
    fn lay(&mut self) {
        let start = self.frame.x as usize * self.channels;
        let target = self.pixels.get_mut(start..).unwrap_or_default();
        for (pixel, &index) in target.chunks_exact_mut(self.channels).zip(&self.row) {
            if self.frame.transparent == Some(index) {
                continue;
            }
            let at = usize::from(index) * 3;
            let colour = self.palette.get(at..at + 3).unwrap_or(&[0, 0, 0]);
            pixel[..3].copy_from_slice(colour);
            if let Some(alpha) = pixel.get_mut(3) {
                *alpha = 255;
            }
        }
    }
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.given == self.canvas.height {
            return Ok(None);
        }
        self.given += 1;
        let row = self.row_at(self.given - 1);
        let is_there = row.is_some() && self.missing == 0 && self.indices.row(&mut self.row);
        if let (Some(row), false) = (row, is_there) {
            if row == 0 {
                return Err(corrupt("the GIF's first frame has no data"));
            }
            self.missing += 1;
            // the last row alone repeats the one before it
            if self.missing == 1 && row + 1 == self.frame.size.height {
                return Ok(Some(&self.pixels));
            }
        }
        let fill = if self.channels == 3 { MISSING_GREY } else { 0 };
        self.pixels.fill(fill);
        if is_there {
            self.lay();
        }
        Ok(Some(&self.pixels))
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.frame.size.height)
    }
}
