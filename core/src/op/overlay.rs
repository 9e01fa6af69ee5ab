//! Another picture laid over this one.

use deckle_pixels::Laid;

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
}

impl Overlay {
    pub(super) fn channels(&self, entering: u8) -> u8 {
        widened(entering, true, false)
    }

    /// Lays the picture, which has this overlay's size.
    #[inline(never)]
    pub(crate) fn lay(&self, image: Pixels, layer: Pixels) -> Pixels {
        let mut image = widen(image, true, false);
        let layer = widen(layer, true, true);
        let laid = Laid {
            width: image.size.width as usize,
            channels: image.channels,
            above: layer.size.width as usize,
            x: self.x,
            y: self.y,
            opacity: ((u32::from(self.opacity) * 255 + 50) / 100) as u8,
        };
        deckle_pixels::lay(&mut image.data, &layer.data, &laid);
        image
    }
}
