//! Text that is written on a picture, as asked.

use super::overlay::{Distance, Extent};
use crate::image::Colour;

/// Text that is written on a picture.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lettering {
    /// What is written; a line feed begins a new line.
    pub text: String,
    /// Pixels of an em, in percent of the picture's height where it is percent.
    pub size: Extent,
    /// The colour of the letters.
    pub colour: Colour,
    /// Where it lies across; the middle when not given.
    pub x: Option<Distance>,
    /// Where it lies down; the middle when not given.
    pub y: Option<Distance>,
    /// The greatest width of a line; the picture's when not given.
    pub width: Option<Extent>,
    /// How much of it shows, in percent.
    pub opacity: u8,
    /// Pixels around the letters.
    pub outline: u32,
    /// Their colour.
    pub outline_colour: Colour,
}

impl Default for Lettering {
    fn default() -> Self {
        Self {
            text: String::new(),
            size: Extent::Percent(6),
            colour: Colour::WHITE,
            x: None,
            y: None,
            width: None,
            opacity: 100,
            outline: 0,
            outline_colour: Colour { r: 0, g: 0, b: 0, a: 255 },
        }
    }
}
