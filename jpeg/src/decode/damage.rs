//! How much of a picture was lost.

/// What was lost of a picture.
///
/// The last row of MCUs, or the last byte, is lost by so many files (an upload that was cut short) that it does not count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Damage {
    /// Share of the picture, above 0 to 1, of which nothing could be decoded. It was filled with the colours above it,
    /// or with those before it where nothing is above.
    pub missing: f32,
    /// Share of the picture, 0 to 1, that lacks detail (later scans of a progressive file did not come) or follows an error
    /// in the data, so that it may be shifted or of another colour.
    pub degraded: f32,
}

impl Damage {
    /// Nothing at all was decoded: what the rows show is made up.
    pub fn is_total(&self) -> bool {
        self.missing >= 1.0
    }

    /// Percent of the picture that are missing or degraded, 1 to 100.
    pub fn percent(&self) -> u8 {
        ((self.missing.max(self.degraded) * 100.0).round() as u8).clamp(1, 100)
    }
}

/// Blocks that a scan has lost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Losses {
    /// Without data, above the last row of MCUs.
    pub missing: u64,
    /// Without data, in the last row of MCUs.
    pub missing_last: u64,
    /// Decoded after an error.
    pub doubtful: u64,
}

impl Losses {
    /// All blocks without data, or none if those of the last row are the only ones, and there are other rows.
    pub fn counted(&self, rows: usize, blocks: u64) -> u64 {
        let is_end = if rows > 1 { self.missing == 0 } else { self.missing_last * 8 <= blocks };
        if is_end { 0 } else { self.missing + self.missing_last }
    }
}
