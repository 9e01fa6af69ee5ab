//! One colour laid on a picture where a mask covers it.

use crate::lay;

/// Where on a picture a mask of one colour is laid; it lies within it.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// Pixels of a row of the picture.
    pub width: usize,
    /// Channels of the picture, 3 or 4.
    pub channels: u8,
    /// Pixels of a row of the mask.
    pub mask: usize,
    /// The mask's left edge.
    pub x: usize,
    /// The mask's top edge.
    pub y: usize,
    /// The colour.
    pub colour: [u8; 3],
    /// How much of it shows, 0 to 255.
    pub opacity: u8,
}

/// Lays the colour on RGB or RGBA.
pub fn stamp(picture: &mut [u8], mask: &[u8], stamp: &Stamp) {
    let channels = usize::from(stamp.channels);
    if stamp.width == 0 || stamp.mask == 0 {
        return;
    }
    let rows = picture.chunks_exact_mut(stamp.width * channels).skip(stamp.y);
    for (row, mask) in rows.zip(mask.chunks_exact(stamp.mask)) {
        for (under, &covered) in row.chunks_exact_mut(channels).skip(stamp.x).zip(mask) {
            if covered > 0 {
                let [r, g, b] = stamp.colour;
                lay::pixel(under, &[r, g, b, covered], stamp.opacity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colour_is_laid_where_the_mask_covers() {
        let mut picture = vec![100; 3 * 2 * 3];
        let laid = Stamp { width: 3, channels: 3, mask: 2, x: 1, y: 1, colour: [200, 0, 100], opacity: 255 };
        stamp(&mut picture, &[255, 51], &laid);
        assert_eq!(picture[..12], [100; 12]);
        assert_eq!(picture[12..], [200, 0, 100, 120, 80, 100]);
    }
}
