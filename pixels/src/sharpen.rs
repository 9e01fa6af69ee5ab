//! Sharpening: adds to luma its difference from a Gaussian blur, small differences less than large ones.
//!
//! Source: the curve is libvips' `vips_sharpen` with sharp's parameters (`x1` 2, `m1` 1, `m2` 2, `y2` 10, `y3` 20 in units of
//! CIE L*), on the luma of ITU-R BT.601 instead, where 255 stands for L* 100.

/// Differences below this are multiplied by the first slope, what is beyond it by the second.
const FLAT: f32 = 2.0 * 2.55;
const FLAT_SLOPE: f32 = 1.0;
const JAGGED_SLOPE: f32 = 2.0;
/// The most by which a sample may get brighter, and darker.
const BRIGHTER: f32 = 10.0 * 2.55;
const DARKER: f32 = 20.0 * 2.55;

/// Weights of a Gaussian from the middle outwards, cut where they fall below a tenth, as libvips' `gaussmat` has them.
fn weights(sigma: f32) -> Vec<u32> {
    let weight = |x: u32| (-0.5 * (x as f32 / sigma).powi(2)).exp();
    (0..).map(weight).take_while(|&w| w >= 0.1).map(|w| (20.0 * w).round() as u32).collect()
}

/// Rows above and below that a sample depends on.
pub fn sharpen_reach(sigma: f32) -> u32 {
    weights(sigma).len() as u32 - 1
}

/// Sharpens rows of `width` pixels; `sigma` of the blur is in pixels, greater than 0. Alpha is kept, and colours are changed as much as their luma is.
#[inline(never)]
pub fn sharpen(data: &mut [u8], width: usize, channels: u8, sigma: f32) {
    let step = usize::from(channels);
    if width == 0 || data.len() < width * step {
        return;
    }
    let luma = luma_of(data, channels);
    let (weights, rows) = (weights(sigma), luma.len() / width);
    let total: u32 = weights[0] + 2 * weights[1..].iter().sum::<u32>();
    let scale = 1.0 / (total * total) as f32;
    let mut column = vec![0; width + 2 * (weights.len() - 1)];
    let mut blurred = vec![0; width];
    for (y, row) in data.chunks_exact_mut(width * step).take(rows).enumerate() {
        down(&luma, width, y, &weights, &mut column);
        across(&column, &weights, &mut blurred);
        let sharp = &luma[y * width..][..width];
        for ((pixel, &luma), &blurred) in row.chunks_exact_mut(step).zip(sharp).zip(&blurred) {
            let more = curve(f32::from(luma) - blurred as f32 * scale);
            let colours = if channels.is_multiple_of(2) { step - 1 } else { step };
            for sample in &mut pixel[..colours] {
                *sample = (f32::from(*sample) + more).round().clamp(0.0, 255.0) as u8;
            }
        }
    }
}

/// What is added for a difference from the blurred luma.
fn curve(difference: f32) -> f32 {
    let flat = difference.clamp(-FLAT, FLAT);
    (flat * FLAT_SLOPE + (difference - flat) * JAGGED_SLOPE).clamp(-DARKER, BRIGHTER)
}

fn luma_of(data: &[u8], channels: u8) -> Vec<u8> {
    match channels {
        1 => data.to_vec(),
        2 => data.iter().copied().step_by(2).collect(),
        n => {
            let of = |p: &[u8]| {
                (19_595 * u32::from(p[0]) + 38_470 * u32::from(p[1]) + 7_471 * u32::from(p[2]) + 32_768) >> 16
            };
            data.chunks_exact(usize::from(n)).map(|pixel| of(pixel) as u8).collect()
        }
    }
}

/// Blurs down: the weighted sum of the rows around `y`, the first and last repeated beyond the edges; likewise across at both
/// ends, which makes it wider than a row.
#[inline(never)]
fn down(luma: &[u8], width: usize, y: usize, weights: &[u32], column: &mut [u32]) {
    let last = luma.len() / width - 1;
    let row = |y: usize| &luma[y * width..][..width];
    let reach = weights.len() - 1;
    let middle = &mut column[reach..][..width];
    middle.iter_mut().zip(row(y)).for_each(|(sum, &sample)| *sum = u32::from(sample) * weights[0]);
    for (distance, &weight) in weights.iter().enumerate().skip(1) {
        let pairs = row(y.saturating_sub(distance)).iter().zip(row((y + distance).min(last)));
        middle.iter_mut().zip(pairs).for_each(|(sum, (&a, &b))| *sum += (u32::from(a) + u32::from(b)) * weight);
    }
    let (first, end) = (column[reach], column[reach + width - 1]);
    column[..reach].fill(first);
    column[reach + width..].fill(end);
}

/// Blurs across.
#[inline(never)]
fn across(column: &[u32], weights: &[u32], blurred: &mut [u32]) {
    let (reach, width) = (weights.len() - 1, blurred.len());
    let from = |start: usize| &column[start..][..width];
    blurred.iter_mut().zip(from(reach)).for_each(|(sum, &middle)| *sum = middle * weights[0]);
    for (distance, &weight) in weights.iter().enumerate().skip(1) {
        let pairs = from(reach - distance).iter().zip(from(reach + distance));
        blurred.iter_mut().zip(pairs).for_each(|(sum, (&a, &b))| *sum += (a + b) * weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_image_stays_constant() {
        for channels in 1..=4 {
            for sigma in [0.3, 1.0, 10.0] {
                let mut data: Vec<u8> =
                    (0..7 * 5 * usize::from(channels)).map(|i| [200, 30, 90, 77][i % usize::from(channels)]).collect();
                let before = data.clone();
                sharpen(&mut data, 7, channels, sigma);
                assert_eq!(data, before);
            }
        }
    }

    #[test]
    fn an_edge_gets_steeper_by_the_curve_and_no_more() {
        let row: Vec<u8> = [100; 8].into_iter().chain([110; 8]).collect();
        let mut data = row.repeat(9);
        sharpen(&mut data, 16, 1, 1.0);
        // by hand: weights 20 12 3; at the edge 10 × (12 + 3) / 50 = 3 are lost, one pixel on 10 × 3 / 50 = 0.6
        assert_eq!(
            data[4 * 16..][..16],
            [100, 100, 100, 100, 100, 100, 99, 97, 113, 111, 110, 110, 110, 110, 110, 110]
        );
        let mut strong: Vec<u8> = [[0; 8], [255; 8]].concat().repeat(3);
        strong.iter_mut().for_each(|v| *v = *v / 2 + 60);
        sharpen(&mut strong, 16, 1, 3.0);
        assert_eq!((strong[7], strong[8]), (60 - 51, 187 + 26));
    }

    #[test]
    fn colours_change_by_what_their_luma_does_and_alpha_is_kept() {
        let pixels = [[80, 90, 100, 7], [90, 100, 110, 9]].concat();
        let mut data = pixels.repeat(6);
        sharpen(&mut data, 2, 4, 1.0);
        let change: Vec<i32> = data.iter().zip(pixels.repeat(6)).map(|(a, b)| i32::from(*a) - i32::from(b)).collect();
        assert!(change.as_chunks::<4>().0.iter().all(|[r, g, b, a]| r == g && g == b && *a == 0 && *r != 0));
    }

    #[test]
    fn the_smallest_images_are_sharpened_without_a_step_outside() {
        for (width, height) in [(1, 1), (1, 5), (5, 1), (0, 0)] {
            let mut data = vec![9; width * height * 3];
            sharpen(&mut data, width, 3, 10.0);
            assert_eq!(data, vec![9; width * height * 3]);
        }
    }
}
