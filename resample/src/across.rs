//! Along a line: 8-bit samples to 16-bit ones with [`FRACTION`] bits after the point, or the other way round.

use std::ops::Range;

use crate::axis::Axis;
use crate::fixed::{FRACTION, Finish, TAPS, TOGETHER, Windows};
use crate::kernels;

/// How the lines of a plane become as wide as the result.
#[derive(Clone, Debug)]
pub struct Across {
    kind: Kind,
    width: usize,
}

#[derive(Clone, Debug)]
enum Kind {
    /// The samples from this one on are copied.
    Copy(usize),
    Filter(Windows),
}

impl Across {
    /// For lines that are the samples `used` of the plane's.
    #[inline(never)]
    pub fn new(axis: &Axis, used: Range<usize>) -> Self {
        let (width, from) = (axis.len(), used.len());
        if let Some(first) = axis.is_copy() {
            return Self { kind: Kind::Copy(first - used.start), width };
        }
        let vectors = axis.longest().div_ceil(TAPS);
        let reach = vectors * TAPS;
        let outputs = width.next_multiple_of(TOGETHER);
        let mut starts = vec![0; outputs];
        let mut weights = vec![[0; TAPS]; outputs * vectors];
        for (i, window) in axis.iter().enumerate() {
            // vectors must not reach over the end of the line
            let exact = window.start - used.start;
            let start = exact.min(from.saturating_sub(reach));
            starts[i] = start as u32;
            let first = (i / 4 * vectors) * 4 + i % 4;
            for (tap, &weight) in (exact - start..).zip(window.weights) {
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

    /// Samples that a line needs to have room for: vectors may reach over the end of a short one.
    pub fn reach(&self) -> usize {
        match &self.kind {
            Kind::Copy(_) => 0,
            Kind::Filter(windows) => windows.vectors * TAPS,
        }
    }

    /// Makes samples of 8 bits one line of the result. `line` has room for [`Across::reach`] samples.
    pub fn finish(&self, line: &[i16], has_headroom: bool, out: &mut [u8]) {
        match &self.kind {
            Kind::Copy(first) => {
                let Finish { start, bits } = Finish::new(FRACTION, has_headroom);
                for (out, &sample) in out.iter_mut().zip(&line[*first..]) {
                    *out = ((i32::from(sample) + start) >> bits).clamp(0, 255) as u8;
                }
            }
            Kind::Filter(windows) => {
                kernels::across_to_bytes(windows, line, Finish::new(windows.bits + FRACTION, has_headroom), out);
            }
        }
    }

    /// Writes one line. Samples of `out` beyond the width have no meaning.
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
