//! Why a picture could not be encoded.

use std::fmt;

use libwebp_sys::WebPEncodingError;

/// Why a picture could not be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A side is 0 or longer than [`LONGEST_SIDE`](crate::LONGEST_SIDE).
    Size {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Pixels that are not `width × height × channels` samples of 1, 2, 3 or 4 channels.
    Pixels {
        /// Samples a pixel.
        channels: u8,
        /// Samples.
        length: usize,
    },
    /// The allocator failed, or libwebp needs more than [`memory`](crate::memory()) says even with the least effort. No picture is
    /// known for which the second happens.
    Memory,
    /// The file would be larger than [`memory`](crate::memory()) allows for. Happens only beyond 10 megapixels, with much noise at high quality.
    Large {
        /// Bytes that the file would have.
        bytes: u64,
        /// Bytes that it may have.
        most: u64,
    },
    /// Another error of libwebp, by its number. None is known for pictures of an allowed size.
    Other(u32),
}

impl Error {
    pub(crate) fn of(code: WebPEncodingError) -> Self {
        match code {
            WebPEncodingError::VP8_ENC_ERROR_OUT_OF_MEMORY
            | WebPEncodingError::VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY
            | WebPEncodingError::VP8_ENC_ERROR_BAD_WRITE => Self::Memory,
            code => Self::Other(code as u32),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { width, height } => write!(f, "{width}×{height} is not a size that a WebP can have"),
            Self::Pixels { channels, length } => {
                write!(f, "{length} samples of {channels} channels are not the picture")
            }
            Self::Memory => f.write_str("not enough memory"),
            Self::Large { bytes, most } => write!(f, "the file would have {bytes} bytes, and {most} are allowed"),
            Self::Other(code) => write!(f, "libwebp's error {code}"),
        }
    }
}

impl std::error::Error for Error {}
