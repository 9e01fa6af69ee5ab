//! Inverse DCT and dequantisation of a row of blocks.
//!
//! Source: T.81, A.3.3; the factorisation and its rounding are those of
//! libjpeg's `jidctint.c` (Loeffler, Ligtenberg and Moschytz 1989), in 32-bit
//! integers with 13 bits of fraction. Between the passes values are 16 bits,
//! saturated, as in libjpeg-turbo's vector code.

mod average;
mod full;
mod low;
#[cfg(test)]
mod scalar;
#[cfg(test)]
mod tests;

use super::layout::Kernel;
use crate::simd::{V, splat32};

/// Quantisation steps, row-major, as the kernels multiply with them.
pub(crate) type Steps = [i16; 64];

/// Turns `table` into steps for [`rows`]: the first ones are those of the
/// coefficients that are `stored`, 1, 4, 16 or 64 of a block.
pub(crate) fn steps(table: &[u16; 64], stored: usize) -> Steps {
    let side = match stored {
        1 => 1,
        4 => 2,
        16 => 4,
        _ => 8,
    };
    let mut steps = [0; 64];
    for (i, step) in steps.iter_mut().enumerate().take(side * side) {
        // as libjpeg-turbo's vector code: steps beyond 16 bits of product wrap
        *step = table[i / side * 8 + i % side] as i16;
    }
    steps
}

/// Turns a row of blocks of `store` coefficients each into `kernel.side()`
/// lines of samples, `stride` apart.
pub(crate) fn rows(
    kernel: Kernel,
    store: usize,
    coefficients: &[i16],
    steps: &Steps,
    samples: &mut [u8],
    stride: usize,
) {
    match (kernel, store) {
        (Kernel::Full, _) => full::rows(coefficients, steps, samples, stride),
        (Kernel::Low4, 16) => low::rows_4(coefficients, steps, samples, stride),
        (Kernel::Low4, _) => low::rows_4_of_8(coefficients, steps, samples, stride),
        (Kernel::Low2, 4) => low::rows_2::<4>(coefficients, steps, samples, stride),
        (Kernel::Low2, _) => low::rows_2::<64>(coefficients, steps, samples, stride),
        (Kernel::Average4, _) => average::rows_4(coefficients, steps, samples, stride),
        (Kernel::Average2, _) => average::rows_2(coefficients, steps, samples, stride),
        (Kernel::Dc, _) => low::rows_1(coefficients, steps, samples),
    }
}

/// Factors for [`dot`](crate::simd::dot) with lanes `a` and `b` by turns.
#[inline(always)]
fn pair(a: i32, b: i32) -> V {
    splat32(a & 0xFFFF | b << 16)
}

/// A sample of what the last pass gives: saturated to 8 bits, then shifted.
#[inline(always)]
fn sample(value: i32) -> u8 {
    (value + 128).clamp(0, 255) as u8
}

/// 13-bit fixed-point constants, by libjpeg's names.
mod fix {
    pub const F_0_298631336: i32 = 2446;
    pub const F_0_390180644: i32 = 3196;
    pub const F_0_541196100: i32 = 4433;
    pub const F_0_765366865: i32 = 6270;
    pub const F_0_899976223: i32 = 7373;
    pub const F_1_175875602: i32 = 9633;
    pub const F_1_501321110: i32 = 12299;
    pub const F_1_847759065: i32 = 15137;
    pub const F_1_961570560: i32 = 16069;
    pub const F_2_053119869: i32 = 16819;
    pub const F_2_562915447: i32 = 20995;
    pub const F_3_072711026: i32 = 25172;
    pub const ONE: i32 = 1 << 13;
}
