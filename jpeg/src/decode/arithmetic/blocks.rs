//! The decisions that make up blocks (T.81, F.1.4 and G.1.3).

use super::super::progressive::Band;
use super::super::unit::Unit;
use super::Arithmetic;
use crate::zigzag::ZIGZAG;

/// First bins of the magnitudes' sizes: of DC differences (X1), and of ACs up to Kx and above.
const DC_SIZES: usize = 20;
const AC_SIZES_LOW: usize = 189;
const AC_SIZES_HIGH: usize = 217;
/// From the bin of a size to that of the bits below it.
const BITS: usize = 14;

impl Arithmetic<'_> {
    /// A DC difference (F.1.4.1), and the class it gives the next one.
    pub(super) fn difference(&mut self, unit: &Unit) -> i32 {
        let table = usize::from(unit.tables.0 & 3);
        let context = &mut self.contexts[unit.slot & 3];
        let (coder, bins) = (&mut self.coder, &mut self.dc[table]);
        let first = usize::from(*context);
        if !coder.decide(&mut bins[first]) {
            *context = 0;
            return 0;
        }
        let is_negative = coder.decide(&mut bins[first + 1]);
        let mut size_bin = first + 2 + usize::from(is_negative);
        let mut size = u32::from(coder.decide(&mut bins[size_bin]));
        if size != 0 {
            size_bin = DC_SIZES;
            while coder.decide(&mut bins[size_bin]) {
                size <<= 1;
                size_bin += 1;
                if size == 0x8000 {
                    coder.bad = true;
                    return 0;
                }
            }
        }
        let (lower, upper) = self.conditioning.dc[table];
        *context = match () {
            () if size < (1 << lower) >> 1 => 0,
            () if size > (1 << upper) >> 1 => 12 + 4 * u8::from(is_negative),
            () => 4 + 4 * u8::from(is_negative),
        };
        let mut magnitude = size;
        let mut bit = size >> 1;
        while bit > 0 {
            if coder.decide(&mut bins[size_bin + BITS]) {
                magnitude |= bit;
            }
            bit >>= 1;
        }
        let value = magnitude as i32 + 1;
        if is_negative { -value } else { value }
    }

    /// The ACs of a block of a sequential scan, and its DC.
    pub(super) fn sequential(&mut self, unit: &Unit, block: &mut [i16], dc: i16) {
        let places = unit.places;
        let mut k = 1;
        while k < 64 && !self.is_end(unit, k) {
            let Some(value) = self.next_coefficient(unit, &mut k, 63) else {
                break;
            };
            // what is not kept goes to place 0, where the DC is written last
            block[usize::from(places[k & 127]) % block.len()] = value as i16;
            k += 1;
        }
        block[0] = dc;
    }

    /// First scan of a band (G.1.3.2).
    pub(super) fn ac_first(&mut self, unit: &Unit, block: &mut [i16], band: Band) {
        let mut k = band.first;
        while k <= band.last && !self.is_end(unit, k) {
            let Some(value) = self.next_coefficient(unit, &mut k, band.last) else {
                return;
            };
            if let Some(place) = block.get_mut(usize::from(ZIGZAG[k & 63])) {
                *place = (value << band.low) as i16;
            }
            k += 1;
        }
    }

    /// One more bit of a band (G.1.3.3).
    pub(super) fn ac_refine(&mut self, unit: &Unit, block: &mut [i16], band: Band) {
        let Some(block) = block.first_chunk_mut::<64>() else {
            return;
        };
        let place = |k: usize| usize::from(ZIGZAG[k & 63]);
        let last_before = (1..=band.last).rev().find(|&k| block[place(k)] != 0).unwrap_or(0);
        let one = 1i16 << band.low;
        let mut k = band.first;
        while k <= band.last {
            if k > last_before && self.is_end(unit, k) {
                return;
            }
            // zeros up to the next coefficient that is not 0 any more
            loop {
                let (coder, bins) = (&mut self.coder, &mut self.ac[usize::from(unit.tables.1 & 3)]);
                let value = &mut block[place(k)];
                let bin = 3 * (k - 1);
                if *value != 0 {
                    if coder.decide(&mut bins[bin + 2]) {
                        *value = value.wrapping_add(if *value < 0 { -one } else { one });
                    }
                    break;
                }
                if coder.decide(&mut bins[bin + 1]) {
                    *value = if coder.even() { -one } else { one };
                    break;
                }
                k += 1;
                if k > band.last {
                    coder.bad = true;
                    return;
                }
            }
            k += 1;
        }
    }

    /// Whether the block's band ends before `k`.
    fn is_end(&mut self, unit: &Unit, k: usize) -> bool {
        self.coder.decide(&mut self.ac[usize::from(unit.tables.1 & 3)][3 * (k - 1)])
    }

    /// Goes from `k` to the next coefficient that is not 0; its value. `None` if there is none up to `last`, although one was
    /// promised.
    fn next_coefficient(&mut self, unit: &Unit, k: &mut usize, last: usize) -> Option<i32> {
        let table = usize::from(unit.tables.1 & 3);
        let (coder, bins) = (&mut self.coder, &mut self.ac[table]);
        while !coder.decide(&mut bins[3 * (*k - 1) + 1]) {
            *k += 1;
            if *k > last {
                coder.bad = true;
                return None;
            }
        }
        let is_negative = coder.even();
        let mut size_bin = 3 * (*k - 1) + 2;
        let mut size = u32::from(coder.decide(&mut bins[size_bin]));
        if size != 0 && coder.decide(&mut bins[size_bin]) {
            size <<= 1;
            size_bin = if *k <= usize::from(self.conditioning.ac[table]) { AC_SIZES_LOW } else { AC_SIZES_HIGH };
            while coder.decide(&mut bins[size_bin]) {
                size <<= 1;
                size_bin += 1;
                if size == 0x8000 {
                    coder.bad = true;
                    return None;
                }
            }
        }
        let mut magnitude = size;
        let mut bit = size >> 1;
        while bit > 0 {
            if coder.decide(&mut bins[size_bin + BITS]) {
                magnitude |= bit;
            }
            bit >>= 1;
        }
        let value = magnitude as i32 + 1;
        Some(if is_negative { -value } else { value })
    }
}
