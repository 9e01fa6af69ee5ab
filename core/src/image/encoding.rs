//! How the result is written.

use super::Format;
use crate::words::words;

words! {
    /// What of the source's metadata reaches the output.
    Metadata {
        /// Nothing.
        Strip = "strip",
        /// Copyright and artist only.
        Copyright = "copyright",
        /// EXIF as it was, its orientation reset.
        All = "all",
    }
}

/// Everything an encoder is told. Members that a format has no use for are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Output format.
    pub format: Format,
    /// Quality of a lossy format, 1–100.
    pub quality: u8,
    /// WebP without loss.
    pub lossless: bool,
    /// How hard lossy encoders try, 0–6.
    pub effort: u8,
    /// Progressive JPEG.
    pub progressive: bool,
    /// What metadata to keep.
    pub metadata: Metadata,
    /// Whether the picture lies as it was stored, and says in its metadata how it is to be turned.
    pub keeps_orientation: bool,
    /// Bytes that encoding may take, those among them that are held for the rows to come. An encoder that meets it ends with
    /// [`crate::Error::Limit`].
    pub room: u64,
}
