//! Samples of any depth as files store them, made into 8 bits; and the differences that files store instead, summed.

use crate::srgb;
use crate::unfilter::sums;

/// How a sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// So many bits, 1 to 32, of a number from 0 on.
    Unsigned(u16),
    /// 8, 16 or 32 bits of two's complement.
    Signed(u16),
    /// 16, 32 or 64 bits of IEEE 754, 0 to 1; light where that is said.
    Float {
        /// 16, 32 or 64.
        bits: u16,
        /// Whether samples are proportional to light.
        is_light: bool,
    },
}

impl Depth {
    /// By TIFF's number of a sample's format; `None` if there is no such depth.
    pub fn new(bits: u16, format: u64, is_light: bool) -> Option<Self> {
        match (format, bits) {
            (1 | 4, 1..=16 | 24 | 32) => Some(Self::Unsigned(bits)),
            (2, 8 | 16 | 32) => Some(Self::Signed(bits)),
            (3, 16 | 32 | 64) => Some(Self::Float { bits, is_light }),
            _ => None,
        }
    }

    /// Whole bytes of a sample, if it has.
    fn bytes(self) -> usize {
        let (Self::Unsigned(bits) | Self::Signed(bits) | Self::Float { bits, .. }) = self;
        usize::from(bits).div_ceil(8)
    }

    /// A row to 8 bits a sample.
    #[inline(never)]
    pub fn row(self, row: &[u8], is_big_endian: bool, out: &mut [u8]) {
        match self {
            Self::Unsigned(8) => out.iter_mut().zip(row).for_each(|(out, v)| *out = *v),
            Self::Signed(8) => out.iter_mut().zip(row).for_each(|(out, v)| *out = v ^ 0x80),
            Self::Unsigned(16) | Self::Signed(16) => {
                let flip = if self == Self::Signed(16) { 0x8000 } else { 0 };
                for (out, &v) in out.iter_mut().zip(row.as_chunks::<2>().0) {
                    let v = if is_big_endian { u16::from_be_bytes(v) } else { u16::from_le_bytes(v) } ^ flip;
                    *out = ((u32::from(v) * 255 + 32_767) / 65_535) as u8;
                }
            }
            // the highest byte
            Self::Unsigned(24 | 32) | Self::Signed(_) => {
                let bytes = self.bytes();
                let flip = if matches!(self, Self::Signed(_)) { 0x80 } else { 0 };
                let at = if is_big_endian { 0 } else { bytes - 1 };
                out.iter_mut().zip(row.chunks_exact(bytes)).for_each(|(out, v)| *out = v[at] ^ flip);
            }
            Self::Unsigned(bits) => few_bits(row, bits.into(), out),
            Self::Float { is_light, .. } => {
                let bytes = self.bytes();
                for (out, v) in out.iter_mut().zip(row.chunks_exact(bytes)) {
                    let v = float(v, is_big_endian).clamp(0.0, 1.0);
                    let v = if is_light { srgb::sample(v) } else { v };
                    // a number that is none is 0
                    *out = (v * 255.0 + 0.5) as u8;
                }
            }
        }
    }
}

/// Samples one after another, the first in the highest bits.
fn few_bits(row: &[u8], bits: usize, out: &mut [u8]) {
    let most = (1_u32 << bits) - 1;
    for (i, out) in out.iter_mut().enumerate() {
        let at = i * bits;
        let byte = |i: usize| u32::from(row.get(at / 8 + i).copied().unwrap_or(0));
        let three = byte(0) << 16 | byte(1) << 8 | byte(2);
        let v = three >> (24 - bits - at % 8) & most;
        *out = ((v * 255 + most / 2) / most) as u8;
    }
}

fn float(bytes: &[u8], is_big_endian: bool) -> f32 {
    let mut value = 0_u64;
    for i in 0..bytes.len() {
        let at = if is_big_endian { i } else { bytes.len() - 1 - i };
        value = value << 8 | u64::from(bytes[at]);
    }
    match bytes.len() {
        2 => half(value as u16),
        4 => f32::from_bits(value as u32),
        _ => f64::from_bits(value) as f32,
    }
}

fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (bits >> 10 & 31, f32::from(bits & 1023) / 1024.0);
    let size = match exponent {
        0 => fraction * (2.0_f32).powi(-14),
        31 => f32::MAX,
        exponent => (1.0 + fraction) * (2.0_f32).powi(i32::from(exponent) - 15),
    };
    if bits & 0x8000 != 0 { -size } else { size }
}

macro_rules! sums {
    ($row:expr, $samples:expr, $is_big_endian:expr, $number:ty) => {{
        let row = $row.as_chunks_mut::<{ size_of::<$number>() }>().0;
        let (read, write): (fn(_) -> $number, fn($number) -> _) = match $is_big_endian {
            true => (<$number>::from_be_bytes, <$number>::to_be_bytes),
            false => (<$number>::from_le_bytes, <$number>::to_le_bytes),
        };
        for i in $samples..row.len() {
            row[i] = write(read(row[i]).wrapping_add(read(row[i - $samples])));
        }
    }};
}

/// Makes samples of a row of their differences to the pixel before (TIFF 6.0, section 14); 8, 16 and 32 bits.
#[inline(never)]
pub fn sum_differences(row: &mut [u8], bits: u16, samples: usize, is_big_endian: bool) {
    match bits {
        8 => sums(samples, row),
        16 => sums!(row, samples, is_big_endian, u16),
        32 => sums!(row, samples, is_big_endian, u32),
        _ => {}
    }
}

/// Makes floating-point samples of differences of their bytes, which are sorted by significance (TIFF Technical Note 3). `aside` is
/// as long as the row.
#[inline(never)]
pub fn sum_float_bytes(row: &mut [u8], bits: u16, samples: usize, is_big_endian: bool, aside: &mut [u8]) {
    sum_differences(row, 8, samples, false);
    let bytes = usize::from(bits / 8).max(1);
    let count = row.len() / bytes;
    aside.copy_from_slice(row);
    for i in 0..count {
        for byte in 0..bytes {
            let to = if is_big_endian { byte } else { bytes - 1 - byte };
            row[i * bytes + to] = aside[byte * count + i];
        }
    }
}

/// Red, green and blue of YCbCr of full range, in place (ITU-T T.871).
#[inline(never)]
pub fn from_ycbcr(row: &mut [u8], samples: usize) {
    for pixel in row.chunks_exact_mut(samples.max(3)) {
        let (y, cb, cr) = (f32::from(pixel[0]), f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0);
        pixel[0] = (y + 1.402 * cr + 0.5) as u8;
        pixel[1] = (y - 0.344_136 * cb - 0.714_136 * cr + 0.5) as u8;
        pixel[2] = (y + 1.772 * cb + 0.5) as u8;
    }
}

/// sRGB of L* (0 to 255 for 0 to 100), a* and b* (128 for 0) of D50, in place.
#[inline(never)]
pub fn from_lab(row: &mut [u8], samples: usize) {
    /// XYZ of D50 to linear sRGB, by Bradford's matrix; each column times the white.
    const MATRIX: [[f32; 3]; 3] = [
        [3.133_856 * 0.9642, -1.616_867, -0.490_615 * 0.8249],
        [-0.978_769 * 0.9642, 1.916_142, 0.033_454 * 0.8249],
        [0.071_945 * 0.9642, -0.228_991, 1.405_243 * 0.8249],
    ];
    let power = |t: f32| if t > 6.0 / 29.0 { t * t * t } else { (t - 4.0 / 29.0) * 3.0 * (6.0_f32 / 29.0).powi(2) };
    for pixel in row.chunks_exact_mut(samples.max(3)) {
        let y = (f32::from(pixel[0]) / 2.55 + 16.0) / 116.0;
        let (a, b) = (f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0);
        let xyz = [power(y + a / 500.0), power(y), power(y - b / 200.0)];
        for (out, weights) in pixel.iter_mut().zip(MATRIX) {
            let light: f32 = weights.iter().zip(xyz).map(|(w, v)| w * v).sum();
            *out = (srgb::sample(light.clamp(0.0, 1.0)) * 255.0 + 0.5) as u8;
        }
    }
}

/// Colours that were multiplied by alpha, the last sample of each pixel, divided by it.
#[inline(never)]
pub fn straight(row: &mut [u8], samples: usize) {
    for pixel in row.chunks_exact_mut(samples.max(2)) {
        let Some((alpha, colours)) = pixel.split_last_mut() else { continue };
        let alpha = u32::from(*alpha);
        if alpha > 0 && alpha < 255 {
            colours.iter_mut().for_each(|v| *v = ((u32::from(*v) * 255 + alpha / 2) / alpha).min(255) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(depth: Depth, row: &[u8], is_big_endian: bool, count: usize) -> Vec<u8> {
        let mut out = vec![0; count];
        depth.row(row, is_big_endian, &mut out);
        out
    }

    #[test]
    fn samples_of_every_depth_reach_from_black_to_white() {
        for bits in (1..=16).chain([24, 32]) {
            let length = usize::from(bits) * 8 / 8;
            let depth = Depth::new(bits, 1, false).unwrap_or(Depth::Unsigned(1));
            assert_eq!(bytes(depth, &vec![0xff; length], true, 8), [255; 8], "{bits}");
            assert_eq!(bytes(depth, &vec![0; length], false, 8), [0; 8], "{bits}");
        }
        assert_eq!(bytes(Depth::Unsigned(12), &[0x80, 0x0f, 0xff], true, 2), [128, 255]);
        assert_eq!(bytes(Depth::Signed(8), &[0x80, 0, 0x7f], true, 3), [0, 128, 255]);
        assert_eq!(bytes(Depth::Signed(32), &[0, 0, 0, 0x80], false, 1), [0]);
    }

    #[test]
    fn floats_are_zero_to_one_and_what_is_no_number_is_black() {
        let depth = |bits, is_light| Depth::Float { bits, is_light };
        let row: Vec<u8> = [0.0_f32, 0.5, 1.0, 7.0, -1.0, f32::NAN].iter().flat_map(|v| v.to_be_bytes()).collect();
        assert_eq!(bytes(depth(32, false), &row, true, 6), [0, 128, 255, 255, 0, 0]);
        assert_eq!(bytes(depth(32, true), &row, true, 3), [0, 188, 255]);
        assert_eq!(bytes(depth(16, false), &[0x00, 0x38, 0x00, 0x3c], false, 2), [128, 255]);
        assert_eq!(bytes(depth(64, false), &0.5_f64.to_le_bytes(), false, 1), [128]);
    }

    #[test]
    fn differences_are_summed_in_every_width() {
        let mut row = [10, 20, 1, 2, 255, 0];
        sum_differences(&mut row, 8, 2, true);
        assert_eq!(row, [10, 20, 11, 22, 10, 22]);
        let mut row = [0, 255, 0, 2];
        sum_differences(&mut row, 16, 1, true);
        assert_eq!(row, [0, 255, 1, 1]);
        let mut row = [255, 0, 2, 0];
        sum_differences(&mut row, 16, 1, false);
        assert_eq!(row, [255, 0, 1, 1]);
        // two floats: their highest bytes first, then the next
        let mut row = [1, 4, 4, 252, 251, 8, 8, 247];
        let mut aside = [0; 8];
        sum_float_bytes(&mut row, 32, 1, true, &mut aside);
        assert_eq!(row, [1, 9, 0, 16, 5, 5, 8, 7]);
    }

    #[test]
    fn lab_and_ycbcr_of_grey_are_grey() {
        for v in [0_u8, 60, 128, 200, 255] {
            let mut pixel = [v, 128, 128];
            from_ycbcr(&mut pixel, 3);
            assert_eq!(pixel, [v; 3]);
            let mut pixel = [v, 128, 128];
            from_lab(&mut pixel, 3);
            assert!(pixel.iter().all(|w| w.abs_diff(pixel[1]) <= 1), "{pixel:?}");
        }
        let mut white = [255, 128, 128, 9];
        from_lab(&mut white, 4);
        assert_eq!(white, [255, 255, 255, 9]);
    }

    #[test]
    fn colours_are_divided_by_their_alpha() {
        let mut row = [50, 100, 128, 128, 9, 9, 9, 0, 1, 2, 3, 255];
        straight(&mut row, 4);
        assert_eq!(row, [100, 199, 255, 128, 9, 9, 9, 0, 1, 2, 3, 255]);
    }
}
