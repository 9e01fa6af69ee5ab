//! Scaled sizes, by libjpeg-turbo's geometry.

/// How much smaller the image is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// 1/8: one sample of each luma block.
    Eighth,
    /// 1/4: 2 × 2 samples.
    Quarter,
    /// 1/2: 4 × 4 samples.
    Half,
    /// As stored: 8 × 8 samples.
    Full,
}

impl Scale {
    /// Every scale, smallest first.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// Samples on each side of a luma block: the numerator over 8.
    pub fn side(self) -> u32 {
        match self {
            Self::Eighth => 1,
            Self::Quarter => 2,
            Self::Half => 4,
            Self::Full => 8,
        }
    }

    /// The next one; `None` above the full size.
    pub(crate) fn larger(self) -> Option<Self> {
        let next = Self::ALL.iter().position(|&scale| scale == self)? + 1;
        Self::ALL.get(next).copied()
    }

    /// `ceil(length × side / 8)`.
    pub fn apply(self, length: u32) -> u32 {
        // lengths come from 16-bit fields
        (length * self.side()).div_ceil(8)
    }
}

/// Size of one component's plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneSize {
    /// Width in samples.
    pub width: u32,
    /// Height in samples.
    pub height: u32,
    /// The component's own scale: samples for each block of it.
    pub scale: Scale,
}
