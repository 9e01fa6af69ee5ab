//! Gaussian blur, as sharp's `blur` has it; alpha is blurred, too.

use deckle_pixels::blur_memory;

use super::filter::by_planes;
use crate::image::{Pixels, Size};

/// How far it blurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Blur {
    /// Standard deviation, in ten-thousandths of a pixel.
    pub sigma: u32,
}

impl Blur {
    fn pixels(self) -> f32 {
        self.sigma as f32 / 10_000.0
    }

    pub(super) fn apply(self, image: Pixels) -> Pixels {
        by_planes(image, true, |plane, width| deckle_pixels::blur(plane, width, self.pixels()))
    }

    /// Luma, and chroma of half the size by half as much.
    pub(super) fn apply_to_planes(self, planes: &mut [Pixels]) {
        for (i, plane) in planes.iter_mut().enumerate() {
            let sigma = if i == 0 { self.pixels() } else { self.pixels() / 2.0 };
            deckle_pixels::blur(&mut plane.data, plane.size.width as usize, sigma);
        }
    }

    /// Bytes that it takes beside two images.
    pub(super) fn aside(size: Size) -> u64 {
        blur_memory(size.width.into(), size.height.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn the_colour_of_nothing_does_not_bleed() {
        let mut image = Pixels { size: Size { width: 12, height: 1 }, channels: 4, data: [0, 255, 0, 0].repeat(12) };
        image.data[..24].copy_from_slice(&[200, 0, 0, 255].repeat(6));
        let out = Operation::Blur(Blur { sigma: 20_000 }).apply(image);
        let (pixels, _) = out.data.as_chunks::<4>();
        assert!(pixels.iter().all(|p| p[3] < 4 || p[0].abs_diff(200) < 40 && p[1] == 0), "{pixels:?}");
        assert!(pixels[6][3] > 20 && pixels[5][3] < 235);
    }

    #[test]
    fn a_single_pixel_stays() {
        assert_eq!(pixel(&[1, 2, 3], Operation::Blur(Blur { sigma: u32::MAX })), [1, 2, 3]);
    }
}
