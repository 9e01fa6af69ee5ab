//! Blocks of progressive scans (T.81, annex G).

use super::bits::Bits;
use super::huffman::{AcTable, Entry, extend};
use super::unit::{Unit, difference};
use crate::zigzag::places;

static PLACES: [u8; 128] = places(8, 63);

/// A band of one component's blocks in the buffer: block `i` at `at + i × 64`.
#[derive(Clone, Copy)]
pub(crate) struct Band {
    pub at: usize,
    pub first: usize,
    pub last: usize,
    pub low: u32,
    /// Last coefficient that the scale shows.
    pub keep: usize,
}

/// Where a component's coefficients go.
pub(crate) struct Blocks<'t> {
    pub coefficients: &'t mut [i16],
    /// Which of a block's coefficients are not 0, in zigzag order: what a
    /// refining scan goes by. That of a block at `at` is number `at / 64`.
    pub nonzero: &'t mut [u64],
}

impl Blocks<'_> {
    #[inline(always)]
    fn get(&mut self, band: Band, i: usize) -> Option<(&mut [i16; 64], &mut u64)> {
        let at = band.at + i * 64;
        let block = self.coefficients.get_mut(at..)?.first_chunk_mut()?;
        Some((block, self.nonzero.get_mut(at / 64)?))
    }
}

/// First scan of the DCs (G.1.2.1). Returns the MCU at which the data ended.
#[inline(never)]
pub(crate) fn dc_first(
    bits: &mut Bits<'_>,
    predictions: &mut [i32; 4],
    units: &[Unit],
    coefficients: &mut [i16],
    low: u32,
    from: usize,
    to: usize,
) -> usize {
    each_dc(bits, units, coefficients, from, to, |reader, unit, dc| {
        let prediction = &mut predictions[unit.slot & 3];
        *prediction = prediction.wrapping_add(difference(reader, &unit.dc));
        *dc = (*prediction << low) as i16;
    })
}

/// One more bit of each DC (G.1.2.1).
#[inline(never)]
pub(crate) fn dc_refine(
    bits: &mut Bits<'_>,
    units: &[Unit],
    coefficients: &mut [i16],
    low: u32,
    from: usize,
    to: usize,
) -> usize {
    each_dc(bits, units, coefficients, from, to, |reader, _, dc| *dc |= i16::from(reader.bit()) << low)
}

/// Calls `read` for the DC of each block of MCUs `from..to`.
#[inline(always)]
fn each_dc<'a>(
    bits: &mut Bits<'a>,
    units: &[Unit],
    coefficients: &mut [i16],
    from: usize,
    to: usize,
    mut read: impl FnMut(&mut Bits<'a>, &Unit, &mut i16),
) -> usize {
    let mut reader = *bits;
    let mut mcu = from;
    'mcus: while mcu < to {
        for unit in units {
            let Some(dc) = coefficients.get_mut(unit.at + mcu * unit.step) else {
                break 'mcus;
            };
            read(&mut reader, unit, dc);
        }
        if reader.overrun() {
            break;
        }
        mcu += 1;
    }
    *bits = reader;
    mcu
}

/// First scan of a band of ACs (G.1.2.2).
#[inline(never)]
pub(crate) fn ac_first(
    bits: &mut Bits<'_>,
    end_run: &mut u32,
    table: &AcTable,
    band: Band,
    blocks: &mut Blocks<'_>,
    from: usize,
    to: usize,
) -> usize {
    let mut reader = *bits;
    let mut i = from;
    while i < to {
        if *end_run > 0 {
            let blocks = (to - i).min(*end_run as usize);
            *end_run -= blocks as u32;
            i += blocks;
            continue;
        }
        let Some((block, nonzero)) = blocks.get(band, i) else {
            break;
        };
        let mut set = 0;
        let mut k = band.first;
        while k <= band.last {
            reader.fill();
            let entry = next_entry(&mut reader, table);
            let run = entry.run();
            let value = if entry.is_inline() {
                i32::from(entry.value())
            } else {
                match (entry.size(), run) {
                    (0, 15) => {
                        k += 16;
                        continue;
                    }
                    (0, _) => {
                        *end_run = (1 << run) - 1 + reader.take(run as u32);
                        break;
                    }
                    (size, _) => extend(reader.take(size), size),
                }
            };
            k += run;
            block[usize::from(PLACES[k & 127]) & 63] = (value << band.low) as i16;
            set |= 1 << (k & 63);
            k += 1;
        }
        *nonzero |= set;
        if reader.overrun() {
            break;
        }
        i += 1;
    }
    *bits = reader;
    i
}

/// One more bit of a band of ACs (G.1.2.3).
#[inline(never)]
pub(crate) fn ac_refine(
    bits: &mut Bits<'_>,
    end_run: &mut u32,
    table: &AcTable,
    band: Band,
    blocks: &mut Blocks<'_>,
    from: usize,
    to: usize,
) -> usize {
    let mut reader = *bits;
    let mut i = from;
    while i < to {
        let Some((block, nonzero)) = blocks.get(band, i) else {
            break;
        };
        let before = *nonzero;
        let mut k = band.first;
        while *end_run == 0 && k <= band.last {
            reader.fill();
            let entry = next_entry(&mut reader, table);
            let run = entry.run();
            let positive = if entry.is_inline() {
                Some(entry.value() > 0)
            } else if entry.size() > 0 {
                // a coefficient that becomes one here is 1 or -1
                reader.bad |= entry.size() > 1;
                Some(reader.take(entry.size()) & 1 != 0)
            } else if run < 15 {
                *end_run = (1 << run) + reader.take(run as u32);
                break;
            } else {
                None
            };
            // the coefficients passed are the zeros of the run, and all others
            let mut zeros = !before & bits_of(k, band.last);
            for _ in 0..run {
                zeros &= zeros.wrapping_sub(1);
            }
            let stop = match zeros {
                0 => band.last + 1,
                _ => zeros.trailing_zeros() as usize,
            };
            if stop > k {
                refine(&mut reader, block, band, before & bits_of(k, stop - 1));
            }
            k = stop;
            if let (Some(positive), true) = (positive, k <= band.last) {
                let bit = 1 << band.low;
                block[usize::from(PLACES[k & 127]) & 63] = if positive { bit } else { -bit };
                *nonzero |= 1 << (k & 63);
            }
            k += 1;
        }
        if *end_run > 0 {
            *end_run -= 1;
            if k <= band.last {
                refine(&mut reader, block, band, before & bits_of(k, band.last));
            }
        }
        if reader.overrun() {
            break;
        }
        i += 1;
    }
    *bits = reader;
    i
}

/// Bits `first..=last`, of 63 at most.
#[inline(always)]
pub(crate) fn bits_of(first: usize, last: usize) -> u64 {
    (u64::MAX << (first & 63)) & (u64::MAX >> (63 - (last & 63)))
}

/// Reads a bit for each coefficient in `set`.
#[inline(always)]
fn refine(bits: &mut Bits<'_>, block: &mut [i16; 64], band: Band, set: u64) {
    let mut kept = set & bits_of(0, band.keep);
    while kept != 0 {
        let k = kept.trailing_zeros() as usize;
        kept &= kept - 1;
        let correction = i16::from(bits.bit()) << band.low;
        let value = &mut block[usize::from(PLACES[k & 127]) & 63];
        let sign = *value >> 15;
        *value = value.wrapping_add((correction ^ sign) - sign);
    }
    let mut rest = (set & !bits_of(0, band.keep)).count_ones();
    while rest > 0 {
        bits.fill();
        let n = rest.min(32);
        bits.consume(n);
        rest -= n;
    }
}

/// The next code, taken; an end of block if there is none.
#[inline(always)]
fn next_entry(bits: &mut Bits<'_>, table: &AcTable) -> Entry {
    match table.singles.look_up(bits.peek(16)) {
        Some(entry) => {
            bits.consume(entry.bits());
            entry
        }
        None => {
            bits.no_code();
            Entry::END_OF_BLOCK
        }
    }
}
