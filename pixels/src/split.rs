//! Pixels are taken apart to planes, colours multiplied by alpha where they are to be mixed.

use crate::Space;

/// One row of `space`, which is none of YCbCr or inks, to one line of each plane.
#[inline(never)]
pub fn split(row: &[u8], space: Space, lines: &mut [Vec<u8>]) {
    match (space, lines) {
        (Space::GreyAlpha { premultiplied }, [v, a]) => {
            let (pixels, _) = row.as_chunks();
            for ((v, a), &[value, alpha]) in v.iter_mut().zip(a).zip(pixels) {
                *v = if premultiplied { times(value, alpha) } else { value };
                *a = alpha;
            }
        }
        (Space::Rgb, [r, g, b]) => {
            let (pixels, _) = row.as_chunks();
            for (((r, g), b), pixel) in r.iter_mut().zip(g).zip(b).zip(pixels) {
                [*r, *g, *b] = *pixel;
            }
        }
        (Space::Rgba { premultiplied }, [r, g, b, a]) => {
            let (pixels, _) = row.as_chunks();
            let planes = r.iter_mut().zip(g).zip(b).zip(a);
            if !premultiplied || pixels.iter().all(|pixel: &[u8; 4]| pixel[3] == 255) {
                for ((((r, g), b), a), pixel) in planes.zip(pixels) {
                    [*r, *g, *b, *a] = *pixel;
                }
            } else {
                for ((((r, g), b), a), &[red, green, blue, alpha]) in planes.zip(pixels) {
                    *a = alpha;
                    [*r, *g, *b] = [red, green, blue].map(|v| times(v, alpha));
                }
            }
        }
        (_, lines) => {
            if let Some(line) = lines.first_mut() {
                line.copy_from_slice(row);
            }
        }
    }
}

/// `value · alpha / 255`, rounded to nearest.
fn times(value: u8, alpha: u8) -> u8 {
    let product = u32::from(value) * u32::from(alpha) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn premultiplied_is_the_rounded_quotient() {
        for value in 0..=255 {
            for alpha in 0..=255 {
                let exact = (u32::from(value) * u32::from(alpha) * 2 + 255) / 510;
                assert_eq!(u32::from(times(value, alpha)), exact, "{value} {alpha}");
            }
        }
    }

    #[test]
    fn pixels_are_taken_apart_in_order() {
        let apart = |channels: u8, row: &[u8]| {
            let space = Space::of(channels, true);
            let mut lines = vec![vec![0; row.len() / usize::from(channels)]; space.planes()];
            split(row, space, &mut lines);
            lines
        };
        assert_eq!(apart(1, &[1, 2]), [[1, 2]]);
        assert_eq!(apart(2, &[9, 255, 200, 51]), [[9, 40], [255, 51]]);
        assert_eq!(apart(3, &[1, 2, 3, 4, 5, 6]), [[1, 4], [2, 5], [3, 6]]);
        assert_eq!(apart(4, &[1, 2, 3, 255, 100, 50, 25, 51]), [[1, 20], [2, 10], [3, 5], [255, 51]]);
    }
}
