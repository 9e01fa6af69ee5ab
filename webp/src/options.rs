//! How to encode.

/// How to encode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options<'m> {
    /// 1–100 on libwebp's scale, clamped.
    pub quality: u8,
    /// libwebp's `method`, 0–6, clamped. Lowered where memory does not suffice.
    pub effort: u8,
    /// A TIFF block as EXIF 2.32 §4.5 lays it out, to be embedded.
    pub exif: Option<&'m [u8]>,
    /// Bytes that libwebp and the file may take together beside the planes. Natively it holds for the file alone.
    pub room: u64,
}

impl Options<'_> {
    /// Quality 80, effort 4, no metadata, any room.
    pub const fn new() -> Self {
        Self { quality: 80, effort: 4, exif: None, room: u64::MAX }
    }
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self::new()
    }
}
