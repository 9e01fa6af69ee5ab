//! Every sample inverted; alpha is kept.

use crate::image::Pixels;

#[inline(never)]
pub fn apply(mut image: Pixels) -> Pixels {
    deckle_pixels::negative(&mut image.data, image.channels);
    image
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn a_negative_keeps_alpha() {
        assert_eq!(pixel(&[1, 2, 3, 4], Operation::Negative), [254, 253, 252, 4]);
        assert_eq!(pixel(&[1, 4], Operation::Negative), [254, 4]);
    }
}
