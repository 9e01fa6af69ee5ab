//! Glyphs drawn.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use ttf_parser::OutlineBuilder;

use crate::face;
use crate::layout::{Block, Placed};

/// The part of the plane of a block that is drawn, in pixels from the block's top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Its left edge.
    pub x: i32,
    /// Its top edge.
    pub y: i32,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

/// What of each pixel of the clip the text covers. Takes, beside the answer, four bytes a pixel of one glyph.
#[must_use]
pub fn draw(block: &Block, clip: Clip) -> Vec<u8> {
    let mut mask = vec![0; clip.width * clip.height];
    if let Some(face) = face() {
        for placed in &block.glyphs {
            draw_glyph(&face, block.scale, *placed, clip, &mut mask);
        }
    }
    mask
}

fn draw_glyph(face: &ttf_parser::Face<'_>, scale: f32, placed: Placed, clip: Clip, mask: &mut [u8]) {
    let Some(bounds) = face.glyph_bounding_box(placed.glyph) else { return };
    // with a pixel of room
    let left = (placed.x + f32::from(bounds.x_min) * scale).floor() as i32 - 1;
    let right = (placed.x + f32::from(bounds.x_max) * scale).ceil() as i32 + 1;
    let top = (placed.y - f32::from(bounds.y_max) * scale).floor() as i32 - 1;
    let bottom = (placed.y - f32::from(bounds.y_min) * scale).ceil() as i32 + 1;
    let (first, last) = (left.max(clip.x), right.min(clip.x + clip.width as i32));
    if first >= last || top.max(clip.y) >= bottom.min(clip.y + clip.height as i32) {
        return;
    }
    let (width, height) = ((right - left) as usize, (bottom - top) as usize);
    let at = point(placed.x - left as f32, placed.y - top as f32);
    let rasterizer = Rasterizer::new(width, height);
    let most = point(width as f32, height as f32);
    let mut pen = Pen { rasterizer, scale, at, most, start: at, last: at };
    face.outline_glyph(placed.glyph, &mut pen);
    pen.rasterizer.for_each_pixel_2d(|x, y, covered| {
        let (x, y) = (left + x as i32 - clip.x, top + y as i32 - clip.y);
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            && x < clip.width
            && let Some(sample) = mask.get_mut(y * clip.width + x)
        {
            // where glyphs meet
            *sample = (*sample).max((covered.clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
        }
    });
}

struct Pen {
    rasterizer: Rasterizer,
    scale: f32,
    at: Point,
    most: Point,
    start: Point,
    last: Point,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        let (x, y) = (self.at.x + x * self.scale, self.at.y - y * self.scale);
        point(x.clamp(0.0, self.most.x), y.clamp(0.0, self.most.y))
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.point(x, y);
        self.last = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.rasterizer.draw_line(self.last, to);
        self.last = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (by, to) = (self.point(x1, y1), self.point(x, y));
        self.rasterizer.draw_quad(self.last, by, to);
        self.last = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (by, then, to) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        self.rasterizer.draw_cubic(self.last, by, then, to);
        self.last = to;
    }

    fn close(&mut self) {
        self.rasterizer.draw_line(self.last, self.start);
        self.last = self.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Align;

    fn whole(text: &str, em: f32) -> (Block, Vec<u8>) {
        let block = Block::new(text, em, 1e6, Align::Left);
        let clip = Clip { x: 0, y: 0, width: block.width as usize, height: block.height as usize };
        let mask = draw(&block, clip);
        (block, mask)
    }

    #[test]
    fn letters_are_drawn_with_smooth_edges() {
        let (block, mask) = whole("Ágy", 40.0);
        let share = mask.iter().map(|&v| f32::from(v)).sum::<f32>() / 255.0 / mask.len() as f32;
        assert!((0.15..0.5).contains(&share), "{share} of {}×{}", block.width, block.height);
        assert!(mask.contains(&255) && mask.iter().filter(|v| (1..255).contains(*v)).count() > 50);
        // nothing touches the upper or lower edge
        assert!(mask[..block.width as usize].iter().all(|&v| v == 0));
    }

    #[test]
    fn what_the_font_lacks_is_a_box_and_a_space_is_nothing() {
        assert!(whole("家", 30.0).1.iter().any(|&v| v > 200));
        assert!(whole("   ", 30.0).1.iter().all(|&v| v == 0));
    }

    #[test]
    fn a_clip_is_that_part_of_the_whole() {
        let (block, mask) = whole("Hello", 30.0);
        for (x, y, width, height) in [(5, 7, 20, 10), (-10, -10, 30, 30), (40, 20, 100, 100), (1000, 0, 5, 5)] {
            let part = draw(&block, Clip { x, y, width, height });
            for row in 0..height {
                for column in 0..width {
                    let (across, down) = (x + column as i32, y + row as i32);
                    let is_inside =
                        (0..block.width as i32).contains(&across) && (0..block.height as i32).contains(&down);
                    if is_inside {
                        assert_eq!(
                            part[row * width + column],
                            mask[down as usize * block.width as usize + across as usize]
                        );
                    }
                }
            }
        }
    }
}
