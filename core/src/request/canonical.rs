//! The canonical path: split, spelled, stored.

use crate::edit::table::{self, ROWS, Row};
use crate::edit::{Edits, Kind, Place, Value};

use super::key::{decode, percent_decode};
use super::{Request, RequestError};

/// The parts of a path that has the canonical form.
pub struct Parts<'a> {
    dims: &'a str,
    options: &'a str,
    /// The source key as sent.
    pub rest: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits a path; `None` when it is not of the canonical form, and so a source key as a whole.
    pub fn split(path: &'a str) -> Option<Self> {
        let mut segments = path.strip_prefix('/')?.splitn(3, '/');
        let (dims, options, rest) = (segments.next()?, segments.next()?, segments.next()?);
        let known = options == "default" || options.split('~').all(|token| find(token).is_some());
        (!rest.is_empty() && split_dims(dims).is_some() && known).then_some(Self { dims, options, rest })
    }

    /// Reads every value.
    #[inline(never)]
    pub fn edits(&self) -> Result<Edits, RequestError> {
        let mut edits = Edits::default();
        let (height, width) = split_dims(self.dims).unwrap_or_default();
        let tokens: Vec<(&Row, &str)> = self.options.split('~').filter_map(find).collect();
        for row in ROWS {
            let text = match row.name {
                "width" => width,
                "height" => height,
                name => tokens.iter().rev().find(|token| token.0.name == name).map(|token| token.1),
            };
            if let Some(text) = text {
                let value = row.kind.parse(text);
                let value = value.ok_or_else(|| RequestError::parameter(row.name, text, row.expected()))?;
                (row.set)(&mut edits, value);
            }
        }
        Ok(edits)
    }
}

/// `default`, `{H}h`, `{W}w` or `{H}h{W}w` as (height, width).
fn split_dims(text: &str) -> Option<(Option<&str>, Option<&str>)> {
    let number = |t: &str| t.starts_with(|c: char| ('1'..='9').contains(&c)) && t.bytes().all(|b| b.is_ascii_digit());
    if text == "default" {
        return Some((None, None));
    }
    let (height, rest) = match text.split_once('h') {
        Some((height, rest)) => (Some(height), rest),
        None => (None, text),
    };
    let width = match rest.strip_suffix('w') {
        Some(width) => Some(width),
        None if rest.is_empty() && height.is_some() => None,
        None => return None,
    };
    (height.is_none_or(number) && width.is_none_or(number)).then_some((height, width))
}

/// The row and value text that a token of the options stands for.
fn find(token: &str) -> Option<(&'static Row, &str)> {
    let bare = ROWS.iter().find_map(|row| match row.kind {
        Kind::Flag if row.name == token => Some((row, "")),
        Kind::Word { .. } if row.place == Place::Bare && row.kind.parse(token).is_some() => Some((row, token)),
        _ => None,
    });
    bare.or_else(|| {
        let (name, value) = token.split_once('-')?;
        let row = table::row(name).filter(|row| row.place == Place::Option)?;
        Some((row, value))
    })
}

/// `{dims}/{options}/`, or nothing for no edits.
fn prefix(edits: &Edits) -> String {
    if edits.is_empty() {
        return String::new();
    }
    let sides = [(edits.height, "h"), (edits.width, "w")];
    let dims: String = sides.iter().filter_map(|(side, unit)| Some((*side)?.to_string() + unit)).collect();
    let tokens: Vec<String> = ROWS.iter().filter_map(|row| token(row, edits)).collect();
    let or_default = |text: String| if text.is_empty() { "default".into() } else { text };
    [or_default(dims), or_default(tokens.join("~")), String::new()].join("/")
}

fn token(row: &Row, edits: &Edits) -> Option<String> {
    match (row.place, (row.get)(edits)?) {
        (Place::Dims | Place::None, _) => None,
        (Place::Option, Value::Flag(_)) => Some(row.name.into()),
        (place, value) => Some(spelled(row, place, value)),
    }
}

#[inline(never)]
fn spelled(row: &Row, place: Place, value: Value) -> String {
    if place == Place::Bare { value.to_string() } else { format!("{}-{value}", row.name) }
}

pub fn path(request: &Request) -> String {
    let plain = format!("/{}{}", prefix(&request.edits), request.key);
    if request.edits.is_empty() && Parts::split(&plain).is_some() {
        // an original whose own name has the canonical form says so, or it would be read as edits
        return format!("/default/default/{}", request.key);
    }
    plain
}

pub fn stored_key(request: &Request) -> String {
    format!("{}{}", prefix(&request.edits), request.source)
}

/// Makes a request, its key checked.
pub fn request(edits: Edits, key: &str) -> Result<Request, RequestError> {
    let source = if key.is_empty() && edits.is_empty() { String::new() } else { decode(key, prefix(&edits).len())? };
    // S3 reads a bare + in a path as a space
    Ok(Request { edits, key: key.replace('+', "%2B"), source, negotiated: false })
}

/// A key's decoded form as far as it can be read, for its extension.
pub fn readable(key: &str) -> String {
    percent_decode(key).unwrap_or_default()
}
