//! What a sample's value means in light, for images that say so without a profile, and its value in sRGB.
//!
//! Source: ITU-T H.273 (2023), table 3; ITU-R BT.2100 (PQ, HLG); PNG, third edition, 11.3.2 (gAMA).

/// A function from samples, 0 to 1, to light, 0 to 1 or beyond for what is brighter than white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    Srgb,
    /// Light is the sample to this power.
    Power(f64),
    Bt709,
    Smpte240,
    /// Light is 10 to the power of so many times what the sample lacks to 1.
    Log(f64),
    /// Light of a cinema's projector.
    Smpte428,
    Pq,
    Hlg,
}

/// Nits of white, and of the brightest that a picture of high dynamic range is taken to show: BT.2408.
const WHITE_NITS: f64 = 203.0;
const PEAK_NITS: f64 = 1000.0;

impl Curve {
    /// By its number in H.273. `None` for those that are reserved or say nothing.
    pub fn of_h273(number: u8) -> Option<Self> {
        Some(match number {
            1 | 6 | 11 | 12 | 14 | 15 => Self::Bt709,
            4 => Self::Power(2.2),
            5 => Self::Power(2.8),
            7 => Self::Smpte240,
            8 => Self::Power(1.0),
            9 => Self::Log(2.0),
            10 => Self::Log(2.5),
            13 => Self::Srgb,
            16 => Self::Pq,
            17 => Self::Smpte428,
            18 => Self::Hlg,
            _ => return None,
        })
    }

    fn light(self, v: f64) -> f64 {
        match self {
            Self::Srgb if v <= 0.040_45 => v / 12.92,
            Self::Srgb => ((v + 0.055) / 1.055).powf(2.4),
            Self::Power(power) => v.powf(power),
            Self::Bt709 if v < 0.081 => v / 4.5,
            Self::Bt709 => ((v + 0.099) / 1.099).powf(1.0 / 0.45),
            Self::Smpte240 if v < 0.091_3 => v / 4.0,
            Self::Smpte240 => ((v + 0.111_5) / 1.111_5).powf(1.0 / 0.45),
            Self::Log(_) if v <= 0.0 => 0.0,
            Self::Log(decades) => 10_f64.powf(decades * (v - 1.0)),
            Self::Smpte428 => v.powf(2.6) * 52.37 / 48.0,
            Self::Pq => {
                let root = v.powf(1.0 / 78.843_75);
                let light =
                    ((root - 0.835_937_5).max(0.0) / (18.851_562_5 - 18.6875 * root)).powf(1.0 / 0.159_301_757_812_5);
                shown(light * 10_000.0)
            }
            Self::Hlg => {
                let scene = if v <= 0.5 {
                    v * v / 3.0
                } else {
                    (((v - 0.559_910_73) / 0.178_832_77).exp() + 0.284_668_92) / 12.0
                };
                shown(scene.powf(1.2) * PEAK_NITS)
            }
        }
    }
}

/// Light of so many nits on a screen that shows no more than white: Reinhard's curve, which leaves dark colours and makes the peak white.
fn shown(nits: f64) -> f64 {
    let (light, peak) = (nits / WHITE_NITS, PEAK_NITS / WHITE_NITS);
    light * (1.0 + light / (peak * peak)) / (1.0 + light)
}

/// How samples are encoded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transfer {
    pub curve: Curve,
    /// Whether black is 16 and white 235, of 8 bits, as in video.
    pub is_narrow: bool,
}

impl Transfer {
    /// sRGB's value of every sample of 8 bits, or of 16: the function rises, so that where both ends of a stretch have the same value,
    /// all of it has.
    pub fn table(self, is_wide: bool) -> Vec<u8> {
        let mut table = vec![0; if is_wide { 65_536 } else { 256 }];
        let last = table.len() - 1;
        let (from, to) = (self.srgb(0.0, is_wide), self.srgb(1.0, is_wide));
        self.fill(&mut table, (0, from), (last, to), last as f64, is_wide);
        table
    }

    fn fill(self, table: &mut [u8], from: (usize, u8), to: (usize, u8), scale: f64, is_wide: bool) {
        if from.1 == to.1 {
            table[from.0..=to.0].fill(from.1);
        } else if to.0 - from.0 <= 1 {
            (table[from.0], table[to.0]) = (from.1, to.1);
        } else {
            let middle = usize::midpoint(from.0, to.0);
            let middle = (middle, self.srgb(middle as f64 / scale, is_wide));
            self.fill(table, from, middle, scale, is_wide);
            self.fill(table, middle, to, scale, is_wide);
        }
    }

    fn srgb(self, sample: f64, is_wide: bool) -> u8 {
        let v = match (self.is_narrow, is_wide) {
            (false, _) => sample,
            (true, false) => (sample * 255.0 - 16.0) / 219.0,
            (true, true) => (sample * 65_535.0 / 256.0 - 16.0) / 219.0,
        };
        let light = self.curve.light(v.clamp(0.0, 1.0)).clamp(0.0, 1.0);
        let encoded = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (encoded * 255.0).round() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(curve: Curve) -> Vec<u8> {
        Transfer { curve, is_narrow: false }.table(false)
    }

    #[test]
    fn srgb_is_the_identity() {
        assert!(table(Curve::Srgb).iter().zip(0..=255).all(|(&a, b)| a == b));
    }

    #[test]
    fn linear_light_and_powers_are_srgb_as_by_hand() {
        let linear = table(Curve::Power(1.0));
        assert_eq!([linear[0], linear[1], linear[55], linear[128], linear[255]], [0, 13, 128, 188, 255]);
        // 128 of a Macintosh's 1.8
        assert_eq!(table(Curve::Power(1.8))[128], 146);
        assert_eq!(table(Curve::Bt709)[128], 140);
    }

    #[test]
    fn every_curve_rises_from_black_to_white() {
        for curve in (0..=255).filter_map(Curve::of_h273) {
            let table = table(curve);
            assert!(table.is_sorted() && table[255] == 255, "{curve:?}: {table:?}");
            assert!(table[0] == 0 || matches!(curve, Curve::Log(_)), "{curve:?}");
        }
    }

    #[test]
    fn a_table_of_16_bits_is_the_function_and_not_an_approximation() {
        for curve in [Curve::Power(1.0), Curve::Pq, Curve::Hlg, Curve::Log(2.5)] {
            for is_narrow in [false, true] {
                let transfer = Transfer { curve, is_narrow };
                let table = transfer.table(true);
                for at in (0..65_536).step_by(37) {
                    assert_eq!(table[at], transfer.srgb(at as f64 / 65_535.0, true), "{curve:?} {at}");
                }
            }
        }
    }

    #[test]
    fn videos_range_ends_at_16_and_235() {
        let transfer = Transfer { curve: Curve::Srgb, is_narrow: true };
        let table = transfer.table(false);
        assert_eq!([table[0], table[16], table[17], table[235], table[255]], [0, 0, 1, 255, 255]);
        let wide = transfer.table(true);
        assert_eq!([wide[16 << 8], wide[126 << 8], wide[235 << 8]], [0, table[126], 255]);
    }

    #[test]
    fn high_dynamic_range_keeps_dark_colours_and_ends_at_white() {
        let pq = Transfer { curve: Curve::Pq, is_narrow: false }.table(true);
        // 1, 203 and 1,000 nits in PQ
        let at = |v: f64| pq[(v * 65_535.0).round() as usize];
        assert_eq!(at(0.1499), (srgb(1.0 / 203.0) * 255.0).round() as u8);
        assert_eq!((at(0.5807), at(0.7518)), (191, 255));
        let hlg = Transfer { curve: Curve::Hlg, is_narrow: false }.table(true);
        assert!(hlg[(0.75 * 65_535.0) as usize].abs_diff(191) <= 1);
    }

    fn srgb(light: f64) -> f64 {
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
    }
}
