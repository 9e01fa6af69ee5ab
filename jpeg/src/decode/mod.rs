//! Decoding by rows of MCUs.
//!
//! Every scan of a file is a sequence over the same blocks, and depends on
//! earlier scans only within a block. So all scans are decoded side by side, a
//! row of MCUs at a time, each from its own place in the file: a progressive
//! file takes no more memory than a baseline one.

mod arithmetic;
mod bits;
mod damage;
mod huffman;
mod idct;
mod layout;
mod lossless;
mod options;
mod progressive;
mod restart;
mod rows;
mod scan;
mod select;
mod sequential;
mod sizes;
mod smoothing;
mod standard;
mod tables;
mod unit;
mod window;

pub(crate) use bits::may_hold_ff;
pub use damage::Damage;
use layout::{Layout, SLACK};
use lossless::Lossless;
pub use options::{ChromaScale, Options, Reduction};
pub use rows::{Plane, Rows};
pub use sizes::{decoder_memory, plane_sizes};
pub(crate) use standard::{AC_CHROMA, AC_LUMA};

use crate::header::{Frame, Header, Scale, ScanHeader};
use crate::{Error, Limits};
use idct::Steps;
use scan::{Scan, Target, keep_above};
use smoothing::Smoothing;

/// Decodes one file, top to bottom.
#[derive(Debug)]
pub struct Decoder<'a> {
    layout: Layout,
    scans: Vec<Scan<'a>>,
    /// In place of `scans` for lossless files.
    lossless: Option<Lossless<'a>>,
    /// For progressive files that lack low ACs.
    smoothing: Option<Box<Smoothing<'a>>>,
    steps: Vec<Steps>,
    coefficients: Vec<i16>,
    /// For progressive files, which coefficients are not 0.
    nonzero: Vec<u64>,
    samples: Vec<u8>,
    /// DC of the lowest block so far in each column of blocks.
    above: Vec<i16>,
    /// Next row of MCUs.
    row: usize,
    /// Blocks of components that no scan has.
    absent: u64,
    /// Scans are missing or cannot be used.
    incomplete: bool,
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
        let lossless = Lossless::new(header, &layout)?;
        let (scans, unusable) =
            if lossless.is_some() { (Vec::new(), false) } else { tables::scans(header, &layout, options.coarse)? };
        let has_dc = |index: u8| {
            let starts = |s: &ScanHeader<'_>| s.components.contains(&index) && s.band.0 == 0 && !s.refines();
            header.scans.iter().any(starts)
        };
        let absent = (0..).zip(&layout.components).filter(|(index, _)| !has_dc(*index));
        let absent = absent.map(|(_, c)| (c.blocks_across * c.blocks_down) as u64).sum();
        let steps = header.components.iter().zip(&layout.components);
        Ok(Self {
            scans,
            lossless,
            smoothing: Smoothing::new(header, &layout, options.limits)?,
            steps: steps.map(|(c, layout)| idct::steps(&c.quantization, layout.store)).collect(),
            coefficients: vec![0; layout.coefficients + SLACK],
            nonzero: vec![0; layout.blocks_refined],
            samples: vec![0; layout.samples],
            above: vec![0; layout.above],
            row: 0,
            absent,
            incomplete: unusable || header.damaged || !header.has_end && !select::is_complete(header, &layout),
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
        if let Some(lossless) = &mut self.lossless {
            lossless.next_row(&self.layout, self.row, &mut self.coefficients, &mut self.samples);
            self.row += 1;
            return Some(Rows::new(&self.layout, &self.samples, self.row - 1));
        }
        let mut from = 0;
        while from < self.layout.across {
            let to = self.layout.across.min(from + self.layout.chunk);
            self.decode(from, to);
            if let Some(smoothing) = &mut self.smoothing {
                smoothing.smooth(&self.layout, &self.scans, self.row, &mut self.coefficients);
            }
            self.transform(from, to);
            from = to;
        }
        self.row += 1;
        if self.row == self.layout.down {
            self.scans.iter_mut().for_each(Scan::finish);
        }
        Some(Rows::new(&self.layout, &self.samples, self.row - 1))
    }

    /// What was lost so far; after the last row, of the whole picture. `None` if nothing was.
    pub fn damage(&self) -> Option<Damage> {
        let is_whole = !self.incomplete && self.absent == 0 && self.lossless.is_none();
        if is_whole && self.scans.iter().all(Scan::is_whole) { None } else { self.measured_damage() }
    }

    #[cold]
    #[inline(never)]
    fn measured_damage(&self) -> Option<Damage> {
        let (mut blocks, mut missing, mut doubtful) = (self.absent, self.absent, 0);
        let mut degraded = if self.incomplete { 1.0_f32 } else { 0.0 };
        for scan in &self.scans {
            let (of_scan, lost, in_doubt) = scan.losses(self.layout.down);
            if scan.starts_blocks() {
                (blocks, missing, doubtful) = (blocks + of_scan, missing + lost, doubtful + in_doubt);
            } else {
                degraded = degraded.max(share(lost + in_doubt, of_scan));
            }
        }
        for (of_scan, losses) in self.lossless.iter().flat_map(Lossless::losses) {
            blocks += of_scan;
            missing += losses.counted(self.layout.down, of_scan);
            doubtful += losses.doubtful;
        }
        let damage = Damage { missing: share(missing, blocks), degraded: degraded.max(share(doubtful, blocks)) };
        (damage.missing > 0.0 || damage.degraded > 0.0).then_some(damage)
    }

    /// The next row of a file that is decoded whole rows at a time, as coefficients; whether there was one.
    fn decode_coefficients(&mut self) -> bool {
        let has_row = self.row < self.layout.down;
        if has_row {
            self.decode(0, self.layout.across);
            self.row += 1;
        }
        has_row
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

fn share(part: u64, of: u64) -> f32 {
    (part as f32 / of.max(1) as f32).min(1.0)
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
    let bytes = sizes::memory(header, layout);
    if bytes > limits.memory {
        let limit = limits.memory;
        return Err(Error::TooMuchMemory { bytes, limit });
    }
    Ok(())
}
