//! Lines of planes become pixels: YCbCr becomes RGB, premultiplied colours straight ones, inks have 255 for full.
//!
//! Source: ITU-T T.871, section 7 (YCbCr); libjpeg's notes on Adobe's CMYK.

use crate::codec::Space;

/// Samples a pixel has once joined.
pub fn channels(space: Space) -> u8 {
    space.planes() as u8
}

/// One line of each plane to one row of pixels.
#[inline(never)]
pub fn row(space: Space, lines: &[Vec<u8>], out: &mut [u8]) {
    match (space, lines) {
        (Space::GreyAlpha { premultiplied }, [v, a]) => {
            for ((pixel, &v), &a) in out.as_chunks_mut().0.iter_mut().zip(v).zip(a) {
                *pixel = [if premultiplied { straight(v, a) } else { v }, a];
            }
        }
        (Space::Rgb, [r, g, b]) => {
            for (((pixel, &r), &g), &b) in out.as_chunks_mut().0.iter_mut().zip(r).zip(g).zip(b) {
                *pixel = [r, g, b];
            }
        }
        (Space::YCbCr, [y, cb, cr]) => {
            for (((pixel, &y), &cb), &cr) in out.as_chunks_mut().0.iter_mut().zip(y).zip(cb).zip(cr) {
                *pixel = rgb(y, cb, cr);
            }
        }
        (Space::Rgba { premultiplied }, [r, g, b, a]) => {
            for ((((pixel, &r), &g), &b), &a) in out.as_chunks_mut().0.iter_mut().zip(r).zip(g).zip(b).zip(a) {
                let colour = if premultiplied { [r, g, b].map(|v| straight(v, a)) } else { [r, g, b] };
                *pixel = [colour[0], colour[1], colour[2], a];
            }
        }
        (Space::Cmyk { inverted }, [c, m, y, k]) => {
            let flip = if inverted { 255 } else { 0 };
            for ((((pixel, &c), &m), &y), &k) in out.as_chunks_mut().0.iter_mut().zip(c).zip(m).zip(y).zip(k) {
                *pixel = [c ^ flip, m ^ flip, y ^ flip, k ^ flip];
            }
        }
        (Space::Ycck { inverted }, [y, cb, cr, k]) => {
            let flip = if inverted { 255 } else { 0 };
            // YCbCr of the stored inks' complement: 255 − C, …
            let ink = 255 - flip;
            for ((((pixel, &y), &cb), &cr), &k) in out.as_chunks_mut().0.iter_mut().zip(y).zip(cb).zip(cr).zip(k) {
                let [r, g, b] = rgb(y, cb, cr);
                *pixel = [r ^ ink, g ^ ink, b ^ ink, k ^ flip];
            }
        }
        (_, lines) => {
            if let Some(line) = lines.first() {
                out.copy_from_slice(line);
            }
        }
    }
}

/// A premultiplied colour as it was; nothing where nothing is seen.
fn straight(value: u8, alpha: u8) -> u8 {
    match alpha {
        255 => value,
        0 => 0,
        _ => {
            let alpha = u32::from(alpha);
            ((u32::from(value) * 255 + alpha / 2) / alpha).min(255) as u8
        }
    }
}

/// T.871's equations in 16-bit fixed point, rounded as libjpeg rounds them.
#[inline]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let r = y + ((91_881 * cr + HALF) >> 16);
    let g = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let b = y + ((116_130 * cb + HALF) >> 16);
    [r, g, b].map(|v| v.clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_is_grey_and_the_corners_of_the_cube_are_reached() {
        for v in 0..=255 {
            assert_eq!(rgb(v, 128, 128), [v, v, v]);
        }
        assert_eq!(rgb(76, 85, 255), [254, 0, 0]);
        assert_eq!(rgb(29, 255, 107), [0, 0, 254]);
    }

    #[test]
    fn inks_are_full_at_255_whichever_way_they_are_stored() {
        let joined = |space: Space, pixel: [u8; 4]| {
            let mut out = [0; 4];
            row(space, &pixel.map(|v| vec![v]), &mut out);
            out
        };
        assert_eq!(joined(Space::Cmyk { inverted: false }, [1, 2, 3, 4]), [1, 2, 3, 4]);
        assert_eq!(joined(Space::Cmyk { inverted: true }, [1, 2, 3, 4]), [254, 253, 252, 251]);
        // no colour, no black: white paper
        assert_eq!(joined(Space::Ycck { inverted: true }, [0, 128, 128, 255]), [0, 0, 0, 0]);
        assert_eq!(joined(Space::Ycck { inverted: false }, [255, 128, 128, 0]), [0, 0, 0, 0]);
    }

    #[test]
    fn straight_colours_come_back_from_what_premultiplying_leaves_of_them() {
        for alpha in 1..=255_u32 {
            for value in 0..=255_u32 {
                let premultiplied = ((value * alpha + 127) / 255) as u8;
                let off = straight(premultiplied, alpha as u8).abs_diff(value as u8);
                assert!(u32::from(off) <= 128 / alpha + 1, "{value} {alpha}");
            }
        }
        assert_eq!(straight(0, 0), 0);
    }
}
