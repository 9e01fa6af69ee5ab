//! Contrast: the distance of each sample from mid-grey, multiplied; alpha is kept.

use deckle_pixels::{Step, Tones};

use super::{decimal, table};

/// `factor` is in ten-thousandths.
pub fn steps(factor: i32) -> Vec<Step> {
    let factor = decimal(factor);
    vec![Step::Tones(Tones::of_colours(table(|v| (v - 128.0) * factor + 128.0)))]
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn contrast_is_about_mid_grey() {
        assert_eq!(pixel(&[100, 128, 150, 9], Operation::Contrast(15_000)), [86, 128, 161, 9]);
        assert_eq!(pixel(&[0, 255], Operation::Contrast(0)), [128, 255]);
        assert_eq!(pixel(&[0, 127, 129], Operation::Contrast(10_000_000)), [0, 0, 255]);
    }
}
