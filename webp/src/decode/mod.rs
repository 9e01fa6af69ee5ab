//! WebP's bitstreams decoded row by row, by libwebp.
//!
//! libwebp's public functions decode a picture in one call. Rows are asked for here, so its inner functions are called, a row of
//! blocks or of pixels at a time, and its own structures, which `raw` declares, hold what is between two calls. A lossy picture is
//! never whole in memory; of a lossless one there is a window, as far as copies can reach back.

mod alpha;
mod lossless;
mod lossy;
#[allow(unsafe_code)]
mod raw;
mod rgba;

pub use lossless::{LosslessRows, lossless_memory};
pub use lossy::{Lines, LossyRows, lossy_memory};
pub use rgba::{RgbaRows, rgba_memory};

use std::fmt;

/// Why there is no further row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The data end, or contradict themselves, before the picture is complete.
    Ended,
    /// More memory is needed than there is room for.
    Memory,
    /// A header that is no picture of the size that it should be.
    Header,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ended => "the WebP data end or are damaged before the first row",
            Self::Memory => "not enough memory",
            Self::Header => "the WebP bitstream has no header of this picture",
        })
    }
}

impl std::error::Error for DecodeError {}

fn allocated(length: usize) -> Result<Vec<u8>, DecodeError> {
    let mut data = Vec::new();
    data.try_reserve_exact(length).map_err(|_| DecodeError::Memory)?;
    data.resize(length, 0);
    Ok(data)
}
