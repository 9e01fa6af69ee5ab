//! Sharpening, as sharp's `sharpen` has it: of CIE L*, or of the luma of planes; colours keep their hue, alpha is kept.

use deckle_pixels::{Curve, Planar, Space, join, sharpen, sharpen_luma, sharpen_memory, split};

use crate::image::{Pixels, Size};

/// How far sharpening reaches, and what it adds for a difference from the blur. All numbers are in ten-thousandths, those of lightness of 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sharpen {
    /// Standard deviation of the Gaussian blur that is compared with, in pixels.
    pub sigma: u32,
    /// Slope of small differences: sharp's `m1`.
    pub flat: u32,
    /// Slope of large ones: `m2`.
    pub jagged: u32,
    /// Where small differences end: `x1`.
    pub threshold: u32,
    /// The most that is added: `y2`.
    pub brighter: u32,
    /// The most that is taken away: `y3`.
    pub darker: u32,
}

impl Sharpen {
    /// With sharp's slopes and bounds.
    pub const fn new(sigma: u32) -> Self {
        Self { sigma, flat: 10_000, jagged: 20_000, threshold: 20_000, brighter: 100_000, darker: 200_000 }
    }

    fn pixels(self) -> f32 {
        // beyond this a mask would be larger than any image
        decimal(self.sigma.min(10_000_000))
    }

    fn curve(self) -> Curve {
        let Self { flat, jagged, threshold, brighter, darker, .. } = self;
        Curve {
            threshold: decimal(threshold),
            flat: decimal(flat),
            jagged: decimal(jagged),
            brighter: decimal(brighter),
            darker: decimal(darker),
        }
    }

    pub(super) fn aside(self, size: Size) -> u64 {
        sharpen_memory(size.width.into(), self.pixels())
    }

    #[inline(never)]
    pub(super) fn apply(self, image: Pixels) -> Pixels {
        let Pixels { size, channels, mut data } = image;
        let mut planes = Planar::default();
        // premultiplied, so that the colour of nothing has no part in it
        let space = Space::of(channels, true);
        planes.resize(data.len() / usize::from(channels), channels);
        split(&data, space, &mut planes.planes);
        sharpen(&mut planes, size.width as usize, self.pixels(), &self.curve());
        join(space, &planes.planes, &mut data);
        Pixels { size, channels, data }
    }

    /// Luma alone.
    pub(super) fn apply_to_planes(self, planes: &mut [Pixels]) {
        if let Some(luma) = planes.first_mut() {
            sharpen_luma(&mut luma.data, luma.size.width as usize, self.pixels(), &self.curve());
        }
    }

    /// Steps that a pixel takes.
    pub(super) fn work(self) -> u64 {
        u64::from(deckle_pixels::sharpen_reach(self.pixels())) + 100
    }
}

fn decimal(v: u32) -> f32 {
    v as f32 / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn a_single_pixel_has_nothing_to_be_sharper_than() {
        assert_eq!(pixel(&[1, 2, 3, 255], Operation::Sharpen(Sharpen::new(10_000))), [1, 2, 3, 255]);
        assert_eq!(pixel(&[1, 2, 3], Operation::Sharpen(Sharpen::new(u32::MAX))), [1, 2, 3]);
    }

    #[test]
    fn it_takes_as_many_steps_as_the_blur_reaches_far() {
        assert_eq!(Sharpen::new(10_000).work(), 102);
        assert_eq!(Sharpen::new(100_000).work(), 121);
    }
}
