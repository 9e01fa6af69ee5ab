//! Glyphs as outlines, for whoever draws paths.

use std::fmt::Write;

use ttf_parser::{GlyphId, OutlineBuilder};

use crate::face;

/// Outlines of the characters of a text that begins at a place of the baseline.
pub struct Outlines {
    /// Path data as SVG has them.
    pub data: String,
    /// How far the text goes, in the units of its em.
    pub advance: f32,
}

/// How far a text goes whose em is so long, with so much between characters.
#[must_use]
pub fn advance(text: &str, em: f32, between: f32) -> f32 {
    let Some(face) = face() else { return 0.0 };
    let scale = em / f32::from(face.units_per_em());
    let glyphs = text.chars().map(|c| face.glyph_index(c).unwrap_or(GlyphId(0)));
    glyphs.map(|glyph| f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale + between).sum()
}

/// The outlines of a text whose em is so long, with so much between characters.
#[must_use]
pub fn outlines(text: &str, em: f32, between: f32, (x, y): (f32, f32)) -> Outlines {
    let mut pen = Pen { data: String::new(), scale: 0.0, x, y, digits: 0 };
    let Some(face) = face() else { return Outlines { data: pen.data, advance: 0.0 } };
    pen.scale = em / f32::from(face.units_per_em());
    // a thousandth of the em
    pen.digits = (3.0 - em.max(1e-6).log10().floor()).clamp(0.0, 9.0) as usize;
    for c in text.chars() {
        let glyph = face.glyph_index(c).unwrap_or(GlyphId(0));
        // a glyph without an outline, as a space is
        let _ = face.outline_glyph(glyph, &mut pen);
        pen.x += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * pen.scale + between;
    }
    Outlines { advance: pen.x - x, data: pen.data }
}

struct Pen {
    data: String,
    scale: f32,
    x: f32,
    y: f32,
    digits: usize,
}

impl Pen {
    fn to(&mut self, name: char, points: &[(f32, f32)]) {
        self.data.push(name);
        for (x, y) in points {
            let (x, y) = (self.x + x * self.scale, self.y - y * self.scale);
            // writing to a string does not fail
            let _ = write!(self.data, "{x:.*} {y:.*} ", self.digits, self.digits);
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.to('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.to('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.to('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_go_as_far_as_they_say() {
        let Outlines { data, advance: far } = outlines("Hi", 20.0, 0.0, (5.0, 30.0));
        assert!(data.starts_with('M') && data.trim_end().ends_with('Z'), "{data}");
        assert!((far - advance("Hi", 20.0, 0.0)).abs() < 1e-3 && far > 10.0 && far < 40.0, "{far}");
        assert!((advance("Hi", 20.0, 3.0) - far - 6.0).abs() < 1e-3);
        assert_eq!(outlines("  ", 20.0, 0.0, (0.0, 0.0)).data, "");
    }
}
