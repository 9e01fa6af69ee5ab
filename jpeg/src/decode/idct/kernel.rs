//! Which transform makes a component's samples, and what it needs of a block.

use crate::decode::Reduction;
use crate::zigzag::last_needed;

/// Coefficients kept of a block for [`Kernel::Corner5`]: five rows of eight.
pub(super) const CORNER: usize = 40;

/// How a component's coefficients become samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// 8 × 8 samples of 64 coefficients.
    Full,
    /// 7 × 7 samples of the low 7 × 7 coefficients.
    Low7,
    /// 6 × 6 samples of the low 6 × 6 coefficients.
    Low6,
    /// 5 × 5 samples of the low 5 × 5 coefficients.
    Low5,
    /// 5 × 5 samples of those of the low 5 × 5 coefficients whose row and column sum up to 4 or less.
    Corner5,
    /// 4 × 4 samples of the low 4 × 4 coefficients.
    Low4,
    /// 3 × 3 samples of the low 3 × 3 coefficients.
    Low3,
    /// 2 × 2 samples of the low 2 × 2 coefficients.
    Low2,
    /// 4 × 4 samples, each the mean of 2 × 2 of the full ones.
    Average4,
    /// 2 × 2 samples, each the mean of 4 × 4 of the full ones.
    Average2,
    /// One sample of the DC.
    Dc,
}

impl Kernel {
    /// The transform to `side` × `side` samples. Averages exist for 2 and 4 only, as in libjpeg-turbo. A sequential file's scan leaves out
    /// what [`Reduction::Triangle`] does without.
    pub fn new(side: usize, reduction: Reduction, sequential: bool) -> Self {
        match (side, reduction) {
            (1, _) => Self::Dc,
            (2, Reduction::Average) => Self::Average2,
            (2, _) => Self::Low2,
            (3, _) => Self::Low3,
            (4, Reduction::Average) => Self::Average4,
            (4, _) => Self::Low4,
            (5, Reduction::Triangle) if sequential => Self::Corner5,
            (5, _) => Self::Low5,
            (6, _) => Self::Low6,
            (7, _) => Self::Low7,
            _ => Self::Full,
        }
    }

    /// Samples on a side of a block.
    pub fn side(self) -> usize {
        match self {
            Self::Full => 8,
            Self::Low7 => 7,
            Self::Low6 => 6,
            Self::Low5 | Self::Corner5 => 5,
            Self::Low4 | Self::Average4 => 4,
            Self::Low3 => 3,
            Self::Low2 | Self::Average2 => 2,
            Self::Dc => 1,
        }
    }

    /// Whether samples are of a low-pass, which swings beyond the range of those it is made from.
    pub fn is_low_pass(self) -> bool {
        matches!(self, Self::Low7 | Self::Low6 | Self::Low5 | Self::Corner5 | Self::Low4 | Self::Low3 | Self::Low2)
    }

    /// Coefficients on a side of a block that the samples depend on.
    pub fn needs(self) -> usize {
        match self {
            Self::Average4 | Self::Average2 => 8,
            _ => self.side(),
        }
    }

    /// The last coefficient, in zigzag order, that is read of a sequential file.
    pub fn last(self, reduction: Reduction) -> usize {
        match (self, reduction) {
            // the ends of the third, fourth and fifth diagonal
            (Self::Low3, Reduction::Triangle) => 5,
            (Self::Low4, Reduction::Triangle) => 9,
            (Self::Corner5, _) => 14,
            _ => last_needed(self.needs()),
        }
    }

    /// Coefficients that are kept of each block of a sequential file: a power of two on each side, or five rows.
    pub fn keeps(self) -> usize {
        if self == Self::Corner5 {
            return CORNER;
        }
        let side = self.needs().next_power_of_two();
        side * side
    }
}
