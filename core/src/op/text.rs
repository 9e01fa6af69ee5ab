//! Text written on the image.

use deckle_pixels::Stamp;
use deckle_text::{Align, Block, Clip};

use super::{widen, widened};
use crate::image::{Colour, Pixels, Size};

/// Text at its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// What is written.
    pub text: String,
    /// Pixels of an em.
    pub em: u32,
    /// The greatest width of a line.
    pub most: u32,
    /// At which side lines meet.
    pub align: Align,
    /// Its size, without an outline.
    pub size: Size,
    /// From the left edge; may be outside.
    pub x: i32,
    /// From the top edge; may be outside.
    pub y: i32,
    /// The colour of the letters.
    pub colour: Colour,
    /// How much of it shows, in percent.
    pub opacity: u8,
    /// Pixels around the letters.
    pub outline: u32,
    /// Their colour.
    pub outline_colour: Colour,
}

/// Bytes that a character takes when it is laid out, at most: as text, in its line while that grows, and at its place.
const CHARACTER: u64 = 128;

impl Text {
    pub(super) fn channels(entering: u8) -> u8 {
        widened(entering, true, false)
    }

    /// The part of an image that it reaches: from the left, from the top, and its size.
    fn reached(&self, size: Size) -> Option<(u32, u32, Size)> {
        let side = |at: i32, length: u32, whole: u32| {
            let (outline, whole) = (i64::from(self.outline), i64::from(whole));
            let from = (i64::from(at) - outline).clamp(0, whole);
            let to = (i64::from(at) + i64::from(length) + outline).clamp(0, whole);
            u32::try_from(from).ok().zip(u32::try_from(to - from).ok()).filter(|(_, length)| *length > 0)
        };
        let (x, width) = side(self.x, self.size.width, size.width)?;
        let (y, height) = side(self.y, self.size.height, size.height)?;
        Some((x, y, Size { width, height }))
    }

    /// Bytes of its masks.
    pub(super) fn aside(&self, entering: Size) -> u64 {
        let masks = if self.outline > 0 { 2 } else { 1 };
        let pixels = self.reached(entering).map_or(0, |(.., size)| size.pixels());
        masks * pixels + deckle_text::glyph_memory(self.em) + CHARACTER * self.text.len() as u64
    }

    pub(super) fn work(&self, entering: Size) -> u64 {
        let pixels = self.reached(entering).map_or(0, |(.., size)| size.pixels());
        let outline = if self.outline > 0 { deckle_text::outlined_work(pixels, self.outline) } else { 0 };
        20 * pixels + outline + 100_000 * self.text.len() as u64
    }

    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        let mut image = widen(image, true, false);
        let Some((x, y, size)) = self.reached(image.size) else { return image };
        let clip = Clip {
            x: (i64::from(x) - i64::from(self.x)) as i32,
            y: (i64::from(y) - i64::from(self.y)) as i32,
            width: size.width as usize,
            height: size.height as usize,
        };
        let letters = deckle_text::draw(&Block::new(&self.text, self.em as f32, self.most as f32, self.align), clip);
        let mut lay = |mask: &[u8], colour: Colour| {
            let Colour { r, g, b, a } = colour;
            let stamp = Stamp {
                width: image.size.width as usize,
                channels: image.channels,
                mask: clip.width,
                x: x as usize,
                y: y as usize,
                colour: [r, g, b],
                opacity: ((u32::from(self.opacity) * u32::from(a) + 50) / 100) as u8,
            };
            deckle_pixels::stamp(&mut image.data, mask, &stamp);
        };
        if self.outline > 0 {
            let mut outline = deckle_text::outlined(&letters, clip.width, self.outline);
            if self.opacity < 100 || self.colour.a < 255 {
                // it would show through the letters
                outline.iter_mut().zip(&letters).for_each(|(around, letter)| *around = around.saturating_sub(*letter));
            }
            lay(&outline, self.outline_colour);
        }
        lay(&letters, self.colour);
        image
    }
}
