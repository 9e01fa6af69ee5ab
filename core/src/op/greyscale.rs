//! Black and white: a grey as bright as the colour, as sharp's `greyscale` has it; alpha is kept.

use deckle_pixels::Step;

pub fn channels(entering: u8) -> u8 {
    if entering.is_multiple_of(2) { 2 } else { 1 }
}

pub fn steps() -> Vec<Step> {
    vec![Step::Luminance(Box::default())]
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn black_and_white_has_one_channel_and_alpha() {
        assert_eq!(pixel(&[255, 0, 0], Operation::Greyscale), [127]);
        assert_eq!(pixel(&[0, 0, 255, 7], Operation::Greyscale), [76, 7]);
        assert_eq!(pixel(&[9], Operation::Greyscale), [9]);
        assert_eq!(pixel(&[9, 3], Operation::Greyscale), [9, 3]);
    }
}
