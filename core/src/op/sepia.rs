//! The warm brown of an old print: `sepia(1)` of the Filter Effects Module, on gamma-encoded samples; alpha is kept.

use deckle_pixels::{Matrix, Step};

use super::widened;

const SEPIA: Matrix =
    Matrix([[0.393, 0.769, 0.189, 0.0], [0.349, 0.686, 0.168, 0.0], [0.272, 0.534, 0.131, 0.0], [0.0, 0.0, 0.0, 1.0]]);

pub fn channels(entering: u8) -> u8 {
    widened(entering, true, false)
}

pub fn steps() -> Vec<Step> {
    vec![Step::Matrix(Box::new(SEPIA))]
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn grey_gains_colour() {
        assert_eq!(pixel(&[100, 150, 200, 9], Operation::Sepia), [192, 171, 134, 9]);
        assert_eq!(pixel(&[255, 255, 255], Operation::Sepia), [255, 255, 239]);
        assert_eq!(pixel(&[100], Operation::Sepia), [135, 120, 94]);
        assert_eq!(pixel(&[100, 1], Operation::Sepia), [135, 120, 94, 1]);
    }
}
