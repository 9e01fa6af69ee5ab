//! 4 × 4 and 2 × 2 samples, each the mean of those it stands for: libjpeg's
//! `jidctred.c`. The mean of two neighbours weighs each coefficient by a cosine,
//! which is 0 for the fourth (and, of four neighbours, for every even one).

use super::Steps;
use super::sample;
use deckle_simd::*;

const F_0_211164243: i32 = 1730;
const F_0_509795579: i32 = 4176;
const F_0_601344887: i32 = 4926;
const F_0_720959822: i32 = 5906;
const F_0_765366865: i32 = 6270;
const F_0_850430095: i32 = 6967;
const F_0_899976223: i32 = 7373;
const F_1_061594337: i32 = 8697;
const F_1_272758580: i32 = 10426;
const F_1_451774981: i32 = 11893;
const F_1_847759065: i32 = 15137;
const F_2_172734803: i32 = 17799;
const F_2_562915447: i32 = 20995;
const F_3_624509785: i32 = 29692;

/// A row of blocks to four lines.
#[inline(never)]
pub(super) fn rows_4(coefficients: &[i16], steps: &Steps, samples: &mut [u8], stride: usize) {
    let (blocks, _) = coefficients.as_chunks::<64>();
    let zero = splat32(0);
    for (x, block) in blocks.iter().enumerate() {
        let rows = dequantized(block, steps);
        let [a, b, c, d] = pass_4::<12>(rows);
        let columns = transposed([a, b, c, d, zero, zero, zero, zero]);
        let [a, b, c, d] = pass_4::<19>(columns);
        let ab = zip16_low(a, b);
        let cd = zip16_low(c, d);
        let lines = narrow16(zip32_low(ab, cd), zip32_high(ab, cd));
        let [y01, y23] = halves(xor(lines, splat32(0x8080_8080_u32 as i32)));
        for (y, line) in [y01, y01 >> 32, y23, y23 >> 32].iter().enumerate() {
            let at = y * stride + x * 4;
            if let Some(out) = samples.get_mut(at..at + 4) {
                out.copy_from_slice(&(*line as u32).to_le_bytes());
            }
        }
    }
}

/// A row of blocks to two lines.
#[inline(never)]
pub(super) fn rows_2(coefficients: &[i16], steps: &Steps, samples: &mut [u8], stride: usize) {
    let (blocks, _) = coefficients.as_chunks::<64>();
    for (x, block) in blocks.iter().enumerate() {
        let [upper, lower] = pass_2(dequantized(block, steps)).map(lanes);
        for (y, line) in [upper, lower].iter().enumerate() {
            let [v0, v1, _, v3, _, v5, _, v7] = line.map(i32::from);
            let even = (v0 << 15) + (1 << 19);
            let odd = v1 * F_3_624509785 - v3 * F_1_272758580 + v5 * F_0_850430095 - v7 * F_0_720959822;
            let at = y * stride + x * 2;
            if let Some([left, right]) = samples.get_mut(at..at + 2) {
                *left = sample(even.wrapping_add(odd) >> 20);
                *right = sample(even.wrapping_sub(odd) >> 20);
            }
        }
    }
}

#[inline(always)]
fn dequantized(block: &[i16; 64], steps: &Steps) -> [V128; 8] {
    let (block, _) = block.as_chunks::<8>();
    let (steps, _) = steps.as_chunks::<8>();
    core::array::from_fn(|row| mul16(load(&block[row]), load(&steps[row])))
}

#[inline(always)]
fn lanes(v: V128) -> [i16; 8] {
    let halves = halves(v);
    core::array::from_fn(|i| (halves[i / 4] >> (16 * (i % 4))) as i16)
}

#[inline(always)]
fn pass_4<const SHIFT: i32>([i0, i1, i2, i3, _, i5, i6, i7]: [V128; 8]) -> [V128; 4] {
    let half = |zip: fn(V128, V128) -> V128| -> [V128; 4] {
        let (z02, z6, z13, z57) = (zip(i0, i2), zip(i6, i6), zip(i1, i3), zip(i5, i7));
        let round = splat32(1 << (SHIFT - 1));
        let six = dot(z6, pair(-F_0_765366865, 0));
        let e0 = add32(add32(dot(z02, pair(1 << 14, F_1_847759065)), six), round);
        let e1 = add32(sub32(dot(z02, pair(1 << 14, -F_1_847759065)), six), round);
        let o0 = add32(dot(z13, pair(F_1_061594337, -F_2_172734803)), dot(z57, pair(F_1_451774981, -F_0_211164243)));
        let o1 = add32(dot(z13, pair(F_2_562915447, F_0_899976223)), dot(z57, pair(-F_0_601344887, -F_0_509795579)));
        [
            shr32::<SHIFT>(add32(e0, o1)),
            shr32::<SHIFT>(add32(e1, o0)),
            shr32::<SHIFT>(sub32(e1, o0)),
            shr32::<SHIFT>(sub32(e0, o1)),
        ]
    };
    let (low, high) = (half(zip16_low), half(zip16_high));
    core::array::from_fn(|i| narrow32(low[i], high[i]))
}

#[inline(always)]
fn pass_2([i0, i1, _, i3, _, i5, _, i7]: [V128; 8]) -> [V128; 2] {
    let half = |zip: fn(V128, V128) -> V128| -> [V128; 2] {
        let round = splat32(1 << 12);
        // 1 << 15 does not fit a lane
        let even = add32(dot(zip(i0, i0), pair(1 << 14, 1 << 14)), round);
        let odd = add32(
            dot(zip(i1, i3), pair(F_3_624509785, -F_1_272758580)),
            dot(zip(i5, i7), pair(F_0_850430095, -F_0_720959822)),
        );
        [shr32::<13>(add32(even, odd)), shr32::<13>(sub32(even, odd))]
    };
    let (low, high) = (half(zip16_low), half(zip16_high));
    core::array::from_fn(|i| narrow32(low[i], high[i]))
}
