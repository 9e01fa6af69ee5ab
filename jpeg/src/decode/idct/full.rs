//! 8 × 8 samples of 64 coefficients: `jpeg_idct_islow`.

use super::{Steps, sample};
use crate::fix::*;
use deckle_simd::*;

/// A row of blocks.
#[inline(never)]
pub(super) fn rows(coefficients: &[i16], steps: &Steps, samples: &mut [u8], stride: usize) {
    let (blocks, _) = coefficients.as_chunks::<64>();
    let steps: [V128; 8] = core::array::from_fn(|row| load_row(steps, row));
    let ac_mask = load(&[0, -1, -1, -1, -1, -1, -1, -1]);
    for (x, block) in blocks.iter().enumerate() {
        let coefficients: [V128; 8] = core::array::from_fn(|row| load_row(block, row));
        let [r0, r1, r2, r3, r4, r5, r6, r7] = coefficients;
        let low = or(or(r1, r2), r3);
        let high = or(or(r4, r5), or(r6, r7));
        let lines = if !is_zero(high) {
            samples_of::<false, false>(&coefficients, &steps)
        } else if is_zero(low) && is_zero(and(r0, ac_mask)) {
            [flat(mul16(r0, steps[0]), 0); 8]
        } else if halves(or(r0, low))[1] == 0 {
            samples_of::<true, true>(&coefficients, &steps)
        } else {
            samples_of::<true, false>(&coefficients, &steps)
        };
        for (y, line) in lines.iter().enumerate() {
            let at = y * stride + x * 8;
            if let Some(out) = samples.get_mut(at..at + 8) {
                out.copy_from_slice(&line.to_le_bytes());
            }
        }
    }
}

#[inline(always)]
pub(super) fn load_row(block: &[i16; 64], row: usize) -> V128 {
    load(&block.as_chunks::<8>().0[row])
}

/// Eight samples of a block whose only coefficient is in lane 0, without `extra` bits.
#[inline(always)]
pub(super) fn flat(dc: V128, extra: u32) -> u64 {
    let dc = i32::from(halves(dc)[0] as i16);
    let first_pass = (dc << 2).clamp(i16::MIN.into(), i16::MAX.into());
    u64::from(sample((first_pass + (16 << extra)) >> (5 + extra))) * 0x0101_0101_0101_0101
}

/// Eight lines of eight samples. `LOW_ROWS`, `LOW_COLUMNS`: 4 to 7 are 0.
#[inline(always)]
fn samples_of<const LOW_ROWS: bool, const LOW_COLUMNS: bool>(coefficients: &[V128; 8], steps: &[V128; 8]) -> [u64; 8] {
    let rows: [V128; 8] = core::array::from_fn(|row| {
        if LOW_ROWS && row > 3 { coefficients[row] } else { mul16(coefficients[row], steps[row]) }
    });
    let columns = transposed(pass::<LOW_ROWS, 11>(rows));
    lines_of(pass::<LOW_COLUMNS, 18>(columns))
}

/// Lines of samples from columns of 16-bit ones.
#[inline(always)]
pub(super) fn lines_of([c0, c1, c2, c3, c4, c5, c6, c7]: [V128; 8]) -> [u64; 8] {
    let shift = splat32(0x8080_8080_u32 as i32);
    let (p04, p15) = (narrow16(c0, c4), narrow16(c1, c5));
    let (p26, p37) = (narrow16(c2, c6), narrow16(c3, c7));
    let (p02, p13) = (zip8_low(p04, p26), zip8_low(p15, p37));
    let (p46, p57) = (zip8_high(p04, p26), zip8_high(p15, p37));
    let (left_03, left_47) = (zip8_low(p02, p13), zip8_high(p02, p13));
    let (right_03, right_47) = (zip8_low(p46, p57), zip8_high(p46, p57));
    let [y0, y1] = halves(xor(zip32_low(left_03, right_03), shift));
    let [y2, y3] = halves(xor(zip32_high(left_03, right_03), shift));
    let [y4, y5] = halves(xor(zip32_low(left_47, right_47), shift));
    let [y6, y7] = halves(xor(zip32_high(left_47, right_47), shift));
    [y0, y1, y2, y3, y4, y5, y6, y7]
}

/// One dimension, on eight columns at once; `SHIFT` bits of fraction go. `LOW`:
/// inputs 4 to 7 are 0.
///
/// Each output is a sum of inputs times constants, so that any grouping gives
/// the same: here by pairs, as the dot product takes them.
#[inline(always)]
fn pass<const LOW: bool, const SHIFT: i32>(input: [V128; 8]) -> [V128; 8] {
    let [i0, i1, i2, i3, i4, i5, i6, i7] = input;
    let half = |zip: fn(V128, V128) -> V128| -> [V128; 8] {
        let (z04, z26, z13, z57) = (zip(i0, i4), zip(i2, i6), zip(i1, i3), zip(i5, i7));
        let round = splat32(1 << (SHIFT - 1));
        // even part
        let e0 = add32(dot(z04, pair(ONE, ONE)), round);
        let e1 = if LOW { e0 } else { add32(dot(z04, pair(ONE, -ONE)), round) };
        let e2 = dot(z26, pair(F_0_541196100, F_0_541196100 - F_1_847759065));
        let e3 = dot(z26, pair(F_0_541196100 + F_0_765366865, F_0_541196100));
        let (t10, t13) = (add32(e0, e3), sub32(e0, e3));
        let (t11, t12) = (add32(e1, e2), sub32(e1, e2));
        // odd part
        let odd = |f1: i32, f3: i32, f5: i32, f7: i32| -> V128 {
            let low = dot(z13, pair(f1, f3));
            if LOW { low } else { add32(low, dot(z57, pair(f5, f7))) }
        };
        let z5 = F_1_175875602;
        let o0 = odd(z5 - F_0_899976223, z5 - F_1_961570560, z5, z5 + F_0_298631336 - F_0_899976223 - F_1_961570560);
        let o1 = odd(z5 - F_0_390180644, z5 - F_2_562915447, z5 + F_2_053119869 - F_2_562915447 - F_0_390180644, z5);
        let o2 = odd(z5, z5 + F_3_072711026 - F_2_562915447 - F_1_961570560, z5 - F_2_562915447, z5 - F_1_961570560);
        let o3 = odd(z5 + F_1_501321110 - F_0_899976223 - F_0_390180644, z5, z5 - F_0_390180644, z5 - F_0_899976223);
        [
            shr32::<SHIFT>(add32(t10, o3)),
            shr32::<SHIFT>(add32(t11, o2)),
            shr32::<SHIFT>(add32(t12, o1)),
            shr32::<SHIFT>(add32(t13, o0)),
            shr32::<SHIFT>(sub32(t13, o0)),
            shr32::<SHIFT>(sub32(t12, o1)),
            shr32::<SHIFT>(sub32(t11, o2)),
            shr32::<SHIFT>(sub32(t10, o3)),
        ]
    };
    let (low, high) = (half(zip16_low), half(zip16_high));
    core::array::from_fn(|i| narrow32(low[i], high[i]))
}
