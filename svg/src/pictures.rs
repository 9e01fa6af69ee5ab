//! Pictures of pixels inside a drawing.

/// A picture that is decoded: upright, sRGB, straight alpha.
pub struct Picture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Four samples a pixel, rows from the top.
    pub rgba: Vec<u8>,
}

/// Whoever decodes them.
pub trait Pictures {
    /// Decodes a file with so many bytes of room, no larger than so many columns and rows; `None` for one that shows nothing.
    ///
    /// # Errors
    /// The bytes that it would have taken, where that is more.
    fn decoded(&self, file: &[u8], size: (u32, u32), room: u64) -> Result<Option<Picture>, u64>;
}
