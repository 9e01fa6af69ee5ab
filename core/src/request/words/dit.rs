//! AWS's Dynamic Image Transformation, version 8 of its Serverless Image Handler: transformations in a query, or in JSON that
//! is the path. What it does not know, or what has another form, is ignored, as there; what it would do and is not done here is refused.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value as Json;

use super::Words;
use crate::edit::Edits;
use crate::request::native::{named, typed};
use crate::request::parameters::Parsed;
use crate::request::sih::colour_of;
use crate::request::told::Told;
use crate::request::{RequestError, Settings};

pub const WORDS: &[&str] = &[
    "policyId",
    "resize",
    "quality",
    "format",
    "blur",
    "rotate",
    "flip",
    "flop",
    "grayscale",
    "normalize",
    "sharpen",
    "convolve",
    "extract",
    "tint",
    "flatten",
    "stripExif",
    "stripIcc",
    "watermark",
    "contentModeration",
];

/// The JSON of a path that is base64url of an object.
pub fn decoded(path: &str) -> Option<Json> {
    let code = path.strip_prefix('/')?;
    let code = code.strip_suffix("==").or_else(|| code.strip_suffix('=')).unwrap_or(code);
    let mut specification = BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    let bytes = specification.encoding().ok()?.decode(code.as_bytes()).ok()?;
    serde_json::from_slice::<Json>(&bytes).ok().filter(Json::is_object)
}

/// `{path, edits, policyId}`: the path, and edits as words, one level of them.
pub fn of_json(json: &Json) -> Result<(String, Words), RequestError> {
    let path = json.get("path").and_then(Json::as_str).filter(|path| {
        path.starts_with('/') && !path.contains(['?', '#']) && path.split('/').all(|segment| segment != "..")
    });
    let path = path.ok_or_else(|| RequestError::parameter("path", "missing", "a path that begins with /".into()))?;
    let mut words = Words(Vec::new());
    let text = |value: &Json| match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        Json::Array(list) => {
            let items = list.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            Some(items.collect::<Vec<_>>().join(","))
        }
        _ => None,
    };
    for (name, value) in json.get("edits").and_then(Json::as_object).into_iter().flatten() {
        if !WORDS.contains(&name.as_str()) {
            continue;
        }
        match value {
            Json::Object(members) => {
                for (member, value) in members {
                    if let Some(text) = text(value) {
                        words.add(format!("{name}.{member}"), text);
                    }
                }
            }
            value => {
                if let Some(text) = text(value) {
                    words.add(name.clone(), text);
                }
            }
        }
    }
    if let Some(policy) = json.get("policyId").and_then(Json::as_str) {
        words.add("policyId".into(), policy.into());
    }
    Ok((path.to_owned(), words))
}

/// A policy is a preset of the configuration; what the URL says takes the place of what it says.
pub fn tell(words: &Words, settings: &Settings, told: &mut Told) -> Result<(), RequestError> {
    if let Some(policy) = words.get("policyId") {
        let preset = settings.presets.get(policy);
        let preset = preset
            .ok_or_else(|| RequestError::parameter("policyId", policy, "a preset of the configuration".into()))?;
        let given = named(preset.clone(), settings);
        if matches!(given.get("format"), Some(Parsed::Auto)) {
            return Err(RequestError::parameter("policyId", policy, "a preset without format=auto".into()));
        }
        told.edits = typed(&given);
    }
    for refused in ["watermark", "contentModeration"] {
        if words.0.iter().any(|word| super::first(&word.0) == refused && word.1 != "false") {
            let expected =
                "transformations that are implemented: a picture without it would not be the one asked for".into();
            return Err(RequestError::parameter("transformation", refused, expected));
        }
    }
    resize(words, told);
    for name in WORDS {
        if let Some((edit, text)) = words.get(name).and_then(|value| simple(name, value)) {
            // what the schema does not accept is ignored there
            let _ = told.amend(edit, &text);
        }
    }
    if let Some(sigma) = words.get("sharpen.sigma") {
        let slope = |name: &str, usual: &str| words.get(name).unwrap_or(usual).to_owned();
        let text = format!("{sigma},{},{}", slope("sharpen.m1", "1"), slope("sharpen.m2", "2"));
        let _ = told.amend("sharpen", &text);
    }
    if let Some(kernel) = words.get("convolve.kernel") {
        let _ = told.amend("convolve", &plain(kernel));
    }
    Ok(())
}

/// One that is a value by itself, in the native dialect's words.
fn simple(name: &str, value: &str) -> Option<(&'static str, String)> {
    let yes = |edit: &'static str, text: &str| (value == "true").then(|| (edit, text.to_owned()));
    match name {
        "quality" => Some(("quality", value.into())),
        "format" => match value {
            "jpg" => Some(("format", "jpeg".into())),
            format => Some(("format", format.into())),
        },
        "blur" => Some(("blur", value.into())),
        "rotate" => {
            let angle = value.parse::<f64>().ok().filter(|angle| angle.is_finite())?.rem_euclid(360.0);
            Some(("rotate", format!("{angle:.2}")))
        }
        "flip" => yes("flip", "1"),
        "flop" => yes("flop", "1"),
        "grayscale" => yes("style", "bw"),
        "normalize" => yes("normalise", "1"),
        // sharp's mild sharpening
        "sharpen" => yes("convolve", "-1,-1,-1,-1,32,-1,-1,-1,-1"),
        // whatever its value
        "stripExif" | "stripIcc" => Some(("metadata", "strip".into())),
        "tint" => Some(("tint", colour(value)?)),
        "flatten" => Some(("background", colour(value)?)),
        "extract" => {
            let plain = plain(value);
            let numbers: Option<Vec<u32>> = plain.split(',').map(super::whole).collect();
            // as it computes them: left, top, right, bottom
            match *numbers?.as_slice() {
                [left, top, right, bottom] if left < right && top < bottom => {
                    Some(("crop", format!("{left},{top},{},{}", right - left, bottom - top)))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// A list without its brackets and spaces.
fn plain(list: &str) -> String {
    list.chars().filter(|c| !"[] ".contains(*c)).collect()
}

/// A name, `#` and hex digits, or `r,g,b`.
fn colour(text: &str) -> Option<String> {
    if let Some(colour) = colour_of(text.strip_prefix('#').unwrap_or(text)) {
        return Some(colour.to_string());
    }
    let list = plain(text);
    let samples: Option<Vec<u32>> = list.split(',').take(3).map(super::whole).collect();
    match *samples?.as_slice() {
        [r, g, b] if r.max(g).max(b) <= 255 => Some(format!("{r:02x}{g:02x}{b:02x}")),
        _ => None,
    }
}

/// Quirk: anything wrong in it, or a member that is not known, and all of it is ignored.
fn resize(words: &Words, told: &mut Told) {
    let members: Vec<_> =
        words.0.iter().filter_map(|word| Some((word.0.strip_prefix("resize.")?, word.1.as_str()))).collect();
    let get = |name: &str| members.iter().find(|member| member.0 == name).map(|member| member.1);
    let known = ["width", "height", "fit", "background", "withoutEnlargement", "ratio"];
    let ratio = get("ratio").and_then(|ratio| ratio.parse::<f64>().ok()).filter(|ratio| *ratio > 0.0 && *ratio <= 1.0);
    let has_size = get("width").is_some() || get("height").is_some() || ratio.is_some();
    if members.iter().any(|member| !known.contains(&member.0)) || !has_size {
        return;
    }
    let is_asked = |name: &str| members.iter().any(|member| member.0 == name);
    let mut only = Told::default();
    let is_good = ["width", "height"].iter().all(|name| {
        get(name).is_none_or(|side| {
            super::whole(side).is_some_and(|side| (1..=4_000).contains(&side)) && only.tell(name, side).is_ok()
        })
    }) && only.tell("fit", get("fit").unwrap_or("cover")).is_ok()
        && get("background")
            .is_none_or(|text| colour(text).is_some_and(|colour| only.tell("background", &colour).is_ok()))
        && (ratio.is_some() || !is_asked("ratio"));
    if !is_good {
        return;
    }
    let Edits { width, height, fit, background, .. } = only.edits;
    let edits = &mut told.edits;
    (edits.width, edits.height, edits.fit) = (width, height, fit);
    edits.background = background.or(edits.background);
    edits.enlarge = get("withoutEnlargement") != Some("true");
    if let Some(ratio) = ratio {
        let scaled = |side: Option<u32>| side.map(|side| (f64::from(side) * ratio).round().max(1.0) as u32);
        match (width, height) {
            (Some(_), Some(_)) => (edits.width, edits.height) = (scaled(width), scaled(height)),
            _ => {
                (edits.width, edits.height) = (None, None);
                edits.beyond.share = Some((ratio * 10_000.0).round().max(1.0) as u32);
            }
        }
    }
}
