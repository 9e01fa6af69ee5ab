//! Colour management: pixels in whatever space the source's ICC profile says become sRGB.
//!
//! Done after resizing, where there are fewest pixels; by `moxcms`, with the profile's own rendering intent.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, ToneReprCurve, Transform8BitExecutor, TransformOptions};

/// What makes a source's samples sRGB: grey of grey, colour of colour, RGB of CMYK (255 for full ink).
pub(crate) enum Conversion {
    /// They are, or are taken to be: there is no profile, or one that does not fit the pixels or cannot be used.
    None,
    /// By its profile.
    Profile {
        transform: Arc<Transform8BitExecutor>,
        /// Samples a pixel has afterwards.
        channels: u8,
    },
    /// Inks without a profile are mixed plainly.
    Mix,
}

impl Conversion {
    pub fn new(icc: Option<&[u8]>, channels: u8, is_cmyk: bool) -> Self {
        let profile = icc.and_then(|icc| ColorProfile::new_from_slice(icc).ok());
        let conversion = profile.and_then(|profile| Self::by(&profile, channels, is_cmyk));
        conversion.unwrap_or(if is_cmyk { Self::Mix } else { Self::None })
    }

    /// `None` when the profile does not fit, or changes nothing.
    #[inline(never)]
    fn by(profile: &ColorProfile, from: u8, is_cmyk: bool) -> Option<Self> {
        let (space, layout, target, channels) = match (from, is_cmyk) {
            (4, true) => (DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb, 3),
            (1, _) => (DataColorSpace::Gray, Layout::Gray, Layout::Gray, 1),
            (2, _) => (DataColorSpace::Gray, Layout::GrayAlpha, Layout::GrayAlpha, 2),
            (3, _) => (DataColorSpace::Rgb, Layout::Rgb, Layout::Rgb, 3),
            _ => (DataColorSpace::Rgb, Layout::Rgba, Layout::Rgba, 4),
        };
        if profile.color_space != space || channels >= 3 && !is_cmyk && is_srgb(profile) {
            return None;
        }
        let srgb = if space == DataColorSpace::Gray { grey_srgb() } else { ColorProfile::new_srgb() };
        let options = TransformOptions { rendering_intent: profile.rendering_intent, ..TransformOptions::default() };
        let transform = profile.create_transform_8bit(layout, &srgb, target, options).ok()?;
        (is_cmyk || !is_identity(&transform, channels)).then_some(Self::Profile { transform, channels })
    }

    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Samples that a pixel of `from` has afterwards.
    pub fn channels(&self, from: u8) -> u8 {
        match self {
            Self::None => from,
            Self::Profile { channels, .. } => *channels,
            Self::Mix => 3,
        }
    }

    /// One row.
    pub fn row(&self, from: &[u8], to: &mut [u8]) {
        match self {
            Self::None => to.copy_from_slice(from),
            // lengths fit, so this cannot fail; were it to, the row would be black
            Self::Profile { transform, .. } => drop(transform.transform(from, to)),
            Self::Mix => mix(from, to),
        }
    }
}

/// Probed values of each channel.
const STEPS: [u8; 6] = [0, 20, 70, 128, 200, 255];

/// Whether no probed colour moves by more than a rounding: the profile is sRGB, whatever its name.
fn is_identity(transform: &Arc<Transform8BitExecutor>, channels: u8) -> bool {
    let colours = STEPS.iter().flat_map(|&a| STEPS.iter().flat_map(move |&b| STEPS.map(|c| [a, b, c, 255])));
    let colours: Vec<u8> = match usize::from(channels) {
        1 => STEPS.to_vec(),
        2 => STEPS.iter().flat_map(|&v| [v, 255]).collect(),
        n => colours.flat_map(|colour| colour.into_iter().take(n)).collect(),
    };
    let mut moved = vec![0; colours.len()];
    transform.transform(&colours, &mut moved).is_ok() && colours.iter().zip(&moved).all(|(a, b)| a.abs_diff(*b) <= 1)
}

/// Whether a profile of curves and a matrix moves no probed colour by more than a rounding. Most photos' profile is sRGB, and
/// to make a transform only to see that would cost a third of a thumbnail's time. `false` where it cannot be told so.
#[inline(never)]
fn is_srgb(profile: &ColorProfile) -> bool {
    // XYZ of D50 to linear sRGB: IEC 61966-2-1 with the adaptation of ICC.1, annex E
    const TO_SRGB: [[f64; 3]; 3] = [
        [3.134_135_9, -1.617_392_4, -0.490_661_9],
        [-0.978_795_5, 1.916_254_4, 0.033_442_7],
        [0.071_955_4, -0.228_977_0, 1.405_386_0],
    ];
    let luts = [&profile.lut_a_to_b_perceptual, &profile.lut_a_to_b_colorimetric, &profile.lut_a_to_b_saturation];
    if profile.cicp.is_some() || luts.iter().any(|lut| lut.is_some()) {
        return false;
    }
    let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
    let mut linear = [[0.0; STEPS.len()]; 3];
    for (linear, curve) in linear.iter_mut().zip(curves) {
        for (linear, step) in linear.iter_mut().zip(STEPS) {
            let Some(v) = curve.as_ref().and_then(|curve| evaluate(curve, f64::from(step) / 255.0)) else {
                return false;
            };
            *linear = v;
        }
    }
    let [r, g, b] = [profile.red_colorant, profile.green_colorant, profile.blue_colorant];
    let colorants = [[r.x, g.x, b.x], [r.y, g.y, b.y], [r.z, g.z, b.z]];
    let row = |weights: [f64; 3], v: [f64; 3]| weights[0] * v[0] + weights[1] * v[1] + weights[2] * v[2];
    let matrix = TO_SRGB.map(|weights| [0, 1, 2].map(|c: usize| row(weights, colorants.map(|xyz| xyz[c]))));
    let stays = |at: [usize; 3]| {
        let v = [0, 1, 2].map(|c: usize| linear[c][at[c]]);
        let near = |c: usize| (encoded(row(matrix[c], v)) * 255.0 - f64::from(STEPS[at[c]])).abs() <= 1.0;
        near(0) && near(1) && near(2)
    };
    let all = 0..STEPS.len();
    all.clone().all(|r| all.clone().all(|g| all.clone().all(|b| stays([r, g, b]))))
}

/// sRGB's transfer function.
fn encoded(linear: f64) -> f64 {
    let v = linear.clamp(0.0, 1.0);
    if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
}

/// A curve's value (ICC.1, 10.6 and 10.18); `None` for a kind that no sRGB profile has.
fn evaluate(curve: &ToneReprCurve, x: f64) -> Option<f64> {
    match curve {
        ToneReprCurve::Lut(entries) if entries.len() > 1 => {
            let at = x * (entries.len() - 1) as f64;
            let first = (at as usize).min(entries.len() - 2);
            let [a, b] = [entries[first], entries[first + 1]].map(f64::from);
            Some((a + (b - a) * (at - first as f64)) / 65_535.0)
        }
        ToneReprCurve::Parametric(parameters) => {
            let parameters: Vec<f64> = parameters.iter().map(|&p| p.into()).collect();
            match parameters[..] {
                [g] => Some(x.powf(g)),
                [g, a, b, c, d] => Some(if x >= d { (a * x + b).max(0.0).powf(g) } else { c * x }),
                _ => None,
            }
        }
        ToneReprCurve::Lut(_) => None,
    }
}

/// Grey with sRGB's transfer function.
fn grey_srgb() -> ColorProfile {
    let mut profile = ColorProfile::new_gray_with_gamma(2.2);
    profile.gray_trc = ColorProfile::new_srgb().red_trc;
    profile
}

/// CMYK to RGB as if inks were filters: R = (255 − C)(255 − K) / 255.
fn mix(from: &[u8], to: &mut [u8]) {
    for (rgb, &[c, m, y, k]) in to.as_chunks_mut::<3>().0.iter_mut().zip(from.as_chunks::<4>().0) {
        let white = 255 - u32::from(k);
        *rgb = [c, m, y].map(|ink| (((255 - u32::from(ink)) * white + 127) / 255) as u8);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    struct Row<'a>(&'a [u8], u8);

    fn image(data: &[u8], channels: u8) -> Row<'_> {
        Row(data, channels)
    }

    struct Converted {
        data: Vec<u8>,
    }

    fn to_srgb(Row(from, channels): Row<'_>, icc: Option<&[u8]>, is_cmyk: bool) -> Converted {
        let conversion = Conversion::new(icc, channels, is_cmyk);
        let width = from.len() / usize::from(channels);
        let mut data = vec![0; width * usize::from(conversion.channels(channels))];
        conversion.row(from, &mut data);
        Converted { data }
    }

    fn srgb_decode(v: f64) -> f64 {
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    }

    fn srgb_encode(v: f64) -> f64 {
        if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
    }

    #[test]
    fn display_p3_becomes_srgb_as_by_hand() {
        // linear Display P3 to linear sRGB, both D65: CSS Color 4 §18
        const MATRIX: [[f64; 3]; 3] = [
            [1.224_940_18, -0.224_940_18, 0.0],
            [-0.042_056_95, 1.042_056_95, 0.0],
            [-0.019_637_55, -0.078_636_05, 1.098_273_6],
        ];
        let profile = ColorProfile::new_display_p3().encode().unwrap();
        for p3 in [[200, 100, 50], [10, 200, 90], [128, 128, 128], [255, 0, 0], [90, 40, 220]] {
            let linear = p3.map(|v: u8| srgb_decode(f64::from(v) / 255.0));
            let expected = MATRIX.map(|row| {
                let v: f64 = row.iter().zip(linear).map(|(m, v)| m * v).sum();
                (srgb_encode(v.clamp(0.0, 1.0)) * 255.0).round() as u8
            });
            let rgb = to_srgb(image(&p3, 3), Some(&profile), false);
            assert!(
                rgb.data.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1),
                "{p3:?}: {:?}, not {expected:?}",
                rgb.data
            );
            let rgba = to_srgb(image(&[p3[0], p3[1], p3[2], 77], 4), Some(&profile), false);
            assert_eq!(rgba.data, [rgb.data.as_slice(), &[77]].concat());
        }
    }

    #[test]
    fn an_srgb_profile_changes_nothing() {
        let profile = ColorProfile::new_srgb().encode().unwrap();
        let every = (0..=255).flat_map(|v| [v, 255 - v, v / 2]).collect::<Vec<u8>>();
        assert_eq!(to_srgb(image(&every, 3), Some(&profile), false).data, every);
    }

    #[test]
    fn srgb_is_known_without_a_transform_and_others_are_not() {
        let known =
            |profile: &ColorProfile| is_srgb(&ColorProfile::new_from_slice(&profile.encode().unwrap()).unwrap());
        let mut srgb = ColorProfile::new_srgb();
        srgb.cicp = None;
        assert!(known(&srgb));
        let table = |entries: u32| {
            let entry = |i: u32| srgb_decode(f64::from(i) / f64::from(entries - 1)) * 65_535.0;
            Some(ToneReprCurve::Lut((0..entries).map(|i| entry(i).round() as u16).collect()))
        };
        (srgb.red_trc, srgb.green_trc, srgb.blue_trc) = (table(1024), table(1024), table(4096));
        assert!(known(&srgb));
        for mut other in [ColorProfile::new_display_p3(), ColorProfile::new_adobe_rgb(), ColorProfile::new_bt2020()] {
            other.cicp = None;
            assert!(!known(&other));
        }
    }

    #[test]
    fn grey_of_another_gamma_becomes_srgb_grey() {
        let profile = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
        let grey = to_srgb(image(&[0, 50, 128, 255], 1), Some(&profile), false);
        let expected =
            [0.0_f64, 50.0, 128.0, 255.0].map(|v| (srgb_encode((v / 255.0).powf(1.8)) * 255.0).round() as u8);
        assert!(grey.data.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1), "{:?}, not {expected:?}", grey.data);
    }

    #[test]
    fn a_profile_that_does_not_fit_the_pixels_is_ignored() {
        let profile = ColorProfile::new_display_p3().encode().unwrap();
        assert_eq!(to_srgb(image(&[9, 200], 1), Some(&profile), false).data, [9, 200]);
        assert_eq!(to_srgb(image(&[0, 255, 0, 0], 4), Some(&profile), true).data, [255, 0, 255]);
        assert_eq!(to_srgb(image(&[1, 2, 3], 3), Some(b"no profile"), false).data, [1, 2, 3]);
    }

    #[test]
    fn no_damaged_profile_panics() {
        let profile = ColorProfile::new_display_p3().encode().unwrap();
        for at in 0..profile.len() {
            for value in [0, 0x7f, 0xff] {
                let mut damaged = profile.clone();
                damaged[at] = value;
                let _ = to_srgb(image(&[1, 2, 3], 3), Some(&damaged), false);
            }
            let _ = to_srgb(image(&[1, 2, 3], 3), Some(&profile[..at]), false);
        }
    }
}
