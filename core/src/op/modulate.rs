//! Brightness, saturation, hue and lightness, as sharp's `modulate` has them: in CIE LCh, grey stays grey and alpha is kept.

use deckle_pixels::{Lab, Step};

use super::{ONE, decimal};

/// How lightness, chroma and hue change; the default changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Modulate {
    /// L* is multiplied by this, in ten-thousandths.
    pub brightness: i32,
    /// Chroma is multiplied by this, in ten-thousandths.
    pub saturation: i32,
    /// The hue is turned by this, in ten-thousandths of a degree.
    pub hue: i32,
    /// This is added to L*, 0 to 100, in ten-thousandths; after brightness.
    pub lightness: i32,
}

impl Default for Modulate {
    fn default() -> Self {
        Self { brightness: ONE, saturation: ONE, hue: 0, lightness: 0 }
    }
}

impl Modulate {
    pub(super) fn steps(self) -> Vec<Step> {
        let Self { brightness, saturation, hue, lightness } = self;
        let turned = decimal(hue % (360 * ONE));
        vec![Step::Lab(Box::new(Lab::new(decimal(brightness), decimal(lightness), decimal(saturation), turned)))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn without_saturation_a_colour_is_grey_and_opposite_hues_are_opposite() {
        let grey = Operation::Modulate(Modulate { saturation: 0, ..Modulate::default() });
        let [r, g, b, a] = pixel(&[200, 30, 90, 7], grey)[..] else { unreachable!() };
        assert!(r == g && g == b && a == 7);
        let turned = |degrees: i32| Operation::Modulate(Modulate { hue: degrees * ONE, ..Modulate::default() });
        let red = pixel(&[160, 100, 100], turned(180));
        assert!(red[0] < red[1] && red[0] < red[2], "{red:?}");
        assert_eq!(pixel(&[160, 100, 100], turned(360)), [160, 100, 100]);
        assert_eq!(pixel(&[160, 100, 100], turned(-60)), pixel(&[160, 100, 100], turned(300)));
    }

    #[test]
    fn lightness_is_of_a_hundred_and_the_ends_hold() {
        let lighter = |lightness| Operation::Modulate(Modulate { lightness, ..Modulate::default() });
        assert_eq!(pixel(&[119], lighter(0)), [119]);
        assert_eq!(pixel(&[0], lighter(100 * ONE)), [255]);
        assert_eq!(pixel(&[255], lighter(-100 * ONE)), [0]);
        assert_eq!(pixel(&[9, 100, 3], lighter(i32::MIN)), [0, 0, 0]);
    }
}
