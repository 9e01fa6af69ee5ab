//! Sharpening: adds to lightness its difference from a Gaussian blur, small differences less than large ones.
//!
//! Source: libvips' `vips_sharpen`, its curve in CIE L*. Colours are sharpened in L* itself. A plane of luma alone stands for it, 255 for L* 100, so that a JPEG need
//! not leave its planes.

use crate::Planar;
use crate::gauss;
use crate::lightness::Lightness;
use crate::sums;
use deckle_simd::F4;

/// What is added for a difference from the blur, in L* of 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Differences below this are multiplied by `flat`, what is beyond it by `jagged`.
    pub threshold: f32,
    /// Slope of small differences.
    pub flat: f32,
    /// Slope of large ones.
    pub jagged: f32,
    /// The most by which a sample may get brighter.
    pub brighter: f32,
    /// And darker.
    pub darker: f32,
}

impl Curve {
    #[inline(always)]
    fn of(&self, difference: F4) -> F4 {
        let four = F4::splat;
        let flat = difference.at_least(four(-self.threshold)).at_most(four(self.threshold));
        let more = flat * four(self.flat) + (difference - flat) * four(self.jagged);
        more.at_least(four(-self.darker)).at_most(four(self.brighter))
    }

    fn times(self, scale: f32) -> Self {
        let Self { threshold, flat, jagged, brighter, darker } = self;
        Self { threshold: threshold * scale, flat, jagged, brighter: brighter * scale, darker: darker * scale }
    }
}

/// Least weight of the mask.
const LEAST: f32 = 0.1;

/// Rows above and below that a sample depends on.
pub fn sharpen_reach(sigma: f32) -> u32 {
    gauss::weights(sigma, LEAST).len() as u32 - 1
}

/// Bytes that it takes beside the planes, at most.
pub fn sharpen_memory(width: u64, sigma: f32) -> u64 {
    let reach = u64::from(sharpen_reach(sigma));
    (width + 2 * reach + 64) * 4 * (2 * reach + 8) + (16 << 10)
}

/// Sharpens a plane of luma, rows of `width` samples.
#[inline(never)]
pub fn sharpen_luma(plane: &mut [u8], width: usize, sigma: f32, curve: &Curve) {
    let curve = curve.times(2.55);
    let source = |row: &[u8], out: &mut [f32]| out.iter_mut().zip(row).for_each(|(out, &v)| *out = f32::from(v));
    let mut rows = Rows::new(width, plane.len(), sigma);
    for y in 0..rows.height {
        for next in rows.wanted(y) {
            source(&plane[next * width..][..width], rows.slot(next));
        }
        let row = &mut plane[y * width..][..width];
        for (v, more) in row.iter_mut().zip(rows.more(y, &curve, 255.0)) {
            *v = (f32::from(*v) + more + 0.5) as i32 as u8;
        }
    }
}

/// Sharpens grey or colours, rows of `width` pixels; alpha is kept.
#[inline(never)]
pub fn sharpen(pixels: &mut Planar, width: usize, sigma: f32, curve: &Curve) {
    let lightness = Lightness::new();
    let mut rows = Rows::new(width, pixels.pixels(), sigma);
    for y in 0..rows.height {
        for next in rows.wanted(y) {
            let range = next * width..(next + 1) * width;
            let slot = rows.slot(next);
            match pixels.rgb() {
                Some(planes) => lightness.of(planes.map(|plane| &plane[range.clone()]), slot),
                None => lightness.of([&pixels.planes[0][range]; 3], slot),
            }
        }
        let range = y * width..(y + 1) * width;
        let more = rows.more(y, curve, 100.0);
        match pixels.rgb() {
            Some([r, g, b]) => {
                lightness.shift([&mut r[range.clone()], &mut g[range.clone()], &mut b[range]], more);
            }
            None => lightness.shift_grey(&mut pixels.planes[0][range], more),
        }
    }
}

/// Rows of lightness around the one that is sharpened, as they were.
struct Rows {
    height: usize,
    weights: Vec<f32>,
    /// As many as a sample depends on.
    ring: Vec<Vec<f32>>,
    /// The row that is set next.
    next: usize,
    column: Vec<f32>,
    blurred: Vec<f32>,
}

impl Rows {
    fn new(width: usize, samples: usize, sigma: f32) -> Self {
        let weights = gauss::weights(sigma, LEAST);
        let total = gauss::total(&weights) as f32;
        let weights: Vec<f32> = weights.into_iter().map(|w| w as f32 / total).collect();
        let reach = weights.len() - 1;
        Self {
            height: samples.checked_div(width).unwrap_or(0),
            ring: vec![vec![0.0; width]; 2 * reach + 1],
            next: 0,
            column: vec![0.0; width + 2 * reach],
            blurred: vec![0.0; width],
            weights,
        }
    }

    /// Rows that have to be set before row `y` can be sharpened.
    fn wanted(&mut self, y: usize) -> std::ops::Range<usize> {
        let end = (y + self.weights.len()).min(self.height);
        let wanted = self.next..end;
        self.next = end;
        wanted
    }

    fn slot(&mut self, y: usize) -> &mut [f32] {
        let at = y % self.ring.len();
        &mut self.ring[at]
    }

    /// What is added to each sample of a row, so that it stays between 0 and `white`.
    fn more(&mut self, y: usize, curve: &Curve, white: f32) -> &[f32] {
        self.down(y);
        self.across();
        let sharp = &self.ring[y % self.ring.len()];
        let (fours, rest) = self.blurred.as_chunks_mut::<4>();
        let (sharps, sharp) = sharp.as_chunks::<4>();
        for (v, sharp) in fours.iter_mut().zip(sharps) {
            let sharp = F4::load(sharp);
            let more = curve.of(sharp - F4::load(v));
            more.at_least(F4::splat(0.0) - sharp).at_most(F4::splat(white) - sharp).store(v);
        }
        let mut last = ([0.0; 4], [0.0; 4]);
        last.0[..rest.len()].copy_from_slice(rest);
        last.1[..rest.len()].copy_from_slice(sharp);
        let sharp = F4::load(&last.1);
        let more = curve.of(sharp - F4::load(&last.0));
        more.at_least(F4::splat(0.0) - sharp).at_most(F4::splat(white) - sharp).store(&mut last.0);
        rest.copy_from_slice(&last.0[..rest.len()]);
        &self.blurred
    }

    /// Blurs down: the weighted sum of the rows around `y`, the first and last repeated beyond the edges; likewise at both ends, which makes it
    /// wider than a row.
    #[inline(never)]
    fn down(&mut self, y: usize) {
        let Self { height, weights, ring, column, blurred, .. } = self;
        let (reach, width, last) = (weights.len() - 1, blurred.len(), *height - 1);
        let row = |y: usize| ring[y % ring.len()].as_slice();
        let middle = &mut column[reach..][..width];
        sums::set(middle, row(y), weights[0]);
        for (distance, &weight) in weights.iter().enumerate().skip(1) {
            sums::add_both(middle, row(y.saturating_sub(distance)), row((y + distance).min(last)), weight);
        }
        let (first, end) = (column[reach], column[reach + width - 1]);
        column[..reach].fill(first);
        column[reach + width..].fill(end);
    }

    /// Blurs across.
    #[inline(never)]
    fn across(&mut self) {
        let Self { weights, column, blurred, .. } = self;
        let (reach, width) = (weights.len() - 1, blurred.len());
        let from = |start: usize| &column[start..][..width];
        sums::set(blurred, from(reach), weights[0]);
        for (distance, &weight) in weights.iter().enumerate().skip(1) {
            sums::add_both(blurred, from(reach - distance), from(reach + distance), weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Curve = Curve { threshold: 2.0, flat: 1.0, jagged: 2.0, brighter: 10.0, darker: 20.0 };

    #[test]
    fn a_constant_image_stays_constant() {
        for channels in 1..=4 {
            for sigma in [0.3, 1.0, 10.0, f32::NAN, 1e9] {
                let plane = |v: &u8| vec![*v; 35];
                let mut pixels = Planar { planes: [200, 30, 90, 77][..channels].iter().map(plane).collect() };
                let before = pixels.clone();
                sharpen(&mut pixels, 7, sigma, &USUAL);
                assert_eq!(pixels, before);
                sharpen_luma(&mut pixels.planes[0], 7, sigma, &USUAL);
                assert_eq!(pixels, before);
            }
        }
    }

    #[test]
    fn an_edge_gets_steeper_by_the_curve_and_no_more() {
        let row: Vec<u8> = [100; 8].into_iter().chain([110; 8]).collect();
        let mut data = row.repeat(9);
        sharpen_luma(&mut data, 16, 1.0, &USUAL);
        // by hand: weights 20 12 3; at the edge 10 × (12 + 3) / 50 = 3 are lost, one pixel on 10 × 3 / 50 = 0.6
        assert_eq!(
            data[4 * 16..][..16],
            [100, 100, 100, 100, 100, 100, 99, 97, 113, 111, 110, 110, 110, 110, 110, 110]
        );
        let mut strong: Vec<u8> = [[0; 8], [255; 8]].concat().repeat(3);
        strong.iter_mut().for_each(|v| *v = *v / 2 + 60);
        sharpen_luma(&mut strong, 16, 3.0, &USUAL);
        assert_eq!((strong[7], strong[8]), (60 - 51, 187 + 26));
    }

    #[test]
    fn slopes_are_those_that_are_asked_for() {
        let row: Vec<u8> = [100; 8].into_iter().chain([110; 8]).collect();
        let mut data = row.repeat(9);
        sharpen_luma(&mut data, 16, 1.0, &Curve { flat: 0.0, jagged: 0.0, ..USUAL });
        assert_eq!(data, row.repeat(9));
        sharpen_luma(&mut data, 16, 1.0, &Curve { flat: 3.0, ..USUAL });
        assert_eq!(data[4 * 16..][6..10], [98, 91, 119, 112]);
    }

    #[test]
    fn colours_keep_their_hue_and_alpha_is_kept() {
        let column = |dark: u8, light: u8| [vec![dark; 8], vec![light; 8]].concat().repeat(6);
        let mut pixels = Planar { planes: vec![column(80, 160), column(60, 120), column(40, 80), column(7, 9)] };
        let before = pixels.clone();
        sharpen(&mut pixels, 16, 1.0, &USUAL);
        assert_eq!(pixels.planes[3], before.planes[3]);
        for plane in &pixels.planes[..3] {
            assert!(plane[7] < plane[0] && plane[8] > plane[15], "{plane:?}");
        }
    }

    #[test]
    fn the_smallest_images_are_sharpened_without_a_step_outside() {
        for (width, height) in [(1, 1), (1, 5), (5, 1), (0, 0)] {
            let mut pixels = Planar { planes: vec![vec![9; width * height]; 3] };
            sharpen(&mut pixels, width, 10.0, &USUAL);
            assert_eq!(pixels.planes, vec![vec![9; width * height]; 3]);
            sharpen_luma(&mut pixels.planes[0], width, 10.0, &USUAL);
        }
    }
}
