//! The transform one number at a time, as `jfdctint.c` has it.

use crate::fix::*;

/// Coefficients, times 8.
pub(super) fn transform(samples: &[[u8; 8]; 8]) -> [i32; 64] {
    let mut data: [i32; 64] = core::array::from_fn(|i| i32::from(samples[i / 8][i % 8]) - 128);
    for y in 0..8 {
        pass(&mut data, y * 8, 1, |sum| sum << 2, |sum| (sum + (1 << 10)) >> 11);
    }
    for x in 0..8 {
        pass(&mut data, x, 8, |sum| (sum + 2) >> 2, |sum| (sum + (1 << 14)) >> 15);
    }
    data
}

fn pass(data: &mut [i32; 64], at: usize, step: usize, whole: fn(i32) -> i32, fraction: fn(i32) -> i32) {
    let d: [i32; 8] = core::array::from_fn(|i| data[at + i * step]);
    let mut put = |i: usize, value: i32| data[at + i * step] = value;
    let (t0, t7) = (d[0] + d[7], d[0] - d[7]);
    let (t1, t6) = (d[1] + d[6], d[1] - d[6]);
    let (t2, t5) = (d[2] + d[5], d[2] - d[5]);
    let (t3, t4) = (d[3] + d[4], d[3] - d[4]);
    let (t10, t13, t11, t12) = (t0 + t3, t0 - t3, t1 + t2, t1 - t2);
    put(0, whole(t10 + t11));
    put(4, whole(t10 - t11));
    let z1 = (t12 + t13) * F_0_541196100;
    put(2, fraction(z1 + t13 * F_0_765366865));
    put(6, fraction(z1 - t12 * F_1_847759065));
    let z5 = (t4 + t6 + t5 + t7) * F_1_175875602;
    let (z1, z2) = ((t4 + t7) * -F_0_899976223, (t5 + t6) * -F_2_562915447);
    let (z3, z4) = ((t4 + t6) * -F_1_961570560 + z5, (t5 + t7) * -F_0_390180644 + z5);
    put(7, fraction(t4 * F_0_298631336 + z1 + z3));
    put(5, fraction(t5 * F_2_053119869 + z2 + z4));
    put(3, fraction(t6 * F_3_072711026 + z2 + z3));
    put(1, fraction(t7 * F_1_501321110 + z1 + z4));
}
