//! From line to line: a ring of lines under the filter, and their weighted sum.

use crate::axis::Axis;
use crate::fixed::{FRACTION, Pair};
use crate::kernels;

/// Keeps the lines under the filter and sums them.
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
    /// The lines that the line being made is summed from, two by two. Kept to reuse the allocation.
    pairs: Vec<Pair>,
}

impl Down {
    pub fn new(axis: Axis, stride: usize) -> Self {
        let most = axis.longest();
        let lines = most + 1;
        let pairs = Vec::with_capacity(most.div_ceil(2));
        Self { axis, stride, ring: vec![0; lines * stride], lines, pushed: 0, pulled: 0, pairs }
    }

    /// Where to write the source's next line; `None` if no line of the result needs it.
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

    /// Makes the ring larger: more lines are pushed before a pull than the filter needs.
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
                // an odd last line is paired with itself, weighted 0
                &[weight] => Pair { at: [at(line); 2], weights: [weight, 0] },
                weights => Pair { at: [at(line), at(line + 1)], weights: [weights[0], weights[1]] },
            });
        }
        kernels::down(&self.ring, &self.pairs, self.axis.bits + FRACTION, out);
        self.pulled += 1;
        true
    }
}
