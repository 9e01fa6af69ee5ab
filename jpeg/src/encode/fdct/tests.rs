//! The vector kernel equals its scalar twin.

use super::{Quantizer, rows, scalar};

fn samples(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    };
    let extremes = seed.is_multiple_of(3);
    (0..count)
        .map(|i| match seed % 5 {
            0 => [0, 255][next() as usize % 2],
            1 => (i * seed as usize / 7 % 256) as u8,
            2 if extremes => 0,
            3 if extremes => 255,
            _ => next() as u8,
        })
        .collect()
}

#[test]
fn the_kernel_equals_its_twin() {
    for seed in 0..600 {
        let count = 1 + seed as usize % 5;
        let stride = count * 8 + seed as usize % 4;
        let samples = samples(seed, stride * 8);
        let steps: [u8; 64] = core::array::from_fn(|i| (1 + i as u32 * seed % 255) as u8);
        let (mut coefficients, mut nonzero) = (vec![0; count * 64], vec![0; count]);
        rows(&samples, stride, &Quantizer::new(&steps), &mut coefficients, &mut nonzero, &mut []);
        for (x, block) in coefficients.as_chunks::<64>().0.iter().enumerate() {
            let lines = core::array::from_fn(|y| core::array::from_fn(|i| samples[y * stride + x * 8 + i]));
            let expected = scalar::transform(&lines);
            for (i, &coefficient) in block.iter().enumerate() {
                let divisor = i32::from(steps[i]) * 8;
                let magnitude = (expected[i].abs() + divisor / 2) / divisor;
                assert_eq!(i32::from(coefficient), magnitude * expected[i].signum(), "seed {seed} block {x} at {i}");
                assert_eq!(nonzero[x] >> i & 1 != 0, coefficient != 0);
            }
        }
    }
}

/// Signs of each basis function, at full contrast: what gives the largest.
#[test]
fn the_largest_coefficients_fit() {
    let steps = Quantizer::new(&[1; 64]);
    for (v, u) in (0..8).flat_map(|v| (0..8).map(move |u| (v, u))) {
        let cosine = |at: usize, k: usize| ((2 * at + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos();
        for sign in [1.0, -1.0] {
            let high = |x: usize, y: usize| sign * cosine(x, u) * cosine(y, v) > 0.0;
            let samples: Vec<u8> = (0..64).map(|i| if high(i % 8, i / 8) { 255 } else { 0 }).collect();
            let (mut block, mut nonzero) = ([0; 64], [0]);
            rows(&samples, 8, &steps, &mut block, &mut nonzero, &mut []);
            let limit = |i: usize| if i == 0 { 1024 } else { 1023 };
            assert!(block.iter().enumerate().all(|(i, &value)| value.unsigned_abs() <= limit(i)));
            let lines = core::array::from_fn(|y| core::array::from_fn(|x| samples[y * 8 + x]));
            let expected = scalar::transform(&lines).map(|value| (value.abs() + 4) / 8 * value.signum());
            assert_eq!(block.map(i32::from), expected);
        }
    }
}
