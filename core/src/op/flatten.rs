//! Laying transparency on a colour: source over an opaque backdrop (Porter and Duff 1984), on gamma-encoded samples.

use super::{compact, is_grey, widen};
use crate::edit::Colour;
use crate::image::Pixels;

/// Removes alpha. An image without alpha is left as it is; grey stays grey on a grey background.
#[inline(never)]
pub fn apply(image: Pixels, background: Option<Colour>) -> Pixels {
    let (Some(colour), 2 | 4) = (background, image.channels) else {
        return image;
    };
    let mut image = if is_grey(colour) { image } else { widen(image, true, true) };
    if image.channels == 2 {
        compact(&mut image.data, |[v, a]| [over(v, colour.r, a)]);
    } else {
        compact(&mut image.data, |[r, g, b, a]| [over(r, colour.r, a), over(g, colour.g, a), over(b, colour.b, a)]);
    }
    Pixels { channels: image.channels - 1, ..image }
}

fn over(sample: u8, under: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(sample) * alpha + u32::from(under) * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    fn flattened(data: &[u8], background: Colour) -> Vec<u8> {
        let size = Size { width: 1, height: 1 };
        apply(Pixels { size, channels: data.len() as u8, data: data.to_vec() }, Some(background)).data
    }

    #[test]
    fn transparent_shows_the_background_and_opaque_the_image() {
        let red = Colour { r: 200, g: 10, b: 20, a: 255 };
        assert_eq!(flattened(&[1, 2, 3, 0], red), [200, 10, 20]);
        assert_eq!(flattened(&[1, 2, 3, 255], red), [1, 2, 3]);
        assert_eq!(flattened(&[0, 0, 0, 128], Colour::WHITE), [127; 3]);
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
