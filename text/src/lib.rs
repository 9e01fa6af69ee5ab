//! Text in one font, Roboto Medium (`font/`, under the Apache licence): broken into lines, and drawn as coverage, a byte a pixel.
//!
//! The font has Latin, Greek and Cyrillic; what it lacks is shown as its box for missing characters. Characters stand one after the
//! other from left to right: there is no shaping, kerning or bidirectional text.

mod layout;
mod mask;
mod outline;
mod path;

pub use layout::{Align, Block};
pub use mask::{Clip, draw};
pub use outline::{outlined, outlined_work};
pub use path::{Outlines, advance, outlines};

use ttf_parser::Face;

/// The font.
const FONT: &[u8] = include_bytes!("../font/roboto.ttf");

fn face() -> Option<Face<'static>> {
    Face::parse(FONT, 0).ok()
}

/// Bytes that drawing the largest glyph takes, at most, where an em has so many pixels.
#[must_use]
pub fn glyph_memory(em: u32) -> u64 {
    face().map_or(0, |face| {
        let bounds = face.global_bounding_box();
        let scale = em as f32 / f32::from(face.units_per_em());
        let side = |from: i16, to: i16| ((f32::from(to) - f32::from(from)) * scale).ceil() as u64 + 4;
        4 * (side(bounds.x_min, bounds.x_max) * side(bounds.y_min, bounds.y_max) + 4)
    })
}
