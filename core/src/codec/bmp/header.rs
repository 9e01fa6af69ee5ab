//! A BMP's header: size, palette, masks, and where the rows stand.

use std::ops::Range;

use super::{corrupt, unsupported};
use crate::Error;
use crate::image::Size;

/// Bytes of the header of a file, which a bitmap in an icon or on a clipboard has not.
pub const FILE_HEADER: usize = 14;

/// How rows are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Samples, each row filled up to four bytes.
    Plain,
    /// Runs of indices of 4 or 8 bits, or of pixels of 24.
    Runs,
    /// A whole JPEG or PNG.
    Inside,
}

/// What the header tells.
#[derive(Clone, Debug)]
pub struct Header {
    pub size: Size,
    pub is_top_down: bool,
    pub bits: u16,
    pub coding: Coding,
    /// 256 colours, whichever the file does not have black.
    pub palette: Vec<[u8; 3]>,
    /// Red, green, blue and alpha in pixels of 16 and 32 bits.
    pub masks: [u32; 4],
    /// Where the rows begin.
    pub data: usize,
    /// Where an ICC profile stands.
    pub profile: Option<Range<usize>>,
    /// Where the rows of an icon's mask begin, whose bits are set where it is transparent.
    pub mask: Option<usize>,
}

/// Little-endian numbers at a place.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

impl Header {
    /// Reads the header that begins at `start`: 0, or [`FILE_HEADER`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] and [`Error::Unsupported`].
    pub fn read(bytes: &[u8], start: usize) -> Result<Self, Error> {
        Self::parse(bytes, start)?.checked()
    }

    fn parse(bytes: &[u8], start: usize) -> Result<Self, Error> {
        let short = || corrupt("the BMP ends within its header");
        let long = |at: usize| u32_at(bytes, start + at);
        let length = long(0).ok_or_else(short)? as usize;
        if length != 12 && !(16..=1024).contains(&length) {
            return Err(corrupt(format!("the BMP has a header of {length} bytes")));
        }
        // members beyond the stated length are not there
        let member = |at: usize| if at + 4 <= length { long(at).unwrap_or(0) } else { 0 };
        let is_first = length == 12;
        let (width, height, bits) = if is_first {
            let word = |at: usize| u16_at(bytes, start + at).ok_or_else(short);
            (i32::from(word(4)?), i32::from(word(6)?), word(10)?)
        } else {
            let word = u16_at(bytes, start + 14).ok_or_else(short)?;
            (long(4).ok_or_else(short)? as i32, long(8).ok_or_else(short)? as i32, word)
        };
        if width <= 0 || height == 0 || height == i32::MIN {
            return Err(corrupt(format!("the BMP is {width}×{height}")));
        }
        // OS/2's numbers 3 and 4 mean something else
        let is_os2 = length == 64 || length == 16;
        let compression = member(16);
        let coding = match (compression, bits) {
            (3, _) if is_os2 => return Err(unsupported("BMP coded as a fax")),
            (1, 8) | (2, 4) => Coding::Runs,
            (4, 24) if is_os2 => Coding::Runs,
            (4 | 5, _) if !is_os2 => Coding::Inside,
            (0 | 1 | 2 | 3 | 6 | 11, _) => Coding::Plain,
            _ => return Err(unsupported(format!("BMP of compression {compression} at {bits} bits"))),
        };
        let has_masks = matches!(compression, 3 | 6) && matches!(bits, 16 | 32);
        let behind = match (has_masks && length == 40, compression) {
            (true, 6) => 16,
            (true, _) => 12,
            _ => 0,
        };
        let masks = match bits {
            _ if has_masks => {
                let count = if length >= 56 || behind == 16 { 4 } else { 3 };
                let mask = |i: usize| if i < count { long(40 + 4 * i).unwrap_or(0) } else { 0 };
                [mask(0), mask(1), mask(2), mask(3)]
            }
            16 => [0x7c00, 0x03e0, 0x1f, 0],
            _ => [0xff_0000, 0xff00, 0xff, 0],
        };
        let behind = start + length + behind;
        let stated = if start == 0 { None } else { u32_at(bytes, 10).map(|at| at as usize) };
        // rows right behind the header leave no place for a palette that is needed: the number is wrong
        let stated = stated.filter(|&at| if (1..=8).contains(&bits) { at > behind } else { at >= start + length });
        let entry = if is_first { 3 } else { 4 };
        let used = match member(32) as usize {
            // all that its indices can name
            0 if (1..=8).contains(&bits) => 1 << bits,
            used => used,
        };
        let until = stated.unwrap_or(usize::MAX);
        let entries = used.min(until.saturating_sub(behind) / entry);
        let mut palette = vec![[0; 3]; 256];
        let table = bytes.get(behind.min(bytes.len())..).unwrap_or_default();
        for (colour, stored) in palette.iter_mut().zip(table.chunks_exact(entry).take(entries)) {
            *colour = [stored[2], stored[1], stored[0]];
        }
        let data = stated.unwrap_or(behind.saturating_add(used.saturating_mul(entry)));
        Ok(Self {
            size: Size { width: width as u32, height: height.unsigned_abs() },
            is_top_down: height < 0,
            bits,
            coding,
            palette,
            masks,
            data,
            profile: (length >= 124 && member(56) == u32::from_be_bytes(*b"MBED"))
                .then(|| start.saturating_add(member(112) as usize))
                .map(|from| from..from.saturating_add(member(116) as usize)),
            mask: None,
        })
    }

    fn checked(self) -> Result<Self, Error> {
        match self.bits {
            _ if self.coding == Coding::Inside => Ok(self),
            1 | 2 | 4 | 8 | 16 | 24 | 32 => Ok(self),
            bits => Err(unsupported(format!("BMP of {bits} bits a pixel"))),
        }
    }

    pub fn has_alpha(&self) -> bool {
        self.mask.is_some() || self.masks[3] != 0 && matches!(self.bits, 16 | 32)
    }

    /// Bytes from one row to the next.
    pub fn stride(&self) -> usize {
        stride(self.size.width, self.bits)
    }

    /// Bytes of a pixel of what runs are decoded to.
    pub fn run_bytes(&self) -> u64 {
        if self.bits == 24 { 3 } else { 1 }
    }

    /// A row, the palette, and what runs are decoded to.
    pub fn decoder_bytes(&self) -> u64 {
        let runs = if self.coding == Coding::Runs { self.size.pixels() * self.run_bytes() } else { 0 };
        u64::from(self.size.width) * 4 + 4096 + runs
    }
}

/// Bytes of a row of so many pixels, filled up to four.
pub fn stride(width: u32, bits: u16) -> usize {
    // at most 2^31 pixels of 32 bits: on 32 bits too much to be in any file, so that no row is found
    usize::try_from((u64::from(width) * u64::from(bits)).div_ceil(32) * 4).unwrap_or(usize::MAX)
}
