//! The alpha channel itself: dropped without a look at it, added, or made from white.

use deckle_pixels::Step;

use super::widened;

/// What becomes of alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alpha {
    /// It is dropped, and colours under it show as they are.
    Remove,
    /// It is added where there is none, of this value.
    Ensure(u8),
    /// White becomes transparent, as sharp's `unflatten` has it.
    FromWhite,
}

impl Alpha {
    pub(super) fn channels(self, entering: u8) -> u8 {
        match self {
            Self::Remove if entering.is_multiple_of(2) => entering - 1,
            Self::Remove => entering,
            Self::Ensure(_) | Self::FromWhite => widened(entering, false, true),
        }
    }

    pub(super) fn steps(self) -> Vec<Step> {
        vec![match self {
            Self::Remove => Step::DropAlpha,
            Self::Ensure(value) => Step::AddAlpha(value),
            Self::FromWhite => Step::Unflatten(Box::default()),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn alpha_is_dropped_added_and_made_of_white() {
        assert_eq!(pixel(&[1, 2, 3, 4], Operation::Alpha(Alpha::Remove)), [1, 2, 3]);
        assert_eq!(pixel(&[1, 4], Operation::Alpha(Alpha::Ensure(9))), [1, 4]);
        assert_eq!(pixel(&[1], Operation::Alpha(Alpha::Ensure(9))), [1, 9]);
        assert_eq!(pixel(&[255, 255, 255], Operation::Alpha(Alpha::FromWhite)), [255, 255, 255, 0]);
    }
}
