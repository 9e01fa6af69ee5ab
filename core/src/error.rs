//! What can be wrong with an image or with what is asked of it. Never our own fault, never a panic.

use std::fmt;

/// Why an image was not transformed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not an image of a format we read.
    NotAnImage,
    /// The bytes are an image of a format that is known and not read.
    Unread {
        /// Its name, as `HEIC`.
        format: &'static str,
    },
    /// The format is known, this variety of it is not handled.
    Unsupported {
        /// Which, as `12-bit JPEG`.
        what: String,
    },
    /// The image's data contradict themselves or end too early to show anything.
    Corrupt {
        /// The decoder's words.
        reason: String,
    },
    /// A limit would be passed.
    Limit {
        /// Which, as `source pixels`.
        what: &'static str,
        /// What this image or plan needs.
        needed: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The edits make no sense for this image.
    Edit {
        /// The edit's name.
        name: &'static str,
        /// What is wrong with it here.
        reason: String,
    },
}

impl Error {
    /// The same of a picture that is to be laid on another.
    #[cold]
    #[must_use]
    pub fn of_overlay(self) -> Self {
        match self {
            Self::Limit { .. } => self,
            other => Self::Edit { name: "overlay", reason: format!("cannot be used: {other}") },
        }
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnImage => "not_an_image",
            Self::Unread { .. } => "unsupported_format",
            Self::Unsupported { .. } => "unsupported_image",
            Self::Corrupt { .. } => "corrupt_image",
            Self::Limit { .. } => "limit_exceeded",
            Self::Edit { .. } => "impossible_edit",
        }
    }
}

/// The image contradicts itself or ends too early.
#[cold]
pub(crate) fn corrupt(reason: impl Into<String>) -> Error {
    Error::Corrupt { reason: reason.into() }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnImage => f.write_str("the source is not an image of a supported format"),
            Self::Unread { format } => write!(f, "the source is {format}, which is not read"),
            Self::Unsupported { what } => write!(f, "{what} is not supported"),
            Self::Corrupt { reason } => write!(f, "the source image is damaged: {reason}"),
            Self::Limit { what, needed, limit } => write!(f, "{what}: {needed} is over the limit of {limit}"),
            Self::Edit { name, reason } => write!(f, "{name} {reason}"),
        }
    }
}

impl std::error::Error for Error {}
