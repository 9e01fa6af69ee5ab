//! Kinds of value: one parser and one canonical spelling for each.

use std::fmt;

use serde::Serialize;

use super::number::{decimal, integer, spelled, word};
use super::types::Position;
use super::{Crop, Lettering, Overlay, Point, Ratio, Trim, Unit};
use super::{lettering_text, overlay_text};
pub use crate::image::Word;
use crate::image::{Colour, Radius, Sides};
use crate::op::WHOLE_TURN;

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
    /// A whole number, `min..=max`, or one of a list of words.
    Quality {
        /// Least value.
        min: u32,
        /// Greatest value.
        max: u32,
        /// The words, each with its aliases.
        words: &'static [Word],
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
    /// Two or more colours, joined.
    Colours {
        /// Named colours and their hex digits.
        names: &'static [(&'static str, &'static str)],
        /// How many.
        count: usize,
    },
    /// Decimals that may be negative, joined.
    Numbers {
        /// How many there may be.
        counts: &'static [usize],
        /// Least and greatest value of the first, the second, and so on, in ten-thousandths; those of the last hold for all others.
        bounds: &'static [(i32, i32)],
        /// Decimal places allowed, at most 4.
        places: u32,
    },
    /// Four whole numbers, or four fractions: x, y, width, height.
    Rectangle {
        /// Greatest value of each in pixels; width and height are more than 0.
        max: u32,
    },
    /// Degrees from −360 to 360, two decimal places at most; a whole turn is none.
    Angle,
    /// A tolerance from 0 to 255, then a colour and the word `line` if wanted.
    Trim {
        /// Named colours and their hex digits.
        names: &'static [(&'static str, &'static str)],
    },
    /// Two numbers: width to height.
    Ratio {
        /// Least of each, in ten-thousandths.
        min: u32,
        /// Greatest of each, in ten-thousandths.
        max: u32,
    },
    /// A whole number of pixels, a fraction of each side, or `max` for half of it.
    Radius {
        /// Greatest value in pixels.
        max: u32,
    },
    /// One whole number for all sides, two for top and bottom and for left and right, or four from the top clockwise.
    Sides {
        /// Greatest value of each.
        max: u32,
    },
    /// A place by word, or two fractions.
    Position {
        /// The words, each with its aliases.
        words: &'static [Word],
    },
    /// Pictures to lay on this one, joined.
    Overlays {
        /// How many there may be.
        most: usize,
        /// Words, each with its aliases, of which those of places count.
        #[serde(skip)]
        positions: &'static [Word],
    },
    /// Texts to write on the picture, joined.
    Lettering {
        /// How many there may be.
        most: usize,
        /// Words, each with its aliases, of which those of places count.
        #[serde(skip)]
        positions: &'static [Word],
        /// Named colours and their hex digits.
        names: &'static [(&'static str, &'static str)],
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Several colours.
    Colours(Vec<Colour>),
    /// Ten-thousandths.
    Numbers(Vec<i32>),
    /// A region.
    Rectangle(Crop),
    /// Clockwise, in ten-thousandths of a degree, less than a whole turn.
    Angle(u32),
    /// What is cut off.
    Trim(Trim),
    /// Width to height.
    Ratio(Ratio),
    /// How far corners are rounded.
    Radius(Radius),
    /// Pixels at each side.
    Sides(Sides),
    /// A place or focal point.
    Position(Position),
    /// Pictures to lay on this one.
    Overlays(Vec<Overlay>),
    /// Texts to write on the picture.
    Lettering(Vec<Lettering>),
}

impl Kind {
    /// Reads a value; `None` when it is not one of this kind or out of range.
    pub fn parse(&self, text: &str) -> Option<Value> {
        match *self {
            Self::Integer { min, max } => {
                let n = integer(text)?;
                (min..=max).contains(&n).then_some(Value::Integer(n))
            }
            Self::Quality { min, max, words } => match word(words, text) {
                Some(word) => Some(Value::Word(word)),
                None => Self::Integer { min, max }.parse(text),
            },
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
            Self::Colour { names } => colour(text, names).map(Value::Colour),
            Self::Trim { names } => trim(text, names).map(Value::Trim),
            Self::Colours { names, count } => {
                let parts = split(text, count)?.into_iter().map(|part| colour(part, names));
                parts.collect::<Option<Vec<_>>>().filter(|all| all.len() == count).map(Value::Colours)
            }
            Self::Numbers { counts, bounds, places } => numbers(text, counts, bounds, places).map(Value::Numbers),
            Self::Rectangle { max } => rectangle(text, max).map(Value::Rectangle),
            Self::Angle => angle(text).map(Value::Angle),
            Self::Ratio { min, max } => ratio(text, min, max).map(Value::Ratio),
            Self::Radius { max } => radius(text, max).map(Value::Radius),
            Self::Sides { max } => sides(text, max).map(Value::Sides),
            Self::Position { words } => match word(words, text) {
                Some(word) => Position::from_word(word).map(Value::Position),
                None => focus(text).map(|point| Value::Position(Position::Focus(point))),
            },
            Self::Overlays { most, positions } => overlay_text::parse(text, most, positions).map(Value::Overlays),
            Self::Lettering { most, positions, names } => {
                lettering_text::parse(text, most, positions, names).map(Value::Lettering)
            }
            Self::Name | Self::Json => None,
        }
    }

    /// What is accepted, as the end of the sentence "expected …".
    pub fn expected(&self) -> String {
        let list = |words: &[Word]| words.iter().map(|w| w.0).collect::<Vec<_>>().join(", ");
        match *self {
            Self::Integer { min, max } => format!("an integer from {min} to {max}"),
            Self::Quality { min, max, words } => format!("an integer from {min} to {max}, or one of {}", list(words)),
            Self::Decimal { min, max, places } => format!(
                "a number from {} to {} with at most {places} decimal places",
                Value::Decimal(min),
                Value::Decimal(max)
            ),
            Self::Flag => "true or false".into(),
            Self::Word { words } => format!("one of {}", list(words)),
            Self::Colour { .. } => "3, 4, 6 or 8 hex digits, or a colour name".into(),
            Self::Colours { count, .. } => format!("{count} colours, each hex digits or a name, joined by a comma"),
            Self::Numbers { counts, bounds, places } => expected_numbers(counts, bounds, places),
            Self::Rectangle { max } => {
                format!("x,y,width,height: integers up to {max}, or fractions from 0 to 1 such as 0.25 or 25%")
            }
            Self::Angle => "degrees from -360 to 360 with at most 2 decimal places".into(),
            Self::Trim { .. } => {
                "a tolerance from 0 to 255, with a colour and the word line if wanted, such as 10,ffffff,line".into()
            }
            Self::Ratio { min, max } => format!(
                "width to height such as 16x9, 16:9 or 1.91x1, each from {} to {}",
                Value::Decimal(min),
                Value::Decimal(max)
            ),
            Self::Radius { max } => {
                format!("an integer up to {max}, a fraction of each side such as 0.25 or 25%, or max")
            }
            Self::Sides { max } => {
                format!(
                    "1, 2 or 4 integers up to {max}: all sides; top and bottom, left and right; or top, right, bottom, left"
                )
            }
            Self::Position { words } => format!("x,y from 0 to 1, or one of {}", list(words)),
            Self::Overlays { most, .. } => overlay_text::expected(most),
            Self::Lettering { most, .. } => lettering_text::expected(most),
            Self::Name => "a name in the configuration".into(),
            Self::Json => "base64 of a JSON object of edits".into(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer(n) => write!(f, "{n}"),
            Self::Decimal(n) => f.write_str(&spelled(n)),
            Self::Colours(ref colours) => f.write_str(&joined(colours.iter().map(Colour::to_string))),
            Self::Numbers(ref numbers) => f.write_str(&joined(numbers.iter().map(|&n| signed(n)))),
            Self::Flag(yes) => write!(f, "{}", u8::from(yes)),
            Self::Word(word) => f.write_str(word),
            Self::Colour(colour) => write!(f, "{colour}"),
            Self::Rectangle(c) => match c.unit {
                Unit::Pixel => write!(f, "{}x{}x{}x{}", c.x, c.y, c.width, c.height),
                Unit::Share => {
                    let (x, y) = (Self::Decimal(c.x), Self::Decimal(c.y));
                    write!(f, "{x}x{y}x{}x{}", Share(c.width), Share(c.height))
                }
            },
            Self::Trim(trim) => {
                write!(f, "{}", trim.tolerance)?;
                if let Some(colour) = trim.background {
                    write!(f, "x{colour}")?;
                }
                f.write_str(if trim.is_line_art { "xline" } else { "" })
            }
            Self::Angle(angle) => write!(f, "{}", Self::Decimal(angle)),
            Self::Ratio(r) => write!(f, "{}x{}", Self::Decimal(r.width), Self::Decimal(r.height)),
            Self::Radius(Radius::Pixels(radius)) => write!(f, "{radius}"),
            Self::Radius(Radius::MOST) => f.write_str("max"),
            Self::Radius(Radius::Share(share)) => write!(f, "{}", Share(share)),
            Self::Sides(Sides { top, right, bottom, left }) => match (top == bottom, right == left, top == right) {
                (true, true, true) => write!(f, "{top}"),
                (true, true, false) => write!(f, "{top}x{right}"),
                _ => write!(f, "{top}x{right}x{bottom}x{left}"),
            },
            Self::Position(Position::Focus(p)) => write!(f, "{}x{}", Self::Decimal(p.x), Self::Decimal(p.y)),
            Self::Lettering(ref texts) => {
                f.write_str(&texts.iter().map(Lettering::to_string).collect::<Vec<_>>().join(";"))
            }
            Self::Overlays(ref overlays) => {
                f.write_str(&overlays.iter().map(Overlay::to_string).collect::<Vec<_>>().join(";"))
            }
            Self::Position(place) => f.write_str(place.word().unwrap_or("centre")),
        }
    }
}

fn signed(n: i32) -> String {
    let sign = if n < 0 { "-" } else { "" };
    sign.to_owned() + &spelled(n.unsigned_abs())
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("x")
}

#[inline(never)]
fn expected_numbers(counts: &[usize], bounds: &[(i32, i32)], places: u32) -> String {
    let ranges = bounds.iter().map(|&(min, max)| format!("from {} to {}", signed(min), signed(max)));
    let ranges = ranges.collect::<Vec<_>>().join(", then ");
    let at_most = match places {
        0 => format!("{ranges}, without decimals"),
        _ => format!("{ranges}, with at most {places} decimal places"),
    };
    match counts {
        [1] => format!("a number {at_most}"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(usize::to_string).collect();
            let counts = if rest.is_empty() { last.to_string() } else { format!("{} or {last}", rest.join(", ")) };
            format!("{counts} numbers {at_most}")
        }
        [] => at_most,
    }
}

/// A fraction that is seen to be one: with a point even when it is whole.
struct Share(u32);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = if self.0.is_multiple_of(10_000) { ".0" } else { "" };
        write!(f, "{}{point}", Value::Decimal(self.0))
    }
}

/// Splits at `,` or at `x`, but not at a mixture.
fn list(text: &str) -> Option<Vec<&str>> {
    let separator = if text.contains(',') { ',' } else { 'x' };
    (text.len() <= 64).then(|| text.split(separator).collect())
}

/// Splits as [`list`] does, whatever the length, into `most` parts and one more at most.
fn split(text: &str, most: usize) -> Option<Vec<&str>> {
    let separator = if text.contains(',') { ',' } else { 'x' };
    Some(text.splitn(most.checked_add(1)?, separator).collect())
}

fn colour(text: &str, names: &[(&str, &str)]) -> Option<Colour> {
    let hex = names.iter().find(|n| n.0 == text).map_or(text, |n| n.1);
    Colour::from_hex(hex)
}

#[inline(never)]
fn numbers(text: &str, counts: &[usize], bounds: &[(i32, i32)], places: u32) -> Option<Vec<i32>> {
    let parts = split(text, counts.iter().copied().max()?)?;
    let mut out = Vec::with_capacity(parts.len());
    for (i, part) in parts.iter().enumerate() {
        let digits = part.strip_prefix('-');
        let n = i32::try_from(decimal(digits.unwrap_or(part), places)?).ok()?;
        let n = if digits.is_some() { -n } else { n };
        let (min, max) = *bounds.get(i).or_else(|| bounds.last())?;
        out.push((min..=max).contains(&n).then_some(n)?);
    }
    counts.contains(&out.len()).then_some(out)
}

#[inline(never)]
fn focus(text: &str) -> Option<Point> {
    let mut parts = list(text)?.into_iter();
    let (x, y) = (decimal(parts.next()?, 4)?, decimal(parts.next()?, 4)?);
    (x <= 10_000 && y <= 10_000 && parts.next().is_none()).then_some(Point { x, y })
}

/// Whole numbers, or fractions if one has a point or a percent sign.
#[inline(never)]
fn rectangle(text: &str, max: u32) -> Option<Crop> {
    let items = list(text)?;
    let (unit, max) = match text.contains(['.', '%']) {
        true => (Unit::Share, 10_000),
        false => (Unit::Pixel, max),
    };
    let number = |item: &str| match unit {
        Unit::Pixel => integer(item),
        Unit::Share => share(item),
    };
    let numbers: Option<Vec<u32>> = items.into_iter().map(number).collect();
    match *numbers?.as_slice() {
        [x, y, width, height] => {
            let fits = [x, y, width, height].iter().all(|&n| n <= max) && width > 0 && height > 0;
            fits.then_some(Crop { x, y, width, height, unit })
        }
        _ => None,
    }
}

/// A fraction, or a percentage with two decimals at most, in ten-thousandths.
fn share(text: &str) -> Option<u32> {
    match text.strip_suffix('%') {
        Some(percent) => Some(decimal(percent, 2)? / 100),
        None => decimal(text, 4),
    }
}

#[inline(never)]
fn trim(text: &str, names: &[(&str, &str)]) -> Option<Trim> {
    let items = list(text)?;
    let (tolerance, rest) = items.split_first()?;
    let tolerance = u8::try_from(integer(tolerance)?).ok()?;
    let (is_line_art, rest) = match rest {
        [rest @ .., "line"] => (true, rest),
        rest => (false, rest),
    };
    let background = match rest {
        [] => None,
        [text] => Some(colour(text, names)?),
        _ => return None,
    };
    Some(Trim { tolerance, background, is_line_art })
}

#[inline(never)]
fn angle(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('-');
    let angle = decimal(digits.unwrap_or(text), 2).filter(|&angle| angle <= WHOLE_TURN)?;
    Some(if digits.is_some() { WHOLE_TURN - angle } else { angle } % WHOLE_TURN)
}

#[inline(never)]
fn ratio(text: &str, min: u32, max: u32) -> Option<Ratio> {
    let (width, height) = match text.split_once(':') {
        Some(pair) => pair,
        None => match *list(text)?.as_slice() {
            [width, height] => (width, height),
            _ => return None,
        },
    };
    let (width, height) = (decimal(width, 4)?, decimal(height, 4)?);
    let fits = |n| (min..=max).contains(&n);
    (fits(width) && fits(height)).then_some(Ratio { width, height })
}

/// More than half of a side is half of it.
fn radius(text: &str, max: u32) -> Option<Radius> {
    if text == "max" {
        return Some(Radius::MOST);
    }
    if !text.contains(['.', '%']) {
        return integer(text).filter(|&radius| radius <= max).map(Radius::Pixels);
    }
    match share(text)? {
        0 => Some(Radius::NONE),
        5_000..=10_000 => Some(Radius::MOST),
        share => Some(share).filter(|&share| share < 5_000).map(Radius::Share),
    }
}

#[inline(never)]
fn sides(text: &str, max: u32) -> Option<Sides> {
    let numbers = list(text)?.into_iter().map(|item| integer(item).filter(|&n| n <= max));
    match *numbers.collect::<Option<Vec<u32>>>()?.as_slice() {
        [all] => Some(Sides { top: all, right: all, bottom: all, left: all }),
        [down, across] => Some(Sides { top: down, right: across, bottom: down, left: across }),
        [top, right, bottom, left] => Some(Sides { top, right, bottom, left }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: Kind = Kind::Numbers { counts: &[1, 2, 4], bounds: &[(0, 50_000), (-20_000, 10_000)], places: 2 };

    fn respelled(kind: &Kind, text: &str) -> Option<String> {
        kind.parse(text).map(|value| value.to_string())
    }

    #[test]
    fn numbers_are_signed_bounded_by_place_and_spelled_in_one_way() {
        for (text, expected) in [
            ("01.50", Some("1.5")),
            ("1,-2", Some("1x-2")),
            ("1x-0.00", Some("1x0")),
            ("5,1,1,-2.0", Some("5x1x1x-2")),
            ("5.01", None),
            ("-0.01", None),
            ("1,1.01", None),
            ("1,2,3", None),
            ("1,1,1,1,1", None),
            ("1,1x1,1", None),
            ("1.005", None),
            ("1,", None),
            ("", None),
            ("-", None),
            ("--1", None),
            ("NaN", None),
            ("1e3", None),
            ("99999999999", None),
        ] {
            assert_eq!(respelled(&PAIR, text).as_deref(), expected, "{text}");
        }
        assert_eq!(PAIR.expected(), "1, 2 or 4 numbers from 0 to 5, then from -2 to 1, with at most 2 decimal places");
    }

    #[test]
    fn colours_are_as_many_as_stated() {
        let kind = Kind::Colours { names: &[("red", "ff0000")], count: 2 };
        assert_eq!(respelled(&kind, "red,#00F").as_deref(), Some("ff0000x0000ff"));
        assert_eq!(respelled(&kind, "redx00f").as_deref(), Some("ff0000x0000ff"));
        for text in ["red", "red,red,red", "red,", "blue,red", ""] {
            assert_eq!(respelled(&kind, text), None, "{text}");
        }
    }
}
