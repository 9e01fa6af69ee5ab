//! Convolution of a plane by any mask, as libvips' `conv` has it: the mask is not turned, and the edge is repeated beyond itself.

use crate::srgb::clamped;
use crate::sums;

/// Weights by rows, as many as `width` times some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// Columns.
    pub width: usize,
    /// Each already divided by the scale.
    pub weights: Vec<f32>,
    /// Added to each sum.
    pub offset: f32,
}

/// Convolves a plane of rows of `width` samples.
#[inline(never)]
pub fn convolve(plane: &mut Vec<u8>, width: usize, mask: &Mask) {
    if width == 0 || plane.len() < width || mask.width == 0 {
        return;
    }
    let (rows, height) = (plane.len() / width, mask.weights.len() / mask.width);
    let (left, above) = ((mask.width / 2), (height / 2) as isize);
    let mut out = vec![0; plane.len()];
    let mut sums = vec![0.0; width];
    // each row of the mask meets a row of the plane with its ends repeated
    let mut ring: Vec<(isize, Vec<f32>)> = vec![(isize::MIN, vec![0.0; width + mask.width]); height];
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        sums.fill(mask.offset);
        for (k, weights) in mask.weights.chunks_exact(mask.width).enumerate() {
            let at = (y as isize + k as isize - above).clamp(0, rows as isize - 1);
            let (held, long) = &mut ring[at as usize % height];
            if *held != at {
                *held = at;
                lengthen(&plane[at as usize * width..][..width], left, long);
            }
            for (x, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
                sums::add(&mut sums, &long[x..], weight);
            }
        }
        out.iter_mut().zip(&sums).for_each(|(out, &sum)| *out = clamped(sum));
    }
    *plane = out;
}

/// Bytes that it takes beside the plane, at most.
pub fn convolve_memory(width: u64, height: u64, mask: (u64, u64)) -> u64 {
    width * height + (width + mask.0 + 16) * 4 * (mask.1 + 2) + 4096
}

fn lengthen(row: &[u8], left: usize, long: &mut [f32]) {
    let end = left + row.len();
    long[..left].fill(f32::from(row[0]));
    long[left..end].iter_mut().zip(row).for_each(|(long, &v)| *long = f32::from(v));
    long[end..].fill(f32::from(row[row.len() - 1]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_laid_as_it_is_written() {
        let mut plane = vec![10, 20, 30, 40, 50, 60, 70, 80, 90];
        // the sample to the right, and half of the one above
        let mask = Mask { width: 3, weights: vec![0.0, 0.5, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], offset: 1.0 };
        convolve(&mut plane, 3, &mask);
        assert_eq!(plane, [26, 41, 46, 56, 71, 76, 101, 116, 121]);
    }

    #[test]
    fn masks_of_any_shape_find_their_samples() {
        for (width, height) in [(3, 5), (4, 3), (5, 1), (1, 7), (9, 9)] {
            let mut weights = vec![0.0; width * height];
            weights[height / 2 * width + width / 2] = 1.0;
            let plane: Vec<u8> = (0..77).map(|i| (i * 37 % 256) as u8).collect();
            let mut out = plane.clone();
            convolve(&mut out, 11, &Mask { width, weights, offset: 0.0 });
            assert_eq!(out, plane, "{width} × {height}");
        }
    }

    #[test]
    fn sums_beyond_the_range_are_its_ends() {
        for (weight, expected) in [(1e30, 255), (-1e30, 0), (f32::NAN, 0)] {
            let mut plane = vec![9; 4];
            convolve(&mut plane, 2, &Mask { width: 1, weights: vec![weight], offset: 0.0 });
            assert_eq!(plane, [expected; 4]);
        }
        convolve(&mut vec![1], 1, &Mask { width: 0, weights: vec![], offset: 0.0 });
    }
}
