//! Which variants may be asked for, where the configuration says so.
#![allow(clippy::unwrap_used)]

use deckle::edit::Edits;
use deckle::op::Operation;
use deckle::request::{Request, Settings, SettingsSource, Variants, Viewer};
use serde_json::{Value as Json, json};

struct Site {
    settings: Settings,
    variants: Variants,
}

impl Site {
    fn try_new(variants: Json, settings: Json) -> Result<Self, String> {
        let source: SettingsSource = serde_json::from_value(settings).unwrap();
        let settings = Settings::new(&source).unwrap();
        let variants = Variants::new(&serde_json::from_value(variants).unwrap(), &settings);
        Ok(Self { variants: variants.map_err(|error| error.to_string())?, settings })
    }

    fn new(variants: Json, settings: Json) -> Self {
        Self::try_new(variants, settings).unwrap()
    }

    /// The refusal of `/x.jpg` with this query; it is the same for its canonical path.
    fn refusal(&self, query: &str) -> Option<String> {
        let request = Request::parse("/x.jpg", query, &Viewer::default(), &self.settings).unwrap();
        let canonical = Request::parse_canonical(&request.path()).unwrap();
        let refusal = |request: &Request| self.variants.check(&request.edits).err().map(|error| error.to_string());
        assert_eq!(refusal(&request), refusal(&canonical), "{query}");
        refusal(&request)
    }

    fn check(&self, allowed: &[&str], refused: &[&str]) {
        for query in allowed {
            assert_eq!(self.refusal(query), None, "{query}");
        }
        for query in refused {
            assert!(self.refusal(query).is_some(), "{query}");
        }
    }
}

#[test]
fn edits_that_are_not_listed_are_refused_and_values_too() {
    let site = Site::new(json!({ "width": [200, 400], "style": ["bw"], "flip": [true], "quality": "any" }), json!({}));
    site.check(
        &["", "width=200", "width=400&style=bw&flip", "quality=33", "quality=80&width=200", "width=200&fit=cover"],
        &["width=201", "height=200", "style=sepia", "crop=1,2,3,4", "flop", "width=200&flop", "position=top"],
    );
    let message = "width is 201; expected one of the configuration's: 200, 400";
    assert_eq!(site.refusal("width=201").as_deref(), Some(message));
    assert_eq!(site.refusal("flop").as_deref(), Some("flop is 1; expected no flop from the configuration"));
}

#[test]
fn an_empty_list_leaves_presets_and_originals() {
    let presets = json!({ "presets": { "card": "width=600&height=400&fit=cover", "bw": "style=bw" } });
    let site = Site::new(json!({}), presets.clone());
    site.check(
        &["", "dimensions=card", "width=600&height=400&fit=cover", "preset=bw"],
        &[
            "dimensions=card&position=top",
            "dimensions=card&width=601",
            "dimensions=card&dpr=2",
            "style=sepia",
            "width=600",
        ],
    );
    let site = Site::new(json!({ "position": ["top"], "format": ["webp"], "dpr": [2, 0.5] }), presets);
    site.check(
        &["dimensions=card&position=top&format=webp", "dimensions=card&dpr=2", "preset=card&dpr=0.5&f=webp", "f=webp"],
        &["dimensions=card&format=png", "dimensions=card&dpr=3", "position=top&style=sepia"],
    );
}

#[test]
fn ratios_and_devices_count_for_listed_sides() {
    let settings = json!({ "devices": { "mobile": 480 }, "presets": { "card": "width=600&height=400&fit=cover" } });
    let site = Site::new(json!({ "width": [200, 600], "height": [300], "dpr": [1.5] }), settings);
    site.check(
        &["width=300", "width=200&dpr=1.5", "height=450", "device=mobile", "width=600&height=300&device=mobile"],
        &["width=200&dpr=2", "width=481", "height=301"],
    );
    site.check(&["dimensions=card&device=mobile", "dimensions=card&device=mobile&dpr=1.5"], &["height=320"]);
}

#[test]
fn formats_of_the_configuration_need_no_list() {
    let auto = Site::new(json!({ "width": [9] }), json!({ "format": "auto", "autoFormats": ["webp", "png"] }));
    auto.check(&["width=9&format=webp", "format=png"], &["format=gif"]);
    let listed = Site::new(json!({ "format": ["auto", "gif"] }), json!({}));
    listed.check(&["format=webp", "format=gif"], &["format=png"]);
}

#[test]
fn a_listed_style_of_the_configuration_brings_its_edits() {
    let site = Site::new(json!({ "style": ["faded"] }), json!({ "styles": { "faded": "style=sepia&quality=60" } }));
    site.check(&["style=faded", "quality=60"], &["style=bw", "quality=61"]);
}

#[test]
fn operations_that_no_row_tells_are_refused() {
    let site = Site::new(json!({ "style": ["bw", "sepia"] }), json!({}));
    let edits = Edits { operations: vec![Operation::Sepia, Operation::Greyscale], ..Edits::default() };
    assert_eq!(site.variants.check(&edits).unwrap_err().name(), Some("ops"));
}

#[test]
fn lists_are_checked_and_the_mistake_is_named() {
    for (variants, message) in [
        (json!({ "w": [1] }), "variants.w: is not the full name of an edit that a path can hold, or dpr"),
        (
            json!({ "dimensions": ["card"] }),
            "variants.dimensions: is not the full name of an edit that a path can hold, or dpr",
        ),
        (json!({ "width": 400 }), "variants.width: is not a list of values, 100 at most"),
        (json!({ "dpr": "any" }), "variants.dpr: is not a list of values, 100 at most"),
        (json!({ "width": (1..=101).collect::<Vec<_>>() }), "variants.width: is not a list of values, 100 at most"),
        (
            json!({ "dpr": (10..=20).map(|ratio| f64::from(ratio) / 10.0).collect::<Vec<_>>() }),
            "variants.dpr: is not a list of values, 10 at most",
        ),
        (json!({ "width": [0] }), "variants.width: holds 0; expected an integer from 1 to 8192"),
        (json!({ "flip": ["maybe"] }), "variants.flip: holds maybe; expected true or false"),
    ] {
        assert_eq!(Site::try_new(variants, json!({})).err().as_deref(), Some(message));
    }
}
