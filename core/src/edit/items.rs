//! What is said of things that are laid on a picture: items that their texts have in common, read and spelled.

use std::fmt;

use super::number::{decimal, integer, spelled, word};
use super::overlay::{Distance, Extent};
use super::types::{PLACES, Position};
use crate::image::Word;

/// The greatest length in pixels.
const MOST_PIXELS: u32 = 8192;

/// What has been read so far of where a thing lies. Nothing is said twice.
#[derive(Default)]
pub struct Placing {
    place: Option<(i8, i8)>,
    x: Option<Distance>,
    y: Option<Distance>,
    opacity: Option<u8>,
    pub width: Option<Extent>,
}

impl Placing {
    /// Takes an item: a position's word, or `left:`, `top:`, `width:` or `opacity:` and a value. `None` if it is none of them, or is
    /// bad, or was said before.
    pub fn read(&mut self, item: &str, positions: &[Word]) -> Option<()> {
        let is_first = match item.split_once(':') {
            Some(("left", value)) => self.x.replace(distance(value)?).is_none(),
            Some(("top", value)) => self.y.replace(distance(value)?).is_none(),
            Some(("width", value)) => self.width.replace(extent(value)?).is_none(),
            Some(("opacity", value)) => {
                let share = decimal(value, 2).filter(|share| *share <= 10_000)?;
                self.opacity.replace((share / 100) as u8).is_none()
            }
            Some(_) => return None,
            None => match Position::from_word(word(positions, item)?)? {
                Position::Place { x, y } => self.place.replace((x, y)).is_none(),
                _ => return None,
            },
        };
        is_first.then_some(())
    }

    /// The distances from the left and the top; `None` if a position's word stands beside one of them.
    pub fn distances(&self) -> Option<(Option<Distance>, Option<Distance>)> {
        match self.place {
            Some((x, y)) => (self.x.is_none() && self.y.is_none()).then_some((at(x), at(y))),
            None => Some((self.x, self.y)),
        }
    }

    /// In percent.
    pub fn opacity(&self) -> u8 {
        self.opacity.unwrap_or(100)
    }
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

/// Pixels, or percent.
pub fn extent(text: &str) -> Option<Extent> {
    let number = |text: &str, most: u32| integer(text).filter(|n| (1..=most).contains(n));
    match text.strip_suffix('%') {
        Some(percent) => number(percent, 100).map(|n| Extent::Percent(n as u8)),
        None => number(text, MOST_PIXELS).map(Extent::Pixels),
    }
}

/// Text with its separators back; `None` where `%` stands for anything else.
pub fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        out.push(match part.get(..2)? {
            "2C" | "2c" => ',',
            "3B" | "3b" => ';',
            "25" => '%',
            _ => return None,
        });
        out.push_str(part.get(2..)?);
    }
    Some(out)
}

/// Writes text with its separators escaped.
pub fn escape(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.chars().try_for_each(|c| match c {
        ',' | ';' | '%' => write!(f, "%{:02X}", u32::from(c)),
        c => write!(f, "{c}"),
    })
}

/// Writes where a thing lies, unless that is the middle.
pub fn write_place(x: Option<Distance>, y: Option<Distance>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match PLACES.iter().find(|&&(_, across, down)| (at(across), at(down)) == (x, y)) {
        Some(("centre", ..)) => Ok(()),
        Some((word, ..)) => write!(f, ",{word}"),
        None => [("left", x), ("top", y)].into_iter().try_for_each(|(name, distance)| match distance {
            None => Ok(()),
            Some(Distance::Percent(n)) => write!(f, ",{name}:{n}%"),
            Some(distance) => write!(f, ",{name}:{}", distance.resolve(0, 0)),
        }),
    }
}

/// Writes a length that was given.
pub fn write_extent(name: &str, extent: Option<Extent>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match extent {
        None => Ok(()),
        Some(Extent::Percent(n)) => write!(f, ",{name}:{n}%"),
        Some(Extent::Pixels(n)) => write!(f, ",{name}:{n}"),
    }
}

/// Writes how much shows, unless that is all.
pub fn write_opacity(percent: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if percent < 100 { write!(f, ",opacity:{}", spelled(u32::from(percent) * 100)) } else { Ok(()) }
}
