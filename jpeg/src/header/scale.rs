//! Scaled sizes, by libjpeg-turbo's geometry.

/// How much smaller the image is decoded, in eighths: each block of 8 × 8 samples becomes one of 1 × 1 to 8 × 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// 1/8: the mean of each block.
    Eighth,
    /// 1/4: 2 × 2 samples of each block.
    Quarter,
    /// 3/8: 3 × 3 samples.
    ThreeEighths,
    /// 1/2: 4 × 4 samples.
    Half,
    /// 5/8: 5 × 5 samples.
    FiveEighths,
    /// 3/4: 6 × 6 samples.
    ThreeQuarters,
    /// 7/8: 7 × 7 samples.
    SevenEighths,
    /// As stored: 8 × 8 samples.
    Full,
}

impl Scale {
    /// Every scale, smallest first.
    pub const ALL: [Self; 8] = [
        Self::Eighth,
        Self::Quarter,
        Self::ThreeEighths,
        Self::Half,
        Self::FiveEighths,
        Self::ThreeQuarters,
        Self::SevenEighths,
        Self::Full,
    ];

    /// The scale of so many eighths; the nearest one for numbers below 1 and above 8.
    pub fn of_eighths(eighths: u32) -> Self {
        match eighths {
            0 | 1 => Self::Eighth,
            2 => Self::Quarter,
            3 => Self::ThreeEighths,
            4 => Self::Half,
            5 => Self::FiveEighths,
            6 => Self::ThreeQuarters,
            7 => Self::SevenEighths,
            _ => Self::Full,
        }
    }

    /// Samples on each side of a decoded block: the numerator over 8.
    pub fn side(self) -> u32 {
        match self {
            Self::Eighth => 1,
            Self::Quarter => 2,
            Self::ThreeEighths => 3,
            Self::Half => 4,
            Self::FiveEighths => 5,
            Self::ThreeQuarters => 6,
            Self::SevenEighths => 7,
            Self::Full => 8,
        }
    }

    /// Twice the scale; `None` above the full size.
    pub(crate) fn doubled(self) -> Option<Self> {
        (self.side() <= 4).then(|| Self::of_eighths(2 * self.side()))
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
    /// Whether samples are `value / 2 + 64`, as [`Options::headroom`](crate::Options::headroom) asks.
    pub has_headroom: bool,
}
