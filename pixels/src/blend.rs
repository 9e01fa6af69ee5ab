//! How the colours of a picture that is laid on another are mixed with those below: as libvips does, whose operators sharp has.

/// A mode, by the name that sharp and CSS have for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Blend {
    /// What is above hides what is below.
    #[default]
    Over,
    /// The product: never lighter.
    Multiply,
    /// The product of what is missing to white: never darker.
    Screen,
    /// The darker of the two.
    Darken,
    /// The lighter of the two.
    Lighten,
    /// Multiplied where it is dark below, screened where it is light.
    Overlay,
    /// The sum.
    Add,
    /// What is below, where something is above.
    DestIn,
    /// What is below, where nothing is above.
    DestOut,
}

impl Blend {
    /// Whether it takes away from the picture below, so that this needs alpha.
    pub fn cuts(self) -> bool {
        matches!(self, Self::DestIn | Self::DestOut)
    }

    /// A pixel of three or four channels below, under one with straight alpha, of which a share shows.
    pub fn pixel(self, below: &mut [u8], above: &[u8], opacity: f32) {
        let [below_alpha, above_alpha] = [below.get(3), above.get(3)].map(|a| f32::from(*a.unwrap_or(&255)) / 255.0);
        let above_alpha = above_alpha * opacity;
        let alpha = match self {
            Self::DestIn => below_alpha * above_alpha,
            Self::DestOut => below_alpha * (1.0 - above_alpha),
            Self::Add => (below_alpha + above_alpha).min(1.0),
            _ => above_alpha + below_alpha * (1.0 - above_alpha),
        };
        for (under, over) in below.iter_mut().zip(above).take(3) {
            // premultiplied, also within the modes, as libvips has them after sharp's premultiplication
            let (b, a) = (f32::from(*under) / 255.0 * below_alpha, f32::from(*over) / 255.0 * above_alpha);
            let mixed = match self {
                Self::Over => a + b * (1.0 - above_alpha),
                Self::Add => a + b,
                Self::DestIn => b * above_alpha,
                Self::DestOut => b * (1.0 - above_alpha),
                _ => a * (1.0 - below_alpha) + b * (1.0 - above_alpha) + self.mixed(a, b) * above_alpha * below_alpha,
            };
            *under = if alpha > 0.0 { (mixed / alpha * 255.0 + 0.5) as u8 } else { 0 };
        }
        if let Some(under) = below.get_mut(3) {
            *under = (alpha * 255.0 + 0.5) as u8;
        }
    }

    fn mixed(self, above: f32, below: f32) -> f32 {
        match self {
            Self::Multiply => above * below,
            Self::Screen => above + below - above * below,
            Self::Darken => above.min(below),
            Self::Lighten => above.max(below),
            Self::Overlay if below <= 0.5 => 2.0 * above * below,
            Self::Overlay => 1.0 - 2.0 * (1.0 - above) * (1.0 - below),
            _ => above,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What sharp 0.35 makes of five pairs of pixels.
    #[rustfmt::skip]
    const OF_SHARP: [(Blend, [[u8; 4]; 5]); 9] = [
        (
            Blend::Over,
            [[156, 129, 46, 227], [200, 90, 60, 255], [139, 144, 41, 255], [200, 90, 60, 255], [204, 217, 14, 238]],
        ),
        (
            Blend::Multiply,
            [[81, 100, 21, 227], [78, 63, 7, 255], [72, 119, 19, 255], [139, 66, 39, 255], [143, 134, 9, 238]],
        ),
        (
            Blend::Screen,
            [[133, 160, 42, 227], [221, 206, 82, 255], [118, 184, 38, 255], [202, 104, 62, 255], [215, 208, 26, 238]],
        ),
        (
            Blend::Darken,
            [[102, 109, 30, 227], [100, 90, 30, 255], [91, 123, 27, 255], [141, 80, 42, 255], [170, 165, 13, 238]],
        ),
        (
            Blend::Lighten,
            [[112, 151, 33, 227], [200, 180, 60, 255], [100, 180, 30, 255], [200, 90, 60, 255], [188, 177, 22, 238]],
        ),
        (
            Blend::Overlay,
            [[95, 119, 22, 227], [156, 157, 14, 255], [84, 158, 20, 255], [148, 74, 40, 255], [193, 183, 9, 238]],
        ),
        (
            Blend::Add,
            [[178, 186, 53, 255], [255, 255, 90, 255], [178, 215, 53, 255], [235, 153, 70, 255], [255, 255, 30, 255]],
        ),
        (
            Blend::DestIn,
            [[100, 180, 30, 100], [100, 180, 30, 255], [100, 179, 30, 100], [99, 180, 30, 90], [220, 179, 30, 141]],
        ),
        (Blend::DestOut, [[100, 179, 30, 99], [0, 0, 0, 0], [100, 180, 30, 155], [0, 0, 0, 0], [220, 180, 30, 58]]),
    ];
    const PAIRS: [([u8; 4], [u8; 4]); 5] = [
        ([100, 180, 30, 200], [200, 90, 60, 128]),
        ([100, 180, 30, 255], [200, 90, 60, 255]),
        ([100, 180, 30, 255], [200, 90, 60, 100]),
        ([100, 180, 30, 90], [200, 90, 60, 255]),
        ([220, 180, 30, 200], [200, 230, 10, 180]),
    ];

    #[test]
    fn every_mode_is_that_of_sharp() {
        for (mode, expected) in OF_SHARP {
            for ((below, above), expected) in PAIRS.into_iter().zip(expected) {
                let mut pixel = below;
                mode.pixel(&mut pixel, &above, 1.0);
                let most = pixel.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
                assert!(most <= Some(1), "{mode:?} of {below:?} and {above:?}: {pixel:?}, sharp {expected:?}");
            }
        }
    }

    #[test]
    fn what_is_not_there_changes_nothing_but_what_is_cut() {
        for (mode, _) in OF_SHARP {
            let mut pixel = [10, 20, 30];
            mode.pixel(&mut pixel, &[200, 200, 200, 0], 1.0);
            assert!(mode == Blend::DestIn || pixel == [10, 20, 30], "{mode:?}: {pixel:?}");
            let mut nothing = [9, 9, 9, 0];
            mode.pixel(&mut nothing, &[200, 100, 50, 255], 0.0);
            assert_eq!(nothing[3], 0);
        }
    }
}
