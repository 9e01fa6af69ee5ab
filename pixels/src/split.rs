//! Splits pixels into planes, with colours multiplied by alpha where they are going to be resampled.

use crate::Space;
use deckle_simd::*;

/// Splits a row into one line of each plane. `space` is grey or RGB, with or without alpha, or inks.
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
        (Space::Rgb, [r, g, b]) => rgb(row, [r, g, b]),
        (Space::Rgba { premultiplied }, [r, g, b, a]) => rgba(row, premultiplied, [r, g, b, a]),
        (Space::Cmyk, [c, m, y, k]) => rgba(row, false, [c, m, y, k]),
        (_, lines) => {
            if let Some(line) = lines.first_mut() {
                line.copy_from_slice(row);
            }
        }
    }
}

/// A row of RGB, sixteen pixels at a time.
#[inline(never)]
fn rgb(row: &[u8], lines: [&mut [u8]; 3]) {
    let (sixteens, rest) = row.as_chunks::<48>();
    let [(r, r_rest), (g, g_rest), (b, b_rest)] = lines.map(<[u8]>::as_chunks_mut::<16>);
    for (((pixels, r), g), b) in sixteens.iter().zip(r).zip(g).zip(b) {
        let (parts, _) = pixels.as_chunks::<16>();
        let mut v = [load_bytes(&parts[0]), load_bytes(&parts[1]), load_bytes(&parts[2])];
        // of 48 bytes in two halves of 24, the first of each half, the second of each, and so on: four times that brings
        // together what is three bytes apart
        for _ in 0..4 {
            let upper = v.map(|v| zip64_high(v, v));
            v = [zip8_low(v[0], upper[1]), zip8_low(upper[0], v[2]), zip8_low(v[1], upper[2])];
        }
        store_bytes(r, v[0]);
        store_bytes(g, v[1]);
        store_bytes(b, v[2]);
    }
    for (((r, g), b), pixel) in r_rest.iter_mut().zip(g_rest).zip(b_rest).zip(rest.as_chunks().0) {
        [*r, *g, *b] = *pixel;
    }
}

/// A row of RGB and alpha, sixteen pixels at a time where they are opaque or stay straight.
#[inline(never)]
fn rgba(row: &[u8], premultiplied: bool, lines: [&mut [u8]; 4]) {
    let (sixteens, rest) = row.as_chunks::<64>();
    let [(r, r_rest), (g, g_rest), (b, b_rest), (a, a_rest)] = lines.map(<[u8]>::as_chunks_mut::<16>);
    for ((((pixels, r), g), b), a) in sixteens.iter().zip(r).zip(g).zip(b).zip(a) {
        let [red, green, blue, alpha] = planes(pixels);
        if !premultiplied || is_zero(xor(alpha, splat32(-1))) {
            store_bytes(r, red);
            store_bytes(g, green);
            store_bytes(b, blue);
            store_bytes(a, alpha);
        } else {
            one_by_one(pixels, true, [r, g, b, a]);
        }
    }
    one_by_one(rest, premultiplied, [r_rest, g_rest, b_rest, a_rest]);
}

/// Sixteen pixels to one vector a channel. A byte's place is a number of six bits, four of the pixel and two of the channel; each
/// round rotates that number by a bit.
#[inline(always)]
fn planes(pixels: &[u8; 64]) -> [V128; 4] {
    let (parts, _) = pixels.as_chunks::<16>();
    let mut v = [load_bytes(&parts[0]), load_bytes(&parts[1]), load_bytes(&parts[2]), load_bytes(&parts[3])];
    for _ in 0..4 {
        v = [zip8_low(v[0], v[2]), zip8_high(v[0], v[2]), zip8_low(v[1], v[3]), zip8_high(v[1], v[3])];
    }
    v
}

fn one_by_one(pixels: &[u8], premultiplied: bool, [r, g, b, a]: [&mut [u8]; 4]) {
    for ((((r, g), b), a), pixel) in r.iter_mut().zip(g).zip(b).zip(a).zip(pixels.as_chunks().0) {
        let &[red, green, blue, alpha] = pixel;
        *a = alpha;
        [*r, *g, *b] = [red, green, blue].map(|value| if premultiplied { times(value, alpha) } else { value });
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
    fn sixteen_pixels_at_a_time_are_what_one_is() {
        for (width, opaque) in [(1, 0), (15, 1), (16, 1), (40, 2), (64, 40), (71, 71), (33, 0)] {
            let row: Vec<u8> =
                (0..width * 4).map(|i| if i % 4 == 3 && i / 4 < opaque { 255 } else { (i * 7 % 256) as u8 }).collect();
            for premultiplied in [false, true] {
                let mut lines = vec![vec![9; width]; 4];
                split(&row, Space::Rgba { premultiplied }, &mut lines);
                for (x, pixel) in row.as_chunks::<4>().0.iter().enumerate() {
                    for channel in 0..4 {
                        let multiplied = premultiplied && channel < 3;
                        let expected = if multiplied { times(pixel[channel], pixel[3]) } else { pixel[channel] };
                        assert_eq!(lines[channel][x], expected, "{x} of {width}, {channel}, {premultiplied}");
                    }
                }
            }
        }
    }

    #[test]
    fn rgb_is_taken_apart_at_any_width() {
        for width in [1, 15, 16, 17, 32, 61] {
            let row: Vec<u8> = (0..width * 3).map(|i| (i * 5 % 256) as u8).collect();
            let mut lines = vec![vec![9; width]; 3];
            split(&row, Space::Rgb, &mut lines);
            for (channel, line) in lines.iter().enumerate() {
                let expected: Vec<u8> = row.iter().skip(channel).step_by(3).copied().collect();
                assert_eq!(line, &expected, "{channel} of {width}");
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
