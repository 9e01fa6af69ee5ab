//! `overlayWith`: another object laid on the picture.

use super::error;
use super::json::{Json, whole_number};
use super::thumbor::is_hundred;
use crate::edit::{Distance, Overlay, Step};
use crate::request::RequestError;

/// The overlay of an edit, in one of these buckets.
pub fn overlay(value: &Json, buckets: &[String]) -> Result<Step, RequestError> {
    let text = |name: &str| value.get(name).and_then(Json::text);
    let bucket = text("bucket").filter(|bucket| buckets.iter().any(|allowed| allowed == bucket));
    let bucket = bucket.ok_or_else(error::overlay_bucket)?;
    let key = text("key").ok_or_else(|| error::processing("overlayWith", "a key"))?;
    let options = value.get("options");
    let place = |name: &str| options.and_then(|options| options.get(name)).map(place).transpose();
    let (x, y) = (place("left")?, place("top")?);
    if x.is_some() != y.is_some() {
        return Err(error::processing("overlayWith", "both left and top, or neither"));
    }
    let is_over = |blend: &Json| blend.text() == Some("over");
    if options.and_then(|options| options.get("blend")).is_some_and(|blend| !is_over(blend)) {
        return Err(error::processing("overlayWith", "blend to be over"));
    }
    let is_tiled = options.and_then(|options| options.get("tile")).is_some_and(Json::is_truthy);
    if is_tiled || options.and_then(|options| options.get("gravity")).is_some() {
        return Err(error::processing("overlayWith", "options of left and top"));
    }
    let percent = |name: &str| value.get(name).and_then(percent);
    Ok(Step::Overlay(Box::new(Overlay {
        bucket: (buckets.first().is_none_or(|first| first != bucket)).then(|| bucket.to_owned()),
        key: key.to_owned(),
        width: percent("wRatio"),
        height: percent("hRatio"),
        // quirk: 0 is opaque
        opacity: 100 - percent("alpha").unwrap_or(0),
        x,
        y,
    })))
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
