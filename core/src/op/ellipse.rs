//! An ellipse cut out of the picture.

use deckle_pixels::Ellipse as Covered;

use super::{widen, widened};
use crate::image::{Pixels, Size};

/// An ellipse, in half pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ellipse {
    /// The centre's distance from the left edge.
    pub x: u32,
    /// The centre's distance from the top edge.
    pub y: u32,
    /// Half of its width, above 0.
    pub rx: u32,
    /// Half of its height, above 0.
    pub ry: u32,
}

impl Ellipse {
    pub(super) fn channels(&self, entering: u8) -> u8 {
        widened(entering, false, true)
    }

    /// Makes transparent what is outside it.
    #[inline(never)]
    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        let mut image = widen(image, false, true);
        let half = |n: u32| n as f32 / 2.0;
        let covered = Covered { x: half(self.x), y: half(self.y), rx: half(self.rx), ry: half(self.ry) };
        deckle_pixels::ellipse(&mut image.data, image.size.width as usize, image.channels, &covered);
        image
    }

    /// Where it begins and how much of a picture of this size its box takes; `None` where it lies outside.
    pub fn bounds(&self, size: Size) -> Option<(u32, u32, Size)> {
        let axis = |centre: u32, radius: u32, side: u32| {
            let from = centre.saturating_sub(radius) / 2;
            let to = (centre.saturating_add(radius).div_ceil(2)).min(side);
            (from < to).then(|| (from, to - from))
        };
        let (x, width) = axis(self.x, self.rx, size.width)?;
        let (y, height) = axis(self.y, self.ry, size.height)?;
        Some((x, y, Size { width, height }))
    }
}
