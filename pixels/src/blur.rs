//! Gaussian blur of a plane, as libvips' `gaussblur` has it: its mask, cut at a fifth of its middle, the edge repeated beyond itself.
//!
//! Up to a sigma of 5.5 it is that mask, down and across. Beyond, the plane is reduced by means of squares of 2, 4, 8 … pixels until the rest of the sigma is
//! below that, blurred there, and enlarged along straight lines; so the time hardly depends on sigma. The blur in the middle is that much weaker
//! that variances add up.

use crate::gauss;
use crate::srgb::rounded_four;
use crate::sums;
use deckle_simd::*;

/// Least weight of the mask.
const LEAST: f32 = 0.2;

/// The greatest sum of weights of which 255 times fits 16 bits.
const MOST: u32 = 257;

/// The share of its variance that is left of a Gaussian cut at a fifth, which is at 1.794 sigma.
const LEFT: f32 = 0.6913;
const CUT: f32 = 1.794;

/// Blurs a plane of rows of `width` samples.
#[inline(never)]
pub fn blur(plane: &mut Vec<u8>, width: usize, sigma: f32) {
    if width == 0 || plane.len() < width {
        return;
    }
    let weights = gauss::weights(sigma, LEAST);
    if weights.len() == 1 {
        return;
    }
    match gauss::total(&weights) {
        total if total <= MOST => *plane = masked(plane, width, &weights, total),
        total => reduced(plane, width, &weights, total),
    }
}

/// Bytes that blurring a plane of this size takes beside it, at most.
pub fn blur_memory(width: u64, height: u64) -> u64 {
    let padded = |side: u64| side / 2 + 32;
    (width * height).max(padded(width) * padded(height) * 4) + (width + 64) * 16 + (64 << 10)
}

/// Down and across by a mask whose sums fit 16 bits, rounded in between as libvips does.
fn masked(plane: &[u8], width: usize, weights: &[u32], total: u32) -> Vec<u8> {
    let weights: Vec<u16> = weights.iter().map(|&w| w as u16).collect();
    let reach = weights.len() - 1;
    let rows = plane.len() / width;
    let row = |y: usize| &plane[y * width..][..width];
    let mut out = vec![0; plane.len()];
    let mut sums = vec![0; width];
    // a row with its ends repeated
    let mut long = vec![0; width + 2 * reach];
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        times(row(y), weights[0], &mut sums);
        for (k, &weight) in weights.iter().enumerate().skip(1) {
            add_pair(row(y.saturating_sub(k)), row((y + k).min(rows - 1)), weight, &mut sums);
        }
        divided(&sums, total, &mut long[reach..reach + width]);
        let (first, last) = (long[reach], long[reach + width - 1]);
        long[..reach].fill(first);
        long[reach + width..].fill(last);
        times(&long[reach..reach + width], weights[0], &mut sums);
        for (k, &weight) in weights.iter().enumerate().skip(1) {
            add_pair(&long[reach - k..][..width], &long[reach + k..][..width], weight, &mut sums);
        }
        divided(&sums, total, out);
    }
    out
}

/// Sums are 16 bits without a sign, and so are weights.
#[inline(never)]
fn times(row: &[u8], weight: u16, sums: &mut [i16]) {
    let (eights, rest) = sums.as_chunks_mut::<8>();
    let (rows, _) = row.as_chunks::<8>();
    let by = pair(weight.into(), weight.into());
    eights.iter_mut().zip(rows).for_each(|(sums, row)| store(sums, mul16(load_wide(row), by)));
    let start = row.len() - rest.len();
    rest.iter_mut().zip(&row[start..]).for_each(|(sum, &v)| *sum = (u16::from(v) * weight) as i16);
}

#[inline(never)]
fn add_pair(a: &[u8], b: &[u8], weight: u16, sums: &mut [i16]) {
    let (eights, rest) = sums.as_chunks_mut::<8>();
    let by = pair(weight.into(), weight.into());
    for ((sums, a), b) in eights.iter_mut().zip(a.as_chunks::<8>().0).zip(b.as_chunks::<8>().0) {
        let both = add16(load_wide(a), load_wide(b));
        let sum = add16(load(sums), mul16(both, by));
        store(sums, sum);
    }
    let start = a.len() - rest.len();
    for ((sum, &a), &b) in rest.iter_mut().zip(&a[start..]).zip(&b[start..]) {
        *sum = sum.wrapping_add((u16::from(a) + u16::from(b)).wrapping_mul(weight) as i16);
    }
}

/// Rounded to nearest.
#[inline(never)]
fn divided(sums: &[i16], total: u32, out: &mut [u8]) {
    // halves are rounded up
    let (scale, up) = (F4::splat(1.0 / total as f32), F4::splat(0.01 / total as f32));
    let of = |sums: &[i16; 8]| {
        let (v, zero) = (load(sums), splat32(0));
        let half = |v: V128| rounded_four(F4::of_ints(v) * scale + up);
        let both = narrow32(half(zip16_low(v, zero)), half(zip16_high(v, zero)));
        halves(narrow16_unsigned(both, both))[0].to_le_bytes()
    };
    let (eights, rest) = out.as_chunks_mut::<8>();
    let (sums, last) = sums.as_chunks::<8>();
    eights.iter_mut().zip(sums).for_each(|(out, sums)| *out = of(sums));
    let mut whole = [0; 8];
    whole[..last.len()].copy_from_slice(last);
    rest.copy_from_slice(&of(&whole)[..rest.len()]);
}

/// By way of a smaller plane.
fn reduced(plane: &mut [u8], width: usize, weights: &[u32], total: u32) {
    let squares = weights.iter().enumerate().map(|(x, &w)| 2.0 * w as f32 * (x * x) as f32);
    let variance = squares.sum::<f32>() / total as f32;
    // a quarter is what means of squares and straight lines between them add: 1/12 and 1/6
    let (mut step, mut small) = (1, variance);
    while small > 21.0 {
        step *= 2;
        small = variance / (step * step) as f32;
    }
    let mask = cut_gaussian(small - 0.25);
    let mut smaller = Smaller::of(plane, width, step, mask.len());
    for row in smaller.cells.chunks_exact_mut(smaller.columns) {
        across(row, &mask);
    }
    smaller.enlarge(plane, width, &mask);
}

/// A mask of such a variance from the middle outwards: a Gaussian cut at a fifth, its mean over each cell.
fn cut_gaussian(variance: f32) -> Vec<f32> {
    // means over cells add a twelfth
    let sigma = ((variance - 1.0 / 12.0).max(0.01) / LEFT).sqrt();
    let end = CUT * sigma;
    const PARTS: usize = 16;
    let at = |x: f32| if x.abs() <= end { (-0.5 * (x / sigma).powi(2)).exp() } else { 0.0 };
    let cell = |i: usize| -> f32 {
        (0..PARTS).map(|part| at(i as f32 - 0.5 + (part as f32 + 0.5) / PARTS as f32)).sum::<f32>()
    };
    let cells: Vec<f32> = (0..=(end + 0.5) as usize).map(cell).collect();
    let total = cells[0] + 2.0 * cells[1..].iter().sum::<f32>();
    cells.into_iter().map(|cell| cell / total).collect()
}

/// Means of squares of a plane, and beyond its edges of what repeats there.
struct Smaller {
    /// Pixels along a cell.
    step: usize,
    /// Cells before the first of the plane, and as many behind the last, along both sides.
    margin: usize,
    columns: usize,
    cells: Vec<f32>,
}

impl Smaller {
    #[inline(never)]
    fn of(plane: &[u8], width: usize, step: usize, margin: usize) -> Self {
        let height = plane.len() / width;
        let (across, down) = (width.div_ceil(step), height.div_ceil(step));
        let columns = across + 2 * margin;
        let mut cells = vec![0.0; columns * (down + 2 * margin)];
        let row = |y: usize| &plane[y.min(height - 1) * width..][..width];
        let scale = 1.0 / (step * step) as f32;
        let mut sums = vec![0_u32; across * step];
        let rows = cells.chunks_exact_mut(columns);
        for (i, out) in rows.enumerate() {
            let first = (i as isize - margin as isize) * step as isize;
            sums.fill(0);
            for y in first..first + step as isize {
                let row = row(usize::try_from(y).unwrap_or(0));
                sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += u32::from(v));
            }
            let (left, right) = (sums[0], sums[width - 1]);
            sums[width..].fill(right);
            out[..margin].fill((left * step as u32) as f32 * scale);
            out[margin + across..].fill((right * step as u32) as f32 * scale);
            for (cell, sums) in out[margin..].iter_mut().zip(sums.chunks_exact(step)) {
                *cell = sums.iter().sum::<u32>() as f32 * scale;
            }
        }
        Self { step, margin, columns, cells }
    }

    /// A row of the cells blurred down; `y` counts from the first of the margin.
    #[inline(never)]
    fn down(&self, y: usize, mask: &[f32], out: &mut [f32]) {
        let last = self.cells.len() / self.columns - 1;
        let row = |y: usize| &self.cells[y.min(last) * self.columns..][..self.columns];
        sums::set(out, row(y), mask[0]);
        for (k, &weight) in mask.iter().enumerate().skip(1) {
            sums::add_both(out, row(y.saturating_sub(k)), row(y + k), weight);
        }
    }

    /// Writes the plane from its cells, blurred down on the way.
    #[inline(never)]
    fn enlarge(&self, plane: &mut [u8], width: usize, mask: &[f32]) {
        let (step, scale) = (self.step, 1.0 / self.step as f32);
        let (mut above, mut below) = (vec![0.0; self.columns], vec![0.0; self.columns]);
        let mut between = vec![0.0; self.columns];
        let mut long = vec![0_u8; self.columns * step];
        let mut at = usize::MAX;
        for (y, out) in plane.chunks_exact_mut(width).enumerate() {
            // in cells: the middle of a pixel, from the middle of the first of the margin
            let (cell, share) = self.place(y);
            if cell != at {
                if at.wrapping_add(1) == cell {
                    std::mem::swap(&mut above, &mut below);
                } else {
                    self.down(cell, mask, &mut above);
                }
                self.down(cell + 1, mask, &mut below);
                at = cell;
            }
            for ((v, a), b) in between.iter_mut().zip(&above).zip(&below) {
                *v = a + (b - a) * share + 0.5;
            }
            // from the middle of one cell to the next's
            for (pixels, pair) in long.chunks_exact_mut(step).zip(between.windows(2)) {
                let slope = (pair[1] - pair[0]) * scale;
                let start = pair[0] + 0.5 * slope;
                for (k, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = (start + k as f32 * slope) as i32 as u8;
                }
            }
            // the middle of the first cell is half of its pixels in
            let skipped = self.margin * step - step / 2;
            out.copy_from_slice(&long[skipped..][..width]);
        }
    }

    /// The cell whose middle is at or before a pixel's, and how far it is to the next.
    fn place(&self, pixel: usize) -> (usize, f32) {
        let from_middle = 2 * (self.margin * self.step + pixel) + 1 - self.step;
        let (cell, rest) = (from_middle / (2 * self.step), from_middle % (2 * self.step));
        (cell, rest as f32 / (2 * self.step) as f32)
    }
}

/// Blurs a row of cells; the margin's are what is repeated there.
#[inline(never)]
fn across(row: &mut [f32], mask: &[f32]) {
    let reach = mask.len() - 1;
    let mut long = vec![0.0; row.len() + 2 * reach];
    long[..reach].fill(row[0]);
    long[reach..reach + row.len()].copy_from_slice(row);
    long[reach + row.len()..].fill(row[row.len() - 1]);
    sums::set(row, &long[reach..], mask[0]);
    for (k, &weight) in mask.iter().enumerate().skip(1) {
        sums::add_both(row, &long[reach - k..], &long[reach + k..], weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize) -> Vec<u8> {
        let edge = |x: usize, y: usize| if (x / 9 + y / 14).is_multiple_of(2) { 30 } else { 220 };
        (0..width * height).map(|i| edge(i % width, i / width) + (i * 7 % 23) as u8).collect()
    }

    /// The whole mask in double precision, the edge repeated.
    fn by_the_book(plane: &[u8], width: usize, sigma: f32) -> Vec<f64> {
        let weights = gauss::weights(sigma, LEAST);
        let total = f64::from(gauss::total(&weights));
        let (reach, height) = (weights.len() as isize - 1, plane.len() / width);
        let pass = |source: &[f64], dx: isize, dy: isize| -> Vec<f64> {
            let at = |x: isize, y: isize| {
                let (x, y) = (x.clamp(0, width as isize - 1), y.clamp(0, height as isize - 1));
                source[y as usize * width + x as usize]
            };
            let sum = |i: usize| {
                let (x, y) = ((i % width) as isize, (i / width) as isize);
                let tap = |k: isize| at(x + k * dx, y + k * dy) * f64::from(weights[k.unsigned_abs()]);
                (-reach..=reach).map(tap).sum::<f64>() / total
            };
            (0..source.len()).map(sum).collect()
        };
        let first: Vec<f64> = plane.iter().map(|&v| f64::from(v)).collect();
        pass(&pass(&first, 1, 0), 0, 1)
    }

    #[test]
    fn every_sigma_is_near_the_whole_mask() {
        for (width, height) in [(70, 50), (33, 64), (5, 90)] {
            for sigma in [0.5, 1.0, 2.5, 5.0, 5.5, 6.0, 9.0, 11.0, 14.0, 20.0, 33.0, 50.0, 90.0] {
                let mut plane = picture(width, height);
                let exact = by_the_book(&plane, width, sigma);
                blur(&mut plane, width, sigma);
                let off = plane.iter().zip(&exact).map(|(a, b)| (f64::from(*a) - b).abs());
                let (mean, most) = (off.clone().sum::<f64>() / exact.len() as f64, off.fold(0.0, f64::max));
                assert!(mean < 0.8 && most < 3.5, "{width} × {height}, sigma {sigma}: mean {mean:.2}, most {most:.2}");
            }
        }
    }

    #[test]
    fn a_constant_plane_stays_constant() {
        for sigma in [0.3, 1.0, 5.5, 6.0, 77.0, 1000.0, f32::MAX, f32::NAN, -4.0] {
            for value in [0, 9, 255] {
                let mut plane = vec![value; 37 * 21];
                blur(&mut plane, 37, sigma);
                assert!(plane.iter().all(|v| *v == value), "{sigma} {value}");
            }
        }
    }

    #[test]
    fn the_smallest_planes_are_blurred_without_a_step_outside() {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (0, 0), (2, 3)] {
            for sigma in [1.0, 40.0, 1000.0] {
                let mut plane = vec![9; width * height];
                blur(&mut plane, width, sigma);
                assert_eq!(plane, vec![9; width * height]);
            }
        }
    }
}
