//! Errors as HTTP: the one place that maps them to a status and a body.

use deckle::Error;
use deckle::request::{Refusal, RequestError};
use serde_json::Value;

use crate::detection::Detect;
use crate::object::Failure;

/// What an error is about that has to do with what a detector sees; a face that is asked for and not there is about `face`.
pub const FACE: &str = "smart-crop";
pub const MODERATION: &str = "moderation";

/// An error on its way to the viewer.
#[derive(Clone, Debug)]
pub struct HttpError {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub parameter: Option<&'static str>,
}

impl HttpError {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), parameter: None }
    }

    pub fn not_found() -> Self {
        Self::new(404, "not_found", "there is no such image")
    }

    /// A part that is laid on the source is not there.
    pub fn overlay_not_found(key: &str) -> Self {
        Self { parameter: Some("overlay"), ..Self::new(404, "not_found", format!("there is no such overlay: {key}")) }
    }

    /// As many images were made of the source as the configuration allows.
    pub fn too_many_variants(most: u32) -> Self {
        Self::new(403, "too_many_variants", format!("{most} images of this source are stored, and no more may be"))
    }

    pub fn method() -> Self {
        Self::new(405, "method_not_allowed", "expected GET, HEAD or OPTIONS")
    }

    /// Nothing can tell what is in the picture, so that it is not shown.
    pub fn undetected(what: Detect) -> Self {
        let (parameter, message) = match what {
            Detect::Faces => (FACE, "nothing can look for faces in this image"),
            Detect::Labels => (MODERATION, "this image cannot be looked at, and what was not looked at is not shown"),
        };
        Self { parameter: Some(parameter), ..Self::new(422, "impossible_edit", message) }
    }

    /// What looks at pictures failed.
    pub fn detector(what: Detect, failure: Failure) -> Self {
        let parameter = Self::undetected(what).parameter;
        match failure {
            Failure::Busy => Self::from(failure),
            Failure::Timeout => {
                Self { parameter, ..Self::new(504, "detector_timeout", "the detector did not answer in time") }
            }
            Failure::Unavailable => {
                Self { parameter, ..Self::new(502, "detector_unavailable", "the detector answered with an error") }
            }
        }
    }

    /// The host called what the current step did not ask for.
    pub fn protocol() -> Self {
        Self::new(500, "internal", "the host broke the exchange's protocol")
    }

    /// `{"status","code","message"}`, with the parameter where one is at fault.
    pub fn body(&self) -> Vec<u8> {
        let text = |text: &str| Value::from(text).to_string();
        let parameter = self.parameter.map_or_else(String::new, |name| format!(r#","parameter":{}"#, text(name)));
        let (status, code, message) = (self.status, text(self.code), text(&self.message));
        format!(r#"{{"status":{status},"code":{code}{parameter},"message":{message}}}"#).into_bytes()
    }

    /// Whether the same request may well succeed in a moment.
    pub fn is_transient(&self) -> bool {
        self.status >= 500
    }
}

impl From<&RequestError> for HttpError {
    fn from(error: &RequestError) -> Self {
        let status = match error {
            RequestError::Dialect { kind: Refusal::Forbidden, .. } => 403,
            _ => 400,
        };
        Self { parameter: error.name(), ..Self::new(status, error.code(), error.to_string()) }
    }
}

impl From<&Error> for HttpError {
    fn from(error: &Error) -> Self {
        let status = match error {
            Error::Limit { .. } => 413,
            Error::Unread { .. } => 415,
            _ => 422,
        };
        let parameter = match error {
            Error::Edit { name, .. } => Some(*name),
            _ => None,
        };
        Self { parameter, ..Self::new(status, error.code(), error.to_string()) }
    }
}

impl From<Failure> for HttpError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Timeout => Self::new(504, "source_timeout", "the image's store did not answer in time"),
            Failure::Busy => Self::new(503, "busy", "too many images are being made; try again"),
            Failure::Unavailable => Self::new(502, "source_unavailable", "the image's store answered with an error"),
        }
    }
}
