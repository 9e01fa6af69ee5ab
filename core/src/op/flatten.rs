//! Laying transparency on a colour.

use deckle_pixels::Step;

use super::{is_grey, widened};
use crate::image::Colour;

pub fn channels(colour: &Colour, entering: u8) -> u8 {
    if entering.is_multiple_of(2) { widened(entering, !is_grey(*colour), false) - 1 } else { entering }
}

/// Removes alpha. An image without alpha is left as it is; grey stays grey on a grey background.
pub fn steps(colour: &Colour) -> Vec<Step> {
    vec![Step::Flatten([colour.r, colour.g, colour.b])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn grey_stays_grey_on_grey_and_gains_colour_on_a_colour() {
        assert_eq!(pixel(&[10, 255], Operation::Flatten(Colour::WHITE)), [10]);
        assert_eq!(pixel(&[10, 0], Operation::Flatten(Colour { r: 1, g: 2, b: 3, a: 255 })), [1, 2, 3]);
    }

    #[test]
    fn an_image_without_alpha_is_left_alone() {
        assert_eq!(pixel(&[1, 2, 3], Operation::Flatten(Colour::WHITE)), [1, 2, 3]);
    }
}
