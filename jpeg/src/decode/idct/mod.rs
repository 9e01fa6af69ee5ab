//! Inverse DCT and dequantisation of a row of blocks.
//!
//! Source: T.81, A.3.3; the factorisation and its rounding are those of
//! libjpeg's `jidctint.c` (Loeffler, Ligtenberg and Moschytz 1989), in 32-bit
//! integers with 13 bits of fraction. Between the passes values are 16 bits,
//! saturated, as in libjpeg-turbo's vector code.

mod average;
mod corner;
mod full;
mod kernel;
mod low;
mod middle;
#[cfg(test)]
mod scalar;
#[cfg(test)]
mod tests;

pub(crate) use kernel::Kernel;

/// Quantisation steps, row-major, as the kernels multiply with them.
pub(crate) type Steps = [i16; 64];

/// Turns `table` into steps for [`rows`]: the first ones are those of the
/// coefficients that are `stored`, 1, 4, 16, 40 or 64 of a block.
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
/// lines of samples, `stride` apart; of half the range for a low-pass `has_headroom`.
pub(crate) fn rows(
    kernel: Kernel,
    store: usize,
    has_headroom: bool,
    coefficients: &[i16],
    steps: &Steps,
    samples: &mut [u8],
    stride: usize,
) {
    let extra = u32::from(has_headroom);
    match (kernel, store) {
        (Kernel::Full, _) => full::rows(coefficients, steps, samples, stride),
        (Kernel::Low7, _) => middle::rows_7(coefficients, steps, extra, samples, stride),
        (Kernel::Low6, _) => middle::rows_6(coefficients, steps, extra, samples, stride),
        (Kernel::Low5, _) => middle::rows_5(coefficients, steps, extra, samples, stride),
        (Kernel::Corner5, _) => corner::rows_5(coefficients, steps, extra, samples, stride),
        (Kernel::Low3, 16) => low::rows_3(coefficients, steps, extra, samples, stride),
        (Kernel::Low3, _) => low::rows_3_of_8(coefficients, steps, extra, samples, stride),
        (Kernel::Low4, 16) => low::rows_4(coefficients, steps, extra, samples, stride),
        (Kernel::Low4, _) => low::rows_4_of_8(coefficients, steps, extra, samples, stride),
        (Kernel::Low2, 4) => low::rows_2::<4>(coefficients, steps, extra, samples, stride),
        (Kernel::Low2, _) => low::rows_2::<64>(coefficients, steps, extra, samples, stride),
        (Kernel::Average4, _) => average::rows_4(coefficients, steps, samples, stride),
        (Kernel::Average2, _) => average::rows_2(coefficients, steps, samples, stride),
        (Kernel::Dc, _) => low::rows_1(coefficients, steps, samples),
    }
}

/// A sample of what the last pass gives: saturated to 8 bits, then shifted.
#[inline(always)]
fn sample(value: i32) -> u8 {
    (value + 128).clamp(0, 255) as u8
}
