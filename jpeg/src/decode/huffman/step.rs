//! Several codes a look-up, whose coefficients are passed over.

use super::single::Code;

/// Bits of the table.
pub(crate) const SKIP: u32 = 12;

/// One look-up of the table that passes over coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Bits to take.
    pub bits: u8,
    /// Coefficients passed, and [`END`] for an end of block.
    pub passed: u8,
}

/// What is added to the coefficients passed at the end of a block.
pub(super) const END: u8 = 128;
/// Coefficients passed by a look-up without a result: see [`is_doubtful`].
pub(super) const NONE: u8 = 64;

impl Step {
    /// The whole table.
    #[inline(never)]
    pub(super) fn table(codes: &[Code]) -> Option<Box<[Self; 1 << SKIP]>> {
        let mut table = vec![Self { bits: 0, passed: NONE }; 1 << SKIP];
        Self::fill(&mut table, codes, 0, 0);
        table.into_boxed_slice().try_into().ok()
    }

    /// Fills the part of the table for what may follow codes that took `bits` and passed `passed` coefficients: by as many
    /// codes more as the look-ahead determines. Codes ascend, so that it fills from the front; whatever value a code's bits
    /// have, the same follows.
    #[inline(never)]
    fn fill(table: &mut [Self], codes: &[Code], bits: u32, passed: u8) {
        let left = SKIP - bits;
        let mut rest = table;
        for &(symbol, length) in codes {
            let (run, size, length) = (symbol >> 4, u32::from(symbol & 15), u32::from(length));
            if length > left {
                break;
            }
            let (block, after) = rest.split_at_mut(1 << (left - length));
            rest = after;
            let (taken, passed_now) = (length + size, passed + run + 1);
            if size == 0 && run != 15 {
                block.fill(Self::new(bits + length, passed + END));
            } else if passed_now > 63 {
                block.fill(Self::new(bits, passed));
            } else if taken >= left {
                block.fill(Self::new(bits + taken, passed_now));
            } else {
                let (first, others) = block.split_at_mut(1 << (left - taken));
                Self::fill(first, codes, bits + taken, passed_now);
                others.chunks_exact_mut(first.len()).for_each(|other| other.copy_from_slice(first));
            }
        }
        rest.fill(Self::new(bits, passed));
    }

    pub(super) fn new(bits: u32, passed: u8) -> Self {
        Self { bits: bits as u8, passed: if bits == 0 { NONE } else { passed } }
    }
}

/// Whether a coefficient's index after a look-up of pairs or steps is beyond the block, so that not all of its codes may be of it. Then,
/// and where there is no code this short, a look-up of one code tells.
#[inline(always)]
pub(crate) fn is_doubtful(next: usize) -> bool {
    next & 64 != 0
}
