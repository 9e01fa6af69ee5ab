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
    /// No memory, or libwebp wants more than [`memory`](crate::memory()) says even with the least effort; no picture is known of
    /// which it does.
    Memory,
    /// The file would be larger than is promised: only of pictures beyond 10 megapixels, with much noise and high quality.
    Large {
        /// Its bytes.
        bytes: u64,
        /// Those that were promised.
        most: u64,
    },
    /// libwebp's own number of an error that is none of these; none is known for pictures that fit.
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
            Self::Size { width, height } => write!(f, "{width}×{height} is no size of a WebP"),
            Self::Pixels { channels, length } => {
                write!(f, "{length} samples of {channels} channels are not the picture")
            }
            Self::Memory => f.write_str("not enough memory"),
            Self::Large { bytes, most } => write!(f, "{bytes} bytes where {most} were promised"),
            Self::Other(code) => write!(f, "libwebp's error {code}"),
        }
    }
}

impl std::error::Error for Error {}
