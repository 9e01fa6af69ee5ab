//! A change of colours as a table over luma and chroma, between whose entries it is interpolated: for changes that are smooth and cost more than that.
//!
//! The four pixels of a chroma sample share its place between the table's entries, so that each of them is one load and one product of vectors. What
//! becomes of chroma is read at the mean of their luma. Entries are made where a picture first has such a chroma: most pictures have few of all.

use crate::srgb::clamped;
use crate::{Planar, Step};
use deckle_simd::*;

/// Luma, and chroma, from one entry to the next.
const LUMA: usize = 8;
const CHROMA: usize = 8;

/// Intervals between entries, along luma and along chroma.
const HIGH: usize = 256 / LUMA;
const WIDE: usize = 256 / CHROMA;

/// Entries are in 32nds of a sample.
const FINE: i32 = 5;

/// Bits of a sum of entries, by weights whose sum is `LUMA * CHROMA * CHROMA`, that are no whole sample.
const BITS: i32 = FINE + (LUMA * CHROMA * CHROMA).ilog2() as i32;

/// For one interval of both chromas: the entries at its four corners, for each of luma; of new luma, then of both chromas.
type Column = [[i16; 4 * (HIGH + 1)]; 3];

/// What becomes of one chroma with each entry's luma: new luma, then both chromas.
type Line = [[i16; HIGH + 1]; 3];

/// Weights of the corners, twice.
type Weights = [[[i16; 8]; CHROMA]; CHROMA];

/// What luma and chroma of half the size become.
#[derive(Clone, Debug)]
pub struct HalvedTable {
    steps: Vec<Step>,
    pixels: Planar,
    /// Those that were needed so far.
    columns: Vec<Column>,
    /// Where an interval's column is; beyond the last where it is not made yet.
    places: Box<[u16; WIDE * WIDE]>,
    /// Likewise what columns are made of.
    lines: Vec<Line>,
    line_places: Box<[u16; (WIDE + 1) * (WIDE + 1)]>,
    weights: Box<Weights>,
    /// Weights of the entry below and the one above.
    along: [[i16; 8]; LUMA],
}

/// Bytes of a [`HalvedTable`] at most.
pub const HALVED_TABLE: u64 = (WIDE * WIDE * (size_of::<Column>() + 2) + size_of::<Weights>()) as u64
    + ((WIDE + 1) * (WIDE + 1) * (size_of::<Line>() + 2)) as u64
    + (4 << 10);

impl HalvedTable {
    /// The table of what steps do to colours.
    #[inline(never)]
    pub fn new(steps: Vec<Step>) -> Self {
        let mut weights = Box::new([[[0; 8]; CHROMA]; CHROMA]);
        for (cb, row) in weights.iter_mut().enumerate() {
            for (cr, weights) in row.iter_mut().enumerate() {
                let (less_cb, less_cr) = (CHROMA - cb, CHROMA - cr);
                let four = [less_cb * less_cr, less_cb * cr, cb * less_cr, cb * cr];
                *weights = std::array::from_fn(|i| four[i % 4] as i16);
            }
        }
        Self {
            steps,
            pixels: Planar::default(),
            // all that there may be, so that they never move
            columns: Vec::with_capacity(WIDE * WIDE),
            places: Box::new([u16::MAX; WIDE * WIDE]),
            lines: Vec::with_capacity((WIDE + 1) * (WIDE + 1)),
            line_places: Box::new([u16::MAX; (WIDE + 1) * (WIDE + 1)]),
            weights,
            along: std::array::from_fn(|y| std::array::from_fn(|i| if i < 4 { LUMA - y } else { y } as i16)),
        }
    }

    /// Changes two lines of luma, each twice as long as the line of chroma between them, and that.
    #[inline(never)]
    pub fn change(&mut self, [above, below]: [&mut [u8]; 2], [cb, cr]: [&mut [u8]; 2]) {
        let mut at = 0;
        loop {
            at += self.blocks([&mut above[2 * at..], &mut below[2 * at..]], [&mut cb[at..], &mut cr[at..]]);
            match (cb.get(at), cr.get(at)) {
                (Some(&cb), Some(&cr)) => self.make(usize::from(cb) / CHROMA, usize::from(cr) / CHROMA),
                _ => return,
            }
        }
    }

    /// Changes what there are columns for, and answers how many of the chroma samples that were.
    #[inline(never)]
    fn blocks(&self, [above, below]: [&mut [u8]; 2], [cb, cr]: [&mut [u8]; 2]) -> usize {
        let luma = above.as_chunks_mut::<2>().0.iter_mut().zip(below.as_chunks_mut::<2>().0);
        let mut count = 0;
        for (((above, below), cb), cr) in luma.zip(cb).zip(cr) {
            let (blue, red) = (usize::from(*cb), usize::from(*cr));
            let place = self.places[blue / CHROMA * WIDE + red / CHROMA];
            let Some(column) = self.columns.get(usize::from(place)) else { break };
            let weights = load(&self.weights[blue % CHROMA][red % CHROMA]);
            let done = self.block(above, below, column, weights);
            (*above, *below, *cb, *cr) = done;
            count += 1;
        }
        count
    }

    #[inline(always)]
    fn block(&self, above: &[u8; 2], below: &[u8; 2], column: &Column, weights: V128) -> ([u8; 2], [u8; 2], u8, u8) {
        let [luma, blue, red] = column;
        let sum = |column: &[i16; 4 * (HIGH + 1)], y: usize| {
            let entries = column[y / LUMA * 4..].first_chunk().unwrap_or(&[0; 8]);
            dot(load(entries), mul16(weights, load(&self.along[y % LUMA])))
        };
        let [a, b, c, d] = [above[0], above[1], below[0], below[1]].map(usize::from);
        let mean = (a + b + c + d + 2) / 4;
        let luma = total([sum(luma, a), sum(luma, b), sum(luma, c), sum(luma, d)]);
        let (blue, red) = (sum(blue, mean), sum(red, mean));
        let chroma = total([blue, red, blue, red]);
        let wide = narrow32(luma, chroma);
        let [a, b, c, d, cb, cr, ..] = halves(narrow16_unsigned(wide, wide))[0].to_le_bytes();
        ([a, b], [c, d], cb, cr)
    }

    /// Makes the column of an interval.
    #[inline(never)]
    fn make(&mut self, cb: usize, cr: usize) {
        let corners = [(cb, cr), (cb, cr + 1), (cb + 1, cr), (cb + 1, cr + 1)];
        let lines = corners.map(|(cb, cr)| self.line(cb, cr));
        let mut column = [[0; 4 * (HIGH + 1)]; 3];
        for (plane, column) in column.iter_mut().enumerate() {
            for (y, four) in column.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                *four = lines.each_ref().map(|line| line[plane][y]);
            }
        }
        self.places[cb * WIDE + cr] = self.columns.len() as u16;
        self.columns.push(column);
    }

    /// The line of an entry of chroma. Entries at 256 lie on the line through the one before and 255.
    fn line(&mut self, cb: usize, cr: usize) -> Line {
        if cb == WIDE {
            return extended(&self.line_of_blue(WIDE - 1, cr), &self.line_of_blue(WIDE, cr));
        }
        self.line_of_blue(cb, cr)
    }

    fn line_of_blue(&mut self, cb: usize, cr: usize) -> Line {
        if cr == WIDE {
            return extended(&self.within(cb, WIDE - 1), &self.within(cb, WIDE));
        }
        self.within(cb, cr)
    }

    /// The line of chroma that is no more than 255.
    #[inline(never)]
    fn within(&mut self, cb: usize, cr: usize) -> Line {
        let at = cb * (WIDE + 1) + cr;
        if let Some(line) = self.lines.get(usize::from(self.line_places[at])) {
            return *line;
        }
        let place = |i: usize, step: usize| ((i * step) as f32).min(255.0);
        let (cb, cr) = (place(cb, CHROMA) - 128.0, place(cr, CHROMA) - 128.0);
        self.pixels.resize(HIGH + 1, 3);
        for i in 0..=HIGH {
            let y = place(i, LUMA);
            let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
            self.pixels.planes.iter_mut().zip(rgb).for_each(|(plane, v)| plane[i] = clamped(v));
        }
        self.steps.iter().for_each(|step| step.run(&mut self.pixels));
        let mut line = [[0; HIGH + 1]; 3];
        if let Some([r, g, b]) = self.pixels.rgb() {
            for (i, ((&r, &g), &b)) in r.iter().zip(&*g).zip(&*b).enumerate() {
                let [r, g, b] = [r, g, b].map(f32::from);
                let y = 0.299 * r + 0.587 * g + 0.114 * b;
                let of = [y, (b - y) / 1.772 + 128.0, (r - y) / 1.402 + 128.0];
                line.iter_mut().zip(of).for_each(|(line, v)| line[i] = fine(v));
            }
        }
        for line in &mut line {
            line[HIGH] = beyond(line[HIGH - 1], line[HIGH], LUMA);
        }
        self.line_places[at] = self.lines.len() as u16;
        self.lines.push(line);
        line
    }
}

/// A sample as an entry has it: of 0 or more.
fn fine(v: f32) -> i16 {
    (v * (1 << FINE) as f32 + 0.5) as i16
}

/// What the line through an entry and the one at 255 comes to at 256.
fn beyond(before: i16, last: i16, step: usize) -> i16 {
    let (before, last, step) = (i32::from(before), i32::from(last), step as i32);
    (before + (last - before) * step / (step - 1)) as i16
}

fn extended(before: &Line, last: &Line) -> Line {
    std::array::from_fn(|plane| std::array::from_fn(|y| beyond(before[plane][y], last[plane][y], CHROMA)))
}

/// The sum of each vector's lanes, as samples.
#[inline(always)]
fn total([a, b, c, d]: [V128; 4]) -> V128 {
    let ab = add32(zip32_low(a, b), zip32_high(a, b));
    let cd = add32(zip32_low(c, d), zip32_high(c, d));
    let sum = add32(zip64_low(ab, cd), zip64_high(ab, cd));
    shr32::<BITS>(add32(sum, splat32(1 << (BITS - 1))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lab, from_halved, to_halved};

    type Lines = ([[u8; 2]; 2], [u8; 2]);

    fn by_table(table: &mut HalvedTable, (mut luma, [cb, cr]): Lines) -> Lines {
        let (mut cb, mut cr) = ([cb], [cr]);
        let [above, below] = &mut luma;
        table.change([above, below], [&mut cb, &mut cr]);
        (luma, [cb[0], cr[0]])
    }

    fn by_colours(lab: &Lab, (mut luma, [cb, cr]): Lines) -> Lines {
        let mut pixels = Planar::default();
        from_halved([&luma[0], &luma[1]], [&[cb], &[cr]], &mut pixels);
        lab.run(&mut pixels);
        let (mut cb, mut cr) = ([0], [0]);
        let [above, below] = &mut luma;
        to_halved(&mut pixels, [above, below], [&mut cb, &mut cr]);
        (luma, [cb[0], cr[0]])
    }

    #[test]
    fn what_changes_nothing_changes_nothing() {
        let table = &mut HalvedTable::new(Vec::new());
        for y in (0..256).step_by(3) {
            for (cb, cr) in [(128, 128), (120, 133), (140, 110)] {
                let y = (y as u8).clamp(70, 185);
                assert_eq!(by_table(table, ([[y, y], [y, 255 - y]], [cb, cr])).0, [[y, y], [y, 255 - y]]);
            }
        }
        for y in [0, 1, 254, 255] {
            assert_eq!(by_table(table, ([[y; 2]; 2], [128; 2])), ([[y; 2]; 2], [128; 2]));
        }
    }

    #[test]
    fn all_chroma_there_is_makes_the_table_no_larger_than_was_said() {
        let mut table = HalvedTable::new(Vec::new());
        for cb in 0..=255 {
            let mut lines = ([[128; 512]; 2], [[cb; 256], std::array::from_fn(|cr| cr as u8)]);
            let ([above, below], [blue, red]) = (&mut lines.0, &mut lines.1);
            table.change([above, below], [blue, red]);
        }
        assert_eq!(table.columns.len(), WIDE * WIDE);
        assert!(table.columns.capacity() == WIDE * WIDE && table.lines.len() <= table.lines.capacity());
        assert_eq!(table.lines.capacity(), (WIDE + 1) * (WIDE + 1));
    }

    #[test]
    fn colours_become_what_they_do_one_by_one() {
        for (scale, offset, chroma, degrees) in [
            (1.3, 0.0, 1.0, 0.0),
            (0.5, 0.0, 1.0, 0.0),
            (1.0, 10.0, 1.0, 0.0),
            (1.0, 0.0, 1.5, 0.0),
            (1.0, 0.0, 1.0, 90.0),
        ] {
            let lab = Lab::new(scale, offset, chroma, degrees);
            let table = &mut HalvedTable::new(vec![Step::Lab(Box::new(lab.clone()))]);
            let (mut sum, mut most, mut count) = (0_u64, 0, 0);
            for i in 0..40_000_u32 {
                let random = i.wrapping_mul(2_654_435_761) ^ (i << 7);
                let y = 30 + (random >> 8) as u8 % 190;
                let near = |bits: u32| y.wrapping_add((random >> bits) as u8 % 9);
                let (cb, cr) = (108 + (random >> 16) as u8 % 40, 108 + (random >> 24) as u8 % 40);
                let lines = ([[y, near(3)], [near(6), near(9)]], [cb, cr]);
                let (a, b) = (by_table(table, lines), by_colours(&lab, lines));
                let samples = a.0.as_flattened().iter().chain(&a.1).zip(b.0.as_flattened().iter().chain(&b.1));
                for (a, b) in samples {
                    sum += u64::from(a.abs_diff(*b));
                    most = most.max(a.abs_diff(*b));
                    count += 1;
                }
            }
            let mean = sum as f64 / f64::from(count);
            assert!(mean < 0.5 && most <= 13, "{scale} {offset} {chroma} {degrees}: {mean} {most}");
        }
    }
}
