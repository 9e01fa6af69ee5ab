//! Edits of AWS's dialect that depend on what somebody else sees in the parts: `smartCrop` and `contentModeration`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Cursor;
use std::sync::Arc;

use deckle_edge::{Answer, Config, Detect, Detected, Exchange, Failure, Head, Object, Start, Step};
use image::{ImageFormat, ImageReader, Rgb, RgbImage};

/// 400 × 300: red, but for a green part of 100 × 75 from 200, 150 on.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| {
        let is_face = (width / 2..width * 3 / 4).contains(&x) && (height / 2..height * 3 / 4).contains(&y);
        Rgb(if is_face { [0, 200, 0] } else { [200, 0, 0] })
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

const FACE: &str =
    r#"{"faces":[{"left":0.1,"top":0.1,"width":0.1,"height":0.1},{"left":0.5,"top":0.5,"width":0.25,"height":0.25}]}"#;
const NOTHING: &str = r#"{"labels":[]}"#;
const DRINK: &str = r#"{"labels":[{"name":"Alcohol","confidence":91.5}]}"#;

/// How a detector answers.
enum Says<'a> {
    Seen(&'a str),
    Cannot,
    Fails(Failure),
}

struct Asked {
    answer: Answer,
    /// What was asked of the detector, and of which picture.
    looks: Vec<(Detect, Option<f64>, Vec<u8>)>,
    derived: Option<String>,
}

fn ask_with(
    config: &str,
    edits: &str,
    bytes: &[u8],
    content_type: &str,
    says: &mut dyn FnMut(usize) -> Says<'static>,
) -> Asked {
    let json = format!(r#"{{"bucket":"photos","key":"a.png","edits":{edits}}}"#);
    let head = Head {
        method: "GET".into(),
        path: format!("/{}", data_encoding::BASE64.encode(json.as_bytes())),
        ..Head::default()
    };
    run(&head, Start::Viewer, config, bytes, content_type, says)
}

fn run(
    head: &Head,
    start: Start,
    config: &str,
    bytes: &[u8],
    content_type: &str,
    says: &mut dyn FnMut(usize) -> Says<'static>,
) -> Asked {
    let mut exchange = Exchange::begin(head, start, Arc::new(Config::from_json(config).unwrap()), 0.0);
    let mut looks = Vec::new();
    let mut derived = None;
    loop {
        match exchange.step().clone() {
            Step::List { .. } => exchange.listed(&[], 0.0),
            Step::Load { store: deckle_edge::Store::Derived, key, .. } => {
                derived = Some(key);
                exchange.missing(0.0);
            }
            Step::Load { .. } => exchange.found(Object {
                etag: Some("\"1\"".into()),
                size: Some(bytes.len() as u64),
                content_type: Some(content_type.into()),
                ..Object::default()
            }),
            Step::Read { .. } => exchange.body(bytes.to_vec(), &|| 0.0),
            Step::Detect { what, least } => {
                looks.push((what, least, exchange.take()));
                match says(looks.len() - 1) {
                    Says::Seen(json) => {
                        let seen: Detected = serde_json::from_str(json).unwrap();
                        exchange.detected(&seen, &|| 0.0);
                    }
                    Says::Cannot => exchange.missing(0.0),
                    Says::Fails(failure) => exchange.failed(failure, 0.0),
                }
            }
            Step::Answer(_) => break,
        }
    }
    Asked { answer: exchange.into_answer().unwrap(), looks, derived }
}

const WITH: &str =
    r#"{"dialects":["sih","thumbor","native"],"sih":{"sourceBuckets":["photos"],"detector":"rekognition"}}"#;
const WITHOUT: &str = r#"{"dialects":["sih","thumbor","native"],"sih":{"sourceBuckets":["photos"]}}"#;

fn ask(edits: &str, seen: &'static str) -> Asked {
    ask_with(WITH, edits, &photo(400, 300), "image/png", &mut |_| Says::Seen(seen))
}

fn pixels(bytes: &[u8]) -> RgbImage {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().decode().unwrap().to_rgb8()
}

/// Status and code of an error.
fn error(asked: &Asked) -> (u16, String) {
    let body: serde_json::Value = serde_json::from_slice(&asked.answer.result).unwrap();
    (asked.answer.status, body["code"].as_str().unwrap().to_owned())
}

#[test]
fn a_face_is_cut_out_of_the_source_which_is_sent_as_it_is() {
    let asked = ask(r#"{"smartCrop":{"faceIndex":1}}"#, FACE);
    let [(what, None, picture)] = asked.looks.as_slice() else { panic!("one look") };
    assert_eq!((*what, picture.as_slice()), (Detect::Faces, photo(400, 300).as_slice()));
    let image = pixels(&asked.answer.result);
    assert_eq!(image.dimensions(), (100, 75));
    assert!(image.pixels().all(|pixel| pixel.0 == [0, 200, 0]));
    assert_eq!(
        asked.answer.put.as_ref().map(|put| &put.key),
        asked.derived.as_ref(),
        "what is stored is what is looked up"
    );
}

#[test]
fn padding_is_in_pixels_of_the_picture_that_is_cut() {
    let image = |edits: &str| pixels(&ask(edits, FACE).answer.result).dimensions();
    assert_eq!(image(r#"{"smartCrop":{"faceIndex":1,"padding":10}}"#), (120, 95));
    // a size that was told before the crop comes before it, one that was told after it after it
    assert_eq!(image(r#"{"resize":{"width":200},"smartCrop":{"faceIndex":1,"padding":10}}"#), (70, 57));
    assert_eq!(image(r#"{"smartCrop":{"faceIndex":1,"padding":10},"resize":{"width":60}}"#), (60, 48));
}

#[test]
fn what_is_resized_before_is_looked_at_at_that_size() {
    let asked = ask(r#"{"resize":{"width":200,"height":200,"fit":"cover"},"smartCrop":true}"#, FACE);
    assert_eq!(jpeg_size(&asked.looks[0].2), (200, 200));
    assert_eq!(pixels(&asked.answer.result).dimensions(), (20, 20));
}

#[test]
fn a_large_source_is_looked_at_in_a_small_jpeg_and_cut_at_its_full_size() {
    let source = photo(4_000, 1_000);
    let asked = ask_with(WITH, r#"{"smartCrop":{"faceIndex":1}}"#, &photo(4_000, 1_000), "image/png", &mut |_| {
        Says::Seen(FACE)
    });
    // this one is no larger than what may be sent, and goes as it is
    assert_eq!(asked.looks[0].2, source);
    let mut webp = Cursor::new(Vec::new());
    RgbImage::from_pixel(4_000, 1_000, Rgb([9, 9, 9])).write_to(&mut webp, ImageFormat::Bmp).unwrap();
    let asked =
        ask_with(WITH, r#"{"smartCrop":{"faceIndex":1}}"#, webp.get_ref(), "image/png", &mut |_| Says::Seen(FACE));
    assert_eq!(asked.looks[0].2[..2], [0xff, 0xd8]);
    assert_eq!(jpeg_size(&asked.looks[0].2), (1_920, 480));
    assert_eq!(pixels(&asked.answer.result).dimensions(), (1_000, 250));
}

/// From the frame header.
fn jpeg_size(bytes: &[u8]) -> (u32, u32) {
    let at = bytes.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    let side = |at: usize| u32::from(bytes[at]) << 8 | u32::from(bytes[at + 1]);
    (side(at + 7), side(at + 5))
}

#[test]
fn a_source_too_small_for_the_detector_is_enlarged_for_it() {
    let asked =
        ask_with(WITH, r#"{"smartCrop":{"faceIndex":1}}"#, &photo(40, 60), "image/png", &mut |_| Says::Seen(FACE));
    assert_eq!(jpeg_size(&asked.looks[0].2), (80, 120));
    assert_eq!(pixels(&asked.answer.result).dimensions(), (10, 15));
}

#[test]
fn without_a_face_the_whole_picture_is_shown() {
    let asked = ask(r#"{"smartCrop":{"padding":30},"resize":{"width":40}}"#, r#"{"faces":[]}"#);
    assert_eq!(pixels(&asked.answer.result).dimensions(), (40, 30));
}

#[test]
fn faces_that_are_not_there_and_paddings_that_leave_nothing_are_refused_in_the_handlers_words() {
    let refused = |edits: &str| error(&ask(edits, FACE));
    let index = (400, "SmartCrop::FaceIndexOutOfRange".to_owned());
    let padding = (400, "SmartCrop::PaddingOutOfBounds".to_owned());
    assert_eq!(refused(r#"{"smartCrop":{"faceIndex":2}}"#), index);
    assert_eq!(refused(r#"{"smartCrop":{"faceIndex":-1}}"#), index);
    assert_eq!(refused(r#"{"smartCrop":{"faceIndex":[]}}"#), index);
    assert_eq!(refused(r#"{"smartCrop":{"padding":-500}}"#), padding);
    assert_eq!(refused(r#"{"smartCrop":{"padding":1e300}}"#), padding);
}

#[test]
fn a_picture_without_labels_is_shown_and_one_with_labels_is_blurred() {
    let plain = ask(r#"{"contentModeration":true}"#, NOTHING);
    assert_eq!((plain.looks[0].0, plain.looks[0].1), (Detect::Labels, Some(75.0)));
    assert_eq!(pixels(&plain.answer.result), pixels(&photo(400, 300)));
    let blurred = |edits: &str| pixels(&ask(edits, DRINK).answer.result) != pixels(&photo(400, 300));
    assert!(blurred(r#"{"contentModeration":true}"#));
    assert!(blurred(r#"{"contentModeration":{"moderationLabels":["Alcohol"],"minConfidence":91.5}}"#));
    assert!(!blurred(r#"{"contentModeration":{"moderationLabels":["Violence"]}}"#));
    assert!(!blurred(r#"{"contentModeration":{"minConfidence":92}}"#));
}

#[test]
fn the_blur_of_moderation_is_that_of_a_blur_of_its_sigma() {
    let moderated = ask(r#"{"contentModeration":{"blur":7.2}}"#, DRINK);
    let asked = ask(r#"{"blur":8}"#, DRINK);
    assert!(asked.looks.is_empty());
    assert_eq!(moderated.answer.result, asked.answer.result);
}

#[test]
fn nothing_that_a_request_asks_takes_the_blur_away() {
    for edits in [
        r#"{"contentModeration":true,"blur":0.3,"toFormat":"png"}"#,
        r#"{"contentModeration":true,"sharpen":true,"animated":true,"toFormat":"png"}"#,
        r#"{"sharpen":10,"contentModeration":{"blur":50},"convolve":{"width":3,"height":3,"kernel":[-1,-1,-1,-1,9,-1,-1,-1,-1]},"toFormat":"png"}"#,
    ] {
        let image = pixels(&ask(edits, DRINK).answer.result);
        let steepest = image.rows().flat_map(|row| {
            let row: Vec<i32> = row.map(|pixel| i32::from(pixel.0[0])).collect();
            row.windows(2).map(|two| (two[0] - two[1]).abs()).max()
        });
        assert!(steepest.max().unwrap() < 8, "{edits}");
    }
}

#[test]
fn every_part_is_looked_at_and_one_is_enough() {
    let edits = r#"{"contentModeration":true,"overlayWith":{"bucket":"photos","key":"b.png","wRatio":"50"}}"#;
    let of = |seen: [&'static str; 2]| {
        ask_with(WITH, edits, &photo(400, 300), "image/png", &mut |look| Says::Seen(seen[look]))
    };
    let (plain, second, first) = (of([NOTHING, NOTHING]), of([NOTHING, DRINK]), of([DRINK, NOTHING]));
    assert_eq!([plain.looks.len(), second.looks.len(), first.looks.len()], [2, 2, 1]);
    assert_ne!(plain.answer.result, second.answer.result);
    assert_eq!(first.answer.result, second.answer.result);
}

#[test]
fn a_detector_that_fails_is_no_fault_of_the_client_and_nothing_is_shown() {
    let failing = |edits: &str, failure: Failure| {
        let asked = ask_with(WITH, edits, &photo(400, 300), "image/png", &mut |_| Says::Fails(failure));
        let cache =
            asked.answer.headers.iter().find(|header| header.0 == "cache-control").map(|header| header.1.clone());
        assert_eq!(cache.as_deref(), Some("no-store"));
        assert!(asked.answer.put.is_none());
        error(&asked)
    };
    let label = "Rekognition::DetectModerationLabelsError".to_owned();
    assert_eq!(failing(r#"{"contentModeration":true}"#, Failure::Unavailable), (502, label.clone()));
    assert_eq!(failing(r#"{"contentModeration":true}"#, Failure::Timeout), (504, label));
    assert_eq!(failing(r#"{"smartCrop":true}"#, Failure::Unavailable), (502, "SmartCrop::Error".into()));
}

#[test]
fn what_a_detector_cannot_look_at_is_not_shown() {
    let asked = ask_with(WITH, r#"{"contentModeration":true}"#, &photo(400, 300), "image/png", &mut |_| Says::Cannot);
    assert_eq!(error(&asked), (400, "Rekognition::DetectModerationLabelsError".into()));
    // without moderation these would be passed through
    for (key, content_type) in [("a.svg", "image/svg+xml"), ("a", "text/plain"), ("a", "")] {
        let json = format!(r#"{{"key":"{key}","edits":{{"contentModeration":true}}}}"#);
        let path = format!("/{}", data_encoding::BASE64.encode(json.as_bytes()));
        let head = Head { method: "GET".into(), path, ..Head::default() };
        let asked = run(&head, Start::Viewer, WITH, b"<svg/>", content_type, &mut |_| Says::Cannot);
        assert_eq!(error(&asked), (400, "Rekognition::DetectModerationLabelsError".into()), "{key} {content_type}");
    }
}

#[test]
fn without_a_detector_in_the_configuration_a_crop_is_none_and_moderation_is_refused() {
    let whole = ask_with(WITHOUT, r#"{"smartCrop":{"faceIndex":1}}"#, &photo(400, 300), "image/png", &mut |_| panic!());
    assert_eq!(pixels(&whole.answer.result).dimensions(), (400, 300));
    let refused = ask_with(WITHOUT, r#"{"contentModeration":true}"#, &photo(400, 300), "image/png", &mut |_| panic!());
    assert_eq!(error(&refused), (400, "Rekognition::DetectModerationLabelsError".into()));
}

#[test]
fn a_canonical_path_of_such_edits_is_refused_where_nothing_detects() {
    for edits in [r#"{"smartCrop":true}"#, r#"{"contentModeration":true}"#] {
        let path = format!("/{}", ask(edits, if edits.contains("smart") { FACE } else { NOTHING }).derived.unwrap());
        let head = Head { method: "GET".into(), path, ..Head::default() };
        let with = |config: &str, says: &mut dyn FnMut(usize) -> Says<'static>| {
            run(&head, Start::DerivedMiss, config, &photo(400, 300), "image/png", says)
        };
        let made = with(WITH, &mut |_| Says::Seen(if edits.contains("smart") { FACE } else { NOTHING }));
        assert_eq!((made.answer.status, made.looks.len()), (200, 1));
        let refused = with(WITHOUT, &mut |_| panic!());
        assert_eq!(error(&refused), (422, "impossible_edit".into()));
    }
}

#[test]
fn values_that_ask_for_nothing_ask_no_detector() {
    for edits in [
        r#"{"smartCrop":false,"flip":true}"#,
        r#"{"smartCrop":"yes","flip":true}"#,
        r#"{"contentModeration":false,"flip":true}"#,
        r#"{"contentModeration":{"blur":0},"flip":true}"#,
        r#"{"contentModeration":{"moderationLabels":[]},"flip":true}"#,
    ] {
        let asked = ask(edits, FACE);
        assert_eq!((asked.answer.status, asked.looks.len()), (200, 0), "{edits}");
    }
    for edits in [
        r#"{"contentModeration":{"blur":"x"}}"#,
        r#"{"contentModeration":{"minConfidence":101}}"#,
        r#"{"contentModeration":{"moderationLabels":[1]}}"#,
        r#"{"contentModeration":{"moderationLabels":"Alcohol"}}"#,
    ] {
        assert_eq!(error(&ask(edits, NOTHING)), (400, "ProcessingFailure".into()), "{edits}");
    }
}
