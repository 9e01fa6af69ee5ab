//! Why something cannot be encoded.

use core::fmt;

/// Why encoding was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// A side is 0 or beyond 65535.
    BadSize {
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
    },
    /// The pixels are not as many as width, height and colour say.
    BadPixels {
        /// Bytes given.
        bytes: usize,
        /// Bytes expected.
        expected: usize,
    },
    /// The ICC profile takes more than 255 segments.
    IccTooLong {
        /// Bytes of the profile.
        bytes: usize,
    },
    /// The EXIF data does not fit into its segment.
    ExifTooLong {
        /// Bytes of the EXIF data.
        bytes: usize,
    },
    /// The picture takes more memory than [`finish_within`](crate::Encoder::finish_within) was allowed.
    Memory {
        /// Bytes that it takes, as far as is known.
        needed: u64,
        /// Bytes that were allowed.
        room: u64,
    },
    /// Rows of MCUs were not asked for, so not filled.
    Incomplete {
        /// How many.
        rows: usize,
    },
}

impl EncodeError {
    /// A word that never changes for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadSize { .. } => "jpeg_bad_size",
            Self::BadPixels { .. } => "jpeg_bad_pixels",
            Self::IccTooLong { .. } => "jpeg_icc_too_long",
            Self::ExifTooLong { .. } => "jpeg_exif_too_long",
            Self::Memory { .. } => "jpeg_memory",
            Self::Incomplete { .. } => "jpeg_incomplete",
        }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadSize { width, height } => {
                write!(f, "a jpeg cannot be {width} × {height}, sides are 1 to 65535")
            }
            Self::BadPixels { bytes, expected } => {
                write!(f, "pixels are {bytes} bytes, expected {expected}")
            }
            Self::IccTooLong { bytes } => write!(f, "icc profile of {bytes} bytes is too long"),
            Self::ExifTooLong { bytes } => write!(f, "exif data of {bytes} bytes is too long"),
            Self::Memory { needed, room } => write!(f, "encoding takes {needed} bytes where {room} are allowed"),
            Self::Incomplete { rows } => write!(f, "{rows} rows of mcus were not filled"),
        }
    }
}

impl core::error::Error for EncodeError {}
