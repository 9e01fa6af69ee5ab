//! Rounded corners, over a background.

use super::{ground, needed, widen, widened};
use crate::image::{Colour, Pixels, Radius, Size};

/// Corners that are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Corners {
    /// How far from the corner rounding begins.
    pub radius: Radius,
    /// Colour outside of them.
    pub background: Colour,
}

impl Corners {
    pub(super) fn channels(&self, entering: u8) -> u8 {
        let (colour, alpha) = needed(self.background);
        widened(entering, colour, alpha)
    }

    #[inline(never)]
    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        let (colour, alpha) = needed(self.background);
        let mut image = widen(image, colour, alpha);
        let row = image.size.width as usize * usize::from(image.channels);
        let (size, channels) = (image.size, image.channels);
        image.data.chunks_exact_mut(row).enumerate().for_each(|(y, row)| self.round(row, y as u32, size, channels));
        image
    }

    /// Rounds row `y` of an image of this size, which has the channels that leave.
    pub(crate) fn round(&self, row: &mut [u8], y: u32, size: Size, channels: u8) {
        let radii = self.radii(size);
        deckle_pixels::round_row(row, y, (size.width, size.height), radii, &ground(self.background, channels));
    }

    /// A row of the image, of so many channels, with those that leave.
    pub(crate) fn widen_row(&self, row: &[u8], channels: u8, out: &mut [u8]) {
        let (colour, alpha) = needed(self.background);
        let (row, _) = deckle_pixels::widen(row.to_vec(), channels, colour, alpha);
        out.copy_from_slice(&row);
    }

    /// Half of a side at most.
    fn radii(&self, size: Size) -> (f32, f32) {
        let (width, height) = (size.width as f32, size.height as f32);
        match self.radius {
            Radius::Pixels(radius) => {
                let radius = (radius as f32).min(width / 2.0).min(height / 2.0);
                (radius, radius)
            }
            Radius::Share(share) => {
                let share = (share as f32 / 10_000.0).min(0.5);
                (width * share, height * share)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(radius: Radius) -> Vec<u8> {
        let image = Pixels { size: Size { width: 20, height: 10 }, channels: 1, data: vec![255; 200] };
        let black = Colour { r: 0, g: 0, b: 0, a: 255 };
        Corners { radius, background: black }.apply(image).data
    }

    #[test]
    fn pixels_make_circles_and_shares_make_ellipses() {
        let row = |data: &[u8], y: usize| data[y * 20..][..20].iter().filter(|&&v| v < 128).count();
        assert_eq!((row(&corners(Radius::Pixels(4)), 0), row(&corners(Radius::Pixels(4)), 4)), (4, 0));
        assert_eq!(corners(Radius::Pixels(500)), corners(Radius::Pixels(5)));
        assert_eq!(corners(Radius::Share(10_000)), corners(Radius::Share(5_000)));
        assert!(row(&corners(Radius::Share(5_000)), 0) > row(&corners(Radius::Pixels(5)), 0));
        assert!(corners(Radius::Pixels(0)).iter().all(|&v| v == 255));
    }
}
