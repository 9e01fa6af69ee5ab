//! Built-in looks, on gamma-encoded samples; alpha is kept.

use super::{compact, widen};
use crate::edit::Style;
use crate::image::Pixels;

/// Applies a look. Black and white leaves one channel (and alpha), sepia three (and alpha).
#[inline(never)]
pub fn apply(image: Pixels, style: Option<Style>) -> Pixels {
    match style {
        None => image,
        Some(Style::Bw) => bw(image),
        Some(Style::Sepia) => sepia(image),
        Some(Style::Negative) => negative(image),
    }
}

/// Rec. 709 luma.
fn bw(mut image: Pixels) -> Pixels {
    match image.channels {
        3 => compact(&mut image.data, |[r, g, b]| [luma(r, g, b)]),
        4 => compact(&mut image.data, |[r, g, b, a]| [luma(r, g, b), a]),
        _ => return image,
    }
    Pixels { channels: image.channels - 2, ..image }
}

/// 0.2126 R + 0.7152 G + 0.0722 B, in 65,536ths, rounded to nearest.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((13_933 * u32::from(r) + 46_871 * u32::from(g) + 4_732 * u32::from(b) + 32_768) >> 16) as u8
}

/// The matrix of the Filter Effects Module's `sepia(1)`, in thousandths.
const SEPIA: [[u32; 3]; 3] = [[393, 769, 189], [349, 686, 168], [272, 534, 131]];

fn sepia(image: Pixels) -> Pixels {
    let mut image = widen(image, true, false);
    let channels = usize::from(image.channels);
    for pixel in image.data.chunks_exact_mut(channels) {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
        for (sample, [from_r, from_g, from_b]) in pixel.iter_mut().zip(SEPIA) {
            *sample = ((from_r * r + from_g * g + from_b * b + 500) / 1000).min(255) as u8;
        }
    }
    image
}

fn negative(mut image: Pixels) -> Pixels {
    let channels = usize::from(image.channels);
    // two and four channels end in alpha
    let colours = if channels.is_multiple_of(2) { channels - 1 } else { channels };
    for pixel in image.data.chunks_exact_mut(channels) {
        pixel.iter_mut().take(colours).for_each(|sample| *sample = 255 - *sample);
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    fn pixel(data: &[u8], style: Style) -> Vec<u8> {
        let size = Size { width: 1, height: 1 };
        apply(Pixels { size, channels: data.len() as u8, data: data.to_vec() }, Some(style)).data
    }

    #[test]
    fn black_and_white_is_luma_rounded() {
        assert_eq!(pixel(&[255, 0, 0], Style::Bw), [54]);
        assert_eq!(pixel(&[0, 255, 0], Style::Bw), [182]);
        assert_eq!(pixel(&[0, 0, 255, 7], Style::Bw), [18, 7]);
        assert_eq!(pixel(&[9], Style::Bw), [9]);
        assert_eq!(pixel(&[9, 3], Style::Bw), [9, 3]);
    }

    #[test]
    fn greys_keep_their_value_in_black_and_white() {
        assert!((0..=255).all(|v| pixel(&[v, v, v], Style::Bw) == [v]));
    }

    #[test]
    fn luma_is_within_a_rounding_of_the_exact_sum() {
        for r in (0..=255).step_by(5) {
            for g in (0..=255).step_by(5) {
                for b in (0..=255).step_by(5) {
                    let exact = 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
                    assert!((f64::from(luma(r, g, b)) - exact).abs() <= 0.505, "{r} {g} {b}");
                }
            }
        }
    }

    #[test]
    fn sepia_is_the_matrix_and_grey_gains_colour() {
        assert_eq!(pixel(&[100, 150, 200, 9], Style::Sepia), [192, 171, 134, 9]);
        assert_eq!(pixel(&[255, 255, 255], Style::Sepia), [255, 255, 239]);
        assert_eq!(pixel(&[100], Style::Sepia), [135, 120, 94]);
        assert_eq!(pixel(&[100, 1], Style::Sepia), [135, 120, 94, 1]);
    }

    #[test]
    fn a_negative_keeps_alpha_and_undoes_itself() {
        assert_eq!(pixel(&[1, 2, 3, 4], Style::Negative), [254, 253, 252, 4]);
        assert_eq!(pixel(&[1, 4], Style::Negative), [254, 4]);
        assert_eq!(pixel(&pixel(&[10, 20, 30], Style::Negative), Style::Negative), [10, 20, 30]);
    }
}
