//! How much encoding may take.

use super::EncodeOptions;
use super::layout::{Component, Layout};
use super::quality;
use super::tokens::{LIMIT, WINDOW};
use super::trellis::Trellis;

impl EncodeOptions<'_> {
    /// Bytes that encoding allocates at worst, the file included: what noise
    /// would take. Photos take a fraction: a row of MCUs and about four times
    /// their file.
    pub fn memory(&self) -> usize {
        // what is larger is refused
        let options = EncodeOptions { width: self.width.min(65535), height: self.height.min(65535), ..*self };
        let bytes = bound(&options, &Layout::new(&options), &quality::tables(self.quality));
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// Bytes that encoding allocates for any picture of this size, but for what [`Encoder::held`](crate::Encoder::held) counts and the
    /// file.
    pub fn least_memory(&self) -> u64 {
        let options = EncodeOptions { width: self.width.min(65535), height: self.height.min(65535), ..*self };
        least(&options, &Layout::new(&options))
    }

    /// Bytes by which [`Encoder::held`](crate::Encoder::held) grows with a row of MCUs, at most.
    pub fn row_memory(&self) -> u64 {
        let options = EncodeOptions { width: self.width.min(65535), height: self.height.min(65535), ..*self };
        row(&Layout::new(&options))
    }
}

/// An upper bound of the bytes allocated at once. 64 bits, as the largest
/// images are beyond the memory of 32.
pub(super) fn bound(options: &EncodeOptions<'_>, layout: &Layout, tables: &[[u8; 64]; 2]) -> u64 {
    // samples, coefficients, which of them are not 0
    let row = layout.samples + layout.blocks * (128 + 8);
    let trellis = if options.effort > 0 { layout.blocks * 128 + size_of::<Trellis>() } else { 0 };
    let scratch = 2 * (LIMIT + WINDOW);
    let kept = if options.progressive { progressive(layout) } else { tokens(layout, tables) };
    // boxes that hold them, doubled as their list grows
    let boxes = kept / LIMIT as u64 * 64 + layout.components.iter().map(|c| c.down as u64 * 64).sum::<u64>();
    (row + trellis + scratch) as u64 + kept + boxes + file(options, layout, tables)
}

/// The part of [`bound`] that every picture takes, be it flat: a row of MCUs and what is kept of each block, but for the file.
pub(super) fn least(options: &EncodeOptions<'_>, layout: &Layout) -> u64 {
    let row = layout.samples + layout.blocks * (128 + 8);
    let trellis = if options.effort > 0 { layout.blocks * 128 + size_of::<Trellis>() } else { 0 };
    let kept = |c: &Component| (c.across * c.down * (2 + 8) + c.down * 16 + c.across * 63 * 2) as u64;
    let kept = if options.progressive { layout.components.iter().map(kept).sum() } else { 0 };
    let metadata = [options.icc, options.exif, options.comment];
    let metadata: usize = metadata.iter().flatten().map(|bytes| bytes.len()).sum();
    (row + trellis + 2 * (LIMIT + WINDOW) + metadata + 16384) as u64 + kept
}

/// The part of [`bound`] by which a row of MCUs may add to what is held.
pub(super) fn row(layout: &Layout) -> u64 {
    // two tokens of two bytes for every coefficient, and a piece of them
    (layout.blocks * 64 * 4 + 2 * (LIMIT + WINDOW)) as u64
}

/// Blocks of a component, those of its MCUs without samples too.
fn blocks(layout: &Layout, c: &Component) -> u64 {
    (layout.across * c.h) as u64 * (layout.down * c.v) as u64
}

/// Baseline: a token for each coefficient, two for those that may be long.
fn tokens(layout: &Layout, tables: &[[u8; 64]; 2]) -> u64 {
    let of = |c: &Component| {
        let long = tables[c.table].iter().filter(|&&step| step <= 8).count() as u64;
        2 * blocks(layout, c) * (66 + long)
    };
    layout.components.iter().map(of).sum()
}

/// All coefficients, and the tokens of a scan: for every coefficient a symbol
/// of refinement, then the ends of runs.
fn progressive(layout: &Layout) -> u64 {
    let blocks = layout.components.iter().map(|c| blocks(layout, c));
    let widest = layout.components.iter().map(|c| c.across as u64).max().unwrap_or(0);
    blocks.clone().sum::<u64>() * (2 + 8 + 63 * 2) + widest * 63 * 2 + blocks.max().unwrap_or(0) * 2 * 70
}

/// The energy of a block's samples, so of its coefficients, is at most that of
/// 64 times 128. Spread evenly it takes the most bits; a code of 8 bits is the
/// worst an optimised table has on average. Stuffed bytes are few among codes.
fn file(options: &EncodeOptions<'_>, layout: &Layout, tables: &[[u8; 64]; 2]) -> u64 {
    let size = |step: u8| 8 - u64::from((200 / step.max(1)).leading_zeros());
    let data = layout.components.iter().map(|c| {
        let bits: u64 = tables[c.table].iter().map(|&step| 9 + size(step)).sum();
        blocks(layout, c) * bits.div_ceil(8)
    });
    let data: u64 = data.sum();
    // scans are appended, which may move what is there
    let moved = if options.progressive { data } else { 0 };
    let metadata = [options.icc, options.exif, options.comment];
    let metadata: u64 = metadata.iter().flatten().map(|bytes| bytes.len() as u64).sum();
    data + moved + data / 8 + metadata + metadata / 1024 + 16384
}
