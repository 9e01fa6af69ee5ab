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

/// The client hints that are looked at.
pub const HINTS: &str = "sec-ch-width, sec-ch-viewport-width, sec-ch-dpr";

impl Head {
    /// A header's value by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// How wide the viewer shows the image, by its client hints: in physical pixels, or its whole window's.
    pub fn width(&self) -> Option<u32> {
        let hint = |name| self.header(name).filter(|text| is_number(text)).and_then(|text| text.parse::<f64>().ok());
        let positive = |name| hint(name).filter(|value| *value > 0.0);
        let of_window = || Some(positive("sec-ch-viewport-width")? * positive("sec-ch-dpr").unwrap_or(1.0));
        let width = positive("sec-ch-width").or_else(of_window)?.round();
        (width >= 1.0).then_some(width as u32)
    }

    /// The kind of device by the CDN's headers.
    pub fn device(&self) -> Option<Device> {
        DEVICES.iter().find(|(name, _)| self.header(name) == Some("true")).map(|d| d.1)
    }
}

/// `[0-9]{1,9}(\.[0-9]{1,4})?`, as the CloudFront Function reads it.
fn is_number(text: &str) -> bool {
    let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, places)) => digits(whole, 9) && digits(places, 4),
        None => digits(text, 9),
    }
}
