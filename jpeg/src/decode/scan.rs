//! One scan being decoded: its place in the data, restarts, and what takes the
//! place of MCUs whose data is lost.

use super::bits::{Bits, Ending};
use super::huffman::{AcTable, DcTable};
use super::layout::{ComponentLayout, Layout};
use super::progressive::{self, Band, Blocks};
use super::sequential;
use crate::header::ScanHeader;
use crate::zigzag::last_needed;
use std::sync::Arc;

/// A block of each MCU: where it goes and what codes it.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Which of the scan's components, for the prediction.
    pub slot: usize,
    pub dc: Arc<DcTable>,
    pub ac: Arc<AcTable>,
    /// Its coefficients: first of MCU 0, and step to the next MCU's.
    pub at: usize,
    pub step: usize,
    /// Coefficients kept.
    pub store: usize,
    /// The last coefficient, in zigzag order, that samples depend on.
    pub last: usize,
    /// The same for the DC of the block above.
    above_at: usize,
    above_step: usize,
}

/// What a scan codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Sequential,
    DcFirst,
    DcRefine,
    AcFirst,
    AcRefine,
}

/// The buffers that scans write to.
pub(crate) struct Target<'t> {
    pub coefficients: &'t mut [i16],
    /// See [`Blocks`]; empty for sequential files.
    pub nonzero: &'t mut [u64],
    /// Last DC of each column of blocks, once there was a row.
    pub above: Option<&'t [i16]>,
    /// First MCU in `coefficients`.
    pub first: usize,
}

/// A scan and how far it is.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    pub component: Option<u8>,
    bits: Bits<'a>,
    pass: Pass,
    units: Vec<Unit>,
    band: (u8, u8),
    /// Last coefficient whose value matters.
    keep: usize,
    low: u32,
    predictions: [i32; 4],
    end_run: u32,
    interval: usize,
    until_restart: usize,
    next_restart: u8,
    /// Nothing more to read before the next restart.
    lost: bool,
    damaged: bool,
}

impl<'a> Scan<'a> {
    /// `tables` are those of the scan's components, in order.
    pub fn new(
        header: &ScanHeader<'a>,
        layout: &Layout,
        progressive: bool,
        tables: &[(Arc<DcTable>, Arc<AcTable>)],
    ) -> Self {
        let alone = header.components.len() == 1;
        let first = layout.components[usize::from(header.components[0])];
        let blocks = |&index: &u8| {
            let c = layout.components[usize::from(index)];
            if alone { 1 } else { c.h * c.v }
        };
        let mut units = Vec::with_capacity(header.components.iter().map(blocks).sum());
        for (slot, (&index, (dc, ac))) in header.components.iter().zip(tables).enumerate() {
            let c = layout.components[usize::from(index)];
            // alone, a component's MCU is one block, and rows are run one by one
            let (h, v) = if alone { (1, 1) } else { (c.h, c.v) };
            for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                units.push(Unit {
                    slot,
                    dc: dc.clone(),
                    ac: ac.clone(),
                    at: c.coefficients_at + y * c.coefficients_row + x * c.store,
                    step: h * c.store,
                    store: c.store,
                    last: c.last,
                    above_at: c.above_at + x,
                    above_step: h,
                });
            }
        }
        let interval = usize::from(header.restart_interval);
        Self {
            component: alone.then_some(header.components[0]),
            bits: Bits::new(header.data),
            pass: match (progressive, header.band.0, header.refines()) {
                (false, ..) => Pass::Sequential,
                (true, 0, false) => Pass::DcFirst,
                (true, 0, true) => Pass::DcRefine,
                (true, _, false) => Pass::AcFirst,
                (true, _, true) => Pass::AcRefine,
            },
            units,
            band: header.band,
            keep: last_needed(first.kernel.needs()),
            low: u32::from(header.low),
            predictions: [0; 4],
            end_run: 0,
            interval,
            until_restart: if interval > 0 { interval } else { usize::MAX },
            next_restart: 0,
            lost: false,
            damaged: false,
        }
    }

    /// Decodes one row's MCUs `from..to`; their coefficients are 0 before the
    /// first scan. For a scan of one component, those are the component's rows
    /// of blocks within row `row` of MCUs.
    pub fn decode(&mut self, target: &mut Target<'_>, layout: &Layout, row: usize, from: usize, to: usize) {
        let Some(index) = self.component else {
            return self.run(target, from, to);
        };
        let c = layout.components[usize::from(index)];
        for y in 0..c.v.min(c.blocks_down.saturating_sub(row * c.v)) {
            self.units[0].at = c.coefficients_at + y * c.coefficients_row;
            self.run(target, from * c.h, (to * c.h).min(c.blocks_across));
        }
    }

    /// Whether what was read so far was all in order, and, at the end of the
    /// image, nothing is left over.
    pub fn is_damaged(&mut self, at_end: bool) -> bool {
        // an encoder may round its data up by some bytes
        self.damaged || self.bits.bad || at_end && !self.lost && self.bits.seek_marker().1 > 8
    }

    fn run(&mut self, target: &mut Target<'_>, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            if self.until_restart == 0 {
                self.restart();
            }
            let end = at + (to - at).min(self.until_restart);
            let mut good = at;
            if !self.lost {
                good = self.decode_run(target, at, end);
            }
            if good < end {
                self.lost = true;
                self.damaged = true;
                self.fill(target, good, end);
            }
            if self.interval > 0 {
                self.until_restart -= end - at;
            }
            at = end;
        }
    }

    fn decode_run(&mut self, target: &mut Target<'_>, from: usize, to: usize) -> usize {
        let first = target.first;
        let coefficients = &mut *target.coefficients;
        let (bits, predictions, units) = (&mut self.bits, &mut self.predictions, &self.units);
        let (from, to, low) = (from - first, to - first, self.low);
        let end = match self.pass {
            Pass::Sequential => sequential::decode(bits, predictions, units, coefficients, from, to),
            Pass::DcFirst => progressive::dc_first(bits, predictions, units, coefficients, low, from, to),
            Pass::DcRefine => progressive::dc_refine(bits, units, coefficients, low, from, to),
            Pass::AcFirst | Pass::AcRefine => {
                let (decode, unit): (AcDecode, _) = match self.pass {
                    Pass::AcFirst => (progressive::ac_first, &units[0]),
                    _ => (progressive::ac_refine, &units[0]),
                };
                let band = Band {
                    at: unit.at,
                    first: usize::from(self.band.0),
                    last: usize::from(self.band.1),
                    low,
                    keep: self.keep,
                };
                let end_run = &mut self.end_run;
                let mut blocks = Blocks { coefficients, nonzero: target.nonzero };
                decode(bits, end_run, &unit.ac, band, &mut blocks, from, to)
            }
        };
        first + end
    }

    /// Goes to the next restart marker (T.81, F.2.2.2 and, for those that are
    /// not the expected one, the tactics of libjpeg's `jpeg_resync_to_restart`).
    fn restart(&mut self) {
        self.predictions = [0; 4];
        self.end_run = 0;
        self.until_restart = self.interval;
        let expected = self.next_restart;
        self.next_restart = (expected + 1) & 7;
        loop {
            let (ending, dropped) = self.bits.seek_marker();
            self.damaged |= dropped > 0;
            let Ending::Restart(found) = ending else {
                self.lost = true;
                self.damaged = true;
                return;
            };
            let ahead = found.wrapping_sub(expected) & 7;
            self.damaged |= ahead != 0;
            self.lost = false;
            match ahead {
                // one of the next two: this interval is missing
                1 | 2 => {
                    self.lost = true;
                    return;
                }
                // one of the last two: left from damage before
                6 | 7 => self.bits.skip_marker(),
                _ => {
                    self.bits.skip_marker();
                    return;
                }
            }
        }
    }

    /// MCUs whose data is lost repeat the DC above, or else the last one.
    #[cold]
    #[inline(never)]
    fn fill(&self, target: &mut Target<'_>, from: usize, to: usize) {
        if !matches!(self.pass, Pass::Sequential | Pass::DcFirst) {
            return;
        }
        for unit in &self.units {
            let last = (self.predictions[unit.slot & 3] << self.low) as i16;
            for mcu in from..to {
                let at = unit.at + (mcu - target.first) * unit.step;
                let above = target.above.and_then(|above| above.get(unit.above_at + mcu * unit.above_step));
                if let Some(block) = target.coefficients.get_mut(at..at + unit.store) {
                    block.fill(0);
                    block[0] = *above.unwrap_or(&last);
                }
            }
        }
    }
}

type AcDecode = fn(&mut Bits<'_>, &mut u32, &AcTable, Band, &mut Blocks<'_>, usize, usize) -> usize;

/// Copies the DCs of the lowest row of blocks for [`Target::above`].
#[inline(never)]
pub(crate) fn keep_above(c: &ComponentLayout, coefficients: &[i16], above: &mut [i16], first: usize, count: usize) {
    let row = &coefficients[c.coefficients_at + (c.v - 1) * c.coefficients_row..];
    let above = &mut above[c.above_at + first * c.h..][..count * c.h];
    if c.store == 1 {
        above.copy_from_slice(&row[..count * c.h]);
        return;
    }
    for (above, block) in above.iter_mut().zip(row.chunks_exact(c.store)) {
        *above = block[0];
    }
}
