//! From line to line: a ring of the lines under the filter.

use crate::axis::Axis;
use crate::fixed::Pair;

/// Keeps the lines under the filter. `S` is a sample: 8 bits of the source, or 16 bits of lines that are as wide as the result.
#[derive(Clone, Debug)]
pub struct Ring<S> {
    axis: Axis,
    /// Samples of a line.
    stride: usize,
    /// `lines` lines; line `y` of the source lies at `y % lines`.
    samples: Vec<S>,
    lines: usize,
    /// The source's next line.
    pushed: usize,
    /// The result's next line.
    pulled: usize,
    /// The lines that the line being made is summed from, two by two. Kept to reuse the allocation.
    pairs: Vec<Pair>,
}

/// The lines under the filter for one line of the result.
pub struct Filtered<'r, S> {
    pub samples: &'r [S],
    pub pairs: &'r [Pair],
    /// Bits of a weight after the point.
    pub bits: u32,
}

impl<S: Copy + Default> Ring<S> {
    pub fn new(axis: Axis, stride: usize) -> Self {
        let most = axis.longest();
        let lines = most + 1;
        let pairs = Vec::with_capacity(most.div_ceil(2));
        Self { axis, stride, samples: vec![S::default(); lines * stride], lines, pushed: 0, pulled: 0, pairs }
    }

    /// Where to write the source's next line; `None` if no line of the result needs it.
    pub fn next(&mut self) -> Option<&mut [S]> {
        let line = self.pushed;
        self.pushed += 1;
        let first = self.axis.get(self.pulled)?.start;
        if line < first || line >= self.axis.get(self.axis.len() - 1)?.end() {
            return None;
        }
        if line - first >= self.lines {
            self.grow(first, line);
        }
        Some(&mut self.samples[line % self.lines * self.stride..][..self.stride])
    }

    /// Makes the ring larger: more lines are pushed before a pull than the filter needs.
    #[cold]
    fn grow(&mut self, first: usize, end: usize) {
        let lines = self.lines + self.lines / 2 + 8;
        let mut samples = vec![S::default(); lines * self.stride];
        for line in first..end {
            let old = &self.samples[line % self.lines * self.stride..][..self.stride];
            samples[line % lines * self.stride..][..self.stride].copy_from_slice(old);
        }
        (self.samples, self.lines) = (samples, lines);
    }

    /// What the next line of the result is summed from; `None` if lines of it are still to be pushed, or there are no more.
    #[inline(never)]
    pub fn pull(&mut self) -> Option<Filtered<'_, S>> {
        let window = self.axis.get(self.pulled)?;
        if self.pushed < window.end() {
            return None;
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
        self.pulled += 1;
        Some(Filtered { samples: &self.samples, pairs: &self.pairs, bits: self.axis.bits })
    }
}
