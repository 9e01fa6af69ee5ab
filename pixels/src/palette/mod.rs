//! Pictures of at most 256 colours: which colours, and which of them each pixel has.
//!
//! Colours are counted by their upper bits, boxes of them are cut where they differ most until there are enough (Wu 1991, by variance),
//! and their means moved to what is nearest to them (Lloyd). Distances are those of premultiplied samples. Pixels are mapped with the error
//! spread over their neighbours (Floyd and Steinberg 1976).

mod cut;
mod dither;
mod exact;
mod histogram;
mod nearest;
mod point;

pub use dither::indexed;
pub use exact::{Exact, exact};
pub use histogram::{Histogram, histogram_memory};
pub use nearest::Palette;

/// The most colours that there can be.
pub const MOST_COLOURS: usize = 256;

/// A pixel with its colours multiplied by its alpha.
fn premultiplied([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    match a {
        255 => [r, g, b, a],
        0 => [0; 4],
        _ => {
            let times = |v: u8| ((u32::from(v) * u32::from(a) + 127) / 255) as u8;
            [times(r), times(g), times(b), a]
        }
    }
}

fn straight([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    let by = |v: u8| ((u32::from(v) * 255 + u32::from(a) / 2) / u32::from(a.max(1))).min(255) as u8;
    if a == 255 { [r, g, b, a] } else { [by(r), by(g), by(b), a] }
}

/// The cell of a premultiplied colour: five bits of each, and alpha in eighths of which the last is opaque.
fn cell([r, g, b, a]: [u8; 4]) -> usize {
    let alpha = if a == 255 { 7 } else { usize::from(a) * 7 / 255 };
    alpha << 15 | usize::from(r >> 3) << 10 | usize::from(g >> 3) << 5 | usize::from(b >> 3)
}

/// Cells of opaque pictures, whose alpha counts for nothing, and of others.
const OPAQUE_CELLS: usize = 1 << 15;
const CELLS: usize = 8 << 15;

#[cfg(test)]
mod tests {
    use super::*;

    /// A soft picture with a corner that is less and less opaque.
    fn picture(width: usize, height: usize, has_alpha: bool) -> Vec<u8> {
        let pixel = |x: usize, y: usize| {
            let alpha = if has_alpha { (x * 255 / width.max(1)) as u8 } else { 255 };
            [(x * 255 / width) as u8, (y * 255 / height) as u8, ((x + y) * 127 / (width + height)) as u8, alpha]
        };
        (0..width * height).flat_map(|i| pixel(i % width, i / width)).collect()
    }

    fn quantised(pixels: &[u8], width: usize, most: usize, has_alpha: bool) -> (Palette, Vec<u8>) {
        let mut histogram = Histogram::new(has_alpha);
        histogram.add(pixels, 1);
        let palette = histogram.palette(most);
        let indices = indexed(pixels, width, &palette, 0, true);
        (palette, indices)
    }

    #[test]
    fn a_dithered_picture_is_the_picture_from_afar() {
        for has_alpha in [false, true] {
            let (width, height) = (128, 96);
            let pixels = picture(width, height, has_alpha);
            let (palette, indices) = quantised(&pixels, width, 64, has_alpha);
            assert!(palette.colours().len() <= 64);
            // means of squares of 16
            for (x0, y0) in (0..height).step_by(16).flat_map(|y| (0..width).step_by(16).map(move |x| (x, y))) {
                let mut sums = [0_i64; 4];
                for (x, y) in (0..16).flat_map(|y| (0..16).map(move |x| (x0 + x, y0 + y))) {
                    let at = y * width + x;
                    let was = premultiplied([0, 1, 2, 3].map(|c| pixels[at * 4 + c]));
                    let is = premultiplied(palette.colours()[usize::from(indices[at])]);
                    (0..4).for_each(|c| sums[c] += i64::from(was[c]) - i64::from(is[c]));
                }
                let limit = 8;
                assert!(sums.iter().all(|sum| sum.abs() / 256 <= limit), "{has_alpha} {x0} {y0} {sums:?}");
            }
        }
    }

    #[test]
    fn opaque_stays_opaque_and_clear_stays_clear() {
        let mut pixels = picture(100, 100, true);
        for (i, pixel) in pixels.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            match i % 100 {
                0..40 => *pixel = [7, 8, 9, 0],
                60.. => pixel[3] = 255,
                _ => (),
            }
        }
        for most in [2, 3, 16, 256] {
            let (palette, indices) = quantised(&pixels, 100, most, true);
            for (pixel, index) in pixels.as_chunks::<4>().0.iter().zip(indices) {
                let alpha = palette.colours()[usize::from(index)][3];
                assert!(pixel[3] != 255 || alpha == 255, "{most}: opaque becomes {alpha}");
                assert!(pixel[3] != 0 || alpha == 0, "{most}: clear becomes {alpha}");
            }
        }
    }

    #[test]
    fn few_colours_are_kept_exactly() {
        let colours = [[1, 2, 3, 255], [9, 9, 9, 255], [200, 100, 50, 128], [0, 0, 0, 0]];
        let pixels: Vec<u8> = (0..400).flat_map(|i| colours[i * i % 4]).collect();
        let found = exact(&pixels, 256);
        assert!(found.is_some_and(|found| {
            pixels.as_chunks::<4>().0.iter().all(|&pixel| found.colours()[usize::from(found.index(pixel))] == pixel)
        }));
        assert!(exact(&picture(64, 64, false), 256).is_none());
    }

    #[test]
    fn the_nearest_colour_is_that_of_a_plain_search() {
        let pixels = picture(64, 64, false);
        let (palette, _) = quantised(&pixels, 64, 200, false);
        for pixel in pixels.as_chunks::<4>().0 {
            let distance =
                |colour: &[u8; 4]| -> i32 { (0..3).map(|c| (i32::from(colour[c]) - i32::from(pixel[c])).pow(2)).sum() };
            let least = palette.colours().iter().map(distance).min();
            let found = palette.nearest(pixel.map(i32::from));
            assert_eq!(Some(distance(&palette.colours()[usize::from(found)])), least);
        }
    }
}
