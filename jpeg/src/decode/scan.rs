//! One scan being decoded: its place in the data, its restarts, and the fill for MCUs whose data are lost.

use super::arithmetic::{Arithmetic, Pass as ArithmeticPass};
use super::bits::Bits;
use super::damage::Losses;
use super::huffman::{AcTable, DcTable};
use super::layout::{ComponentLayout, Layout};
use super::progressive::{self, Band, Blocks};
use super::restart::{Found, Restarts};
use super::sequential;
use super::unit::Unit;
use super::window::Window;
use crate::header::ScanHeader;
use crate::zigzag::last_needed;
use std::sync::Arc;

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
    /// The component of a scan that has one alone.
    component: Option<u8>,
    bits: Bits<'a>,
    /// What a sequential scan reads by, between restarts.
    window: Option<Box<Window>>,
    arithmetic: Option<Box<Arithmetic<'a>>>,
    pass: Pass,
    units: Vec<Unit>,
    /// First and last coefficient, in zigzag order.
    band: (u8, u8),
    /// Last coefficient that the scale shows.
    keep: usize,
    /// Bit position of what this scan codes.
    low: u32,
    predictions: [i32; 4],
    /// Blocks left of a run of blocks without further ACs.
    end_run: u32,
    restarts: Restarts,
    /// The data of this interval ended or made no sense.
    lost: bool,
    /// Whether the MCUs in work are those of the last row.
    in_last_row: bool,
    losses: Losses,
    /// Blocks of the whole scan.
    blocks: u64,
}

/// Bytes between the last code of a scan and its end that may be padding.
pub(crate) const PADDING_BYTES: usize = 8;

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
            // an MCU of a component that is alone in its scan is one block (T.81, A.2.2)
            let (h, v) = if alone { (1, 1) } else { (c.h, c.v) };
            for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                units.push(Unit {
                    slot,
                    dc: dc.clone(),
                    ac: ac.clone(),
                    tables: header.tables[slot],
                    at: c.coefficients_at + y * c.coefficients_row + x * c.store,
                    step: h * c.store,
                    store: c.store,
                    last: c.last,
                    places: sequential::places_of(c.store, c.last),
                    above_at: c.above_at + x,
                    above_step: h,
                });
            }
        }
        let interval = usize::from(header.restart_interval);
        let mcus = if alone { first.blocks_across * first.blocks_down } else { layout.across * layout.down };
        let blocks = mcus as u64 * units.len() as u64;
        Self {
            component: alone.then_some(header.components[0]),
            bits: Bits::new(header.data, interval > 0),
            window: (!progressive && header.arithmetic.is_none()).then(Window::new),
            arithmetic: header.arithmetic.map(|conditioning| Box::new(Arithmetic::new(header.data, conditioning))),
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
            restarts: Restarts::new(interval, mcus),
            lost: false,
            in_last_row: false,
            losses: Losses::default(),
            blocks,
        }
    }

    /// Decodes MCUs `from..to` of row `row`, whose coefficients are 0 before the first scan. A scan of one component decodes
    /// the component's rows of blocks that lie in that row of MCUs.
    pub fn decode(&mut self, target: &mut Target<'_>, layout: &Layout, row: usize, from: usize, to: usize) {
        self.in_last_row = row + 1 == layout.down;
        let Some(index) = self.component else {
            return self.run(target, from, to);
        };
        let c = layout.components[usize::from(index)];
        for y in 0..c.v.min(c.blocks_down.saturating_sub(row * c.v)) {
            self.units[0].at = c.coefficients_at + y * c.coefficients_row;
            self.run(target, from * c.h, (to * c.h).min(c.blocks_across));
        }
    }

    /// First and last coefficient and the bit position of a scan of a component's ACs, unless its data have ended.
    pub fn ac_band(&self, component: usize) -> Option<(usize, usize, u8)> {
        let is_of = self.component.map(usize::from) == Some(component) && self.band.0 > 0;
        let has_ended = self.lost && (self.restarts.interval == 0 || self.bits.position() >= self.bits.data().len());
        (is_of && !has_ended).then_some((usize::from(self.band.0), usize::from(self.band.1), self.low as u8))
    }

    /// Whether it is this scan that gives its blocks their DC.
    pub fn starts_blocks(&self) -> bool {
        matches!(self.pass, Pass::Sequential | Pass::DcFirst)
    }

    /// Whether nothing was lost. What the last row lost may not count, see [`Self::losses`].
    pub fn is_whole(&self) -> bool {
        let losses = self.losses;
        losses.missing | losses.missing_last | losses.doubtful | self.restarts.doubtful == 0
    }

    /// Blocks of the scan, those of them that have no data, and those that are doubtful.
    pub fn losses(&self, rows: usize) -> (u64, u64, u64) {
        let doubtful = self.restarts.doubtful * (self.restarts.interval * self.units.len()) as u64;
        (self.blocks, self.losses.counted(rows, self.blocks), self.losses.doubtful + doubtful)
    }

    /// To be called after the last row: data that are left over belong to blocks, nobody knows which.
    pub fn finish(&mut self) {
        self.close_window();
        if !self.lost && self.losses.doubtful == 0 && self.bits.bytes_left() > PADDING_BYTES {
            self.losses.doubtful = self.blocks;
        }
    }

    fn run(&mut self, target: &mut Target<'_>, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            if self.restarts.until == 0 {
                self.restart();
            }
            let end = at + (to - at).min(self.restarts.until);
            let mut good = at;
            if !self.lost {
                good = self.decode_run(target, at, end);
            }
            if good < end {
                self.lost = true;
                self.lose(target, good, end);
            }
            if self.bits.bad && good == end {
                self.doubt(good - at);
            }
            if self.restarts.interval > 0 {
                self.restarts.until -= end - at;
            }
            at = end;
        }
    }

    fn close_window(&mut self) {
        if let Some(window) = &mut self.window {
            window.close(&mut self.bits);
        }
    }

    fn decode_run(&mut self, target: &mut Target<'_>, from: usize, to: usize) -> usize {
        if self.arithmetic.is_some() {
            return self.decode_arithmetic(target, from, to);
        }
        let first = target.first;
        let coefficients = &mut *target.coefficients;
        let (bits, predictions, units) = (&mut self.bits, &mut self.predictions, &self.units);
        let (from, to, low) = (from - first, to - first, self.low);
        let end = match self.pass {
            Pass::Sequential => match &mut self.window {
                Some(window) => sequential::decode(bits, window, predictions, units, coefficients, from, to),
                None => from,
            },
            Pass::DcFirst => progressive::dc_first(bits, predictions, units, coefficients, low, from, to),
            Pass::DcRefine => progressive::dc_refine(bits, units, coefficients, low, from, to),
            Pass::AcFirst | Pass::AcRefine => {
                let (decode, unit): (AcDecode, _) = match self.pass {
                    Pass::AcFirst => (progressive::ac_first, &units[0]),
                    _ => (progressive::ac_refine, &units[0]),
                };
                let band = band_of(unit.at, self.band, low, self.keep);
                let end_run = &mut self.end_run;
                let mut blocks = Blocks { coefficients, nonzero: target.nonzero };
                decode(bits, end_run, &unit.ac, band, &mut blocks, from, to)
            }
        };
        first + end
    }

    #[cold]
    #[inline(never)]
    fn decode_arithmetic(&mut self, target: &mut Target<'_>, from: usize, to: usize) -> usize {
        let (low, first) = (self.low, target.first);
        let band = band_of(0, self.band, low, self.keep);
        let pass = match self.pass {
            Pass::Sequential => ArithmeticPass::Sequential,
            Pass::DcFirst => ArithmeticPass::DcFirst { low },
            Pass::DcRefine => ArithmeticPass::DcRefine { low },
            Pass::AcFirst => ArithmeticPass::AcFirst(band),
            Pass::AcRefine => ArithmeticPass::AcRefine(band),
        };
        let Some(arithmetic) = &mut self.arithmetic else {
            return from;
        };
        let coefficients = &mut *target.coefficients;
        let end = arithmetic.decode(pass, &mut self.predictions, &self.units, coefficients, from - first, to - first);
        self.bits.go_to(arithmetic.position());
        first + end
    }

    /// Goes to where the next interval starts.
    #[cold]
    #[inline(never)]
    fn restart(&mut self) {
        self.close_window();
        let Some(found) = self.restarts.pass(&mut self.bits, !self.lost) else {
            return;
        };
        self.predictions = [0; 4];
        self.end_run = 0;
        self.lost = !matches!(found, Found::Here(_));
        if let (Some(arithmetic), Found::Here(at)) = (&mut self.arithmetic, found) {
            arithmetic.restart(at);
        }
    }

    /// Counts and fills MCUs whose data are lost.
    #[cold]
    #[inline(never)]
    fn lose(&mut self, target: &mut Target<'_>, from: usize, to: usize) {
        let blocks = ((to - from) * self.units.len()) as u64;
        if self.in_last_row {
            self.losses.missing_last += blocks;
        } else {
            self.losses.missing += blocks;
        }
        self.fill(target, from, to);
    }

    /// Counts MCUs that were decoded after an error.
    #[cold]
    #[inline(never)]
    fn doubt(&mut self, mcus: usize) {
        self.losses.doubtful += (mcus * self.units.len()) as u64;
    }

    /// MCUs whose data are lost repeat the DC above, or else the last one.
    fn fill(&self, target: &mut Target<'_>, from: usize, to: usize) {
        if !self.starts_blocks() {
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

fn band_of(at: usize, (first, last): (u8, u8), low: u32, keep: usize) -> Band {
    Band { at, first: usize::from(first), last: usize::from(last), low, keep }
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
