//! `resize`: sharp's options, and the handler's `ratio`.

use super::colour;
use super::error;
use super::json::Json;
use crate::edit::table::MAX_SIDE;
use crate::edit::{Edits, Fit, Position, Trim};
use crate::image::Colour;
use crate::request::RequestError;

/// sharp's places by number, in its order.
pub const PLACES: [(i8, i8); 9] = [(0, 0), (0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1)];

/// sharp's words for them, and what number each stands for.
pub const WORDS: &[(&str, usize)] = &[
    ("centre", 0),
    ("center", 0),
    ("top", 1),
    ("north", 1),
    ("right", 2),
    ("east", 2),
    ("bottom", 3),
    ("south", 3),
    ("left", 4),
    ("west", 4),
    ("right top", 5),
    ("northeast", 5),
    ("right bottom", 6),
    ("southeast", 6),
    ("left bottom", 7),
    ("southwest", 7),
    ("left top", 8),
    ("northwest", 8),
];

/// Tells the edits what `resize` says.
pub fn resize(edits: &mut Edits, value: &Json) -> Result<(), RequestError> {
    let Json::Object(_) = value else {
        return if value.is_nothing() { Ok(()) } else { Err(error::processing("resize", "an object")) };
    };
    let (width, height) = (side(value, "width")?, side(value, "height")?);
    let ratio = value.get("ratio").map(Json::to_number).filter(|ratio| *ratio != 0.0 && !ratio.is_nan());
    let stated = fit(value)?;
    // quirk: a ratio is of width and height if both are given, else of the source, whatever is given
    let (width, height) = match (ratio, width, height) {
        (Some(ratio), Some(width), Some(height)) => (Some(scaled(width, ratio)?), Some(scaled(height, ratio)?)),
        (Some(_), ..) => (None, None),
        (None, ..) => (width, height),
    };
    if let Some(ratio) = ratio.filter(|_| width.is_none()) {
        let ten_thousandths = (ratio * 10_000.0).round();
        if !(1.0..=1_000_000.0).contains(&ten_thousandths) {
            return Err(error::size());
        }
        edits.beyond.share = Some(ten_thousandths as u32);
    }
    // quirk: cover, and inside with a ratio
    let fit = stated.unwrap_or(if ratio.is_some() { Fit::Inside } else { Fit::Cover });
    let limit = |side: Option<f64>| match side {
        None => Ok(None),
        Some(side) if side <= f64::from(MAX_SIDE) => Ok(Some(side as u32)),
        // a box without bounds in one direction, as they are written
        Some(_) if fit == Fit::Inside => Ok(Some(MAX_SIDE)),
        Some(_) => Err(error::processing("resize", "sides of 8192 pixels at most")),
    };
    (edits.width, edits.height) = (limit(width)?, limit(height)?);
    edits.fit = fit;
    let has_size = edits.width.is_some() || edits.height.is_some() || edits.beyond.share.is_some();
    let position = position(value)?;
    edits.position = if matches!(fit, Fit::Cover | Fit::Contain) { position } else { Position::CENTRE };
    // quirk: enlarges unless told not to
    edits.enlarge = has_size && !boolean(value, "withoutEnlargement")?;
    edits.beyond.larger_only = has_size && boolean(value, "withoutReduction")?;
    let background = match value.get("background").filter(|background| !background.is_nothing()) {
        Some(background) => {
            colour::read(background).ok_or_else(|| error::processing("resize", "a background that is a colour"))?
        }
        None => Colour { a: 255, ..Colour::TRANSPARENT },
    };
    edits.beyond.padding = (fit == Fit::Contain).then_some(background);
    Ok(())
}

/// Quirk: text that is a number is one, and numbers are rounded. Nothing, undefined and null are not given.
fn side(value: &Json, name: &str) -> Result<Option<f64>, RequestError> {
    let Some(side) = value.get(name).filter(|side| !side.is_nothing()) else {
        return Ok(None);
    };
    let number = side.to_number();
    let number = if side.is_truthy() { (number + 0.5).floor() } else { number };
    match number {
        number if number <= 0.0 => Err(error::size()),
        number if (1.0..=100_000_000.0).contains(&number) => Ok(Some(number)),
        _ => Err(error::processing("resize", "sides that are numbers")),
    }
}

fn scaled(side: f64, ratio: f64) -> Result<f64, RequestError> {
    let side = (side * ratio + 0.5).floor();
    if (1.0..=100_000_000.0).contains(&side) { Ok(side) } else { Err(error::size()) }
}

fn fit(value: &Json) -> Result<Option<Fit>, RequestError> {
    match value.get("fit").filter(|fit| !fit.is_nothing()) {
        None => Ok(None),
        Some(fit) => match fit.text().and_then(Fit::from_word) {
            Some(fit) => Ok(Some(fit)),
            None => Err(error::processing("resize", "fit to be cover, contain, fill, inside or outside")),
        },
    }
}

fn position(value: &Json) -> Result<Position, RequestError> {
    // sharp's strategies, by name or number
    match value.get("position") {
        Some(Json::Number(number)) if *number == 16.0 => return Ok(Position::Entropy),
        Some(Json::Number(number)) if *number == 17.0 => return Ok(Position::Attention),
        Some(other) if other.text() == Some("entropy") => return Ok(Position::Entropy),
        Some(other) if other.text() == Some("attention") => return Ok(Position::Attention),
        _ => (),
    }
    let number = match value.get("position").filter(|position| !position.is_nothing()) {
        None => Some(0),
        Some(Json::Number(number)) => PLACES.iter().enumerate().map(|(i, _)| i).find(|i| *i as f64 == *number),
        Some(other) => other.text().and_then(|text| Some(WORDS.iter().find(|word| word.0 == text)?.1)),
    };
    match number {
        Some(number) => Ok(Position::Place { x: PLACES[number].0, y: PLACES[number].1 }),
        None => Err(error::processing("resize", "a position: centre, top, right top and so on")),
    }
}

fn boolean(value: &Json, name: &str) -> Result<bool, RequestError> {
    match value.get(name) {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Flag(yes)) => Ok(*yes),
        Some(_) => Err(error::processing("resize", "true or false")),
    }
}

/// `trim`: edges of the background are cut off before anything else.
pub fn trim(value: &Json) -> Result<Trim, RequestError> {
    let wrong = || error::processing("trim", "an object with threshold, background and lineArt");
    if !value.is_object() && !value.is_nothing() {
        return Err(wrong());
    }
    let threshold = value.get("threshold").map_or(Some(10.0), Json::number);
    let tolerance = threshold.filter(|threshold| (0.0..=255.0).contains(threshold)).ok_or_else(wrong)?.round() as u8;
    let background = match value.get("background").filter(|background| !background.is_nothing()) {
        None => None,
        Some(background) => Some(colour::read(background).ok_or_else(wrong)?),
    };
    Ok(Trim { tolerance, background, is_line_art: value.get("lineArt") == Some(&Json::Flag(true)) })
}
