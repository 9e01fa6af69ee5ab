//! `overlayWith`: another object laid on the picture.

use super::error;
use super::json::{Json, whole_number};
use super::resize::{PLACES, WORDS};
use super::thumbor::is_hundred;
use crate::edit::{Blend, Distance, Extent, Overlay, Step, blend_mode};
use crate::request::RequestError;

/// The overlay of an edit, in one of these buckets.
pub fn overlay(value: &Json, buckets: &[String]) -> Result<Step, RequestError> {
    if value.is_nothing() {
        return Err(error::processing("overlayWith", "an object"));
    }
    let text = |name: &str| value.get(name).and_then(Json::text);
    let bucket = text("bucket").filter(|bucket| buckets.iter().any(|allowed| allowed == bucket));
    let bucket = bucket.ok_or_else(error::overlay_bucket)?;
    let key = text("key").ok_or_else(error::overlay)?;
    let options = value.get("options");
    let place = |name: &str| options.and_then(|options| options.get(name)).map(place).transpose();
    let (x, y) = (place("left")?, place("top")?);
    if x.is_some() != y.is_some() {
        return Err(error::processing("overlayWith", "both left and top, or neither"));
    }
    let option = |name: &str| options.and_then(|options| options.get(name)).filter(|value| !value.is_nothing());
    let blend = match option("blend") {
        None => Blend::Over,
        Some(blend) => blend
            .text()
            .and_then(blend_mode)
            .ok_or_else(|| error::processing("overlayWith", "blend to be over, or a mode that is implemented"))?,
    };
    let tile = match option("tile") {
        None => false,
        Some(Json::Flag(tile)) => *tile,
        Some(_) => return Err(error::processing("overlayWith", "tile to be true or false")),
    };
    let gravity = option("gravity").map(gravity).transpose()?;
    // sharp places by gravity where no place is given
    let (x, y) = match (x, y, gravity) {
        (None, None, Some((x, y))) => (side(x), side(y)),
        (x, y, _) => (x, y),
    };
    let percent = |name: &str| value.get(name).and_then(percent);
    if [percent("wRatio"), percent("hRatio")].contains(&Some(0)) {
        return Err(error::overlay());
    }
    Ok(Step::Overlay(Box::new(Overlay {
        bucket: (buckets.first().is_none_or(|first| first != bucket)).then(|| bucket.to_owned()),
        key: key.to_owned(),
        width: percent("wRatio").map(Extent::Percent),
        height: percent("hRatio").map(Extent::Percent),
        // quirk: 0 is opaque
        opacity: 100 - percent("alpha").unwrap_or(0),
        x,
        y,
        blend,
        tile,
    })))
}

/// A side of sharp's gravity; the middle is where nothing is stated.
fn side(place: i8) -> Option<Distance> {
    match place {
        -1 => Some(Distance::Pixels(0)),
        1 => Some(Distance::Far),
        _ => None,
    }
}

/// Positions that are no gravity: `top`, `right bottom`.
fn is_gravity(text: &str) -> bool {
    !text.contains(' ') && !matches!(text, "top" | "right" | "bottom" | "left")
}

/// sharp's words for a gravity, or its numbers.
fn gravity(value: &Json) -> Result<(i8, i8), RequestError> {
    let number = match value {
        Json::Number(number) => (0..PLACES.len()).find(|index| *index as f64 == *number),
        other => other.text().and_then(|text| Some(WORDS.iter().find(|word| word.0 == text && is_gravity(text))?.1)),
    };
    let expected = "gravity to be centre, north, northeast and so on";
    number.map(|number| PLACES[number]).ok_or_else(|| error::processing("overlayWith", expected))
}

/// 0 to 100 as digits; quirk: anything else counts as not given.
fn percent(value: &Json) -> Option<u8> {
    let text = match value {
        Json::Text(text) => text.clone(),
        Json::Number(_) => value.to_string(),
        _ => return None,
    };
    text.parse().ok().filter(|_| is_hundred(&text))
}

/// Pixels, or percent with a `p` at the end.
fn place(value: &Json) -> Result<Distance, RequestError> {
    let text = match value {
        Json::Text(text) => text.clone(),
        Json::Number(_) => value.to_string(),
        _ => String::new(),
    };
    let number = whole_number(&text);
    if !(-100_000.0..=100_000.0).contains(&number) {
        return Err(error::processing("overlayWith", "places in pixels, or in percent as 50p"));
    }
    let number = number as i32;
    Ok(if text.ends_with('p') { Distance::Percent(number) } else { Distance::Pixels(number) })
}
