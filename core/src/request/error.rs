//! What can be wrong with a request.

use std::fmt;

use crate::image::FORMATS;

/// The kind of a refusal in another dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The request cannot be understood or carried out.
    Bad,
    /// It is understood and not allowed.
    Forbidden,
}

/// A request that cannot be understood. Always the client's mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A known parameter with a bad value.
    Parameter {
        /// The parameter's full name.
        name: &'static str,
        /// The value, made safe to show.
        value: String,
        /// What would have been accepted.
        expected: String,
    },
    /// `width` or `height` is out of range once `dpr` is multiplied in.
    Product {
        /// `width` or `height`.
        name: &'static str,
        /// The product.
        value: u64,
        /// What would have been accepted.
        expected: String,
    },
    /// A refusal of another dialect, in its words.
    Dialect {
        /// What kind of refusal it is.
        kind: Refusal,
        /// Stable, for programs.
        code: &'static str,
        /// For people.
        message: String,
    },
    /// The source key is not one we would ever store.
    Key {
        /// What it is.
        reason: &'static str,
    },
}

impl RequestError {
    /// A parameter's error; the value is cut to 40 characters and anything unusual in it shown as `?`.
    #[cold]
    #[inline(never)]
    pub(crate) fn parameter(name: &'static str, value: &str, expected: String) -> Self {
        let is_read_only = name == "format" && FORMATS.iter().any(|row| !row.is_written && row.word.0 == value);
        let expected = if is_read_only { format!("{expected}: {value} is read, and not written") } else { expected };
        let shown = |c: char| if c.is_ascii_alphanumeric() || "._~,#-".contains(c) { c } else { '?' };
        Self::Parameter { name, value: value.chars().take(40).map(shown).collect(), expected }
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Parameter { .. } | Self::Product { .. } => "invalid_parameter",
            Self::Key { .. } => "invalid_key",
            Self::Dialect { code, .. } => code,
        }
    }

    /// The parameter at fault, if one is.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Parameter { name, .. } | Self::Product { name, .. } => Some(name),
            Self::Key { .. } | Self::Dialect { .. } => None,
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { name, value, expected } => write!(f, "{name} is {value}; expected {expected}"),
            Self::Product { name, value, expected } => write!(f, "{name} times dpr is {value}; expected {expected}"),
            Self::Key { reason } => write!(f, "key is {reason}"),
            Self::Dialect { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for RequestError {}
