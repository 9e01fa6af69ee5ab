//! Sharpening of luma; chroma and alpha are kept.

use crate::image::Pixels;

/// How far sharpening reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sharpen {
    /// Standard deviation of the Gaussian blur that is compared with, in ten-thousandths of a pixel.
    pub sigma: u32,
}

impl Sharpen {
    fn pixels(self) -> f32 {
        self.sigma as f32 / 10_000.0
    }

    pub(super) fn reach(self) -> u32 {
        deckle_pixels::sharpen_reach(self.pixels())
    }

    #[inline(never)]
    pub(super) fn apply(self, mut image: Pixels) -> Pixels {
        deckle_pixels::sharpen(&mut image.data, image.size.width as usize, image.channels, self.pixels());
        image
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, Reach, tests::pixel};

    #[test]
    fn a_single_pixel_has_nothing_to_be_sharper_than() {
        assert_eq!(pixel(&[1, 2, 3, 4], Operation::Sharpen(Sharpen { sigma: 10_000 })), [1, 2, 3, 4]);
    }

    #[test]
    fn it_reaches_as_far_as_the_blur() {
        assert_eq!(Operation::Sharpen(Sharpen { sigma: 10_000 }).reach(), Reach::Rows(2));
        assert_eq!(Operation::Sharpen(Sharpen { sigma: 100_000 }).reach(), Reach::Rows(21));
    }
}
