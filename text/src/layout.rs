//! Text broken into lines.

use ttf_parser::{Face, GlyphId};

use crate::face;

/// At which side lines of different lengths meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    #[default]
    Centre,
    /// At the right.
    Right,
}

/// A glyph at its place: its origin from the block's left edge, and its baseline from the top, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub glyph: GlyphId,
    pub x: f32,
    pub y: f32,
}

/// Text broken into lines, and its size.
#[derive(Clone, Debug)]
pub struct Block {
    pub(crate) glyphs: Vec<Placed>,
    /// Pixels of a unit of the font.
    pub(crate) scale: f32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A part of a line: its glyphs with what each takes, and what they take together.
#[derive(Default)]
struct Run {
    glyphs: Vec<(GlyphId, f32)>,
    width: f32,
}

impl Run {
    fn push(&mut self, glyph: GlyphId, advance: f32) {
        self.glyphs.push((glyph, advance));
        self.width += advance;
    }

    fn append(&mut self, other: &mut Self) {
        self.glyphs.append(&mut other.glyphs);
        self.width += std::mem::take(&mut other.width);
    }
}

impl Block {
    /// Breaks text whose em has so many pixels at line feeds, and at spaces where a line would be wider than `most`; a word that is wider
    /// is broken anywhere.
    #[must_use]
    pub fn new(text: &str, em: f32, most: f32, align: Align) -> Self {
        let Some(face) = face() else {
            return Self { glyphs: Vec::new(), scale: 0.0, width: 0, height: 0 };
        };
        let scale = em / f32::from(face.units_per_em());
        let lines: Vec<Run> = text.split('\n').flat_map(|line| broken(&face, line, scale, most)).collect();
        let (ascent, descent) = (f32::from(face.ascender()) * scale, f32::from(face.descender()) * scale);
        let step = ascent - descent + f32::from(face.line_gap()) * scale;
        let width = lines.iter().fold(0.0_f32, |width, line| width.max(line.width));
        let mut glyphs = Vec::new();
        for (row, line) in lines.iter().enumerate() {
            let free = width - line.width;
            let mut x = match align {
                Align::Left => 0.0,
                Align::Centre => free / 2.0,
                Align::Right => free,
            };
            for &(glyph, advance) in &line.glyphs {
                glyphs.push(Placed { glyph, x, y: ascent + row as f32 * step });
                x += advance;
            }
        }
        let height = (lines.len().max(1) - 1) as f32 * step + ascent - descent;
        Self { glyphs, scale, width: width.ceil() as u32, height: height.ceil() as u32 }
    }
}

fn broken(face: &Face<'_>, text: &str, scale: f32, most: f32) -> Vec<Run> {
    let mut lines = Vec::new();
    let (mut line, mut word, mut space) = (Run::default(), Run::default(), Run::default());
    for c in text.chars() {
        let glyph = face.glyph_index(c).unwrap_or(GlyphId(0));
        let advance = f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
        if c == ' ' {
            if !word.glyphs.is_empty() {
                line.append(&mut space);
                line.append(&mut word);
            }
            space.push(glyph, advance);
            continue;
        }
        if line.width + space.width + word.width + advance > most {
            if !line.glyphs.is_empty() {
                lines.push(std::mem::take(&mut line));
            } else if !word.glyphs.is_empty() {
                lines.push(std::mem::take(&mut word));
            }
            space = Run::default();
        }
        word.push(glyph, advance);
    }
    line.append(&mut space);
    line.append(&mut word);
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, most: f32) -> usize {
        let block = Block::new(text, 20.0, most, Align::Left);
        let mut rows: Vec<u32> = block.glyphs.iter().map(|glyph| glyph.y as u32).collect();
        rows.dedup();
        assert!(block.glyphs.iter().all(|glyph| glyph.x >= 0.0 && glyph.x <= block.width as f32));
        rows.len()
    }

    #[test]
    fn text_is_broken_at_line_feeds_and_where_it_is_too_wide() {
        assert_eq!(lines("Hello world", 1000.0), 1);
        assert_eq!(lines("Hello\nworld", 1000.0), 2);
        assert_eq!(lines("Hello world", 70.0), 2);
        assert_eq!(lines("one two three four", 80.0), 3);
        // a word that is too wide by itself
        assert_eq!(lines("Donaudampfschifffahrt", 50.0), 5);
        assert_eq!(lines("WWW", 0.0), 3);
        // the space before it does not come back at its end
        let w = Block::new("W", 20.0, 1000.0, Align::Left).width;
        assert_eq!(lines(" WWW", w as f32), 3);
        assert_eq!(Block::new(" WWW", 20.0, w as f32, Align::Left).width, w);
    }

    #[test]
    fn a_block_is_as_wide_as_its_longest_line_and_as_high_as_all() {
        let one = Block::new("Hello", 20.0, 1000.0, Align::Left);
        let two = Block::new("Hello\nHi", 20.0, 1000.0, Align::Right);
        assert_eq!(one.width, two.width);
        assert!(one.height >= 20 && two.height > one.height + 18, "{} {}", one.height, two.height);
        assert!(two.glyphs.last().is_some_and(|glyph| glyph.x > two.width as f32 / 2.0));
        assert_eq!(Block::new("", 20.0, 100.0, Align::Left).width, 0);
    }

    #[test]
    fn the_font_has_latin_greek_and_cyrillic() {
        let face = face();
        let has = |c| face.as_ref().is_some_and(|face| face.glyph_index(c).is_some());
        assert!("Ĝražãé ßŁő ΆλφαΩ Привіт ЁЄ €£ „“–… ™".chars().all(has));
        assert!(!has('家'));
    }
}
