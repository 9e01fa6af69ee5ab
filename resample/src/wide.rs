//! Planes of 16-bit samples, summed as floating-point numbers: slower than 8 bits, and without their rounding.

use std::ops::Range;

use deckle_simd::{F4, V128, load, splat32, zip16_high, zip16_low};

use crate::axis::{self, Axis, Filter, Span};
use crate::fixed::{PAIR, Pair};
use crate::ring::{Filtered, Ring};

/// Samples that are summed together, along a line and of several lines.
const TAPS: usize = 4;
const LINE: usize = 8;

/// Resamples one plane of 16-bit samples, lines first.
#[derive(Clone, Debug)]
pub struct WideResampler {
    /// Bits of samples from 0 to 65,535.
    ring: Ring<i16>,
    /// The samples of a line that the result needs.
    used: Range<usize>,
    /// One line, summed, and room for the last window.
    line: Vec<f32>,
    /// For each new sample the first old one, and `taps` weights.
    starts: Vec<u32>,
    weights: Vec<f32>,
    taps: usize,
}

impl WideResampler {
    /// A plane of `from` (width, height) samples, of which the spans (of columns, of lines) become `to` samples.
    ///
    /// # Panics
    /// If a side is 0 or a span's length is not above 0.
    #[inline(never)]
    pub fn new(from: (usize, usize), (columns, lines): (Span, Span), to: (usize, usize), filter: Filter) -> Self {
        let across = Axis::new(from.0, columns, to.0, filter);
        let used = across.used();
        let taps = across.longest().next_multiple_of(TAPS);
        let one = (1_u32 << across.bits) as f32;
        let (mut starts, mut weights) = (Vec::with_capacity(to.0), vec![0.0; taps * to.0]);
        for (window, out) in across.iter().zip(weights.chunks_exact_mut(taps)) {
            starts.push((window.start - used.start) as u32);
            out.iter_mut().zip(window.weights).for_each(|(out, weight)| *out = f32::from(*weight) / one);
        }
        drop(across);
        let stride = used.len().next_multiple_of(LINE);
        let ring = Ring::new(Axis::new(from.1, lines, to.1, filter), stride);
        Self { ring, used, line: vec![0.0; stride + taps], starts, weights, taps }
    }

    /// An upper bound of the bytes that a resampler holds where a line is pushed only when the next pull needs it.
    pub fn memory(from: (usize, usize), (columns, lines): (Span, Span), to: (usize, usize), filter: Filter) -> usize {
        let width = axis::taps(columns, to.0, filter).min(from.0);
        let height = axis::taps(lines, to.1, filter).min(from.1);
        let used = (columns.length.ceil() as usize + 2 * width).min(from.0).next_multiple_of(LINE);
        let taps = width.next_multiple_of(TAPS);
        let across = to.0 * (4 + 4 * taps);
        let ring = 2 * used * (height + 1) + PAIR * height.div_ceil(2);
        let down = to.1 * (2 * height + axis::WINDOW) + ring + 4 * (used + taps);
        // weights are made in the axis first
        let axis = to.0 * (2 * width + axis::WINDOW);
        across + axis.max(axis::building(width, to.0)).max(axis::building(height, to.1)).max(down)
    }

    /// Takes the next line of the plane, from the top. Lines that the result does not need are skipped.
    #[inline(never)]
    pub fn push(&mut self, line: &[u16]) {
        if let (Some(kept), Some(line)) = (self.ring.next(), line.get(self.used.clone())) {
            kept.iter_mut().zip(line).for_each(|(kept, sample)| *kept = *sample as i16);
        }
    }

    /// Writes the next line of the result; `false` if it needs lines that were not pushed yet, or there are no more.
    pub fn pull(&mut self, out: &mut [u16]) -> bool {
        let Some(Filtered { samples, pairs, bits }) = self.ring.pull() else { return false };
        let stride = self.used.len().next_multiple_of(LINE);
        down(samples, pairs, 1.0 / (1_u32 << bits) as f32, &mut self.line[..stride]);
        across(&self.starts, &self.weights, self.taps, &self.line, out);
        true
    }
}

/// Sums lines: 16-bit samples to numbers.
#[inline(never)]
fn down(samples: &[i16], pairs: &[Pair], one: f32, line: &mut [f32]) {
    let none = splat32(0);
    for (i, out) in line.as_chunks_mut::<LINE>().0.iter_mut().enumerate() {
        let (mut low, mut high) = (F4::splat(0.0), F4::splat(0.0));
        for pair in pairs {
            for (at, weight) in pair.at.into_iter().zip(pair.weights) {
                let Some(eight) = samples.get(at + i * LINE..).and_then(|samples| samples.first_chunk()) else {
                    continue;
                };
                let (eight, weight): (V128, F4) = (load(eight), F4::splat(f32::from(weight) * one));
                low = low + F4::of_ints(zip16_low(eight, none)) * weight;
                high = high + F4::of_ints(zip16_high(eight, none)) * weight;
            }
        }
        let (first, second) = out.split_at_mut(4);
        if let (Some(first), Some(second)) = (first.first_chunk_mut(), second.first_chunk_mut()) {
            low.store(first);
            high.store(second);
        }
    }
}

/// Sums along a line: numbers to 16-bit samples.
#[inline(never)]
fn across(starts: &[u32], weights: &[f32], taps: usize, line: &[f32], out: &mut [u16]) {
    for ((out, &start), weights) in out.iter_mut().zip(starts).zip(weights.chunks_exact(taps)) {
        let mut sum = F4::splat(0.0);
        let under = line.get(start as usize..start as usize + taps).unwrap_or_default();
        for (weights, samples) in weights.as_chunks::<TAPS>().0.iter().zip(under.as_chunks::<TAPS>().0) {
            sum = sum + F4::load(weights) * F4::load(samples);
        }
        let mut four = [0.0; 4];
        sum.store(&mut four);
        // beyond the range it is at the nearer end
        *out = (four[0] + four[1] + (four[2] + four[3]) + 0.5) as u16;
    }
}
