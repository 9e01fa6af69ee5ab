//! Requests: text from a URL becomes a source key and edits.
//!
//! Each dialect is one file or folder. The native one is specified in `docs/url.md`; the CloudFront Function follows the same page.

mod accept;
mod beyond;
mod canonical;
mod dialect;
mod dispatch;
mod edits_json;
mod error;
mod explain;
mod json_parity;
mod key;
mod native;
mod parameters;
mod settings;
pub mod signature;
mod sih;
mod thumbor;
mod told;
mod variants;
mod words;

pub use dialect::Dialect;
pub use error::{Refusal, RequestError};
pub use explain::explain;
pub use key::{INDEX, MAX_KEY_BYTES};
pub use settings::{Settings, SettingsError, SettingsSource};
pub use sih::{FACE_INDEX, FACE_PADDING, MODERATION_FAILED, ObjectSource, SMART_CROP_FAILED, SihSource};
pub use thumbor::ThumborSource;
pub use variants::{Variants, VariantsSource};

use crate::edit::{Device, Edits};

/// What the viewer says about itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Viewer<'a> {
    /// The `Accept` header as sent.
    pub accept: Option<&'a str>,
    /// The kind of device by the CDN's headers.
    pub device: Option<Device>,
    /// The time, in seconds since 1970; without it, a request that ends has ended.
    pub seconds: Option<u64>,
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
    /// The bucket that the source lies in; `None` for the first.
    pub bucket: Option<String>,
    /// What a request of AWS's dialect asks of the answer; `None` in the native dialect.
    pub asked: Option<Asked>,
}

/// What a request asks of its answer's headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Headers to add, in place of ours.
    pub headers: Vec<(String, String)>,
    /// How long the request is good for.
    pub seconds_left: Option<u64>,
}

impl Asked {
    /// `Cache-Control` of an answer: what is left of a request with an end, what the request asks for, what the source's store
    /// says, a year.
    pub fn cache_control(&self, stored: Option<&str>) -> String {
        let asked = self.headers.iter().find(|header| header.0.eq_ignore_ascii_case("cache-control"));
        match (self.seconds_left, asked, stored) {
            (Some(seconds), ..) => format!("max-age={seconds},public"),
            (None, Some((_, value)), _) => value.clone(),
            (None, None, Some(stored)) => stored.to_owned(),
            (None, None, None) => "max-age=31536000,public".into(),
        }
    }
}

impl Request {
    /// Reads a path and its query (without `?`) in one of the dialects of the settings.
    ///
    /// # Errors
    /// A known parameter's value is bad, or the key is.
    pub fn parse(path: &str, query: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Self, RequestError> {
        dispatch::parse(path, query, viewer, settings)
    }

    /// Reads a path for a host behind the CloudFront Function, which passes requests of other dialects on: canonical paths, and
    /// what the function wrapped or left as it was.
    ///
    /// # Errors
    /// A value or the key is bad.
    pub fn parse_behind(path: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Self, RequestError> {
        dispatch::parse_behind(path, viewer, settings)
    }

    /// Whether the object as it is is asked for.
    pub fn is_original(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether there can be an object of this name.
    pub fn can_exist(&self) -> bool {
        !self.source.is_empty() && key::check(&self.source, 0).is_ok()
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
