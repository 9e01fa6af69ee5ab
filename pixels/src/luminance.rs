//! The grey that is as bright as a colour: luminance (CIE Y) of its light, by ITU-R BT.709's primaries, as a sample of sRGB.

use crate::srgb;

/// Entries of the way back; luminance in so many steps.
const STEPS: usize = 4096;

/// What each colour adds to luminance, in 65,536ths of a step, and the sample of each step.
#[derive(Clone, Debug)]
pub struct Luminance {
    shares: [[u32; 256]; 3],
    samples: [u8; STEPS],
}

impl Luminance {
    /// Its tables.
    #[inline(never)]
    pub fn new() -> Self {
        let light = srgb::to_light();
        let whole = (STEPS - 1) as f32 * 65_536.0;
        let share = |weight: f32| light.map(|light| (light * weight * whole) as u32);
        let samples = std::array::from_fn(|i| (srgb::sample(i as f32 / (STEPS - 1) as f32) * 255.0 + 0.5) as u8);
        Self { shares: [0.2126, 0.7152, 0.0722].map(share), samples }
    }

    /// Writes grey into the red plane.
    #[inline(never)]
    pub fn run(&self, [red, green, blue]: [&mut [u8]; 3]) {
        let [reds, greens, blues] = &self.shares;
        for ((r, &mut g), &mut b) in red.iter_mut().zip(green).zip(blue) {
            let sum = reds[usize::from(*r)] + greens[usize::from(g)] + blues[usize::from(b)];
            *r = self.samples[((sum + 32_768) >> 16) as usize & (STEPS - 1)];
        }
    }
}

impl Default for Luminance {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(r: u8, g: u8, b: u8) -> u8 {
        let (mut r, mut g, mut b) = ([r], [g], [b]);
        Luminance::new().run([&mut r, &mut g, &mut b]);
        r[0]
    }

    #[test]
    fn greys_keep_their_value_and_colours_have_that_of_their_light() {
        assert!((0..=255).all(|v| of(v, v, v).abs_diff(v) <= u8::from(v < 12)));
        // 0.2126 to the power of 1 / 2.4, and so on, by hand
        assert_eq!([of(255, 0, 0), of(0, 255, 0), of(0, 0, 255)], [127, 220, 76]);
    }
}
