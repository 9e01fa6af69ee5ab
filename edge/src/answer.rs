//! Answers: status, headers, what to send and what to store.

use std::borrow::Cow;

use serde::Serialize;

use crate::error::HttpError;
use crate::index::IndexEntry;
use crate::media_type::is_scriptless;
use crate::{Config, Failure};

/// A policy for documents that a browser would otherwise run in the site's name.
const SCRIPTLESS: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Which bytes go to the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Send {
    /// None: HEAD, 304, 204.
    Nothing,
    /// [`Answer::result`].
    Result,
    /// The body of the object that was just loaded, streamed; [`Answer::range`] of it where there is one.
    Object,
}

/// Bytes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ByteRange {
    /// The first byte's place.
    pub first: u64,
    /// How many; at least 1.
    pub length: u64,
}

/// What to put in the derived store; the bytes are [`Answer::result`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Put {
    /// The object's name.
    pub key: String,
    /// Its media type.
    pub content_type: String,
    /// Its `Cache-Control`.
    pub cache_control: String,
    /// Its metadata: `source-etag`.
    pub metadata: std::collections::BTreeMap<String, String>,
    /// Small objects to be put in the derived store before the image or beside it. An image without them is served, and found by no purge
    /// but one that looks at everything.
    pub index: Vec<IndexEntry>,
}

/// What to answer.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Which bytes go to the viewer.
    pub send: Send,
    /// With [`Send::Object`]: which part of the body to send; `None` for all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<ByteRange>,
    /// To be stored, whatever is sent.
    pub put: Option<Put>,
    /// The bytes made here: an image, or an error's body.
    #[serde(skip)]
    pub result: Vec<u8>,
}

impl Answer {
    /// An answer without body, with the headers that all answers have.
    pub fn new(status: u16, config: &Config) -> Self {
        let mut headers = vec![("x-content-type-options".into(), "nosniff".to_owned())];
        if let Some(origin) = &config.cors {
            headers.push(("access-control-allow-origin".into(), origin.clone()));
            headers.push(("timing-allow-origin".into(), origin.clone()));
        }
        if config.settings.asks_for_hints() {
            headers.push(("accept-ch".into(), crate::head::HINTS.to_owned()));
        }
        Self { status, headers, send: Send::Nothing, range: None, put: None, result: Vec::new() }
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a header in place of those of its name.
    pub(crate) fn replacing(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.headers.retain(|header| header.0 != name);
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a header if there is a value.
    pub fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds the media type, and a policy that lets no script run unless the type is known to have none.
    pub fn with_type(self, content_type: &str) -> Self {
        let answer = self.with("content-type", content_type);
        if is_scriptless(content_type) { answer } else { answer.with("content-security-policy", SCRIPTLESS) }
    }

    /// Sends bytes made here, or for HEAD only their length.
    pub fn sending(self, result: Vec<u8>, is_head: bool) -> Self {
        let mut answer = self.with("content-length", result.len().to_string());
        answer.result = result;
        answer.send = if is_head { Send::Nothing } else { Send::Result };
        answer
    }

    /// A preflight's answer.
    pub fn preflight(config: &Config) -> Self {
        let answer = Self::new(204, config).with("allow", "GET, HEAD, OPTIONS");
        if config.cors.is_none() {
            return answer;
        }
        answer
            .with("access-control-allow-methods", "GET, HEAD, OPTIONS")
            .with("access-control-allow-headers", "*")
            .with("access-control-max-age", "86400")
    }

    /// The answer when the object that was to be passed through cannot be read after all.
    pub fn failure(failure: Failure, config: &Config) -> Self {
        Self::error(&HttpError::from(failure), config, false)
    }

    /// An error's answer.
    pub(crate) fn error(error: &HttpError, config: &Config, is_head: bool) -> Self {
        let cache = match error.status {
            404 => config.cache_control.not_found.as_str(),
            status if status >= 500 => "no-store",
            _ => config.cache_control.error.as_str(),
        };
        let answer =
            Self::new(error.status, config).with("content-type", "application/json").with("cache-control", cache);
        let answer = if error.status == 405 { answer.with("allow", "GET, HEAD, OPTIONS") } else { answer };
        let answer = if error.is_transient() { answer.with("retry-after", "2") } else { answer };
        answer.sending(error.body(), is_head)
    }
}
