//! An outline: what lies within a distance of the text.

/// Steps, of about a nanosecond, that an outline takes, at most: of each pixel at an edge, the square around it.
#[must_use]
pub fn outlined_work(pixels: u64, radius: u32) -> u64 {
    let side = 2 * u64::from(radius) + 3;
    // a third of the pixels at most are at an edge of some letter
    pixels / 3 * side * side
}

/// Coverage of all that lies within so many pixels of what a mask covers, its edge smooth.
#[must_use]
pub fn outlined(mask: &[u8], width: usize, radius: u32) -> Vec<u8> {
    let mut out = mask.to_vec();
    let height = mask.len().checked_div(width).unwrap_or(0);
    let reach = radius as usize;
    let brush = brush(reach);
    let side = 2 * reach + 1;
    for y in 0..height {
        for x in 0..width {
            let value = u32::from(mask[y * width + x]);
            if value == 0 || is_inner(mask, width, height, x, y) {
                continue;
            }
            for down in y.saturating_sub(reach)..(y + reach + 1).min(height) {
                let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                let brush = &brush[(down + reach - y) * side..][from + reach - x..];
                for (sample, share) in out[down * width + from..down * width + to].iter_mut().zip(brush) {
                    *sample = (*sample).max((value * u32::from(*share) / 255) as u8);
                }
            }
        }
    }
    out
}

/// Whether a pixel and the four around it are covered wholly, so that others reach at least as far.
fn is_inner(mask: &[u8], width: usize, height: usize, x: usize, y: usize) -> bool {
    let at = y * width + x;
    let is_edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    !is_edge && [at, at - 1, at + 1, at - width, at + width].iter().all(|&at| mask[at] == 255)
}

/// A disc with a smooth edge; it begins at the edge of the pixel in its middle.
fn brush(reach: usize) -> Vec<u8> {
    let side = 2 * reach + 1;
    let square = |n: usize| n.abs_diff(reach).pow(2) as f32;
    (0..side * side)
        .map(|i| {
            let distance = (square(i % side) + square(i / side)).sqrt();
            ((reach as f32 + 1.0 - distance).clamp(0.0, 1.0) * 255.0) as u8
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_a_disc() {
        let mut mask = vec![0; 21 * 21];
        mask[10 * 21 + 10] = 255;
        let out = outlined(&mask, 21, 5);
        let area: f32 = out.iter().map(|&v| f32::from(v) / 255.0).sum();
        assert!((area - std::f32::consts::PI * 5.5 * 5.5).abs() < 8.0, "{area}");
        assert_eq!((out[10 * 21 + 5], out[10 * 21 + 4], out[5 * 21 + 5]), (255, 0, 0));
    }

    #[test]
    fn what_is_covered_stays_covered_and_edges_of_the_mask_are_no_danger() {
        let mask: Vec<u8> = (0..12 * 7).map(|i| if i % 5 < 2 { 255 } else { (i * 37 % 256) as u8 }).collect();
        for radius in [0, 1, 3, 16] {
            let out = outlined(&mask, 12, radius);
            assert!(out.len() == mask.len() && out.iter().zip(&mask).all(|(a, b)| a >= b));
        }
        assert!(outlined(&[], 0, 3).is_empty());
    }
}
