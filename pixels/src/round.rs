//! Rounded corners: how much of each pixel lies inside of a quarter of an ellipse, and the rest in a background.

/// Lines that a row of pixels is cut into; along each of them the share that is inside is exact.
const LINES: u32 = 16;

/// Rounds the corners of row `y` of an image of this size, with radii across and down of half of its sides at most. Channels are
/// as many as the background's; alpha is straight.
#[inline(never)]
pub fn round_row(row: &mut [u8], y: u32, (width, height): (u32, u32), (across, down): (f32, f32), background: &[u8]) {
    // from the nearer edge
    let from_edge = y.min(height - 1 - y);
    if from_edge as f32 >= down || row.len() != width as usize * background.len() {
        return;
    }
    // where each line enters the ellipse
    let starts: [f32; LINES as usize] = core::array::from_fn(|i| {
        let line = from_edge as f32 + (i as f32 + 0.5) / LINES as f32;
        let t = (1.0 - line / down).max(0.0);
        across * (1.0 - (1.0 - t * t).sqrt())
    });
    let channels = background.len();
    // an odd middle column is seen from both sides and has no corner
    let end = (starts[0].ceil() as u32).min(width / 2);
    for x in 0..end {
        let inside = starts.iter().map(|start| (x as f32 + 1.0 - start).clamp(0.0, 1.0)).sum::<f32>() / LINES as f32;
        for x in [x, width - 1 - x] {
            blend(&mut row[x as usize * channels..][..channels], background, inside);
        }
    }
}

/// A pixel of which a share is seen, over the background.
fn blend(pixel: &mut [u8], background: &[u8], share: f32) {
    let n = pixel.len();
    let round = |v: f32| (v + 0.5) as u8;
    if n % 2 == 1 {
        for (v, under) in pixel.iter_mut().zip(background) {
            *v = round(f32::from(*v) * share + f32::from(*under) * (1.0 - share));
        }
        return;
    }
    let (seen, under) = (f32::from(pixel[n - 1]) * share, f32::from(background[n - 1]) * (1.0 - share));
    let alpha = seen + under;
    for (v, colour) in pixel[..n - 1].iter_mut().zip(background) {
        *v = if alpha > 0.0 { round((f32::from(*v) * seen + f32::from(*colour) * under) / alpha) } else { 0 };
    }
    pixel[n - 1] = round(alpha);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(size: (u32, u32), radii: (f32, f32), pixel: &[u8], background: &[u8]) -> Vec<u8> {
        let mut data = pixel.repeat((size.0 * size.1) as usize);
        let row = size.0 as usize * pixel.len();
        data.chunks_mut(row).enumerate().for_each(|(y, row)| round_row(row, y as u32, size, radii, background));
        data
    }

    #[test]
    fn what_is_left_has_the_area_of_the_ellipse_and_is_symmetrical() {
        for (size, radii) in
            [((40, 40), (20.0, 20.0)), ((41, 31), (20.5, 15.5)), ((60, 30), (7.0, 9.5)), ((9, 9), (0.5, 0.5))]
        {
            let data = rounded(size, radii, &[255], &[0]);
            let area = data.iter().map(|&v| f64::from(v) / 255.0).sum::<f64>();
            let corners = (4.0 - std::f64::consts::PI) * f64::from(radii.0) * f64::from(radii.1);
            let expected = f64::from(size.0 * size.1) - corners;
            assert!((area - expected).abs() < 0.02 * corners + 0.2, "{size:?} {radii:?}: {area}, {expected}");
            let mut turned = data.clone();
            turned.reverse();
            assert_eq!(data, turned);
        }
    }

    #[test]
    fn pixels_beyond_the_corners_are_kept_and_corners_have_the_background() {
        let data = rounded((40, 30), (8.0, 8.0), &[10, 20, 30], &[1, 2, 3]);
        assert_eq!((&data[..3], &data[data.len() - 3..]), (&[1, 2, 3][..], &[1, 2, 3][..]));
        assert_eq!(&data[8 * 3..11 * 3], [10, 20, 30].repeat(3));
        assert!(data[8 * 120..22 * 120].chunks(3).all(|pixel| pixel == [10, 20, 30]));
    }

    #[test]
    fn on_nothing_only_alpha_changes() {
        let data = rounded((16, 16), (8.0, 8.0), &[10, 20, 30, 200], &[0; 4]);
        assert_eq!((data[3], data[(8 * 16 + 8) * 4 + 3]), (0, 200));
        assert!(data.chunks(4).all(|pixel| pixel[3] == 0 || pixel[..3] == [10, 20, 30]));
        assert!(data.chunks(4).any(|pixel| (1..200).contains(&pixel[3])));
    }

    #[test]
    fn an_image_of_one_pixel_keeps_its_middle() {
        assert_eq!(rounded((1, 1), (0.5, 0.5), &[9], &[0]), [9]);
    }
}
