//! 7 × 7, 6 × 6 and 5 × 5 samples of as many low coefficients: `jpeg_idct_7x7`, `6x6` and `5x5` of libjpeg's `jidctint.c`.
//! `extra` bits are taken off each sample.

use super::Steps;
use super::full::{flat, lines_of, load_row};
use deckle_simd::*;

/// A row of blocks to seven lines.
pub(super) fn rows_7(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    match extra {
        0 => rows::<7, 18>(coefficients, steps, samples, stride),
        _ => rows::<7, 19>(coefficients, steps, samples, stride),
    }
}

/// A row of blocks to six lines.
pub(super) fn rows_6(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    match extra {
        0 => rows::<6, 18>(coefficients, steps, samples, stride),
        _ => rows::<6, 19>(coefficients, steps, samples, stride),
    }
}

/// A row of blocks to five lines.
pub(super) fn rows_5(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    match extra {
        0 => rows::<5, 18>(coefficients, steps, samples, stride),
        _ => rows::<5, 19>(coefficients, steps, samples, stride),
    }
}

#[inline(never)]
fn rows<const N: usize, const SHIFT: i32>(coefficients: &[i16], steps: &Steps, samples: &mut [u8], stride: usize) {
    let (blocks, _) = coefficients.as_chunks::<64>();
    let steps: [V128; 8] = core::array::from_fn(|row| load_row(steps, row));
    let ac_mask = load(&[0, -1, -1, -1, -1, -1, -1, -1]);
    let mut lines = samples.chunks_mut(stride.max(1));
    let mut lines: [&mut [u8]; N] = core::array::from_fn(|_| lines.next().unwrap_or_default());
    for (x, block) in blocks.iter().enumerate() {
        // checked before anything is computed, see `low`
        if lines.iter().any(|line| line.len() < x * N + N) {
            return;
        }
        let coefficients: [V128; 8] = core::array::from_fn(|row| load_row(block, row));
        let rest = coefficients[1..N].iter().fold(and(coefficients[0], ac_mask), |all, &row| or(all, row));
        let made = if is_zero(rest) {
            [flat(mul16(coefficients[0], steps[0]), SHIFT as u32 - 18); 8]
        } else {
            let rows = core::array::from_fn(|row| mul16(coefficients[row], steps[row]));
            lines_of(pass::<N, SHIFT>(transposed(pass::<N, 11>(rows))))
        };
        for (line, made) in lines.iter_mut().zip(made) {
            if let (Some(out), Some(made)) = (line.get_mut(x * N..x * N + N), made.to_le_bytes().first_chunk::<N>()) {
                out.copy_from_slice(made);
            }
        }
    }
}

/// One dimension, on eight columns at once, without `SHIFT` bits of the sums. Outputs from `N` on are 0.
#[inline(always)]
fn pass<const N: usize, const SHIFT: i32>([i0, i1, i2, i3, i4, i5, i6, _]: [V128; 8]) -> [V128; 8] {
    let weights = const { weights(N) };
    let zero = splat32(0);
    let half = |zip: fn(V128, V128) -> V128| -> [V128; 8] {
        let (z02, z46) = (zip(i0, i2), if N == 7 { zip(i4, i6) } else { zip(i4, zero) });
        let (z13, z5) = (zip(i1, i3), zip(i5, zero));
        let round = splat32(1 << (SHIFT - 1));
        let mut out = [zero; 8];
        for j in 0..N.div_ceil(2) {
            let [w0, w2, w4, w6] = weights.even[j];
            let [w1, w3, w5] = weights.odd[j];
            let even = add32(add32(dot(z02, pair(w0, w2)), dot(z46, pair(w4, w6))), round);
            if N - 1 - j == j {
                out[j] = shr32::<SHIFT>(even);
                continue;
            }
            let low = dot(z13, pair(w1, w3));
            let odd = if N == 5 { low } else { add32(low, dot(z5, pair(w5, 0))) };
            out[j] = shr32::<SHIFT>(add32(even, odd));
            out[N - 1 - j] = shr32::<SHIFT>(sub32(even, odd));
        }
        out
    };
    let (low, high) = (half(zip16_low), half(zip16_high));
    core::array::from_fn(|i| narrow32(low[i], high[i]))
}

/// What the first half of the outputs weighs each input by, with 13 bits of fraction; the second half mirrors it.
struct Weights {
    /// Inputs 0, 2, 4 and 6.
    even: [[i32; 4]; 4],
    /// Inputs 1, 3 and 5.
    odd: [[i32; 3]; 4],
}

/// libjpeg's constants, summed where it multiplies an input more than once: integers, so that the result is the same.
const fn weights(n: usize) -> Weights {
    match n {
        5 => Weights {
            even: [[8192, 9372, 3580, 0], [8192, -3580, -9372, 0], [8192, -11584, 11584, 0], [0; 4]],
            odd: [[11019, 6810, 0], [6810, -11018, 0], [0; 3], [0; 3]],
        },
        6 => Weights {
            even: [[8192, 10033, 5793, 0], [8192, 0, -11586, 0], [8192, -10033, 5793, 0], [0; 4]],
            odd: [[11190, 8192, 2998], [8192, -8192, -8192], [2998, -8192, 11190], [0; 3]],
        },
        _ => Weights {
            even: [
                [8192, 10438, 7223, 2578],
                [8192, 2578, -10438, -7223],
                [8192, -7223, -2578, 10438],
                [8192, -11585, 11585, -11585],
            ],
            odd: [[11295, 9058, 5027], [9058, -5027, -11295], [5027, -11295, 9058], [0; 3]],
        },
    }
}
