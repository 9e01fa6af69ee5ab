//! The kernels, in 128-bit vectors: along a line and from line to line, each for 8-bit and for 16-bit samples.

use deckle_simd::*;

use crate::fixed::{FRACTION, Finish, LINE, Pair, TAPS, TOGETHER, Windows};

/// New samples of one line, eight at a time.
pub fn across(windows: &Windows, line: &[u8], out: &mut [i16]) {
    match windows.vectors {
        1 => across_by::<1>(windows, line, out),
        2 => across_by::<2>(windows, line, out),
        3 => across_by::<3>(windows, line, out),
        _ => across_by::<0>(windows, line, out),
    }
}

/// `N` is the number of vectors of a window, or 0 to take it from `windows`.
#[inline(never)]
fn across_by<const N: usize>(windows: &Windows, line: &[u8], out: &mut [i16]) {
    let vectors = if N == 0 { windows.vectors } else { N };
    let shift = windows.bits - FRACTION;
    let half = splat32(1 << shift >> 1);
    let (starts, _) = windows.starts.as_chunks::<TOGETHER>();
    let weights = windows.weights.chunks_exact(vectors * TOGETHER);
    let (out, _) = out.as_chunks_mut::<TOGETHER>();
    for ((out, starts), weights) in out.iter_mut().zip(starts).zip(weights) {
        let (low, high) = weights.split_at(vectors * 4);
        let low = four::<N>([starts[0], starts[1], starts[2], starts[3]], low, line);
        let high = four::<N>([starts[4], starts[5], starts[6], starts[7]], high, line);
        store(out, narrow32(shr32_by(add32(low, half), shift), shr32_by(add32(high, half), shift)));
    }
}

/// Sums of four windows.
#[inline(always)]
fn four<const N: usize>(starts: [u32; 4], weights: &[[i16; TAPS]], line: &[u8]) -> V128 {
    let mut sums = [splat32(0); 4];
    let (weights, _) = weights.as_chunks::<4>();
    for (i, weights) in weights.iter().enumerate() {
        for ((sum, start), weights) in sums.iter_mut().zip(starts).zip(weights) {
            let at = start as usize + i * TAPS;
            // always `Some`, because windows end with the line
            if let Some(samples) = line.get(at..).and_then(|rest| rest.first_chunk()) {
                *sum = add32(*sum, dot(load_wide(samples), load(weights)));
            }
        }
    }
    across_sums(sums)
}

/// New samples of one line, from samples with [`FRACTION`] bits after the point.
#[inline(never)]
pub fn across_to_bytes(windows: &Windows, line: &[i16], finish: Finish, out: &mut [u8]) {
    let Finish { start, bits } = finish;
    let start = splat32(start);
    let (starts, _) = windows.starts.as_chunks::<TOGETHER>();
    let weights = windows.weights.chunks_exact(windows.vectors * TOGETHER);
    for ((out, starts), weights) in out.chunks_mut(TOGETHER).zip(starts).zip(weights) {
        let (low, high) = weights.split_at(windows.vectors * 4);
        let low = four_of_16([starts[0], starts[1], starts[2], starts[3]], low, line);
        let high = four_of_16([starts[4], starts[5], starts[6], starts[7]], high, line);
        let narrow = narrow32(shr32_by(add32(low, start), bits), shr32_by(add32(high, start), bits));
        let made = bytes(narrow16_unsigned(narrow, narrow));
        match out.first_chunk_mut::<TOGETHER>() {
            Some(out) => out.copy_from_slice(&made[..TOGETHER]),
            None => out.iter_mut().zip(made).for_each(|(out, made)| *out = made),
        }
    }
}

/// Sums of four windows of 16-bit samples.
#[inline(always)]
fn four_of_16(starts: [u32; 4], weights: &[[i16; TAPS]], line: &[i16]) -> V128 {
    let reach = weights.len() / 4 * TAPS;
    let windows = starts.map(|start| {
        // always so, because windows end with the line
        let window = line.get(start as usize..start as usize + reach).unwrap_or(&[]);
        window.as_chunks::<TAPS>().0
    });
    let mut sums = [splat32(0); 4];
    let (weights, _) = weights.as_chunks::<4>();
    for (i, weights) in weights.iter().enumerate() {
        for ((sum, window), weights) in sums.iter_mut().zip(windows).zip(weights) {
            if let Some(samples) = window.get(i) {
                *sum = add32(*sum, dot(load(samples), load(weights)));
            }
        }
    }
    across_sums(sums)
}

/// Sums the lanes of each vector.
#[inline(always)]
fn across_sums([a, b, c, d]: [V128; 4]) -> V128 {
    let ab = add32(zip32_low(a, b), zip32_high(a, b));
    let cd = add32(zip32_low(c, d), zip32_high(c, d));
    add32(zip64_low(ab, cd), zip64_high(ab, cd))
}

/// Writes the weighted sum of lines of `ring`.
#[inline(never)]
pub fn down(ring: &[i16], pairs: &[Pair], finish: Finish, out: &mut [u8]) {
    let width = out.len();
    let mut x = 0;
    while x + 16 <= width {
        let v = sixteen(ring, pairs, finish, x);
        out[x..x + 16].copy_from_slice(&v);
        x += 16;
    }
    while x < width {
        // lines have room for whole vectors
        let v = eight(ring, pairs, finish, x);
        let rest = (width - x).min(8);
        out[x..x + rest].copy_from_slice(&v[..rest]);
        x += 8;
    }
}

/// Like [`down`], from lines of 8-bit samples to one with [`FRACTION`] bits after the point. Lines are whole vectors of [`LINE`]
/// samples.
#[inline(never)]
pub fn down_from_bytes(ring: &[u8], pairs: &[Pair], bits: u32, out: &mut [i16]) {
    let shift = bits - FRACTION;
    let (ring, _) = ring.as_chunks::<LINE>();
    let (out, _) = out.as_chunks_mut::<8>();
    let (out, _) = out.as_chunks_mut::<2>();
    // two vectors of samples at a time, so that finding lines and weights is shared
    let (doubles, last) = out.as_chunks_mut::<2>();
    let at = 2 * doubles.len();
    for (x, out) in doubles.iter_mut().enumerate() {
        vectors_from_bytes(ring, pairs, shift, 2 * x, out);
    }
    for out in last.as_chunks_mut::<1>().0 {
        vectors_from_bytes(ring, pairs, shift, at, out);
    }
}

/// `N` vectors of samples from the `x`-th of the lines on.
#[inline(always)]
fn vectors_from_bytes<const N: usize>(
    ring: &[[u8; LINE]],
    pairs: &[Pair],
    shift: u32,
    x: usize,
    out: &mut [[[i16; 8]; 2]; N],
) {
    let mut sums = [[splat32(1 << shift >> 1); 4]; N];
    for &Pair { at: [a, b], weights } in pairs {
        let weights = pair(weights[0].into(), weights[1].into());
        let lines = [a, b].map(|at| ring.get(at / LINE + x..).and_then(|line| line.first_chunk::<N>()));
        // always so, because lines lie within the ring
        let [Some(a), Some(b)] = lines else { continue };
        for ((sums, a), b) in sums.iter_mut().zip(a).zip(b) {
            add_pair(sums, a, b, weights);
        }
    }
    for ([left, right], sums) in out.iter_mut().zip(sums) {
        let [a, b, c, d] = sums.map(|sum| shr32_by(sum, shift));
        store(left, narrow32(a, b));
        store(right, narrow32(c, d));
    }
}

/// Adds 16 samples of two lines, weighed.
#[inline(always)]
fn add_pair(sums: &mut [V128; 4], a: &[u8; LINE], b: &[u8; LINE], weights: V128) {
    let (a, b) = (load_bytes(a), load_bytes(b));
    let (low, high) = (zip8_low(a, b), zip8_high(a, b));
    let zero = splat32(0);
    sums[0] = add32(sums[0], dot(zip8_low(low, zero), weights));
    sums[1] = add32(sums[1], dot(zip8_high(low, zero), weights));
    sums[2] = add32(sums[2], dot(zip8_low(high, zero), weights));
    sums[3] = add32(sums[3], dot(zip8_high(high, zero), weights));
}

#[inline(always)]
fn lanes(ring: &[i16], at: usize) -> V128 {
    match ring.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(lanes) => load(lanes),
        // unreachable, because lines lie within the ring
        None => splat32(0),
    }
}

#[inline(always)]
fn bytes(v: V128) -> [u8; 16] {
    let mut bytes = [0; 16];
    store_bytes(&mut bytes, v);
    bytes
}

#[inline(always)]
fn sixteen(ring: &[i16], pairs: &[Pair], finish: Finish, x: usize) -> [u8; 16] {
    let mut sums = [splat32(finish.start); 4];
    for &Pair { at: [a, b], weights } in pairs {
        let weights = pair(weights[0].into(), weights[1].into());
        for i in 0..2 {
            let (a, b) = (lanes(ring, a + x + 8 * i), lanes(ring, b + x + 8 * i));
            sums[2 * i] = add32(sums[2 * i], dot(zip16_low(a, b), weights));
            sums[2 * i + 1] = add32(sums[2 * i + 1], dot(zip16_high(a, b), weights));
        }
    }
    let [a, b, c, d] = sums.map(|sum| shr32_by(sum, finish.bits));
    bytes(narrow16_unsigned(narrow32(a, b), narrow32(c, d)))
}

#[inline(always)]
fn eight(ring: &[i16], pairs: &[Pair], finish: Finish, x: usize) -> [u8; 16] {
    let mut sums = [splat32(finish.start); 2];
    for &Pair { at: [a, b], weights } in pairs {
        let weights = pair(weights[0].into(), weights[1].into());
        let (a, b) = (lanes(ring, a + x), lanes(ring, b + x));
        sums[0] = add32(sums[0], dot(zip16_low(a, b), weights));
        sums[1] = add32(sums[1], dot(zip16_high(a, b), weights));
    }
    let [a, b] = sums.map(|sum| shr32_by(sum, finish.bits));
    let narrow = narrow32(a, b);
    bytes(narrow16_unsigned(narrow, narrow))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernels one sample at a time.
    mod scalar {
        use super::*;

        /// New samples of one line.
        pub fn across(windows: &Windows, line: &[u8], out: &mut [i16]) {
            let shift = windows.bits - FRACTION;
            let half = 1 << shift >> 1;
            for (i, (out, &start)) in out.iter_mut().zip(&windows.starts).enumerate() {
                let mut sum = half;
                for vector in 0..windows.vectors {
                    let weights = &windows.weights[(i / 4 * windows.vectors + vector) * 4 + i % 4];
                    let samples = &line[start as usize + vector * TAPS..][..TAPS];
                    sum += samples.iter().zip(weights).map(|(&s, &w)| i32::from(s) * i32::from(w)).sum::<i32>();
                }
                *out = (sum >> shift).clamp(i16::MIN.into(), i16::MAX.into()) as i16;
            }
        }

        /// New samples of one line of 16-bit samples.
        pub fn across_to_bytes(windows: &Windows, line: &[i16], finish: Finish, out: &mut [u8]) {
            for (i, (out, &start)) in out.iter_mut().zip(&windows.starts).enumerate() {
                let mut sum = finish.start;
                for vector in 0..windows.vectors {
                    let weights = &windows.weights[(i / 4 * windows.vectors + vector) * 4 + i % 4];
                    let samples = &line[start as usize + vector * TAPS..][..TAPS];
                    sum += samples.iter().zip(weights).map(|(&s, &w)| i32::from(s) * i32::from(w)).sum::<i32>();
                }
                *out = (sum >> finish.bits).clamp(0, 255) as u8;
            }
        }

        /// The weighted sum of lines of `ring` at `x`.
        pub fn sum<S: Copy + Into<i32>>(ring: &[S], pairs: &[Pair], x: usize) -> i32 {
            let products = |pair: &Pair| {
                pair.at
                    .iter()
                    .zip(pair.weights)
                    .map(|(at, weight)| ring[at + x].into() * i32::from(weight))
                    .sum::<i32>()
            };
            pairs.iter().map(products).sum()
        }
    }

    /// A congruential generator's high bits.
    fn random(seed: &mut u64) -> u32 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as u32
    }

    #[test]
    fn kernels_do_what_scalar_ones_do() {
        let mut seed = 1;
        for vectors in 1..5 {
            for width in [1, 7, 8, 9, 24, 31, 64] {
                let outputs = 64;
                let line: Vec<u8> = (0..100).map(|_| random(&mut seed) as u8).collect();
                let windows = Windows::of(
                    (0..outputs).map(|_| random(&mut seed) % (100 - 8 * vectors as u32)).collect(),
                    (0..outputs * vectors)
                        .map(|_| [0; 8].map(|_: i16| (random(&mut seed) % 3000) as i16 - 1000))
                        .collect(),
                    vectors,
                );
                let mut a = vec![0; outputs];
                let mut b = vec![1; outputs];
                scalar::across(&windows, &line, &mut a);
                across(&windows, &line, &mut b);
                assert_eq!(a, b);

                let ring: Vec<i16> = (0..64 * 5).map(|_| (random(&mut seed) % 24_000) as i16 - 4000).collect();
                let pair = |_| Pair {
                    at: [0, 0].map(|_: usize| random(&mut seed) as usize % 5 * 64),
                    weights: [0, 0].map(|_: i16| (random(&mut seed) % 12_000) as i16 - 2000),
                };
                let pairs: Vec<Pair> = (0..vectors).map(pair).collect();
                for finish in [Finish::new(20, false), Finish::new(20, true)] {
                    let sum = |x| (scalar::sum(&ring, &pairs, x) + finish.start) >> finish.bits;
                    let a: Vec<u8> = (0..width).map(|x| sum(x).clamp(0, 255) as u8).collect();
                    let mut b = vec![1; width];
                    down(&ring, &pairs, finish, &mut b);
                    assert_eq!(a, b);

                    let mut a = vec![0; width];
                    scalar::across_to_bytes(&windows, &ring, finish, &mut a);
                    across_to_bytes(&windows, &ring, finish, &mut b);
                    assert_eq!(a, b);
                }

                let ring: Vec<u8> = (0..64 * 5).map(|_| random(&mut seed) as u8).collect();
                let sum = |x| (scalar::sum(&ring, &pairs, x) + (1 << 7)) >> 8;
                let a: Vec<i16> = (0..64).map(|x| sum(x).clamp(i16::MIN.into(), i16::MAX.into()) as i16).collect();
                let mut b = vec![1; 64];
                down_from_bytes(&ring, &pairs, 14, &mut b);
                assert_eq!(a, b);
            }
        }
    }

    impl Windows {
        fn of(starts: Vec<u32>, weights: Vec<[i16; 8]>, vectors: usize) -> Self {
            Self { starts, weights, vectors, bits: 14, short: Vec::new() }
        }
    }
}
