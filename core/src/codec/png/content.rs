//! What IDAT chunks hold, inflated and unfiltered by rows: of files that are not interlaced, at 8 or 16 bits a sample, without a palette or a transparent
//! colour. Their rows are most of the time that a PNG takes; all else is read by `png`.

use crc32fast::Hasher;
use deckle_expand::Inflater;

use super::Chunks;
use crate::Error;
use crate::codec::{allocate, corrupt};

/// Whether files of a colour type and depth are read here.
pub fn reads(kind: u8, bits: u8, has_transparent_colour: bool, is_interlaced: bool) -> bool {
    bits >= 8 && kind != 3 && !has_transparent_colour && !is_interlaced
}

/// Bytes that are checked at once.
const PIECE: usize = 16 << 10;

/// The content of a file's first run of IDAT chunks, piece by piece: up to its end, the file's, or a checksum that is wrong.
struct Pieces<'a> {
    /// What follows the chunk that is read.
    rest: &'a [u8],
    body: &'a [u8],
    /// Of a chunk that is whole.
    checksum: Option<[u8; 4]>,
    hasher: Hasher,
}

impl<'a> Pieces<'a> {
    fn new(file: &'a [u8]) -> Self {
        let mut chunks = Chunks(file.get(8..).unwrap_or_default());
        let mut rest = chunks.0;
        while let Some((name, _)) = chunks.next()
            && name != *b"IDAT"
        {
            rest = chunks.0;
        }
        Self { rest, body: &[], checksum: None, hasher: Hasher::new() }
    }

    /// The next chunk, if it is an IDAT; what there is of one that is cut off.
    fn open(&mut self) -> Option<()> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (name, rest) = rest.split_first_chunk::<4>()?;
        if name != b"IDAT" {
            return None;
        }
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (body, rest) = rest.split_at(length.min(rest.len()));
        let checksum = rest.split_first_chunk::<4>().filter(|_| body.len() == length);
        (self.body, self.rest) = (body, checksum.map_or(&[][..], |(_, rest)| rest));
        self.checksum = checksum.map(|(checksum, _)| *checksum);
        self.hasher = Hasher::new();
        self.hasher.update(name);
        Some(())
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while self.body.is_empty() {
            self.open()?;
        }
        let (piece, body) = self.body.split_at(PIECE.min(self.body.len()));
        self.body = body;
        self.hasher.update(piece);
        if body.is_empty() && self.checksum != Some(self.hasher.clone().finalize().to_be_bytes()) {
            self.rest = &[];
        }
        Some(piece)
    }
}

/// A file's rows as they are stored.
pub struct Content<'a> {
    inflater: Inflater<'a>,
    /// Bytes of a pixel.
    step: usize,
    /// A filter's number and a row: the one before, and the one that comes.
    above: Vec<u8>,
    row: Vec<u8>,
}

impl<'a> Content<'a> {
    /// Of a file whose rows have so many bytes, and `step` for a pixel.
    ///
    /// # Errors
    /// Where there is no memory.
    pub fn new(file: &'a [u8], bytes: usize, step: usize) -> Result<Self, Error> {
        let row = bytes as u64 + 1;
        Ok(Self { inflater: Inflater::new(Pieces::new(file)), step, above: allocate(row)?, row: allocate(row)? })
    }

    /// The next row.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the file is damaged or ends.
    #[inline(never)]
    pub fn next(&mut self) -> Result<&[u8], Error> {
        let count = self.inflater.read(&mut self.row).unwrap_or(0);
        if count < self.row.len() {
            return Err(corrupt("the PNG's pixels end early or cannot be inflated"));
        }
        let (filter, row) = self.row.split_at_mut(1);
        if !deckle_pixels::unfilter(filter[0], self.step, &self.above[1..], row) {
            return Err(corrupt(format!("the PNG has a filter {}", filter[0])));
        }
        std::mem::swap(&mut self.above, &mut self.row);
        Ok(&self.above[1..])
    }
}
