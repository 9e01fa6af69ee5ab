//! Padding: the image on a larger canvas of one colour.

use std::borrow::Cow;

use super::{ground, needed, widened};
use crate::image::{Colour, Pixels, Size};

/// The image on a larger canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Canvas {
    /// Of the canvas.
    pub size: Size,
    /// Where the image's left edge lies.
    pub x: u32,
    /// Where the image's top edge lies.
    pub y: u32,
    /// Colour around it.
    pub background: Colour,
}

impl Canvas {
    pub(super) fn channels(&self, entering: u8) -> u8 {
        let (colour, alpha) = needed(self.background);
        widened(entering, colour, alpha)
    }

    /// Lays the image on the canvas, which gains colour or alpha channels where its background needs them. Parts of the image
    /// outside the canvas are cut off; a plan never places any there.
    #[inline(never)]
    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        let channels = self.channels(image.channels);
        let mut data = ground(self.background, channels).repeat(self.size.width as usize * self.size.height as usize);
        let row = image.size.width as usize * usize::from(image.channels);
        let rows = data.chunks_exact_mut(self.size.width as usize * usize::from(channels)).skip(self.y as usize);
        for (target, source) in rows.zip(image.data.chunks_exact(row)) {
            self.lay(source, image.channels, target);
        }
        Pixels { size: self.size, channels, data }
    }

    /// A row of the canvas alone, for an image of so many channels.
    pub(crate) fn empty_row(&self, channels: u8) -> Vec<u8> {
        ground(self.background, self.channels(channels)).repeat(self.size.width as usize)
    }

    /// Lays a row of the image, of so many channels, on a row of the canvas.
    pub(crate) fn lay(&self, row: &[u8], channels: u8, out: &mut [u8]) {
        let (colour, alpha) = needed(self.background);
        let leaving = self.channels(channels);
        let row = match leaving == channels {
            true => Cow::Borrowed(row),
            false => Cow::Owned(deckle_pixels::widen(row.to_vec(), channels, colour, alpha).0),
        };
        let left = (self.x as usize * usize::from(leaving)).min(out.len());
        let shown = row.len().min(out.len() - left);
        out[left..left + shown].copy_from_slice(&row[..shown]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOT: Size = Size { width: 1, height: 1 };

    fn padded(data: &[u8], background: Colour) -> Pixels {
        let image = Pixels { size: DOT, channels: data.len() as u8, data: data.to_vec() };
        Canvas { size: Size { width: 3, height: 2 }, x: 1, y: 1, background }.apply(image)
    }

    #[test]
    fn the_image_lies_where_it_is_told() {
        let out = padded(&[1, 2, 3], Colour { r: 7, g: 8, b: 9, a: 255 });
        assert_eq!(out.channels, 3);
        assert_eq!(out.data, [7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9, 1, 2, 3, 7, 8, 9]);
    }

    #[test]
    fn channels_are_added_only_where_the_background_needs_them() {
        assert_eq!(padded(&[5], Colour::WHITE).channels, 1);
        assert_eq!(padded(&[5], Colour::TRANSPARENT).channels, 2);
        assert_eq!(padded(&[5], Colour { r: 1, g: 2, b: 3, a: 255 }).channels, 3);
        assert_eq!(padded(&[5], Colour { r: 1, g: 2, b: 3, a: 4 }).channels, 4);
        assert_eq!(padded(&[1, 2, 3], Colour::TRANSPARENT).data[..4], [0; 4]);
    }
}
