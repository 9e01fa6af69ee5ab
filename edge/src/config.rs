//! `deckle.json`: one file for every host. Sections that belong to a host are kept as they are.

use std::fmt;

use deckle::Limits;
use deckle::image::Cmyk;
use deckle::request::{Settings, SettingsError, SettingsSource, Variants, VariantsSource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `Cache-Control` by kind of answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[serde(default, rename_all = "camelCase")]
struct Source {
    #[serde(flatten)]
    settings: SettingsSource,
    limits: Limits,
    cache_control: CacheControl,
    cors: Option<Value>,
    quality: Option<u8>,
    effort: Option<u8>,
    cmyk: Option<String>,
    damaged: Damaged,
    variants: Option<VariantsSource>,
    index: Option<bool>,
}

/// What to do with a source of which a part cannot be decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Damaged {
    /// Show what there is and fill the rest; answered with a warning, kept for a minute, never stored.
    #[default]
    Show,
    /// 422.
    Refuse,
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
    /// Quality of lossy formats when a URL does not state it.
    pub quality: Option<u8>,
    /// Effort of lossy encoders when a URL does not state it.
    pub effort: Option<u8>,
    /// How inks without a profile become colours.
    pub cmyk: Cmyk,
    /// What to do with a source of which a part cannot be decoded.
    pub damaged: Damaged,
    /// Which variants may be asked for; `None`: all.
    pub variants: Option<Variants>,
    /// Whether derived images are found by their sources: one more small object is stored with each. Default: true.
    pub index: bool,
}

impl Config {
    /// Who makes derived images: the engine's version and every member of the configuration that changes bytes and is not in the
    /// canonical path. Part of ETags, of what is stored with a derived object, and of cache keys.
    pub fn maker(&self) -> String {
        let quality = self.quality.map_or(String::new(), |quality| format!(".q{quality}"));
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
        format!("{}{quality}{effort}{cmyk}{memory}", deckle::ENGINE_VERSION)
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
            effort: None,
            cmyk: Cmyk::Press,
            damaged: Damaged::default(),
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
    /// A setting with an unusable value.
    Setting(SettingsError),
}

impl ConfigError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        "invalid_configuration"
    }

    fn setting(setting: &str, message: &str) -> Self {
        Self::Setting(SettingsError { setting: setting.into(), message: message.into() })
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(message) => write!(f, "deckle.json: {message}"),
            Self::Setting(error) => write!(f, "deckle.json: {error}"),
        }
    }
}

impl std::error::Error for ConfigError {}

const MEMBERS: &[&str] = &[
    "$schema",
    "presets",
    "styles",
    "format",
    "autoFormats",
    "devices",
    "deviceHeaders",
    "dialects",
    "sih",
    "limits",
    "cacheControl",
    "cors",
    "quality",
    "effort",
    "cmyk",
    "damaged",
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
        let json = |e: serde_json::Error| ConfigError::Json(e.to_string());
        let value: Value = serde_json::from_str(text).map_err(json)?;
        let Some(members) = value.as_object() else {
            return Err(ConfigError::Json("expected an object".into()));
        };
        let is_known = |name: &str| MEMBERS.contains(&name) || HOST_SECTIONS.contains(&name);
        if let Some(unknown) = members.keys().find(|name| !is_known(name)) {
            return Err(ConfigError::setting(unknown, "is not a member of the configuration"));
        }
        let source: Source = serde_json::from_value(value).map_err(json)?;
        let cors = match source.cors {
            None => Some("*".into()),
            Some(Value::Null | Value::Bool(false)) => None,
            Some(Value::String(origin)) if is_header_text(&origin) => Some(origin),
            Some(_) => return Err(ConfigError::setting("cors", "is not an origin, * or false")),
        };
        let cache = &source.cache_control;
        if ![&cache.derived, &cache.original, &cache.error, &cache.not_found].into_iter().all(|v| is_header_text(v)) {
            return Err(ConfigError::setting("cacheControl", "holds what a header cannot"));
        }
        if source.quality.is_some_and(|q| !(1..=100).contains(&q)) {
            return Err(ConfigError::setting("quality", "is not from 1 to 100"));
        }
        if source.effort.is_some_and(|effort| effort > 6) {
            return Err(ConfigError::setting("effort", "is not from 0 to 6"));
        }
        if source.limits.variants > MOST_VARIANTS {
            return Err(ConfigError::setting("limits.variants", "is not from 0 to 1000"));
        }
        if source.limits.variants > 0 && source.index == Some(false) {
            return Err(ConfigError::setting("limits.variants", "needs the index, which is switched off"));
        }
        let cmyk = match source.cmyk {
            None => Cmyk::Press,
            Some(word) => {
                Cmyk::from_word(&word).ok_or_else(|| ConfigError::setting("cmyk", "is not press or naive"))?
            }
        };
        let settings = Settings::new(&source.settings).map_err(ConfigError::Setting)?;
        let variants = source.variants.as_ref().map(|variants| Variants::new(variants, &settings)).transpose();
        Ok(Self {
            settings,
            limits: source.limits,
            cache_control: source.cache_control,
            cors,
            quality: source.quality,
            effort: source.effort,
            cmyk,
            damaged: source.damaged,
            variants: variants.map_err(ConfigError::Setting)?,
            index: source.index.unwrap_or(true),
        })
    }
}

fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}
