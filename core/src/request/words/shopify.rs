//! The words of Shopify's image URLs: <https://shopify.dev/docs/api/liquid/filters/image_url>, and the sizes in file names before
//! them: `a_200x200_crop_center@2x.jpg`.

use super::{Words, whole};
use crate::request::RequestError;
use crate::request::told::Told;

pub const WORDS: &[&str] =
    &["width", "height", "crop", "crop_left", "crop_top", "crop_width", "crop_height", "format", "pad_color"];

/// Sizes that have names, both sides alike.
const SIZES: &[(&str, &str)] = &[
    ("pico", "16x16"),
    ("icon", "32x32"),
    ("thumb", "50x50"),
    ("small", "100x100"),
    ("compact", "160x160"),
    ("medium", "240x240"),
    ("large", "480x480"),
    ("grande", "600x600"),
];

/// Pictures are never enlarged.
pub fn tell(words: &Words, told: &mut Told) -> Result<(), RequestError> {
    let (width, height) = (words.get("width"), words.get("height"));
    for (name, side) in [("width", width), ("height", height)] {
        if let Some(side) = side {
            told.tell(name, side)?;
        }
    }
    let pad = words.get("pad_color");
    match words.get("crop") {
        Some("region") => {
            let side = |name: &'static str| {
                words.get(name).filter(|side| whole(side).is_some()).ok_or_else(|| {
                    RequestError::parameter(
                        "crop",
                        "region",
                        "crop_left, crop_top, crop_width and crop_height in pixels".into(),
                    )
                })
            };
            let sides = [side("crop_left")?, side("crop_top")?, side("crop_width")?, side("crop_height")?];
            told.tell("crop", &sides.join(","))?;
        }
        Some(place @ ("center" | "top" | "bottom" | "left" | "right")) => {
            told.tell("fit", "cover")?;
            told.tell("position", if place == "center" { "centre" } else { place })?;
        }
        Some(other) => {
            return Err(RequestError::parameter("crop", other, "center, top, bottom, left, right or region".into()));
        }
        None if pad.is_some() => told.tell("fit", "contain")?,
        None => (),
    }
    if let Some(colour) = pad {
        told.tell("background", colour)?;
    }
    match words.get("format") {
        Some("pjpg") => {
            told.tell("format", "jpeg")?;
            told.tell("progressive", "1")
        }
        Some(format) => told.tell("format", format),
        None => Ok(()),
    }
}

/// The path without what its file's name says of size, which becomes words unless the query has them. The CloudFront Function
/// passes such names on.
pub fn without_suffix(path: &str, words: &mut Words) -> Option<String> {
    let (start, extension) = path.rsplit_once('.')?;
    let (start, is_progressive) = start.strip_suffix(".progressive").map_or((start, false), |start| (start, true));
    let name_at = start.rfind('/').map_or(0, |at| at + 1);
    let (rest, scale) = match start.rsplit_once('@') {
        Some((rest, scale @ ("2x" | "3x"))) if rest.len() > name_at => (rest, if scale == "2x" { 2 } else { 3 }),
        _ => (start, 1),
    };
    let places = ["center", "top", "bottom", "left", "right"];
    let (rest, place) = match rest.rsplit_once("_crop_") {
        Some((before, place)) if places.contains(&place) => (before, Some(place)),
        _ => (rest, None),
    };
    let (name, size) = rest.rsplit_once('_').filter(|(name, _)| name.len() > name_at)?;
    let size = SIZES.iter().find(|known| known.0 == size).map_or(size, |known| known.1);
    let (width, height) = size.split_once('x')?;
    let side = |text: &str| if text.is_empty() { Some(0) } else { whole(text).filter(|side| *side <= 5_760) };
    let sides = (side(width)?, side(height)?);
    if sides == (0, 0) {
        return None;
    }
    for (word, side) in [("width", sides.0), ("height", sides.1)] {
        if side > 0 && words.get(word).is_none() {
            words.add(word.into(), (side * scale).to_string());
        }
    }
    if let Some(place) = place.filter(|_| words.get("crop").is_none()) {
        words.add("crop".into(), place.into());
    }
    if is_progressive && words.get("format").is_none() {
        words.add("format".into(), "pjpg".into());
    }
    Some(format!("{name}.{extension}"))
}
