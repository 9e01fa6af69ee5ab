//! From line to line: a ring of lines under the filter, and their weighted sum.

use crate::across::FRACTION;
use crate::axis::Axis;
use crate::kernels;

/// The lines that are kept, and what is made of them.
#[derive(Clone, Debug)]
pub struct Down {
    axis: Axis,
    /// Samples of a line.
    stride: usize,
    /// `lines` lines; line `y` of the source lies at `y % lines`.
    ring: Vec<i16>,
    lines: usize,
    /// The source's next line.
    pushed: usize,
    /// The result's next line.
    pulled: usize,
    /// For the line that is being made: where its lines lie in the ring, and their weights, by pairs.
    pairs: Vec<Pair>,
}

/// Two lines and their weights.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub at: [usize; 2],
    pub weights: [i16; 2],
}

/// Bytes of a pair.
pub const PAIR: usize = size_of::<Pair>();

impl Down {
    pub fn new(axis: Axis, stride: usize) -> Self {
        let most = axis.longest();
        let lines = most + 1;
        let pairs = Vec::with_capacity(most.div_ceil(2));
        Self { axis, stride, ring: vec![0; lines * stride], lines, pushed: 0, pulled: 0, pairs }
    }

    /// Where the source's next line is to be written; `None` if nothing is made from it any more, or yet.
    pub fn next(&mut self) -> Option<&mut [i16]> {
        let line = self.pushed;
        self.pushed += 1;
        let first = self.axis.get(self.pulled)?.start;
        if line < first || line >= self.axis.get(self.axis.len() - 1)?.end() {
            return None;
        }
        if line - first >= self.lines {
            self.grow(first, line);
        }
        Some(&mut self.ring[line % self.lines * self.stride..][..self.stride])
    }

    /// Room for more lines: who pulls lags behind who pushes.
    #[cold]
    fn grow(&mut self, first: usize, end: usize) {
        let lines = self.lines + self.lines / 2 + 8;
        let mut ring = vec![0; lines * self.stride];
        for line in first..end {
            let old = &self.ring[line % self.lines * self.stride..][..self.stride];
            ring[line % lines * self.stride..][..self.stride].copy_from_slice(old);
        }
        (self.ring, self.lines) = (ring, lines);
    }

    #[inline(never)]
    pub fn pull(&mut self, out: &mut [u8]) -> bool {
        let Some(window) = self.axis.get(self.pulled) else {
            return false;
        };
        if self.pushed < window.end() {
            return false;
        }
        self.pairs.clear();
        for (i, weights) in window.weights.chunks(2).enumerate() {
            let line = window.start + 2 * i;
            let at = |line: usize| line % self.lines * self.stride;
            self.pairs.push(match weights {
                // a line without a partner is its own, with no weight
                &[weight] => Pair { at: [at(line); 2], weights: [weight, 0] },
                weights => Pair { at: [at(line), at(line + 1)], weights: [weights[0], weights[1]] },
            });
        }
        kernels::down(&self.ring, &self.pairs, self.axis.bits + FRACTION, out);
        self.pulled += 1;
        true
    }
}
