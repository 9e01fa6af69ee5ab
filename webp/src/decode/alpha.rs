//! An `ALPH` chunk (RFC 9649, section 2.7.1.2), row by row.

use std::borrow::Cow;

use super::lossless::{LosslessRows, memory_after_header};
use super::{DecodeError, allocated};

/// The header of a bitstream without loss, which the chunk leaves out: signature, 14 bits of each side less one, 4 more.
fn header(width: u32, height: u32) -> [u8; 5] {
    let [a, b, c, d] = ((width - 1) | (height - 1) << 14).to_le_bytes();
    [0x2f, a, b, c, d]
}

/// Bytes that decoding takes for any picture of a size, beside the file.
pub fn alpha_memory(width: u32, height: u32, chunk: &[u8]) -> u64 {
    let rows = u64::from(width) * 2;
    rows + match chunk.split_first() {
        Some((flags, bitstream)) if flags & 3 != 0 => {
            memory_after_header(width, height, bitstream) + 5 + bitstream.len() as u64
        }
        _ => 0,
    }
}

enum Samples<'a> {
    Stored(&'a [u8]),
    /// In green.
    Packed(Box<LosslessRows<'a>>),
}

/// What the samples were predicted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    None,
    Left,
    Above,
    Gradient,
}

/// An alpha plane that is being decoded.
pub struct AlphaRows<'a> {
    samples: Samples<'a>,
    filter: Filter,
    row: Vec<u8>,
    above: Vec<u8>,
    is_first: bool,
}

impl<'a> AlphaRows<'a> {
    /// Reads the header of a chunk's body, of a picture of this size. libwebp may take `limit` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Header`], [`DecodeError::Memory`], [`DecodeError::Ended`].
    #[inline(never)]
    pub fn new(chunk: &'a [u8], (width, height): (u32, u32), limit: u64) -> Result<Self, DecodeError> {
        let (&flags, body) = chunk.split_first().ok_or(DecodeError::Ended)?;
        let filter = match flags >> 2 & 3 {
            0 => Filter::None,
            1 => Filter::Left,
            2 => Filter::Above,
            _ => Filter::Gradient,
        };
        let samples = match flags & 3 {
            0 => Samples::Stored(body),
            1 => {
                let mut bitstream = Vec::new();
                bitstream.try_reserve_exact(5 + body.len()).map_err(|_| DecodeError::Memory)?;
                bitstream.extend(header(width, height));
                bitstream.extend(body);
                let limit = limit.saturating_sub(bitstream.len() as u64 + u64::from(width) * 2);
                let rows = LosslessRows::new(Cow::Owned(bitstream), (width, height), false, limit)?;
                Samples::Packed(Box::new(rows))
            }
            _ => return Err(DecodeError::Header),
        };
        let row = || allocated(width as usize);
        Ok(Self { samples, filter, row: row()?, above: row()?, is_first: true })
    }

    /// As [`LosslessRows::beyond`].
    pub fn beyond(&self) -> u64 {
        match &self.samples {
            Samples::Stored(_) => 0,
            Samples::Packed(rows) => rows.beyond(),
        }
    }

    /// The next row.
    ///
    /// # Errors
    /// [`DecodeError::Ended`] where the data end, and after the last.
    pub fn next_row(&mut self) -> Result<&[u8], DecodeError> {
        std::mem::swap(&mut self.row, &mut self.above);
        match &mut self.samples {
            Samples::Stored(rest) => {
                let (row, after) = rest.split_at_checked(self.row.len()).ok_or(DecodeError::Ended)?;
                self.row.copy_from_slice(row);
                *rest = after;
            }
            Samples::Packed(rows) => {
                if !rows.advance()? {
                    return Err(DecodeError::Ended);
                }
                self.row.iter_mut().zip(rows.row().as_chunks::<3>().0).for_each(|(alpha, pixel)| *alpha = pixel[1]);
            }
        }
        self.undo();
        self.is_first = false;
        Ok(&self.row)
    }

    /// Adds what the samples of the row were predicted from: what lies to the left in the first row, and above in the first column.
    #[inline(never)]
    fn undo(&mut self) {
        let (row, above) = (&mut self.row, &self.above);
        let first = if self.is_first { 0 } else { above[0] };
        match (self.filter, self.is_first) {
            (Filter::None, _) => (),
            (Filter::Left, _) | (_, true) => {
                let mut left = first;
                for sample in row {
                    left = left.wrapping_add(*sample);
                    *sample = left;
                }
            }
            (Filter::Above, _) => {
                row.iter_mut().zip(above).for_each(|(sample, above)| *sample = sample.wrapping_add(*above))
            }
            (Filter::Gradient, _) => {
                let (mut left, mut corner) = (first, first);
                for (sample, &above) in row.iter_mut().zip(above) {
                    let gradient = i16::from(left) + i16::from(above) - i16::from(corner);
                    left = sample.wrapping_add(gradient.clamp(0, 255) as u8);
                    *sample = left;
                    corner = above;
                }
            }
        }
    }
}
