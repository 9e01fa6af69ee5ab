//! `smartCrop` and `contentModeration`: what a detector is to be asked.

use super::error;
use super::json::{Json, whole_number};
use crate::edit::{Face, Moderation};
use crate::request::RequestError;

/// The face to cut out; quirk: what is neither `true` nor an object asks for nothing.
pub fn face(value: &Json) -> Result<Option<Face>, RequestError> {
    match value {
        Json::Flag(true) => Ok(Some(Face::default())),
        Json::Object(_) => {
            let index = number(value, "faceIndex").unwrap_or(0.0);
            let padding = number(value, "padding").unwrap_or(0.0);
            // no picture has so many
            let is_index = index.fract() == 0.0 && (0.0..1_000.0).contains(&index);
            let index = if is_index { index as u32 } else { return Err(error::face_index()) };
            let is_padding = (-100_000.0..=100_000.0).contains(&padding);
            let padding = if is_padding { padding.round() as i32 } else { return Err(error::face_padding()) };
            Ok(Some(Face { index, padding }))
        }
        _ => Ok(None),
    }
}

/// Text that begins with a number is one; what is not given, or none, counts as not given.
fn number(value: &Json, name: &str) -> Option<f64> {
    match value.get(name)? {
        Json::Text(text) => Some(whole_number(text)).filter(|number| !number.is_nan()),
        Json::Number(number) if number.is_nan() => None,
        Json::Null => None,
        Json::Number(number) => Some(*number),
        // neither a number nor text: what is refused
        _ => Some(f64::INFINITY),
    }
}

/// The most labels that a request may name, and bytes that one may have.
const MOST_LABELS: usize = 50;
const LONGEST_LABEL: usize = 100;

/// What is not to be shown; `None` where nothing can be refused: a blur that is none, no label at all.
pub fn moderation(value: &Json) -> Result<Option<Moderation>, RequestError> {
    let wrong = || {
        let expected =
            "true, or minConfidence from 0 to 100, a number as blur, and moderationLabels as a list of names";
        error::processing("contentModeration", expected)
    };
    let number = |name: &str, default: f64| match value.get(name) {
        None | Some(Json::Null) => Ok(default),
        Some(Json::Number(number)) if number.is_finite() => Ok(*number),
        Some(_) => Err(wrong()),
    };
    if !matches!(value, Json::Flag(true) | Json::Object(_)) {
        return Ok(None);
    }
    let (confidence, blur) = (number("minConfidence", 75.0)?, number("blur", 50.0)?);
    if !(0.0..=100.0).contains(&confidence) {
        return Err(wrong());
    }
    let labels = match value.get("moderationLabels").filter(|labels| !labels.is_nothing()) {
        None => None,
        Some(Json::List(labels)) if labels.len() <= MOST_LABELS => {
            let name = |label: &Json| {
                let is_name = |name: &&str| (1..=LONGEST_LABEL).contains(&name.len()) && !name.contains('\n');
                label.text().filter(is_name).map(str::to_owned).ok_or_else(wrong)
            };
            Some(labels.iter().map(name).collect::<Result<Vec<_>, _>>()?)
        }
        Some(_) => return Err(wrong()),
    };
    // quirk: a blur out of range is none
    let is_idle = !(0.3..=1_000.0).contains(&blur) || labels.as_ref().is_some_and(Vec::is_empty);
    let moderation = Moderation {
        confidence: (confidence * 100.0).round() as u32,
        sigma: blur.ceil() as u32,
        labels: labels.unwrap_or_default(),
    };
    Ok((!is_idle).then_some(moderation))
}
