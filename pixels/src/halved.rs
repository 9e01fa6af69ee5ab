//! Colours between luma with chroma of half the size (4:2:0) and RGB, two lines at a time, each colour a plane.
//!
//! A chroma sample stands for the four pixels around it, and is made of their mean: RGB that was made here and not changed since gives the
//! same chroma back but for rounding. Source of the equations: ITU-T T.871, section 7.

use crate::Planar;
use crate::join::of_chroma;
use deckle_simd::*;

/// Pixels that two lines of so many samples have when they are RGB: each line ends with a chroma sample's second pixel.
pub fn paired(width: usize) -> usize {
    width.next_multiple_of(2)
}

/// Makes RGB of two lines of luma, each `paired` long, and the line of chroma between them: the first line's pixels, then the second's.
#[inline(never)]
pub fn from_halved(luma: [&[u8]; 2], chroma: [&[u8]; 2], out: &mut Planar) {
    let width = 2 * chroma[0].len();
    out.resize(2 * width, 3);
    let Some([r, g, b]) = out.rgb() else { return };
    let (r, g, b) = (r.split_at_mut(width), g.split_at_mut(width), b.split_at_mut(width));
    line(luma[0], chroma, [r.0, g.0, b.0]);
    line(luma[1], chroma, [r.1, g.1, b.1]);
}

#[inline(never)]
fn line(luma: &[u8], [cb, cr]: [&[u8]; 2], [r, g, b]: [&mut [u8]; 3]) {
    let (lumas, luma) = luma.as_chunks::<16>();
    let ((blues, cb), (reds, cr)) = (cb.as_chunks::<8>(), cr.as_chunks::<8>());
    let (rs, r) = r.as_chunks_mut::<16>();
    let (gs, g) = g.as_chunks_mut::<16>();
    let (bs, b) = b.as_chunks_mut::<16>();
    let chroma = blues.iter().zip(reds);
    for ((((luma, (cb, cr)), r), g), b) in lumas.iter().zip(chroma).zip(rs).zip(gs).zip(bs) {
        sixteen(luma, cb, cr, [r, g, b]);
    }
    // what is left of the line, filled up
    let mut rest = ([0; 16], [0; 8], [0; 8]);
    let pixels = luma.len().min(15);
    rest.0[..pixels].copy_from_slice(&luma[..pixels]);
    rest.1[..cb.len()].copy_from_slice(cb);
    rest.2[..cr.len()].copy_from_slice(cr);
    let mut out = [[0; 16]; 3];
    let [a, b_, c] = &mut out;
    sixteen(&rest.0, &rest.1, &rest.2, [a, b_, c]);
    [r, g, b].into_iter().zip(&out).for_each(|(line, out)| line.copy_from_slice(&out[..line.len()]));
}

#[inline(always)]
fn sixteen(luma: &[u8; 16], cb: &[u8; 8], cr: &[u8; 8], out: [&mut [u8; 16]; 3]) {
    let zero = splat32(0);
    let colours = of_chroma(load_wide(cb), load_wide(cr));
    let luma = load_bytes(luma);
    let (left, right) = (zip8_low(luma, zero), zip8_high(luma, zero));
    for (out, more) in out.into_iter().zip(colours) {
        let both = (zip16_low(more, more), zip16_high(more, more));
        store_bytes(out, narrow16_unsigned(add16(left, both.0), add16(right, both.1)));
    }
}

/// Writes luma, each line as long as it is, and chroma of RGB as [`from_halved`] lays it.
#[inline(never)]
pub fn to_halved(pixels: &mut Planar, luma: [&mut [u8]; 2], chroma: [&mut [u8]; 2]) {
    let width = 2 * chroma[0].len();
    let Some([r, g, b]) = pixels.rgb() else { return };
    let (r, g, b) = (r.split_at(width), g.split_at(width), b.split_at(width));
    let [first, second] = luma;
    luma_line([r.0, g.0, b.0], first);
    luma_line([r.1, g.1, b.1], second);
    chroma_line([r.0, r.1], [g.0, g.1], [b.0, b.1], chroma);
}

/// Luma's weights in 32,768ths.
const LUMA: [i32; 3] = [9_798, 19_235, 3_735];

#[inline(never)]
fn luma_line([r, g, b]: [&[u8]; 3], out: &mut [u8]) {
    let ((reds, red), (greens, green), (blues, blue)) = (r.as_chunks::<8>(), g.as_chunks::<8>(), b.as_chunks::<8>());
    let (eights, rest) = out.as_chunks_mut::<8>();
    let full = eights.len();
    for (((r, g), b), out) in reds.iter().zip(greens).zip(blues).zip(eights) {
        *out = luma_of(r, g, b);
    }
    if !rest.is_empty() {
        let last = |chunks: &[[u8; 8]], rest: &[u8]| {
            let mut filled = [0; 8];
            match chunks.get(full) {
                Some(chunk) => filled = *chunk,
                None => filled[..rest.len()].copy_from_slice(rest),
            }
            filled
        };
        let out = luma_of(&last(reds, red), &last(greens, green), &last(blues, blue));
        rest.copy_from_slice(&out[..rest.len()]);
    }
}

#[inline(always)]
fn luma_of(r: &[u8; 8], g: &[u8; 8], b: &[u8; 8]) -> [u8; 8] {
    let (r, g, b) = (load_wide(r), load_wide(g), load_wide(b));
    let one = pair(1, 1);
    let sum = |rg: V128, b: V128| {
        let sum = add32(dot(rg, pair(LUMA[0], LUMA[1])), dot(b, pair(LUMA[2], 1 << 14)));
        shr32::<15>(sum)
    };
    let wide = narrow32(sum(zip16_low(r, g), zip16_low(b, one)), sum(zip16_high(r, g), zip16_high(b, one)));
    halves(narrow16_unsigned(wide, wide))[0].to_le_bytes()
}

#[inline(never)]
fn chroma_line(r: [&[u8]; 2], g: [&[u8]; 2], b: [&[u8]; 2], [cb, cr]: [&mut [u8]; 2]) {
    let (blues, blue) = cb.as_chunks_mut::<8>();
    let (reds, red) = cr.as_chunks_mut::<8>();
    let fours = |[above, below]: [&[u8]; 2], at: usize| -> V128 {
        let mut sixteens = [[0; 16]; 2];
        for (sixteen, line) in sixteens.iter_mut().zip([above, below]) {
            let part = &line[16 * at..];
            match part.first_chunk() {
                Some(whole) => *sixteen = *whole,
                None => sixteen[..part.len()].copy_from_slice(part),
            }
        }
        sums(&sixteens[0], &sixteens[1])
    };
    let full = blues.len();
    for (at, (cb, cr)) in blues.iter_mut().zip(reds).enumerate() {
        (*cb, *cr) = chroma_of(fours(r, at), fours(g, at), fours(b, at));
    }
    if !blue.is_empty() {
        let (cb, cr) = chroma_of(fours(r, full), fours(g, full), fours(b, full));
        blue.copy_from_slice(&cb[..blue.len()]);
        red.copy_from_slice(&cr[..red.len()]);
    }
}

/// The sums of four samples each.
#[inline(always)]
fn sums(above: &[u8; 16], below: &[u8; 16]) -> V128 {
    let zero = splat32(0);
    let (above, below) = (load_bytes(above), load_bytes(below));
    let left = add16(zip8_low(above, zero), zip8_low(below, zero));
    let right = add16(zip8_high(above, zero), zip8_high(below, zero));
    narrow32(dot(left, pair(1, 1)), dot(right, pair(1, 1)))
}

/// What red, green and blue add to both chromas, in 32,768ths.
const CHROMA: [[i32; 3]; 2] = [[-5_529, -10_855, 16_384], [16_384, -13_720, -2_664]];

/// The luma of a colour.
pub fn luma(rgb: [u8; 3]) -> u8 {
    let sum: i32 = LUMA.iter().zip(rgb).map(|(weight, v)| weight * i32::from(v)).sum();
    ((sum + (1 << 14)) >> 15) as u8
}

/// What a colour adds to both chromas, in 32,768ths; they may be negative.
pub fn chroma_parts(rgb: [u8; 3]) -> [i32; 2] {
    CHROMA.map(|row| row.iter().zip(rgb).map(|(weight, v)| weight * i32::from(v)).sum())
}

/// Of the sums of four: factors are in 32,768ths, so 17 bits go.
#[inline(always)]
fn chroma_of(r: V128, g: V128, b: V128) -> ([u8; 8], [u8; 8]) {
    let one = pair(1, 1);
    let of = |[from_r, from_g, from_b]: [i32; 3]| {
        let half = |rg: V128, b: V128| {
            let sum = add32(dot(rg, pair(from_r, from_g)), dot(b, pair(from_b, 0)));
            // 128, and a half to round to nearest
            shr32::<17>(add32(sum, splat32((128 << 17) + (1 << 16))))
        };
        let wide = narrow32(half(zip16_low(r, g), zip16_low(b, one)), half(zip16_high(r, g), zip16_high(b, one)));
        halves(narrow16_unsigned(wide, wide))[0].to_le_bytes()
    };
    (of(CHROMA[0]), of(CHROMA[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_that_are_left_alone_come_back() {
        for width in (1..40_usize).chain([100]) {
            let half = width.div_ceil(2);
            let plane =
                |count: usize, step: usize| (0..count).map(|i| (60 + i * step % 130) as u8).collect::<Vec<u8>>();
            let (mut above, mut below) = (plane(paired(width), 7), plane(paired(width), 11));
            if width % 2 == 1 {
                above[width] = above[width - 1];
                below[width] = below[width - 1];
            }
            let (cb, cr) = (vec![120; half], plane(half, 3).iter().map(|v| v / 4 + 105).collect::<Vec<u8>>());
            let mut rgb = Planar::default();
            from_halved([&above, &below], [&cb, &cr], &mut rgb);
            let mut back = (vec![0; width], vec![0; width], vec![0; half], vec![0; half]);
            to_halved(&mut rgb, [&mut back.0, &mut back.1], [&mut back.2, &mut back.3]);
            let near = |a: &[u8], b: &[u8]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);
            assert!(near(&back.0, &above[..width]) && near(&back.1, &below[..width]), "{width}");
            assert!(near(&back.2, &cb) && near(&back.3, &cr), "{width}");
        }
    }

    #[test]
    fn colours_are_those_of_the_equations() {
        let mut rgb = Planar::default();
        for (y, cb, cr, expected) in
            [(76, 85, 255, [254, 0, 0]), (29, 255, 107, [0, 0, 254]), (200, 128, 128, [200; 3]), (0, 0, 0, [0, 135, 0])]
        {
            from_halved([&[y; 6], &[y; 6]], [&[cb; 3], &[cr; 3]], &mut rgb);
            assert_eq!(rgb.planes, expected.map(|v| vec![v; 12]), "{y} {cb} {cr}");
        }
    }

    #[test]
    fn luma_and_chroma_are_those_of_the_equations() {
        for (rgb, expected) in [
            ([255, 0, 0], [76, 85, 255]),
            ([0, 255, 0], [150, 44, 21]),
            ([0, 0, 255], [29, 255, 107]),
            ([255; 3], [255, 128, 128]),
        ] {
            let mut pixels = Planar { planes: rgb.map(|v: u8| vec![v; 20]).to_vec() };
            let mut out = ([0; 9], [0; 9], [0; 5], [0; 5]);
            to_halved(&mut pixels, [&mut out.0, &mut out.1], [&mut out.2, &mut out.3]);
            let [y, cb, cr] = expected;
            assert_eq!(out, ([y; 9], [y; 9], [cb; 5], [cr; 5]), "{rgb:?}");
        }
    }
}
