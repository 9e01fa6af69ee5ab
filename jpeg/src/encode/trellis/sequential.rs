//! Blocks of baseline files: all coefficients on one path.

use super::Block;
use super::path::Paths;
use super::rates::Rates;
use crate::encode::zigzag::in_zigzag;
use crate::zigzag::ZIGZAG;

pub(super) fn row<'e>(blocks: impl Iterator<Item = Block<'e>>, rates: &mut Rates) {
    rates.update();
    blocks.for_each(|block| requantize(block, rates));
}

#[inline(always)]
fn requantize(mut block: Block<'_>, rates: &mut Rates) {
    let mut left = in_zigzag(*block.nonzero & !1);
    if left == 0 {
        return rates.count_end(1);
    }
    block.weigh_by_contrast();
    let mut paths = Paths::new();
    while left != 0 {
        let k = left.trailing_zeros();
        left &= left - 1;
        let at = usize::from(ZIGZAG[k as usize & 63]);
        let rounded = block.candidate(at, block.magnitude(at));
        // the largest of one bit less
        match (1 << (rounded.size() - 1)) - 1 {
            0 => paths.add(rates, k, k - 1, &[rounded]),
            less => paths.add(rates, k, k - 1, &[rounded, block.candidate(at, less)]),
        }
    }
    let ended = |next: u32| u32::from(next < 63);
    let last = paths.best(|_, next| rates.of_end(ended(next)));
    rates.count_end(ended(paths.next(last)));
    paths.keep(last, &mut block, rates);
}
