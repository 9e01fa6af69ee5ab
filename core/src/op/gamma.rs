//! Gamma: each sample to a power; alpha is kept.

use deckle_pixels::{Step, Tones};

use super::{ONE, decimal, table};

/// What sharp does before and after it resizes, one after the other: samples to the power of `darken`, rounded, then to that of
/// 1 / `brighten`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gamma {
    /// In ten-thousandths; above 10,000 is darker.
    pub darken: u32,
    /// In ten-thousandths; above 10,000 is brighter.
    pub brighten: u32,
}

impl Gamma {
    pub(super) fn steps(self) -> Vec<Step> {
        let power = |exponent: f32| {
            let exponent = if exponent.is_finite() { exponent } else { 1.0 };
            Step::Tones(Tones::of_colours(table(|v| (v / 255.0).powf(exponent) * 255.0)))
        };
        let of = |v: u32| decimal(i32::try_from(v).unwrap_or(ONE));
        vec![power(of(self.darken)), power(1.0 / of(self.brighten))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn mid_tones_move_and_the_ends_stay() {
        let brighter = Operation::Gamma(Gamma { darken: 10_000, brighten: 22_000 });
        assert_eq!(pixel(&[0, 55, 255, 9], brighter), [0, 127, 255, 9]);
        let darker = Operation::Gamma(Gamma { darken: 22_000, brighten: 10_000 });
        assert_eq!(pixel(&[0, 127, 255], darker), [0, 55, 255]);
    }

    #[test]
    fn a_gamma_of_nothing_changes_no_end() {
        assert_eq!(pixel(&[0, 9, 255], Operation::Gamma(Gamma { darken: 0, brighten: 0 })), [255; 3]);
    }
}
