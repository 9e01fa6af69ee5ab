//! The kernels as libjpeg writes them, one value at a time: what the vector
//! code must equal, on every input.

use super::{Steps, sample};
use crate::fix::*;

fn descale(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

fn saturated(value: i32) -> i32 {
    value.clamp(i16::MIN.into(), i16::MAX.into())
}

fn times(value: i32, factor: i32) -> i32 {
    value.wrapping_mul(factor)
}

/// A sum that wraps.
fn sum<const N: usize>(terms: [i32; N]) -> i32 {
    terms.into_iter().fold(0, i32::wrapping_add)
}

pub(super) fn dequantized<const N: usize>(block: &[i16; N], steps: &Steps) -> [i32; N] {
    core::array::from_fn(|i| i32::from(block[i].wrapping_mul(steps[i])))
}

/// Applies `pass` to columns and then to rows.
fn both<const N: usize, const M: usize>(
    block: [[i32; N]; N],
    pass: impl Fn([i32; N], u32) -> [i32; M],
    bits: (u32, u32),
) -> [[u8; M]; M] {
    let mut rows = [[0; N]; M];
    for x in 0..N {
        let column = pass(block.map(|row| row[x]), bits.0);
        for y in 0..M {
            rows[y][x] = saturated(column[y]);
        }
    }
    rows.map(|row| pass(row, bits.1).map(|value| sample(saturated(value))))
}

fn square<const N: usize>(values: &[i32]) -> [[i32; N]; N] {
    core::array::from_fn(|y| core::array::from_fn(|x| values[y * N + x]))
}

/// `jpeg_idct_islow`.
pub(super) fn full(block: &[i16; 64], steps: &Steps) -> [[u8; 8]; 8] {
    both(square(&dequantized(block, steps)), pass_8, (11, 18))
}

fn pass_8(i: [i32; 8], bits: u32) -> [i32; 8] {
    let z1 = times(i[2].wrapping_add(i[6]), F_0_541196100);
    let t2 = sum([z1, times(i[6], -F_1_847759065)]);
    let t3 = sum([z1, times(i[2], F_0_765366865)]);
    let t0 = times(i[0].wrapping_add(i[4]), ONE);
    let t1 = times(i[0].wrapping_sub(i[4]), ONE);
    let (t10, t13) = (t0.wrapping_add(t3), t0.wrapping_sub(t3));
    let (t11, t12) = (t1.wrapping_add(t2), t1.wrapping_sub(t2));
    let (t0, t1, t2, t3) = (i[7], i[5], i[3], i[1]);
    let z5 = times(sum([t0, t2, t1, t3]), F_1_175875602);
    let z1 = times(t0.wrapping_add(t3), -F_0_899976223);
    let z2 = times(t1.wrapping_add(t2), -F_2_562915447);
    let z3 = sum([times(t0.wrapping_add(t2), -F_1_961570560), z5]);
    let z4 = sum([times(t1.wrapping_add(t3), -F_0_390180644), z5]);
    let t0 = sum([times(t0, F_0_298631336), z1, z3]);
    let t1 = sum([times(t1, F_2_053119869), z2, z4]);
    let t2 = sum([times(t2, F_3_072711026), z2, z3]);
    let t3 = sum([times(t3, F_1_501321110), z1, z4]);
    [
        descale(t10.wrapping_add(t3), bits),
        descale(t11.wrapping_add(t2), bits),
        descale(t12.wrapping_add(t1), bits),
        descale(t13.wrapping_add(t0), bits),
        descale(t13.wrapping_sub(t0), bits),
        descale(t12.wrapping_sub(t1), bits),
        descale(t11.wrapping_sub(t2), bits),
        descale(t10.wrapping_sub(t3), bits),
    ]
}

/// `jpeg_idct_4x4` of `jidctint.c`.
pub(super) fn low_4(block: &[i16; 16], steps: &Steps) -> [[u8; 4]; 4] {
    both(square(&dequantized(block, steps)), pass_low_4, (11, 18))
}

fn pass_low_4(i: [i32; 4], bits: u32) -> [i32; 4] {
    let t10 = times(i[0].wrapping_add(i[2]), ONE);
    let t12 = times(i[0].wrapping_sub(i[2]), ONE);
    let z1 = times(i[1].wrapping_add(i[3]), F_0_541196100);
    let t0 = sum([z1, times(i[1], F_0_765366865)]);
    let t2 = sum([z1, times(i[3], -F_1_847759065)]);
    [
        descale(t10.wrapping_add(t0), bits),
        descale(t12.wrapping_add(t2), bits),
        descale(t12.wrapping_sub(t2), bits),
        descale(t10.wrapping_sub(t0), bits),
    ]
}

/// `jpeg_idct_4x4` of `jidctred.c`.
pub(super) fn average_4(block: &[i16; 64], steps: &Steps) -> [[u8; 4]; 4] {
    both(square(&dequantized(block, steps)), pass_average_4, (12, 19))
}

fn pass_average_4(i: [i32; 8], bits: u32) -> [i32; 4] {
    let t0 = times(i[0], 1 << 14);
    let t2 = sum([times(i[2], 15137), times(i[6], -6270)]);
    let (t10, t12) = (t0.wrapping_add(t2), t0.wrapping_sub(t2));
    let t0 = sum([times(i[7], -1730), times(i[5], 11893), times(i[3], -17799), times(i[1], 8697)]);
    let t2 = sum([times(i[7], -4176), times(i[5], -4926), times(i[3], 7373), times(i[1], 20995)]);
    [
        descale(t10.wrapping_add(t2), bits),
        descale(t12.wrapping_add(t0), bits),
        descale(t12.wrapping_sub(t0), bits),
        descale(t10.wrapping_sub(t2), bits),
    ]
}

/// `jpeg_idct_2x2` of `jidctred.c`.
pub(super) fn average_2(block: &[i16; 64], steps: &Steps) -> [[u8; 2]; 2] {
    both(square(&dequantized(block, steps)), pass_average_2, (13, 20))
}

fn pass_average_2(i: [i32; 8], bits: u32) -> [i32; 2] {
    let even = times(i[0], 1 << 15);
    let odd = sum([times(i[7], -5906), times(i[5], 6967), times(i[3], -10426), times(i[1], 29692)]);
    [descale(even.wrapping_add(odd), bits), descale(even.wrapping_sub(odd), bits)]
}
