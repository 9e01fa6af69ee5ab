//! Two colours: black becomes one, white the other, and what lies between them is mixed by its lightness; alpha is kept.

use deckle_pixels::Step;

use super::{greyscale, table, widened};
use crate::image::Colour;

/// The two colours; their alpha does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Duotone {
    /// What black becomes.
    pub dark: Colour,
    /// What white becomes.
    pub light: Colour,
}

impl Duotone {
    pub(super) fn channels(entering: u8) -> u8 {
        widened(entering, true, false)
    }

    pub(super) fn steps(self) -> Vec<Step> {
        let Self { dark, light } = self;
        let between = |dark: u8, light: u8| {
            let (dark, light) = (f32::from(dark), f32::from(light));
            table(|v| dark + (light - dark) * v / 255.0)
        };
        let mut steps = greyscale::steps();
        let ramp = [between(dark.r, light.r), between(dark.g, light.g), between(dark.b, light.b)];
        steps.push(Step::Ramp(Box::new(ramp)));
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn black_and_white_are_the_two_colours() {
        let (dark, light) = (Colour { r: 10, g: 0, b: 80, a: 255 }, Colour { r: 255, g: 200, b: 0, a: 0 });
        let duotone = Operation::Duotone(Duotone { dark, light });
        assert_eq!(pixel(&[0], duotone.clone()), [10, 0, 80]);
        assert_eq!(pixel(&[255, 255, 255, 7], duotone.clone()), [255, 200, 0, 7]);
        assert_eq!(pixel(&[51], duotone), [59, 40, 64]);
    }
}
