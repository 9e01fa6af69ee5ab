//! Which transform makes a component's samples, and what it needs of a block.

use crate::decode::Reduction;

/// How a component's coefficients become samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// 8 × 8 samples of 64 coefficients.
    Full,
    /// 4 × 4 samples of the low 4 × 4 coefficients.
    Low4,
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
    pub fn new(side: usize, reduction: Reduction) -> Self {
        match (side, reduction) {
            (1, _) => Self::Dc,
            (2, Reduction::LowPass) => Self::Low2,
            (4, Reduction::LowPass) => Self::Low4,
            (2, Reduction::Average) => Self::Average2,
            (4, Reduction::Average) => Self::Average4,
            _ => Self::Full,
        }
    }

    /// Samples on a side of a block.
    pub fn side(self) -> usize {
        match self {
            Self::Full => 8,
            Self::Low4 | Self::Average4 => 4,
            Self::Low2 | Self::Average2 => 2,
            Self::Dc => 1,
        }
    }

    /// Coefficients on a side of a block that make a difference.
    pub fn needs(self) -> usize {
        match self {
            Self::Full | Self::Average4 | Self::Average2 => 8,
            Self::Low4 => 4,
            Self::Low2 => 2,
            Self::Dc => 1,
        }
    }
}
