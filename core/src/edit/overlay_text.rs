//! Overlays as text: a key and what is said of it, joined by commas; several joined by `;`.

use std::fmt;

use deckle_pixels::Blend;

use super::items::{Placing, escape, extent, unescaped, write_extent, write_opacity, write_place};
use super::overlay::Overlay;
use crate::image::Word;
use crate::object_name;

const BLENDS: [(&str, Blend); 9] = [
    ("over", Blend::Over),
    ("multiply", Blend::Multiply),
    ("screen", Blend::Screen),
    ("overlay", Blend::Overlay),
    ("darken", Blend::Darken),
    ("lighten", Blend::Lighten),
    ("add", Blend::Add),
    ("dest-in", Blend::DestIn),
    ("dest-out", Blend::DestOut),
];

/// The mode that has this word.
pub fn blend_mode(word: &str) -> Option<Blend> {
    BLENDS.iter().find(|blend| blend.0 == word).map(|blend| blend.1)
}

/// The word for a mode.
pub fn blend_word(mode: Blend) -> &'static str {
    BLENDS.iter().find(|blend| blend.1 == mode).map_or("over", |blend| blend.0)
}

/// Overlays joined by `;`.
#[inline(never)]
pub fn parse(text: &str, most: usize, positions: &[Word]) -> Option<Vec<Overlay>> {
    let overlays: Vec<&str> = text.splitn(most.checked_add(1)?, ';').collect();
    let overlays = if overlays.len() > most { None } else { Some(overlays) };
    overlays?.into_iter().map(|text| one(text, positions)).collect()
}

/// What is accepted, as the end of the sentence "expected …".
#[cold]
pub fn expected(most: usize) -> String {
    let blends: Vec<&str> = BLENDS.iter().map(|blend| blend.0).collect();
    format!(
        "up to {most} images joined by ; each a key, then, joined by commas, a position or left: and top: in pixels or %, width: and \
         height: in pixels or %, opacity: from 0 to 1, tile, {}",
        blends.join(", ")
    )
}

/// A key and what is said of it. Nothing is said twice.
fn one(text: &str, positions: &[Word]) -> Option<Overlay> {
    let mut items = text.split(',');
    let key = unescaped(items.next()?)?;
    if object_name::fault(&key).is_some() {
        return None;
    }
    let (mut placing, mut height, mut blend, mut tile) = (Placing::default(), None, None, false);
    for item in items {
        let mode = BLENDS.iter().find(|blend| blend.0 == item);
        let is_first = match (item.strip_prefix("height:"), mode) {
            (Some(value), _) => height.replace(extent(value)?).is_none(),
            (None, Some((_, mode))) => blend.replace(*mode).is_none(),
            (None, None) if item == "tile" => !std::mem::replace(&mut tile, true),
            (None, None) => placing.read(item, positions).is_some(),
        };
        if !is_first {
            return None;
        }
    }
    let ((x, y), opacity) = (placing.distances()?, placing.opacity());
    let blend = blend.unwrap_or_default();
    Some(Overlay { bucket: None, key, width: placing.width, height, opacity, x, y, blend, tile })
}

impl fmt::Display for Overlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(&self.key, f)?;
        write_place(self.x, self.y, f)?;
        write_extent("width", self.width, f)?;
        write_extent("height", self.height, f)?;
        write_opacity(self.opacity, f)?;
        match BLENDS.iter().find(|blend| blend.1 == self.blend) {
            Some((word, mode)) if *mode != Blend::Over => write!(f, ",{word}")?,
            _ => (),
        }
        f.write_str(if self.tile { ",tile" } else { "" })
    }
}
