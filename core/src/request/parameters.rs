//! Values as given by one source (the query, `edits`, a preset, a style), each checked against its row.

use crate::edit::table::{ROWS, Row};
use crate::edit::{Kind, Value};

use super::RequestError;
use super::key::percent_decode;

/// The values of a query may have so many bytes together.
const MAX_VALUE_BYTES: usize = 1024;

/// Texts by row, in the table's order; `None` where not given.
#[derive(Clone, Debug, Default)]
pub struct Texts(Vec<Option<String>>);

impl Texts {
    /// Takes of each row the strongest name that `get` knows a text for; an empty one counts for flags only.
    pub fn gather<E>(
        rows: impl Fn(&Row) -> bool,
        get: impl Fn(&'static Row, &str) -> Option<Result<String, E>>,
    ) -> Result<Self, E> {
        let mut texts = Vec::with_capacity(ROWS.len());
        for row in ROWS {
            let names = std::iter::once(&row.name).chain(row.aliases).filter(|_| rows(row));
            let is_flag = matches!(row.kind, Kind::Flag);
            let is_given = |text: &Result<String, E>| is_flag || !matches!(text, Ok(text) if text.is_empty());
            texts.push(names.filter_map(|name| get(row, name)).find(is_given).transpose()?);
        }
        Ok(Self(texts))
    }

    /// Reads a query string: the last of a repeated name counts.
    pub fn of_query(query: &str, rows: impl Fn(&Row) -> bool) -> Result<Self, RequestError> {
        Self::gather(rows, |row, wanted| {
            let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            let value = pairs.rfind(|(name, _)| *name == wanted)?.1;
            Some(percent_decode(value).ok_or_else(|| RequestError::parameter(row.name, value, row.expected())))
        })
    }

    /// The text of a row, by its full name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let index = ROWS.iter().position(|row| row.name == name)?;
        self.0.get(index)?.as_deref()
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Without what is written for nothing: a side of 0, the style `default`.
    pub fn without_nothings(mut self) -> Self {
        for (row, slot) in ROWS.iter().zip(&mut self.0) {
            if matches!((row.name, slot.as_deref()), ("width" | "height", Some("0")) | ("style", Some("default"))) {
                *slot = None;
            }
        }
        self
    }

    /// Takes from `weaker` what is not given here.
    pub fn or(self, weaker: Self) -> Self {
        Self(self.0.into_iter().zip(weaker.0).map(|(mine, theirs)| mine.or(theirs)).collect())
    }

    /// Refuses more text than a canonical path could hold.
    pub fn check_length(&self) -> Result<(), RequestError> {
        let counted =
            ROWS.iter().zip(&self.0).filter(|(row, _)| row.name != "edits").filter_map(|pair| pair.1.as_ref());
        // a flag without a value counts as one byte
        let bytes: usize = counted.map(|text| text.len().max(1)).sum();
        if bytes > MAX_VALUE_BYTES {
            let expected = format!("values of {MAX_VALUE_BYTES} bytes together at most");
            return Err(RequestError::parameter("query", &format!("{bytes} bytes"), expected));
        }
        Ok(())
    }

    /// Checks every value; the members of `edits` were taken already. `is_name` says whether a row's value is a name of the configuration.
    pub fn check(&self, is_name: &dyn Fn(&Row, &str) -> bool) -> Result<ParameterSet, RequestError> {
        let mut given = Vec::with_capacity(ROWS.len());
        for (row, text) in ROWS.iter().zip(&self.0) {
            let text = text.as_deref().filter(|_| row.name != "edits");
            given.push(text.map(|text| check(row, text, is_name)).transpose()?);
        }
        Ok(ParameterSet(given))
    }
}

/// A checked value, with the few that only a request can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// A value of the row's kind.
    Value(Value),
    /// A style or preset of the configuration, by name.
    Named(String),
    /// `format=auto`, `quality=auto`.
    Auto,
}

/// Values by row, in the table's order; `None` where not given.
#[derive(Clone, Debug, Default)]
pub struct ParameterSet(Vec<Option<Parsed>>);

impl ParameterSet {
    /// The value of a row, by its full name.
    pub fn get(&self, name: &str) -> Option<&Parsed> {
        let index = ROWS.iter().position(|row| row.name == name)?;
        self.0.get(index)?.as_ref()
    }

    /// Takes from `weaker` what is not given here.
    pub fn or(mut self, weaker: &Self) -> Self {
        self.0.resize(ROWS.len(), None);
        for (mine, theirs) in self.0.iter_mut().zip(&weaker.0) {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        self
    }

    /// The same without one row's value.
    pub fn without(mut self, name: &str) -> Self {
        if let Some(slot) = ROWS.iter().position(|row| row.name == name).and_then(|i| self.0.get_mut(i)) {
            *slot = None;
        }
        self
    }

    /// The values in the table's order.
    pub fn values(&self) -> impl Iterator<Item = (&'static Row, &Parsed)> {
        ROWS.iter().zip(&self.0).filter_map(|(row, given)| Some((row, given.as_ref()?)))
    }
}

fn check(row: &Row, text: &str, is_name: &dyn Fn(&Row, &str) -> bool) -> Result<Parsed, RequestError> {
    let special = match row.name {
        _ if is_name(row, text) => Some(Parsed::Named(text.to_owned())),
        "format" | "quality" if text == "auto" => Some(Parsed::Auto),
        _ => None,
    };
    let given = special.or_else(|| row.kind.parse(text).map(Parsed::Value));
    given.ok_or_else(|| RequestError::parameter(row.name, text, row.expected()))
}
