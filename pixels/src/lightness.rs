//! CIE L* of rows of colours, and rows made lighter or darker by it with a* and b* kept.

use crate::lab::{BLOCK, Weights};
use crate::srgb;
use deckle_simd::F4;

/// A change of L* that cannot be seen: a quarter of a level.
const NOTHING: f32 = 0.1;

/// Tables of sRGB.
pub struct Lightness {
    weights: Weights,
    light: [f32; 256],
    samples: [u8; srgb::STEPS],
}

type Block = [u8; BLOCK];

impl Lightness {
    pub fn new() -> Self {
        Self { weights: Weights::new(), light: srgb::to_light(), samples: srgb::to_samples() }
    }

    /// Writes L*, 0 to 100, of colours, or of grey.
    #[inline(never)]
    pub fn of(&self, planes: [&[u8]; 3], out: &mut [f32]) {
        for (i, out) in out.chunks_mut(BLOCK).enumerate() {
            let mut light = [[0.0; BLOCK]; 3];
            for (light, plane) in light.iter_mut().zip(planes) {
                light.iter_mut().zip(&plane[i * BLOCK..]).for_each(|(light, &v)| *light = self.light[usize::from(v)]);
            }
            let l = lightness(&self.weights, &light);
            out.copy_from_slice(&l[..out.len()]);
        }
    }

    /// Adds to the L* of colours.
    #[inline(never)]
    pub fn shift(&self, [r, g, b]: [&mut [u8]; 3], by: &[f32]) {
        let rows = r.chunks_mut(BLOCK).zip(g.chunks_mut(BLOCK)).zip(b.chunks_mut(BLOCK)).zip(by.chunks(BLOCK));
        for (((r, g), b), by) in rows {
            if by.iter().all(|v| v.abs() < NOTHING) {
                continue;
            }
            let mut whole = ([0; BLOCK], [0; BLOCK], [0; BLOCK], [0.0; BLOCK]);
            let count = by.len();
            whole.0[..count].copy_from_slice(r);
            whole.1[..count].copy_from_slice(g);
            whole.2[..count].copy_from_slice(b);
            whole.3[..count].copy_from_slice(by);
            self.block(&mut whole.0, &mut whole.1, &mut whole.2, &whole.3);
            r.copy_from_slice(&whole.0[..count]);
            g.copy_from_slice(&whole.1[..count]);
            b.copy_from_slice(&whole.2[..count]);
        }
    }

    /// Adds to the L* of grey.
    #[inline(never)]
    pub fn shift_grey(&self, grey: &mut [u8], by: &[f32]) {
        for (v, by) in grey.iter_mut().zip(by).filter(|(_, by)| by.abs() >= NOTHING) {
            let light = self.weights.cube(self.weights.root(self.light[usize::from(*v)]) + by / 116.0);
            *v = self.samples[srgb::index(light)];
        }
    }

    #[inline(never)]
    fn block(&self, r: &mut Block, g: &mut Block, b: &mut Block, by: &[f32; BLOCK]) {
        let mut light = [[0.0; BLOCK]; 3];
        for (light, plane) in light.iter_mut().zip([&*r, &*g, &*b]) {
            light.iter_mut().zip(plane).for_each(|(light, &v)| *light = self.light[usize::from(v)]);
        }
        let mut index = [[0_i16; BLOCK]; 3];
        shifted(&self.weights, &light, by, &mut index);
        for (plane, index) in [r, g, b].into_iter().zip(&index) {
            plane.iter_mut().zip(index).for_each(|(v, &i)| *v = self.samples[i as usize & (srgb::STEPS - 1)]);
        }
    }
}

#[inline(never)]
fn lightness(weights: &Weights, light: &[[f32; BLOCK]; 3]) -> [f32; BLOCK] {
    let mut out = [0.0; BLOCK];
    let fours = light.each_ref().map(|light| light.as_chunks::<4>().0);
    for (i, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let root = weights.root_of_y(fours.map(|fours| F4::load(&fours[i])));
        (F4::splat(116.0) * root - F4::splat(16.0)).store(out);
    }
    out
}

#[inline(never)]
fn shifted(weights: &Weights, light: &[[f32; BLOCK]; 3], by: &[f32; BLOCK], index: &mut [[i16; BLOCK]; 3]) {
    let (by, _) = by.as_chunks::<4>();
    weights.each_four(light, index, |i, roots| {
        let by = F4::load(&by[i]) * F4::splat(1.0 / 116.0);
        roots.map(|root| root + by)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lightness_is_from_black_to_white_and_comes_back() {
        let lightness = Lightness::new();
        let greys: Vec<u8> = (0..=255).collect();
        let mut l = vec![0.0; 256];
        lightness.of([&greys; 3], &mut l);
        assert!(l[0].abs() < 0.01 && (l[255] - 100.0).abs() < 0.05 && (l[119] - 50.0).abs() < 0.2, "{}", l[119]);
        for by in [-7.0, 9.0] {
            let (mut r, mut g, mut b, mut grey) = (greys.clone(), greys.clone(), greys.clone(), greys.clone());
            lightness.shift([&mut r, &mut g, &mut b], &[by; 256]);
            lightness.shift_grey(&mut grey, &[by; 256]);
            assert!(r.iter().zip(&grey).all(|(r, grey)| r.abs_diff(*grey) <= 1));
            let mut now = vec![0.0; 256];
            lightness.of([&r, &g, &b], &mut now);
            for v in 40..200 {
                assert!((now[v] - l[v] - by).abs() < 0.3, "{v}: {} {}", now[v], l[v]);
            }
        }
    }
}
