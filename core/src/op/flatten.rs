//! Laying transparency on a colour.

use super::{is_grey, widen, widened};
use crate::image::{Colour, Pixels};

pub fn channels(colour: Colour, entering: u8) -> u8 {
    if entering.is_multiple_of(2) { widened(entering, !is_grey(colour), false) - 1 } else { entering }
}

/// Removes alpha. An image without alpha is left as it is; grey stays grey on a grey background.
#[inline(never)]
pub fn apply(image: Pixels, colour: Colour) -> Pixels {
    if !image.channels.is_multiple_of(2) {
        return image;
    }
    let mut image = if is_grey(colour) { image } else { widen(image, true, true) };
    deckle_pixels::flatten(&mut image.data, image.channels, [colour.r, colour.g, colour.b]);
    Pixels { channels: image.channels - 1, ..image }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    fn flattened(data: &[u8], background: Colour) -> Vec<u8> {
        let size = Size { width: 1, height: 1 };
        apply(Pixels { size, channels: data.len() as u8, data: data.to_vec() }, background).data
    }

    #[test]
    fn grey_stays_grey_on_grey_and_gains_colour_on_a_colour() {
        assert_eq!(flattened(&[10, 255], Colour::WHITE), [10]);
        assert_eq!(flattened(&[10, 0], Colour { r: 1, g: 2, b: 3, a: 255 }), [1, 2, 3]);
    }

    #[test]
    fn an_image_without_alpha_is_left_alone() {
        assert_eq!(flattened(&[1, 2, 3], Colour::WHITE), [1, 2, 3]);
    }
}
