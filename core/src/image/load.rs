//! How much of the stored image is decoded, and to which size.

use super::{Icc, Orientation, Size};
use crate::words::words;

words! {
    /// What inks without a usable profile look like.
    Cmyk {
        /// What a press prints on coated paper.
        Press = "press",
        /// The product of what each ink leaves of white, as in browsers.
        Naive = "naive",
    }
}

/// A region of the stored image, in its pixels; edges may lie between pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Greater than 0.
    pub width: f64,
    /// Greater than 0.
    pub height: f64,
}

/// The geometry of a plan, resolved: a region of the stored image, resampled to a size, laid upright and as asked.
///
/// Coordinates are in the stored image's orientation until `turn` is applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// The eighths of its stored size that luma is decoded at, 1 to 8. Below 8 for JPEG only; chroma has a scale of its own.
    pub eighths: u32,
    /// The part of the stored image that is used.
    pub region: Region,
    /// The size that the region is resampled to, in the stored orientation. Equal to a region of whole pixels: a plain crop.
    pub resized: Size,
    /// What makes the resampled image upright and as asked.
    pub turn: Orientation,
    /// The first frame that is decoded, counted from 0.
    pub frame: u32,
    /// How many frames are decoded: 1, or all that [`super::Info::frames`] counts.
    pub frames: u32,
    /// How inks without a profile become colours.
    pub cmyk: Cmyk,
    /// What the colours are made.
    pub icc: Icc,
    /// Whether samples are mixed as light, in 16 bits, rather than as they are encoded.
    pub is_linear: bool,
}

impl Load {
    /// Whether the region is resampled, or only cut out.
    pub fn is_resampled(&self) -> bool {
        let Region { x, y, width, height } = self.region;
        let whole = x.fract() == 0.0 && y.fract() == 0.0;
        !(whole && width == f64::from(self.resized.width) && height == f64::from(self.resized.height))
    }

    /// The same of a picture that has its final size already.
    pub(crate) fn drawn(&self) -> Self {
        let Size { width, height } = self.resized;
        Self { region: Region { x: 0.0, y: 0.0, width: width.into(), height: height.into() }, ..*self }
    }

    /// The size once the image is laid upright and as asked.
    pub fn size(&self) -> Size {
        self.turn.apply(self.resized)
    }
}
