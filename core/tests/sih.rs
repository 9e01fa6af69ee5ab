//! AWS's dialect: what requests become, and that their canonical paths say the same.

#![allow(clippy::unwrap_used, clippy::panic)]

use data_encoding::BASE64;
use deckle::request::{Request, RequestError, Settings, SettingsSource, Viewer};
use serde_json::json;

fn settings(more: serde_json::Value) -> Settings {
    let mut source =
        json!({ "dialects": ["sih", "thumbor", "native"], "sih": { "sourceBuckets": ["photos", "other"] } });
    for (name, value) in more.as_object().unwrap() {
        if name == "sih" {
            for (name, value) in value.as_object().unwrap() {
                source["sih"][name] = value.clone();
            }
        } else {
            source[name] = value.clone();
        }
    }
    let source: SettingsSource = serde_json::from_value(source).unwrap();
    Settings::new(&source).unwrap()
}

fn base64(json: &str) -> String {
    format!("/{}", BASE64.encode(json.as_bytes()))
}

fn read(path: &str, query: &str) -> Result<Request, RequestError> {
    Request::parse(path, query, &Viewer::default(), &settings(json!({})))
}

#[test]
fn requests_become_canonical_paths_that_are_read_as_the_same() {
    let json = |edits: &str| base64(&format!(r#"{{"key":"a b/01.jpg","edits":{edits}}}"#));
    let overlay = r#"{"overlayWith":{"bucket":"other","key":"logo ä.png","alpha":"50","wRatio":20,"options":{"left":"-10p","top":"5"}}}"#;
    let cases = [
        json(r#"{"resize":{"width":400,"height":100,"fit":"cover"}}"#),
        json(r#"{"resize":{"width":400},"crop":{"left":1,"top":2,"width":30,"height":40}}"#),
        json(r#"{"crop":{"left":1,"top":2,"width":30,"height":40},"resize":{"width":400},"rotate":90,"flip":true}"#),
        json(r#"{"rotate":270,"crop":{"left":1,"top":2,"width":30,"height":40}}"#),
        json(
            r##"{"resize":{"width":300,"height":300,"fit":"contain","background":{"r":255,"g":0,"b":0,"alpha":0.5}},"flatten":{"background":"#0f0"}}"##,
        ),
        json(r#"{"grayscale":true,"sharpen":2,"negate":true,"roundCrop":{"rx":30,"top":10},"toFormat":"png"}"#),
        json(overlay),
        json(r#"{"resize":{"ratio":0.333}}"#),
        json(
            r#"{"blur":true,"median":5,"sharpen":{"sigma":1.234,"m1":0.5},"normalise":true,"clahe":{"width":3,"height":4}}"#,
        ),
        json(r#"{"convolve":{"width":3,"height":3,"kernel":[-1,0,1,-2,0,2,-1,0,1.25]},"blur":999.99,"sharpen":true}"#),
        json(r#"{"rotate":33.3,"crop":{"left":1,"top":2,"width":30,"height":40}}"#),
        json(r#"{"rotate":-33.3,"resize":{"width":50}}"#),
        json(r#"{"rotate":33.333,"resize":{"width":50}}"#),
        json(r#"{"rotate":359.999,"resize":{"width":50}}"#),
        json(
            r##"{"negate":true,"tint":"#f80","modulate":{"brightness":1.255,"hue":-90,"lightness":5.55},"threshold":true}"##,
        ),
        json(
            r#"{"extend":{"top":5,"background":{"r":1,"g":0,"b":0,"alpha":0.5}},"recomb":[[0.3,0.5,0.1],[1,0,0],[0,-1,0]],"linear":1.5,"unflatten":true}"#,
        ),
        base64(r#"{"bucket":"other","key":"x.jpg"}"#),
        base64(r#"{"bucket":"other","key":"x.gif","edits":{"rotate":90},"outputFormat":"gif"}"#),
        "/s3:other/fit-in/200x0/filters:quality(40):rotate()/a.jpg".to_owned(),
    ];
    for path in cases {
        let request = read(&path, "").unwrap_or_else(|e| panic!("{path}: {e}"));
        let canonical = request.path();
        assert!(canonical.bytes().all(|b| b.is_ascii_graphic()), "{canonical}");
        let again = read(&canonical, "").unwrap_or_else(|e| panic!("{canonical}: {e}"));
        assert_eq!(
            (&again.edits, &again.bucket, &again.key),
            (&request.edits, &request.bucket, &request.key),
            "{canonical}"
        );
        assert_eq!(again.path(), canonical);
        assert_eq!(Request::parse_canonical(&canonical).unwrap().path(), canonical);
    }
}

#[test]
fn a_plain_request_shares_its_image_with_a_native_one_where_metadata_is_not_kept() {
    let settings = settings(json!({ "sih": { "metadata": "strip", "orientation": "apply" } }));
    let path = |path: &str, query: &str| Request::parse(path, query, &Viewer::default(), &settings).unwrap().path();
    assert_eq!(path("/fit-in/200x100/a.jpg", ""), path("/a.jpg", "w=200&h=100&enlarge&fm="));
    assert_eq!(path("/200x100/filters:grayscale():no_upscale()/a.jpg", ""), "/100h200w/fit-cover~bw/a.jpg");
    assert_eq!(path(&base64(r#"{"key":"a.jpg","outputFormat":"png"}"#), ""), "/default/format-png/a.jpg");
}

#[test]
fn the_first_dialect_of_the_configuration_has_its_way_with_urls_of_several() {
    let path = |dialects: serde_json::Value, path: &str, query: &str| {
        let settings =
            settings(json!({ "dialects": dialects, "sih": { "metadata": "strip", "orientation": "apply" } }));
        Request::parse(path, query, &Viewer::default(), &settings).unwrap().path()
    };
    let (sih, native) = (json!(["sih", "thumbor", "native"]), json!(["native", "sih", "thumbor"]));
    assert_eq!(path(sih.clone(), "/a.jpg", "width=100"), "/100w/enlarge/a.jpg");
    assert_eq!(path(native.clone(), "/a.jpg", "width=100"), "/100w/default/a.jpg");
    for dialects in [sih, native] {
        assert_eq!(path(dialects.clone(), "/fit-in/100x0/a.jpg", ""), "/100w/enlarge/a.jpg");
        assert_eq!(path(dialects.clone(), "/a.jpg", "w=100&style=bw"), "/100w/bw/a.jpg");
        assert_eq!(path(dialects.clone(), "/100w/bw/a.jpg", "width=5"), "/100w/bw/a.jpg");
        assert_eq!(path(dialects, "/a.jpg", ""), "/a.jpg");
    }
}

#[test]
fn what_the_function_wraps_is_read_as_it_was_sent() {
    let settings = settings(json!({}));
    let direct = Request::parse("/fit-in/100x100/a%20b.jpg", "rotate=90&format=png", &Viewer::default(), &settings);
    let code = data_encoding::BASE64URL_NOPAD.encode(b"?format=png&rotate=90");
    let wrapped = format!("/default/ops_{code}/fit-in/100x100/a%20b.jpg");
    let behind = Request::parse_behind(&wrapped, &Viewer::default(), &settings).unwrap();
    assert_eq!(behind, direct.unwrap());
    let auto = self::settings(json!({ "sih": { "autoWebp": true } }));
    let code = data_encoding::BASE64URL_NOPAD.encode(b"?width=5&webp");
    let wrapped = format!("/default/ops_{code}/a.jpg");
    let webp = Request::parse_behind(&wrapped, &Viewer::default(), &auto).unwrap();
    assert_eq!(webp.edits.format, Some(deckle::image::Format::WebP));
    let plain = Request::parse_behind("/fit-in/100x100/a.jpg", &Viewer::default(), &settings).unwrap();
    assert_eq!(plain.source, "a.jpg");
}

#[test]
fn a_canonical_path_reads_no_bucket_that_the_configuration_does_not_name() {
    let other = read(&base64(r#"{"bucket":"other","key":"x.jpg"}"#), "").unwrap().path();
    let native: SettingsSource = serde_json::from_value(json!({})).unwrap();
    let native = Settings::new(&native).unwrap();
    for request in [
        Request::parse(&other, "", &Viewer::default(), &native),
        Request::parse_behind(&other, &Viewer::default(), &native),
    ] {
        assert_eq!(request.unwrap_err().code(), "ImageBucket::CannotAccessBucket");
    }
}

#[test]
fn with_a_signature_nothing_is_read_unsigned() {
    let settings = settings(json!({ "sih": { "signature": { "secret": "secret" } } }));
    for path in ["/a.jpg", "/200w/default/a.jpg", "/fit-in/10x10/a.jpg"] {
        for request in [
            Request::parse(path, "", &Viewer::default(), &settings),
            Request::parse_behind(path, &Viewer::default(), &settings),
        ] {
            assert_eq!(request.unwrap_err().code(), "AuthorizationQueryParametersError", "{path}");
        }
    }
}

#[test]
fn the_text_of_the_slide_is_read_however_it_is_padded() {
    let pretty = "{\n  \"bucket\": \"photos\",\n  \"key\": \"01.jpg\",\n  \"edits\": {\n    \"resize\": {\n      \"width\": 400,\n      \"height\": 100,\n      \"fit\": \"cover\"\n    }\n  }\n}\n";
    let plain = r#"{"bucket":"photos","key":"01.jpg","edits":{"resize":{"width":400,"height":100,"fit":"cover"}}}"#;
    let expected = read(&base64(plain), "").unwrap();
    // whatever the length, so with each padding
    for spaces in 0..3 {
        let text = format!("{pretty}{}", " ".repeat(spaces));
        assert_eq!(read(&base64(&text), "").unwrap(), expected);
    }
    let escaped = base64(&format!("{pretty} ")).replace('=', "%3D");
    assert_eq!(read(&escaped, "").unwrap(), expected);
    // 8 KB of it
    let long = format!("{plain}{}", " ".repeat(6_000));
    assert!(base64(&long).len() > 8_000);
    assert_eq!(read(&base64(&long), "").unwrap(), expected);
}

#[test]
fn hostile_requests_are_refused_with_a_code() {
    let deep = format!(r#"{{"key":"a","edits":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let json = |edits: &str| base64(&format!(r#"{{"key":"a.jpg","edits":{edits}}}"#));
    let many = format!("{{{}}}", (0..200).map(|i| format!(r#""x{i}":1"#)).collect::<Vec<_>>().join(","));
    assert!(read(&json(&many), "").is_ok(), "unknown edits are ignored");
    // what is not JSON is a key of Thumbor's, and this one too long
    assert!(matches!(read(&base64(&deep), ""), Err(RequestError::Key { .. })));
    for edits in [
        r#"{"resize":{"width":1e9}}"#,
        r#"{"resize":{"width":-1}}"#,
        r#"{"resize":{"width":{}}}"#,
        r#"{"resize":{"ratio":1e300}}"#,
        r#"{"resize":7}"#,
        r#"{"crop":{"left":0.5,"top":0,"width":1,"height":1}}"#,
        r#"{"crop":null}"#,
        r#"{"rotate":"90"}"#,
        r#"{"sharpen":1e9}"#,
        r#"{"jpeg":{"quality":101}}"#,
        r#"{"toFormat":"exe"}"#,
        r#"{"overlayWith":{"bucket":"nope","key":"x"}}"#,
        r#"{"overlayWith":{"bucket":"other","key":7}}"#,
        r#"{"contentModeration":true}"#,
        r#"{"overlayWith":{"bucket":"other","key":"a","options":{"blend":"xor"}}}"#,
        r#"{"overlayWith":{"bucket":"other","key":"a","options":{"blend":{"__proto__":1}}}}"#,
        r#"{"overlayWith":{"bucket":"other","key":"a","options":{"tile":"yes"}}}"#,
        r#"{"overlayWith":{"bucket":"other","key":"a","options":{"gravity":9}}}"#,
        r#"{"overlayWith":{"bucket":"other","key":"a","options":{"gravity":"right top"}}}"#,
        r#"{"overlayWith":{"bucket":"other","key":"a","options":{"left":1e9,"top":0}}}"#,
        r#"{"smartCrop":{"faceIndex":"constructor","padding":{}}}"#,
        r#"{"smartCrop":{"faceIndex":1e9}}"#,
        r#"{"blur":"3"}"#,
        r#"{"median":"3"}"#,
        r#"{"tint":7}"#,
        r#"{"recomb":{"length":3}}"#,
        r#"{"extend":"5"}"#,
        r#""text""#,
    ] {
        assert!(matches!(read(&json(edits), ""), Err(RequestError::Dialect { .. })), "{edits}");
    }
    // names that JavaScript's objects have, and every kind of value under names that nobody knows
    for edits in [
        r#"{"__proto__":{"resize":{"width":9}},"constructor":{"prototype":1},"toString":[],"hasOwnProperty":null}"#,
        r#"{"a":1,"b":"x","c":[{}],"d":{"e":{}},"f":null,"g":false,"":0,"\u0000":1}"#,
    ] {
        let request = read(&json(edits), "").unwrap();
        assert!(request.edits.width.is_none() && request.edits.beyond.steps.is_empty(), "{edits}");
    }
    // numbers as text are numbers where sharp takes them so
    assert_eq!(read(&json(r#"{"resize":{"width":"40"}}"#), "").unwrap().edits.width, Some(40));
    // of one name counts the last; 200 overlays are one
    let overlay = r#""overlayWith":{"bucket":"other","key":"a.jpg"}"#;
    let many = format!("{{{}}}", [overlay; 200].join(","));
    assert_eq!(read(&json(&many), "").unwrap().edits.beyond.overlays().count(), 1);
    let many = format!("/filters:{}/a.jpg", ["watermark(other,a.jpg,0,0)"; 200].join(":"));
    assert!(read(&many, "").is_err() || read(&many, "").unwrap().edits.beyond.overlays().count() <= 1);
    let long = format!("/filters:{}/a.jpg", ["blur(3)"; 1_000].join(":"));
    assert!(long.len() > 8_000 && read(&long, "").is_ok_and(|request| request.edits.beyond.steps.len() <= 1));
    for path in ["/filters:blur/a.bmp", "/filters:fill(%23fff)/a.jpg", "/filters:watermark(https://x/y.png,0,0)/a.jpg"]
    {
        assert!(read(path, "").is_err(), "{path}");
    }
    for path in
        ["/", "//", "/%", "/%ff.jpg", "/x:()", "/filters:()", "/filters:", "/999999x999999:1x1", "/s3:", "/é/1x1/ü"]
    {
        let _ = read(path, "width=%&=&&height");
    }
}
