//! Thumbor's own URLs: published examples as canonical paths of ours, and pictures that they make.
#![allow(clippy::unwrap_used)]

mod common;

use common::{picture, pixels, png, run};
use deckle::request::{Request, RequestError, Settings, Viewer};
use serde_json::json;

fn settings(thumbor: serde_json::Value, dialects: serde_json::Value) -> Result<Settings, String> {
    let source =
        serde_json::from_value(json!({ "dialects": dialects, "thumbor": thumbor })).map_err(|e| format!("{e}"))?;
    Settings::new(&source).map_err(|e| e.to_string())
}

fn read(path: &str) -> Result<Request, RequestError> {
    let settings = settings(json!("strict"), json!(["thumbor", "native"])).unwrap();
    Request::parse(path, "", &Viewer::default(), &settings)
}

/// Thumbor's documentation has these; the image is put last by the test where it says none.
const PUBLISHED: &[(&str, &str)] = &[
    ("300x200/smart/path/to/image.jpg", "/200h300w/fit-cover~position-attention~enlarge/path/to/image.jpg"),
    (
        "-300x-200/left/top/smart/path/to/my/nice/image.jpg",
        "/200h300w/fit-cover~position-attention~enlarge~rotate-180/path/to/my/nice/image.jpg",
    ),
    (
        "300x200/https%3A%2F%2Fgithub.com%2Fthumbor%2Fthumbor%2Fraw%2Fmaster%2Fexample.jpg",
        "/200h300w/fit-cover~enlarge/github.com/thumbor/thumbor/raw/master/example.jpg",
    ),
    ("300x0/", "/300w/enlarge/"),
    ("0x0:300x200/", "/default/crop-0x0x300x200/"),
    ("240x220:480x260/", "/default/crop-240x220x240x40/"),
    ("-0x-0/", "/default/rotate-180/"),
    ("-300x200/", "/200h300w/fit-cover~enlarge~flop/"),
    ("300x-200/left/", "/200h300w/fit-cover~position-left~enlarge~flip/"),
    ("-300x200/left/", "/200h300w/fit-cover~position-right~enlarge~flop/"),
    ("300x200/right/bottom/", "/200h300w/fit-cover~position-bottom-right~enlarge/"),
    ("300x200/center/middle/", "/200h300w/fit-cover~enlarge/"),
    ("fit-in/300x200/", "/200h300w/default/"),
    ("fit-in/300x9999/", "/8192h300w/default/"),
    ("full-fit-in/300x200/", "/200h300w/fit-outside~enlarge/"),
    ("adaptive-fit-in/300x200/", "/200h300w/ops-adaptive/"),
    ("adaptive-full-fit-in/300x200/", "/200h300w/fit-outside~enlarge~ops-adaptive/"),
    ("origx100/", "/100h8192w/fit-cover/"),
    ("fit-in/origx100/", "/100h/default/"),
    ("origxorig/", "/"),
    ("trim/", "/default/trim-0/"),
    ("trim:top-left:20/300x0/", "/300w/trim-20~enlarge/"),
    ("200x100/filters:stretch()/", "/100h200w/fit-fill~enlarge/"),
    ("300x200/filters:no_upscale()/", "/200h300w/fit-cover/"),
    ("fit-in/600x500/filters:upscale()/", "/500h600w/enlarge/"),
    ("filters:proportion(0.5)/", "/default/ops-share-5000/"),
    ("200x100/filters:proportion(0.5)/", "/50h100w/fit-cover~enlarge/"),
    ("fit-in/300x300/filters:fill(blue)/", "/300h300w/fit-contain~background-0000ff/"),
    ("fit-in/300x300/filters:fill(f00)/", "/300h300w/fit-contain~background-ff0000/"),
    ("fit-in/300x300/filters:background_color(add8e6)/", "/300h300w/background-add8e6/"),
    ("filters:blur(7)/", "/default/blur-4/"),
    ("filters:blur(4, 2)/", "/default/blur-1.85/"),
    ("filters:brightness(40)/", "/default/linear-1x102/"),
    ("filters:contrast(40)/", "/default/linear-1.96x-122.88/"),
    ("filters:brightness(10):contrast(30)/", "/default/ops-linear-1x25_linear-1.69x-88.32/"),
    ("filters:grayscale()/", "/default/bw/"),
    ("filters:equalize()/", "/default/normalise/"),
    ("filters:rgb(20,-20,40)/", "/default/linear-1x1x1x51x-51x102/"),
    ("filters:colorize(40,50,60,000000)/", "/default/linear-0.6x0.5x0.4x0x0x0/"),
    ("filters:convolution(1;2;1;2;4;2;1;2;1,3,true)/", "/default/convolve-1x2x1x2x4x2x1x2x1/"),
    ("filters:convolution(-1;-1;-1;-1;8;-1;-1;-1;-1,3,false)/", "/default/convolve-"),
    ("filters:sharpen(2,1.0,true)/", "/default/sharpen-1.5x2x4/"),
    ("filters:saturation(0)/", "/default/recomb-0.299x0.587x0.114x0.299x0.587x0.114x0.299x0.587x0.114/"),
    ("filters:quality(40)/", "/default/quality-40/"),
    ("filters:max_bytes(7500)/", "/default/max-bytes-7500/"),
    ("filters:format(webp):quality(60)/", "/default/format-webp~quality-60~scale-native/"),
    ("300x300/filters:autojpg()/", "/300h300w/fit-cover~enlarge~format-jpeg/"),
    ("filters:strip_exif()/", "/default/enlarge/"),
    ("filters:rotate(90)/", "/default/rotate-270/"),
    ("300x200/left/filters:rotate(90)/", "/300h200w/fit-cover~position-bottom~enlarge~rotate-270/"),
    ("filters:rotate(45)/", "/"),
    ("filters:round_corner(20,255,255,255)/", "/default/background-ffffff~radius-20/"),
    ("filters:round_corner(20|40,0,0,0)/", "/default/background-000000~radius-20/"),
    ("filters:round_corner(30,0,0,0,1)/", "/default/radius-30/"),
    ("filters:watermark(marks/a.png,-10,center,50,20)/", "/default/overlay_"),
    ("filters:gifv(mp4):cover():focal(1x2:3x4):max_age(9)/", "/"),
    ("debug/200x400/smart/", "/400h200w/fit-cover~position-attention~enlarge/"),
];

#[test]
fn thumbors_published_urls_become_canonical_paths_that_are_read_as_the_same() {
    let mut wrong = Vec::new();
    for (url, expected) in PUBLISHED {
        let (url, is_bare) =
            if url.ends_with('/') { (format!("{url}a.jpg"), true) } else { ((*url).to_owned(), false) };
        let request = read(&format!("/unsafe/{url}"));
        let path = request.as_ref().map_or_else(ToString::to_string, Request::path);
        let expected =
            if is_bare && expected.ends_with('/') { format!("{expected}a.jpg") } else { (*expected).to_owned() };
        let is_right = if expected.ends_with(['-', '_']) { path.starts_with(&expected) } else { path == expected };
        if !is_right {
            wrong.push(format!("{url}\n  expected {expected}\n  got      {path}"));
        } else if Request::parse_canonical(&path).unwrap().path() != path {
            wrong.push(format!("{url}: {path} is read in another way"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_thumbors_and_cannot_be_done_is_refused_and_what_it_does_not_know_is_ignored() {
    for url in [
        "meta/300x200/a.jpg",
        "trim:bottom-right/a.jpg",
        "filters:noise(40)/a.jpg",
        "fit-in/300x300/filters:fill(blur)/a.jpg",
        "filters:convolution(1;2;3,3,true)/a.jpg",
        "300x9999/a.jpg",
        "999999x1/a.jpg",
        "filters:round_corner(9999,0,0,0)/a.jpg",
        "a//b.jpg",
        "../a.jpg",
        "300x200/",
        "",
        "%zz",
    ] {
        let error = read(&format!("/unsafe/{url}")).unwrap_err();
        assert!(["invalid_parameter", "invalid_key"].contains(&error.code()), "{url}: {error}");
    }
    for filter in
        ["blur()", "blur(x)", "nothing(1)", "quality(x)", "rgb(1,2)", "watermark(a)", "blur(0)", "(", "blur(1:2)"]
    {
        let path = read(&format!("/unsafe/filters:{filter}/a.jpg")).unwrap().path();
        let expected = if filter == "(" { "/filters:(/a.jpg" } else { "/a.jpg" };
        assert_eq!(path, expected, "{filter}");
    }
    let many = "blur(2):".repeat(40);
    assert_eq!(read(&format!("/unsafe/filters:{many}/a.jpg")).unwrap().path().len(), many.len() + 15);
    assert!(read(&format!("/unsafe/filters:{}/a.jpg", many.trim_end_matches(':'))).is_err());
}

#[test]
fn a_signature_is_thumbors_hmac_of_what_is_behind_it() {
    let keyed = json!({ "mode": "strict", "securityKey": "my-security-key" });
    let ask = |thumbor: &serde_json::Value, path: &str| {
        let settings = settings(thumbor.clone(), json!(["thumbor"])).unwrap();
        Request::parse(path, "", &Viewer::default(), &settings).map(|request| request.path()).map_err(|e| e.code())
    };
    // libthumbor's published example
    let signed = "/8ammJH8D-7tXy6kU3lTvoXlhu4o=/300x200/my.server.com/some/path/to/image.jpg";
    let made = Ok("/200h300w/fit-cover~enlarge/my.server.com/some/path/to/image.jpg".to_owned());
    assert_eq!(ask(&keyed, signed), made);
    assert_eq!(ask(&keyed, &signed.replace('=', "%3D")), made);
    assert!(ask(&keyed, "/1pR3iUzs_glySKr_4oBfnDOAgxY=/300x200/filters:fill(red)/caf%C3%A9.jpg").is_ok());
    assert_eq!(ask(&keyed, &signed.replace("300x200", "300x201")), Err("invalid_signature"));
    assert_eq!(ask(&keyed, "/unsafe/300x200/a.jpg"), Err("invalid_signature"));
    assert_eq!(ask(&json!("strict"), signed), Err("invalid_signature"));
    assert!(ask(&json!({ "mode": "strict", "securityKey": "k", "allowUnsafe": true }), "/unsafe/a.jpg").is_ok());
    // where nothing else is read, nothing else passes
    assert_eq!(ask(&keyed, "/300x200/a.jpg"), Err("invalid_parameter"));
    assert_eq!(ask(&keyed, "/5w/bw/a.jpg"), Err("invalid_parameter"));
}

#[test]
fn beside_other_dialects_only_a_prefix_makes_a_url_thumbors() {
    let ask = |dialects: serde_json::Value, path: &str, query: &str| {
        let settings = settings(json!("strict"), dialects).unwrap();
        Request::parse(path, query, &Viewer::default(), &settings).unwrap().path()
    };
    let both = json!(["native", "thumbor"]);
    assert_eq!(ask(both.clone(), "/300x200/a.jpg", "width=5"), "/5w/default/300x200/a.jpg");
    assert_eq!(ask(both.clone(), "/unsafe/30x20/a.jpg", "width=5"), "/20h30w/fit-cover~enlarge/a.jpg");
    assert_eq!(ask(json!(["native"]), "/unsafe/30x20/a.jpg", ""), "/unsafe/30x20/a.jpg");
    assert_eq!(ask(both, "/unsafe", ""), "/unsafe");
}

#[test]
fn a_mistake_in_the_configuration_is_named() {
    let wrong = |thumbor| settings(thumbor, json!(["thumbor"])).unwrap_err();
    assert_eq!(wrong(json!("loose")), "thumbor.mode: is not strict");
    assert_eq!(wrong(json!({ "mode": "strict", "securityKey": "" })), "thumbor.securityKey: is empty");
    assert!(settings(json!({ "mode": "strict", "key": "x" }), json!(["thumbor"])).is_err());
}

/// The size of what a URL makes of a picture of 40 × 20.
fn size(url: &str) -> (u32, u32) {
    let edits = read(&format!("/unsafe/{url}/a.png")).unwrap().edits;
    let made = pixels(&run(&png(&picture(40, 20, 3)), &edits).unwrap());
    (made.size.width, made.size.height)
}

#[test]
fn pictures_have_the_sizes_that_thumbor_gives_them() {
    for (url, expected) in [
        ("10x10", (10, 10)),
        ("80x60", (80, 60)),
        ("10x0", (10, 5)),
        ("0x40", (80, 40)),
        ("80x10/filters:no_upscale()", (40, 10)),
        ("10x10/filters:stretch()", (10, 10)),
        ("fit-in/10x10", (10, 5)),
        ("fit-in/80x60", (40, 20)),
        ("fit-in/80x60/filters:upscale()", (80, 40)),
        ("fit-in/30x30/filters:fill(red)", (30, 30)),
        ("full-fit-in/10x10", (20, 10)),
        ("full-fit-in/80x60", (120, 60)),
        ("fit-in/5x20", (5, 3)),
        ("adaptive-fit-in/5x20", (10, 5)),
        ("adaptive-fit-in/20x5", (10, 5)),
        ("adaptive-fit-in/5x20/filters:rotate(90)", (5, 10)),
        ("origx10", (40, 10)),
        ("10xorig", (10, 20)),
        ("5x5:100x15", (35, 10)),
        ("0x0:10x20/-5x0", (5, 10)),
        ("10x5/filters:rotate(90)", (5, 10)),
        ("10x5/filters:rotate(180)", (10, 5)),
        ("filters:proportion(0.5)", (20, 10)),
    ] {
        assert_eq!(size(url), expected, "{url}");
    }
}

#[test]
fn a_picture_is_kept_aligned_then_mirrored_then_turned() {
    let picture = picture(40, 20, 3);
    let corner = |url: &str, x: u32, y: u32| {
        let edits = read(&format!("/unsafe/{url}/a.png")).unwrap().edits;
        let made = pixels(&run(&png(&picture), &edits).unwrap());
        let at = (y * made.size.width + x) as usize * usize::from(made.channels);
        made.data[at..][..3].to_vec()
    };
    let source = |x: u32, y: u32| picture.data[(y * 40 + x) as usize * 3..][..3].to_vec();
    assert_eq!(corner("20x20/left", 0, 0), source(0, 0));
    assert_eq!(corner("20x20/right", 0, 0), source(20, 0));
    assert_eq!(corner("-20x20/left", 0, 0), source(19, 0));
    assert_eq!(corner("20x-20/right", 0, 0), source(20, 19));
    // against the clock: what was at the top right is at the top left
    assert_eq!(corner("20x20/left/filters:rotate(90)", 0, 0), source(19, 0));
    assert_eq!(corner("-20x20/left/filters:rotate(90)", 0, 0), source(0, 0));
    assert_eq!(corner("20x20/right/filters:rotate(270)", 0, 0), source(20, 19));
}
