//! A source as lines of planes: what every decoder gives and the resampler takes.
//!
//! Planes, because a JPEG's components come apart and in sizes of their own, and because one channel is all that a resampling
//! kernel then has to know. Lines, because that is all the memory there is for an image of any height.

use std::borrow::Cow;

use deckle_pixels::{Space, split};

use super::{corrupt, jpeg};
use crate::Error;
use crate::image::{Pixels, Size};

/// One plane's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    /// Samples for a pixel of the stored image, across and down.
    pub across: f64,
    pub down: f64,
}

/// A decoder that gives rows of interleaved samples.
pub(crate) trait InterleavedRows {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// [`Error::Corrupt`], also when the data end early.
    fn next(&mut self) -> Result<Option<&[u8]>, Error>;
}

/// A source that is being decoded.
pub(crate) struct PlaneSource<'a> {
    pub space: Space,
    pub planes: Vec<Plane>,
    input: Input<'a>,
}

/// Where the samples come from.
enum Input<'a> {
    Jpeg(jpeg::Rows<'a>),
    Rows(Box<dyn InterleavedRows + 'a>, Split),
    Whole { pixels: Cow<'a, Pixels>, next: usize, split: Split },
}

impl<'a> PlaneSource<'a> {
    pub fn jpeg(space: Space, planes: Vec<Plane>, rows: jpeg::Rows<'a>) -> Self {
        Self { space, planes, input: Input::Jpeg(rows) }
    }

    /// Rows of so many interleaved channels; `is_resampled` says whether samples will be mixed.
    pub fn rows(rows: Box<dyn InterleavedRows + 'a>, size: Size, channels: u8, is_resampled: bool) -> Self {
        let split = Split::new(channels, size, is_resampled);
        Self { space: split.space, planes: split.planes(size), input: Input::Rows(rows, split) }
    }

    /// Pixels that are decoded already; `is_resampled` says whether samples will be mixed.
    pub fn whole(pixels: Cow<'a, Pixels>, is_resampled: bool) -> Self {
        let split = Split::new(pixels.channels, pixels.size, is_resampled);
        let (space, planes) = (split.space, split.planes(pixels.size));
        Self { space, planes, input: Input::Whole { pixels, next: 0, split } }
    }

    /// Decodes some more lines, and hands each over with its plane's number.
    ///
    /// # Errors
    /// [`Error::Corrupt`], also when there are no more.
    pub fn next(&mut self, mut give: impl FnMut(usize, &[u8])) -> Result<(), Error> {
        let given = match &mut self.input {
            Input::Jpeg(rows) => rows.next(give)?,
            Input::Rows(rows, split) => rows.next()?.map(|row| split.row(row, give)).is_some(),
            Input::Whole { pixels, next, split } => {
                let length = pixels.size.width as usize * usize::from(pixels.channels);
                let row = pixels.data.get(*next..*next + length);
                *next += length;
                row.map(|row| split.row(row, &mut give)).is_some()
            }
        };
        if given { Ok(()) } else { Err(corrupt("header and pixels disagree")) }
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
        let plane = Plane { width: width as usize, height: height as usize, across: 1.0, down: 1.0 };
        vec![plane; self.space.planes()]
    }

    fn row(&mut self, row: &[u8], mut give: impl FnMut(usize, &[u8])) {
        if self.space == Space::Grey {
            return give(0, row);
        }
        split(row, self.space, &mut self.lines);
        for (i, line) in self.lines.iter().enumerate() {
            give(i, line);
        }
    }
}
