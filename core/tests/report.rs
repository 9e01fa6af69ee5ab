//! Facts and placeholders in place of an image.
#![allow(clippy::unwrap_used)]

mod common;

use common::{constant, jpeg, png, run};
use deckle::edit::{Crop, Edits, Report};
use deckle::image::{Pixels, Size};
use deckle::request::{Request, Settings, Viewer};
use deckle::{Error, Image, Limits, make};

fn asked(report: Report) -> Edits {
    Edits { report: Some(report), ..Edits::default() }
}

fn text(source: &[u8], edits: &Edits) -> String {
    String::from_utf8(run(source, edits).unwrap().bytes).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Red, but for a third of blue at the right.
fn two_colours() -> Vec<u8> {
    let size = Size { width: 300, height: 90 };
    let data = (0..size.pixels()).flat_map(|at| if at % 300 < 200 { [200, 0, 0] } else { [0, 0, 100] }).collect();
    png(&Pixels { size, channels: 3, data })
}

#[test]
fn json_tells_what_the_header_does_and_what_would_be_made() {
    let source = fixture("display-p3.jpg");
    let json: serde_json::Value =
        serde_json::from_str(&text(&source, &Edits { width: Some(50), ..asked(Report::Json) })).unwrap();
    let image = Image::open(&source).unwrap();
    let upright = image.info().orientation.apply(image.info().size);
    assert_eq!(json["source"]["format"], "jpeg");
    assert_eq!(json["source"]["bytes"], source.len());
    assert_eq!(json["source"]["width"], upright.width);
    assert_eq!(json["source"]["alpha"], false);
    assert_eq!(json["source"]["contentCredentials"], false);
    assert!(json["source"]["profile"].as_str().unwrap().contains("P3"), "{json}");
    assert_eq!((&json["result"]["width"], &json["result"]["format"]), (&50.into(), &"jpeg".into()));
    assert!(json["result"]["memoryBytes"].as_u64().unwrap() > 0);
}

#[test]
fn colours_are_those_of_the_picture_that_was_asked_for() {
    let source = two_colours();
    assert_eq!(text(&source, &asked(Report::AvgColor)), "#850021");
    let blue = Edits { crop: Some(Crop::pixels(210, 0, 80, 90)), ..asked(Report::AvgColor) };
    assert_eq!(text(&source, &blue), "#000064");
    let json: serde_json::Value = serde_json::from_str(&text(&source, &asked(Report::Json))).unwrap();
    assert_eq!(json["colour"]["dominant"], "#c80808");
}

#[test]
fn transparent_pixels_have_no_say_in_colours() {
    let size = Size { width: 40, height: 40 };
    let data = (0..1600).flat_map(|at| if at % 40 < 20 { [10, 20, 30, 255] } else { [250, 250, 250, 0] }).collect();
    let source = png(&Pixels { size, channels: 4, data });
    assert_eq!(text(&source, &asked(Report::AvgColor)), "#0a141e80");
}

#[test]
fn hashes_decode_to_the_picture_s_mean_colour() {
    let source = png(&constant(64, 48, &[90, 160, 30]));
    let hash = text(&source, &asked(Report::BlurHash));
    // its cosines do not cancel out over whole pixels, so a plain picture is a little uneven
    let pixels = blurhash::decode(&hash, 4, 4, 1.0).unwrap();
    assert!(pixels.chunks(4).all(|p| p[0].abs_diff(90) < 12 && p[1].abs_diff(160) < 12 && p[2].abs_diff(30) < 12));
    let hash = data_encoding::BASE64.decode(text(&source, &asked(Report::ThumbHash)).as_bytes()).unwrap();
    let (width, height, pixels) = thumbhash::thumb_hash_to_rgba(&hash).unwrap();
    assert!(width > height);
    assert!(pixels.chunks(4).all(|p| p[0].abs_diff(90) < 9 && p[1].abs_diff(160) < 9 && p[2].abs_diff(30) < 9));
}

#[test]
fn a_report_is_in_the_canonical_path_without_what_only_encoders_are_told() {
    let path = |query: &str| Request::parse("/x.jpg", query, &Viewer::default(), &Settings::default()).unwrap().path();
    assert_eq!(path("format=json&width=40"), "/40w/format-json/x.jpg");
    assert_eq!(path("fm=thumbhash&quality=3&lossless&metadata=all"), "/default/format-thumbhash/x.jpg");
    let again = Request::parse_canonical("/40w/format-blurhash/x.jpg").unwrap();
    assert_eq!((again.edits.report, again.edits.format), (Some(Report::BlurHash), None));
}

#[test]
fn a_damaged_or_foreign_file_is_an_error_and_limits_hold() {
    let source = jpeg(&common::picture(640, 480, 3), 80, true, false, None);
    for report in [Report::Json, Report::ThumbHash, Report::BlurHash, Report::AvgColor] {
        assert!(matches!(run(b"no image at all", &asked(report)), Err(Error::NotAnImage)));
        let image = Image::open(&source).unwrap();
        let limits = Limits { memory_bytes: 20_000, ..Limits::default() };
        assert!(matches!(make(&image, &asked(report), &limits, &mut |_| ()), Err(Error::Limit { .. })));
        // the smallest picture there is
        assert!(!text(&png(&constant(1, 1, &[1, 2, 3])), &asked(report)).is_empty());
    }
}
