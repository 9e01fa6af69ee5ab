//! `deckle.json`: one file for every host. Sections that belong to a host are kept as they are.

use std::fmt;

use deckle::Limits;
use deckle::image::{Aim, Cmyk};
use deckle::request::{Settings, SettingsError, SettingsSource, UsualQuality, Variants, VariantsSource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::line::line_of;

/// `Cache-Control` by kind of answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CacheControl {
    /// Derived images.
    pub derived: String,
    /// Originals without a `Cache-Control` of their own.
    pub original: String,
    /// Mistakes of the client, images that cannot be transformed.
    pub error: String,
    /// Sources that do not exist, perhaps yet.
    pub not_found: String,
}

impl Default for CacheControl {
    fn default() -> Self {
        Self {
            derived: "public, max-age=31536000, immutable".into(),
            original: "public, max-age=86400".into(),
            error: "public, max-age=60".into(),
            not_found: "public, max-age=10".into(),
        }
    }
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Source {
    /// What a transformation may cost.
    limits: Limits,
    /// How long answers keep: `Cache-Control` by kind of answer.
    cache_control: CacheControl,
    /// `Access-Control-Allow-Origin`: an origin, `*` (the default), or false to leave the header out.
    cors: Option<Value>,
    /// Effort of lossy encoders when a URL does not state it.
    effort: Option<u8>,
    /// How a CMYK JPEG without a profile is shown: `press` as printed on coated paper, `naive` as browsers do.
    cmyk: Option<String>,
    /// What to do with a source of which a part cannot be decoded: `show` what there is, or `refuse` it.
    damaged: Damaged,
    /// How an SVG is answered: `raster` draws it, `pass` sends it as it is.
    svg: Svg,
    /// The variants that may be asked for: for each edit the list of its values, or `any`. Without it, all may.
    variants: Option<VariantsSource>,
    /// Whether derived images are found by their sources: one more small object is stored with each. Default: true.
    index: Option<bool>,
}

/// What to do with a source of which a part cannot be decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Damaged {
    /// Show what there is and fill the rest; answered with a warning, kept for a minute, never stored.
    #[default]
    Show,
    /// 422.
    Refuse,
}

/// What becomes of an SVG that edits are asked of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Svg {
    /// It is drawn at the size that is asked for.
    #[default]
    Raster,
    /// It is passed through as it is, under a policy that lets no script run.
    Pass,
}

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What URLs mean.
    pub settings: Settings,
    /// What a transformation may cost.
    pub limits: Limits,
    /// How long answers keep.
    pub cache_control: CacheControl,
    /// `Access-Control-Allow-Origin`; `None` leaves the header out. Default: `*`.
    pub cors: Option<String>,
    /// Quality of lossy formats when a URL does not state it, on JPEG's scale.
    pub quality: Option<u8>,
    /// The same as what they are to look like.
    pub aim: Option<Aim>,
    /// Effort of lossy encoders when a URL does not state it.
    pub effort: Option<u8>,
    /// How inks without a profile become colours.
    pub cmyk: Cmyk,
    /// What to do with a source of which a part cannot be decoded.
    pub damaged: Damaged,
    /// What becomes of an SVG.
    pub svg: Svg,
    /// Which variants may be asked for; `None`: all.
    pub variants: Option<Variants>,
    /// Whether derived images are found by their sources: one more small object is stored with each. Default: true.
    pub index: bool,
}

impl Config {
    /// Who makes derived images: the engine's version and every member of the configuration that changes bytes and is not in the
    /// canonical path. Part of ETags, of what is stored with a derived object, and of cache keys.
    pub fn maker(&self) -> String {
        let quality = match (self.quality, self.aim) {
            (Some(quality), _) => format!(".q{quality}"),
            (None, Some(aim)) => format!(".q{}", aim.word()),
            (None, None) => String::new(),
        };
        let effort = self.effort.map_or(String::new(), |effort| format!(".e{effort}"));
        let cmyk = match self.cmyk {
            Cmyk::Press => String::new(),
            other => format!(".{}", other.word()),
        };
        // with less memory WebP is encoded with less effort
        let memory = match self.limits.memory_bytes {
            bytes if bytes == Limits::default().memory_bytes => String::new(),
            bytes => format!(".m{bytes}"),
        };
        // what was drawn before is not answered any more
        let svg = if self.svg == Svg::Pass { ".svg-pass" } else { "" };
        format!("{}{quality}{effort}{cmyk}{memory}{svg}", deckle::ENGINE_VERSION)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            settings: Settings::new(&SettingsSource::default()).unwrap_or_default(),
            limits: Limits::default(),
            cache_control: CacheControl::default(),
            cors: Some("*".into()),
            quality: None,
            aim: None,
            effort: None,
            cmyk: Cmyk::Press,
            damaged: Damaged::default(),
            svg: Svg::default(),
            variants: None,
            index: true,
        }
    }
}

/// A configuration that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// Not JSON, or a member of the wrong type.
    Json(String),
    /// A setting with an unusable value, and the line that it is on.
    Setting {
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        error: SettingsError,
    },
}

impl ConfigError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        "invalid_configuration"
    }

    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // the line comes first, as in every message
        let what = text.split(" at line ").next().unwrap_or(&text);
        match error.line() {
            0 => Self::Json(format!(" {what}")),
            line => Self::Json(format!("{line}: {what}")),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(message) => write!(f, "deckle.json:{message}"),
            Self::Setting { line, error } => write!(f, "deckle.json:{line}: {error}"),
        }
    }
}

impl std::error::Error for ConfigError {}

const MEMBERS: &[&str] = &[
    "$schema",
    "presets",
    "readyPresets",
    "only",
    "styles",
    "format",
    "autoFormats",
    "devices",
    "deviceHeaders",
    "breakpoints",
    "clientHints",
    "dialects",
    "sih",
    "thumbor",
    "limits",
    "cacheControl",
    "cors",
    "quality",
    "effort",
    "cmyk",
    "damaged",
    "svg",
    "variants",
    "index",
];
/// A store lists as many names at once.
const MOST_VARIANTS: u32 = 1000;
/// Sections that only a host reads.
const HOST_SECTIONS: &[&str] = &["cloudfront", "aws", "worker"];

impl Config {
    /// Reads `deckle.json`.
    ///
    /// # Errors
    /// The first thing that is wrong, named.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let wrong = |error: SettingsError| ConfigError::Setting { line: line_of(text, &error.setting), error };
        let setting = |setting: &str, message: &str| {
            wrong(SettingsError { setting: setting.to_owned(), message: message.to_owned() })
        };
        let json = |error: serde_json::Error| ConfigError::json(&error);
        let value: Value = serde_json::from_str(text).map_err(json)?;
        let Some(members) = value.as_object() else {
            return Err(ConfigError::Json("1: expected an object".into()));
        };
        let is_known = |name: &str| MEMBERS.contains(&name) || HOST_SECTIONS.contains(&name);
        if let Some(unknown) = members.keys().find(|name| !is_known(name)) {
            return Err(setting(unknown, "is not a member of the configuration"));
        }
        // from the text, since a value knows no lines
        let settings: SettingsSource = serde_json::from_str(text).map_err(json)?;
        let source: Source = serde_json::from_str(text).map_err(json)?;
        let cors = match source.cors {
            None => Some("*".into()),
            Some(Value::Null | Value::Bool(false)) => None,
            Some(Value::String(origin)) if is_header_text(&origin) => Some(origin),
            Some(_) => return Err(setting("cors", "is not an origin, * or false")),
        };
        let cache = &source.cache_control;
        if ![&cache.derived, &cache.original, &cache.error, &cache.not_found].into_iter().all(|v| is_header_text(v)) {
            return Err(setting("cacheControl", "holds what a header cannot"));
        }
        if source.effort.is_some_and(|effort| effort > 6) {
            return Err(setting("effort", "is not from 0 to 6"));
        }
        if source.limits.variants > MOST_VARIANTS {
            return Err(setting("limits.variants", "is not from 0 to 1000"));
        }
        if source.limits.variants > 0 && source.index == Some(false) {
            return Err(setting("limits.variants", "needs the index, which is switched off"));
        }
        let cmyk = match source.cmyk {
            None => Cmyk::Press,
            Some(word) => Cmyk::from_word(&word).ok_or_else(|| setting("cmyk", "is not press or naive"))?,
        };
        let settings = Settings::new(&settings).map_err(wrong)?;
        let variants = match &source.variants {
            Some(_) if settings.only_presets() => {
                return Err(setting("only", "leaves presets alone, so variants cannot stand beside it"));
            }
            Some(variants) => Some(Variants::new(variants, &settings).map_err(wrong)?),
            None => settings.only_presets().then(|| Variants::only_presets(&settings)),
        };
        let usual = settings.quality();
        Ok(Self {
            settings,
            limits: source.limits,
            cache_control: source.cache_control,
            cors,
            quality: usual.and_then(UsualQuality::number),
            aim: usual.and_then(UsualQuality::aim),
            effort: source.effort,
            cmyk,
            damaged: source.damaged,
            svg: source.svg,
            variants,
            index: source.index.unwrap_or(true),
        })
    }
}

fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn whatever_requests_are_told_is_a_member_of_the_configuration() {
        let settings = serde_json::to_value(SettingsSource::default()).unwrap();
        for name in settings.as_object().unwrap().keys() {
            assert!(MEMBERS.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn strict_thumbor_can_be_configured() {
        for thumbor in [r#""strict""#, r#"{"mode":"strict","securityKey":"k","allowUnsafe":true}"#] {
            let config = Config::from_json(&format!(r#"{{"dialects":["thumbor"],"thumbor":{thumbor}}}"#));
            assert!(config.is_ok(), "{config:?}");
        }
    }
}
