//! A source as lines of planes: what every decoder gives and the resampler takes.
//!
//! Planes, because a JPEG's components come apart and in sizes of their own, and because one channel is all a resampling
//! kernel then has to know. Lines, because that is all the memory there is for an image of any height.

use std::borrow::Cow;

use deckle_pixels::{Space, split};

use super::{corrupt, jpeg, png};
use crate::Error;
use crate::image::{Pixels, Size};
use crate::plan::Plan;

/// One plane's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    /// Samples for a pixel of the stored image, across and down.
    pub across: f64,
    pub down: f64,
}

/// A source whose header is read.
pub(crate) enum Opened<'a> {
    Jpeg(jpeg::Opened<'a>),
    Png(Box<png::Rows<'a>>),
    /// Decoded at once; the profile.
    Whole(Pixels, Option<Vec<u8>>),
}

impl<'a> Opened<'a> {
    /// The embedded ICC profile.
    pub fn icc(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Jpeg(opened) => opened.icc(),
            Self::Png(rows) => rows.icc().map(Cow::Borrowed),
            Self::Whole(_, icc) => icc.as_deref().map(Cow::Borrowed),
        }
    }

    /// Whether the samples are what a JPEG's are: luma, or luma and chroma.
    pub fn is_ycc(&self) -> bool {
        matches!(self, Self::Jpeg(opened) if opened.is_ycc())
    }

    /// Starts decoding, scaled as the plan needs it; `chroma` is the size that chroma will have.
    pub fn start(self, plan: &Plan, chroma: Size) -> Result<Source<'a>, Error> {
        match self {
            Self::Jpeg(opened) => opened.start(plan, chroma),
            Self::Png(rows) => {
                let split = Split::new(rows.channels(), rows.size(), plan);
                Ok(Source { space: split.space, planes: split.planes(rows.size()), lines: Lines::Png(rows, split) })
            }
            Self::Whole(pixels, _) => {
                let split = Split::new(pixels.channels, pixels.size, plan);
                let (space, planes) = (split.space, split.planes(pixels.size));
                Ok(Source { space, planes, lines: Lines::Whole { pixels, next: 0, split } })
            }
        }
    }
}

/// A source that is being decoded.
pub(crate) struct Source<'a> {
    pub space: Space,
    pub planes: Vec<Plane>,
    lines: Lines<'a>,
}

enum Lines<'a> {
    Jpeg(jpeg::Rows<'a>),
    Png(Box<png::Rows<'a>>, Split),
    Whole { pixels: Pixels, next: usize, split: Split },
}

impl<'a> Source<'a> {
    pub fn jpeg(space: Space, planes: Vec<Plane>, rows: jpeg::Rows<'a>) -> Self {
        Self { space, planes, lines: Lines::Jpeg(rows) }
    }

    /// Decodes some more lines, and hands each over with its plane's number.
    ///
    /// # Errors
    /// [`Error::Corrupt`], also when there are no more.
    pub fn next(&mut self, mut give: impl FnMut(usize, &[u8])) -> Result<(), Error> {
        let given = match &mut self.lines {
            Lines::Jpeg(rows) => rows.next(give)?,
            Lines::Png(rows, split) => rows.next()?.map(|row| split.row(row, give)).is_some(),
            Lines::Whole { pixels, next, split } => {
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
    fn new(channels: u8, size: Size, plan: &Plan) -> Self {
        let space = Space::of(channels, plan.is_resampled());
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
