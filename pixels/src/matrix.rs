//! Colours recombined: each is a weighted sum of all.

use crate::Planar;
use crate::srgb::{clamped, rounded_four};
use deckle_simd::*;

/// Pixels worked on at once.
const BLOCK: usize = 64;

/// Weights of red, green, blue and alpha, for each of the four; samples are 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix(pub [[f32; 4]; 4]);

impl Matrix {
    /// Recombines; grey is widened first. Without alpha, its row and column do not count.
    #[inline(never)]
    pub fn run(&self, pixels: &mut Planar) {
        pixels.widen();
        let reads_alpha = self.0[3] != [0.0, 0.0, 0.0, 1.0] || self.0[..3].iter().any(|row| row[3] != 0.0);
        if let [r, g, b, a] = pixels.planes.as_mut_slice()
            && reads_alpha
        {
            four(&self.0, [r, g, b, a]);
        } else if let Some(planes) = pixels.rgb() {
            three(&self.0, planes);
        }
    }
}

#[inline(never)]
fn three(m: &[[f32; 4]; 4], [r, g, b]: [&mut [u8]; 3]) {
    let rows: [[f32; 3]; 3] = std::array::from_fn(|i| [m[i][0], m[i][1], m[i][2]]);
    let (reds, red) = r.as_chunks_mut::<BLOCK>();
    let (greens, green) = g.as_chunks_mut::<BLOCK>();
    let (blues, blue) = b.as_chunks_mut::<BLOCK>();
    for ((r, g), b) in reds.iter_mut().zip(greens).zip(blues) {
        block(&rows, r, g, b);
    }
    let mut rest = [[0; BLOCK]; 3];
    let parts = [red, green, blue];
    rest.iter_mut().zip(&parts).for_each(|(block, part)| block[..part.len()].copy_from_slice(part));
    let [r, g, b] = &mut rest;
    block(&rows, r, g, b);
    parts.into_iter().zip(&rest).for_each(|(part, block)| part.copy_from_slice(&block[..part.len()]));
}

#[inline(never)]
fn block(m: &[[f32; 3]; 3], r: &mut [u8; BLOCK], g: &mut [u8; BLOCK], b: &mut [u8; BLOCK]) {
    let m = m.map(|row| row.map(F4::splat));
    let eights = r.as_chunks_mut().0.iter_mut().zip(g.as_chunks_mut().0).zip(b.as_chunks_mut().0);
    for ((r, g), b) in eights {
        let (x, y, z) = (wide(r), wide(g), wide(b));
        let low = m.map(|row| samples(row[0] * x[0] + row[1] * y[0] + row[2] * z[0]));
        let high = m.map(|row| samples(row[0] * x[1] + row[1] * y[1] + row[2] * z[1]));
        for ((out, low), high) in [r, g, b].into_iter().zip(low).zip(high) {
            let both = narrow32(low, high);
            *out = halves(narrow16_unsigned(both, both))[0].to_le_bytes();
        }
    }
}

/// Eight samples.
#[inline(always)]
fn wide(v: &[u8; 8]) -> [F4; 2] {
    let (v, zero) = (load_wide(v), splat32(0));
    [F4::of_ints(zip16_low(v, zero)), F4::of_ints(zip16_high(v, zero))]
}

#[inline(always)]
fn samples(v: F4) -> V128 {
    rounded_four(v.at_least(F4::splat(0.0)).at_most(F4::splat(255.0)))
}

#[inline(never)]
fn four(m: &[[f32; 4]; 4], [r, g, b, a]: [&mut Vec<u8>; 4]) {
    for (((r, g), b), a) in r.iter_mut().zip(g).zip(b).zip(a) {
        let from = [*r, *g, *b, *a].map(f32::from);
        let [x, y, z, w] = m.map(|row| clamped(row.iter().zip(from).map(|(weight, v)| weight * v).sum()));
        [*r, *g, *b, *a] = [x, y, z, w];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWAP: Matrix =
        Matrix([[0.0, 1.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]);

    #[test]
    fn every_pixel_of_any_number_is_recombined() {
        for count in [0, 1, 63, 64, 65, 200] {
            let mut pixels = Planar { planes: vec![vec![100; count], vec![30; count], vec![7; count]] };
            SWAP.run(&mut pixels);
            assert_eq!(pixels.planes, [vec![30; count], vec![50; count], vec![0; count]]);
        }
    }

    #[test]
    fn grey_gains_colour_and_alpha_stays_unless_it_has_weights() {
        let mut pixels = Planar { planes: vec![vec![100], vec![9]] };
        SWAP.run(&mut pixels);
        assert_eq!(pixels.planes, [[100], [50], [0], [9]]);
        let mut m = SWAP;
        m.0[3] = [1.0, 0.0, 0.0, 1.0];
        m.0[0][3] = 2.0;
        m.run(&mut pixels);
        assert_eq!(pixels.planes, [[68], [50], [0], [109]]);
    }

    #[test]
    fn sums_beyond_the_range_and_weights_beyond_reason_are_its_ends() {
        let m = Matrix([[1e30; 4], [-1e30; 4], [f32::NAN; 4], [0.0, 0.0, 0.0, 1.0]]);
        let mut pixels = Planar { planes: vec![vec![100], vec![30], vec![7]] };
        m.run(&mut pixels);
        assert_eq!(pixels.planes, [[255], [0], [0]]);
    }
}
