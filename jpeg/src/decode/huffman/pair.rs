//! Up to two coefficients a look-up.

use super::single::{Code, Entry};
use super::step::{END, NONE};

/// Bits of the table.
pub(crate) const PAIR: u32 = 11;

/// One look-up of the table of pairs: up to two coefficients, and the end of the block if it follows.
///
/// Fields of their own, because each is one load; from one number it would be a shift and a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Pair {
    /// Bits to take.
    pub bits: u8,
    /// Coefficients passed, and [`END`] for an end of block.
    pub passed: u8,
    /// Which of the coefficients passed have the values, or [`NOWHERE`].
    pub places: [u8; 2],
    pub values: [i16; 2],
}

/// Whoever adds it to a coefficient's index is beyond all coefficients.
pub(super) const NOWHERE: u8 = 64;

impl Pair {
    /// The whole table.
    #[inline(never)]
    pub(super) fn table(codes: &[Code]) -> Option<Box<[Self; 1 << PAIR]>> {
        let singles = Entry::table(codes);
        let table: Box<[Self]> = (0..1 << PAIR).map(|ahead| Self::of(&singles, ahead)).collect();
        table.try_into().ok()
    }

    /// What the bits `ahead` determine.
    fn of(singles: &[Entry; 1 << PAIR], ahead: usize) -> Self {
        let (mut bits, mut found) = (0, 0);
        let mut pair = Self { bits: 0, passed: 0, places: [NOWHERE; 2], values: [0; 2] };
        loop {
            let entry = singles[(ahead << bits) & ((1 << PAIR) - 1)];
            let (run, has_value) = (entry.run() as u8, entry.is_inline());
            if entry.is_missing() || bits + entry.bits() > PAIR || (has_value && found == 2) {
                break;
            }
            if has_value {
                (pair.places[found & 1], pair.values[found & 1]) = (pair.passed + run, entry.value());
                found += 1;
            } else if entry.size() > 0 || (run == 15 && bits > 0) {
                break;
            }
            bits += entry.bits();
            if !has_value && run < 15 {
                pair.passed += END;
                break;
            }
            pair.passed += run + 1;
        }
        pair.bits = bits as u8;
        if bits == 0 {
            pair.passed = NONE;
        }
        pair
    }
}
