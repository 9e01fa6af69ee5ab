//! Blocks of sequential scans (T.81, F.2.2).

use super::bits::Bits;
use super::huffman::{AcTable, Pair, Step, extend, pair_index, step_index};
use super::unit::{Unit, difference_of_filled};
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
#[inline(never)]
pub(crate) fn decode(
    bits: &mut Bits<'_>,
    predictions: &mut [i32; 4],
    units: &[Unit],
    coefficients: &mut [i16],
    from: usize,
    to: usize,
) -> usize {
    let mut reader = *bits;
    let mut mcu = from;
    'mcus: while mcu < to {
        for unit in units {
            let at = unit.at + mcu * unit.step;
            let Some(block) = coefficients.get_mut(at..at + unit.store) else {
                break 'mcus;
            };
            reader.refill();
            let prediction = &mut predictions[unit.slot & 3];
            *prediction = prediction.wrapping_add(difference_of_filled(&mut reader, &unit.dc));
            let mut k = 1;
            if unit.last > 0 {
                k = low(&mut reader, &unit.ac, block, unit.places, unit.last);
            }
            if let Some(first) = block.first_mut() {
                *first = *prediction as i16;
            }
            if unit.last < 63 && k < 64 {
                pass(&mut reader, &unit.ac, k);
            }
        }
        if reader.overrun() {
            break;
        }
        mcu += 1;
    }
    *bits = reader;
    mcu
}

/// The AC coefficients up to zigzag index `last` into a block. Returns the index of the next one, beyond 63 at the end of the block.
///
/// What has no place in the block goes to place 0, where the DC is written afterwards.
#[inline(always)]
fn low(bits: &mut Bits<'_>, table: &AcTable, block: &mut [i16], places: &[u8; 128], last: usize) -> usize {
    let Some(pairs) = table.pairs() else {
        return 64;
    };
    let mut put = |k: usize, value: i16| {
        if let Some(place) = block.get_mut(usize::from(places[k & 127])) {
            *place = value;
        }
    };
    let mut k = 1;
    loop {
        bits.ensure(16);
        let pair = pairs[pair_index(bits.peek(16))];
        let next = k + pair.passed();
        let ends = next >= Pair::END;
        if pair.is_missing() || (next > 64 && !ends) || next >= 64 + Pair::END {
            let (place, value);
            (*bits, k, place, value) = one(*bits, table, k);
            put(place, value);
        } else {
            let ([first, second], [a, b]) = (pair.places(), pair.values());
            put(k + first, a);
            put(k + second, b);
            bits.consume(pair.bits());
            k = next;
        }
        if k > last {
            return k;
        }
    }
}

/// One code: a long one, or the last ones of a full block.
#[inline(never)]
fn one<'a>(mut bits: Bits<'a>, table: &AcTable, k: usize) -> (Bits<'a>, usize, usize, i16) {
    bits.fill();
    let Some(entry) = table.look_up(bits.peek(16)) else {
        bits.no_code();
        return (bits, 64, 0, 0);
    };
    bits.consume(entry.bits());
    let place = k + entry.run();
    if entry.is_inline() {
        return (bits, place + 1, place, entry.value());
    }
    match (entry.size(), entry.run()) {
        (0, 15) => (bits, place + 1, 0, 0),
        (0, _) => (bits, 64, 0, 0),
        (size, _) => {
            let value = extend(bits.take(size), size) as i16;
            (bits, place + 1, place, value)
        }
    }
}

/// Passes over the coefficients of a block from zigzag index `k` on.
#[inline(always)]
fn pass(bits: &mut Bits<'_>, table: &AcTable, mut k: usize) {
    let Some(steps) = table.steps() else {
        return;
    };
    loop {
        bits.refill();
        // two look-ups take 54 bits at most
        for _ in 0..2 {
            let step = steps[step_index(bits.peek(16))];
            let next = k + step.passed();
            if next < 64 {
                bits.consume(step.bits());
                k = next;
                continue;
            }
            // an end of block counts as one coefficient more
            let ends = step.passed() >= Step::END;
            if next == 64 || (ends && next <= 64 + Step::END) {
                bits.consume(step.bits());
                return;
            }
            (*bits, k) = pass_one(*bits, table, k);
            if k >= 64 {
                return;
            }
            break;
        }
    }
}

/// Passes over one code: a long one, or the last ones of a full block.
#[inline(never)]
fn pass_one<'a>(mut bits: Bits<'a>, table: &AcTable, k: usize) -> (Bits<'a>, usize) {
    bits.fill();
    let Some(entry) = table.single(bits.peek(16)) else {
        bits.no_code();
        return (bits, 64);
    };
    bits.consume(entry.bits() + entry.size());
    if entry.size() == 0 && entry.run() < 15 {
        return (bits, 64);
    }
    (bits, k + entry.run() + 1)
}
