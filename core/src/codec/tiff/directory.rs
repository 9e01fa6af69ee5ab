//! A TIFF's directories: tags whose values are read where they stand, of either byte order, with offsets of 4 bytes or (BigTIFF) 8.

use crate::Error;
use crate::error::corrupt;

/// One page's tags.
#[derive(Clone, Debug)]
pub struct Directory<'a> {
    pub file: File<'a>,
    /// Where the entries begin, and how many there are.
    entries: (usize, usize),
}

/// A file's bytes and how numbers are written in it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub is_big_endian: bool,
    is_big: bool,
}

/// A tag's numbers.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    file: File<'a>,
    at: usize,
    kind: u16,
    pub count: u64,
}

/// The most pages that are passed on the way to one.
const MOST_PAGES: u32 = 1 << 16;

impl<'a> File<'a> {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        let mut bytes: [u8; N] = *self.bytes.get(at..)?.first_chunk()?;
        if !self.is_big_endian {
            bytes.reverse();
        }
        Some(bytes)
    }

    fn number(&self, at: usize, length: usize) -> Option<u64> {
        match length {
            1 => self.bytes.get(at).map(|&v| v.into()),
            2 => self.array(at).map(|v| u16::from_be_bytes(v).into()),
            4 => self.array(at).map(|v| u32::from_be_bytes(v).into()),
            _ => self.array(at).map(u64::from_be_bytes),
        }
    }

    fn place(&self, at: usize) -> Option<usize> {
        usize::try_from(self.number(at, if self.is_big { 8 } else { 4 })?).ok()
    }
}

impl<'a> Directory<'a> {
    /// The directory of a page, counted from 0; `None` where there are not so many.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where there is no first one.
    pub fn read(bytes: &'a [u8], page: u32) -> Result<Option<Self>, Error> {
        let broken = || corrupt("the TIFF has no directory");
        let is_big_endian = bytes.first() == Some(&b'M');
        let mut file = File { bytes, is_big_endian, is_big: false };
        file.is_big = file.number(2, 2) == Some(43);
        let mut at = file.place(if file.is_big { 8 } else { 4 }).ok_or_else(broken)?;
        for before in (0..=page.min(MOST_PAGES)).rev() {
            let (count_bytes, entry) = file.layout();
            let Some(count) = file.number(at, count_bytes).filter(|_| at != 0) else {
                return if before == page { Err(broken()) } else { Ok(None) };
            };
            let (first, count) = (at + count_bytes, count.min(u64::from(u16::MAX)) as usize);
            if before == 0 {
                return Ok(Some(Self { file, entries: (first, count) }));
            }
            at = file.place(first + count * entry).unwrap_or(0);
        }
        Ok(None)
    }

    /// A tag's numbers, where all of them are within the file.
    pub fn tag(&self, tag: u16) -> Option<Numbers<'a>> {
        let file = self.file;
        let (_, length) = file.layout();
        let (first, count) = self.entries;
        let at = (0..count).map(|i| first + i * length).find(|&at| file.number(at, 2) == Some(tag.into()))?;
        let kind = file.number(at + 2, 2)? as u16;
        let wide = if file.is_big { 8 } else { 4 };
        let count = file.number(at + 4, wide)?;
        let bytes = count.checked_mul(size(kind)? as u64)?;
        let at = if bytes <= wide as u64 { at + 4 + wide } else { file.place(at + 4 + wide)? };
        let end = (at as u64).checked_add(bytes)?;
        (end <= file.bytes.len() as u64).then_some(Numbers { file, at, kind, count })
    }

    /// A tag's first number.
    pub fn first(&self, tag: u16) -> Option<u64> {
        self.tag(tag)?.at(0)
    }

    /// The same, or what holds where the tag is missing.
    pub fn or(&self, tag: u16, default: u64) -> u64 {
        self.first(tag).unwrap_or(default)
    }
}

impl File<'_> {
    /// Bytes of the count of entries, and of an entry.
    fn layout(&self) -> (usize, usize) {
        if self.is_big { (8, 20) } else { (2, 12) }
    }
}

impl<'a> Numbers<'a> {
    /// One of them; integers only.
    pub fn at(&self, index: u64) -> Option<u64> {
        if index >= self.count || matches!(self.kind, 5 | 10..=12) {
            return None;
        }
        let size = size(self.kind)?;
        self.file.number(self.at.checked_add(usize::try_from(index).ok()?.checked_mul(size)?)?, size)
    }

    /// All of them as bytes.
    pub fn bytes(&self) -> &'a [u8] {
        let length = self.count as usize * size(self.kind).unwrap_or(0);
        self.file.bytes.get(self.at..self.at + length).unwrap_or_default()
    }
}

/// Bytes of a number of a type (TIFF 6.0, section 2; BigTIFF).
fn size(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}
