//! More room at each side of an image, in a colour.

use super::Canvas;
use crate::image::{Colour, Pixels, Sides, Size};

/// So many pixels of a colour at each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extend {
    /// Pixels at each side.
    pub sides: Sides,
    /// Colour of them.
    pub background: Colour,
}

impl Extend {
    pub(super) fn size(&self, entering: Size) -> Size {
        let Sides { top, right, bottom, left } = self.sides;
        let side = |before: u32, side: u32, after: u32| before.saturating_add(side).saturating_add(after);
        Size { width: side(left, entering.width, right), height: side(top, entering.height, bottom) }
    }

    pub(super) fn channels(&self, entering: u8) -> u8 {
        self.canvas(Size { width: 1, height: 1 }).channels(entering)
    }

    /// The canvas that an image of this size is laid on.
    pub(crate) fn canvas(&self, entering: Size) -> Canvas {
        Canvas { size: self.size(entering), x: self.sides.left, y: self.sides.top, background: self.background }
    }

    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        self.canvas(image.size).apply(image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_gains_its_own_pixels() {
        let extend = Extend { sides: Sides { top: 1, right: 2, bottom: 0, left: 1 }, background: Colour::WHITE };
        let image = Pixels { size: Size { width: 1, height: 1 }, channels: 1, data: vec![7] };
        let out = extend.apply(image);
        assert_eq!(out.size, Size { width: 4, height: 2 });
        assert_eq!(out.data, [255, 255, 255, 255, 255, 7, 255, 255]);
    }
}
