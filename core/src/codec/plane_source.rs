//! A source as lines of planes: what every decoder gives and the resampler takes.
//!
//! Planes, because a JPEG's components come apart and in sizes of their own, and because one channel is all that a resampling
//! kernel then has to know. Lines, because that is all the memory there is for an image of any height.

use std::borrow::Cow;

use deckle_pixels::{Chroma, Space, split};

use crate::Error;
use crate::error::corrupt;
use crate::image::{Pixels, Size};

/// One plane's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    /// Samples for a pixel of the stored image, across and down.
    pub across: f64,
    pub down: f64,
    /// Samples are `value / 2 + 64`, so that values from -128 to 383 are kept until they are resampled.
    pub has_headroom: bool,
}

/// A decoder that gives lines of planes.
pub(crate) trait PlaneLines {
    /// Decodes some more lines, and hands each over with its plane's number; `false` if there are no more.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a file that ends early or contradicts itself up to here.
    fn next(&mut self, give: &mut dyn FnMut(usize, &[u8])) -> Result<bool, Error>;

    /// The share of the picture, 0 to 1, whose data were missing or damaged among the lines given so far. It was filled, or shows
    /// less than it should. 0 also where no more than the last row was missing.
    fn missing(&self) -> f64 {
        0.0
    }
}

/// A decoder that gives rows of interleaved samples.
pub(crate) trait InterleavedRows {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// [`Error::Corrupt`], also when the data end early.
    fn next(&mut self) -> Result<Option<&[u8]>, Error>;

    /// As [`PlaneLines::missing`].
    fn missing(&self) -> f64 {
        0.0
    }
}

/// A source that is being decoded.
pub(crate) struct PlaneSource<'a> {
    pub space: Space,
    pub planes: Vec<Plane>,
    /// Whether samples are of VP8's range: luma from 16 to 235, chroma from 16 to 240.
    pub has_limited_range: bool,
    /// What makes colours of YCbCr that is not T.871's.
    pub chroma: Option<Chroma>,
    /// Bytes that the decoder holds beyond what the plan says.
    pub beyond: u64,
    /// Whether this is the region that was asked for at its final size, and not the whole source.
    pub is_drawn: bool,
    lines: Box<dyn PlaneLines + 'a>,
}

impl<'a> PlaneSource<'a> {
    /// A decoder whose planes are of these sizes and together are of that space.
    pub fn new(space: Space, planes: Vec<Plane>, lines: Box<dyn PlaneLines + 'a>) -> Self {
        Self { space, planes, has_limited_range: false, chroma: None, beyond: 0, is_drawn: false, lines }
    }

    /// Rows of so many interleaved channels; `is_resampled` says whether samples will be mixed.
    pub fn rows(rows: impl InterleavedRows + 'a, size: Size, channels: u8, is_resampled: bool) -> Self {
        let split = Split::new(channels, size, is_resampled);
        Self::new(split.space, split.planes(size), Box::new(Taken { rows, split }))
    }

    /// Rows of four inks, as a JPEG has them: 0 for full ink.
    pub fn inks(rows: impl InterleavedRows + 'a, size: Size) -> Self {
        let split = Split { space: Space::Cmyk, lines: vec![vec![0; size.width as usize]; 4] };
        Self::new(split.space, split.planes(size), Box::new(Taken { rows, split }))
    }

    /// The same, of planes whose samples are of VP8's range.
    pub fn of_limited_range(self) -> Self {
        Self { has_limited_range: true, ..self }
    }

    /// The same, of YCbCr of which colours are made so.
    #[cfg(feature = "avif")]
    pub fn of_chroma(self, chroma: Chroma) -> Self {
        Self { chroma: Some(chroma), ..self }
    }

    /// The same, of a decoder that holds so many bytes beyond what the plan says.
    pub fn beyond_plan(self, beyond: u64) -> Self {
        Self { beyond, ..self }
    }

    /// Pixels of the region that was asked for, at its final size.
    #[cfg(feature = "svg")]
    pub fn drawn(pixels: Pixels) -> Self {
        Self { is_drawn: true, ..Self::whole(Cow::Owned(pixels), false) }
    }

    /// Pixels that are decoded already; `is_resampled` says whether samples will be mixed.
    pub fn whole(pixels: Cow<'a, Pixels>, is_resampled: bool) -> Self {
        Self::damaged(pixels, 0.0, is_resampled)
    }

    /// Pixels of which a share was missing, and is filled.
    pub fn damaged(pixels: Cow<'a, Pixels>, missing: f64, is_resampled: bool) -> Self {
        let (size, channels) = (pixels.size, pixels.channels);
        Self::rows(Whole { pixels, next: 0, missing }, size, channels, is_resampled)
    }

    /// Decodes some more lines, and hands each over with its plane's number.
    ///
    /// # Errors
    /// [`Error::Corrupt`], also when there are no more.
    pub fn next(&mut self, mut give: impl FnMut(usize, &[u8])) -> Result<(), Error> {
        if self.lines.next(&mut give)? { Ok(()) } else { Err(corrupt("header and pixels disagree")) }
    }

    /// As [`PlaneLines::missing`].
    pub fn missing(&self) -> f64 {
        self.lines.missing()
    }
}

/// Pixels given out row by row.
struct Whole<'a> {
    pixels: Cow<'a, Pixels>,
    next: usize,
    missing: f64,
}

impl InterleavedRows for Whole<'_> {
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        let length = self.pixels.size.width as usize * usize::from(self.pixels.channels);
        let start = self.next;
        self.next += length;
        Ok(self.pixels.data.get(start..self.next))
    }

    fn missing(&self) -> f64 {
        self.missing
    }
}

/// Rows taken apart into planes.
struct Taken<R> {
    rows: R,
    split: Split,
}

impl<R: InterleavedRows> PlaneLines for Taken<R> {
    fn next(&mut self, give: &mut dyn FnMut(usize, &[u8])) -> Result<bool, Error> {
        let row = self.rows.next()?;
        Ok(row.map(|row| self.split.row(row, give)).is_some())
    }

    fn missing(&self) -> f64 {
        self.rows.missing()
    }
}

/// Takes interleaved pixels apart, colours premultiplied where there is alpha.
struct Split {
    space: Space,
    lines: Vec<Vec<u8>>,
}

impl Split {
    /// Premultiplied only where samples are mixed: it cannot be undone to the bit.
    fn new(channels: u8, size: Size, is_resampled: bool) -> Self {
        let space = Space::of(channels, is_resampled);
        let lines = if space == Space::Grey { 0 } else { space.planes() };
        Self { space, lines: vec![vec![0; size.width as usize]; lines] }
    }

    fn planes(&self, Size { width, height }: Size) -> Vec<Plane> {
        let plane =
            Plane { width: width as usize, height: height as usize, across: 1.0, down: 1.0, has_headroom: false };
        vec![plane; self.space.planes()]
    }

    fn row(&mut self, row: &[u8], give: &mut dyn FnMut(usize, &[u8])) {
        if self.space == Space::Grey {
            return give(0, row);
        }
        split(row, self.space, &mut self.lines);
        for (i, line) in self.lines.iter().enumerate() {
            give(i, line);
        }
    }
}
