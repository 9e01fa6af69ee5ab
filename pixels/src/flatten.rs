//! Transparency laid on a colour: source over an opaque backdrop (Porter and Duff 1984), on gamma-encoded samples.

use crate::compact;

/// Removes the alpha of pixels of 2 samples (of the colour, the first one counts) or 4.
#[inline(never)]
pub fn flatten(data: &mut Vec<u8>, channels: u8, [r, g, b]: [u8; 3]) {
    if channels == 2 {
        compact(data, |[v, a]| [over(v, r, a)]);
    } else {
        compact(data, |[red, green, blue, a]| [over(red, r, a), over(green, g, a), over(blue, b, a)]);
    }
}

fn over(sample: u8, under: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(sample) * alpha + u32::from(under) * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    fn flattened(pixel: &[u8], colour: [u8; 3]) -> Vec<u8> {
        let mut data = pixel.to_vec();
        super::flatten(&mut data, pixel.len() as u8, colour);
        data
    }

    #[test]
    fn transparent_shows_the_colour_and_opaque_the_image() {
        let red = [200, 10, 20];
        assert_eq!(flattened(&[1, 2, 3, 0], red), red);
        assert_eq!(flattened(&[1, 2, 3, 255], red), [1, 2, 3]);
        assert_eq!(flattened(&[0, 0, 0, 128], [255; 3]), [127; 3]);
        assert_eq!((flattened(&[10, 255], [7, 8, 9]), flattened(&[10, 0], [7, 8, 9])), (vec![10], vec![7]));
    }
}
