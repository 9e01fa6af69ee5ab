//! The canonical path: split, spelled, stored.

use std::borrow::Cow;

use data_encoding::BASE64URL_NOPAD;

use crate::edit::table::{ROWS, Row};
use crate::edit::{Edits, Kind, Place, Value};

use super::beyond::{self, OPERATIONS};
use super::key::{MAX_KEY_BYTES, check, decode_path, encode};
use super::{Request, RequestError};

/// The parts of a decoded path that has the canonical form.
pub struct Parts<'a> {
    dims: &'a str,
    options: &'a str,
    /// The decoded source key.
    pub key: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits a decoded path; `None` when it is not of the canonical form, and so a source key as a whole.
    pub fn split(path: &'a str) -> Option<Self> {
        let mut segments = path.strip_prefix('/')?.splitn(3, '/');
        let (dims, options, key) = (segments.next()?, segments.next()?, segments.next()?);
        let is_known = options == "default" || options.split('~').all(|token| Token::read(token).is_some());
        (!key.is_empty() && split_dims(dims).is_some() && is_known).then_some(Self { dims, options, key })
    }

    /// Reads every value, and the bucket where one is named.
    #[inline(never)]
    pub fn edits(&self) -> Result<(Edits, Option<String>), RequestError> {
        let mut edits = Edits::default();
        let (height, width) = split_dims(self.dims).unwrap_or_default();
        let tokens: Vec<Token<'_>> = self.options.split('~').filter_map(Token::read).collect();
        for row in ROWS {
            let text = match row.name {
                "width" => width.map(Cow::Borrowed),
                "height" => height.map(Cow::Borrowed),
                name => match tokens.iter().rev().find(|token| token.name == name) {
                    Some(token) => Some(token.text().ok_or_else(|| bad_value(row, token.value))?),
                    None => None,
                },
            };
            if let Some(text) = text {
                let value = row.kind.parse(&text).ok_or_else(|| bad_value(row, &text))?;
                (row.set)(&mut edits, value);
            }
        }
        let mut bucket = None;
        if let Some(token) = tokens.iter().rev().find(|token| token.name == OPERATIONS) {
            let text = token.text().and_then(|text| beyond::read(&text, &mut edits));
            let wrong = || RequestError::parameter(OPERATIONS, token.value, "operations of a known dialect".into());
            bucket = text.ok_or_else(wrong)?;
        }
        Ok((edits, bucket))
    }
}

#[cold]
fn bad_value(row: &Row, text: &str) -> RequestError {
    RequestError::parameter(row.name, text, row.expected())
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

/// A token of the options: a name and what follows it.
struct Token<'a> {
    name: &'static str,
    value: &'a str,
    /// Whether the value is base64url: `name_value` in place of `name-value`.
    is_encoded: bool,
}

impl<'a> Token<'a> {
    /// `None` when the token is not known.
    fn read(token: &'a str) -> Option<Self> {
        ROWS.iter().find_map(|row| Self::of_row(row, token)).or_else(|| Self::named(OPERATIONS, token))
    }

    fn of_row(row: &'static Row, token: &'a str) -> Option<Self> {
        let whole = |value| Some(Self { name: row.name, value, is_encoded: false });
        match (row.place, row.kind) {
            (Place::Bare, kind) => kind.parse(token).and_then(|_| whole(token)),
            (Place::Option, Kind::Flag) if row.name == token => whole(""),
            (Place::Option, _) => Self::named(row.name, token),
            _ => None,
        }
    }

    /// A token that says its name. No name begins with another and a separator, so one row at most is meant.
    fn named(name: &'static str, token: &'a str) -> Option<Self> {
        let rest = token.strip_prefix(name)?;
        let value = rest.strip_prefix(['-', '_'])?;
        Some(Self { name, value, is_encoded: rest.starts_with('_') })
    }

    /// The value's text; `None` when it is not base64url of UTF-8.
    fn text(&self) -> Option<Cow<'a, str>> {
        if !self.is_encoded {
            return Some(Cow::Borrowed(self.value));
        }
        let bytes = BASE64URL_NOPAD.decode(self.value.as_bytes()).ok()?;
        String::from_utf8(bytes).ok().map(Cow::Owned)
    }
}

/// `{dims}/{options}/`, or nothing for no edits.
fn prefix(edits: &Edits, bucket: Option<&str>) -> String {
    if edits.is_empty() && bucket.is_none() {
        return String::new();
    }
    let sides = [(edits.height, "h"), (edits.width, "w")];
    let dims: String = sides.iter().filter_map(|(side, unit)| Some((*side)?.to_string() + unit)).collect();
    let mut tokens: Vec<String> = ROWS.iter().filter_map(|row| token(row, edits)).collect();
    let beyond = beyond::spell(edits, bucket);
    if !beyond.is_empty() {
        tokens.push(spelled(OPERATIONS, &beyond));
    }
    let or_default = |text: String| if text.is_empty() { "default".into() } else { text };
    [or_default(dims), or_default(tokens.join("~")), String::new()].join("/")
}

fn token(row: &Row, edits: &Edits) -> Option<String> {
    match (row.place, (row.get)(edits)?) {
        (Place::Dims | Place::None, _) => None,
        (Place::Option, Value::Flag(true)) => Some(row.name.into()),
        (Place::Bare, value) => Some(value.to_string()),
        (Place::Option, value) => Some(spelled(row.name, &value.to_string())),
    }
}

/// `name-value`, or `name_` and the value in base64url where it has characters that a path would escape.
#[inline(never)]
fn spelled(name: &str, value: &str) -> String {
    let is_plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if is_plain { format!("{name}-{value}") } else { format!("{name}_{}", BASE64URL_NOPAD.encode(value.as_bytes())) }
}

pub fn path(request: &Request) -> String {
    let is_original = request.is_original() && request.bucket.is_none();
    if is_original && Parts::split(&format!("/{}", request.source)).is_some() {
        // an original whose own name has the canonical form says so, or it would be read as edits
        return format!("/default/default/{}", request.key);
    }
    format!("/{}{}", prefix(&request.edits, request.bucket.as_deref()), request.key)
}

pub fn stored_key(request: &Request) -> String {
    format!("{}{}", prefix(&request.edits, request.bucket.as_deref()), request.source)
}

/// Refuses what would be stored under a name that is too long.
pub fn check_length(edits: &Edits, bucket: Option<&str>, source: &str) -> Result<(), RequestError> {
    let bytes = prefix(edits, bucket).len() + source.len();
    if bytes > MAX_KEY_BYTES { Err(RequestError::Key { reason: "longer than 1024 bytes" }) } else { Ok(()) }
}

/// A path, decoded, its key checked.
pub struct Path {
    decoded: String,
    is_canonical: bool,
    /// Where the source key begins.
    key_at: usize,
}

impl Path {
    /// Decodes a path as sent and checks its key.
    pub fn read(path: &str) -> Result<Self, RequestError> {
        let decoded = decode_path(path)?;
        let parts = Parts::split(&decoded);
        let key = parts.as_ref().map_or(decoded.strip_prefix('/').unwrap_or(&decoded), |parts| parts.key);
        if !key.is_empty() {
            check(key, 0)?;
        }
        let (is_canonical, key_at) = (parts.is_some(), decoded.len() - key.len());
        Ok(Self { decoded, is_canonical, key_at })
    }

    /// What it says, where it has the canonical form.
    pub fn parts(&self) -> Option<Parts<'_>> {
        self.is_canonical.then(|| Parts::split(&self.decoded)).flatten()
    }

    /// The decoded source key; empty for `/`.
    pub fn key(&self) -> &str {
        &self.decoded[self.key_at..]
    }

    /// The request for these edits to this path's key.
    pub fn request(&self, edits: Edits, bucket: Option<String>) -> Result<Request, RequestError> {
        let (key, edits) = (self.key(), edits.reduced());
        if !key.is_empty() {
            check(key, prefix(&edits, bucket.as_deref()).len())?;
        }
        Ok(Request {
            edits,
            key: encode(key),
            source: key.to_owned(),
            negotiated: false,
            hinted: false,
            saves_data: false,
            bucket,
            asked: None,
        })
    }
}
