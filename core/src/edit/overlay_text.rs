//! Overlays as text: a key and what is said of it, joined by commas; several joined by `;`.

use std::fmt;

use deckle_pixels::Blend;

use super::number::{decimal, integer, spelled, word};
use super::overlay::{Distance, Extent, Overlay};
use super::types::{PLACES, Position};
use crate::image::Word;
use crate::object_name;

/// The greatest length in pixels.
const MOST_PIXELS: u32 = 8192;

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
    let mut overlay = Overlay { key, opacity: 100, ..Overlay::default() };
    let (mut place, mut opacity, mut blend) = (None, None, None);
    for item in items {
        let is_first = match item.split_once(':') {
            Some(("left", value)) => overlay.x.replace(distance(value)?).is_none(),
            Some(("top", value)) => overlay.y.replace(distance(value)?).is_none(),
            Some(("width", value)) => overlay.width.replace(extent(value)?).is_none(),
            Some(("height", value)) => overlay.height.replace(extent(value)?).is_none(),
            Some(("opacity", value)) => {
                let share = decimal(value, 2).filter(|share| *share <= 10_000)?;
                opacity.replace((share / 100) as u8).is_none()
            }
            Some(_) => return None,
            None if item == "tile" => !std::mem::replace(&mut overlay.tile, true),
            None => match BLENDS.iter().find(|blend| blend.0 == item) {
                Some((_, mode)) => blend.replace(*mode).is_none(),
                None => match Position::from_word(word(positions, item)?)? {
                    Position::Place { x, y } => place.replace((x, y)).is_none(),
                    _ => return None,
                },
            },
        };
        if !is_first {
            return None;
        }
    }
    if let Some((x, y)) = place {
        if overlay.x.is_some() || overlay.y.is_some() {
            return None;
        }
        (overlay.x, overlay.y) = (at(x), at(y));
    }
    (overlay.opacity, overlay.blend) = (opacity.unwrap_or(100), blend.unwrap_or_default());
    Some(overlay)
}

/// A third of a side: -1, 0 or 1.
fn at(third: i8) -> Option<Distance> {
    match third {
        0 => None,
        1 => Some(Distance::Far),
        _ => Some(Distance::Pixels(0)),
    }
}

fn distance(text: &str) -> Option<Distance> {
    let magnitude = |text: &str, most: u32| {
        let digits = text.strip_prefix('-');
        let number = i32::try_from(integer(digits.unwrap_or(text)).filter(|n| *n <= most)?).ok()?;
        Some(if digits.is_some() { -number } else { number })
    };
    match text.strip_suffix('%') {
        // no percent is no pixel
        Some(percent) => {
            magnitude(percent, 100).map(|n| if n == 0 { Distance::Pixels(0) } else { Distance::Percent(n) })
        }
        None => magnitude(text, 65_535).map(Distance::Pixels),
    }
}

fn extent(text: &str) -> Option<Extent> {
    let number = |text: &str, most: u32| integer(text).filter(|n| (1..=most).contains(n));
    match text.strip_suffix('%') {
        Some(percent) => number(percent, 100).map(|n| Extent::Percent(n as u8)),
        None => number(text, MOST_PIXELS).map(Extent::Pixels),
    }
}

/// A key with its separators back; `None` where `%` stands for anything else.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut key = parts.next()?.to_owned();
    for part in parts {
        key.push(match part.get(..2)? {
            "2C" | "2c" => ',',
            "3B" | "3b" => ';',
            "25" => '%',
            _ => return None,
        });
        key.push_str(part.get(2..)?);
    }
    Some(key)
}

impl fmt::Display for Overlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.key.chars() {
            match c {
                ',' | ';' | '%' => write!(f, "%{:02X}", u32::from(c))?,
                c => write!(f, "{c}")?,
            }
        }
        let place = PLACES.iter().find(|&&(_, x, y)| (at(x), at(y)) == (self.x, self.y));
        match place {
            Some(("centre", ..)) => (),
            Some((word, ..)) => write!(f, ",{word}")?,
            None => {
                for (name, distance) in [("left", self.x), ("top", self.y)] {
                    match distance {
                        None => (),
                        Some(Distance::Percent(n)) => write!(f, ",{name}:{n}%")?,
                        Some(distance) => write!(f, ",{name}:{}", distance.resolve(0, 0))?,
                    }
                }
            }
        }
        for (name, extent) in [("width", self.width), ("height", self.height)] {
            match extent {
                None => (),
                Some(Extent::Percent(n)) => write!(f, ",{name}:{n}%")?,
                Some(Extent::Pixels(n)) => write!(f, ",{name}:{n}")?,
            }
        }
        if self.opacity < 100 {
            write!(f, ",opacity:{}", spelled(u32::from(self.opacity) * 100))?;
        }
        match BLENDS.iter().find(|blend| blend.1 == self.blend) {
            Some((word, mode)) if *mode != Blend::Over => write!(f, ",{word}")?,
            _ => (),
        }
        f.write_str(if self.tile { ",tile" } else { "" })
    }
}
