//! A scan of a lossless file (T.81, H.1.2 and H.2).

use super::super::bits::Bits;
use super::super::damage::Losses;
use super::super::huffman::{DcTable, extend};
use super::super::layout::{ComponentLayout, Layout};
use super::super::restart::{Found, Restarts};
use super::super::scan::PADDING_BYTES;
use crate::Error;
use crate::header::{Header, ScanHeader};
use std::sync::Arc;

/// A component of a scan and its lines in the buffer.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    table: Arc<DcTable>,
    /// Samples of an MCU: 1 × 1 if the component is alone.
    h: usize,
    v: usize,
    /// The first sample in the buffer, samples of a line, and lines.
    at: usize,
    stride: usize,
    lines: usize,
}

impl Plane {
    pub fn new(c: ComponentLayout, layout: &Layout, is_alone: bool, table: Arc<DcTable>) -> Self {
        let (h, v) = if is_alone { (1, 1) } else { (c.h, c.v) };
        Self { table, h, v, at: c.coefficients_at, stride: layout.across * c.h * 8, lines: 8 * c.v }
    }

    /// Places of the sample at (`x`, `y`) and of the one above it, which is in the row before for the first line.
    fn places(&self, x: usize, y: usize) -> (usize, usize) {
        let above = if y == 0 { self.lines - 1 } else { y - 1 };
        (self.at + y * self.stride + x, self.at + above * self.stride + x)
    }
}

/// A scan and how far it is.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    bits: Bits<'a>,
    planes: Vec<Plane>,
    predictor: u8,
    /// What the first sample of an interval is predicted to be.
    middle: i32,
    /// MCUs of a row of them; such rows in all, and done so far.
    across: usize,
    down: usize,
    done: usize,
    restarts: Restarts,
    /// No line of this interval was decoded: there is nothing above.
    is_first_line: bool,
    /// Nothing more to read before the next restart.
    lost: bool,
    losses: Losses,
}

impl<'a> Scan<'a> {
    pub fn new(scan: &ScanHeader<'a>, header: &Header<'_>, layout: &Layout, planes: Vec<Plane>) -> Result<Self, Error> {
        let (max_h, max_v) = header.max_sampling();
        let (across, down) = match scan.components[..] {
            [only] => {
                let component = &header.components[usize::from(only)];
                (component.width, component.height)
            }
            _ => (header.width.div_ceil(max_h), header.height.div_ceil(max_v)),
        };
        let (across, down) = (across as usize, down as usize);
        debug_assert!(across <= layout.across * 8 * max_h as usize);
        let interval = usize::from(scan.restart_interval);
        if !interval.is_multiple_of(across) {
            return Err(Error::BadSegment { marker: 0xDD, offset: 0 });
        }
        Ok(Self {
            bits: Bits::new(scan.data, true),
            planes,
            predictor: scan.predictor,
            middle: 1 << (u32::from(header.precision) - u32::from(scan.low) - 1),
            across,
            down,
            done: 0,
            restarts: Restarts::new(interval, across * down),
            is_first_line: true,
            lost: false,
            losses: Losses::default(),
        })
    }

    /// Decodes as many rows of MCUs as there are in 8 lines of each unit of vertical sampling.
    pub fn decode(&mut self, values: &mut [i16], is_last: bool) {
        let rows = self.planes.first().map_or(0, |plane| plane.lines / plane.v);
        for row in 0..rows.min(self.down - self.done) {
            if self.restarts.until == 0
                && let Some(found) = self.restarts.pass(&mut self.bits, !self.lost)
            {
                self.is_first_line = true;
                self.lost = !matches!(found, Found::Here(_));
            }
            let good = if self.lost { 0 } else { self.decode_row(values, row) };
            if good < self.across {
                self.lost = true;
                self.fill(values, row, good, is_last);
            }
            if self.restarts.interval > 0 {
                self.restarts.until -= self.across;
            }
            self.is_first_line = false;
            self.done += 1;
        }
        if self.done == self.down && !self.lost && self.losses.doubtful == 0 && self.bits.bytes_left() > PADDING_BYTES {
            self.losses.doubtful = self.samples();
        }
    }

    /// Returns the MCU at which the data ended or made no sense, or the end of the row.
    #[inline(never)]
    fn decode_row(&mut self, values: &mut [i16], row: usize) -> usize {
        for mcu in 0..self.across {
            for plane in &self.planes {
                for (y, x) in (0..plane.v).flat_map(|y| (0..plane.h).map(move |x| (y, x))) {
                    let (x, y) = (mcu * plane.h + x, row * plane.v + y);
                    let (at, above) = plane.places(x, y);
                    let value = |at: usize| values.get(at).map_or(0, |value| i32::from(*value as u16));
                    let is_first_line = self.is_first_line && y == row * plane.v;
                    let prediction = match (x, is_first_line) {
                        (0, true) => self.middle,
                        (_, true) => value(at - 1),
                        (0, false) => value(above),
                        _ => predict(self.predictor, value(at - 1), value(above), value(above - 1)),
                    };
                    let sample = prediction.wrapping_add(difference(&mut self.bits, &plane.table));
                    if let Some(place) = values.get_mut(at) {
                        *place = sample as i16;
                    }
                }
            }
            if self.bits.overrun() {
                return mcu;
            }
        }
        self.across
    }

    /// Repeats the line above from MCU `from` on.
    #[cold]
    fn fill(&mut self, values: &mut [i16], row: usize, from: usize, is_last: bool) {
        let is_top = self.done == 0;
        for plane in &self.planes {
            for y in row * plane.v..(row + 1) * plane.v {
                for x in from * plane.h..self.across * plane.h {
                    let (at, above) = plane.places(x, y);
                    let is_top = is_top && y == 0;
                    let value = if is_top { self.middle as i16 } else { values.get(above).copied().unwrap_or(0) };
                    if let Some(place) = values.get_mut(at) {
                        *place = value;
                    }
                }
            }
        }
        let samples = (self.across - from) as u64 * self.samples_of_mcu();
        if is_last {
            self.losses.missing_last += samples;
        } else {
            self.losses.missing += samples;
        }
    }

    fn samples_of_mcu(&self) -> u64 {
        self.planes.iter().map(|plane| (plane.h * plane.v) as u64).sum()
    }

    fn samples(&self) -> u64 {
        (self.across * self.down) as u64 * self.samples_of_mcu()
    }

    pub fn losses(&self) -> (u64, Losses) {
        let mut losses = self.losses;
        losses.doubtful += self.restarts.doubtful * self.restarts.interval as u64 * self.samples_of_mcu();
        (self.samples(), losses)
    }
}

/// Table H.1, of the samples to the left, above, and above to the left.
fn predict(predictor: u8, left: i32, above: i32, corner: i32) -> i32 {
    match predictor {
        1 => left,
        2 => above,
        3 => corner,
        4 => left + above - corner,
        5 => left + ((above - corner) >> 1),
        6 => above + ((left - corner) >> 1),
        _ => (left + above) >> 1,
    }
}

/// H.1.2.2: as a DC difference, with one size more.
#[inline(always)]
fn difference(bits: &mut Bits<'_>, table: &DcTable) -> i32 {
    bits.fill();
    let Some(entry) = table.singles.look_up(bits.peek(16)) else {
        bits.no_code();
        return 0;
    };
    bits.consume(entry.bits());
    if entry.is_inline() {
        return i32::from(entry.value());
    }
    match (entry.run(), entry.size()) {
        // size 16, which no bits follow
        (1, 0) => 1 << 15,
        (_, 0) => 0,
        (_, size) => extend(bits.take(size), size),
    }
}
