//! Which variants of an image may be asked for, where the configuration says so: a bound on what a stranger can have made and stored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::edit::table::{self, ROWS, Row};
use crate::edit::{Edits, Place, Value};
use crate::image::Format;

use super::RequestError;
use super::native::{capped, height_under, is_auto_quality, multiplied, named, only_presets, ratio, times, typed};
use super::parameters::ParameterSet;
use super::settings::{SAVING, Settings, SettingsError};

/// More values than this in one list are refused: lists are multiplied by each other.
const MOST_VALUES: usize = 100;
/// The same for dpr, by which every side is multiplied.
const MOST_RATIOS: usize = 10;
/// As many values as an error names.
const MOST_NAMED: usize = 30;

/// The word that stands for every value of an edit.
const ANY: &str = "any";

/// The member `variants` as written: for each edit the list of its values, or `any`.
pub type VariantsSource = BTreeMap<String, Json>;

/// Checked: the values that each edit may have, and whole sets of edits.
#[derive(Clone, Debug, Default)]
pub struct Variants {
    /// In the table's order.
    rows: Vec<Allowed>,
    /// What the presets of the configuration stand for, at each dpr and on each device.
    presets: Vec<Edits>,
    /// Whether originals are refused, too.
    only_presets: bool,
}

#[derive(Clone, Debug)]
enum Allowed {
    Any,
    These(Vec<Value>),
}

impl Allowed {
    fn has(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::These(values) => values.contains(value),
        }
    }

    fn add(&mut self, value: Value) {
        if let Self::These(values) = self
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
}

impl Variants {
    /// Reads and checks.
    ///
    /// # Errors
    /// The first member that is wrong, named.
    pub fn new(source: &VariantsSource, settings: &Settings) -> Result<Self, SettingsError> {
        let mut variants = Self { rows: vec![Allowed::These(Vec::new()); ROWS.len()], ..Self::default() };
        let mut ratios = vec![100];
        for (name, list) in source {
            let at = format!("variants.{name}");
            let row = table::row(name).filter(|row| row.place != Place::None || row.name == "dpr");
            let row = row.ok_or_else(|| error(&at, "is not the full name of an edit that a path can hold, or dpr"))?;
            if row.name != "dpr" && list.as_str() == Some(ANY) {
                variants.set(row, Allowed::Any);
                continue;
            }
            for text in texts(list).ok_or_else(|| error(&at, "is not a list of values, 100 at most"))? {
                let value = row.kind.parse(&text);
                let style = settings.style(&text).filter(|_| row.name == "style");
                match (value, style) {
                    (Some(Value::Decimal(ratio)), _) if row.name == "dpr" => ratios.push(u64::from(ratio / 100)),
                    (Some(value), _) => {
                        variants.add(row, value);
                        if row.name == "quality" && text == "auto" {
                            variants.add_saving();
                        }
                    }
                    (None, Some(style)) => variants.add_all(&typed(style)),
                    (None, None) if row.name == "format" && text == "auto" => {
                        variants.add_formats(&settings.auto_formats)
                    }
                    (None, None) => return Err(error(&at, format!("holds {text}; expected {}", row.expected()))),
                }
            }
        }
        if ratios.len() > MOST_RATIOS + 1 {
            return Err(error("variants.dpr", format!("is not a list of values, {MOST_RATIOS} at most")));
        }
        variants.add_formats(&settings.formats());
        if settings.saves_data() {
            variants.add_saving();
        }
        variants.add_products(&ratios);
        variants.add_capped(settings);
        for preset in settings.presets() {
            variants.add_preset(preset, &ratios, settings);
        }
        Ok(variants)
    }

    /// The presets of the configuration and nothing else, no original either.
    pub fn only_presets(settings: &Settings) -> Self {
        let mut variants =
            Self { rows: vec![Allowed::These(Vec::new()); ROWS.len()], only_presets: true, ..Self::default() };
        variants.add_formats(&settings.formats());
        for preset in settings.presets() {
            variants.add_preset(preset, &[100], settings);
        }
        variants
    }

    /// Checks the edits of a request, which are reduced, as those of every canonical path.
    ///
    /// # Errors
    /// The first edit of which no list has the value.
    pub fn check(&self, edits: &Edits) -> Result<(), RequestError> {
        if self.only_presets && !self.presets.iter().any(|preset| self.is_of(edits, preset)) {
            return Err(only_presets("dimensions", "missing"));
        }
        if !is_told_by_rows(edits) {
            return Err(RequestError::parameter("ops", "given", "edits that the configuration allows".into()));
        }
        match self.first_refused(edits) {
            Some(_) if self.presets.iter().any(|preset| self.is_of(edits, preset)) => Ok(()),
            Some((row, value)) => Err(RequestError::parameter(row.name, &value.to_string(), self.expected(row))),
            None => Ok(()),
        }
    }

    /// The first edit whose value is not in the lists.
    fn first_refused(&self, edits: &Edits) -> Option<(&'static Row, Value)> {
        ROWS.iter().zip(&self.rows).find_map(|(row, allowed)| {
            let value = (row.get)(edits)?;
            (!allowed.has(&value)).then_some((row, value))
        })
    }

    /// Whether the edits are a preset's, but for listed values in place of its own or beside them.
    fn is_of(&self, edits: &Edits, preset: &Edits) -> bool {
        ROWS.iter().zip(&self.rows).all(|(row, allowed)| {
            let value = (row.get)(edits);
            value == (row.get)(preset) || value.is_some_and(|value| allowed.has(&value))
        })
    }

    fn expected(&self, row: &Row) -> String {
        let list: Vec<String> = match self.slot(row) {
            Some(Allowed::These(values)) => values.iter().map(Value::to_string).collect(),
            _ => Vec::new(),
        };
        let or_preset = if self.presets.is_empty() { "" } else { ", or a preset" };
        match list.as_slice() {
            [] if self.presets.is_empty() => format!("no {} from the configuration", row.name),
            [] => "a preset of the configuration".into(),
            list => {
                let named = list[..list.len().min(MOST_NAMED)].join(", ");
                let rest = if list.len() > MOST_NAMED { " …" } else { "" };
                format!("one of the configuration's: {named}{rest}{or_preset}")
            }
        }
    }

    fn slot(&self, row: &Row) -> Option<&Allowed> {
        self.rows.get(index(row)?)
    }

    fn set(&mut self, row: &Row, allowed: Allowed) {
        if let Some(slot) = index(row).and_then(|index| self.rows.get_mut(index)) {
            *slot = allowed;
        }
    }

    fn add(&mut self, row: &Row, value: Value) {
        if let Some(slot) = index(row).and_then(|index| self.rows.get_mut(index)) {
            slot.add(value);
        }
    }

    fn add_all(&mut self, edits: &Edits) {
        for row in ROWS {
            if let Some(value) = (row.get)(edits) {
                self.add(row, value);
            }
        }
    }

    fn add_formats(&mut self, formats: &[Format]) {
        for format in formats {
            self.add_all(&Edits { format: Some(*format), ..Edits::default() });
        }
    }

    /// What `quality=auto` is to those who ask for fewer bytes.
    fn add_saving(&mut self) {
        self.add_all(&Edits { aim: Some(SAVING), ..Edits::default() });
    }

    fn sides(&self, name: &str) -> Vec<u32> {
        let values = match table::row(name).and_then(|row| self.slot(row)) {
            Some(Allowed::These(values)) => values.as_slice(),
            _ => &[],
        };
        values.iter().filter_map(|value| if let Value::Integer(side) = value { Some(*side) } else { None }).collect()
    }

    fn add_sides(&mut self, name: &str, mut sides: BTreeSet<u32>) {
        for known in self.sides(name) {
            sides.remove(&known);
        }
        let slot = table::row(name).and_then(index).and_then(|index| self.rows.get_mut(index));
        if let Some(Allowed::These(values)) = slot {
            values.extend(sides.into_iter().map(Value::Integer));
        }
    }

    /// Sides times each ratio.
    fn add_products(&mut self, ratios: &[u64]) {
        for name in ["width", "height"] {
            let sides = self.sides(name);
            let products = sides.iter().flat_map(|side| ratios.iter().map(|ratio| times(*side, *ratio)));
            let products = products.filter_map(|product| u32::try_from(product).ok());
            self.add_sides(name, products.filter(|product| *product <= table::MAX_SIDE).collect());
        }
    }

    /// What becomes of listed sides on the devices that the configuration has caps for.
    fn add_capped(&mut self, settings: &Settings) {
        let (widths, heights) = (self.sides("width"), self.sides("height"));
        for cap in settings.caps() {
            let wider = widths.iter().filter(|width| **width > cap);
            let under = |width: u32| heights.iter().map(move |height| height_under(width, *height, cap));
            self.add_sides("height", wider.flat_map(|width| under(*width)).collect());
            self.add_sides("width", BTreeSet::from([cap]));
        }
    }

    fn add_preset(&mut self, preset: &ParameterSet, ratios: &[u64], settings: &Settings) {
        let given = named(preset.clone(), settings);
        for ratio in ratio(&given).iter().chain(ratios) {
            let Ok(edits) = multiplied(typed(&given), *ratio) else { continue };
            let saving = is_auto_quality(&given).then(|| Edits { aim: Some(SAVING), ..edits.clone() });
            for edits in std::iter::once(edits).chain(saving) {
                for cap in std::iter::once(None).chain(settings.caps().map(Some)) {
                    let edits = capped(edits.clone(), cap).reduced();
                    if !edits.is_empty() && !self.presets.contains(&edits) {
                        self.presets.push(edits);
                    }
                }
            }
        }
    }
}

/// Whether the rows of the table tell all of these edits: a dialect may have operations that none of them has.
fn is_told_by_rows(edits: &Edits) -> bool {
    let mut told = Edits::default();
    for row in ROWS {
        if let Some(value) = (row.get)(edits) {
            (row.set)(&mut told, value);
        }
    }
    told == *edits
}

fn index(row: &Row) -> Option<usize> {
    ROWS.iter().position(|other| other.name == row.name)
}

/// A list's members as a URL would spell them.
fn texts(list: &Json) -> Option<Vec<String>> {
    let list = list.as_array().filter(|list| list.len() <= MOST_VALUES)?;
    let text = |value: &Json| match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(u8::from(*yes).to_string()),
        _ => None,
    };
    list.iter().map(text).collect()
}

fn error(setting: &str, message: impl Into<String>) -> SettingsError {
    SettingsError { setting: setting.into(), message: message.into() }
}
