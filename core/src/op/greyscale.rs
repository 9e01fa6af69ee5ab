//! Black and white: Rec. 709 luma of the gamma-encoded samples; alpha is kept.

use crate::image::Pixels;

pub fn channels(entering: u8) -> u8 {
    if entering.is_multiple_of(2) { 2 } else { 1 }
}

/// Leaves one channel, and alpha where there was alpha.
#[inline(never)]
pub fn apply(mut image: Pixels) -> Pixels {
    deckle_pixels::luma(&mut image.data, image.channels);
    Pixels { channels: channels(image.channels), ..image }
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn black_and_white_has_one_channel_and_alpha() {
        assert_eq!(pixel(&[255, 0, 0], Operation::Greyscale), [54]);
        assert_eq!(pixel(&[0, 0, 255, 7], Operation::Greyscale), [18, 7]);
        assert_eq!(pixel(&[9], Operation::Greyscale), [9]);
        assert_eq!(pixel(&[9, 3], Operation::Greyscale), [9, 3]);
    }
}
