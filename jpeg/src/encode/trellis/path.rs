//! The cheapest path through a block.

use super::Block;
use super::rates::Rates;
use crate::zigzag::ZIGZAG;

/// Bits that a coefficient must be worth to be kept unasked, for speed. What two
/// rare symbols cost is more; but of photos, files are the same with twice this.
const SURE: f32 = 20.0;

/// A level other than 0 that a coefficient may get.
#[derive(Clone, Copy, Default)]
pub(super) struct Candidate {
    pub level: u32,
    /// Bits that it is worth, compared to 0.
    pub gain: f32,
}

impl Candidate {
    pub fn size(self) -> usize {
        32 - self.level.leading_zeros() as usize
    }
}

/// Where a path may pass: a coefficient that is kept; or its start.
#[derive(Clone, Copy, Default)]
struct Node {
    /// Bits, less what was gained.
    cost: f32,
    /// The place behind: zeros are counted from there.
    next: u8,
    from: u8,
    chosen: Candidate,
    /// Number of the coefficient.
    k: u8,
}

/// All paths, each node with the cheapest way to it.
pub(super) struct Paths {
    nodes: [Node; 64],
    count: usize,
    /// No path leaves out this node.
    sure: usize,
}

impl Paths {
    pub fn new() -> Self {
        Self { nodes: [Node::default(); 64], count: 1, sure: 0 }
    }

    /// Appends coefficient `k`, which zeros before `place` count to. Of the same
    /// size, the first candidate should be the best.
    #[inline(always)]
    pub fn add(&mut self, rates: &Rates, k: u32, place: u32, candidates: &[Candidate]) {
        let mut best = Node { cost: f32::MAX, ..Node::default() };
        for candidate in candidates {
            let bits = rates.of_size(candidate.size());
            for (from, before) in self.nodes[..self.count].iter().enumerate().skip(self.sure) {
                let run = place as usize - usize::from(before.next);
                let cost = before.cost + bits[run & 63] - candidate.gain;
                if cost < best.cost {
                    best = Node { cost, from: from as u8, chosen: *candidate, ..best };
                }
            }
        }
        if candidates[0].gain > SURE {
            self.sure = self.count;
        }
        self.nodes[self.count & 63] = Node { next: place as u8 + 1, k: k as u8, ..best };
        self.count += 1;
    }

    /// The last node of the best path, given what each one's end costs; 0 is
    /// the start, so that none is kept.
    #[inline(always)]
    pub fn best(&self, end: impl Fn(usize, u32) -> f32) -> usize {
        let cost = |i: usize| self.nodes[i].cost + end(i, self.nodes[i].next.into());
        (self.sure + 1..self.count).fold(self.sure, |best, i| if cost(i) < cost(best) { i } else { best })
    }

    /// The place behind a node.
    pub fn next(&self, node: usize) -> u32 {
        self.nodes[node].next.into()
    }

    /// Gives the coefficients of the path that ends at `last` their levels, and
    /// others that were appended 0. Counts the symbols.
    #[inline(always)]
    pub fn keep(&self, last: usize, block: &mut Block<'_>, rates: &mut Rates) {
        let mut on_path = last;
        for (i, node) in self.nodes[..self.count].iter().enumerate().skip(1).rev() {
            let at = usize::from(ZIGZAG[usize::from(node.k & 63)]);
            if i != on_path {
                block.set(at, 0);
                continue;
            }
            on_path = node.from.into();
            let run = node.next - 1 - self.nodes[on_path & 63].next;
            rates.count(run.into(), node.chosen.size());
            block.set(at, node.chosen.level);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least cost of `left` coefficients, by trying every level.
    fn least(left: &[(u32, Vec<Candidate>)], next: u32, rates: &Rates) -> f32 {
        let Some(((k, candidates), rest)) = left.split_first() else { return rates.of_end(u32::from(next < 63)) };
        let kept = candidates.iter().map(|candidate| {
            let bits = rates.of_size(candidate.size())[(k - 1 - next) as usize];
            bits - candidate.gain + least(rest, *k, rates)
        });
        kept.fold(least(rest, next, rates), f32::min)
    }

    #[test]
    fn no_path_is_cheaper() {
        let rates = Rates::new(false);
        let mut state = 1u32;
        let mut below = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % n
        };
        for round in 0..2000 {
            let spread = 2 + round % 20;
            let mut coefficients = Vec::new();
            let mut k = 0;
            while coefficients.len() < 8 {
                k += 1 + below(spread);
                if k > 63 {
                    break;
                }
                let level = 1 + below(4);
                let gain = below(100) as f32 / 100.0 * SURE;
                let mut candidates = vec![Candidate { level, gain }];
                if level > 1 {
                    candidates.push(Candidate { level: level / 2, gain: gain - below(400) as f32 / 100.0 });
                }
                coefficients.push((k, candidates));
            }
            let mut paths = Paths::new();
            coefficients.iter().for_each(|(k, candidates)| paths.add(&rates, *k, k - 1, candidates));
            let end = |_, next| rates.of_end(u32::from(next < 63));
            let last = paths.best(end);
            let cost = paths.nodes[last].cost + end(last, paths.next(last));
            let expected = least(&coefficients, 0, &rates);
            assert!((cost - expected).abs() < 0.001, "round {round}: {cost}, not {expected}");
        }
    }
}
