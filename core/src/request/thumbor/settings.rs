//! What the configuration says of Thumbor.

use serde::{Deserialize, Serialize};

/// As written in `deckle.json`, under `thumbor`: `"strict"`, or an object.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ThumborSource {
    /// `"strict"`: URLs have a prefix, and are read as Thumbor reads them.
    Mode(String),
    /// With a key.
    Members(ThumborMembers),
}

/// The members of `thumbor`.
#[derive(Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ThumborMembers {
    /// `strict`.
    pub mode: String,
    /// `SECURITY_KEY`.
    pub security_key: Option<String>,
    /// `ALLOW_UNSAFE_URL`. Unless it is said, where there is no key.
    pub allow_unsafe: Option<bool>,
}

impl std::fmt::Debug for ThumborSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("thumbor, perhaps with a secret")
    }
}

/// Checked.
#[derive(Clone)]
pub struct Thumbor {
    pub key: Option<String>,
    pub allows_unsafe: bool,
}

impl std::fmt::Debug for Thumbor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Thumbor {{ has_key: {}, allows_unsafe: {} }}", self.key.is_some(), self.allows_unsafe)
    }
}

impl Thumbor {
    /// Reads and checks; an error is the setting and what is wrong with it.
    pub fn new(source: &ThumborSource) -> Result<Self, (&'static str, &'static str)> {
        let members = match source {
            ThumborSource::Mode(mode) => &ThumborMembers { mode: mode.clone(), ..ThumborMembers::default() },
            ThumborSource::Members(members) => members,
        };
        let ThumborMembers { mode, security_key: key, allow_unsafe } = members;
        if mode != "strict" {
            return Err(("thumbor.mode", "is not strict"));
        }
        if key.as_ref().is_some_and(String::is_empty) {
            return Err(("thumbor.securityKey", "is empty"));
        }
        Ok(Self { key: key.clone(), allows_unsafe: allow_unsafe.unwrap_or(key.is_none()) })
    }
}
