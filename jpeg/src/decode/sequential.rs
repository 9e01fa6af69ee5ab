//! Blocks of sequential scans (T.81, F.2.2).

use super::bits::Bits;
use super::huffman::{AcTable, Step, extend, step_index};
use super::unit::{Unit, difference};
use crate::zigzag::places;

static PLACES_8: [u8; 128] = places(8);
static PLACES_4: [u8; 128] = places(4);
static PLACES_2: [u8; 128] = places(2);
static PLACES_1: [u8; 128] = places(1);

/// Where coefficients go in a block that keeps `store` of them.
pub(crate) fn places_of(store: usize) -> &'static [u8; 128] {
    match store {
        1 => &PLACES_1,
        4 => &PLACES_2,
        16 => &PLACES_4,
        _ => &PLACES_8,
    }
}

/// Decodes MCUs `from..to` of a chunk whose coefficients are all 0. Returns the
/// MCU at which the data ended, or `to`.
///
/// There is a loop for each number of coefficients kept, so that an engine compiles only the one that is used.
pub(crate) fn decode(
    bits: &mut Bits<'_>,
    predictions: &mut [i32; 4],
    units: &[Unit],
    coefficients: &mut [i16],
    from: usize,
    to: usize,
) -> usize {
    let all = |store| units.iter().all(|unit| unit.store == store);
    let mcus = match units.first() {
        Some(unit) if !all(unit.store) => mcus::<0>,
        Some(Unit { store: 1, .. }) => mcus::<1>,
        Some(Unit { store: 4, .. }) => mcus::<4>,
        Some(Unit { store: 16, .. }) => mcus::<16>,
        _ => mcus::<64>,
    };
    mcus(bits, predictions, units, coefficients, from, to)
}

/// `N` coefficients kept of each block, or 0 for what each unit says.
#[inline(never)]
fn mcus<const N: usize>(
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
            let Some(block) = coefficients.get_mut(unit.at + mcu * unit.step..) else {
                break 'mcus;
            };
            let prediction = &mut predictions[unit.slot & 3];
            *prediction = prediction.wrapping_add(difference(&mut reader, &unit.dc));
            let dc = *prediction as i16;
            match if N == 0 { unit.store } else { N } {
                1 => {
                    if let Some(first) = block.first_mut() {
                        *first = dc;
                        pass(&mut reader, &unit.ac, 1);
                    }
                }
                4 => low::<4>(&mut reader, &unit.ac, block, dc, &PLACES_2, unit.last),
                16 => low::<16>(&mut reader, &unit.ac, block, dc, &PLACES_4, unit.last),
                _ => low::<64>(&mut reader, &unit.ac, block, dc, &PLACES_8, unit.last),
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

/// The AC coefficients up to zigzag index `last` into a block of `N`; those
/// beyond are passed over.
#[inline(always)]
fn low<const N: usize>(
    bits: &mut Bits<'_>,
    table: &AcTable,
    block: &mut [i16],
    dc: i16,
    places: &[u8; 128],
    last: usize,
) {
    let Some(block) = block.first_chunk_mut::<N>() else {
        return;
    };
    let mut k = 1;
    while k <= last {
        bits.fill();
        let Some(entry) = table.look_up(bits.peek(16)) else {
            bits.no_code();
            k = 64;
            break;
        };
        bits.consume(entry.bits());
        k += entry.run();
        let value = if entry.is_inline() {
            entry.value()
        } else {
            match (entry.size(), entry.run()) {
                (0, 15) => {
                    k += 1;
                    continue;
                }
                (0, _) => {
                    k = 64;
                    break;
                }
                (size, _) => extend(bits.take(size), size) as i16,
            }
        };
        block[usize::from(places[k & 127]) & (N - 1)] = value;
        k += 1;
    }
    block[0] = dc;
    if last < 63 && k < 64 {
        pass(bits, table, k);
    }
}

/// Passes over the coefficients of a block from zigzag index `k` on.
#[inline(always)]
fn pass(bits: &mut Bits<'_>, table: &AcTable, mut k: usize) {
    let Some(steps) = table.steps() else {
        return;
    };
    loop {
        bits.fill();
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
    }
}

/// Passes over one code: a long one, or the last ones of a full block.
#[inline(never)]
fn pass_one<'a>(mut bits: Bits<'a>, table: &AcTable, k: usize) -> (Bits<'a>, usize) {
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
