//! Built-in looks, on gamma-encoded samples; alpha is kept.

use super::widen;
use crate::edit::Style;
use crate::image::Pixels;

/// Applies a look. Black and white leaves one channel (and alpha), sepia three (and alpha).
#[inline(never)]
pub fn apply(mut image: Pixels, style: Option<Style>) -> Pixels {
    match style {
        None => (),
        Some(Style::Bw) => {
            deckle_pixels::luma(&mut image.data, image.channels);
            image.channels = if image.channels.is_multiple_of(2) { 2 } else { 1 };
        }
        Some(Style::Sepia) => {
            image = widen(image, true, false);
            deckle_pixels::sepia(&mut image.data, image.channels);
        }
        Some(Style::Negative) => deckle_pixels::negative(&mut image.data, image.channels),
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    fn pixel(data: &[u8], style: Style) -> Vec<u8> {
        let size = Size { width: 1, height: 1 };
        let out = apply(Pixels { size, channels: data.len() as u8, data: data.to_vec() }, Some(style));
        assert_eq!(out.data.len(), usize::from(out.channels));
        out.data
    }

    #[test]
    fn black_and_white_has_one_channel_and_alpha() {
        assert_eq!(pixel(&[255, 0, 0], Style::Bw), [54]);
        assert_eq!(pixel(&[0, 0, 255, 7], Style::Bw), [18, 7]);
        assert_eq!(pixel(&[9], Style::Bw), [9]);
        assert_eq!(pixel(&[9, 3], Style::Bw), [9, 3]);
    }

    #[test]
    fn grey_gains_colour_by_sepia() {
        assert_eq!(pixel(&[100, 150, 200, 9], Style::Sepia), [192, 171, 134, 9]);
        assert_eq!(pixel(&[100], Style::Sepia), [135, 120, 94]);
        assert_eq!(pixel(&[100, 1], Style::Sepia), [135, 120, 94, 1]);
    }

    #[test]
    fn a_negative_keeps_alpha() {
        assert_eq!(pixel(&[1, 2, 3, 4], Style::Negative), [254, 253, 252, 4]);
        assert_eq!(pixel(&[1, 4], Style::Negative), [254, 4]);
    }
}
