//! Colours recombined: each is a weighted sum of all.

use crate::Planar;
use crate::srgb::rounded;

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
    for i in 0..BLOCK {
        let [x, y, z] = [r[i], g[i], b[i]].map(|v| f32::from(i16::from(v)));
        r[i] = sample(m[0][0] * x + m[0][1] * y + m[0][2] * z);
        g[i] = sample(m[1][0] * x + m[1][1] * y + m[1][2] * z);
        b[i] = sample(m[2][0] * x + m[2][1] * y + m[2][2] * z);
    }
}

#[inline(never)]
fn four(m: &[[f32; 4]; 4], [r, g, b, a]: [&mut Vec<u8>; 4]) {
    for (((r, g), b), a) in r.iter_mut().zip(g).zip(b).zip(a) {
        let from = [*r, *g, *b, *a].map(f32::from);
        let [x, y, z, w] = m.map(|row| sample(row.iter().zip(from).map(|(weight, v)| weight * v).sum()));
        [*r, *g, *b, *a] = [x, y, z, w];
    }
}

#[inline(always)]
fn sample(v: f32) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 255.0 { v } else { 255.0 };
    rounded(v) as u8
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
