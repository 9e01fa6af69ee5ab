//! Joins lines of planes to pixels: YCbCr is converted to RGB, premultiplied colours to straight ones, inks to 255 for full ink.
//!
//! Source: ITU-T T.871, section 7 (YCbCr); libjpeg's notes on Adobe's CMYK.

use crate::Space;
use deckle_simd::*;

/// Joins one line of each plane to a row of pixels with as many channels.
#[inline(never)]
pub fn join(space: Space, lines: &[Vec<u8>], out: &mut [u8]) {
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
        (Space::YCbCr, [y, cb, cr]) => ycc(y, cb, cr, out),
        (Space::Rgba { premultiplied }, [r, g, b, a]) => {
            for ((((pixel, &r), &g), &b), &a) in out.as_chunks_mut().0.iter_mut().zip(r).zip(g).zip(b).zip(a) {
                let colour = if premultiplied { [r, g, b].map(|v| straight(v, a)) } else { [r, g, b] };
                *pixel = [colour[0], colour[1], colour[2], a];
            }
        }
        (Space::Cmyk, [c, m, y, k]) => {
            for ((((pixel, &c), &m), &y), &k) in out.as_chunks_mut().0.iter_mut().zip(c).zip(m).zip(y).zip(k) {
                *pixel = [255 - c, 255 - m, 255 - y, 255 - k];
            }
        }
        (Space::Ycck, [y, cb, cr, k]) => {
            // stored are 255 − C, 255 − M and 255 − Y, and YCbCr is made of the complement of those: of the inks themselves
            for ((((pixel, &y), &cb), &cr), &k) in out.as_chunks_mut().0.iter_mut().zip(y).zip(cb).zip(cr).zip(k) {
                let [c, m, y] = rgb(y, cb, cr);
                *pixel = [c, m, y, 255 - k];
            }
        }
        (_, lines) => {
            if let Some(line) = lines.first() {
                out.copy_from_slice(line);
            }
        }
    }
}

/// The straight colour of a premultiplied one; 0 where alpha is 0.
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

/// A row of [`rgb`], eight pixels at a time.
#[inline(never)]
fn ycc(y: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    let ((luma, y), (blue, cb), (red, cr)) = (y.as_chunks::<8>(), cb.as_chunks::<8>(), cr.as_chunks::<8>());
    let (eights, out) = out.as_chunks_mut::<24>();
    for (((pixels, y), cb), cr) in eights.iter_mut().zip(luma).zip(blue).zip(red) {
        let eight = eight(load_half(y), load_half(cb), load_half(cr));
        for (pair, two) in pixels.as_chunks_mut::<6>().0.iter_mut().zip(eight) {
            let [r0, g0, b0, _, r1, g1, b1, _] = two.to_le_bytes();
            *pair = [r0, g0, b0, r1, g1, b1];
        }
    }
    for (((pixel, &y), &cb), &cr) in out.as_chunks_mut().0.iter_mut().zip(y).zip(cb).zip(cr) {
        *pixel = rgb(y, cb, cr);
    }
}

/// What eight samples of chroma, of 16 bits, add to luma for red, green and blue. The factors of [`rgb`] do not fit 16 bits, so their
/// whole part is added as samples and the rest is multiplied.
#[inline(always)]
pub fn of_chroma(cb: V128, cr: V128) -> [V128; 3] {
    let (cb, cr) = (sub16(cb, pair(128, 128)), sub16(cr, pair(128, 128)));
    let part = |a: i32, b: i32| {
        let half = |v: V128| shr32::<16>(add32(dot(v, pair(a, b)), splat32(1 << 15)));
        narrow32(half(zip16_low(cb, cr)), half(zip16_high(cb, cr)))
    };
    let red = add16(cr, part(0, 91_881 - (1 << 16)));
    let green = sub16(part(-22_554, (1 << 16) - 46_802), cr);
    let blue = add16(add16(cb, cb), part(116_130 - (1 << 17), 0));
    [red, green, blue]
}

/// Eight pixels, two in each number, four bytes each: red, green, blue, 0.
#[inline(always)]
fn eight(y: V128, cb: V128, cr: V128) -> [u64; 4] {
    let zero = splat32(0);
    let wide = |v: V128| zip8_low(v, zero);
    let y = wide(y);
    let [r, g, b] = of_chroma(wide(cb), wide(cr)).map(|more| add16(y, more));
    let (rg, b) = (narrow16_unsigned(r, g), narrow16_unsigned(b, zero));
    let rg = zip8_low(rg, zip64_high(rg, rg));
    let b = zip8_low(b, zero);
    let ([p01, p23], [p45, p67]) = (halves(zip16_low(rg, b)), halves(zip16_high(rg, b)));
    [p01, p23, p45, p67]
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
    fn eight_pixels_at_a_time_are_what_one_is() {
        let all: Vec<u8> = (0..=255).collect();
        for y in (0..=255).step_by(15) {
            for cb in 0..=255 {
                let lines = [vec![y; 256], vec![cb; 256], all.clone()];
                let mut out = vec![0; 256 * 3];
                join(Space::YCbCr, &lines, &mut out);
                let expected: Vec<u8> = all.iter().flat_map(|&cr| rgb(y, cb, cr)).collect();
                assert_eq!(out, expected, "{y} {cb}");
            }
        }
    }

    #[test]
    fn rows_of_any_length_are_whole() {
        for width in 0..40 {
            let line = |step: usize| (0..width).map(|x| (x * step) as u8).collect::<Vec<u8>>();
            let lines = [line(7), line(31), line(101)];
            let mut out = vec![9; width * 3];
            join(Space::YCbCr, &lines, &mut out);
            let expected: Vec<u8> = (0..width).flat_map(|x| rgb(lines[0][x], lines[1][x], lines[2][x])).collect();
            assert_eq!(out, expected, "{width}");
        }
    }

    #[test]
    fn inks_are_full_at_255_although_jpeg_stores_their_complement() {
        let joined = |space: Space, pixel: [u8; 4]| {
            let mut out = [0; 4];
            join(space, &pixel.map(|v| vec![v]), &mut out);
            out
        };
        assert_eq!(joined(Space::Cmyk, [1, 2, 3, 4]), [254, 253, 252, 251]);
        // no colour, no black: white paper
        assert_eq!(joined(Space::Ycck, [0, 128, 128, 255]), [0, 0, 0, 0]);
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
