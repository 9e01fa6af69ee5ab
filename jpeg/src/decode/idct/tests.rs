//! Vector kernels equal their scalar twins, and both the transform itself.

use super::{Kernel, rows, scalar, steps};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as u32
    }
}

/// Blocks from smooth to absurd: sparse, dense, the extremes of 16 bits.
fn blocks(seed: u64, count: usize, keep: usize) -> (Vec<i16>, [u16; 64]) {
    let mut random = Random(seed);
    let wild = seed % 3 == 2;
    let table = core::array::from_fn(|_| match (wild, random.next() % 4) {
        (true, 0) => u16::MAX,
        (true, 1) => random.next() as u16,
        _ => 1 + (random.next() % 60) as u16,
    });
    let mut all = Vec::new();
    for _ in 0..count {
        let sparsity = random.next() % 7;
        for i in 0..keep {
            all.push(match (sparsity, i) {
                (_, 0) => (random.next() % 400) as i16 - 200,
                (0, _) => 0,
                (1, i) if i > 31 || i % 8 > 3 => 0,
                (5, i) if i > 31 => 0,
                (6, i) if i % 8 > 3 => 0,
                (4, _) if wild => [i16::MIN, i16::MAX, -1, 0][(random.next() % 4) as usize],
                _ => (random.next() % 21) as i16 - 10,
            });
        }
    }
    (all, table)
}

/// Compares `rows` with `twin`, block by block, over random input.
fn assert_same<const N: usize, const M: usize>(kernel: Kernel, twin: fn(&[i16; N], &super::Steps) -> [[u8; M]; M]) {
    for seed in 0..300 {
        let count = 1 + seed as usize % 7;
        let (coefficients, table) = blocks(seed, count, N);
        let steps = steps(&table, N);
        let stride = count * M + 3;
        let mut samples = vec![0xA5; stride * M];
        rows(kernel, N, false, &coefficients, &steps, &mut samples, stride);
        for (b, block) in coefficients.as_chunks::<N>().0.iter().enumerate() {
            let expected = twin(block, &steps);
            for (y, line) in expected.iter().enumerate() {
                let at = y * stride + b * M;
                assert_eq!(&samples[at..at + M], line, "seed {seed} block {b} line {y}");
            }
        }
        let past = samples.chunks(stride).all(|line| line[count * M..] == [0xA5; 3]);
        assert!(past, "wrote past the blocks");
    }
}

#[test]
fn the_full_kernel_equals_its_twin() {
    assert_same::<64, 8>(Kernel::Full, scalar::full);
}

#[test]
fn the_low_kernel_equals_its_twin() {
    assert_same::<16, 4>(Kernel::Low4, scalar::low_4);
}

#[test]
fn the_averaging_kernels_equal_their_twins() {
    assert_same::<64, 4>(Kernel::Average4, scalar::average_4);
    assert_same::<64, 2>(Kernel::Average2, scalar::average_2);
}

/// The transform by its definition (T.81, A.3.3), of the low `n` × `n`.
fn exact(block: &[i16], stored: usize, table: &[u16; 64], n: usize) -> Vec<f64> {
    let scale = |k: usize| if k == 0 { FRAC_1_SQRT_2 } else { 1.0 };
    let mut samples = Vec::new();
    for (y, x) in (0..n).flat_map(|y| (0..n).map(move |x| (y, x))) {
        let mut value = 0.0;
        for (v, u) in (0..n).flat_map(|v| (0..n).map(move |u| (v, u))) {
            let cosine = |at: usize, k: usize| ((2 * at + 1) as f64 * k as f64 * PI / (2 * n) as f64).cos();
            value += scale(u)
                * scale(v)
                * cosine(x, u)
                * cosine(y, v)
                * f64::from(block[v * stored + u])
                * f64::from(table[v * 8 + u]);
        }
        // each halving of the size halves twice what a coefficient weighs
        samples.push(value / 4.0 + 128.0);
    }
    samples
}

#[test]
fn kernels_are_within_one_of_the_transform() {
    let kept = [
        (Kernel::Full, 8, 64),
        (Kernel::Low7, 7, 64),
        (Kernel::Low6, 6, 64),
        (Kernel::Low5, 5, 64),
        (Kernel::Low3, 3, 16),
        (Kernel::Low3, 3, 64),
        (Kernel::Low4, 4, 16),
        (Kernel::Low4, 4, 64),
        (Kernel::Low2, 2, 4),
        (Kernel::Low2, 2, 64),
        (Kernel::Dc, 1, 1),
    ];
    for (kernel, side, store) in kept {
        for seed in (0..90).filter(|seed| seed % 3 != 2) {
            let (coefficients, table) = blocks(seed, 1, store);
            let steps = steps(&table, store);
            let mut samples = vec![0; side * side];
            rows(kernel, store, false, &coefficients, &steps, &mut samples, side);
            let stored = store.isqrt();
            let exact = exact(&coefficients, stored, &table, side);
            for (i, (&sample, &exact)) in samples.iter().zip(&exact).enumerate() {
                let difference = (f64::from(sample) - exact.clamp(0.0, 255.0)).abs();
                assert!(difference <= 1.0, "{kernel:?} seed {seed} sample {i}: {difference}");
            }
        }
    }
}

#[test]
fn the_averaging_kernels_are_means_of_the_full_one() {
    for seed in (0..90).filter(|seed| seed % 3 != 2) {
        let (coefficients, table) = blocks(seed, 1, 64);
        let steps = steps(&table, 64);
        let full = exact(&coefficients, 8, &table, 8);
        // where nothing is clamped, that is
        if full.iter().any(|&value| value <= 0.0 || value >= 255.0) {
            continue;
        }
        for (kernel, side) in [(Kernel::Average4, 4), (Kernel::Average2, 2)] {
            let mut samples = vec![0; side * side];
            rows(kernel, 64, false, &coefficients, &steps, &mut samples, side);
            let n = 8 / side;
            for (i, &sample) in samples.iter().enumerate() {
                let (y, x) = (i / side * n, i % side * n);
                let sum: f64 = (0..n * n).map(|j| full[(y + j / n) * 8 + x + j % n]).sum();
                let mean = sum / (n * n) as f64;
                assert!((f64::from(sample) - mean).abs() <= 1.0, "{kernel:?} seed {seed}");
            }
        }
    }
}

#[test]
fn headroom_halves_samples_and_keeps_what_is_out_of_range() {
    let low_passes = [
        (Kernel::Low7, 64),
        (Kernel::Low6, 64),
        (Kernel::Low5, 64),
        (Kernel::Low4, 16),
        (Kernel::Low4, 64),
        (Kernel::Low3, 16),
        (Kernel::Low3, 64),
        (Kernel::Low2, 4),
        (Kernel::Low2, 64),
    ];
    for (kernel, store) in low_passes {
        let side = kernel.side();
        for seed in (0..90).filter(|seed| seed % 3 != 2) {
            let (coefficients, table) = blocks(seed, 3, store);
            let steps = steps(&table, store);
            let mut samples = vec![0; 3 * side * side];
            rows(kernel, store, true, &coefficients, &steps, &mut samples, 3 * side);
            for (b, block) in coefficients.chunks(store).enumerate() {
                let exact = exact(block, store.isqrt(), &table, side);
                for (i, value) in exact.iter().enumerate() {
                    let sample = f64::from(samples[i / side * 3 * side + b * side + i % side]);
                    let difference = (sample - (value / 2.0 + 64.0).clamp(0.0, 255.0)).abs();
                    assert!(difference <= 1.0, "{kernel:?} of {store}, seed {seed}, sample {i}: {difference}");
                }
            }
        }
    }
}

#[test]
fn a_corner_alone_gives_the_same_by_its_own_kernel() {
    for seed in 0..300 {
        let count = 1 + seed as usize % 7;
        let (mut coefficients, table) = blocks(seed, count, 64);
        for (i, value) in coefficients.iter_mut().enumerate() {
            let (row, column) = (i % 64 / 8, i % 8);
            if row + column > 4 {
                *value = 0;
            }
        }
        let steps = steps(&table, 64);
        let stride = count * 5 + 3;
        for has_headroom in [false, true] {
            let rows_of_five: Vec<i16> = coefficients.chunks(64).flat_map(|block| block[..40].to_vec()).collect();
            let of = [(Kernel::Low5, 64, &coefficients), (Kernel::Corner5, 40, &rows_of_five)];
            let mut made = of.map(|(kernel, store, coefficients)| {
                let mut samples = vec![0xA5; stride * 5];
                rows(kernel, store, has_headroom, coefficients, &steps, &mut samples, stride);
                samples
            });
            let [expected, corner] = &mut made;
            assert_eq!(corner, expected, "seed {seed}, headroom {has_headroom}");
        }
    }
}
