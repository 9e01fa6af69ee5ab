//! Luma and chroma of full range to RGB and back, by any matrix, and samples of more than 8 bits.
//!
//! Source of the equations: ITU-T H.273, 8.3; ITU-T T.871, section 7.

/// What red, green and blue have beside luma: so many times each of the two chroma samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chroma(pub [[f32; 2]; 3]);

impl Chroma {
    /// T.871's, which are BT.601's.
    pub const T871: Self = Self([[0.0, 1.402], [-0.344_136_3, -0.714_136_3], [1.772, 0.0]]);

    /// By how much red and blue weigh in luma.
    pub fn of_weights(red: f64, blue: f64) -> Self {
        let green = 1.0 - red - blue;
        let (of_red, of_blue) = (2.0 * (1.0 - red), 2.0 * (1.0 - blue));
        let factors = [[0.0, of_red], [-blue * of_blue / green, -red * of_red / green], [of_blue, 0.0]];
        Self(factors.map(|factors| factors.map(|factor| factor as f32)))
    }

    /// A row of RGB of a line of luma and two of chroma.
    #[inline(never)]
    pub fn join(&self, lines: &[Vec<u8>], out: &mut [u8]) {
        let [y, first, second] = lines else { return };
        // in 8,192ths
        let factors = self.0.map(|factors| factors.map(|factor| (factor * 8192.0).round() as i32));
        for (((pixel, &y), &first), &second) in out.as_chunks_mut::<3>().0.iter_mut().zip(y).zip(first).zip(second) {
            let (y, first, second) = (i32::from(y), i32::from(first) - 128, i32::from(second) - 128);
            *pixel = factors.map(|[a, b]| (y + ((a * first + b * second + 4096) >> 13)).clamp(0, 255) as u8);
        }
    }

    /// Red, green and blue of a pixel, whose samples are 0 to 1 and whose chroma has its middle at 0.
    #[inline(always)]
    fn pixel(&self, y: f32, first: f32, second: f32) -> [f32; 3] {
        self.0.map(|[a, b]| (y + a * first + b * second).clamp(0.0, 1.0))
    }
}

/// How samples of up to 16 bits, two bytes each and the lowest first, stand for black and white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deep {
    /// 9 to 16.
    pub bits: u32,
    /// Whether black is 0 and white has all bits set; otherwise they are 16 and 235 of 8 bits, as in video.
    pub is_full: bool,
}

impl Deep {
    /// A row to 8 bits a sample, in the same range and rounded to nearest.
    #[inline(never)]
    pub fn narrow(self, row: &[u8], out: &mut [u8]) {
        let (most, shift) = ((1_u32 << self.bits) - 1, self.bits - 8);
        let row = row.as_chunks::<2>().0;
        if self.is_full {
            // 255 / most, in 2^32nds: to the nearest for all 16 bits
            let factor = ((255_u64 << 32) + u64::from(most / 2)) / u64::from(most);
            for (out, &v) in out.iter_mut().zip(row) {
                let v = u32::from(u16::from_le_bytes(v)).min(most);
                *out = ((u64::from(v) * factor + (1 << 31)) >> 32) as u8;
            }
        } else {
            for (out, &v) in out.iter_mut().zip(row) {
                let v = u32::from(u16::from_le_bytes(v)).min(most);
                *out = ((v + (1 << (shift - 1))) >> shift).min(255) as u8;
            }
        }
    }

    /// A row of RGB of lines of luma and chroma, or of green, blue and red where `chroma` is `None`; each sample looked up in a table
    /// of 65,536. A line of chroma has a sample for `across` pixels.
    #[inline(never)]
    pub fn looked_up(self, lines: [&[u8]; 3], across: usize, chroma: Option<Chroma>, table: &[u8], out: &mut [u8]) {
        let most = ((1_u32 << self.bits) - 1) as f32;
        let scale = (1_u32 << (self.bits - 8)) as f32;
        let sample =
            |line: &[u8], at: usize| line.as_chunks::<2>().0.get(at).map_or(0.0, |&v| f32::from(u16::from_le_bytes(v)));
        let luma = |v: f32| if self.is_full { v / most } else { (v / scale - 16.0) / 219.0 };
        let middle = |v: f32| if self.is_full { (v - (most + 1.0) / 2.0) / most } else { (v / scale - 128.0) / 224.0 };
        for (x, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            let [a, b, c] = [sample(lines[0], x), sample(lines[1], x / across), sample(lines[2], x / across)];
            let rgb = match chroma {
                Some(chroma) => chroma.pixel(luma(a), middle(b), middle(c)),
                None => [luma(c), luma(a), luma(b)].map(|v| v.clamp(0.0, 1.0)),
            };
            *pixel = rgb.map(|v| table.get((v * 65_535.0 + 0.5) as usize).copied().unwrap_or(255));
        }
    }
}

/// A line of luma and two of chroma, each as long, of a row of RGB: T.871's.
#[inline(never)]
pub fn to_full(row: &[u8], [y, cb, cr]: [&mut [u8]; 3]) {
    for (((&[r, g, b], y), cb), cr) in row.as_chunks::<3>().0.iter().zip(y).zip(cb).zip(cr) {
        let [r, g, b] = [r, g, b].map(i32::from);
        let of = |weights: [i32; 3], middle: i32| {
            let sum = weights[0] * r + weights[1] * g + weights[2] * b + (middle << 15) + (1 << 14);
            (sum >> 15).clamp(0, 255) as u8
        };
        *y = of([9_798, 19_235, 3_735], 0);
        *cb = of([-5_529, -10_855, 16_384], 128);
        *cr = of([16_384, -13_720, -2_664], 128);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Space, join};

    #[test]
    fn factors_of_bt_601_are_those_of_t_871() {
        let Chroma(of_weights) = Chroma::of_weights(0.299, 0.114);
        assert!(of_weights.iter().flatten().zip(Chroma::T871.0.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-5));
        let lines = [4, 77, 31].map(|step: usize| (0..256).map(|i| (i * step) as u8).collect::<Vec<u8>>());
        let (mut by_factors, mut by_join) = ([0; 768], [0; 768]);
        Chroma::T871.join(&lines, &mut by_factors);
        join(Space::YCbCr, &lines, &mut by_join);
        assert!(by_factors.iter().zip(by_join).all(|(a, b)| a.abs_diff(b) <= 1));
    }

    #[test]
    fn colours_come_back_from_luma_and_chroma() {
        for rgb in [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [12, 200, 99]] {
            let [mut y, mut cb, mut cr] = [[0], [0], [0]];
            to_full(&rgb, [&mut y, &mut cb, &mut cr]);
            let mut out = [0; 3];
            Chroma::T871.join(&[y, cb, cr].map(|v| v.to_vec()), &mut out);
            assert!(rgb.iter().zip(out).all(|(a, b)| a.abs_diff(b) <= 2), "{rgb:?} {out:?}");
        }
    }

    #[test]
    fn deep_samples_are_narrowed_to_the_nearest() {
        for bits in 9..=16 {
            let most = (1_u32 << bits) - 1;
            for is_full in [true, false] {
                let all: Vec<u8> = (0..=most).flat_map(|v| (v as u16).to_le_bytes()).collect();
                let mut out = vec![0; most as usize + 1];
                Deep { bits, is_full }.narrow(&all, &mut out);
                for (v, &narrow) in (0..=most).zip(&out) {
                    let scale = if is_full { 255.0 / f64::from(most) } else { 1.0 / f64::from(1 << (bits - 8)) };
                    let exact = f64::from(v) * scale;
                    assert!((exact - f64::from(narrow)).abs() <= 0.501 || narrow == 255, "{bits} {v}");
                }
            }
        }
        // what has more bits than it may is white
        let mut out = [0];
        Deep { bits: 10, is_full: true }.narrow(&[255, 255], &mut out);
        assert_eq!(out, [255]);
    }

    #[test]
    fn a_table_sees_samples_of_either_range_from_black_to_white() {
        let table: Vec<u8> = (0..=65_535_u32).map(|v| (v >> 8) as u8).collect();
        let word = |v: u16| v.to_le_bytes().to_vec();
        let mut out = [0; 3];
        for (is_full, black, white, middle) in [(true, 0, 1023, 512), (false, 64, 940, 512)] {
            let deep = Deep { bits: 10, is_full };
            for (luma, expected) in [(black, 0), (white, 255)] {
                let lines = [word(luma), word(middle), word(middle)];
                deep.looked_up([&lines[0], &lines[1], &lines[2]], 2, Some(Chroma::T871), &table, &mut out);
                assert_eq!(out, [expected; 3]);
            }
            let lines = [word(black), word(white), word(black)];
            deep.looked_up([&lines[0], &lines[1], &lines[2]], 1, None, &table, &mut out);
            assert_eq!(out, [0, 0, 255]);
        }
    }
}
