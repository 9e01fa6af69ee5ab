//! Progressive coding (T.81, G.1.2), by libjpeg's script.
//!
//! Between the scans only coefficients that are not 0 are kept, and a bit for
//! each that tells which they are: photos take about 20 bytes a block.

use super::baseline::{Blocks, size_and_bits};
use super::layout::{Component, Layout};
use super::segments::Scan;
use super::tokens::{CHROMA, EXTRA, Tokens, dc};
use super::zigzag::in_zigzag;
use crate::zigzag::ZIGZAG;

/// All coefficients of an image.
#[derive(Debug)]
pub(super) struct Kept {
    components: Vec<Plane>,
    scratch: Vec<i16>,
    /// Bytes of coefficients that are not 0.
    held: usize,
}

#[derive(Debug, Default)]
struct Plane {
    dc: Vec<i16>,
    /// AC coefficients that are not 0, in zigzag order: bit `k` of a block.
    nonzero: Vec<u64>,
    /// Those coefficients, of each row of blocks.
    values: Vec<Box<[i16]>>,
}

impl Kept {
    #[inline(never)]
    pub fn new(layout: &Layout) -> Self {
        let plane = |c: &Component| Plane {
            dc: Vec::with_capacity(c.across * c.down),
            nonzero: Vec::with_capacity(c.across * c.down),
            values: Vec::with_capacity(c.down),
        };
        let widest = layout.components.iter().map(|c| c.across).max().unwrap_or(0);
        Self { components: layout.components.iter().map(plane).collect(), scratch: vec![0; widest * 63], held: 0 }
    }

    /// Bytes kept that depend on the picture.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Appends a row of MCUs.
    pub fn row(&mut self, layout: &Layout, blocks: Blocks<'_>, row: usize) {
        for (plane, c) in self.components.iter_mut().zip(&layout.components) {
            for y in (0..c.v).filter(|y| row * c.v + y < c.down) {
                let at = c.blocks_at + y * c.across;
                let blocks = Blocks {
                    coefficients: &blocks.coefficients[at * 64..][..c.across * 64],
                    nonzero: &blocks.nonzero[at..][..c.across],
                };
                self.held += plane.append(blocks, &mut self.scratch);
            }
        }
    }
}

impl Plane {
    /// Appends a row of blocks and answers how many bytes it takes.
    #[inline(never)]
    fn append(&mut self, blocks: Blocks<'_>, scratch: &mut [i16]) -> usize {
        let mut n = 0;
        for (block, nonzero) in blocks.coefficients.as_chunks::<64>().0.iter().zip(blocks.nonzero) {
            let nonzero = in_zigzag(nonzero & !1);
            self.dc.push(block[0]);
            self.nonzero.push(nonzero);
            let mut left = nonzero;
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                scratch[n] = block[usize::from(ZIGZAG[k & 63] & 63)];
                n += 1;
            }
        }
        self.values.push(scratch[..n].into());
        2 * n
    }

    /// Rows of blocks.
    fn rows(&self, across: usize) -> impl Iterator<Item = (&[u64], &[i16])> {
        self.nonzero.chunks(across).zip(self.values.iter().map(|values| &**values))
    }
}

const fn all(count: usize, high: u32, low: u32) -> Scan {
    Scan { first: 0, count, band: (0, 0), high, low }
}

const fn one(component: usize, from: u32, to: u32, high: u32, low: u32) -> Scan {
    Scan { first: component, count: 1, band: (from, to), high, low }
}

/// `jpeg_simple_progression`.
pub(super) fn script(components: usize) -> &'static [Scan] {
    const GREY: [Scan; 6] =
        [all(1, 0, 1), one(0, 1, 5, 0, 2), one(0, 6, 63, 0, 2), one(0, 1, 63, 2, 1), all(1, 1, 0), one(0, 1, 63, 1, 0)];
    const COLOR: [Scan; 10] = [
        all(3, 0, 1),
        one(0, 1, 5, 0, 2),
        one(2, 1, 63, 0, 1),
        one(1, 1, 63, 0, 1),
        one(0, 6, 63, 0, 2),
        one(0, 1, 63, 2, 1),
        all(3, 1, 0),
        one(2, 1, 63, 1, 0),
        one(1, 1, 63, 1, 0),
        one(0, 1, 63, 1, 0),
    ];
    if components == 1 { &GREY } else { &COLOR }
}

/// The tokens of a scan, of which no more than `room` bytes are kept.
#[inline(never)]
pub(super) fn tokens(kept: &Kept, layout: &Layout, scan: &Scan, room: usize) -> Tokens {
    let mut tokens = Tokens::new(room);
    if scan.band.1 == 0 {
        dc_scan(&mut tokens, kept, layout, scan);
    } else {
        let (c, plane) = (&layout.components[scan.first], &kept.components[scan.first]);
        let mut band = Band::new(&mut tokens, c, scan);
        for (nonzero, values) in plane.rows(c.across) {
            if scan.high == 0 { band.first(nonzero, values) } else { band.refine(nonzero, values) }
        }
        band.end();
    }
    tokens.flush();
    tokens
}

/// Blocks of an MCU that hold no samples continue the DC.
fn dc_scan(tokens: &mut Tokens, kept: &Kept, layout: &Layout, scan: &Scan) {
    let mut levels = [0i32; 3];
    for (row, x) in (0..layout.down).flat_map(|row| (0..layout.across).map(move |x| (row, x))) {
        for ((c, plane), last) in layout.components.iter().zip(&kept.components).zip(&mut levels) {
            for (y, i) in (0..c.v).flat_map(|y| (0..c.h).map(move |i| (y, i))) {
                let (line, column) = (row * c.v + y, x * c.h + i);
                let mut level = *last;
                if line < c.down && column < c.across {
                    level = i32::from(plane.dc[line * c.across + column]) >> scan.low;
                }
                if scan.high == 0 {
                    let (size, extra) = size_and_bits(level - *last);
                    tokens.push(c.table as u32 * CHROMA + dc(size), size, extra);
                } else {
                    tokens.push_bits(1, level as u32 & 1);
                }
                *last = level;
            }
        }
    }
}

/// Blocks whose band ends at once are counted up to this.
pub(super) const LONGEST_RUN: u32 = 0x7FFF;
/// Bits of refinement kept back at most, less those of a block: libjpeg's.
const MOST_BITS: u32 = 1000 - 64 + 1;

/// A scan of a band of AC coefficients.
struct Band<'t> {
    tokens: &'t mut Tokens,
    chroma: u32,
    band: (u32, u32),
    low: u32,
    /// Blocks whose band has ended, not yet told.
    run: u32,
    /// Refinement of those blocks' coefficients.
    bits_of_run: Vec<BitString>,
    count_of_run: u32,
}

impl<'t> Band<'t> {
    fn new(tokens: &'t mut Tokens, c: &Component, scan: &Scan) -> Self {
        Self {
            tokens,
            chroma: c.table as u32 * CHROMA,
            band: scan.band,
            low: scan.low,
            run: 0,
            bits_of_run: Vec::with_capacity(64),
            count_of_run: 0,
        }
    }

    fn in_band(&self) -> u64 {
        let (from, to) = self.band;
        (u64::MAX >> (63 - to)) & (u64::MAX << from)
    }

    /// A row of blocks, first scan of the band.
    #[inline(never)]
    fn first(&mut self, nonzero: &[u64], mut values: &[i16]) {
        for &nonzero in nonzero {
            let (block, rest) = values.split_at(nonzero.count_ones() as usize);
            values = rest;
            let mut left = nonzero & self.in_band();
            let below = nonzero & !(u64::MAX << self.band.0);
            let mut next = self.band.0;
            for &value in &block[below.count_ones() as usize..] {
                if left == 0 {
                    break;
                }
                let k = left.trailing_zeros();
                left &= left - 1;
                let magnitude = u32::from(value.unsigned_abs()) >> self.low;
                if magnitude == 0 {
                    continue;
                }
                self.end_run();
                let run = self.zeros(k - next);
                let size = 32 - magnitude.leading_zeros();
                let bits = if value < 0 { !magnitude & ((1 << size) - 1) } else { magnitude };
                self.tokens.push(self.chroma + (run << 4 | size), size, bits);
                next = k + 1;
            }
            if next <= self.band.1 {
                self.lengthen_run();
            }
        }
    }

    /// A row of blocks, one more bit of the band.
    #[inline(never)]
    fn refine(&mut self, nonzero: &[u64], mut values: &[i16]) {
        for &nonzero in nonzero {
            let (block, rest) = values.split_at(nonzero.count_ones() as usize);
            values = rest;
            self.refine_block(nonzero, block);
        }
    }

    /// The band is a whole block's AC.
    #[inline(always)]
    fn refine_block(&mut self, nonzero: u64, values: &[i16]) {
        let levels = Levels::new(nonzero, values, self.low);
        let mut left = levels.new | levels.old;
        let (mut next, mut run) = (self.band.0, 0);
        let mut bits = BitString::default();
        while left != 0 {
            let k = left.trailing_zeros();
            left &= left - 1;
            run += k - next;
            next = k + 1;
            // as long as something new follows
            while run > 15 && levels.new >> k != 0 {
                self.end_run();
                self.tokens.push(self.chroma + 0xF0, 0, 0);
                run -= 16;
                core::mem::take(&mut bits).write(self.tokens);
            }
            if levels.old >> k & 1 != 0 {
                bits.push(levels.odd >> k & 1);
                continue;
            }
            self.end_run();
            self.tokens.push(self.chroma + (run << 4 | 1), 1, (levels.positive >> k & 1) as u32);
            core::mem::take(&mut bits).write(self.tokens);
            run = 0;
        }
        run += self.band.1 + 1 - next;
        if run > 0 || bits.count > 0 {
            self.keep(bits);
            self.lengthen_run();
        }
    }

    fn keep(&mut self, bits: BitString) {
        self.count_of_run += bits.count;
        match self.bits_of_run.last_mut() {
            Some(last) if last.count + bits.count <= 64 => last.append(bits),
            _ if bits.count > 0 => self.bits_of_run.push(bits),
            _ => {}
        }
    }

    /// Tells all but the last 15 zeros.
    #[inline(always)]
    fn zeros(&mut self, mut run: u32) -> u32 {
        while run > 15 {
            self.tokens.push(self.chroma + 0xF0, 0, 0);
            run -= 16;
        }
        run
    }

    fn lengthen_run(&mut self) {
        self.run += 1;
        if self.run == LONGEST_RUN || self.count_of_run > MOST_BITS {
            self.end_run();
        }
    }

    /// Tells the blocks whose band has ended.
    #[inline(always)]
    fn end_run(&mut self) {
        if self.run > 0 {
            self.put_run();
        }
    }

    fn put_run(&mut self) {
        let size = 31 - self.run.leading_zeros();
        self.tokens.push(self.chroma + (size << 4), size, self.run & ((1 << size) - 1));
        self.run = 0;
        self.bits_of_run.drain(..).for_each(|bits| bits.write(self.tokens));
        self.count_of_run = 0;
    }

    fn end(mut self) {
        self.end_run();
    }
}

/// What a scan of refinement finds in a block: bit `k` tells of coefficient `k`.
struct Levels {
    /// First seen in this scan.
    new: u64,
    /// Seen in an earlier one.
    old: u64,
    /// The bit that this scan adds.
    odd: u64,
    positive: u64,
}

impl Levels {
    /// Without a branch for each coefficient, as none would be foreseen.
    #[inline(always)]
    fn new(nonzero: u64, values: &[i16], low: u32) -> Self {
        let mut levels = Self { new: 0, old: 0, odd: 0, positive: 0 };
        let mut left = nonzero;
        for &value in values {
            let bit = left & left.wrapping_neg();
            left ^= bit;
            let magnitude = value.unsigned_abs() >> low;
            let all = |yes: bool| u64::from(yes).wrapping_neg();
            levels.new |= bit & all(magnitude == 1);
            levels.old |= bit & all(magnitude > 1);
            levels.odd |= bit & all(magnitude & 1 != 0);
            levels.positive |= bit & all(value > 0);
        }
        levels
    }
}

/// Up to 64 bits, the first one on top.
#[derive(Clone, Copy, Debug, Default)]
struct BitString {
    bits: u64,
    count: u32,
}

impl BitString {
    #[inline(always)]
    fn push(&mut self, bit: u64) {
        self.bits = self.bits << 1 | bit;
        self.count += 1;
    }

    fn append(&mut self, other: Self) {
        // two shifts, as one by 64 is none
        self.bits = self.bits << (other.count / 2) << (other.count - other.count / 2) | other.bits;
        self.count += other.count;
    }

    #[inline(always)]
    fn write(self, tokens: &mut Tokens) {
        let mut left = self.count;
        while left > 0 {
            let count = left.min(EXTRA);
            left -= count;
            tokens.push_bits(count, (self.bits >> left) as u32 & ((1 << count) - 1));
        }
    }
}
