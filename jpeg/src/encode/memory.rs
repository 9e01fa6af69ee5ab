//! How much encoding may take.

use super::EncodeOptions;
use super::layout::Layout;
use super::progressive;
use super::tokens::{LIMIT, WINDOW};

/// An upper bound of the bytes allocated at once.
pub(super) fn bound(options: &EncodeOptions<'_>, layout: &Layout, tables: &[[u8; 64]; 2]) -> usize {
    // samples, coefficients, which of them are not 0
    let row = layout.samples + layout.blocks * (128 + 8);
    let scratch = 2 * (LIMIT + WINDOW);
    let kept = if options.progressive {
        let largest = layout.components.iter().map(|c| c.across * c.down).max().unwrap_or(0);
        // every coefficient a symbol of a refining scan, and the ends of runs
        progressive::kept(layout) + largest * 2 * 70
    } else {
        tokens(layout, tables)
    };
    // boxes that hold them, doubled as their list grows
    let boxes = kept / LIMIT * 64 + layout.components.iter().map(|c| c.down * 64).sum::<usize>();
    row + scratch + kept + boxes + file(options, layout, tables)
}

fn blocks(layout: &Layout) -> impl Iterator<Item = (usize, usize)> {
    // an MCU's blocks without samples, too
    layout.components.iter().map(|c| (layout.across * layout.down * c.h * c.v, c.table))
}

/// Baseline: a token for each coefficient, two for those that may be long.
fn tokens(layout: &Layout, tables: &[[u8; 64]; 2]) -> usize {
    blocks(layout)
        .map(|(count, table)| 2 * count * (66 + tables[table].iter().filter(|&&step| step <= 8).count()))
        .sum()
}

/// The energy of a block's samples, so of its coefficients, is at most that of
/// 64 times 128. Spread evenly it takes the most bits; a code of 8 bits is the
/// worst an optimised table has on average. Stuffed bytes are few among codes.
fn file(options: &EncodeOptions<'_>, layout: &Layout, tables: &[[u8; 64]; 2]) -> usize {
    let size = |step: u8| 8 - (200 / step).leading_zeros() as usize;
    let data = blocks(layout).map(|(count, table)| {
        let bits: usize = tables[table].iter().map(|&step| 9 + size(step)).sum();
        count * bits.div_ceil(8)
    });
    let data: usize = data.sum();
    // scans are appended, which may move what is there
    let process = if options.progressive { data } else { 0 };
    let metadata: usize = [options.icc, options.exif, options.comment].iter().flatten().map(|bytes| bytes.len()).sum();
    data + process + data / 8 + metadata + metadata / 1024 + 16384
}
