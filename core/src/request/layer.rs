//! One source of values (the query, `edits`, a preset, a style), each value checked against its row.

use crate::edit::table::{ROWS, Row};
use crate::edit::{Kind, Value};

use super::key::percent_decode;
use super::{RequestError, Settings};

/// A checked value, with the few that only a request can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A value of the row's kind.
    Value(Value),
    /// A style or preset of the configuration, by name.
    Named(String),
    /// `format=auto`.
    Auto,
    /// The text of `edits`.
    Text(String),
}

/// Values by row, in the table's order; `None` where not given.
#[derive(Clone, Debug, Default)]
pub struct Layer(Vec<Option<Given>>);

impl Layer {
    /// Reads every row through `get`, which answers one parameter name's text, already decoded, or an error's text.
    pub fn read(
        rows: impl Fn(&Row) -> bool,
        get: impl Fn(&str) -> Option<Result<String, String>>,
        settings: &Settings,
    ) -> Result<Self, RequestError> {
        let mut given = Vec::with_capacity(ROWS.len());
        for row in ROWS {
            let names = std::iter::once(&row.name).chain(row.aliases).filter(|_| rows(row));
            let is_flag = matches!(row.kind, Kind::Flag);
            let text = names.filter_map(|name| get(name)).find(|text| is_flag || text.as_deref() != Ok(""));
            given.push(match text {
                None => None,
                Some(text) => Some(check(row, text, settings)?),
            });
        }
        Ok(Self(given))
    }

    /// Reads a query string: the last of a repeated name counts.
    pub fn from_query(query: &str, rows: impl Fn(&Row) -> bool, settings: &Settings) -> Result<Self, RequestError> {
        let last = |wanted: &str| {
            let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            let value = pairs.rfind(|(name, _)| *name == wanted)?.1;
            Some(percent_decode(value).ok_or_else(|| value.to_owned()))
        };
        Self::read(rows, last, settings)
    }

    /// The value of a row, by its full name.
    pub fn get(&self, name: &str) -> Option<&Given> {
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
    pub fn values(&self) -> impl Iterator<Item = (&'static Row, &Given)> {
        ROWS.iter().zip(&self.0).filter_map(|(row, given)| Some((row, given.as_ref()?)))
    }
}

fn check(row: &Row, text: Result<String, String>, settings: &Settings) -> Result<Given, RequestError> {
    let error = |text: &str| RequestError::parameter(row.name, text, row.expected());
    let text = text.map_err(|raw| error(&raw))?;
    let special = match row.name {
        "dimensions" if settings.presets.contains_key(&text) => Some(Given::Named(text.clone())),
        "style" if settings.styles.contains_key(&text) => Some(Given::Named(text.clone())),
        "format" if text == "auto" => Some(Given::Auto),
        "edits" => Some(Given::Text(text.clone())),
        _ => None,
    };
    special.or_else(|| row.kind.parse(&text).map(Given::Value)).ok_or_else(|| error(&text))
}
