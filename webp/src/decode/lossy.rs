//! A `VP8 ` bitstream (RFC 6386): a row of blocks is decoded when its lines are asked for.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::raw::{self, VP8Decoder, VP8Io};
use super::{DecodeError, allocated};
use crate::limit::within;

/// Lines that the loop filter holds back, and those of a row of blocks: the most that come at once.
const MOST_LINES: usize = 24;

/// Bytes that decoding takes for a picture of a width, beside the file.
pub fn lossy_memory(width: u32) -> u64 {
    let blocks = u64::from(width.div_ceil(16));
    // coefficients and modes, a row of blocks and what the filter holds back, and the lines that are given
    let kept = (4 << 10) + size_of::<VP8Decoder>() as u64;
    kept + blocks * (4 + 32 + 2 + 4 + 800 + 32 * 36) + lines_bytes(width as usize) as u64
}

fn lines_bytes(width: usize) -> usize {
    MOST_LINES * width + MOST_LINES * width.div_ceil(2)
}

/// Two lines of luma, or one at the end of an odd height, and the line of chroma that belongs to them. Samples are of VP8's limited
/// range: 16 to 235, and 16 to 240.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'l> {
    /// Luma, the lines one after the other.
    pub luma: &'l [u8],
    /// Blue.
    pub u: &'l [u8],
    /// Red.
    pub v: &'l [u8],
}

/// What `put` copies to: the lines that a row of blocks gave.
struct Given {
    width: usize,
    lines: usize,
    luma: Vec<u8>,
    chroma: [Vec<u8>; 2],
}

/// A picture that is being decoded.
pub struct LossyRows<'a> {
    decoder: NonNull<VP8Decoder>,
    io: Box<VP8Io>,
    given: Box<Given>,
    /// Lines of luma that were taken of those that are there.
    taken: usize,
    /// Rows of blocks.
    rows: c_int,
    /// Whether the data have ended.
    has_ended: bool,
    bytes: PhantomData<&'a [u8]>,
}

impl Drop for LossyRows<'_> {
    fn drop(&mut self) {
        // SAFETY: made by `VP8New`, and freed here alone
        unsafe { raw::VP8Delete(self.decoder.as_ptr()) }
    }
}

impl<'a> LossyRows<'a> {
    /// Reads the header of a bitstream that is of this size. libwebp may take `limit` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Header`], [`DecodeError::Memory`]; [`DecodeError::Ended`] when the modes of the blocks are cut off.
    #[inline(never)]
    pub fn new(bitstream: &'a [u8], (width, height): (u32, u32), limit: u64) -> Result<Self, DecodeError> {
        let io = raw::io(bitstream).ok_or(DecodeError::Header)?;
        // what is allocated here is a part of the limit
        let limit = limit.saturating_sub((lines_bytes(width as usize) + size_of::<VP8Io>()) as u64);
        let columns = width as usize;
        let given = Given {
            width: columns,
            lines: 0,
            luma: allocated(MOST_LINES * columns)?,
            chroma: [
                allocated(MOST_LINES / 2 * columns.div_ceil(2))?,
                allocated(MOST_LINES / 2 * columns.div_ceil(2))?,
            ],
        };
        // SAFETY: allocates, or answers null
        let decoder = within(limit, || NonNull::new(unsafe { raw::VP8New() })).ok_or(DecodeError::Memory)?;
        let mut rows = Self {
            decoder,
            io,
            given: Box::new(given),
            taken: 0,
            rows: height.div_ceil(16) as c_int,
            has_ended: false,
            bytes: PhantomData,
        };
        rows.io.put = Some(put);
        within(limit, || rows.begin(width, height))?;
        Ok(rows)
    }

    /// Reads the header, and allocates.
    fn begin(&mut self, width: u32, height: u32) -> Result<(), DecodeError> {
        let (decoder, io) = (self.decoder.as_ptr(), &raw mut *self.io);
        // SAFETY: both are initialised, and `io` has the bitstream, which outlives `self`
        let is_open = unsafe { raw::VP8GetHeaders(decoder, io) != 0 };
        if !is_open {
            return Err(self.failed());
        }
        if (self.io.width, self.io.height) != (width as c_int, height as c_int) {
            return Err(DecodeError::Header);
        }
        // SAFETY: as before; a header was read
        let has_begun = unsafe { raw::VP8EnterCritical(decoder, io) == 0 && raw::VP8InitFrame(decoder, io) != 0 };
        if !has_begun {
            return Err(self.failed());
        }
        // SAFETY: nothing else refers to the decoder
        let found = unsafe { self.decoder.as_ref() };
        let blocks = |side: u32| side.div_ceil(16) as c_int;
        let expected = (blocks(width), blocks(height), blocks(height), 16 * blocks(width), 8 * blocks(width));
        let is_understood = (found.mb_w, found.mb_h, found.br_mb_y, found.cache_y_stride, found.cache_uv_stride)
            == expected
            && (found.pic_hdr.width, found.pic_hdr.height) == (width as u16, height as u16)
            && (found.num_caches, found.mb_x, found.num_parts_minus_one & !7) == (1, 0, 0);
        // structures that are not libwebp's would show here
        if is_understood { Ok(()) } else { Err(DecodeError::Header) }
    }

    /// Columns of luma.
    pub fn width(&self) -> usize {
        self.given.width
    }

    fn failed(&self) -> DecodeError {
        // SAFETY: nothing else refers to the decoder
        match unsafe { self.decoder.as_ref().status } {
            raw::OUT_OF_MEMORY => DecodeError::Memory,
            raw::NOT_ENOUGH_DATA => DecodeError::Ended,
            _ => DecodeError::Header,
        }
    }

    /// The next lines; `None` after the last.
    ///
    /// # Errors
    /// [`DecodeError::Ended`] where the data end, and ever after.
    pub fn next_lines(&mut self) -> Result<Option<Lines<'_>>, DecodeError> {
        while self.taken >= self.given.lines {
            // SAFETY: nothing else refers to the decoder
            if unsafe { self.decoder.as_ref().mb_y } >= self.rows {
                return Ok(None);
            }
            if self.has_ended {
                return Err(DecodeError::Ended);
            }
            self.decode()?;
        }
        let Given { width, lines, luma, chroma: [u, v] } = &*self.given;
        let (at, half) = (self.taken, width.div_ceil(2));
        let end = (at + 2).min(*lines);
        self.taken = end;
        let chroma = at / 2 * half..(at / 2 + 1) * half;
        Ok(Some(Lines { luma: &luma[at * width..end * width], u: &u[chroma.clone()], v: &v[chroma] }))
    }

    /// Decodes a row of blocks. Where the data end within it, the rest of the row is what predictions come to.
    #[inline(never)]
    fn decode(&mut self) -> Result<(), DecodeError> {
        self.taken = 0;
        self.given.lines = 0;
        self.io.opaque = (&raw mut *self.given).cast::<c_void>();
        let (decoder, io) = (self.decoder.as_ptr(), &raw mut *self.io);
        // SAFETY: the decoder has begun, and `mb_y` is less than its rows, so this is what libwebp's `ParseFrame` does for a row. `put`
        // gets `io`, whose `opaque` is what was set above, and nothing else uses that meanwhile
        unsafe {
            let row = (*decoder).mb_y;
            let part = &raw mut (*decoder).parts[((row as u32) & (*decoder).num_parts_minus_one & 7) as usize];
            if raw::VP8ParseIntraModeRow(&raw mut (*decoder).br, decoder) == 0 {
                self.has_ended = true;
                return Err(DecodeError::Ended);
            }
            while (*decoder).mb_x < (*decoder).mb_w {
                self.has_ended |= raw::VP8DecodeMB(decoder, part) == 0;
                (*decoder).mb_x += 1;
            }
            raw::VP8InitScanline(decoder);
            if self.has_ended {
                // as the last one, it is given whole
                (*decoder).br_mb_y = row + 1;
            }
            if raw::VP8ProcessRow(decoder, io) == 0 {
                self.has_ended = true;
                return Err(DecodeError::Ended);
            }
            (*decoder).mb_y = row + 1;
        }
        Ok(())
    }
}

/// Copies the lines that are ready: libwebp moves what it holds back over them when this returns.
unsafe extern "C" fn put(io: *const VP8Io) -> c_int {
    // SAFETY: libwebp passes the `io` that `decode` passed to it
    let (io, given) = unsafe { (&*io, &mut *(*io).opaque.cast::<Given>()) };
    let (width, lines) = (given.width, usize::try_from(io.mb_h).unwrap_or(0));
    if lines > MOST_LINES || usize::try_from(io.mb_w) != Ok(width) {
        return 0;
    }
    let [u, v] = &mut given.chroma;
    let planes = [
        (io.y, io.y_stride, &mut given.luma, width, lines),
        (io.u, io.uv_stride, u, width.div_ceil(2), lines.div_ceil(2)),
        (io.v, io.uv_stride, v, width.div_ceil(2), lines.div_ceil(2)),
    ];
    for (from, stride, to, width, lines) in planes {
        for (i, line) in to.chunks_exact_mut(width).enumerate().take(lines) {
            // SAFETY: libwebp says that `mb_h` lines of `mb_w` samples lie there, `stride` apart, and of chroma half as many, rounded up
            let from = unsafe { std::slice::from_raw_parts(from.offset(i as isize * stride as isize), width) };
            line.copy_from_slice(from);
        }
    }
    given.lines = lines;
    1
}
