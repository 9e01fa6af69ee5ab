//! 4 × 4, 3 × 3, 2 × 2 and 1 × 1 samples of as many low coefficients: the band-limited
//! reductions of libjpeg's `jidctint.c` (`jpeg_idct_4x4`, `3x3`, `2x2`, `1x1`). `extra` bits are taken off
//! each sample.

use super::{Steps, sample};
use crate::fix::*;
use deckle_simd::*;

/// What the last pass shifts by, without and with a bit more.
const SHIFT: i32 = 18;
const SHIFT_1: i32 = 19;

/// A row of blocks of 16 coefficients to four lines.
pub(super) fn rows_4(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    let steps = load_16(steps.first_chunk().unwrap_or(&[0; 16]));
    match extra {
        0 => rows::<4, 16, SHIFT>(coefficients, steps, samples, stride, |block| *block),
        _ => rows::<4, 16, SHIFT_1>(coefficients, steps, samples, stride, |block| *block),
    }
}

/// A row of blocks of 64 coefficients, of which 16 matter, to four lines.
pub(super) fn rows_4_of_8(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    let steps = load_16(&low_of_8(steps));
    match extra {
        0 => rows::<4, 64, SHIFT>(coefficients, steps, samples, stride, low_of_8),
        _ => rows::<4, 64, SHIFT_1>(coefficients, steps, samples, stride, low_of_8),
    }
}

/// A row of blocks of 16 coefficients, of which 9 matter, to three lines.
pub(super) fn rows_3(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    let steps = load_16(steps.first_chunk().unwrap_or(&[0; 16]));
    match extra {
        0 => rows::<3, 16, SHIFT>(coefficients, steps, samples, stride, |block| *block),
        _ => rows::<3, 16, SHIFT_1>(coefficients, steps, samples, stride, |block| *block),
    }
}

/// A row of blocks of 64 coefficients, of which 9 matter, to three lines.
pub(super) fn rows_3_of_8(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    let steps = load_16(&low_of_8(steps));
    match extra {
        0 => rows::<3, 64, SHIFT>(coefficients, steps, samples, stride, low_of_8),
        _ => rows::<3, 64, SHIFT_1>(coefficients, steps, samples, stride, low_of_8),
    }
}

/// A row of blocks of `STORE` coefficients to `N` lines, two blocks at a time.
#[inline(never)]
fn rows<const N: usize, const STORE: usize, const SHIFT: i32>(
    coefficients: &[i16],
    steps: [V128; 2],
    samples: &mut [u8],
    stride: usize,
    low: fn(&[i16; STORE]) -> [i16; 16],
) {
    let (blocks, _) = coefficients.as_chunks::<STORE>();
    let (pairs, last) = blocks.as_chunks::<2>();
    let mut lines = samples.chunks_mut(stride.max(1));
    let mut lines: [&mut [u8]; N] = core::array::from_fn(|_| lines.next().unwrap_or_default());
    for (x, [left, right]) in pairs.iter().enumerate() {
        let at = x * 2 * N;
        // checked before anything is computed: LLVM repeats the whole transform behind each check that comes after
        if lines.iter().any(|line| line.len() < at + 2 * N) {
            return;
        }
        let made = samples_of::<N, SHIFT>(load_16(&low(left)), load_16(&low(right)), steps);
        for (line, made) in lines.iter_mut().zip(made) {
            if N == 4 {
                put::<8>(line, at, made);
            } else {
                put::<6>(line, at, made & 0xFF_FFFF | made >> 8 & 0xFFFF_FF00_0000);
            }
        }
    }
    if let [last] = last {
        let made = samples_of::<N, SHIFT>(load_16(&low(last)), load_16(&[0; 16]), steps);
        for (line, made) in lines.iter_mut().zip(made) {
            put::<N>(line, pairs.len() * 2 * N, made);
        }
    }
}

/// A row of blocks of `N` coefficients, 4 or 64, of which 4 matter.
#[inline(never)]
pub(super) fn rows_2<const N: usize>(
    coefficients: &[i16],
    steps: &Steps,
    extra: u32,
    samples: &mut [u8],
    stride: usize,
) {
    let (blocks, _) = coefficients.as_chunks::<N>();
    let below = if N == 4 { 2 } else { 8 };
    let (upper, lower) = samples.split_at_mut(stride.min(samples.len()));
    let (upper, lower) = (upper.as_chunks_mut::<2>().0, lower.as_chunks_mut::<2>().0);
    for ((block, upper), lower) in blocks.iter().zip(upper).zip(lower) {
        let [a, b, c, d] = [0, 1, below, below + 1].map(|i| i32::from(block[i & (N - 1)].wrapping_mul(steps[i])));
        let round = 4 << extra;
        let (left, right) = (a + b + round, a - b + round);
        let (sum, difference) = (c + d, c - d);
        *upper = [sample((left + sum) >> (3 + extra)), sample((right + difference) >> (3 + extra))];
        *lower = [sample((left - sum) >> (3 + extra)), sample((right - difference) >> (3 + extra))];
    }
}

/// A row of DCs.
#[inline(never)]
pub(super) fn rows_1(coefficients: &[i16], steps: &Steps, samples: &mut [u8]) {
    let step = steps[0];
    for (out, &dc) in samples.iter_mut().zip(coefficients) {
        *out = sample((i32::from(dc.wrapping_mul(step)) + 4) >> 3);
    }
}

#[inline(always)]
fn load_16(values: &[i16; 16]) -> [V128; 2] {
    let (rows, _) = values.as_chunks::<8>();
    [load(&rows[0]), load(&rows[1])]
}

#[inline(always)]
fn low_of_8(block: &[i16; 64]) -> [i16; 16] {
    core::array::from_fn(|i| block[i / 4 * 8 + i % 4])
}

#[inline(always)]
fn put<const N: usize>(line: &mut [u8], at: usize, samples: u64) {
    if let (Some(out), Some(samples)) = (line.get_mut(at..at + N), samples.to_le_bytes().first_chunk::<N>()) {
        out.copy_from_slice(samples);
    }
}

/// `N` lines of two blocks, four bytes each.
#[inline(always)]
fn samples_of<const N: usize, const SHIFT: i32>(left: [V128; 2], right: [V128; 2], steps: [V128; 2]) -> [u64; 4] {
    let (l0, l2) = (mul16(left[0], steps[0]), mul16(left[1], steps[1]));
    let (r0, r2) = (mul16(right[0], steps[0]), mul16(right[1], steps[1]));
    let rows = [zip64_low(l0, r0), zip64_high(l0, r0), zip64_low(l2, r2), zip64_high(l2, r2)];
    let columns = transposed(pass::<N, 11>(rows));
    let [y0, y1, y2, y3] = transposed(pass::<N, SHIFT>(columns));
    let shift = splat32(0x8080_8080_u32 as i32);
    let [y0, y1] = halves(xor(narrow16(y0, y1), shift));
    let [y2, y3] = halves(xor(narrow16(y2, y3), shift));
    [y0, y1, y2, y3]
}

/// One dimension, on the four columns of two blocks; of `N` inputs and outputs, 4 or 3.
#[inline(always)]
fn pass<const N: usize, const SHIFT: i32>([i0, i1, i2, i3]: [V128; 4]) -> [V128; 4] {
    let half = |zip: fn(V128, V128) -> V128| -> [V128; 4] {
        let (even, odd) = (zip(i0, i2), zip(i1, i3));
        let round = splat32(1 << (SHIFT - 1));
        if N == 3 {
            let outer = add32(dot(even, pair(ONE, F_0_707106781)), round);
            let inner = add32(dot(even, pair(ONE, -2 * F_0_707106781)), round);
            let odd = dot(odd, pair(F_1_224744871, 0));
            let (first, last) = (add32(outer, odd), sub32(outer, odd));
            return [shr32::<SHIFT>(first), shr32::<SHIFT>(inner), shr32::<SHIFT>(last), splat32(0)];
        }
        let e0 = add32(dot(even, pair(ONE, ONE)), round);
        let e1 = add32(dot(even, pair(ONE, -ONE)), round);
        let o0 = dot(odd, pair(F_0_541196100 + F_0_765366865, F_0_541196100));
        let o1 = dot(odd, pair(F_0_541196100, F_0_541196100 - F_1_847759065));
        [
            shr32::<SHIFT>(add32(e0, o0)),
            shr32::<SHIFT>(add32(e1, o1)),
            shr32::<SHIFT>(sub32(e1, o1)),
            shr32::<SHIFT>(sub32(e0, o0)),
        ]
    };
    let (low, high) = (half(zip16_low), half(zip16_high));
    core::array::from_fn(|i| narrow32(low[i], high[i]))
}

/// Transposes the 4 × 4 lanes of each half.
#[inline(always)]
pub(super) fn transposed([a, b, c, d]: [V128; 4]) -> [V128; 4] {
    let (ab_left, ab_right) = (zip16_low(a, b), zip16_high(a, b));
    let (cd_left, cd_right) = (zip16_low(c, d), zip16_high(c, d));
    let (left_01, left_23) = (zip32_low(ab_left, cd_left), zip32_high(ab_left, cd_left));
    let (right_01, right_23) = (zip32_low(ab_right, cd_right), zip32_high(ab_right, cd_right));
    [
        zip64_low(left_01, right_01),
        zip64_high(left_01, right_01),
        zip64_low(left_23, right_23),
        zip64_high(left_23, right_23),
    ]
}
