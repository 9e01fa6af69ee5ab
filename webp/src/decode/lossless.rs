//! A `VP8L` bitstream (RFC 9649, section 3): a row of pixels is decoded when it is asked for.
//!
//! libwebp allocates the whole picture, at four bytes a pixel. What it needs are the pixels that copies can reach, 2^20 back at most:
//! it is told of a picture that is lower, and what it holds is moved up when it gets to the end of that.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::ffi::c_int;
use std::ptr::NonNull;

use libwebp_sys::{WEBP_CSP_MODE, WebPDecBuffer, WebPDecoderOptions, WebPRGBABuffer};

use super::raw::{self, Transform, VP8Io, VP8LDecoder, WebPDecParams};
use super::{DecodeError, allocated};
use crate::limit::{held, within};

/// Pixels that a copy reaches back at most: the greatest distance code is 3 · 2^18 and 18 bits.
const REACH: usize = 1 << 20;
/// Pixels that a copy is long at most, so that it goes beyond a row.
const LONGEST_COPY: usize = 4096;
/// Pixels by which the window is moved, at least.
const STEP: usize = 1 << 19;

/// Rows that the window has at least for a width.
fn window_rows(width: usize, tile: usize) -> usize {
    reach_rows(width) + STEP.div_ceil(width).next_multiple_of(tile) + margin_rows(width)
}

fn reach_rows(width: usize) -> usize {
    REACH.div_ceil(width) + 1
}

fn margin_rows(width: usize) -> usize {
    LONGEST_COPY.div_ceil(width) + 2
}

/// Bytes that decoding takes for any picture of a size whose bitstream begins so, beside the file. Tables that depend on the picture
/// come to it: [`LosslessRows::beyond`].
pub fn lossless_memory(width: u32, height: u32, bitstream: &[u8]) -> u64 {
    memory_after_header(width, height, bitstream.get(5..).unwrap_or_default())
}

/// The same, of a bitstream without its header of five bytes.
pub(super) fn memory_after_header(width: u32, height: u32, bitstream: &[u8]) -> u64 {
    let packed = packed_width(width as usize, bitstream);
    let rows = window_rows(packed, 1).min(height as usize);
    // the window, the rows that transforms work on, the row that is given, the smallest tables
    (packed * rows * 4) as u64 + u64::from(width) * (17 * 4 + 4) + (24 << 10)
}

/// Numbers in a row of the window: pixels, or several of them in each where the first transform is a palette of few colours.
fn packed_width(width: usize, bitstream: &[u8]) -> usize {
    // a bit that says that there is a transform, two that it is a palette, and eight for its colours, less one
    match *bitstream {
        [low, high, ..] if low & 7 == 7 => match u16::from_le_bytes([low, high]) >> 3 & 0xff {
            0..2 => width.div_ceil(8),
            2..4 => width.div_ceil(4),
            4..16 => width.div_ceil(2),
            _ => width,
        },
        _ => width,
    }
}

/// Everything that libwebp refers to while it decodes.
struct Shared {
    io: VP8Io,
    params: WebPDecParams,
    options: WebPDecoderOptions,
    output: WebPDecBuffer,
}

/// A picture that is being decoded.
pub struct LosslessRows<'a> {
    decoder: NonNull<VP8LDecoder>,
    /// From a box. libwebp keeps addresses in it, so nothing here refers to the whole.
    shared: NonNull<Shared>,
    row: Vec<u8>,
    height: usize,
    /// Rows that were decoded.
    decoded: usize,
    /// Rows that were given.
    given: usize,
    /// Rows that the window was moved by.
    moved: usize,
    /// Rows of the largest tiles: the window is moved by a multiple of them.
    tile: usize,
    has_ended: bool,
    beyond: u64,
    /// What libwebp reads.
    _bitstream: Cow<'a, [u8]>,
}

impl Drop for LosslessRows<'_> {
    fn drop(&mut self) {
        // SAFETY: made by `VP8LNew` and of a box, and freed here alone
        unsafe {
            raw::VP8LDelete(self.decoder.as_ptr());
            drop(Box::from_raw(self.shared.as_ptr()));
        }
    }
}

impl<'a> LosslessRows<'a> {
    /// Reads the tables of a bitstream that is of this size, and its first row. Rows will have 3 channels or, with alpha, 4. libwebp may
    /// take `limit` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Header`], [`DecodeError::Memory`], [`DecodeError::Ended`].
    #[inline(never)]
    pub fn new(
        bitstream: Cow<'a, [u8]>,
        (width, height): (u32, u32),
        has_alpha: bool,
        limit: u64,
    ) -> Result<Self, DecodeError> {
        let row = allocated(width as usize * if has_alpha { 4 } else { 3 })?;
        let io = raw::io(&bitstream).ok_or(DecodeError::Header)?;
        // SAFETY: numbers and pointers, for which zeros are valid
        let (params, options, output) = unsafe { (zeroed(), zeroed(), zeroed::<WebPDecBuffer>()) };
        // what is allocated here is a part of the limit
        let own = row.len() as u64;
        let sure = lossless_memory(width, height, &bitstream);
        let limit = limit.saturating_sub(own);
        let before = held();
        // SAFETY: allocates, or answers null
        let decoder = within(limit, || NonNull::new(unsafe { raw::VP8LNew() })).ok_or(DecodeError::Memory)?;
        let mut rows = Self {
            decoder,
            shared: NonNull::from(Box::leak(Box::new(Shared { io: *io, params, options, output }))),
            row,
            height: height as usize,
            decoded: 0,
            given: 0,
            moved: 0,
            tile: 1,
            has_ended: false,
            beyond: 0,
            _bitstream: bitstream,
        };
        within(limit, || rows.begin(width, height, has_alpha))?;
        rows.beyond = (held() - before + own).saturating_sub(sure);
        Ok(rows)
    }

    /// Bytes that are held beyond what [`lossless_memory`] says, where they are counted: on wasm32.
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    fn begin(&mut self, width: u32, height: u32, has_alpha: bool) -> Result<(), DecodeError> {
        let (decoder, shared) = (self.decoder.as_ptr(), self.shared.as_ptr());
        // SAFETY: nothing else refers to what is shared. It is initialised, `io` has the bitstream, and both last as long as `self`
        let is_open = unsafe {
            let output = &raw mut (*shared).output;
            (*output).colorspace = if has_alpha { WEBP_CSP_MODE::MODE_RGBA } else { WEBP_CSP_MODE::MODE_RGB };
            ((*output).width, (*output).height, (*output).is_external_memory) = (width as c_int, height as c_int, 1);
            let options = &raw mut (*shared).options;
            ((*options).use_cropping, (*options).crop_width, (*options).crop_height) = (1, width as c_int, 1);
            let params = &raw mut (*shared).params;
            ((*params).output, (*params).options) = (output, options);
            let io = &raw mut (*shared).io;
            (*io).opaque = params.cast();
            raw::VP8LDecodeHeader(decoder, io) != 0
        };
        if !is_open {
            return Err(self.failed());
        }
        // SAFETY: nothing else refers to the decoder
        let found = unsafe { self.decoder.as_mut() };
        // SAFETY: nothing else refers to what is shared
        let size = unsafe { ((*shared).io.width, (*shared).io.height) };
        let is_understood = size == (width as c_int, height as c_int)
            && found.height == height as c_int
            && (1..=width as c_int).contains(&found.width)
            && (0..=4).contains(&found.next_transform)
            && (found.pixels.is_null(), found.last_pixel, found.last_row, found.last_out_row) == (true, 0, 0, 0);
        if !is_understood {
            return Err(DecodeError::Header);
        }
        let bits = tiles(found).map(|tiles| tiles.bits).max().unwrap_or(0);
        self.tile = 1 << bits;
        let columns = found.width as usize;
        if window_rows(columns, self.tile) < self.height {
            found.height = window_rows(columns, self.tile) as c_int;
        }
        // the first call of all allocates
        self.decode()
    }

    fn failed(&self) -> DecodeError {
        // SAFETY: nothing else refers to the decoder
        match unsafe { self.decoder.as_ref().status } {
            raw::OUT_OF_MEMORY => DecodeError::Memory,
            _ => DecodeError::Ended,
        }
    }

    /// Goes on to the next row; `false` after the last.
    ///
    /// # Errors
    /// [`DecodeError::Ended`] where the data end, and ever after.
    pub fn advance(&mut self) -> Result<bool, DecodeError> {
        if self.given == self.height {
            return Ok(false);
        }
        if self.given == self.decoded {
            if self.has_ended {
                return Err(DecodeError::Ended);
            }
            self.decode()?;
        }
        self.given += 1;
        Ok(true)
    }

    /// The row that it is at, `width × channels` samples.
    pub fn row(&self) -> &[u8] {
        &self.row
    }

    /// Decodes a row.
    #[inline(never)]
    fn decode(&mut self) -> Result<(), DecodeError> {
        // SAFETY: nothing else refers to the decoder
        let found = unsafe { self.decoder.as_mut() };
        let (window, columns) = (found.height as usize, found.width as usize);
        let row = self.decoded - self.moved;
        if self.moved + window < self.height && row + margin_rows(columns) > window {
            let by = (row - reach_rows(columns)) / self.tile * self.tile;
            move_up(found, by, self.height, self.moved);
            self.moved += by;
            found.height = window.min(self.height - self.moved) as c_int;
        }
        let rgba = WebPRGBABuffer { rgba: self.row.as_mut_ptr(), stride: 0, size: self.row.len() };
        // SAFETY: the header was read, and the state is one that libwebp leaves between two rows of an alpha plane. It writes one row to
        // `rgba`, which is as long as a row: with a stride of 0, every row goes to the same place
        let is_decoded = unsafe {
            let shared = self.shared.as_ptr();
            (*shared).io.crop_bottom = (self.decoded - self.moved + 1) as c_int;
            (*shared).output.u.RGBA = rgba;
            raw::VP8LDecodeImage(self.decoder.as_ptr()) != 0
        };
        if !is_decoded {
            self.has_ended = true;
            return Err(self.failed());
        }
        self.decoded += 1;
        Ok(())
    }
}

/// A table that has a number for each tile.
struct Tiles {
    data: *mut u32,
    bits: u32,
    across: usize,
}

fn tiles(decoder: &VP8LDecoder) -> impl Iterator<Item = Tiles> {
    let across = |width: c_int, bits: c_int| (width as usize + (1 << bits) - 1) >> bits;
    let codes = &decoder.hdr;
    let bits = codes.huffman_subsample_bits;
    let codes = (!codes.huffman_image.is_null()).then_some(Tiles {
        data: codes.huffman_image,
        bits: bits as u32,
        across: codes.huffman_xsize as usize,
    });
    let is_tiled = |t: &&Transform| (0..=raw::LAST_TILED_TRANSFORM).contains(&t.kind) && !t.data.is_null();
    let transforms = decoder.transforms.iter().take(decoder.next_transform as usize).filter(is_tiled);
    codes.into_iter().chain(transforms.map(move |t| Tiles {
        data: t.data,
        bits: t.bits as u32,
        across: across(t.xsize, t.bits),
    }))
}

/// Moves pixels and tiles up by so many rows, which are a multiple of every tile's, in a picture whose window was moved before.
#[inline(never)]
fn move_up(decoder: &mut VP8LDecoder, by: usize, height: usize, moved: usize) {
    let gone = by * decoder.width as usize;
    let kept = decoder.last_pixel as usize - gone;
    // SAFETY: `last_pixel` pixels are decoded, and lie within the window. Tables have a row of numbers for each row of tiles, the first of
    // which are gone already
    unsafe {
        std::ptr::copy(decoder.pixels.add(gone), decoder.pixels, kept);
        for Tiles { data, bits, across } in tiles(decoder) {
            let all = (height + (1 << bits) - 1) >> bits;
            let (gone, left) = (by >> bits, all - ((moved + by) >> bits));
            std::ptr::copy(data.add(gone * across), data, left * across);
        }
    }
    decoder.last_pixel -= gone as c_int;
    decoder.last_row -= by as c_int;
}

/// # Safety
/// Zeros must be a valid `T`.
unsafe fn zeroed<T>() -> T {
    // SAFETY: the caller's promise
    unsafe { std::mem::zeroed() }
}
