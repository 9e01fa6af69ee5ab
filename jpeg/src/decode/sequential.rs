//! Blocks of sequential scans (T.81, F.2.2).

use super::bits::Bits;
use super::huffman::{AcTable, DcTable, Entry, Singles, extend, is_doubtful, pair_index, step_index};
use super::unit::Unit;
use super::window::{BLOCK_BYTES, Reader, Window};
use crate::zigzag::places;

static PLACES_8: [u8; 128] = places(8, 63);
static PLACES_8_TO_14: [u8; 128] = places(8, 14);
static PLACES_4: [u8; 128] = places(4, 63);
static PLACES_4_TO_9: [u8; 128] = places(4, 9);
static PLACES_4_TO_5: [u8; 128] = places(4, 5);
static PLACES_2: [u8; 128] = places(2, 63);
static PLACES_1: [u8; 128] = places(1, 63);

/// Where coefficients go in a block that keeps `store` of them, up to `last` if the transform reads more.
pub(super) fn places_of(store: usize, last: usize) -> &'static [u8; 128] {
    match (store, last) {
        (1, _) => &PLACES_1,
        (4, _) => &PLACES_2,
        (16, 5) => &PLACES_4_TO_5,
        (16, 9) => &PLACES_4_TO_9,
        (16, _) => &PLACES_4,
        (_, 14) => &PLACES_8_TO_14,
        _ => &PLACES_8,
    }
}

/// Decodes MCUs `from..to` of a chunk whose coefficients are all 0. Returns the
/// MCU at which the data ended, or `to`.
pub(crate) fn decode(
    bits: &mut Bits<'_>,
    window: &mut Window,
    predictions: &mut [i32; 4],
    units: &[Unit],
    coefficients: &mut [i16],
    from: usize,
    to: usize,
) -> usize {
    window.open(bits);
    let needed = units.len() * BLOCK_BYTES;
    let mut mcu = from;
    while mcu < to {
        let reader = window.reader(bits.data(), needed);
        let mut run = Run { reader, mcu, bad: false, ends_if_bad: bits.ends_if_bad() };
        run.decode(predictions, units, coefficients, to);
        let Run { reader, mcu: now, bad, .. } = run;
        let position = reader.position();
        window.advance(position);
        bits.bad |= bad;
        if now == mcu || (bad && bits.ends_if_bad()) {
            return now;
        }
        if window.overrun() {
            return now - 1;
        }
        mcu = now;
    }
    mcu
}

/// MCUs being decoded, up to one whose data are not ready.
struct Run<'w> {
    reader: Reader<'w>,
    mcu: usize,
    bad: bool,
    ends_if_bad: bool,
}

impl Run<'_> {
    /// Calls nothing, see [`Window`].
    #[inline(never)]
    fn decode(&mut self, predictions: &mut [i32; 4], units: &[Unit], coefficients: &mut [i16], to: usize) {
        let mut reader = self.reader;
        let mut mcu = self.mcu;
        'mcus: while mcu < to {
            for unit in units {
                // the buffer is larger than its blocks, so that one of any size is part of 64 coefficients
                let rest = coefficients.get_mut(unit.at + mcu * unit.step..);
                let Some(block) = rest.and_then(|rest| rest.first_chunk_mut::<64>()) else {
                    break 'mcus;
                };
                reader.refill();
                let prediction = &mut predictions[unit.slot & 3];
                *prediction = prediction.wrapping_add(difference(&mut reader, &unit.dc, &mut self.bad));
                let mut k = 1;
                if unit.last > 0 {
                    k = low(&mut reader, &unit.ac, block, unit.places, unit.last, &mut self.bad);
                }
                block[0] = *prediction as i16;
                if unit.last < 63 {
                    pass(&mut reader, &unit.ac, k, &mut self.bad);
                }
            }
            if self.bad && self.ends_if_bad {
                break;
            }
            mcu += 1;
            if !reader.may_go_on() {
                break;
            }
        }
        self.reader = reader;
        self.mcu = mcu;
    }
}

/// The DC's difference from the prediction (T.81, F.2.2.1).
#[inline(always)]
fn difference(reader: &mut Reader<'_>, table: &DcTable, bad: &mut bool) -> i32 {
    let entry = code(reader, &table.singles, bad);
    match entry.size() {
        _ if entry.is_inline() => i32::from(entry.value()),
        0 => 0,
        size => extend(reader.take(size), size),
    }
}

/// Takes a code, of which 16 bits are buffered; an end of block where there is none.
#[inline(always)]
fn code(reader: &mut Reader<'_>, table: &Singles, bad: &mut bool) -> Entry {
    match table.look_up_inline(reader.ahead()) {
        Some(entry) => {
            reader.consume(entry.bits());
            entry
        }
        None => {
            *bad = true;
            reader.consume(16);
            Entry::END_OF_BLOCK
        }
    }
}

/// One coefficient by its code alone, a long one or the last of a full block: zeros before it, and its value. `None` at the end of
/// the block.
#[inline(always)]
fn one(reader: &mut Reader<'_>, table: &AcTable, bad: &mut bool) -> Option<(usize, i16)> {
    reader.refill();
    let entry = code(reader, &table.singles, bad);
    match entry.size() {
        _ if entry.is_inline() => Some((entry.run(), entry.value())),
        0 if entry.run() < 15 => None,
        // sixteen zeros, the last of them as a value
        0 => Some((15, 0)),
        size => Some((entry.run(), extend(reader.take(size), size) as i16)),
    }
}

/// The AC coefficients up to zigzag index `last` into a block. Returns the index of the next one, beyond 63 at the end of the block.
///
/// What has no place in the block goes to place 0, where the DC is written afterwards.
#[inline(always)]
fn low(
    reader: &mut Reader<'_>,
    table: &AcTable,
    block: &mut [i16; 64],
    places: &[u8; 128],
    last: usize,
    bad: &mut bool,
) -> usize {
    let Some(pairs) = table.pairs() else {
        return 64;
    };
    let mut put = |k: usize, value: i16| {
        block[usize::from(places[k & 127] & 63)] = value;
    };
    let mut k = 1;
    loop {
        reader.ensure(16);
        let pair = &pairs[pair_index(reader.ahead())];
        let next = k + usize::from(pair.passed);
        if is_doubtful(next) {
            let Some((run, value)) = one(reader, table, bad) else {
                return 64;
            };
            put(k + run, value);
            k += run + 1;
        } else {
            for (place, value) in pair.places.into_iter().zip(pair.values) {
                put(k + usize::from(place), value);
            }
            reader.consume(u32::from(pair.bits));
            k = next;
        }
        if k > last {
            return k;
        }
    }
}

/// Passes over the coefficients of a block from zigzag index `k` on.
#[inline(always)]
fn pass(reader: &mut Reader<'_>, table: &AcTable, mut k: usize, bad: &mut bool) {
    let Some(steps) = table.steps() else {
        return;
    };
    while k < 64 {
        reader.refill();
        // two look-ups take 54 bits at most
        for _ in 0..2 {
            let step = &steps[step_index(reader.ahead())];
            let next = k + usize::from(step.passed);
            if is_doubtful(next) {
                let Some((run, _)) = one(reader, table, bad) else {
                    return;
                };
                k += run + 1;
                break;
            }
            reader.consume(u32::from(step.bits));
            k = next;
            if k >= 64 {
                return;
            }
        }
    }
}
