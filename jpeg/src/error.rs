//! Why a file cannot be decoded.
//!
//! Only headers can fail: damaged image data still give an image, and
//! [`Decoder::damage`](crate::Decoder::damage) says what is missing of it.

use core::fmt;

/// Why a file was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes do not start with `FF D8`.
    NotJpeg,
    /// The bytes end before the first scan does begin.
    Truncated {
        /// Where the bytes ended.
        offset: usize,
    },
    /// A segment that decoding needs has an impossible content.
    BadSegment {
        /// The second byte of the marker, `0xC4` for a Huffman table.
        marker: u8,
        /// Where the segment's content starts.
        offset: usize,
    },
    /// A scan names a table that no segment defined.
    MissingTable {
        /// `0xDB` for quantisation, `0xC4` for Huffman.
        marker: u8,
        /// The table's number.
        id: u8,
    },
    /// A valid JPEG of a kind this crate does not decode.
    Unsupported(Unsupported),
    /// Width × height is beyond [`Limits::pixels`](crate::Limits::pixels).
    TooManyPixels {
        /// Width × height of the file.
        pixels: u64,
        /// The limit.
        limit: u64,
    },
    /// Decoding would take more than [`Limits::memory`](crate::Limits::memory).
    TooMuchMemory {
        /// Bytes that decoding would allocate.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// More scans than [`Limits::scans`](crate::Limits::scans).
    TooManyScans {
        /// Scans found.
        scans: usize,
        /// The limit.
        limit: usize,
    },
}

/// Kinds of JPEG that are not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// Lossless with arithmetic coding (SOF11).
    Arithmetic,
    /// Hierarchical JPEG (SOF5 to SOF7, SOF13 to SOF15, DHP).
    Hierarchical,
    /// Samples of this many bits; 8 is supported, and 2 to 16 in lossless files.
    Precision(u8),
    /// This many components; 1, 3 and 4 are supported.
    Components(u8),
}

impl Error {
    /// A word that never changes for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJpeg => "jpeg_not_jpeg",
            Self::Truncated { .. } => "jpeg_truncated",
            Self::BadSegment { .. } => "jpeg_bad_segment",
            Self::MissingTable { .. } => "jpeg_missing_table",
            Self::Unsupported(Unsupported::Arithmetic) => "jpeg_unsupported_arithmetic",
            Self::Unsupported(Unsupported::Hierarchical) => "jpeg_unsupported_hierarchical",
            Self::Unsupported(Unsupported::Precision(_)) => "jpeg_unsupported_precision",
            Self::Unsupported(Unsupported::Components(_)) => "jpeg_unsupported_components",
            Self::TooManyPixels { .. } => "jpeg_too_many_pixels",
            Self::TooMuchMemory { .. } => "jpeg_too_much_memory",
            Self::TooManyScans { .. } => "jpeg_too_many_scans",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJpeg => f.write_str("not a jpeg: expected ff d8 at the start"),
            Self::Truncated { offset } => {
                write!(f, "file ends at byte {offset}, before the first scan")
            }
            Self::BadSegment { marker, offset } => {
                write!(f, "segment ff {marker:02x} at byte {offset} is invalid")
            }
            Self::MissingTable { marker: 0xDB, id } => {
                write!(f, "quantisation table {id} is not defined")
            }
            Self::MissingTable { id, .. } => write!(f, "huffman table {id} is not defined"),
            Self::Unsupported(what) => write!(f, "unsupported jpeg: {what}"),
            Self::TooManyPixels { pixels, limit } => {
                write!(f, "image has {pixels} pixels, limit is {limit}")
            }
            Self::TooMuchMemory { bytes, limit } => {
                write!(f, "decoding needs {bytes} bytes, limit is {limit}")
            }
            Self::TooManyScans { scans, limit } => {
                write!(f, "image has {scans} scans, limit is {limit}")
            }
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arithmetic => f.write_str("lossless with arithmetic coding"),
            Self::Hierarchical => f.write_str("hierarchical"),
            Self::Precision(bits) => write!(f, "{bits} bits per sample, expected 8"),
            Self::Components(n) => write!(f, "{n} components, expected 1, 3 or 4"),
        }
    }
}

impl core::error::Error for Error {}
