//! Every sample inverted; alpha is kept.

use deckle_pixels::{Step, Tones};

pub fn steps() -> Vec<Step> {
    vec![Step::Tones(Tones::of_colours(std::array::from_fn(|v| 255 - v as u8)))]
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn a_negative_keeps_alpha_and_undoes_itself() {
        assert_eq!(pixel(&[1, 2, 3, 4], Operation::Negative), [254, 253, 252, 4]);
        assert_eq!(pixel(&[1, 4], Operation::Negative), [254, 4]);
        assert_eq!(pixel(&pixel(&[10, 20, 30], Operation::Negative), Operation::Negative), [10, 20, 30]);
    }
}
