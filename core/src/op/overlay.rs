//! Another picture laid over this one.

use deckle_pixels::{Blend, Laid};

use super::{widen, widened};
use crate::image::{Pixels, Size};

/// A picture that is laid on this one, its size and place resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Overlay {
    /// Which of the pictures that the image has been given.
    pub layer: usize,
    /// Its size as it is laid.
    pub size: Size,
    /// From the left edge; may be outside.
    pub x: i64,
    /// From the top edge; may be outside.
    pub y: i64,
    /// How much of it shows, in percent.
    pub opacity: u8,
    /// How colours are mixed.
    pub blend: Blend,
    /// Whether it is repeated in all directions.
    pub tile: bool,
}

impl Overlay {
    pub(super) fn channels(&self, entering: u8) -> u8 {
        widened(entering, true, self.blend.cuts())
    }

    /// The picture as [`Self::lay`] wants it: in RGBA.
    pub(crate) fn ready(layer: Pixels) -> Pixels {
        widen(layer, true, true)
    }

    /// Lays the picture, which has this overlay's size and is [`Self::ready`].
    #[inline(never)]
    pub(crate) fn lay(&self, image: Pixels, layer: &Pixels) -> Pixels {
        let mut image = widen(image, true, self.blend.cuts());
        let laid = Laid {
            width: image.size.width as usize,
            channels: image.channels,
            above: layer.size.width as usize,
            x: self.x,
            y: self.y,
            opacity: ((u32::from(self.opacity) * 255 + 50) / 100) as u8,
            blend: self.blend,
            tile: self.tile,
        };
        deckle_pixels::lay(&mut image.data, &layer.data, &laid);
        image
    }
}
