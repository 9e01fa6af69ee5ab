//! Mirroring and quarter turns.

use crate::image::{Orientation, Pixels};

/// Lays the image as `by` says. In place unless width and height change places.
#[inline(never)]
pub fn turn(image: Pixels, by: Orientation) -> Pixels {
    if by.is_identity() {
        return image;
    }
    let Pixels { size, channels, data } = image;
    let data = deckle_pixels::turn(data, size.width as usize, channels, by.mirror, by.turns % 4);
    Pixels { size: by.apply(size), channels, data }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    #[test]
    fn a_quarter_turn_exchanges_the_sides_and_four_are_nothing() {
        let size = Size { width: 3, height: 2 };
        let image = Pixels { size, channels: 1, data: vec![1, 2, 3, 4, 5, 6] };
        let quarter = Orientation { mirror: false, turns: 1 };
        let turned = turn(image.clone(), quarter);
        assert_eq!((turned.size, turned.data.as_slice()), (size.turned(), &[4, 1, 5, 2, 6, 3][..]));
        assert_eq!((0..3).fold(turned, |image, _| turn(image, quarter)), image);
    }
}
