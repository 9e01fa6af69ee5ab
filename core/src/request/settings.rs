//! The part of the configuration that decides what a URL means.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::edit::Device;
use crate::edit::table::{self, Row};
use crate::image::{Aim, Format};

use super::catalogue;
use super::dialect::{self, Dialect};
use super::edits_json::is_query_only;
use super::parameters::{ParameterSet, Texts};
use super::sih::{Sih, SihSource};
use super::thumbor::{Thumbor, ThumborSource};

/// As written in `deckle.json`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct SettingsSource {
    /// Named sets of edits for `dimensions=`, each written as a query.
    pub presets: BTreeMap<String, String>,
    /// Presets of our own catalogue, by their names or the names of their groups. One of `presets` with the same name counts.
    pub ready_presets: Vec<String>,
    /// `presets`: nothing else may be asked for, not even an original.
    pub only: Option<String>,
    /// Named sets of edits for `style=`, each written as a query.
    pub styles: BTreeMap<String, String>,
    /// Format of requests that name none: a format, `auto`, or absent for the source's.
    pub format: Option<String>,
    /// What `auto` may pick, best first. Default: `["webp"]`.
    pub auto_formats: Option<Vec<String>>,
    /// Quality of lossy formats where a URL states none: a number on JPEG's scale, `auto`, or what files are to look like.
    #[cfg_attr(feature = "schema", schemars(extend("type" = ["integer", "string"], "pattern" = "^(auto|low|medium|high|best)$")))]
    pub quality: Option<Json>,
    /// Width caps by kind of device.
    pub devices: BTreeMap<String, u32>,
    /// Whether the CDN's device headers stand in for `device-type`.
    pub device_headers: bool,
    /// The widths that are made: one that a request names becomes the next of these, and one above them the largest. Presets keep
    /// theirs.
    pub breakpoints: Vec<u32>,
    /// Whether the browser's client hints cap the width, at the next breakpoint. It is asked for them by `Accept-CH`.
    pub client_hints: bool,
    /// The dialects that are read, the one first that has its way with URLs of several. Default: `["native"]`.
    pub dialects: Option<Vec<String>>,
    /// What AWS's dialect is told.
    pub sih: SihSource,
    /// `strict` reads Thumbor's own URLs, with their prefix, in place of AWS's reading of its paths.
    pub thumbor: Option<ThumborSource>,
}

/// Checked settings, every preset and style read.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(super) presets: BTreeMap<String, ParameterSet>,
    pub(super) styles: BTreeMap<String, ParameterSet>,
    pub(super) format: Option<Format>,
    pub(super) auto: bool,
    pub(super) auto_formats: Vec<Format>,
    pub(super) quality: Option<UsualQuality>,
    pub(super) devices: Vec<(Device, u32)>,
    pub(super) device_headers: bool,
    pub(super) only_presets: bool,
    /// In ascending order.
    pub(super) breakpoints: Vec<u32>,
    pub(super) client_hints: bool,
    pub(super) dialects: Vec<Dialect>,
    pub(super) sih: Sih,
    pub(super) thumbor: Option<Thumbor>,
}

/// Quality where none is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsualQuality {
    /// On JPEG's scale, 1–100.
    Number(u8),
    /// What a file is to look like.
    Aim(Aim),
    /// What `quality=auto` is.
    Auto,
}

impl UsualQuality {
    fn read(given: &Json) -> Result<Self, SettingsError> {
        let number = || given.as_u64().and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=100).contains(n));
        match given.as_str() {
            Some("auto") => Some(Self::Auto),
            Some(word) => Aim::from_word(word).map(Self::Aim),
            None => number().map(Self::Number),
        }
        .ok_or_else(|| error("quality", "is not from 1 to 100, nor auto, low, medium, high or best"))
    }

    /// The number, if it is one.
    pub fn number(self) -> Option<u8> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// What a file is to look like, if that is said.
    pub fn aim(self) -> Option<Aim> {
        match self {
            Self::Number(_) => None,
            Self::Aim(aim) => Some(aim),
            Self::Auto => Some(AUTO),
        }
    }
}

/// What `quality=auto` is, and what it is to those who ask for fewer bytes.
pub(super) const AUTO: Aim = Aim::High;
pub(super) const SAVING: Aim = Aim::Medium;

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// Where, as `presets.twitter-card`.
    pub setting: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.message)
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Reads and checks.
    ///
    /// # Errors
    /// The first setting that is wrong, named.
    pub fn new(source: &SettingsSource) -> Result<Self, SettingsError> {
        let mut settings =
            Self { device_headers: source.device_headers, client_hints: source.client_hints, ..Self::default() };
        settings.dialects = dialect::read(source.dialects.as_deref()).map_err(|message| error("dialects", message))?;
        settings.sih = Sih::new(&source.sih).map_err(|(at, message)| error(&at, message))?;
        let thumbor = source.thumbor.as_ref().map(Thumbor::new).transpose();
        settings.thumbor =
            thumbor.map_err(|(at, message)| error(at, message))?.filter(|_| settings.reads(Dialect::Thumbor));
        let auto_formats = source.auto_formats.clone().unwrap_or_else(|| vec!["webp".into()]);
        for word in &auto_formats {
            settings.auto_formats.push(format(word).ok_or_else(|| error("autoFormats", unknown_format(word)))?);
        }
        match source.format.as_deref() {
            None => (),
            Some("auto") => settings.auto = true,
            Some(word) => settings.format = Some(format(word).ok_or_else(|| error("format", unknown_format(word)))?),
        }
        settings.quality = source.quality.as_ref().map(UsualQuality::read).transpose()?;
        for (word, &width) in &source.devices {
            let at = format!("devices.{word}");
            let device = Device::from_word(word).ok_or_else(|| error(&at, "is not mobile, tablet or desktop"))?;
            if !(1..=table::MAX_SIDE).contains(&width) {
                return Err(error(&at, format!("is {width}; expected 1 to {}", table::MAX_SIDE)));
            }
            settings.devices.push((device, width));
        }
        settings.only_presets = match source.only.as_deref() {
            None => false,
            Some("presets") => true,
            Some(word) => return Err(error("only", format!("is {word}; expected presets"))),
        };
        settings.breakpoints = breakpoints(&source.breakpoints)?;
        if settings.client_hints && settings.breakpoints.is_empty() {
            return Err(error("clientHints", "needs breakpoints, which bound how many widths are made"));
        }
        // styles first: a preset may name one, a style never names another
        settings.styles = named_sets("styles", &source.styles, &settings)?;
        let mut presets = catalogue::chosen(&source.ready_presets).map_err(|message| error("readyPresets", message))?;
        presets.extend(source.presets.iter().map(|(name, query)| (name.clone(), query.clone())));
        settings.presets = named_sets("presets", &presets, &settings)?;
        Ok(settings)
    }

    /// Quality of lossy formats where a URL states none.
    pub fn quality(&self) -> Option<UsualQuality> {
        self.quality
    }

    /// Whether the quality of requests that name none is lower for those who ask for fewer bytes.
    pub(super) fn saves_data(&self) -> bool {
        self.quality == Some(UsualQuality::Auto)
    }

    /// Whether a row's value is the name of a preset or a style.
    pub(super) fn has_name(&self, row: &Row, text: &str) -> bool {
        match row.name {
            "dimensions" => self.presets.contains_key(text),
            "style" => self.styles.contains_key(text),
            _ => false,
        }
    }

    /// What a configured style stands for.
    pub(super) fn style(&self, name: &str) -> Option<&ParameterSet> {
        self.styles.get(name)
    }

    /// What each preset stands for.
    pub(super) fn presets(&self) -> impl Iterator<Item = &ParameterSet> {
        self.presets.values()
    }

    /// The formats of requests that name none.
    pub(super) fn formats(&self) -> Vec<Format> {
        let auto = if self.auto { self.auto_formats.as_slice() } else { &[] };
        self.format.iter().chain(auto).copied().collect()
    }

    /// What a width can be capped at: each device's figure, and where client hints count, each breakpoint.
    pub(super) fn caps(&self) -> impl Iterator<Item = u32> {
        let hinted = if self.client_hints { self.breakpoints.as_slice() } else { &[] };
        self.devices.iter().map(|device| device.1).chain(hinted.iter().copied())
    }

    /// The next breakpoint at or above a width, or the largest; the width itself where there are none.
    pub(super) fn snapped(&self, width: u32) -> u32 {
        let next = self.breakpoints.iter().find(|breakpoint| **breakpoint >= width);
        next.or(self.breakpoints.last()).copied().unwrap_or(width)
    }

    /// Whether browsers are asked how wide they show images.
    pub fn asks_for_hints(&self) -> bool {
        self.client_hints
    }

    /// Whether nothing but presets may be asked for.
    pub fn only_presets(&self) -> bool {
        self.only_presets
    }

    /// Each preset's name.
    pub fn preset_names(&self) -> impl Iterator<Item = &str> {
        self.presets.keys().map(String::as_str)
    }

    pub(super) fn device_cap(&self, device: Device) -> Option<u32> {
        self.devices.iter().find(|d| d.0 == device).map(|d| d.1)
    }
}

/// More breakpoints than this are refused: each is a width that may be made.
const MOST_BREAKPOINTS: usize = 50;

fn breakpoints(given: &[u32]) -> Result<Vec<u32>, SettingsError> {
    if given.len() > MOST_BREAKPOINTS {
        return Err(error("breakpoints", format!("has {}; expected {MOST_BREAKPOINTS} at most", given.len())));
    }
    if let Some(wrong) = given.iter().find(|width| !(1..=table::MAX_SIDE).contains(*width)) {
        return Err(error("breakpoints", format!("holds {wrong}; expected 1 to {}", table::MAX_SIDE)));
    }
    let mut sorted = given.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    Ok(sorted)
}

/// The sets of a section by name, each checked.
fn named_sets(
    section: &str,
    sources: &BTreeMap<String, String>,
    settings: &Settings,
) -> Result<BTreeMap<String, ParameterSet>, SettingsError> {
    let mut out = BTreeMap::new();
    for (name, query) in sources {
        let at = format!("{section}.{name}");
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !plain || name.len() > 40 {
            return Err(error(&at, "a name is 1 to 40 letters, digits, - and _"));
        }
        let builtin = name == "default" || table::row("style").is_some_and(|row| row.kind.parse(name).is_some());
        if section == "styles" && builtin {
            return Err(error(&at, "is the name of a built-in style"));
        }
        if let Some(wrong) = query.split('&').find(|pair| !is_allowed(pair.split('=').next().unwrap_or(""))) {
            return Err(error(&at, format!("{wrong} is not an edit that can stand here")));
        }
        let set = Texts::of_query(query, |row| !is_query_only(row))
            .and_then(|texts| texts.check(&|row, text| settings.has_name(row, text)));
        out.insert(name.clone(), set.map_err(|e| error(&at, e.to_string()))?);
    }
    Ok(out)
}

fn is_allowed(name: &str) -> bool {
    let names = |row: &Row| row.name == name || row.aliases.contains(&name);
    table::ROWS.iter().any(|row| !is_query_only(row) && names(row))
}

fn format(word: &str) -> Option<Format> {
    Format::from_word(word)
}

fn unknown_format(word: &str) -> String {
    let expected = table::row("format").map(|row| row.kind.expected()).unwrap_or_default();
    format!("{word} is not known; expected {expected}")
}

fn error(setting: &str, message: impl Into<String>) -> SettingsError {
    SettingsError { setting: setting.into(), message: message.into() }
}
