//! Black and white, sepia, negative: on gamma-encoded samples; alpha is kept.

use crate::compact;

/// Black and white: Rec. 709 luma of RGB, one channel where there were three. Grey is left as it is.
#[inline(never)]
pub fn luma(data: &mut Vec<u8>, channels: u8) {
    match channels {
        3 => compact(data, |[r, g, b]| [of(r, g, b)]),
        4 => compact(data, |[r, g, b, a]| [of(r, g, b), a]),
        _ => (),
    }
}

/// 0.2126 R + 0.7152 G + 0.0722 B, in 65,536ths, rounded to nearest.
fn of(r: u8, g: u8, b: u8) -> u8 {
    ((13_933 * u32::from(r) + 46_871 * u32::from(g) + 4_732 * u32::from(b) + 32_768) >> 16) as u8
}

/// The matrix of the Filter Effects Module's `sepia(1)`, in thousandths.
const SEPIA: [[u32; 3]; 3] = [[393, 769, 189], [349, 686, 168], [272, 534, 131]];

/// Brown tones. Pixels of 3 or 4 samples.
#[inline(never)]
pub fn sepia(data: &mut [u8], channels: u8) {
    for pixel in data.chunks_exact_mut(usize::from(channels)) {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
        for (sample, [from_r, from_g, from_b]) in pixel.iter_mut().zip(SEPIA) {
            *sample = ((from_r * r + from_g * g + from_b * b + 500) / 1000).min(255) as u8;
        }
    }
}

/// 255 minus each sample, without alpha.
#[inline(never)]
pub fn negative(data: &mut [u8], channels: u8) {
    // two and four channels end in alpha
    let colours = usize::from(if channels.is_multiple_of(2) { channels - 1 } else { channels });
    for pixel in data.chunks_exact_mut(usize::from(channels)) {
        pixel.iter_mut().take(colours).for_each(|sample| *sample = 255 - *sample);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black_and_white(pixel: &[u8]) -> Vec<u8> {
        let mut data = pixel.to_vec();
        luma(&mut data, pixel.len() as u8);
        data
    }

    #[test]
    fn black_and_white_is_luma_rounded() {
        assert_eq!(black_and_white(&[255, 0, 0]), [54]);
        assert_eq!(black_and_white(&[0, 255, 0]), [182]);
        assert_eq!(black_and_white(&[0, 0, 255, 7]), [18, 7]);
        assert_eq!(black_and_white(&[9]), [9]);
        assert_eq!(black_and_white(&[9, 3]), [9, 3]);
    }

    #[test]
    fn greys_keep_their_value_in_black_and_white() {
        assert!((0..=255).all(|v| black_and_white(&[v, v, v]) == [v]));
    }

    #[test]
    fn luma_is_within_a_rounding_of_the_exact_sum() {
        for r in (0..=255).step_by(5) {
            for g in (0..=255).step_by(5) {
                for b in (0..=255).step_by(5) {
                    let exact = 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
                    assert!((f64::from(of(r, g, b)) - exact).abs() <= 0.505, "{r} {g} {b}");
                }
            }
        }
    }

    #[test]
    fn sepia_is_the_matrix_and_keeps_alpha() {
        let of = |pixel: &[u8]| {
            let mut data = pixel.to_vec();
            sepia(&mut data, pixel.len() as u8);
            data
        };
        assert_eq!(of(&[100, 150, 200, 9]), [192, 171, 134, 9]);
        assert_eq!(of(&[255, 255, 255]), [255, 255, 239]);
    }

    #[test]
    fn a_negative_keeps_alpha_and_undoes_itself() {
        let of = |pixel: &[u8]| {
            let mut data = pixel.to_vec();
            negative(&mut data, pixel.len() as u8);
            data
        };
        assert_eq!(of(&[1, 2, 3, 4]), [254, 253, 252, 4]);
        assert_eq!(of(&[1, 4]), [254, 4]);
        assert_eq!(of(&of(&[10, 20, 30])), [10, 20, 30]);
    }
}
