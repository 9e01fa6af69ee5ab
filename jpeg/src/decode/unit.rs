//! The blocks of an MCU, and the DC difference that starts each of them.

use super::bits::Bits;
use super::huffman::{AcTable, DcTable, extend};
use std::sync::Arc;

/// A block of each MCU: where it goes and what codes it.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Which of the scan's components, for the prediction.
    pub slot: usize,
    pub dc: Arc<DcTable>,
    pub ac: Arc<AcTable>,
    /// Numbers of its tables, for what an arithmetic-coded scan has in place of them.
    pub tables: (u8, u8),
    /// Its coefficients: first of MCU 0, and step to the next MCU's.
    pub at: usize,
    pub step: usize,
    /// Coefficients kept.
    pub store: usize,
    /// The last coefficient, in zigzag order, that is read, and where each goes.
    pub last: usize,
    pub places: &'static [u8; 128],
    /// The same for the DC of the block above.
    pub above_at: usize,
    pub above_step: usize,
}

/// The DC's difference from the prediction (T.81, F.2.2.1).
#[inline(always)]
pub(crate) fn difference(bits: &mut Bits<'_>, table: &DcTable) -> i32 {
    bits.fill();
    let Some(entry) = table.singles.look_up(bits.peek(16)) else {
        bits.no_code();
        return 0;
    };
    bits.consume(entry.bits());
    if entry.is_inline() {
        return i32::from(entry.value());
    }
    match entry.size() {
        0 => 0,
        size => extend(bits.take(size), size),
    }
}
