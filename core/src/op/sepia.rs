//! The warm brown of an old print: `sepia(1)` of the Filter Effects Module, on gamma-encoded samples; alpha is kept.

use super::{widen, widened};
use crate::image::Pixels;

pub fn channels(entering: u8) -> u8 {
    widened(entering, true, false)
}

/// Leaves three channels, and alpha where there was alpha.
#[inline(never)]
pub fn apply(image: Pixels) -> Pixels {
    let mut image = widen(image, true, false);
    deckle_pixels::sepia(&mut image.data, image.channels);
    image
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn grey_gains_colour() {
        assert_eq!(pixel(&[100, 150, 200, 9], Operation::Sepia), [192, 171, 134, 9]);
        assert_eq!(pixel(&[100], Operation::Sepia), [135, 120, 94]);
        assert_eq!(pixel(&[100, 1], Operation::Sepia), [135, 120, 94, 1]);
    }
}
