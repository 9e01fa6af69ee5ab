//! A tint: the image in one colour's hue, as sharp's `tint` has it. Greys keep their lightness; chroma is the colour's in the middle and none at
//! black and white.

use deckle_pixels::{Step, tinted};

use super::{greyscale, widened};
use crate::image::Colour;

pub fn channels(entering: u8) -> u8 {
    widened(entering, true, false)
}

pub fn steps(colour: Colour) -> Vec<Step> {
    let mut steps = greyscale::steps();
    steps.push(Step::Ramp(Box::new(tinted([colour.r, colour.g, colour.b]))));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn black_and_white_stay_and_mid_tones_have_the_hue() {
        let red = Operation::Tint(Colour { r: 255, g: 0, b: 0, a: 255 });
        assert_eq!(pixel(&[0, 255], red.clone()), [0, 0, 0, 255]);
        assert_eq!(pixel(&[255, 255, 255, 7], red.clone()), [255, 255, 255, 7]);
        let middle = pixel(&[119], red);
        assert!(middle[0] > middle[1] + 60 && middle[0] > middle[2] + 60, "{middle:?}");
    }

    #[test]
    fn a_tint_of_grey_is_black_and_white() {
        let grey = Operation::Tint(Colour { r: 128, g: 128, b: 128, a: 255 });
        for v in (0..=255).step_by(15) {
            let out = pixel(&[v, v, v], grey.clone());
            assert!(out.iter().all(|sample| sample.abs_diff(v) <= 1), "{v}: {out:?}");
        }
    }
}
