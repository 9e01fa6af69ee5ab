//! RGB to YCbCr and smaller chroma, a line at a time.
//!
//! Source: T.871 (JFIF), clause 7; integers and rounding of libjpeg's
//! `jccolor.c` and `jcsample.c`. Lines are written to the end of a group of 16
//! pixels, with the last pixel repeated.

use deckle_simd::*;

/// 16 pixels, in 16-bit lanes.
type Samples = [V128; 2];

#[derive(Clone, Copy)]
struct Group {
    y: Samples,
    cb: Samples,
    cr: Samples,
}

/// Luma only.
#[inline(never)]
pub(super) fn grey(rgb: &[u8], luma: &mut [u8]) {
    for (i, luma) in luma.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        store_bytes(luma, bytes(convert(&pixels(rgb, i)).y));
    }
}

/// Chroma as large as luma.
#[inline(never)]
pub(super) fn full(rgb: &[u8], luma: &mut [u8], [cb, cr]: [&mut [u8]; 2]) {
    let chroma = cb.as_chunks_mut::<16>().0.iter_mut().zip(cr.as_chunks_mut::<16>().0);
    for (i, (luma, (cb, cr))) in luma.as_chunks_mut::<16>().0.iter_mut().zip(chroma).enumerate() {
        let group = convert(&pixels(rgb, i));
        store_bytes(luma, bytes(group.y));
        store_bytes(cb, bytes(group.cb));
        store_bytes(cr, bytes(group.cr));
    }
}

/// Chroma half as wide.
#[inline(never)]
pub(super) fn half(rgb: &[u8], luma: &mut [u8], [cb, cr]: [&mut [u8]; 2]) {
    let chroma = cb.as_chunks_mut::<8>().0.iter_mut().zip(cr.as_chunks_mut::<8>().0);
    for (i, (luma, (cb, cr))) in luma.as_chunks_mut::<16>().0.iter_mut().zip(chroma).enumerate() {
        let group = convert(&pixels(rgb, i));
        store_bytes(luma, bytes(group.y));
        *cb = means::<1>(group.cb, load(&[0, 0, 1, 0, 0, 0, 1, 0]));
        *cr = means::<1>(group.cr, load(&[0, 0, 1, 0, 0, 0, 1, 0]));
    }
}

/// Chroma half as wide and high.
#[inline(never)]
pub(super) fn quarter(rgb: [&[u8]; 2], [first, second]: [&mut [u8]; 2], [cb, cr]: [&mut [u8]; 2]) {
    let luma = first.as_chunks_mut::<16>().0.iter_mut().zip(second.as_chunks_mut::<16>().0);
    let chroma = cb.as_chunks_mut::<8>().0.iter_mut().zip(cr.as_chunks_mut::<8>().0);
    for (i, ((first, second), (cb, cr))) in luma.zip(chroma).enumerate() {
        let a = convert(&pixels(rgb[0], i));
        let b = convert(&pixels(rgb[1], i));
        store_bytes(first, bytes(a.y));
        store_bytes(second, bytes(b.y));
        let bias = load(&[1, 0, 2, 0, 1, 0, 2, 0]);
        *cb = means::<2>([add16(a.cb[0], b.cb[0]), add16(a.cb[1], b.cb[1])], bias);
        *cr = means::<2>([add16(a.cr[0], b.cr[0]), add16(a.cr[1], b.cr[1])], bias);
    }
}

/// Sums of pairs, plus `bias`, shifted: libjpeg rounds down and up by turns.
#[inline(always)]
fn means<const SHIFT: i32>(samples: Samples, bias: V128) -> [u8; 8] {
    let [low, high] = samples.map(|v| shr32::<SHIFT>(add32(dot(v, pair(1, 1)), bias)));
    let sums = narrow32(low, high);
    halves(narrow16_unsigned(sums, sums))[0].to_le_bytes()
}

#[inline(always)]
fn bytes([low, high]: Samples) -> V128 {
    narrow16_unsigned(low, high)
}

/// The `i`-th group of 16 pixels.
#[inline(always)]
fn pixels(rgb: &[u8], i: usize) -> [u8; 48] {
    let rest = rgb.get(i * 48..).unwrap_or_default();
    match rest.first_chunk() {
        Some(pixels) => *pixels,
        None => padded(rest, rgb),
    }
}

#[cold]
fn padded(rest: &[u8], rgb: &[u8]) -> [u8; 48] {
    let mut pixels = [0; 48];
    let last = rgb.last_chunk::<3>().unwrap_or(&[0; 3]);
    pixels.as_chunks_mut::<3>().0.fill(*last);
    pixels[..rest.len()].copy_from_slice(rest);
    pixels
}

#[inline(always)]
fn convert(rgb: &[u8; 48]) -> Group {
    let [r, g, b] = planes(rgb);
    let zero = splat32(0);
    let low = lanes([r, g, b].map(|v| zip8_low(v, zero)));
    let high = lanes([r, g, b].map(|v| zip8_high(v, zero)));
    Group { y: [low[0], high[0]], cb: [low[1], high[1]], cr: [low[2], high[2]] }
}

/// Three planes of pixels: each round halves the distance of a pixel's bytes
/// to their plane.
#[inline(always)]
fn planes(rgb: &[u8; 48]) -> [V128; 3] {
    let (parts, _) = rgb.as_chunks::<16>();
    let mut v = [load_bytes(&parts[0]), load_bytes(&parts[1]), load_bytes(&parts[2])];
    for _ in 0..4 {
        let [a, b, c] = v;
        v = [zip8_low(a, zip64_high(b, b)), zip8_low(zip64_high(a, a), c), zip8_low(b, zip64_high(c, c))];
    }
    v
}

/// Y, Cb and Cr of eight pixels: 16 bits of fraction, in products of pairs.
/// 38470 of green is 22086 and 16384; a half is minus that and subtracted.
#[inline(always)]
fn lanes([r, g, b]: [V128; 3]) -> [V128; 3] {
    let half = |zip: fn(V128, V128) -> V128| -> [V128; 3] {
        let (rg, bg) = (zip(r, g), zip(b, g));
        let y = add32(dot(rg, pair(19595, 22086)), dot(bg, pair(7471, 16384)));
        let cb = add32(dot(rg, pair(11059, 21709)), dot(bg, pair(-32768, 0)));
        let cr = add32(dot(rg, pair(-32768, 27439)), dot(bg, pair(5329, 0)));
        let centre = splat32((128 << 16) + 32767);
        [shr32::<16>(add32(y, splat32(32768))), shr32::<16>(sub32(centre, cb)), shr32::<16>(sub32(centre, cr))]
    };
    let (low, high) = (half(zip16_low), half(zip16_high));
    core::array::from_fn(|i| narrow32(low[i], high[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(rgb: [u8; 3]) -> [u8; 3] {
        let [r, g, b] = rgb.map(i32::from);
        let centre = (128 << 16) + 32767;
        let y = 19595 * r + 38470 * g + 7471 * b + 32768;
        let cb = -11059 * r - 21709 * g + 32768 * b + centre;
        let cr = 32768 * r - 27439 * g - 5329 * b + centre;
        [y, cb, cr].map(|value| (value >> 16) as u8)
    }

    #[test]
    fn every_colour_is_converted_as_libjpeg_does() {
        let step = if cfg!(debug_assertions) && !cfg!(target_arch = "x86_64") { 5 } else { 1 };
        for r in (0..=255u8).step_by(step) {
            for g in (0..=255u8).step_by(step) {
                let line: Vec<u8> = (0..=255u8).flat_map(|b| [r, g, b]).collect();
                let [mut y, mut cb, mut cr] = [[0; 256]; 3];
                full(&line, &mut y, [&mut cb, &mut cr]);
                for b in 0..256 {
                    assert_eq!([y[b], cb[b], cr[b]], scalar([r, g, b as u8]), "{r} {g} {b}");
                }
            }
        }
    }

    #[test]
    fn smaller_chroma_rounds_by_turns() {
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for width in 1..=50usize {
            let lines: [Vec<u8>; 2] = core::array::from_fn(|_| (0..width * 3).map(|_| random()).collect());
            let end = width.next_multiple_of(16);
            let at = |line: usize, x: usize| {
                let x = x.min(width - 1);
                scalar([lines[line][x * 3], lines[line][x * 3 + 1], lines[line][x * 3 + 2]]).map(u32::from)
            };
            let mut y = vec![0; end * 2];
            let mut chroma = vec![0; end];
            let (cb, cr) = chroma.split_at_mut(end / 2);
            let (first, second) = y.split_at_mut(end);
            quarter([&lines[0], &lines[1]], [first, second], [cb, cr]);
            for x in 0..end {
                assert_eq!(u32::from(first[x]), at(0, x)[0]);
                assert_eq!(u32::from(second[x]), at(1, x)[0]);
            }
            for x in 0..end / 2 {
                let sum = |c: usize| at(0, 2 * x)[c] + at(0, 2 * x + 1)[c] + at(1, 2 * x)[c] + at(1, 2 * x + 1)[c];
                let bias = 1 + x as u32 % 2;
                assert_eq!(u32::from(cb[x]), (sum(1) + bias) >> 2);
                assert_eq!(u32::from(cr[x]), (sum(2) + bias) >> 2);
            }
            half(&lines[0], first, [cb, cr]);
            for x in 0..end / 2 {
                let sum = |c: usize| at(0, 2 * x)[c] + at(0, 2 * x + 1)[c];
                assert_eq!(u32::from(cb[x]), (sum(1) + x as u32 % 2) >> 1);
                assert_eq!(u32::from(cr[x]), (sum(2) + x as u32 % 2) >> 1);
            }
        }
    }
}
