//! `edits=`: the same options as base64 or base64url JSON.

use serde_json::{Map, Value as Json};

use crate::edit::table;

use super::layer::Layer;
use super::{RequestError, Settings};

const MAX_CHARS: usize = 2048;

/// Reads the parameter's text. Rows that cannot stand inside are dropped like unknown members.
#[inline(never)]
pub fn parse(text: &str) -> Result<Members, RequestError> {
    let error = || {
        let expected = table::row("edits").map(table::Row::expected).unwrap_or_default();
        RequestError::parameter("edits", text, expected)
    };
    let members = decode(text).ok_or_else(error)?;
    let mut texts = Map::new();
    for row in table::ROWS {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            match members.get(*name) {
                None | Some(Json::Null) => (),
                Some(_) if is_outer(row) => (),
                Some(value) => {
                    let text = spell(value).ok_or_else(error)?;
                    texts.insert((*name).to_owned(), Json::String(text));
                }
            }
        }
    }
    Ok(Members(texts))
}

/// The members of a decoded `edits`, as parameter texts.
pub struct Members(Map<String, Json>);

impl Members {
    /// The text of one name.
    pub fn get(&self, name: &str) -> Option<Result<String, String>> {
        self.0.get(name)?.as_str().map(|text| Ok(text.to_owned()))
    }

    /// Checks every known member.
    #[inline(never)]
    pub fn layer(&self, settings: &Settings) -> Result<Layer, RequestError> {
        Layer::read(|row| !is_outer(row), |name| self.get(name), settings)
    }
}

/// Rows that only the query itself can hold.
pub fn is_outer(row: &table::Row) -> bool {
    matches!(row.name, "edits" | "dimensions" | "device-type")
}

fn decode(text: &str) -> Option<Map<String, Json>> {
    if text.len() > MAX_CHARS {
        return None;
    }
    let json = String::from_utf8(base64(text)?).ok()?;
    if has_long_number(&json) || has_surrogate_escape(&json) {
        return None;
    }
    let mut deserializer = serde_json::Deserializer::from_str(&json);
    deserializer.disable_recursion_limit();
    let value = <Json as serde::Deserialize>::deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    match value {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

/// Whether `\ud800`–`\udfff` stands in the text as an escape, and not behind an escaped backslash.
/// Whether a number outside strings is written with more than 15 characters: engines round those differently.
fn has_long_number(json: &str) -> bool {
    let (mut in_string, mut escaped, mut length) = (false, false, 0);
    json.bytes().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => (),
        }
        let is_part = !in_string && (byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        length = if is_part { length + 1 } else { 0 };
        length > 15
    })
}

fn has_surrogate_escape(json: &str) -> bool {
    let mut rest = json.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'\\', [b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]) => return true,
            (b'\\', [_, tail @ ..]) => tail,
            _ => tail,
        };
    }
    false
}

/// Either alphabet, padding optional.
fn base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if text.len() - body.len() > 2 || body.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(body.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for byte in body.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

/// A member's value as a parameter's text; `None` for what no parameter can be.
fn spell(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(yes) => Some(u8::from(*yes).to_string()),
        Json::Number(_) => number(value),
        Json::Array(items) => items.iter().map(number).collect::<Option<Vec<_>>>().map(|n| n.join("x")),
        Json::Null | Json::Object(_) => None,
    }
}

/// The decimal spelling, or a word that no edit accepts when it would not be a short one.
fn number(value: &Json) -> Option<String> {
    // -0.0 + 0.0 is 0.0: no sign on zero
    let text = format!("{}", value.as_f64()? + 0.0);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let short = whole.len() <= 9 && fraction.len() <= 4;
    Some(if short { text } else { "number".into() })
}
