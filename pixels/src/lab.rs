//! Colours changed as they are seen: lightness scaled and moved, chroma scaled, hue turned, in CIE LCh of D65.
//!
//! Source: CIE 15, 8.2 (L*a*b*), with sRGB's primaries. Chroma and hue are polar co-ordinates of a* and b*, so scaling one
//! and turning the other is one matrix, and no angle is ever computed.

use crate::Planar;
use crate::srgb;
use deckle_simd::*;

/// Pixels worked on at once: what they become in between stays in the nearest cache.
pub const BLOCK: usize = 64;

/// What is changed, and tables.
#[derive(Clone, Debug)]
pub struct Lab {
    /// L* is multiplied, then moved.
    scale: f32,
    offset: f32,
    /// What the differences of the roots of X and Y, and of Y and Z, become.
    turn: [[f32; 2]; 2],
    weights: Weights,
    light: [f32; 256],
    samples: [u8; srgb::STEPS],
    /// What each grey becomes.
    greys: [u8; 256],
}

/// sRGB to XYZ, each row divided by the white's.
pub const TO_XYZ: [[f32; 3]; 3] = [
    [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
    [0.2126, 0.7152, 0.0722],
    [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
];

/// And back.
pub const FROM_XYZ: [[f32; 3]; 3] = [
    [3.240_625 * 0.9505, -1.537_208, -0.498_629 * 1.089],
    [-0.968_931 * 0.9505, 1.875_756, 0.041_518 * 1.089],
    [0.055_71 * 0.9505, -0.204_021, 1.056_996 * 1.089],
];

impl Lab {
    /// L* becomes `scale` of it and `offset` more; chroma `chroma` of it; the hue is turned by `degrees`.
    #[inline(never)]
    pub fn new(scale: f32, offset: f32, chroma: f32, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        // a* is 500 (x − y), b* is 200 (y − z)
        let turn = [[chroma * cos, -0.4 * chroma * sin], [2.5 * chroma * sin, chroma * cos]];
        // in units of L* / 116, with the 16 of L* = 116 y − 16
        let offset = (offset + 16.0 - 16.0 * scale) / 116.0;
        let (light, samples) = (srgb::to_light(), srgb::to_samples());
        let weights = Weights::new();
        let mut this = Self { scale, offset, turn, weights, light, samples, greys: [0; 256] };
        let grey: [u8; 256] = std::array::from_fn(|i| i as u8);
        for (from, to) in grey.as_chunks::<BLOCK>().0.iter().zip(0..) {
            let [mut r, mut g, mut b] = [*from; 3];
            // a grey has no chroma, but for the last digits of the white
            let straight = Self { turn: [[0.0; 2]; 2], ..this.clone() };
            straight.block(&mut r, &mut g, &mut b);
            this.greys[to * BLOCK..][..BLOCK].copy_from_slice(&g);
        }
        this
    }

    /// Changes colours; grey stays grey, and alpha as it is.
    #[inline(never)]
    pub fn run(&self, pixels: &mut Planar) {
        let Some([r, g, b]) = pixels.rgb() else {
            pixels.colours().iter_mut().flatten().for_each(|v| *v = self.greys[usize::from(*v)]);
            return;
        };
        let (reds, red) = r.as_chunks_mut::<BLOCK>();
        let (greens, green) = g.as_chunks_mut::<BLOCK>();
        let (blues, blue) = b.as_chunks_mut::<BLOCK>();
        for ((r, g), b) in reds.iter_mut().zip(greens).zip(blues) {
            self.block(r, g, b);
        }
        let mut rest = [[0; BLOCK]; 3];
        let parts = [red, green, blue];
        rest.iter_mut().zip(&parts).for_each(|(block, part)| block[..part.len()].copy_from_slice(part));
        let [r, g, b] = &mut rest;
        self.block(r, g, b);
        parts.into_iter().zip(&rest).for_each(|(part, block)| part.copy_from_slice(&block[..part.len()]));
    }

    fn block(&self, r: &mut [u8; BLOCK], g: &mut [u8; BLOCK], b: &mut [u8; BLOCK]) {
        let (mut v, mut index) = ([[0.0; BLOCK]; 3], [[0_i16; BLOCK]; 3]);
        self.look_up(r, g, b, &mut v);
        self.change(&v, &mut index);
        self.look_back(&index, r, g, b);
    }

    #[inline(never)]
    fn look_up(&self, r: &[u8; BLOCK], g: &[u8; BLOCK], b: &[u8; BLOCK], v: &mut [[f32; BLOCK]; 3]) {
        for (samples, light) in [r, g, b].into_iter().zip(v) {
            for (light, &sample) in light.iter_mut().zip(samples) {
                *light = self.light[usize::from(sample)];
            }
        }
    }

    /// Light of sRGB's primaries to indices of the changed colours.
    #[inline(never)]
    fn change(&self, light: &[[f32; BLOCK]; 3], index: &mut [[i16; BLOCK]; 3]) {
        let turn = self.turn.map(|row| row.map(F4::splat));
        let (scale, offset) = (F4::splat(self.scale), F4::splat(self.offset));
        let [[aa, ab], [ba, bb]] = turn;
        self.weights.each_four(light, index, |_, [x, y, z]| {
            let (a, b) = (x - y, y - z);
            let y = scale * y + offset;
            [y + aa * a + ab * b, y, y - ba * a - bb * b]
        });
    }

    #[inline(never)]
    fn look_back(&self, index: &[[i16; BLOCK]; 3], r: &mut [u8; BLOCK], g: &mut [u8; BLOCK], b: &mut [u8; BLOCK]) {
        for (samples, index) in [r, g, b].into_iter().zip(index) {
            for (sample, &index) in samples.iter_mut().zip(index) {
                *sample = self.samples[index as usize & (srgb::STEPS - 1)];
            }
        }
    }
}

/// Numbers that pixels are worked on with, each four times. They are read where they are used: V8 makes a constant vector anew at each use, and of several
/// instructions.
#[derive(Clone, Debug)]
pub struct Weights {
    to_xyz: [[[f32; 4]; 3]; 3],
    /// To what indices are made of: see [`srgb::indices`].
    to_light: [[[f32; 4]; 3]; 3],
    dark: [f32; 4],
    bright: [f32; 4],
    roots: Roots,
}

/// Those of CIE's cube root, and of its inverse.
#[derive(Clone, Debug)]
struct Roots {
    joint: [f32; 4],
    third: [f32; 4],
    guess: [f32; 4],
    slope: [f32; 4],
    joint_root: [f32; 4],
    inverse: [f32; 4],
}

impl Weights {
    #[inline(never)]
    pub fn new() -> Self {
        let four = |v: f32| [v; 4];
        let to_light = FROM_XYZ.map(|row| row.map(|v| four(v * (1.0 - srgb::DARK))));
        let roots = Roots {
            joint: four(0.008_856),
            third: four(1.0 / 3072.0),
            guess: four(8_388_608.0 + 693_326.0),
            slope: four(7.787),
            joint_root: four(0.206_893),
            inverse: four(1.0 / 7.787),
        };
        let to_xyz = TO_XYZ.map(|row| row.map(four));
        Self { to_xyz, to_light, dark: four(srgb::DARK), bright: four(srgb::BRIGHT), roots }
    }

    /// The root of Y for light of sRGB's primaries.
    #[inline(always)]
    pub fn root_of_y(&self, light: [F4; 3]) -> F4 {
        self.roots.root(times_four(&self.to_xyz[1], light))
    }

    /// The root of one.
    pub fn root(&self, t: f32) -> f32 {
        first(self.roots.root(F4::splat(t)))
    }

    /// The inverse of [`Self::root`].
    pub fn cube(&self, t: f32) -> f32 {
        first(self.roots.cube(F4::splat(t)))
    }

    /// Light of sRGB's primaries to indices into [`srgb::to_samples`], by what becomes of the roots of X, Y and Z; `change` is told which four of the
    /// pixels they are of.
    #[inline(always)]
    pub fn each_four(
        &self,
        light: &[[f32; BLOCK]; 3],
        index: &mut [[i16; BLOCK]; 3],
        change: impl Fn(usize, [F4; 3]) -> [F4; 3],
    ) {
        let fours = light.each_ref().map(|light| light.as_chunks::<4>().0);
        for i in 0..BLOCK / 8 {
            let four = |i: usize| fours.map(|fours| F4::load(&fours[i]));
            let first = self.index_four(four(2 * i), |roots| change(2 * i, roots));
            let second = self.index_four(four(2 * i + 1), |roots| change(2 * i + 1, roots));
            for ((index, first), second) in index.iter_mut().zip(first).zip(second) {
                store(&mut index.as_chunks_mut::<8>().0[i], narrow32(first, second));
            }
        }
    }

    /// In the caller, always: what it takes and gives would go through memory.
    #[inline(always)]
    fn index_four(&self, light: [F4; 3], change: impl Fn([F4; 3]) -> [F4; 3]) -> [V128; 3] {
        let (dark, bright) = (F4::load(&self.dark), F4::load(&self.bright));
        let [x, y, z] = &self.to_xyz;
        let roots = [x, y, z].map(|row| self.roots.root(times_four(row, light)));
        let [x, y, z] = change(roots);
        let xyz = [self.roots.cube(x), self.roots.cube(y), self.roots.cube(z)];
        let [r, g, b] = &self.to_light;
        [r, g, b].map(|row| srgb::indices(times_four(row, xyz) + dark, dark, bright))
    }
}

impl Roots {
    /// CIE's cube root with its straight part in the dark, for 0 to 1.2. The root is guessed from a third of the number's bits and made better
    /// by one round of Halley's method: within 3 in 100,000.
    #[inline(always)]
    fn root(&self, t: F4) -> F4 {
        let bright = t.at_least(F4::load(&self.joint));
        // a third of the bits and a constant, in units of 1,024, as the lower bits of a number beyond 2²³
        let third = F4::of_ints(bright.to_bits()) * F4::load(&self.third) + F4::load(&self.guess);
        let guess = F4::of_bits(shl32::<10>(third.to_bits()));
        let cube = guess * guess * guess;
        let root = guess * (cube + bright + bright) / (cube + cube + bright);
        // what is darker lies on a straight line
        root + F4::load(&self.slope) * (t - bright)
    }

    /// The inverse of [`Self::root`].
    #[inline(always)]
    fn cube(&self, t: F4) -> F4 {
        let bright = t.at_least(F4::load(&self.joint_root));
        bright * bright * bright + (t - bright) * F4::load(&self.inverse)
    }
}

pub fn times(row: [f32; 3], v: [f32; 3]) -> f32 {
    row[0] * v[0] + row[1] * v[1] + row[2] * v[2]
}

#[inline(always)]
fn times_four(row: &[[f32; 4]; 3], v: [F4; 3]) -> F4 {
    F4::load(&row[0]) * v[0] + F4::load(&row[1]) * v[1] + F4::load(&row[2]) * v[2]
}

fn first(v: F4) -> f32 {
    let mut all = [0.0; 4];
    v.store(&mut all);
    all[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(lab: &Lab, rgb: [u8; 3]) -> [u8; 3] {
        let mut pixels = Planar { planes: rgb.map(|v| vec![v]).to_vec() };
        lab.run(&mut pixels);
        [pixels.planes[0][0], pixels.planes[1][0], pixels.planes[2][0]]
    }

    /// By the book, in double precision, through LCh.
    fn by_the_book(rgb: [u8; 3], scale: f64, offset: f64, chroma: f64, degrees: f64) -> [f64; 3] {
        let light = rgb.map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        });
        let dot = |row: [f32; 3], v: [f64; 3]| row.iter().zip(v).map(|(a, b)| f64::from(*a) * b).sum::<f64>();
        let root = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let [x, y, z] = TO_XYZ.map(|row| root(dot(row, light)));
        let (l, a, b) = (116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z));
        let (l, c, h) = (l * scale + offset, a.hypot(b) * chroma, b.atan2(a) + degrees.to_radians());
        let y = (l + 16.0) / 116.0;
        let cube = |t: f64| if t > 0.206893 { t.powi(3) } else { (t - 16.0 / 116.0) / 7.787 };
        let xyz = [y + c * h.cos() / 500.0, y, y - c * h.sin() / 200.0].map(cube);
        FROM_XYZ.map(|row| {
            let v = dot(row, xyz).clamp(0.0, 1.0);
            255.0 * if v <= 0.0031308 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
        })
    }

    #[test]
    fn colours_change_by_the_book_to_a_level() {
        let cases = [
            (1.0, 0.0, 1.0, 0.0),
            (1.3, 0.0, 1.0, 0.0),
            (0.5, 0.0, 1.0, 0.0),
            (1.0, 0.0, 2.0, 0.0),
            (1.0, 0.0, 0.0, 0.0),
            (1.0, 0.0, 1.0, 180.0),
            (0.8, 20.0, 1.5, 77.0),
            (1.0, -40.0, 1.0, 300.0),
        ];
        for (scale, offset, chroma, degrees) in cases {
            let lab = Lab::new(scale, offset, chroma, degrees);
            for i in 0..4096_u32 {
                let rgb = [i % 16, i / 16 % 16, i / 256].map(|v| v as u8 * 17);
                let exact = by_the_book(rgb, scale.into(), offset.into(), chroma.into(), degrees.into());
                for (v, exact) in changed(&lab, rgb).into_iter().zip(exact) {
                    assert!(
                        (f64::from(v) - exact).abs() < 1.1,
                        "{rgb:?} {scale} {offset} {chroma} {degrees}: {v} {exact}"
                    );
                }
            }
        }
    }

    #[test]
    fn roots_and_cubes_are_those_of_the_book() {
        let weights = Weights::new();
        for i in 0..=12_000 {
            let t = i as f32 / 10_000.0;
            let exact = if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
            assert!((weights.root(t) - exact).abs() < 5e-5, "{t}: {} {exact}", weights.root(t));
            assert!((weights.cube(exact) - t).abs() < 5e-5, "{t}: {}", weights.cube(exact));
        }
    }

    #[test]
    fn changing_nothing_changes_nothing() {
        let lab = Lab::new(1.0, 0.0, 1.0, 0.0);
        for v in 0..=255 {
            assert_eq!(changed(&lab, [v; 3]), [v; 3]);
            assert_eq!(lab.greys[usize::from(v)], v);
        }
    }

    #[test]
    fn values_beyond_reason_give_some_colour() {
        for scale in [0.0, 1e9, f32::MAX, f32::INFINITY, f32::NAN] {
            for chroma in [0.0, 1e9, f32::MAX, f32::NAN] {
                changed(&Lab::new(scale, -1e9, chroma, 1e9), [9, 200, 77]);
            }
        }
    }

    #[test]
    fn grey_stays_one_plane_and_alpha_is_kept() {
        let mut pixels = Planar { planes: vec![vec![100, 200], vec![3, 4]] };
        Lab::new(0.5, 0.0, 3.0, 90.0).run(&mut pixels);
        assert_eq!(pixels.planes[1], [3, 4]);
        assert!(pixels.planes[0][0] < 60 && pixels.planes.len() == 2);
    }
}
