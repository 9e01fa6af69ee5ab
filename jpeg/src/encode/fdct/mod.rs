//! DCT and quantisation of a row of blocks.
//!
//! Source: T.81, A.3.3; the factorisation and its rounding are those of
//! libjpeg's `jfdctint.c` (Loeffler, Ligtenberg and Moschytz 1989), in 32-bit
//! integers with 13 bits of fraction.

mod quantizer;
#[cfg(test)]
mod scalar;
#[cfg(test)]
mod tests;

pub(super) use quantizer::Quantizer;

use crate::fix::*;
use deckle_simd::*;

/// Bits below the point of what the transform gives.
pub(super) const FRACTION: u32 = 3;

/// Turns eight lines of samples, `stride` apart, into quantised coefficients,
/// row-major, for as many blocks as `coefficients` has. Bit `i` of a block's
/// `nonzero` tells whether coefficient `i` is other than 0. Coefficients as they
/// were before, with [`FRACTION`], go to `exact` as far as that reaches.
#[inline(never)]
pub(super) fn rows(
    samples: &[u8],
    stride: usize,
    quantizer: &Quantizer,
    coefficients: &mut [i16],
    nonzero: &mut [u64],
    exact: &mut [i16],
) {
    let (blocks, _) = coefficients.as_chunks_mut::<64>();
    let lines: [&[[u8; 8]]; 8] = core::array::from_fn(|y| samples.get(y * stride..).unwrap_or_default().as_chunks().0);
    if lines.iter().any(|line| line.len() < blocks.len()) {
        return;
    }
    let (exact, _) = exact.as_chunks_mut::<64>();
    for (x, (block, nonzero)) in blocks.iter_mut().zip(nonzero).enumerate() {
        let scaled = transform(core::array::from_fn(|y| load_half(&lines[y][x])));
        if let Some(exact) = exact.get_mut(x) {
            let rows = exact.as_chunks_mut::<8>().0.iter_mut();
            rows.zip(scaled).for_each(|(row, scaled)| store(row, scaled));
        }
        *nonzero = quantizer.quantize(scaled, block);
    }
}

/// Coefficients, times 8.
#[inline(always)]
fn transform(lines: [V128; 8]) -> [V128; 8] {
    let [c0, c1, c2, c3, c4, c5, c6, c7] = pass::<true>(columns(lines));
    // levels are shifted here: a row's sum is 8 times 128 too large, of 2 bits of fraction
    let c0 = sub16(c0, pair(4096, 4096));
    pass::<false>(transposed([c0, c1, c2, c3, c4, c5, c6, c7]))
}

/// Eight lines of bytes to columns of 16-bit lanes.
#[inline(always)]
fn columns([a, b, c, d, e, f, g, h]: [V128; 8]) -> [V128; 8] {
    let (ae, bf, cg, dh) = (zip8_low(a, e), zip8_low(b, f), zip8_low(c, g), zip8_low(d, h));
    let (aceg0, aceg1) = (zip8_low(ae, cg), zip8_high(ae, cg));
    let (bdfh0, bdfh1) = (zip8_low(bf, dh), zip8_high(bf, dh));
    let (c01, c23) = (zip8_low(aceg0, bdfh0), zip8_high(aceg0, bdfh0));
    let (c45, c67) = (zip8_low(aceg1, bdfh1), zip8_high(aceg1, bdfh1));
    let zero = splat32(0);
    [
        zip8_low(c01, zero),
        zip8_high(c01, zero),
        zip8_low(c23, zero),
        zip8_high(c23, zero),
        zip8_low(c45, zero),
        zip8_high(c45, zero),
        zip8_low(c67, zero),
        zip8_high(c67, zero),
    ]
}

/// One dimension, on eight columns at once. The first pass leaves 2 bits of
/// fraction, the second takes them away.
///
/// Each output is a sum of inputs times constants, so that any grouping gives
/// the same: here by pairs, as the dot product takes them.
#[inline(always)]
fn pass<const FIRST: bool>([d0, d1, d2, d3, d4, d5, d6, d7]: [V128; 8]) -> [V128; 8] {
    let (t0, t7) = (add16(d0, d7), sub16(d0, d7));
    let (t1, t6) = (add16(d1, d6), sub16(d1, d6));
    let (t2, t5) = (add16(d2, d5), sub16(d2, d5));
    let (t3, t4) = (add16(d3, d4), sub16(d3, d4));
    // even part
    let (t10, t13) = (add16(t0, t3), sub16(t0, t3));
    let (t11, t12) = (add16(t1, t2), sub16(t1, t2));
    let [y0, y4] = [add16(t10, t11), sub16(t10, t11)]
        .map(|sum| if FIRST { shl16::<2>(sum) } else { shr16::<2>(add16(sum, pair(2, 2))) });
    let z = F_0_541196100;
    let y2 = sum::<FIRST, _>([(t13, z + F_0_765366865, t12, z)]);
    let y6 = sum::<FIRST, _>([(t13, z, t12, z - F_1_847759065)]);
    // odd part
    let z = F_1_175875602;
    let odd = |f4: i32, f5: i32, f6: i32, f7: i32| sum::<FIRST, _>([(t4, f4, t5, f5), (t6, f6, t7, f7)]);
    let y7 = odd(z + F_0_298631336 - F_0_899976223 - F_1_961570560, z, z - F_1_961570560, z - F_0_899976223);
    let y5 = odd(z, z + F_2_053119869 - F_2_562915447 - F_0_390180644, z - F_2_562915447, z - F_0_390180644);
    let y3 = odd(z - F_1_961570560, z - F_2_562915447, z + F_3_072711026 - F_2_562915447 - F_1_961570560, z);
    let y1 = odd(z - F_0_899976223, z - F_0_390180644, z, z + F_1_501321110 - F_0_899976223 - F_0_390180644);
    [y0, y1, y2, y3, y4, y5, y6, y7]
}

/// The sum of products of pairs, rounded.
#[inline(always)]
fn sum<const FIRST: bool, const N: usize>(terms: [(V128, i32, V128, i32); N]) -> V128 {
    let half = |zip: fn(V128, V128) -> V128| {
        let round = splat32(if FIRST { 1 << 10 } else { 1 << 14 });
        let all = terms.iter().fold(round, |all, &(a, f, b, g)| add32(all, dot(zip(a, b), pair(f, g))));
        if FIRST { shr32::<11>(all) } else { shr32::<15>(all) }
    };
    narrow32(half(zip16_low), half(zip16_high))
}
