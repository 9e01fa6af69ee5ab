//! What lies outside an ellipse becomes transparent.

/// Lines of a row that coverage is the mean of.
const LINES: u32 = 4;

/// An ellipse in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Ellipse {
    /// The centre's distance from the left edge.
    pub x: f32,
    /// The centre's distance from the top edge.
    pub y: f32,
    /// Half of its width, above 0.
    pub rx: f32,
    /// Half of its height, above 0.
    pub ry: f32,
}

/// Multiplies the alpha of rows of `width` pixels, of 2 or 4 channels, by how much of each pixel the ellipse covers.
pub fn ellipse(data: &mut [u8], width: usize, channels: u8, ellipse: &Ellipse) {
    let channels = usize::from(channels);
    if width == 0 {
        return;
    }
    for (y, row) in data.chunks_exact_mut(width * channels).enumerate() {
        let lines = [0, 1, 2, 3].map(|line| span(ellipse, y as f32 + (line as f32 + 0.5) / LINES as f32));
        for (x, alpha) in row.iter_mut().skip(channels - 1).step_by(channels).enumerate() {
            let (left, right) = (x as f32, x as f32 + 1.0);
            let covered: f32 = lines.iter().map(|(from, to)| (to.min(right) - from.max(left)).clamp(0.0, 1.0)).sum();
            *alpha = (f32::from(*alpha) * covered / LINES as f32 + 0.5) as u8;
        }
    }
}

/// Where the ellipse begins and ends on a line.
fn span(ellipse: &Ellipse, y: f32) -> (f32, f32) {
    let down = (y - ellipse.y) / ellipse.ry;
    let half = ellipse.rx * (1.0 - down * down).max(0.0).sqrt();
    (ellipse.x - half, ellipse.x + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_stays_and_the_corners_go() {
        let mut data = [200, 255].repeat(20 * 10);
        ellipse(&mut data, 20, 2, &Ellipse { x: 10.0, y: 5.0, rx: 10.0, ry: 5.0 });
        let alpha = |x: usize, y: usize| data[(y * 20 + x) * 2 + 1];
        assert_eq!((alpha(0, 0), alpha(19, 9), alpha(10, 5), alpha(10, 0)), (0, 0, 255, 255));
        assert!((100..255).contains(&alpha(0, 5)), "{}", alpha(0, 5));
        assert!(data.iter().step_by(2).all(|&sample| sample == 200));
        // the area of the ellipse
        let sum: u32 = data.iter().skip(1).step_by(2).map(|&alpha| u32::from(alpha)).sum();
        assert!((sum as f32 / 255.0 - 157.08).abs() < 2.0, "{sum}");
    }
}
