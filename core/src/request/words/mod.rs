//! Dialects that are words of a query beside a plain key: those of AWS's version 8, of Shopify and of WordPress.
//!
//! Each is a file that takes [`Words`] and tells their edits in the native dialect's words.

mod dit;
mod shopify;
mod wordpress;

use super::accept::on_own_scale;
use super::canonical::check_length;
use super::key::{self, decode_path, percent_decode};
use super::told::Told;
use super::{Dialect, Request, RequestError, Settings};

/// The words of a query that a dialect knows, decoded, by their names; `a[b]` is `a.b`. The last of a repeated one counts.
pub struct Words(Vec<(String, String)>);

impl Words {
    fn read(query: &str, known: &[&str]) -> Self {
        // the CloudFront Function takes the last of each name, and sorts
        let mut sent: Vec<(&str, &str)> = Vec::new();
        for (name, value) in query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
            sent.retain(|pair| pair.0 != name);
            sent.push((name, value));
        }
        sent.sort_by_key(|(name, value)| format!("{name}={value}"));
        let mut words = Self(Vec::new());
        for (name, value) in sent {
            let (Some(name), value) = (percent_decode(name), percent_decode(value)) else { continue };
            if known.contains(&first(&name)) {
                // what is no text is no value
                words.add(name.replace('[', ".").replace(']', ""), value.unwrap_or_default());
            }
        }
        words
    }

    fn add(&mut self, name: String, value: String) {
        self.0.retain(|word| word.0 != name);
        self.0.push((name, value));
    }

    /// The value of a word; an empty one is none.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|word| word.0 == name).map(|word| word.1.as_str()).filter(|value| !value.is_empty())
    }
}

/// What the CloudFront Function looks at, too: a name up to a point or a bracket.
fn first(name: &str) -> &str {
    name.split(['.', '[']).next().unwrap_or(name)
}

fn whole(text: &str) -> Option<u32> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// The words of a dialect; none for one that is not of words.
pub fn known(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Dit => dit::WORDS,
        Dialect::Shopify => shopify::WORDS,
        Dialect::WordPress => wordpress::WORDS,
        _ => &[],
    }
}

/// A request in one of these dialects; `None` for one that has none of its words.
pub fn request(
    dialect: Dialect,
    path: &str,
    query: &str,
    settings: &Settings,
) -> Option<Result<Request, RequestError>> {
    let mut words = Words::read(query, known(dialect));
    let mut told = Told::default();
    let json = dit::decoded(path).filter(|_| dialect == Dialect::Dit);
    let suffix = if dialect == Dialect::Shopify { shopify::without_suffix(path, &mut words) } else { None };
    if words.0.is_empty() && json.is_none() {
        return None;
    }
    let (path, words) = match (json, suffix) {
        (Some(json), _) => match dit::of_json(&json) {
            Ok(given) => given,
            Err(error) => return Some(Err(error)),
        },
        (None, Some(plain)) => (plain, words),
        (None, None) => (path.to_owned(), words),
    };
    let edits = match dialect {
        Dialect::Dit => dit::tell(&words, settings, &mut told),
        Dialect::Shopify => shopify::tell(&words, &mut told),
        _ => wordpress::tell(&words, &mut told),
    };
    Some(edits.and_then(|()| made(&path, told)))
}

fn made(path: &str, told: Told) -> Result<Request, RequestError> {
    let decoded = decode_path(path)?;
    let source = decoded.strip_prefix('/').unwrap_or(&decoded);
    key::check(source, 0)?;
    let edits = on_own_scale(told.finish(), source).reduced();
    check_length(&edits, None, source)?;
    let key = key::encode(source);
    let source = source.to_owned();
    Ok(Request { edits, key, source, negotiated: false, hinted: false, saves_data: false, bucket: None, asked: None })
}
