//! Requests: text from a URL becomes a source key and edits.
//!
//! Each dialect is one file. The native one is specified in `docs/url.md`; the CloudFront Function follows the same page.

mod accept;
mod canonical;
mod edits_json;
mod error;
mod json_parity;
mod key;
mod native;
mod parameters;
mod settings;
pub mod signature;
mod variants;

pub use error::RequestError;
pub use settings::{Settings, SettingsError, SettingsSource};
pub use variants::{Variants, VariantsSource};

use crate::edit::{Device, Edits};

/// What the viewer says about itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Viewer<'a> {
    /// The `Accept` header as sent.
    pub accept: Option<&'a str>,
    /// The kind of device by the CDN's headers.
    pub device: Option<Device>,
}

/// What a URL asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What to do to the image. Empty: the original is asked for.
    pub edits: Edits,
    /// The source key as a path spells it, no leading `/`.
    pub key: String,
    /// The source object's name: `key` decoded. Empty only for the path `/`.
    pub source: String,
    /// Whether the viewer's `Accept` was looked at: the answer at this URL varies by it.
    pub negotiated: bool,
}

impl Request {
    /// Reads a path and its query (without `?`) in the native dialect.
    ///
    /// # Errors
    /// A known parameter's value is bad, or the key is.
    pub fn parse(path: &str, query: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Self, RequestError> {
        native::parse(path, query, viewer, settings)
    }

    /// Reads a path of the canonical grammar, for a host that stands behind the one that decided: no query, no header and no
    /// default of the configuration counts. A path that is not of the canonical form is an original's.
    ///
    /// # Errors
    /// A value or the key is bad.
    pub fn parse_canonical(path: &str) -> Result<Self, RequestError> {
        native::parse_canonical(path)
    }

    /// The canonical path: for an original `/{key}`, else `/{dims}/{options}/{key}`.
    pub fn path(&self) -> String {
        canonical::path(self)
    }

    /// The name under which the result is stored: the canonical path without its leading `/`, percent-decoded once.
    pub fn stored_key(&self) -> String {
        canonical::stored_key(self)
    }
}
