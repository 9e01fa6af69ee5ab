//! Deflating by `miniz_oxide`, which finds what repeats; `fdeflate`, which is much faster, finds runs alone.

use std::io::Write;

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output, create_comp_flags_from_zip_params,
};

use super::growing::Growing;
use super::unencodable;
use crate::Error;
use crate::image::Format;

/// zlib's usual effort, and its window with a header.
const LEVEL: i32 = 6;
const WINDOW_BITS: i32 = 15;

/// A zlib stream that grows.
pub(crate) struct Packed {
    file: Growing,
    compressor: CompressorOxide,
}

impl Packed {
    /// Bytes that deflating takes, and the first piece of the file.
    pub const MEMORY: u64 = 400 << 10;

    /// For a stream that takes at most `room` bytes while it grows.
    pub fn new(room: u64) -> Box<Self> {
        let flags = create_comp_flags_from_zip_params(LEVEL, WINDOW_BITS, 0);
        Box::new(Self { file: Growing::new(room), compressor: CompressorOxide::new(flags) })
    }

    /// Takes some bytes more.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.go(bytes, TDEFLFlush::None)
    }

    /// How many bytes the stream has when all that was put is written out.
    pub fn flushed(&mut self) -> Result<usize, Error> {
        self.go(&[], TDEFLFlush::Sync)?;
        Ok(self.file.len())
    }

    /// Bytes that the file takes.
    pub fn reserved(&self) -> usize {
        self.file.reserved().get()
    }

    pub fn finish(mut self) -> Result<Growing, Error> {
        self.go(&[], TDEFLFlush::Finish)?;
        Ok(self.file)
    }

    fn go(&mut self, bytes: &[u8], flush: TDEFLFlush) -> Result<(), Error> {
        let file = &mut self.file;
        // writing never fails
        let write = |piece: &[u8]| file.write_all(piece).is_ok();
        match compress_to_output(&mut self.compressor, bytes, flush, write).0 {
            TDEFLStatus::Okay | TDEFLStatus::Done => Ok(()),
            _ => Err(unencodable(Format::Png, "deflating failed")),
        }
    }
}
