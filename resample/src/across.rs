//! Along a line: 8-bit samples to 16-bit ones with [`FRACTION`] bits after the point.

use crate::axis::Axis;
use crate::kernels::{self, TAPS};

/// Bits after the point between the two directions. Filters overshoot by less than half: 255 · 64 · 1.4 fits 15 bits.
pub const FRACTION: u32 = 6;

/// Outputs that are made together.
pub const TOGETHER: usize = 8;

/// All of a line's windows.
#[derive(Clone, Debug)]
pub struct Across {
    kind: Kind,
    width: usize,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Samples from here on, as they are.
    Copy(usize),
    Filter(Windows),
}

#[derive(Clone, Debug)]
pub struct Windows {
    /// For each new sample, the first old one. A multiple of [`TOGETHER`] of them.
    pub starts: Vec<u32>,
    /// For each four new samples: `vectors` times the next [`TAPS`] weights of the first, of the second, …
    pub weights: Vec<[i16; TAPS]>,
    /// Vectors that a window takes.
    pub vectors: usize,
    pub bits: u32,
    /// A line that is shorter than a window's vectors, and what makes it as long.
    pub short: Vec<u8>,
}

impl Across {
    #[inline(never)]
    pub fn new(axis: &Axis, from: usize) -> Self {
        let width = axis.len();
        if let Some(first) = axis.is_copy() {
            return Self { kind: Kind::Copy(first), width };
        }
        let vectors = axis.longest().div_ceil(TAPS);
        let reach = vectors * TAPS;
        let outputs = width.next_multiple_of(TOGETHER);
        let mut starts = vec![0; outputs];
        let mut weights = vec![[0; TAPS]; outputs * vectors];
        for (i, window) in axis.iter().enumerate() {
            // vectors must not reach over the end of the line
            let start = window.start.min(from.saturating_sub(reach));
            starts[i] = start as u32;
            let first = (i / 4 * vectors) * 4 + i % 4;
            for (tap, &weight) in (window.start - start..).zip(window.weights) {
                weights[first + tap / TAPS * 4][tap % TAPS] = weight;
            }
        }
        let short = if from < reach { vec![0; reach] } else { Vec::new() };
        Self { kind: Kind::Filter(Windows { starts, weights, vectors, bits: axis.bits, short }), width }
    }

    /// Samples that a line of the result takes.
    pub fn stride(&self) -> usize {
        self.width.next_multiple_of(TOGETHER)
    }

    /// One line. What of `out` is beyond the width has no meaning.
    pub fn line(&mut self, line: &[u8], out: &mut [i16]) {
        match &mut self.kind {
            Kind::Copy(first) => {
                for (out, &sample) in out.iter_mut().zip(&line[*first..][..self.width]) {
                    *out = i16::from(sample) << FRACTION;
                }
            }
            Kind::Filter(windows) if windows.short.is_empty() => kernels::across(windows, line, out),
            Kind::Filter(windows) => {
                let mut short = std::mem::take(&mut windows.short);
                short[..line.len()].copy_from_slice(line);
                kernels::across(windows, &short, out);
                windows.short = short;
            }
        }
    }
}
