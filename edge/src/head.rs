//! The parts of a request's head that the edge reads.

use deckle::edit::Device;
use serde::Deserialize;

/// Method, URL and headers of a request.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Head {
    /// `GET`, `HEAD`, `OPTIONS`; anything else is answered with 405.
    pub method: String,
    /// Percent-encoded as sent, with its leading `/`.
    pub path: String,
    /// As sent, without `?`; empty when there is no query.
    #[serde(default)]
    pub query: String,
    /// By lower-case name.
    #[serde(default)]
    pub headers: std::collections::BTreeMap<String, String>,
    /// When it came, in seconds since 1970; without it, requests with an end have ended.
    #[serde(default)]
    pub seconds: Option<u64>,
}

// a tablet is said to be mobile, too
const DEVICES: &[(&str, Device)] = &[
    ("cloudfront-is-tablet-viewer", Device::Tablet),
    ("cloudfront-is-mobile-viewer", Device::Mobile),
    ("cloudfront-is-desktop-viewer", Device::Desktop),
];

impl Head {
    /// A header's value by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The kind of device by the CDN's headers.
    pub fn device(&self) -> Option<Device> {
        DEVICES.iter().find(|(name, _)| self.header(name) == Some("true")).map(|d| d.1)
    }
}
