//! What a file says before its first sample: sizes, components, tables,
//! metadata. Borrowed from the file, nothing decoded.
//!
//! Source: ITU-T T.81 annex B; T.871 (JFIF); T.872 (Adobe); ICC.1 annex B.4.

mod color;
mod component;
mod icc;
mod parse;
mod scale;
mod scan;
mod segment;

pub use color::{Color, Density};
pub use component::Component;
pub use scale::{PlaneSize, Scale};
pub(crate) use scan::{Conditioning, ScanHeader};
pub(crate) use segment::{ends_scan, next_marker};

use crate::Error;
use std::borrow::Cow;

/// The coding process of the frame (T.81, table B.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// SOF0: baseline sequential.
    Baseline,
    /// SOF1, SOF9: extended sequential.
    Extended,
    /// SOF2, SOF10: progressive.
    Progressive,
    /// SOF3: lossless.
    Lossless,
}

/// The header of one file.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// Coding process.
    pub frame: Frame,
    /// Whether the coefficients are coded arithmetically (SOF9, SOF10), else by Huffman codes.
    pub arithmetic: bool,
    /// Bits of a stored sample: 8, or 2 to 16 in lossless files. Planes have 8 whatever it is.
    pub precision: u8,
    /// Width in pixels, not 0.
    pub width: u32,
    /// Height in pixels, not 0; from DNL where the frame leaves it open.
    pub height: u32,
    /// What the components mean.
    pub color: Color,
    /// 1, 3 or 4 components in file order.
    pub components: Vec<Component>,
    /// Transform byte of the Adobe segment.
    pub adobe_transform: Option<u8>,
    /// Pixel density of the JFIF segment.
    pub density: Option<Density>,
    pub(crate) exif: Option<&'a [u8]>,
    pub(crate) icc: Vec<icc::Chunk<'a>>,
    pub(crate) scans: Vec<ScanHeader<'a>>,
    pub(crate) scan_count: usize,
    /// Tables or scans after the first one cannot be used.
    pub(crate) damaged: bool,
    /// The walk over several scans came to EOI.
    pub(crate) has_end: bool,
}

impl<'a> Header<'a> {
    /// Reads the segments up to the first scan. Files with more than one scan
    /// (progressive ones, mostly) are walked to their end by their markers.
    ///
    /// Allocates what the number of scans needs, below 400 KB.
    ///
    /// # Errors
    /// What makes decoding impossible: not a JPEG, an unusable frame or scan
    /// header, a kind that is not [supported](crate::Unsupported).
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        parse::header(data)
    }

    /// Size of the image decoded at `scale`: each side `ceil(side × n / 8)`.
    pub fn scaled_size(&self, scale: Scale) -> (u32, u32) {
        (scale.apply(self.width), scale.apply(self.height))
    }

    /// Contents of the EXIF segment from the TIFF header on.
    pub fn exif(&self) -> Option<&'a [u8]> {
        self.exif
    }

    /// Whether there is any part of an ICC profile. Allocates nothing.
    pub fn has_icc_profile(&self) -> bool {
        !self.icc.is_empty()
    }

    /// Bytes of all parts of an ICC profile, which is what joining them allocates. Allocates nothing.
    pub fn icc_bytes(&self) -> usize {
        icc::bytes(&self.icc)
    }

    /// The ICC profile, joined if it came in several segments (allocates then).
    /// `None` if there is none or a part is missing.
    pub fn icc_profile(&self) -> Option<Cow<'a, [u8]>> {
        icc::join(&self.icc)
    }

    /// Number of scans: 1 where a single one holds all components.
    pub fn scan_count(&self) -> usize {
        self.scan_count
    }

    /// Whether the first scan holds every component.
    pub(crate) fn is_one_scan(&self) -> bool {
        let first = self.scans.first();
        self.scans.len() == 1 && first.is_some_and(|s| s.components.len() == self.components.len())
    }

    /// Largest horizontal and vertical sampling factor.
    pub(crate) fn max_sampling(&self) -> (u32, u32) {
        self.components.iter().fold((1, 1), |(h, v), c| (h.max(u32::from(c.horizontal)), v.max(u32::from(c.vertical))))
    }
}
