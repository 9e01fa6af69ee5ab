//! `edits=`: the same options as base64 or base64url JSON.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use serde_json::value::RawValue;

use crate::edit::Kind;
use crate::edit::table::{ROWS, Row};

use super::RequestError;
use super::json_parity::{has_surrogate_escape, is_too_deep};
use super::parameters::Texts;

const MAX_CHARS: usize = 2048;

/// Members by name, each as it is written: what is not asked for is checked for its syntax only.
type Members = BTreeMap<String, Box<RawValue>>;

/// Reads the parameter's text. Rows that cannot stand inside are dropped like unknown members.
#[inline(never)]
pub fn parse(text: &str) -> Result<Texts, RequestError> {
    let texts = decode(text).and_then(|members| read(&members));
    texts.ok_or_else(|| RequestError::parameter("edits", text, Kind::Json.expected()))
}

/// Every known member as a parameter's text; `None` when one cannot be any parameter.
fn read(members: &Members) -> Option<Texts> {
    let mut texts = BTreeMap::new();
    for row in ROWS.iter().filter(|row| !is_query_only(row)) {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            if let Some(value) = members.get(*name).filter(|value| value.get() != "null") {
                texts.insert(*name, spell(value.get())?);
            }
        }
    }
    Texts::gather(|row| !is_query_only(row), |_, name| texts.get(name).cloned().map(Ok::<_, ()>)).ok()
}

/// Rows that only the query itself can hold.
pub fn is_query_only(row: &Row) -> bool {
    matches!(row.name, "edits" | "dimensions" | "device-type")
}

fn decode(text: &str) -> Option<Members> {
    if text.len() > MAX_CHARS {
        return None;
    }
    let json = String::from_utf8(base64(text)?).ok()?;
    if is_too_deep(&json) || has_surrogate_escape(&json) {
        return None;
    }
    serde_json::from_str(&json).ok()
}

/// Either alphabet or both, padding optional, bits behind the last byte ignored.
fn base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if text.len() - body.len() > 2 {
        return None;
    }
    let mut specification = BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    let body = body.replace('+', "-").replace('/', "_");
    specification.encoding().ok()?.decode(body.as_bytes()).ok()
}

/// A member's value as a parameter's text; `None` for what no parameter can be.
fn spell(json: &str) -> Option<String> {
    match json.as_bytes() {
        [b'"', ..] => serde_json::from_str(json).ok(),
        [b't', ..] => Some("1".into()),
        [b'f', ..] => Some("0".into()),
        [b'[', ..] => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            items.iter().map(|item| number(item.get())).collect::<Option<Vec<_>>>().map(|numbers| numbers.join("x"))
        }
        _ => number(json),
    }
}

/// A number's decimal spelling, or a word that no edit accepts when it would not be a short one.
fn number(json: &str) -> Option<String> {
    if !json.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return None;
    }
    // -0.0 + 0.0 is 0.0: no sign on zero
    let text = format!("{}", json.parse::<f64>().ok()? + 0.0);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_short = whole.len() <= 9 && fraction.len() <= 4 && whole.bytes().all(|b| b.is_ascii_digit());
    Some(if is_short { text } else { "number".into() })
}
