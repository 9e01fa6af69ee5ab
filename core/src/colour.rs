//! Colour management: pixels in whatever space the source's ICC profile says become sRGB.
//!
//! Done after resizing, where there are fewest pixels; by `moxcms`, with the profile's own rendering intent.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

use crate::image::Pixels;

/// Converts to sRGB: grey to grey, colour to colour, CMYK (255 for full ink) to RGB. Without a profile, or with one that
/// does not fit the pixels or cannot be used, grey and colour are taken for sRGB already and inks are mixed plainly.
pub(crate) fn to_srgb(image: Pixels, icc: Option<&[u8]>, is_cmyk: bool) -> Pixels {
    let profile = icc.and_then(|icc| ColorProfile::new_from_slice(icc).ok());
    let converter = profile.and_then(|profile| Converter::new(&profile, image.channels, is_cmyk));
    match (converter, is_cmyk) {
        (Some(converter), _) => converter.apply(image),
        (None, true) => mix(image),
        (None, false) => image,
    }
}

struct Converter {
    transform: Arc<Transform8BitExecutor>,
    channels: u8,
}

impl Converter {
    /// `None` when the profile does not fit, or changes nothing.
    fn new(profile: &ColorProfile, from: u8, is_cmyk: bool) -> Option<Self> {
        let (space, layout, target, channels) = match (from, is_cmyk) {
            (4, true) => (DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb, 3),
            (1, _) => (DataColorSpace::Gray, Layout::Gray, Layout::Gray, 1),
            (2, _) => (DataColorSpace::Gray, Layout::GrayAlpha, Layout::GrayAlpha, 2),
            (3, _) => (DataColorSpace::Rgb, Layout::Rgb, Layout::Rgb, 3),
            _ => (DataColorSpace::Rgb, Layout::Rgba, Layout::Rgba, 4),
        };
        if profile.color_space != space {
            return None;
        }
        let srgb = if space == DataColorSpace::Gray { grey_srgb() } else { ColorProfile::new_srgb() };
        let options = TransformOptions { rendering_intent: profile.rendering_intent, ..TransformOptions::default() };
        let transform = profile.create_transform_8bit(layout, &srgb, target, options).ok()?;
        let converter = Self { transform, channels };
        (is_cmyk || !converter.is_identity()).then_some(converter)
    }

    /// Whether no probed colour moves by more than a rounding: the profile is sRGB, whatever its name.
    fn is_identity(&self) -> bool {
        const STEPS: [u8; 6] = [0, 20, 70, 128, 200, 255];
        let channels = usize::from(self.channels);
        let colours = STEPS.iter().flat_map(|&a| STEPS.iter().flat_map(move |&b| STEPS.map(|c| [a, b, c, 255])));
        let colours: Vec<u8> = match channels {
            1 => STEPS.to_vec(),
            2 => STEPS.iter().flat_map(|&v| [v, 255]).collect(),
            n => colours.flat_map(|colour| colour.into_iter().take(n)).collect(),
        };
        let mut moved = vec![0; colours.len()];
        self.transform.transform(&colours, &mut moved).is_ok() && colours.iter().zip(&moved).all(|(a, b)| a.abs_diff(*b) <= 1)
    }

    fn apply(&self, image: Pixels) -> Pixels {
        let row = image.size.width as usize * usize::from(image.channels);
        let width = image.size.width as usize * usize::from(self.channels);
        let mut data = vec![0; width * image.size.height as usize];
        for (from, to) in image.data.chunks_exact(row).zip(data.chunks_exact_mut(width)) {
            // lengths fit, so this cannot fail; were it to, the row would be black
            let _ = self.transform.transform(from, to);
        }
        Pixels { size: image.size, channels: self.channels, data }
    }
}

/// Grey with sRGB's transfer function.
fn grey_srgb() -> ColorProfile {
    let mut profile = ColorProfile::new_gray_with_gamma(2.2);
    profile.gray_trc = ColorProfile::new_srgb().red_trc;
    profile
}

/// CMYK to RGB as if inks were filters: R = (255 − C)(255 − K) / 255.
fn mix(mut image: Pixels) -> Pixels {
    let pixels = image.data.len() / 4;
    for i in 0..pixels {
        let white = 255 - u32::from(image.data[4 * i + 3]);
        for j in 0..3 {
            let bare = 255 - u32::from(image.data[4 * i + j]);
            image.data[3 * i + j] = ((bare * white + 127) / 255) as u8;
        }
    }
    image.data.truncate(3 * pixels);
    Pixels { channels: 3, ..image }
}
