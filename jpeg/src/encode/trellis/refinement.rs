//! Blocks of progressive files: what the last scans of AC coefficients cost,
//! where those of magnitude 1 first appear (T.81, G.1.2.3). Zeros are counted
//! there without the coefficients seen before, and blocks that end together
//! share a symbol.

use super::Block;
use super::path::Paths;
use super::rates::Rates;
use crate::encode::progressive::LONGEST_RUN;
use crate::encode::zigzag::in_zigzag;
use crate::zigzag::ZIGZAG;

/// Bits that 2ⁿ - 1 takes less than 2ⁿ, about: a coefficient that appears a
/// scan later is told among more zeros that cost less each.
const STEP_DOWN: f32 = 2.0;

/// Blocks that have ended and are not told yet.
#[derive(Debug, Default)]
pub(super) struct Run(u32);

impl Run {
    /// What one block more costs by the path that ends at a node: the run goes
    /// on, or it is told and one of 1 begins.
    fn cost(&self, node: usize, rates: &Rates) -> f32 {
        if node == 0 { rates.of_end(self.0 + 1) } else { rates.of_end(self.0) + rates.of_end(1) }
    }

    fn append(&mut self, node: usize, rates: &mut Rates) {
        if node > 0 || self.0 == LONGEST_RUN {
            rates.count_end(self.0);
            self.0 = 0;
        }
        self.0 += 1;
    }
}

pub(super) fn row<'e>(blocks: impl Iterator<Item = Block<'e>>, rates: &mut Rates, run: &mut Run) {
    rates.update();
    blocks.for_each(|block| requantize(block, rates, run));
}

#[inline(always)]
fn requantize(mut block: Block<'_>, rates: &mut Rates, run: &mut Run) {
    let mut left = in_zigzag(*block.nonzero & !1);
    if left == 0 {
        return run.append(0, rates);
    }
    block.weigh_by_contrast();
    let mut paths = Paths::new();
    let mut seen = 0;
    while left != 0 {
        let k = left.trailing_zeros();
        left &= left - 1;
        let at = usize::from(ZIGZAG[k as usize & 63]);
        if step_down(&mut block, at) > 1 {
            seen += 1;
        } else {
            paths.add(rates, k, k - 1 - seen, &[block.candidate(at, 1)]);
        }
    }
    let last = paths.best(|node, _| run.cost(node, rates));
    run.append(last, rates);
    paths.keep(last, &mut block, rates);
}

/// Takes 1 from a power of two where that is worth it. The magnitude.
#[inline(always)]
fn step_down(block: &mut Block<'_>, at: usize) -> u32 {
    let level = block.magnitude(at);
    if level > 1 && level.is_power_of_two() {
        let lost = block.candidate(at, level).gain - block.candidate(at, level - 1).gain;
        if lost < STEP_DOWN {
            block.set(at, level - 1);
            return level - 1;
        }
    }
    level
}
