//! A BMP's rows from the top, as RGB or RGBA.

use std::borrow::Cow;

use deckle_pixels::{Masks, blue_first, holes, of_indices};

use super::header::{Coding, Header, stride};
use super::rle;
use crate::Error;
use crate::codec::plane_source::InterleavedRows;
use crate::codec::{MISSING_GREY, missing_share};

/// A BMP that is being decoded.
pub struct Rows<'a> {
    header: &'a Header,
    /// Rows in the file's order, `stride` apart.
    data: Cow<'a, [u8]>,
    stride: usize,
    bits: u16,
    masks: Masks,
    mask: &'a [u8],
    out: Vec<u8>,
    given: u32,
    missing: u32,
}

impl<'a> Rows<'a> {
    pub fn new(bytes: &'a [u8], header: &'a Header) -> Result<Self, Error> {
        let stored = bytes.get(header.data..).unwrap_or_default();
        let width = header.size.width as usize;
        let (data, stride, bits) = match header.coding {
            Coding::Runs => {
                let bits = if header.bits == 24 { 24 } else { 8 };
                let (mut decoded, reached) = rle::decode(stored, header)?;
                let stride = width * header.run_bytes() as usize;
                // rows that no code reached are missing
                decoded.truncate(reached * stride);
                (Cow::Owned(decoded), stride, bits)
            }
            _ => (Cow::Borrowed(stored), header.stride(), header.bits),
        };
        let mask = header.mask.and_then(|at| bytes.get(at..)).unwrap_or_default();
        let channels = if header.has_alpha() { 4 } else { 3 };
        let out = crate::codec::allocate(u64::from(header.size.width) * channels)?;
        Ok(Self { header, data, stride, bits, masks: Masks::new(header.masks), mask, out, given: 0, missing: 0 })
    }
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        let height = self.header.size.height;
        if self.given == height {
            return Ok(None);
        }
        let at = if self.header.is_top_down { self.given } else { height - 1 - self.given } as usize;
        self.given += 1;
        let channels = if self.header.has_alpha() { 4 } else { 3 };
        let bytes = (self.header.size.width as usize).saturating_mul(self.bits.into()).div_ceil(8);
        let row = at.checked_mul(self.stride).and_then(|from| self.data.get(from..from.checked_add(bytes)?));
        match row {
            Some(row) => match self.bits {
                1..=8 => of_indices(row, self.bits as u8, &self.header.palette, channels, &mut self.out),
                24 => blue_first(row, channels, &mut self.out),
                _ => self.masks.row(row, self.bits as u8, channels, &mut self.out),
            },
            None => {
                self.missing += 1;
                self.out.fill(if channels == 4 { 0 } else { MISSING_GREY });
            }
        }
        if self.header.mask.is_some() && row.is_some() {
            let stride = stride(self.header.size.width, 1);
            // where the mask is cut off all is opaque
            let mask = at.checked_mul(stride).and_then(|from| self.mask.get(from..)).unwrap_or_default();
            holes(mask, &mut self.out);
        }
        Ok(Some(&self.out))
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.header.size.height)
    }
}
