//! Presets for sizes that social networks, messengers and browsers ask for: `readyPresets` of the configuration takes them by name
//! or by group. Networks change their sizes and say little of them, so each names the page that it was read on, on 28 November 2026.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// A preset of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// Its name for `dimensions=`.
    pub name: &'static str,
    /// The group that it is taken with.
    pub group: &'static str,
    /// What it stands for.
    pub query: &'static str,
    /// Where the size is said.
    pub source: &'static str,
}

const X: &str = "https://image-compressor.uk/twitter-image-sizes";
const CARD: &str = "https://ogpix-pi.vercel.app/blog/twitter-card-image-guide";
const FACEBOOK: &str = "https://www.joomlashack.com/docs/shack-open-graph/facebook-image-requirements/";
const NETWORKS: &str = "https://tinker-tools.com/image-tools/social-image-sizes";
const SIZES: &str = "https://freetoolkit.io/blog/social-media-image-sizes-2025";
const PINS: &str = "http://www.linkshed.net/socialsizes.php";
const MESSENGERS: &str = "https://www.techcompare.app/open-graph-viewer/whatsapp-link-previews";
const ICONS: &str = "https://ux.visma.com/weblibrary/latest/development/documentation/docs/favicons.php";
const OLD_ICONS: &str = "https://advanced-site-checker.com/blog/all_what_you_need_to_know_about_favicons";

/// The catalogue, by groups.
#[rustfmt::skip]
pub const READY: &[Ready] = &[
    Ready { name: "open-graph", group: "social", query: "width=1200&height=630&fit=cover", source: FACEBOOK },
    Ready { name: "twitter-card", group: "social", query: "width=1200&height=628&fit=cover", source: CARD },
    Ready { name: "twitter-post", group: "social", query: "width=1600&height=900&fit=cover", source: X },
    Ready { name: "twitter-header", group: "social", query: "width=1500&height=500&fit=cover", source: X },
    Ready { name: "facebook-cover", group: "social", query: "width=820&height=312&fit=cover", source: NETWORKS },
    Ready { name: "linkedin-post", group: "social", query: "width=1200&height=627&fit=cover", source: SIZES },
    Ready { name: "linkedin-cover", group: "social", query: "width=1584&height=396&fit=cover", source: SIZES },
    Ready { name: "instagram-square", group: "social", query: "width=1080&height=1080&fit=cover", source: NETWORKS },
    Ready { name: "instagram-portrait", group: "social", query: "width=1080&height=1350&fit=cover", source: NETWORKS },
    Ready { name: "instagram-landscape", group: "social", query: "width=1080&height=566&fit=cover", source: NETWORKS },
    Ready { name: "instagram-story", group: "social", query: "width=1080&height=1920&fit=cover", source: NETWORKS },
    Ready { name: "youtube-thumbnail", group: "social", query: "width=1280&height=720&fit=cover", source: NETWORKS },
    Ready { name: "youtube-banner", group: "social", query: "width=2560&height=1440&fit=cover", source: NETWORKS },
    Ready { name: "pinterest-pin", group: "social", query: "width=1000&height=1500&fit=cover", source: PINS },
    // an image of more bytes is not shown at all
    Ready { name: "whatsapp", group: "social", query: "width=1200&height=630&fit=cover&format=jpeg&max-bytes=300000", source: MESSENGERS },
    Ready { name: "favicon-16", group: "icons", query: "width=16&height=16&fit=cover&format=png", source: OLD_ICONS },
    Ready { name: "favicon-32", group: "icons", query: "width=32&height=32&fit=cover&format=png", source: ICONS },
    Ready { name: "favicon-48", group: "icons", query: "width=48&height=48&fit=cover&format=png", source: OLD_ICONS },
    Ready { name: "apple-touch-icon", group: "icons", query: "width=180&height=180&fit=cover&format=png", source: ICONS },
    Ready { name: "favicon-192", group: "icons", query: "width=192&height=192&fit=cover&format=png", source: ICONS },
    Ready { name: "favicon-512", group: "icons", query: "width=512&height=512&fit=cover&format=png", source: ICONS },
];

/// The presets of these names and groups, as the configuration writes them.
pub(super) fn chosen(names: &[String]) -> Result<BTreeMap<String, String>, String> {
    let mut chosen = BTreeMap::new();
    for name in names {
        let mut named = READY.iter().filter(|ready| ready.name == name || ready.group == name).peekable();
        if named.peek().is_none() {
            return Err(format!("{name} is neither a preset nor a group of the catalogue"));
        }
        chosen.extend(named.map(|ready| (ready.name.to_owned(), ready.query.to_owned())));
    }
    Ok(chosen)
}

/// The catalogue as JSON, which the CloudFront Function's build reads.
pub fn to_json() -> Json {
    let entries = READY
        .iter()
        .map(|ready| json!({ "name": ready.name, "group": ready.group, "query": ready.query, "source": ready.source }));
    Json::Array(entries.collect())
}
