//! Greys that become colours by a table, straight to luma and chroma of half the size.
//!
//! Luma and chroma of a grey's colour are looked up, so that no colour is ever made: to the bit what [`crate::to_halved`] makes of those colours.

use crate::halved::{chroma_parts, luma};

/// Luma and chroma of the colour of each grey.
#[derive(Clone, Debug)]
pub struct HalvedRamp {
    luma: [u8; 256],
    /// A quarter of both chromas in 32,768ths of a sample and 4 of 128, blue in the lower half.
    chroma: [u64; 256],
}

/// Bits of a sum of four that are no whole sample.
const BITS: u32 = 17;

/// What is added to each of four so that none is negative, in samples of the sum.
const RAISED: i32 = 128;

impl HalvedRamp {
    /// Of the colours that three tables make of greys.
    #[inline(never)]
    pub fn new(tables: &[[u8; 256]; 3]) -> Self {
        let of = |grey: usize| tables.each_ref().map(|table| table[grey]);
        let chroma = std::array::from_fn(|grey| {
            // a quarter of 128 and of what rounds
            let [cb, cr] = chroma_parts(of(grey)).map(|v| (v + (RAISED << (BITS - 2)) + (1 << (BITS - 3))) as u64);
            cr << 32 | cb
        });
        Self { luma: std::array::from_fn(|grey| luma(of(grey))), chroma }
    }

    /// Makes two lines of luma of two of grey, and the line of chroma between them, which is half as long.
    #[inline(never)]
    pub fn run(&self, [above, below]: [&mut [u8]; 2], [cb, cr]: [&mut [u8]; 2]) {
        let grey = above.as_chunks_mut::<2>().0.iter_mut().zip(below.as_chunks_mut::<2>().0);
        for (((above, below), cb), cr) in grey.zip(cb).zip(cr) {
            let of = |v: u8| self.chroma[usize::from(v)];
            let sum = of(above[0]) + of(above[1]) + of(below[0]) + of(below[1]);
            (*cb, *cr) = (sample(sum as u32), sample((sum >> 32) as u32));
            for v in above.iter_mut().chain(below) {
                *v = self.luma[usize::from(*v)];
            }
        }
    }

    /// The same of one line of grey without chroma.
    pub fn luma(&self, line: &mut [u8]) {
        line.iter_mut().for_each(|v| *v = self.luma[usize::from(*v)]);
    }
}

#[inline(always)]
fn sample(sum: u32) -> u8 {
    (sum >> BITS).min(255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Planar, to_halved};

    #[test]
    fn luma_and_chroma_are_those_of_the_colours_to_the_bit() {
        let tables: [[u8; 256]; 3] = [
            std::array::from_fn(|v| (v * 7 % 256) as u8),
            std::array::from_fn(|v| 255 - v as u8),
            std::array::from_fn(|v| (v / 2) as u8),
        ];
        let extremes = [[0; 256], std::array::from_fn(|v| if v > 99 { 255 } else { 0 }), [255; 256]];
        for tables in [tables, extremes] {
            let ramp = HalvedRamp::new(&tables);
            let grey: Vec<u8> = (0..4000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
            let mut pixels =
                Planar { planes: tables.map(|table| grey.iter().map(|&v| table[usize::from(v)]).collect()).to_vec() };
            let mut expected = (vec![0; 2000], vec![0; 2000], vec![0; 1000], vec![0; 1000]);
            to_halved(&mut pixels, [&mut expected.0, &mut expected.1], [&mut expected.2, &mut expected.3]);
            let (above, below) = grey.split_at(2000);
            let mut out = (above.to_vec(), below.to_vec(), vec![0; 1000], vec![0; 1000]);
            ramp.run([&mut out.0, &mut out.1], [&mut out.2, &mut out.3]);
            assert!(out == expected);
        }
    }
}
