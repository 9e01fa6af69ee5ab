//! 5 × 5 samples of the 15 coefficients of a block's low corner whose row and column sum up to 4 or less: what
//! [`middle::rows_5`](super::middle::rows_5) makes of a block that has no others, to the bit, in a third of the time.
//!
//! The first dimension runs over four columns; the fifth has one coefficient, which is the same for all rows. Two blocks are
//! done at a time, so that the fifth row of both fills one vector.

use super::Steps;
use super::kernel::CORNER;
use super::low::transposed;
use crate::fix::ONE;
use deckle_simd::{V128, add32, dot, halves, load, mul16, narrow16, narrow32, shr32, splat32, sub32, xor};
use deckle_simd::{zip16_high, zip16_low, zip32_low, zip64_high, zip64_low};

/// A row of blocks to five lines, without `extra` bits of each sample.
pub(super) fn rows_5(coefficients: &[i16], steps: &Steps, extra: u32, samples: &mut [u8], stride: usize) {
    match extra {
        0 => rows::<18>(coefficients, steps, samples, stride),
        _ => rows::<19>(coefficients, steps, samples, stride),
    }
}

/// Pairs of weights. The odd inputs' are mirrored for the other half of the outputs.
struct Weights {
    /// Of inputs 0 and 2, for outputs 0, 1 and 2.
    even: [[i16; 8]; 3],
    /// Of input 4 and of 1, which rounds the first dimension.
    last: [[i16; 8]; 3],
    /// Of input 4 and of the number that rounds the second.
    last_again: [[i16; 8]; 3],
    /// Of inputs 1 and 3, for outputs 0 and 1.
    odd: [[i16; 8]; 2],
}

const fn both(a: i16, b: i16) -> [i16; 8] {
    [a, b, a, b, a, b, a, b]
}

/// What the first dimension keeps of 13 bits of fraction, and half of what it drops.
const FIRST: i32 = 11;
const HALF: i16 = 1 << (FIRST - 1);
const ROUND: i16 = ONE as i16;

/// libjpeg's constants of `jpeg_idct_5x5`, summed where it multiplies an input more than once.
static WEIGHTS: Weights = Weights {
    even: [both(8192, 9372), both(8192, -3580), both(8192, -11584)],
    last: [both(3580, HALF), both(-9372, HALF), both(11584, HALF)],
    last_again: [both(3580, ROUND), both(-9372, ROUND), both(11584, ROUND)],
    odd: [both(11019, 6810), both(6810, -11018)],
};

#[inline(never)]
fn rows<const SHIFT: i32>(coefficients: &[i16], steps: &Steps, samples: &mut [u8], stride: usize) {
    let (blocks, _) = coefficients.as_chunks::<CORNER>();
    let (pairs, last) = blocks.as_chunks::<2>();
    // loaded, because an engine makes a constant vector of numbers each time that it is used
    let weights = core::hint::black_box(&WEIGHTS);
    let steps: [V128; 5] = core::array::from_fn(|row| row_of(steps, row));
    let mut lines = samples.chunks_mut(stride.max(1));
    let mut lines: [&mut [u8]; 5] = core::array::from_fn(|_| lines.next().unwrap_or_default());
    for (x, [left, right]) in pairs.iter().enumerate() {
        // places before anything is computed, see `low`
        let places = lines.each_mut().map(|line| line.get_mut(x * 10..).and_then(|rest| rest.first_chunk_mut::<10>()));
        let [Some(l0), Some(l1), Some(l2), Some(l3), Some(l4)] = places else {
            return;
        };
        let made = samples_of::<SHIFT>(left, right, &steps, weights);
        for (place, made) in [l0, l1, l2, l3, l4].into_iter().zip(made) {
            made.put(place);
        }
    }
    if let [last] = last {
        let made = samples_of::<SHIFT>(last, &[0; CORNER], &steps, weights);
        for (line, made) in lines.iter_mut().zip(made) {
            if let Some(out) = line.get_mut(pairs.len() * 10..pairs.len() * 10 + 5) {
                let mut both = [0; 10];
                made.put(&mut both);
                out.copy_from_slice(&both[..5]);
            }
        }
    }
}

/// A line of two blocks: four samples of each, and the fifth ones in bytes 0 and 4. Numbers, because LLVM takes bytes from a vector
/// one by one.
struct Line {
    four: u64,
    fifths: u64,
}

impl Line {
    #[inline(always)]
    fn put(&self, out: &mut [u8; 10]) {
        out[..4].copy_from_slice(&(self.four as u32).to_le_bytes());
        out[4] = self.fifths as u8;
        out[5..9].copy_from_slice(&((self.four >> 32) as u32).to_le_bytes());
        out[9] = (self.fifths >> 32) as u8;
    }
}

#[inline(always)]
fn row_of(block: &[i16], row: usize) -> V128 {
    block.as_chunks().0.get(row).map_or(splat32(0), load)
}

/// Five lines of two blocks.
#[inline(always)]
fn samples_of<const SHIFT: i32>(
    left: &[i16; CORNER],
    right: &[i16; CORNER],
    steps: &[V128; 5],
    weights: &Weights,
) -> [Line; 5] {
    let a: [V128; 5] = core::array::from_fn(|row| mul16(row_of(left, row), steps[row]));
    let b: [V128; 5] = core::array::from_fn(|row| mul16(row_of(right, row), steps[row]));
    // down four columns
    let ones = splat32(0x0001_0001);
    let down = |i: &[V128; 5]| {
        half::<FIRST>([zip16_low(i[0], i[2]), zip16_low(i[1], i[3]), zip16_low(i[4], ones)], weights, &weights.last)
    };
    let (a_down, b_down) = (down(&a), down(&b));
    let [r0, r1, r2, r3, r4]: [V128; 5] = core::array::from_fn(|row| narrow32(a_down[row], b_down[row]));
    // across four rows of one block, then of the other
    let [c0, c1, c2, c3] = transposed([r0, r1, r2, r3]);
    let [a4, b4] = [a[0], b[0]].map(|row| fifth(row, 1 << (SHIFT - 14)));
    let across = |inputs: [V128; 3]| half::<SHIFT>(inputs, weights, &weights.last_again);
    let a_across = across([zip16_low(c0, c2), zip16_low(c1, c3), a4]);
    let b_across = across([zip16_high(c0, c2), zip16_high(c1, c3), b4]);
    // across the fifth row of both: pairs of inputs 0 and 2 of each block, then of 1 and 3
    let both = zip16_low(r4, zip64_high(r4, r4));
    let z = zip16_low(both, zip64_high(both, both));
    let [s0, s1, s2, s3, s4] = across([z, zip64_high(z, z), zip32_low(a4, b4)]);
    // lines: four samples of each block, and the fifth ones apart
    let columns: [V128; 5] = core::array::from_fn(|column| narrow32(a_across[column], b_across[column]));
    let [l0, l1, l2, l3] = transposed([columns[0], columns[1], columns[2], columns[3]]);
    let shift = splat32(0x8080_8080_u32 as i32);
    let ([y0, y1], [y2, y3]) = (halves(xor(narrow16(l0, l1), shift)), halves(xor(narrow16(l2, l3), shift)));
    let [fifths, _] = halves(xor(narrow16(columns[4], columns[4]), shift));
    // the fifth line: each vector has a sample of one block, then one of the other
    let (s01, s23) = (zip32_low(s0, s1), zip32_low(s2, s3));
    let rows = narrow32(zip64_low(s01, s23), zip64_high(s01, s23));
    let bytes = xor(narrow16(rows, narrow32(s4, s4)), shift);
    let [four, fifth] = halves(bytes);
    [
        Line { four: y0, fifths },
        Line { four: y1, fifths: fifths >> 8 },
        Line { four: y2, fifths: fifths >> 16 },
        Line { four: y3, fifths: fifths >> 24 },
        Line { four, fifths: fifth & 0xFF | fifth << 24 },
    ]
}

/// Five outputs of pairs of inputs: 0 and 2, 1 and 3, 4 and what rounds.
#[inline(always)]
fn half<const SHIFT: i32>([z02, z13, z4]: [V128; 3], weights: &Weights, last: &[[i16; 8]; 3]) -> [V128; 5] {
    let even: [V128; 3] = core::array::from_fn(|j| add32(dot(z02, load(&weights.even[j])), dot(z4, load(&last[j]))));
    let odd: [V128; 2] = core::array::from_fn(|j| dot(z13, load(&weights.odd[j])));
    [
        shr32::<SHIFT>(add32(even[0], odd[0])),
        shr32::<SHIFT>(add32(even[1], odd[1])),
        shr32::<SHIFT>(even[2]),
        shr32::<SHIFT>(sub32(even[1], odd[1])),
        shr32::<SHIFT>(sub32(even[0], odd[0])),
    ]
}

/// The fifth coefficient of a row as the first dimension leaves it, beside the number whose product rounds.
#[inline(always)]
fn fifth(row: V128, round: i32) -> V128 {
    let value = (i32::from(halves(row)[1] as i16) << 2).clamp(i16::MIN.into(), i16::MAX.into());
    splat32(value & 0xFFFF | round << 16)
}
