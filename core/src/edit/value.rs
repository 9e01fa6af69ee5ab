//! Kinds of value: one parser and one canonical spelling for each.

use std::fmt;

use serde::Serialize;

use super::types::Position;
use super::{Crop, Point};
use crate::image::Colour;
pub use crate::image::Word;

/// What an edit's value may be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A whole number, `min..=max`.
    Integer {
        /// Least value.
        min: u32,
        /// Greatest value.
        max: u32,
    },
    /// A decimal with at most `places` places; bounds in ten-thousandths.
    Decimal {
        /// Least value, in ten-thousandths.
        min: u32,
        /// Greatest value, in ten-thousandths.
        max: u32,
        /// Decimal places allowed, at most 4.
        places: u32,
    },
    /// Yes or no; present without a value means yes.
    Flag,
    /// One of a list of words.
    Word {
        /// The words, each with its aliases.
        words: &'static [Word],
    },
    /// Hex digits or one of the names.
    Colour {
        /// Named colours and their hex digits.
        names: &'static [(&'static str, &'static str)],
    },
    /// Four whole numbers: x, y, width, height.
    Rectangle {
        /// Greatest value of each; width and height are at least 1.
        max: u32,
    },
    /// A place by word, or two fractions.
    Position {
        /// The words, each with its aliases.
        words: &'static [Word],
    },
    /// A name in one of the configuration's maps.
    Name,
    /// base64 JSON holding other edits.
    Json,
}

/// Where an edit stands in the canonical path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In the first segment.
    Dims,
    /// In the second segment, as `name-value`, or the bare name for a flag.
    Option,
    /// In the second segment, as the bare value.
    Bare,
    /// Nowhere: it is folded into others.
    None,
}

/// A value that was read and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A whole number.
    Integer(u32),
    /// Ten-thousandths.
    Decimal(u32),
    /// Yes or no.
    Flag(bool),
    /// A canonical word.
    Word(&'static str),
    /// A colour.
    Colour(Colour),
    /// A region.
    Rectangle(Crop),
    /// A place or focal point.
    Position(Position),
}

impl Kind {
    /// Reads a value; `None` when it is not one of this kind or out of range.
    pub fn parse(&self, text: &str) -> Option<Value> {
        match *self {
            Self::Integer { min, max } => {
                let n = integer(text)?;
                (min..=max).contains(&n).then_some(Value::Integer(n))
            }
            Self::Decimal { min, max, places } => {
                let n = decimal(text, places)?;
                (min..=max).contains(&n).then_some(Value::Decimal(n))
            }
            Self::Flag => match text {
                "" | "1" | "true" | "yes" | "on" => Some(Value::Flag(true)),
                "0" | "false" | "no" | "off" => Some(Value::Flag(false)),
                _ => None,
            },
            Self::Word { words } => word(words, text).map(Value::Word),
            Self::Colour { names } => {
                let hex = names.iter().find(|n| n.0 == text).map_or(text, |n| n.1);
                Colour::from_hex(hex).map(Value::Colour)
            }
            Self::Rectangle { max } => rectangle(text, max).map(Value::Rectangle),
            Self::Position { words } => match word(words, text) {
                Some(word) => Position::from_word(word).map(Value::Position),
                None => focus(text).map(|point| Value::Position(Position::Focus(point))),
            },
            Self::Name | Self::Json => None,
        }
    }

    /// What is accepted, as the end of the sentence "expected …".
    pub fn expected(&self) -> String {
        let list = |words: &[Word]| words.iter().map(|w| w.0).collect::<Vec<_>>().join(", ");
        match *self {
            Self::Integer { min, max } => format!("an integer from {min} to {max}"),
            Self::Decimal { min, max, places } => format!(
                "a number from {} to {} with at most {places} decimal places",
                Value::Decimal(min),
                Value::Decimal(max)
            ),
            Self::Flag => "true or false".into(),
            Self::Word { words } => format!("one of {}", list(words)),
            Self::Colour { .. } => "3, 4, 6 or 8 hex digits, or a colour name".into(),
            Self::Rectangle { max } => {
                format!("x,y,width,height: integers up to {max}, width and height at least 1")
            }
            Self::Position { words } => format!("x,y from 0 to 1, or one of {}", list(words)),
            Self::Name => "a name in the configuration".into(),
            Self::Json => "base64 of a JSON object of edits".into(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer(n) => write!(f, "{n}"),
            Self::Decimal(n) if n % 10_000 == 0 => write!(f, "{}", n / 10_000),
            Self::Decimal(n) => {
                let places = format!("{:04}", n % 10_000);
                write!(f, "{}.{}", n / 10_000, places.trim_end_matches('0'))
            }
            Self::Flag(yes) => write!(f, "{}", u8::from(yes)),
            Self::Word(word) => f.write_str(word),
            Self::Colour(colour) => write!(f, "{colour}"),
            Self::Rectangle(c) => write!(f, "{}x{}x{}x{}", c.x, c.y, c.width, c.height),
            Self::Position(Position::Focus(p)) => write!(f, "{}x{}", Self::Decimal(p.x), Self::Decimal(p.y)),
            Self::Position(place) => f.write_str(place.word().unwrap_or("centre")),
        }
    }
}

/// The canonical word for a word or one of its aliases.
pub fn word(words: &[Word], text: &str) -> Option<&'static str> {
    words.iter().find(|(word, aliases)| *word == text || aliases.contains(&text)).map(|w| w.0)
}

#[inline(never)]
fn integer(text: &str) -> Option<u32> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Reads digits with at most `places` (≤ 4) decimals, in ten-thousandths.
#[inline(never)]
fn decimal(text: &str, places: u32) -> Option<u32> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let whole = integer(whole)?;
    if fraction.len() > places as usize || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u32 = format!("{fraction:0<4}").parse().ok()?;
    whole.checked_mul(10_000)?.checked_add(fraction)
}

/// Splits at `,` or at `x`, but not at a mixture.
fn list(text: &str) -> Option<Vec<&str>> {
    let separator = if text.contains(',') { ',' } else { 'x' };
    (text.len() <= 64).then(|| text.split(separator).collect())
}

#[inline(never)]
fn focus(text: &str) -> Option<Point> {
    let mut parts = list(text)?.into_iter();
    let (x, y) = (decimal(parts.next()?, 4)?, decimal(parts.next()?, 4)?);
    (x <= 10_000 && y <= 10_000 && parts.next().is_none()).then_some(Point { x, y })
}

#[inline(never)]
fn rectangle(text: &str, max: u32) -> Option<Crop> {
    let numbers: Option<Vec<u32>> = list(text)?.into_iter().map(integer).collect();
    match *numbers?.as_slice() {
        [x, y, width, height] => {
            let crop = Crop { x, y, width, height };
            let fits = [x, y, width, height].iter().all(|&n| n <= max) && width > 0 && height > 0;
            fits.then_some(crop)
        }
        _ => None,
    }
}
