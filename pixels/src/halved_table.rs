//! A change of colours as a table over luma and chroma, between whose entries it is interpolated: for changes that are smooth and cost more than that.
//!
//! The four pixels of a chroma sample share its place between the table's entries, so that each of them is one load and one product of vectors. What
//! becomes of chroma is read at the mean of their luma.

use crate::Planar;
use crate::srgb::clamped;
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

/// For one interval of both chromas: the entries at its four corners, for each of luma.
type Column = [i16; 4 * (HIGH + 1)];

/// Weights of the corners, twice.
type Weights = [[[i16; 8]; CHROMA]; CHROMA];

/// What luma and chroma of half the size become.
#[derive(Clone, Debug)]
pub struct HalvedTable {
    /// New luma, then both of chroma.
    columns: [Vec<Column>; 3],
    weights: Box<Weights>,
    /// Weights of the entry below and the one above.
    along: [[i16; 8]; LUMA],
}

/// Bytes of a [`HalvedTable`], and of what making it takes.
pub const HALVED_TABLE: u64 = (3 * WIDE * WIDE * size_of::<Column>() + size_of::<Weights>()) as u64
    + 9 * ((WIDE + 1) * (WIDE + 1) * (HIGH + 1)) as u64;

impl HalvedTable {
    /// The table of what `change` does to colours.
    #[inline(never)]
    pub fn new(change: impl FnOnce(&mut Planar)) -> Self {
        let nodes = nodes(change);
        let at = |cb: usize, cr: usize| (cb * (WIDE + 1) + cr) * (HIGH + 1);
        let columns = nodes.each_ref().map(|nodes| {
            let corners = |i: usize| {
                let (cb, cr) = (i / WIDE, i % WIDE);
                let corners = [at(cb, cr), at(cb, cr + 1), at(cb + 1, cr), at(cb + 1, cr + 1)];
                let mut column = [0; 4 * (HIGH + 1)];
                for (y, four) in column.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                    *four = corners.map(|corner| nodes[corner + y]);
                }
                column
            };
            (0..WIDE * WIDE).map(corners).collect()
        });
        let mut weights = Box::new([[[0; 8]; CHROMA]; CHROMA]);
        for (cb, row) in weights.iter_mut().enumerate() {
            for (cr, weights) in row.iter_mut().enumerate() {
                let (less_cb, less_cr) = (CHROMA - cb, CHROMA - cr);
                let four = [less_cb * less_cr, less_cb * cr, cb * less_cr, cb * cr];
                *weights = std::array::from_fn(|i| four[i % 4] as i16);
            }
        }
        let along = std::array::from_fn(|y| std::array::from_fn(|i| if i < 4 { LUMA - y } else { y } as i16));
        Self { columns, weights, along }
    }

    /// Changes two lines of luma, each twice as long as the line of chroma between them, and that.
    #[inline(never)]
    pub fn change(&self, [above, below]: [&mut [u8]; 2], [cb, cr]: [&mut [u8]; 2]) {
        let luma = above.as_chunks_mut::<2>().0.iter_mut().zip(below.as_chunks_mut::<2>().0);
        for (((above, below), cb), cr) in luma.zip(cb).zip(cr) {
            let done = self.block(above, below, usize::from(*cb), usize::from(*cr));
            (*above, *below, *cb, *cr) = done;
        }
    }

    #[inline(always)]
    fn block(&self, above: &[u8; 2], below: &[u8; 2], cb: usize, cr: usize) -> ([u8; 2], [u8; 2], u8, u8) {
        let weights = load(&self.weights[cb % CHROMA][cr % CHROMA]);
        let column = cb / CHROMA * WIDE + cr / CHROMA;
        let [luma, blue, red] = self.columns.each_ref().map(|columns| &columns[column]);
        let sum = |column: &Column, y: usize| {
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
}

/// The sum of each vector's lanes, as samples.
#[inline(always)]
fn total([a, b, c, d]: [V128; 4]) -> V128 {
    let ab = add32(zip32_low(a, b), zip32_high(a, b));
    let cd = add32(zip32_low(c, d), zip32_high(c, d));
    let sum = add32(zip64_low(ab, cd), zip64_high(ab, cd));
    shr32::<BITS>(add32(sum, splat32(1 << (BITS - 1))))
}

/// What becomes of luma and chroma at every entry: first chroma blue, then red, then luma. Entries at 256 lie on the line through the one before and 255.
#[inline(never)]
fn nodes(change: impl FnOnce(&mut Planar)) -> [Vec<i16>; 3] {
    let place = |i: usize, step: usize| ((i * step) as f32).min(255.0);
    let all = (WIDE + 1) * (WIDE + 1) * (HIGH + 1);
    let mut pixels = Planar::default();
    pixels.resize(all, 3);
    for i in 0..all {
        let (cb, cr, y) = (i / (HIGH + 1) / (WIDE + 1), i / (HIGH + 1) % (WIDE + 1), i % (HIGH + 1));
        let (y, cb, cr) = (place(y, LUMA), place(cb, CHROMA) - 128.0, place(cr, CHROMA) - 128.0);
        let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
        pixels.planes.iter_mut().zip(rgb).for_each(|(plane, v)| plane[i] = clamped(v));
    }
    change(&mut pixels);
    let mut out = [(); 3].map(|()| vec![0; all]);
    if let Some([r, g, b]) = pixels.rgb() {
        for (i, ((&r, &g), &b)) in r.iter().zip(&*g).zip(&*b).enumerate() {
            let [r, g, b] = [r, g, b].map(f32::from);
            let y = 0.299 * r + 0.587 * g + 0.114 * b;
            let fine = |v: f32| (v * (1 << FINE) as f32).round() as i16;
            out[0][i] = fine(y);
            out[1][i] = fine((b - y) / 1.772 + 128.0);
            out[2][i] = fine((r - y) / 1.402 + 128.0);
        }
    }
    for plane in &mut out {
        extend(plane, 1, HIGH + 1, LUMA);
        extend(plane, HIGH + 1, WIDE + 1, CHROMA);
        extend(plane, (HIGH + 1) * (WIDE + 1), WIDE + 1, CHROMA);
    }
    out
}

/// Of entries that lie `apart`, moves the last of each `count` from 255 to 256.
fn extend(plane: &mut [i16], apart: usize, count: usize, step: usize) {
    for line in 0..plane.len() / count {
        let last = line / apart * apart * count + line % apart + (count - 1) * apart;
        let (here, before) = (i32::from(plane[last]), i32::from(plane[last - apart]));
        plane[last] = (before + (here - before) * step as i32 / (step as i32 - 1)) as i16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lab, from_halved, to_halved};

    type Lines = ([[u8; 2]; 2], [u8; 2]);

    fn by_table(table: &HalvedTable, (mut luma, [cb, cr]): Lines) -> Lines {
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
        let table = HalvedTable::new(|_| ());
        for y in (0..256).step_by(3) {
            for (cb, cr) in [(128, 128), (120, 133), (140, 110)] {
                let y = (y as u8).clamp(70, 185);
                assert_eq!(by_table(&table, ([[y, y], [y, 255 - y]], [cb, cr])).0, [[y, y], [y, 255 - y]]);
            }
        }
        for y in [0, 1, 254, 255] {
            assert_eq!(by_table(&table, ([[y; 2]; 2], [128; 2])), ([[y; 2]; 2], [128; 2]));
        }
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
            let table = HalvedTable::new(|pixels| lab.run(pixels));
            let (mut sum, mut most, mut count) = (0_u64, 0, 0);
            for i in 0..40_000_u32 {
                let random = i.wrapping_mul(2_654_435_761) ^ (i << 7);
                let y = 30 + (random >> 8) as u8 % 190;
                let near = |bits: u32| y.wrapping_add((random >> bits) as u8 % 9);
                let (cb, cr) = (108 + (random >> 16) as u8 % 40, 108 + (random >> 24) as u8 % 40);
                let lines = ([[y, near(3)], [near(6), near(9)]], [cb, cr]);
                let (a, b) = (by_table(&table, lines), by_colours(&lab, lines));
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
