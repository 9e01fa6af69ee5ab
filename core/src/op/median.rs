//! The median of a square around each pixel, channel by channel, as sharp's `median` has it.

use deckle_pixels::median_memory;

use super::filter::by_planes;
use crate::image::{Pixels, Size};

/// How large the square is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Median {
    /// Pixels along its side.
    pub size: u32,
}

impl Median {
    pub(super) fn apply(self, image: Pixels) -> Pixels {
        by_planes(image, false, |plane, width| deckle_pixels::median(plane, width, self.size as usize))
    }

    pub(super) fn aside(self, size: Size) -> u64 {
        median_memory(size.width.into(), size.height.into(), self.size.into())
    }

    /// Steps that a sample takes: the sides of the square come and go, and each row begins with all of it.
    pub(super) fn work(self, entering: Size) -> u64 {
        let size = u64::from(self.size);
        (2 * size + 30).saturating_add(size * size / u64::from(entering.width.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Operation;

    #[test]
    fn a_speck_goes_and_the_rest_stays() {
        let mut data = [9, 100, 200].repeat(25);
        data[36..39].copy_from_slice(&[255, 0, 0]);
        let image = Pixels { size: Size { width: 5, height: 5 }, channels: 3, data };
        assert_eq!(Operation::Median(Median { size: 3 }).apply(image).data, [9, 100, 200].repeat(25));
    }
}
