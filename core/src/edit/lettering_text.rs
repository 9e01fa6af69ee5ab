//! Text to be written, as text: what is written and what is said of it, joined by commas; several joined by `;`.

use std::fmt;

use super::items::{Placing, escape, extent, unescaped, write_extent, write_opacity, write_place};
use super::lettering::Lettering;
use super::number::integer;
use super::overlay::Extent;
use crate::image::{Colour, Word};

/// The most characters of one text.
const MOST_CHARACTERS: usize = 500;

/// Pixels of an em.
const SIZES: std::ops::RangeInclusive<u32> = 4..=1_000;

/// Pixels of an outline.
const MOST_OUTLINE: u32 = 16;

/// Texts joined by `;`.
#[inline(never)]
pub fn parse(text: &str, most: usize, positions: &[Word], names: &[(&str, &str)]) -> Option<Vec<Lettering>> {
    let texts: Vec<&str> = text.splitn(most.checked_add(1)?, ';').collect();
    if texts.len() > most {
        return None;
    }
    texts.into_iter().map(|text| one(text, positions, names)).collect()
}

/// What is accepted, as the end of the sentence "expected …".
#[cold]
pub fn expected(most: usize) -> String {
    format!(
        "up to {most} texts joined by ; each of up to {MOST_CHARACTERS} characters, then, joined by commas, size: from {} to {} or in %, \
         colour:, a position or left: and top: in pixels or %, width: in pixels or %, opacity: from 0 to 1, outline: to {MOST_OUTLINE}, \
         outline-colour:",
        SIZES.start(),
        SIZES.end(),
    )
}

fn one(text: &str, positions: &[Word], names: &[(&str, &str)]) -> Option<Lettering> {
    let mut items = text.split(',');
    let text = unescaped(items.next()?)?;
    let is_text = |c: char| c == '\n' || !c.is_control();
    if text.chars().all(char::is_whitespace) || text.chars().count() > MOST_CHARACTERS || !text.chars().all(is_text) {
        return None;
    }
    let colour = |text: &str| Colour::from_hex(names.iter().find(|name| name.0 == text).map_or(text, |name| name.1));
    let (mut size, mut letters, mut outline, mut around) = (None, None, None, None);
    let mut placing = Placing::default();
    for item in items {
        let is_first = match item.split_once(':') {
            Some(("size", value)) => size.replace(extent(value).filter(is_size)?).is_none(),
            Some(("colour" | "color", value)) => letters.replace(colour(value)?).is_none(),
            Some(("outline", value)) => outline.replace(integer(value).filter(|n| *n <= MOST_OUTLINE)?).is_none(),
            Some(("outline-colour" | "outline-color", value)) => around.replace(colour(value)?).is_none(),
            _ => placing.read(item, positions).is_some(),
        };
        if !is_first {
            return None;
        }
    }
    let (x, y) = placing.distances()?;
    let usual = Lettering::default();
    let outline = outline.unwrap_or(0);
    Some(Lettering {
        text,
        size: size.unwrap_or(usual.size),
        colour: letters.unwrap_or(usual.colour),
        x,
        y,
        width: placing.width,
        opacity: placing.opacity(),
        outline,
        // of none there is no colour
        outline_colour: around.filter(|_| outline > 0).unwrap_or(usual.outline_colour),
    })
}

fn is_size(size: &Extent) -> bool {
    match size {
        Extent::Pixels(n) => SIZES.contains(n),
        Extent::Percent(_) => true,
    }
}

impl fmt::Display for Lettering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        escape(&self.text, f)?;
        write_extent("size", Some(self.size).filter(|size| *size != usual.size), f)?;
        if self.colour != usual.colour {
            write!(f, ",colour:{}", self.colour)?;
        }
        write_place(self.x, self.y, f)?;
        write_extent("width", self.width, f)?;
        write_opacity(self.opacity, f)?;
        if self.outline > 0 {
            write!(f, ",outline:{}", self.outline)?;
        }
        if self.outline_colour != usual.outline_colour {
            write!(f, ",outline-colour:{}", self.outline_colour)?;
        }
        Ok(())
    }
}
