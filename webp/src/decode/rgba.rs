//! A lossy picture as rows of RGBA: chroma is brought to luma's size as libwebp does it.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::ptr::null_mut;

use super::alpha::{AlphaRows, alpha_memory};
use super::lossy::{LossyRows, lossy_memory};
use super::{DecodeError, allocated, raw};

/// Bytes that decoding takes for any picture of a size, beside the file.
pub fn rgba_memory(width: u32, height: u32, chunk: &[u8]) -> u64 {
    lossy_memory(width) + alpha_memory(width, height, chunk) + rows_memory(width)
}

/// Two rows of pixels, luma, and the two of chroma.
fn rows_memory(width: u32) -> u64 {
    u64::from(width) * (2 * 4 + 1 + 1) + 2
}

/// A picture that is being decoded.
pub struct RgbaRows<'a> {
    colours: LossyRows<'a>,
    alpha: Option<AlphaRows<'a>>,
    /// The luma that waits for the chroma below it, and the chroma that it belongs to.
    luma: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
    is_waiting: bool,
    is_first: bool,
    /// Rows of pixels, those that were made, and those of them that were given.
    rows: Vec<u8>,
    made: usize,
    given: usize,
}

impl<'a> RgbaRows<'a> {
    /// Of a `VP8 ` bitstream and the body of an `ALPH` chunk; without that it is opaque. libwebp may take `limit` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Header`], [`DecodeError::Memory`], [`DecodeError::Ended`].
    #[inline(never)]
    pub fn new(
        bitstream: &'a [u8],
        chunk: Option<&'a [u8]>,
        size: (u32, u32),
        limit: u64,
    ) -> Result<Self, DecodeError> {
        let limit = limit.saturating_sub(rows_memory(size.0));
        let colours = LossyRows::new(bitstream, size, limit)?;
        let limit = limit.saturating_sub(lossy_memory(size.0));
        let alpha = chunk.map(|chunk| AlphaRows::new(chunk, size, limit)).transpose()?;
        // SAFETY: fills a table of functions, once
        unsafe { raw::WebPInitUpsamplers() };
        let width = size.0 as usize;
        let half = || allocated(width.div_ceil(2));
        Ok(Self {
            colours,
            alpha,
            luma: allocated(width)?,
            u: half()?,
            v: half()?,
            is_waiting: false,
            is_first: true,
            rows: allocated(2 * 4 * width)?,
            made: 0,
            given: 0,
        })
    }

    /// As [`super::LosslessRows::beyond`].
    pub fn beyond(&self) -> u64 {
        self.alpha.as_ref().map_or(0, AlphaRows::beyond)
    }

    /// Goes on to the next row; `false` after the last.
    ///
    /// # Errors
    /// [`DecodeError::Ended`] where the data of colours or of alpha end.
    pub fn advance(&mut self) -> Result<bool, DecodeError> {
        if self.given == self.made {
            self.make()?;
        }
        if self.made == 0 {
            return Ok(false);
        }
        let length = self.rows.len() / 2;
        let row = &mut self.rows[self.given * length..][..length];
        if let Some(alpha) = &mut self.alpha {
            let alpha = alpha.next_row()?;
            row.as_chunks_mut::<4>().0.iter_mut().zip(alpha).for_each(|(pixel, &alpha)| pixel[3] = alpha);
        }
        self.given += 1;
        Ok(true)
    }

    /// The row that it is at, four samples a pixel.
    pub fn row(&self) -> &[u8] {
        let length = self.rows.len() / 2;
        &self.rows[self.given.saturating_sub(1) * length..][..length]
    }

    /// Makes the row that waits and the first of the next two, or what there is of them.
    fn make(&mut self) -> Result<(), DecodeError> {
        (self.made, self.given) = (0, 0);
        let Some(lines) = self.colours.next_lines()? else {
            if self.is_waiting {
                upsample([&self.luma, &[]], [&self.u, &self.v], [&self.u, &self.v], &mut self.rows);
                (self.made, self.is_waiting) = (1, false);
            }
            return Ok(());
        };
        let (first, second) = lines.luma.split_at(self.luma.len());
        let below = [lines.u, lines.v];
        if self.is_first {
            upsample([first, &[]], below, below, &mut self.rows);
            self.made = 1;
        } else {
            upsample([&self.luma, first], [&self.u, &self.v], below, &mut self.rows);
            self.made = 2;
        }
        (self.is_first, self.is_waiting) = (false, !second.is_empty());
        if self.is_waiting {
            self.luma.copy_from_slice(second);
            self.u.copy_from_slice(lines.u);
            self.v.copy_from_slice(lines.v);
        }
        Ok(())
    }
}

/// Makes pixels of one or two lines of luma, and the lines of chroma above and below them.
fn upsample(luma: [&[u8]; 2], above: [&[u8]; 2], below: [&[u8]; 2], rows: &mut [u8]) {
    let width = luma[0].len();
    let (top, bottom) = rows.split_at_mut(4 * width);
    let has_second = !luma[1].is_empty();
    let fits = above.iter().chain(&below).all(|line| line.len() == width.div_ceil(2))
        && bottom.len() == 4 * width
        && (!has_second || luma[1].len() == width);
    // SAFETY: the table is filled. The lines are as long as they have to be, and the second is left out by null
    unsafe {
        if let (true, Some(of_pairs)) = (fits, raw::WebPUpsamplers[1]) {
            of_pairs(
                luma[0].as_ptr(),
                if has_second { luma[1].as_ptr() } else { null_mut() },
                above[0].as_ptr(),
                above[1].as_ptr(),
                below[0].as_ptr(),
                below[1].as_ptr(),
                top.as_mut_ptr(),
                if has_second { bottom.as_mut_ptr() } else { null_mut() },
                width as c_int,
            );
        }
    }
}
