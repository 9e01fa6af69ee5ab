//! Colour management: pixels in whatever space the source's ICC profile says become sRGB.
//!
//! Done after resizing, when there are fewest pixels. Grey and colour are converted by `moxcms`, with the profile's own rendering intent;
//! inks by a table of ours.

mod device_table;
mod icc;
mod inks;
mod primaries;
mod srgb;
mod transfer;

/// What an ICC profile is called.
pub(crate) fn profile_name(icc: &[u8]) -> Option<String> {
    icc::Icc(icc).description()
}

/// Whether a profile is of pixels with so many channels that are not inks, and can be kept beside them.
pub(crate) fn is_of(icc: &[u8], channels: u8) -> bool {
    let profile = icc::Icc(icc);
    let space = if channels < 3 { b"GRAY" } else { b"RGB " };
    profile.bytes(16) == Some(*space) && profile.bytes(36) == Some(*b"acsp") && profile.u32(0) == Some(icc.len())
}

/// Display P3's.
pub(crate) fn display_p3() -> Option<Vec<u8>> {
    Primaries::of_h273(12)?.profile("Display P3")
}

pub(crate) use primaries::Primaries;
pub(crate) use transfer::{Curve, Transfer};

use std::sync::Arc;

use deckle_pixels::InkTable;
use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

use srgb::{STEPS, is_srgb};

/// What makes a source's samples sRGB: grey of grey, colour of colour, RGB of CMYK (255 for full ink).
pub(crate) enum Conversion {
    /// No conversion: there is no profile, or it does not fit the pixels, cannot be read, or changes no colour.
    None,
    /// By its profile.
    Profile(Arc<Transform8BitExecutor>),
    /// Inks, by their profile.
    Inks(Box<InkTable>),
    /// Inks without a profile that can be used, as a press prints them.
    Press(Box<InkTable>),
    /// Inks without a profile that can be used, each taken to absorb its complement.
    NaiveCmyk,
}

impl Conversion {
    pub fn new(icc: Option<&[u8]>, channels: u8, is_cmyk: bool) -> Self {
        let conversion = match icc {
            _ if is_cmyk => return Self::of_inks(icc),
            Some(icc) if !is_srgb(icc) => Self::by(icc, channels, ColorProfile::new_srgb),
            _ => None,
        };
        conversion.unwrap_or(Self::None)
    }

    /// To Display P3 in place of sRGB; of colours.
    #[inline(never)]
    pub fn to_p3(icc: Option<&[u8]>, channels: u8) -> Self {
        icc.and_then(|icc| Self::by(icc, channels, ColorProfile::new_display_p3)).unwrap_or(Self::None)
    }

    #[inline(never)]
    fn of_inks(icc: Option<&[u8]>) -> Self {
        match icc.and_then(inks::by_profile) {
            Some(table) => Self::Inks(Box::new(table)),
            None => inks::press().map_or(Self::NaiveCmyk, |table| Self::Press(Box::new(table))),
        }
    }

    /// `None` when the profile cannot be read, does not fit, or changes nothing.
    #[inline(never)]
    fn by(icc: &[u8], from: u8, to: fn() -> ColorProfile) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(icc).ok()?;
        let (space, layout) = match from {
            1 => (DataColorSpace::Gray, Layout::Gray),
            2 => (DataColorSpace::Gray, Layout::GrayAlpha),
            3 => (DataColorSpace::Rgb, Layout::Rgb),
            _ => (DataColorSpace::Rgb, Layout::Rgba),
        };
        if profile.color_space != space {
            return None;
        }
        let to = if space == DataColorSpace::Gray { grey_srgb() } else { to() };
        let options = TransformOptions { rendering_intent: profile.rendering_intent, ..TransformOptions::default() };
        let transform = profile.create_transform_8bit(layout, &to, layout, options).ok()?;
        (!is_identity(&transform, from)).then_some(Self::Profile(transform))
    }

    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Samples that a pixel of `from` has afterwards.
    pub fn channels(&self, from: u8) -> u8 {
        match self {
            Self::None | Self::Profile(_) => from,
            Self::Inks(_) | Self::Press(_) | Self::NaiveCmyk => 3,
        }
    }

    /// One row.
    pub fn row(&self, from: &[u8], to: &mut [u8]) {
        match self {
            Self::None => to.copy_from_slice(from),
            // lengths fit, so this cannot fail; were it to, the row would be black
            Self::Profile(transform) => drop(transform.transform(from, to)),
            Self::Inks(table) | Self::Press(table) => table.row(from, to),
            Self::NaiveCmyk => deckle_pixels::naive_cmyk(from, to),
        }
    }
}

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

/// Grey with sRGB's transfer function.
fn grey_srgb() -> ColorProfile {
    let mut profile = ColorProfile::new_gray_with_gamma(2.2);
    profile.gray_trc = ColorProfile::new_srgb().red_trc;
    profile
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
        assert_eq!(
            to_srgb(image(&[0, 255, 0, 0], 4), Some(&profile), true).data,
            to_srgb(image(&[0, 255, 0, 0], 4), None, true).data
        );
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
