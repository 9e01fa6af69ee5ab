//! Decoding by rows of MCUs.
//!
//! Every scan of a file is a sequence over the same blocks, and depends on
//! earlier scans only within a block. So all scans are decoded side by side, a
//! row of MCUs at a time, each from its own place in the file: a progressive
//! file takes no more memory than a baseline one.

mod bits;
mod huffman;
mod idct;
mod layout;
mod options;
mod progressive;
mod rows;
mod scan;
mod select;
mod sequential;
mod sizes;
mod standard;
mod tables;

pub(crate) use bits::may_hold_ff;
use layout::Layout;
pub use options::{ChromaScale, Options, Reduction};
pub use rows::{Plane, Rows};
pub use sizes::{decoder_memory, plane_sizes};
pub(crate) use standard::{AC_CHROMA, AC_LUMA};

use crate::header::{Frame, Header, Scale};
use crate::{Error, Limits};
use idct::Steps;
use scan::{Scan, Target, keep_above};

/// Decodes one file, top to bottom.
#[derive(Debug)]
pub struct Decoder<'a> {
    layout: Layout,
    scans: Vec<Scan<'a>>,
    steps: Vec<Steps>,
    coefficients: Vec<i16>,
    /// For progressive files, which coefficients are not 0.
    nonzero: Vec<u64>,
    samples: Vec<u8>,
    /// DC of the lowest block so far in each column of blocks.
    above: Vec<i16>,
    /// Next row of MCUs.
    row: usize,
    damaged: bool,
}

impl<'a> Decoder<'a> {
    /// Prepares decoding; allocates [`decoder_memory`] bytes and no more.
    ///
    /// # Errors
    /// A limit exceeded (before anything is allocated), or a Huffman table that
    /// is missing or impossible.
    pub fn new(header: &Header<'a>, scale: Scale, options: &Options) -> Result<Self, Error> {
        let layout = Layout::new(header, scale, options);
        check(header, &layout, &options.limits)?;
        let (scans, mut damaged) = tables::scans(header, &layout, options.coarse)?;
        for index in 0..layout.components.len() as u8 {
            let has_dc =
                |s: &crate::header::ScanHeader<'_>| s.components.contains(&index) && s.band.0 == 0 && !s.refines();
            damaged |= !header.scans.iter().any(has_dc);
        }
        let steps = header.components.iter().zip(&layout.components);
        Ok(Self {
            scans,
            steps: steps.map(|(c, layout)| idct::steps(&c.quantization, layout.store)).collect(),
            coefficients: vec![0; layout.coefficients],
            nonzero: vec![0; layout.blocks_refined],
            samples: vec![0; layout.samples],
            above: vec![0; layout.above],
            row: 0,
            damaged: damaged || header.damaged,
            layout,
        })
    }

    /// The next row of MCUs, or `None` after the last. Allocates nothing.
    ///
    /// A row is 8 scaled lines of the components with the largest vertical
    /// sampling factor for each unit of it, less in the last row.
    pub fn next_rows(&mut self) -> Option<Rows<'_>> {
        if self.row == self.layout.down {
            return None;
        }
        let mut from = 0;
        while from < self.layout.across {
            let to = self.layout.across.min(from + self.layout.chunk);
            self.decode(from, to);
            self.transform(from, to);
            from = to;
        }
        self.row += 1;
        if self.row == self.layout.down {
            for scan in &mut self.scans {
                self.damaged |= scan.is_damaged(true);
            }
        }
        Some(Rows::new(&self.layout, &self.samples, self.row - 1))
    }

    /// Whether something in the file was out of order so far. The rows are
    /// still what could be decoded; samples that are lost continue the ones
    /// above, or before, as flat blocks.
    pub fn damaged(&mut self) -> bool {
        self.damaged || self.scans.iter_mut().any(|scan| scan.is_damaged(false))
    }

    /// Coefficients of MCUs `from..to` of the row.
    #[inline(never)]
    fn decode(&mut self, from: usize, to: usize) {
        self.coefficients.fill(0);
        self.nonzero.fill(0);
        let mut target = Target {
            coefficients: &mut self.coefficients,
            nonzero: &mut self.nonzero,
            above: (self.row > 0).then_some(&self.above),
            first: from,
        };
        for scan in &mut self.scans {
            scan.decode(&mut target, &self.layout, self.row, from, to);
        }
        for c in &self.layout.components {
            keep_above(c, &self.coefficients, &mut self.above, from, to - from);
        }
    }

    /// Samples of MCUs `from..to` of the row.
    #[inline(never)]
    fn transform(&mut self, from: usize, to: usize) {
        for (c, steps) in self.layout.components.iter().zip(&self.steps) {
            let side = c.kernel.side();
            for y in 0..c.v {
                let at = c.coefficients_at + y * c.coefficients_row;
                let coefficients = &self.coefficients[at..][..(to - from) * c.h * c.store];
                let at = c.samples_at + y * side * c.stride + from * c.h * side;
                let samples = &mut self.samples[at..c.samples_at + (y + 1) * side * c.stride];
                idct::rows(c.kernel, c.store, c.size.has_headroom, coefficients, steps, samples, c.stride);
            }
        }
    }
}

fn check(header: &Header<'_>, layout: &Layout, limits: &Limits) -> Result<(), Error> {
    let pixels = u64::from(header.width) * u64::from(header.height);
    if pixels > limits.pixels {
        let limit = limits.pixels;
        return Err(Error::TooManyPixels { pixels, limit });
    }
    let several = header.frame == Frame::Progressive || header.scan_count > 1;
    if several && header.scan_count > limits.scans {
        return Err(Error::TooManyScans { scans: header.scan_count, limit: limits.scans });
    }
    let bytes = layout.memory(header);
    if bytes > limits.memory {
        let limit = limits.memory;
        return Err(Error::TooMuchMemory { bytes, limit });
    }
    Ok(())
}
