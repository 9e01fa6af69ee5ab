//! Squares of one colour each.

use super::filter::by_planes;
use crate::image::Pixels;

/// Pixels along a square's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pixelate {
    /// At least 2, or nothing changes.
    pub side: u32,
}

impl Pixelate {
    pub(super) fn apply(self, image: Pixels) -> Pixels {
        by_planes(image, true, |plane, width| deckle_pixels::pixelate(plane, width, self.side as usize))
    }

    /// Whether squares of chroma of half the size are the same squares.
    pub(super) fn works_in_planes(self) -> bool {
        self.side.is_multiple_of(2)
    }

    pub(super) fn apply_to_planes(self, planes: &mut [Pixels]) {
        for (i, plane) in planes.iter_mut().enumerate() {
            let side = if i == 0 { self.side } else { self.side / 2 };
            deckle_pixels::pixelate(&mut plane.data, plane.size.width as usize, side as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;
    use crate::op::Operation;

    #[test]
    fn a_square_has_its_mean() {
        let image = Pixels {
            size: Size { width: 2, height: 2 },
            channels: 3,
            data: [[9, 10, 0], [1, 30, 4]].concat().repeat(2),
        };
        assert_eq!(Operation::Pixelate(Pixelate { side: 2 }).apply(image).data, [5, 20, 2].repeat(4));
    }
}
