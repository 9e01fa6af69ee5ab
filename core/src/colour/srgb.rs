//! Whether a profile is sRGB, read from its bytes alone: most photos' is, and to read all of it and make a transform only to see
//! that would cost a third of a thumbnail's time.
//!
//! Source: ICC.1:2022, clause 9.2 (required tags); IEC 61966-2-1.

use super::icc::Icc;

/// Probed values of each channel.
pub const STEPS: [u8; 6] = [0, 20, 70, 128, 200, 255];

/// For each of them, linear light of the values one below and one above.
const BOUNDS: [(f64, f64); STEPS.len()] = [
    (f64::NEG_INFINITY, 0.000_303_527),
    (0.006_512_1, 0.007_499_0),
    (0.059_511_2, 0.063_010_0),
    (0.212_230_8, 0.219_526_2),
    (0.571_124_8, 0.584_078_4),
    (0.991_102_1, f64::INFINITY),
];

/// XYZ of D50 to linear sRGB, with the adaptation of ICC.1, annex E.
pub const FROM_XYZ: [[f64; 3]; 3] = [
    [3.134_135_9, -1.617_392_4, -0.490_661_9],
    [-0.978_795_5, 1.916_254_4, 0.033_442_7],
    [0.071_955_4, -0.228_977_0, 1.405_386_0],
];

/// Whether a profile of curves and a matrix moves no probed colour by more than one 255th. `false` where it cannot be told so.
#[inline(never)]
pub fn is_srgb(icc: &[u8]) -> bool {
    let profile = Icc(icc);
    let is_plain = profile.bytes(16) == Some(*b"RGB ")
        && profile.bytes(20) == Some(*b"XYZ ")
        && [b"A2B0", b"A2B1", b"A2B2", b"D2B0", b"D2B1", b"D2B2", b"cicp"]
            .iter()
            .all(|&name| profile.tag(name).is_none());
    is_plain && is_near_srgb(profile).unwrap_or(false)
}

/// A curve's value at a probed one.
fn curve(data: Icc<'_>, step: u8) -> Option<f64> {
    let x = f64::from(step) / 255.0;
    match &data.bytes(0)? {
        b"curv" => {
            let count = u32::from_be_bytes(data.bytes(8)?) as usize;
            let entry = |i: usize| {
                Some(f64::from(u16::from_be_bytes(data.bytes(i.checked_mul(2)?.checked_add(12)?)?)) / 65_535.0)
            };
            // fewer entries stand for a pure power or for the identity; sRGB is neither
            let last = count.checked_sub(1).filter(|&last| last > 0)?;
            let at = x * last as f64;
            let first = (at as usize).min(last - 1);
            let (a, b) = (entry(first)?, entry(first + 1)?);
            Some(a + (b - a) * (at - first as f64))
        }
        b"para" if data.bytes(8)? == [0, 3] => {
            let [a, b, c, d] = [data.fixed(16)?, data.fixed(20)?, data.fixed(24)?, data.fixed(28)?];
            Some(if x >= d { (a * x + b).max(0.0).powf(data.fixed(12)?) } else { c * x })
        }
        _ => None,
    }
}

fn is_near_srgb(icc: Icc<'_>) -> Option<bool> {
    let mut linear = [[0.0; STEPS.len()]; 3];
    for (linear, name) in linear.iter_mut().zip([b"rTRC", b"gTRC", b"bTRC"]) {
        let data = icc.tag(name)?;
        for (linear, step) in linear.iter_mut().zip(STEPS) {
            *linear = curve(data, step)?;
        }
    }
    let [r, g, b] = [icc.tag(b"rXYZ")?.xyz()?, icc.tag(b"gXYZ")?.xyz()?, icc.tag(b"bXYZ")?.xyz()?];
    let column = |xyz: [f64; 3]| FROM_XYZ.map(|row| row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]);
    let columns = [column(r), column(g), column(b)];
    let steps = STEPS.len();
    Some((0..steps.pow(3)).all(|i| {
        let at = [i / (steps * steps), i / steps % steps, i % steps];
        (0..3).all(|c| {
            let v: f64 = (0..3).map(|from| columns[from][c] * linear[from][at[from]]).sum();
            let (low, high) = BOUNDS[at[c]];
            low <= v && v <= high
        })
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use moxcms::{ColorProfile, ToneReprCurve};

    use super::*;

    fn decoded(v: f64) -> f64 {
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    }

    fn without_cicp(mut profile: ColorProfile) -> ColorProfile {
        profile.cicp = None;
        profile
    }

    fn is_known(profile: &ColorProfile) -> bool {
        is_srgb(&profile.encode().unwrap())
    }

    #[test]
    fn bounds_are_those_of_the_transfer_function() {
        for (step, (low, high)) in STEPS.into_iter().zip(BOUNDS) {
            let near = |bound: f64, value: i32| match value {
                0..=255 => (bound - decoded(f64::from(value) / 255.0)).abs() < 1e-7,
                _ => bound.is_infinite(),
            };
            assert!(near(low, i32::from(step) - 1) && near(high, i32::from(step) + 1), "{step}");
        }
    }

    #[test]
    fn srgb_is_known_by_parameters_and_by_tables() {
        let mut srgb = without_cicp(ColorProfile::new_srgb());
        assert!(is_known(&srgb));
        let table = |entries: u32| {
            let entry = |i: u32| decoded(f64::from(i) / f64::from(entries - 1)) * 65_535.0;
            Some(ToneReprCurve::Lut((0..entries).map(|i| entry(i).round() as u16).collect()))
        };
        (srgb.red_trc, srgb.green_trc, srgb.blue_trc) = (table(1024), table(1024), table(4096));
        assert!(is_known(&srgb));
    }

    #[test]
    fn other_profiles_are_not_taken_for_it() {
        for other in [ColorProfile::new_display_p3(), ColorProfile::new_adobe_rgb(), ColorProfile::new_bt2020()] {
            assert!(!is_known(&without_cicp(other)));
        }
        // another gamma alone, other primaries alone
        let mut gamma = without_cicp(ColorProfile::new_srgb());
        let power = Some(ToneReprCurve::Lut(
            (0..1024).map(|i| ((f64::from(i) / 1023.0).powf(1.8) * 65_535.0) as u16).collect(),
        ));
        (gamma.red_trc, gamma.green_trc, gamma.blue_trc) = (power.clone(), power.clone(), power);
        assert!(!is_known(&gamma));
        let mut primaries = without_cicp(ColorProfile::new_srgb());
        std::mem::swap(&mut primaries.red_colorant, &mut primaries.green_colorant);
        assert!(!is_known(&primaries));
        assert!(!is_known(&ColorProfile::new_gray_with_gamma(2.2)));
    }

    #[test]
    fn what_is_cut_off_or_damaged_is_not_known_and_does_not_panic() {
        let profile = without_cicp(ColorProfile::new_srgb()).encode().unwrap();
        for end in 0..profile.len() - 40 {
            let _ = is_srgb(&profile[..end]);
        }
        assert!(!is_srgb(&profile[..140]));
        for at in 0..profile.len() {
            for value in [0, 0x7f, 0xff] {
                let mut damaged = profile.clone();
                damaged[at] = value;
                let _ = is_srgb(&damaged);
            }
        }
    }
}
