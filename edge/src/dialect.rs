//! Answers to requests of AWS's dialect: its headers, its words for errors, and the image that is shown in place of one.

use deckle::edit;
use deckle::request::{Asked, FACE_INDEX, FACE_PADDING, MODERATION_FAILED, OVERLAY, SMART_CROP_FAILED};

use crate::answer::Answer;
use crate::error::{FACE, HttpError, MODERATION};
use crate::etag;

/// How long the image that stands for an error is kept. Quirk left out: the handler lets browsers keep it for a year.
pub const FALLBACK_CACHE: &str = "public, max-age=60";

/// Headers that the handler adds to every answer.
const CORS: [(&str, &str); 3] = [
    ("access-control-allow-methods", "GET"),
    ("access-control-allow-headers", "Content-Type, Authorization"),
    ("access-control-allow-credentials", "true"),
];

/// Headers of ours that a request does not replace: what they say would no longer be true.
const OURS: &[&str] =
    &["etag", "vary", "cache-status", "server-timing", "last-modified", "timing-allow-origin", "allow", "retry-after"];

/// What tells answers that are dressed in this way from others, in a cache's key. `now` is in seconds since 1970.
pub fn name(asked: &Asked, now: Option<u64>) -> String {
    let until = asked.seconds_left.map(|left| format!("ends {}", now.unwrap_or(0).saturating_add(left)));
    let headers = asked.headers.iter().flat_map(|(name, value)| [name.clone(), value.clone()]);
    let fields: Vec<String> = headers.chain(until).collect();
    if fields.is_empty() {
        return "sih".into();
    }
    etag::of_fields(&fields.iter().map(String::as_str).collect::<Vec<_>>()).replace('"', "")
}

/// Adds what the handler adds, and what the request asks for. `stored` is the source's own `Cache-Control`, where it is known.
pub fn dressed(answer: Answer, asked: Option<&Asked>, stored: Option<&str>) -> Answer {
    let mut answer = CORS.into_iter().fold(answer, |answer, (name, value)| answer.replacing(name, value));
    let Some(asked) = asked.filter(|_| answer.status < 400) else {
        return answer;
    };
    let is_marked = answer.headers.iter().any(|header| header.0 == "deckle-warning");
    if !is_marked {
        answer = answer.replacing("cache-control", asked.cache_control(stored));
    }
    for (name, value) in &asked.headers {
        let name = name.to_ascii_lowercase();
        if name == "vary" {
            let ours = answer.headers.iter().find(|header| header.0 == "vary").map(|header| header.1.as_str());
            let value = ours.map_or_else(|| value.clone(), |ours| format!("{ours}, {value}"));
            answer = answer.replacing("vary", value);
        } else if name != "cache-control" && !OURS.contains(&name.as_str()) {
            answer = answer.replacing(name, value.clone());
        }
    }
    answer
}

/// An error in the handler's words. `key` is the source's name; quirk: where there is none, it is called `undefined`.
pub fn worded(error: &HttpError, key: &str) -> HttpError {
    let key = if key.is_empty() { "undefined" } else { key };
    let say = |status: u16, code: &'static str, message: String| HttpError { status, code, message, parameter: None };
    match (error.code, error.parameter) {
        ("not_found", Some("overlay")) => say(400, OVERLAY.0, OVERLAY.1.into()),
        ("not_found", _) => say(
            404,
            "NoSuchKey",
            format!("The image {key} does not exist or the request may not be base64 encoded properly."),
        ),
        ("not_an_image" | "unsupported_format" | "unsupported_image" | "corrupt_image", _) => {
            say(400, "InstantiationError", "Input image could not be instantiated. Please choose a valid image.".into())
        }
        ("impossible_edit", Some(edit::FACE)) => say(400, FACE_INDEX.0, FACE_INDEX.1.into()),
        ("impossible_edit", Some(edit::PADDING)) => say(400, FACE_PADDING.0, FACE_PADDING.1.into()),
        // the client's fault, or the detector's
        ("impossible_edit" | "detector_unavailable" | "detector_timeout", Some(FACE | MODERATION)) => {
            let status = if error.status == 422 { 400 } else { error.status };
            let is_crop = error.parameter == Some(FACE);
            let (code, message) = if is_crop { SMART_CROP_FAILED } else { MODERATION_FAILED };
            say(status, code, format!("{message} {}", error.message))
        }
        ("impossible_edit", Some("overlay")) if error.message.contains("cannot be used") => {
            say(400, OVERLAY.0, OVERLAY.1.into())
        }
        ("impossible_edit", Some("overlay")) => {
            say(400, "BadRequest", "Image to overlay must have same dimensions or smaller".into())
        }
        ("impossible_edit", _) => say(400, "ProcessingFailure", format!("Image processing failed. {}", error.message)),
        ("limit_exceeded", _) if error.message.starts_with("source pixels") => {
            say(400, "InstantiationError", "Input image could not be instantiated. Please choose a valid image.".into())
        }
        ("limit_exceeded", _) => {
            say(413, "TooLargeImageException", format!("The converted image is too large to return. {}", error.message))
        }
        ("source_unavailable", _) => {
            say(error.status, "ImageRetrieval::CannotRetrieveImage", "Image could not be retrieved from S3.".into())
        }
        _ => error.clone(),
    }
}
