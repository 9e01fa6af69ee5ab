//! What a store says of an object, before its body.

use serde::Deserialize;

/// An object's head.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Object {
    /// With its quotes.
    pub etag: Option<String>,
    /// As stored.
    pub content_type: Option<String>,
    /// In bytes.
    pub size: Option<u64>,
    /// An HTTP date.
    pub last_modified: Option<String>,
    /// As stored.
    pub cache_control: Option<String>,
    /// Whether the host can read a part of the body.
    pub ranges: bool,
    /// The object's own metadata. Of a derived object: `source-etag`, the versions of its parts, and `made-by`.
    pub metadata: std::collections::BTreeMap<String, String>,
}

/// Why a store did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It took too long.
    Timeout,
    /// It answered with an error of its own, or not at all.
    Unavailable,
    /// The store is well and the host is not: it has no room for another transformation.
    Busy,
}
