//! How often colours occur, by cells of similar ones.

use super::cut::cut;
use super::nearest::Palette;
use super::point::Point;
use super::{CELLS, OPAQUE_CELLS, cell, premultiplied};

/// Bytes that counting, cutting and mapping take, for so many pixels.
pub fn histogram_memory(pixels: u64, has_alpha: bool) -> u64 {
    let cells = (if has_alpha { CELLS } else { OPAQUE_CELLS }) as u64;
    // cells, twice: to count, then what is nearest to each; points, twice while they grow
    cells * 6 + pixels.min(cells) * 20 * 3 + (16 << 10)
}

/// Counts colours.
pub struct Histogram {
    has_alpha: bool,
    /// Of each cell, the number of its point and one.
    cells: Vec<u32>,
    points: Vec<Point>,
    has_clear: bool,
}

impl Histogram {
    /// For opaque pictures, clear pixels left out, or for others.
    pub fn new(has_alpha: bool) -> Self {
        let cells = vec![0; if has_alpha { CELLS } else { OPAQUE_CELLS }];
        Self { has_alpha, cells, points: Vec::new(), has_clear: false }
    }

    /// Counts every pixel of RGBA, or one of so many. Of sums of 2²⁴ pixels the last digits are lost.
    #[inline(never)]
    pub fn add(&mut self, pixels: &[u8], step: usize) {
        for &pixel in pixels.as_chunks::<4>().0.iter().step_by(step.max(1)) {
            if pixel[3] == 0 {
                self.has_clear = true;
                continue;
            }
            let pixel = premultiplied(pixel);
            let cell = cell(pixel) % self.cells.len();
            let number = match self.cells[cell] {
                0 => {
                    self.points.push(Point::default());
                    self.cells[cell] = self.points.len() as u32;
                    self.points.len() - 1
                }
                number => number as usize - 1,
            };
            let point = &mut self.points[number];
            point.at.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += f32::from(v));
            point.weight += 1.0;
        }
    }

    /// The mean square of the distances to a palette's nearest colours.
    #[inline(never)]
    pub fn error(&self, palette: &Palette) -> f32 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for point in &self.points {
            let at = point.at.map(|v| v / point.weight);
            let light = palette.premultiplied_colours()[usize::from(palette.nearest(at.map(|v| (v + 0.5) as i32)))];
            let distance: f32 = (0..4).map(|c| (at[c] - f32::from(light[c])).powi(2)).sum();
            sum += distance * point.weight;
            weight += point.weight;
        }
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    /// At most so many colours, two at least where there are opaque and other ones. With alpha, a clear one is among them.
    #[inline(never)]
    pub fn palette(self, most: usize) -> Palette {
        let Self { has_alpha, cells, mut points, has_clear } = self;
        drop(cells);
        for point in &mut points {
            point.at.iter_mut().for_each(|sum| *sum /= point.weight);
        }
        let spare = usize::from(has_alpha && has_clear);
        let mut colours = cut(&mut points, most.clamp(1 + spare, super::MOST_COLOURS) - spare);
        if spare > 0 {
            colours.push([0; 4]);
        }
        Palette::new(&colours, has_alpha)
    }
}
