//! The sections of `deckle.json` that only a host reads, as types: for the JSON Schema, and for whoever checks a whole file. Each host
//! reads its own section itself.

// what counts is whether a file can be read as these
#![expect(dead_code)]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::ConfigError;

/// The sections of all hosts.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Hosts {
    /// The CloudFront Function.
    cloudfront: Option<CloudFront>,
    /// Lambda.
    aws: Option<Aws>,
    /// The Cloudflare Worker.
    worker: Option<Worker>,
}

/// The CloudFront Function.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct CloudFront {
    /// The id of the origin with originals, where it is not the behaviour's own.
    source_origin_id: Option<String>,
    /// With it, requests have to be signed.
    signing: Option<Signing>,
}

/// Signed requests.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Signing {
    /// Secrets of 16 bytes or more by key id; without them they are in the function's KeyValueStore.
    keys: Option<BTreeMap<String, String>>,
}

/// Lambda.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Aws {
    /// Where originals are.
    source: Option<Bucket>,
    /// Where derived images are kept.
    derived: Option<Bucket>,
    /// Other buckets that requests may name, by that name.
    buckets: Option<BTreeMap<String, NamedBucket>>,
    /// HTTP servers with sources: a prefix of keys that ends in `/`, and the base URL that takes its place.
    origins: Option<BTreeMap<String, HttpOrigin>>,
    /// The deployment's name, by which its metrics are told apart.
    stack: Option<String>,
    /// Whether the role may list the source buckets.
    can_list: Option<bool>,
    /// Whether the path of an original is served by something other than the function.
    originals: Option<bool>,
    /// To reach S3, in milliseconds.
    connect_timeout_ms: Option<u32>,
    /// For one object, from the request to its last byte.
    load_timeout_ms: Option<u32>,
    /// For one put.
    store_timeout_ms: Option<u32>,
    /// Where Rekognition is asked; by default in the region of the source.
    detector_region: Option<String>,
    /// For one look at a picture.
    detect_timeout_ms: Option<u32>,
    /// Linear memory beyond which an idle instance of the wasm is replaced.
    instance_max_bytes: Option<u64>,
}

/// A bucket of S3.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Bucket {
    /// Its name.
    bucket: String,
    /// Its region.
    region: String,
    /// A folder in it.
    #[serde(default)]
    prefix: Option<String>,
}

/// A bucket of S3, by default in the region of the source.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NamedBucket {
    /// Its name.
    bucket: String,
    /// Its region.
    #[serde(default)]
    region: Option<String>,
    /// A folder in it.
    #[serde(default)]
    prefix: Option<String>,
}

/// A base URL, or one with headers that are sent.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum HttpOrigin {
    Url(String),
    WithHeaders(HttpOriginMembers),
}

/// An HTTP server.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HttpOriginMembers {
    /// Its base URL.
    url: String,
    /// Headers that are sent to it.
    #[serde(default)]
    headers: Option<BTreeMap<String, String>>,
}

/// The Cloudflare Worker.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Worker {
    /// HTTP servers with sources: a prefix of keys that ends in `/`, and the base URL that takes its place.
    origins: Option<BTreeMap<String, String>>,
    /// The bindings of buckets that requests may name, by that name.
    buckets: Option<BTreeMap<String, String>>,
    /// How long a source may take to its last byte, in milliseconds: 10,000.
    origin_timeout: Option<u32>,
    /// How long a request waits for room before it is a 503, in milliseconds: 20,000.
    queue_timeout: Option<u32>,
    /// Whether requests have to be signed, with the keys of the secret `SIGNING_KEYS`.
    signing: Option<bool>,
    /// Whether answers say how much memory the isolate holds.
    diagnostics: Option<bool>,
}

/// Checks the sections of all hosts in a `deckle.json`: which members there are, and their types.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn check(text: &str) -> Result<(), ConfigError> {
    serde_json::from_str::<Hosts>(text).map(|_| ()).map_err(|error| ConfigError::json(&error))
}
