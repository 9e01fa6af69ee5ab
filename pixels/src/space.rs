//! Colour models, and what planes and channels mean in them.

/// What the samples of a pixel mean, and so how many planes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// One channel.
    Grey,
    /// Grey and alpha.
    GreyAlpha {
        /// Whether grey is multiplied by alpha.
        premultiplied: bool,
    },
    /// Three colours.
    Rgb,
    /// Three colours and alpha.
    Rgba {
        /// Whether colours are multiplied by alpha.
        premultiplied: bool,
    },
    /// T.871's, full range.
    YCbCr,
    /// Four inks as JPEG stores them: 255 is no ink.
    Cmyk,
    /// Four inks as JPEG stores them, with the complement of the first three as YCbCr: 255 is no black.
    Ycck,
}

impl Space {
    /// The model of pixels with `channels` samples, which are not inks.
    pub fn of(channels: u8, premultiplied: bool) -> Self {
        match channels {
            1 => Self::Grey,
            2 => Self::GreyAlpha { premultiplied },
            3 => Self::Rgb,
            _ => Self::Rgba { premultiplied },
        }
    }

    /// Samples a pixel.
    pub fn planes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha { .. } => 2,
            Self::Rgb | Self::YCbCr => 3,
            Self::Rgba { .. } | Self::Cmyk | Self::Ycck => 4,
        }
    }
}
