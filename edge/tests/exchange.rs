//! The exchange as a host sees it: steps, status, headers, what is stored.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use deckle_edge::{Answer, Config, Exchange, Failure, Head, Object, Send, Start, Step, Store};

fn png(width: u32, height: u32) -> Vec<u8> {
    let image = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * 3) as u8, (y * 5) as u8, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn head(method: &str, url: &str, headers: &[(&str, &str)]) -> Head {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Head { method: method.into(), path: path.into(), query: query.into(), headers, seconds: None }
}

/// Objects by name, in two stores.
#[derive(Default)]
struct World {
    /// Of every source.
    etag: Option<&'static str>,
    source: BTreeMap<String, (Vec<u8>, &'static str)>,
    derived: BTreeMap<String, (Vec<u8>, Object)>,
    /// Names of the derived store's index.
    index: std::collections::BTreeSet<String>,
}

impl World {
    fn with(key: &str, bytes: Vec<u8>, content_type: &'static str) -> Self {
        let source = BTreeMap::from([(key.to_owned(), (bytes, content_type))]);
        Self { etag: Some("\"source-1\""), source, ..Self::default() }
    }

    /// Runs an exchange to its end and does what it asks, counting what it reads.
    fn run(&mut self, head: &Head, start: Start, config: &str) -> (Answer, usize) {
        let config = Arc::new(Config::from_json(config).unwrap());
        let mut exchange = Exchange::begin(head, start, config, 0.0);
        let mut reads = 0;
        let mut at = String::new();
        loop {
            match exchange.step().clone() {
                Step::Load { store, key, .. } => {
                    at.clone_from(&key);
                    let object = match store {
                        Store::Source => self.source.get(&key).map(|(bytes, content_type)| Object {
                            etag: self.etag.map(str::to_owned),
                            content_type: Some((*content_type).into()),
                            size: Some(bytes.len() as u64),
                            last_modified: Some("Sun, 22 Nov 2026 10:00:00 GMT".into()),
                            ..Object::default()
                        }),
                        Store::Derived => self.derived.get(&key).map(|d| d.1.clone()),
                    };
                    match object {
                        Some(object) => exchange.found(object),
                        None => exchange.missing(1.0),
                    }
                }
                Step::Read { .. } => {
                    reads += 1;
                    let tick = std::cell::Cell::new(1.0);
                    let clock = || {
                        tick.set(tick.get() + 1.0);
                        tick.get()
                    };
                    exchange.body(self.source[&at].0.clone(), &clock);
                }
                Step::Detect { .. } => exchange.missing(1.0),
                Step::List { folder, most } => {
                    let names = self
                        .index
                        .iter()
                        .filter(|key| key.strip_prefix(&folder).is_some_and(|name| !name.contains('/')));
                    exchange.listed(&names.take(most as usize).cloned().collect::<Vec<_>>(), 1.0);
                }
                Step::Answer(_) => break,
            }
        }
        let answer = exchange.into_answer().unwrap();
        if let Some(put) = &answer.put {
            for entry in &put.index {
                self.index.insert(entry.key.clone());
            }
            let object = Object {
                content_type: Some(put.content_type.clone()),
                size: Some(answer.result.len() as u64),
                metadata: put.metadata.clone(),
                ..Object::default()
            };
            self.derived.insert(put.key.clone(), (answer.result.clone(), object));
        }
        (answer, reads)
    }

    fn get(&mut self, url: &str) -> Answer {
        self.run(&head("GET", url, &[]), Start::Viewer, "{}").0
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|h| h.0 == name).map(|h| h.1.as_str())
}

fn message(answer: &Answer) -> serde_json::Value {
    serde_json::from_slice(&answer.result).unwrap()
}

#[test]
fn a_derived_image_is_made_once_and_keeps_its_tag() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let first = world.get("/a.png?width=10&style=bw");
    assert_eq!((first.status, first.send), (200, Send::Result));
    assert_eq!(header(&first, "content-type"), Some("image/png"));
    assert_eq!(header(&first, "cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(header(&first, "x-content-type-options"), Some("nosniff"));
    assert_eq!(header(&first, "access-control-allow-origin"), Some("*"));
    assert_eq!(header(&first, "content-length"), Some(first.result.len().to_string().as_str()));
    let timing = header(&first, "server-timing").unwrap();
    assert!(["load;dur=", "resize;dur=", "encode;dur="].iter().all(|t| timing.contains(t)), "{timing}");
    assert_eq!(world.derived.keys().collect::<Vec<_>>(), ["10w/bw/a.png"]);

    let (second, reads) = world.run(&head("GET", "/10w/bw/a.png", &[]), Start::Viewer, "{}");
    assert_eq!((second.status, second.send, reads), (200, Send::Object, 0));
    assert_eq!(header(&second, "etag"), header(&first, "etag"));
    assert!(second.put.is_none());
}

#[test]
fn a_known_tag_is_answered_without_reading_the_source() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let tag = header(&world.get("/a.png?width=10"), "etag").unwrap().to_owned();
    world.derived.clear();
    for (start, url) in [(Start::Viewer, "/a.png?width=10"), (Start::DerivedMiss, "/10w/default/a.png")] {
        let request = head("GET", url, &[("if-none-match", &tag)]);
        let (answer, reads) = world.run(&request, start, "{}");
        assert_eq!((answer.status, answer.send, reads), (304, Send::Nothing, 0));
        assert_eq!(header(&answer, "etag"), Some(tag.as_str()));
        assert_eq!(header(&answer, "content-length"), None);
    }
}

#[test]
fn head_tells_the_length_sends_nothing_and_still_stores() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let (answer, _) = world.run(&head("HEAD", "/a.png?width=10", &[]), Start::Viewer, "{}");
    assert_eq!((answer.status, answer.send), (200, Send::Nothing));
    assert_eq!(header(&answer, "content-length"), Some(answer.result.len().to_string().as_str()));
    assert_eq!(world.derived.len(), 1);
}

#[test]
fn an_original_passes_through_with_its_own_tag() {
    let mut world = World::with("a.png", png(4, 2), "image/png");
    let (answer, reads) = world.run(&head("GET", "/a.png", &[]), Start::Viewer, "{}");
    assert_eq!((answer.status, answer.send, reads), (200, Send::Object, 0));
    assert_eq!(header(&answer, "etag"), Some("\"source-1\""));
    assert_eq!(header(&answer, "cache-control"), Some("public, max-age=86400"));
    assert!(answer.put.is_none());
}

#[test]
fn what_is_no_image_passes_through_unread_and_unstored() {
    let mut world = World::with("doc.pdf", b"%PDF".to_vec(), "application/pdf");
    let (answer, reads) = world.run(&head("GET", "/doc.pdf?width=10", &[]), Start::Viewer, "{}");
    assert_eq!((answer.status, answer.send, reads), (200, Send::Object, 0));

    // nothing says what it is, so its bytes must
    let mut world = World::with("blob", b"hello".to_vec(), "application/octet-stream");
    let answer = world.get("/blob?width=10");
    assert_eq!((answer.status, answer.send, answer.result.as_slice()), (200, Send::Result, b"hello".as_slice()));
    assert!(answer.put.is_none());
}

const ICON: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' width='8' height='4'><rect width='8' height='4'/></svg>";

#[test]
fn an_svg_is_drawn_at_the_size_that_is_asked_whatever_the_store_says() {
    for (key, content_type) in [
        ("icon.svg", "image/svg+xml"),
        ("icon", "application/octet-stream"),
        ("icon.svg", "text/xml"),
        ("x.png", "image/png"),
    ] {
        let mut world = World::with(key, ICON.to_vec(), content_type);
        let answer = world.get(&format!("/{key}?width=100"));
        assert_eq!((answer.status, header(&answer, "content-type")), (200, Some("image/png")), "{key}");
        assert_eq!(header(&answer, "content-security-policy"), None);
        let made = image::load_from_memory(&answer.result).unwrap();
        assert_eq!((made.width(), made.height()), (100, 50));
        // the original is what it is
        let answer = world.get(&format!("/{key}"));
        assert_eq!((answer.status, answer.send), (200, Send::Object));
    }
}

#[test]
fn an_svg_is_passed_through_where_that_is_configured() {
    for (key, content_type) in
        [("icon.svg", "image/svg+xml"), ("icon", "application/octet-stream"), ("icon.svg", "text/xml")]
    {
        let mut world = World::with(key, ICON.to_vec(), content_type);
        let (answer, _) =
            world.run(&head("GET", &format!("/{key}?width=100"), &[]), Start::Viewer, r#"{"svg":"pass"}"#);
        assert_eq!(answer.status, 200, "{key}");
        assert!(answer.send == Send::Object || answer.result == ICON, "{key}");
        assert!(header(&answer, "content-security-policy").unwrap().contains("sandbox"));
        assert!(answer.put.is_none());
    }
    assert!(Config::from_json(r#"{"svg":"keep"}"#).is_err());
    let maker = |json: &str| Config::from_json(json).unwrap().maker();
    assert_ne!(maker("{}"), maker(r#"{"svg":"pass"}"#));
    assert_eq!(maker("{}"), maker(r#"{"svg":"raster"}"#));
}

#[test]
fn heic_is_a_415_that_names_it_whatever_the_store_says() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on".to_vec();
    for (key, content_type) in [("a.heic", "image/heic"), ("blob", "application/octet-stream"), ("a.jpg", "image/jpeg")]
    {
        let answer = World::with(key, heic.clone(), content_type).get(&format!("/{key}?width=10"));
        let body = String::from_utf8_lossy(&answer.result).into_owned();
        assert_eq!(answer.status, 415, "{key}: {body}");
        assert!(body.contains("unsupported_format") && body.contains("HEIC"), "{body}");
        // the original is what it is
        assert_eq!(World::with(key, heic.clone(), content_type).get(&format!("/{key}")).status, 200);
    }
}

#[test]
fn bytes_count_and_not_names() {
    let mut world = World::with("wrong.jpg", png(40, 20), "image/jpeg");
    let answer = world.get("/wrong.jpg?width=10");
    assert_eq!((answer.status, header(&answer, "content-type")), (200, Some("image/png")));
}

#[test]
fn bad_images_are_the_sources_fault_and_say_so() {
    let cases: [(&str, Vec<u8>, &str); 3] = [
        ("empty.jpg", Vec::new(), "not_an_image"),
        ("text.jpg", b"hello, I am a text".to_vec(), "not_an_image"),
        ("cut.png", png(40, 20)[..60].to_vec(), "corrupt_image"),
    ];
    for (key, bytes, code) in cases {
        let mut world = World::with(key, bytes, "image/jpeg");
        let answer = world.get(&format!("/{key}?width=10"));
        assert_eq!(answer.status, 422, "{key}");
        let body = message(&answer);
        assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(422), Some(code)), "{key}");
        assert!(answer.put.is_none());
        assert_eq!(header(&answer, "cache-control"), Some("public, max-age=60"));
    }
}

#[test]
fn limits_are_413_before_the_body_is_read_where_the_size_is_known() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let config = r#"{"limits":{"sourceBytes":10}}"#;
    let (answer, reads) = world.run(&head("GET", "/a.png?width=10", &[]), Start::Viewer, config);
    assert_eq!((answer.status, reads), (413, 0));
    let config = r#"{"limits":{"sourcePixels":10}}"#;
    let (answer, _) = world.run(&head("GET", "/a.png?width=10", &[]), Start::Viewer, config);
    assert_eq!(answer.status, 413);
    assert_eq!(message(&answer)["message"], "source pixels: 800 is over the limit of 10");
}

#[test]
fn mistakes_in_the_url_are_400_and_name_the_parameter() {
    let answer = World::default().get("/a.png?width=9000");
    assert_eq!(answer.status, 400);
    let expected = serde_json::json!({
        "status": 400, "code": "invalid_parameter", "parameter": "width",
        "message": "width is 9000; expected an integer from 1 to 8192",
    });
    assert_eq!(message(&answer), expected);
    assert_eq!(World::default().get("/../a.png?width=9").status, 400);
}

#[test]
fn a_missing_source_is_404_for_seconds_only() {
    for url in ["/none.jpg", "/none.jpg?width=10", "/"] {
        let answer = World::default().get(url);
        assert_eq!((answer.status, header(&answer, "cache-control")), (404, Some("public, max-age=10")), "{url}");
        assert_eq!(message(&answer)["code"], "not_found");
    }
}

#[test]
fn methods_and_preflights() {
    let (answer, _) = World::default().run(&head("POST", "/a.png", &[]), Start::Viewer, "{}");
    assert_eq!((answer.status, header(&answer, "allow")), (405, Some("GET, HEAD, OPTIONS")));
    let (answer, _) = World::default().run(&head("OPTIONS", "/a.png", &[]), Start::Viewer, "{}");
    assert_eq!((answer.status, header(&answer, "access-control-allow-methods")), (204, Some("GET, HEAD, OPTIONS")));
    let (answer, _) = World::default().run(&head("OPTIONS", "/a.png", &[]), Start::Viewer, r#"{"cors":false}"#);
    assert_eq!(header(&answer, "access-control-allow-origin"), None);
}

#[test]
fn a_derived_store_that_fails_costs_work_and_not_the_answer() {
    let config = Arc::new(Config::default());
    let mut exchange = Exchange::begin(&head("GET", "/a.png?width=10", &[]), Start::Viewer, config, 0.0);
    exchange.failed(Failure::Timeout, 1.0);
    assert!(matches!(exchange.step(), Step::Load { store: Store::Source, key, .. } if key == "a.png"));
    exchange.failed(Failure::Timeout, 2.0);
    let answer = exchange.into_answer().unwrap();
    assert_eq!((answer.status, header(&answer, "cache-control")), (504, Some("no-store")));
}

#[test]
fn a_negotiated_answer_varies_and_its_stored_form_does_not() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let request = head("GET", "/a.png?width=10&format=auto", &[("accept", "image/webp,*/*")]);
    let (answer, _) = world.run(&request, Start::Viewer, "{}");
    assert_eq!((header(&answer, "vary"), header(&answer, "content-type")), (Some("accept"), Some("image/webp")));
    assert_eq!(world.derived.keys().collect::<Vec<_>>(), ["10w/format-webp/a.png"]);
    let (answer, _) = world.run(&head("GET", "/10w/format-webp/a.png", &[]), Start::Viewer, "{}");
    assert_eq!(header(&answer, "vary"), None);
}

#[test]
fn a_quality_that_is_picked_is_lower_for_those_who_save_data_and_the_answer_varies_by_that() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let saving = [("save-data", "on")];
    let url = "/a.png?width=10&format=jpeg&quality=auto";
    let (answer, _) = world.run(&head("GET", url, &saving), Start::Viewer, "{}");
    assert_eq!((answer.status, header(&answer, "vary")), (200, Some("save-data")));
    let (answer, _) = world.run(&head("GET", url, &[("save-data", "off")]), Start::Viewer, "{}");
    assert_eq!((answer.status, header(&answer, "vary")), (200, Some("save-data")));
    // a number is what it is
    let (answer, _) = world.run(&head("GET", "/a.png?width=10&format=jpeg&quality=9", &saving), Start::Viewer, "{}");
    assert_eq!(header(&answer, "vary"), None);
    let auto = r#"{"quality":"auto","format":"auto"}"#;
    let both = [("save-data", "on"), ("accept", "image/webp")];
    let (answer, _) = world.run(&head("GET", "/a.png?width=9", &both), Start::Viewer, auto);
    assert_eq!(header(&answer, "vary"), Some("accept, save-data"));
    assert_eq!(
        world.derived.keys().collect::<Vec<_>>(),
        [
            "10w/format-jpeg~quality-9/a.png",
            "10w/format-jpeg~quality-high/a.png",
            "10w/format-jpeg~quality-medium/a.png",
            "9w/format-webp~quality-medium/a.png",
        ]
    );
}

#[test]
fn a_host_that_breaks_the_protocol_gets_an_error_and_no_panic() {
    let config = Arc::new(Config::default());
    let mut exchange = Exchange::begin(&head("GET", "/a.png?width=10", &[]), Start::Viewer, config, 0.0);
    exchange.body(vec![1, 2, 3], &|| 0.0);
    assert_eq!(exchange.into_answer().unwrap().status, 500);
}

#[test]
fn configurations_are_checked_and_the_mistake_is_named() {
    let wrong = [
        ("[]", "expected an object"),
        (r#"{"presest":{}}"#, "presest: is not a member"),
        (r#"{"presets":{"x":"width=0"}}"#, "presets.x: width is 0"),
        (r#"{"presets":{"x":"wdith=5"}}"#, "presets.x: wdith=5 is not an edit"),
        (r#"{"styles":{"bw":"width=5"}}"#, "styles.bw: is the name of a built-in style"),
        (r#"{"format":"bmp"}"#, "format: bmp is not known"),
        (r#"{"devices":{"fridge":5}}"#, "devices.fridge: is not mobile"),
        (r#"{"quality":0}"#, "quality: is not from 1 to 100"),
        (r#"{"effort":7}"#, "effort: is not from 0 to 6"),
        (r#"{"cmyk":"screen"}"#, "cmyk: is not press or naive"),
        (r#"{"cmyk":1}"#, "expected a string"),
        (r#"{"limits":{"sourceByte":1}}"#, "unknown field"),
        (r#"{"variants":{"width":[0]}}"#, "variants.width: holds 0; expected an integer"),
        (r#"{"variants":{"colour":"any"}}"#, "variants.colour: is not the full name of an edit"),
        ("{\"cors\":\"a\\nb\"}", "cors: is not an origin"),
    ];
    for (text, message) in wrong {
        let error = Config::from_json(text).unwrap_err();
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    let hosts = r#"{"aws":{"anything":1},"worker":{},"cloudfront":{"sourceOriginId":"s"}}"#;
    assert!(Config::from_json(hosts).is_ok());
}

#[test]
fn another_quality_in_the_configuration_is_another_tag_and_makes_the_image_again() {
    let mut world = World::with("a.jpg", include_bytes!("../src/warm-up.jpg").to_vec(), "image/jpeg");
    let request = head("GET", "/a.jpg?width=40", &[]);
    let (first, _) = world.run(&request, Start::Viewer, r#"{"quality":80}"#);
    let (again, reads) = world.run(&request, Start::Viewer, r#"{"quality":80}"#);
    assert_eq!((header(&again, "etag"), reads), (header(&first, "etag"), 0));
    let tag = header(&first, "etag").unwrap().to_owned();
    let conditional = head("GET", "/a.jpg?width=40", &[("if-none-match", &tag)]);
    let (other, reads) = world.run(&conditional, Start::Viewer, r#"{"quality":40}"#);
    assert_eq!((other.status, reads), (200, 1));
    assert_ne!(header(&other, "etag"), Some(tag.as_str()));
    assert!(other.result.len() < first.result.len());
    // and what is stored is the new one
    let (stored, reads) = world.run(&request, Start::Viewer, r#"{"quality":40}"#);
    assert_eq!((header(&stored, "etag"), reads), (header(&other, "etag"), 0));
}

#[test]
fn another_way_with_inks_in_the_configuration_is_another_tag_and_another_picture() {
    let mut world = World::with("a.jpg", include_bytes!("../../fixtures/cmyk.jpg").to_vec(), "image/jpeg");
    let request = head("GET", "/a.jpg?width=40", &[]);
    let (press, _) = world.run(&request, Start::Viewer, r#"{"cmyk":"press"}"#);
    let (naive, reads) = world.run(&request, Start::Viewer, r#"{"cmyk":"naive"}"#);
    assert_eq!((press.status, naive.status, reads), (200, 200, 1));
    assert!(header(&press, "etag") != header(&naive, "etag") && press.result != naive.result);
    let (default, reads) = world.run(&request, Start::Viewer, "{}");
    assert_eq!((header(&default, "etag"), reads), (header(&press, "etag"), 1));
    assert!(default.result == press.result);
}

#[test]
fn a_source_without_an_etag_is_known_by_its_bytes() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    world.etag = None;
    let first = world.get("/a.png?width=10");
    let tag = header(&first, "etag").unwrap().to_owned();
    world.derived.clear();
    let conditional = head("GET", "/a.png?width=10", &[("if-none-match", &tag)]);
    let (same, reads) = world.run(&conditional, Start::Viewer, "{}");
    assert_eq!((header(&same, "etag"), reads), (Some(tag.as_str()), 1));
    world.derived.clear();
    world.source.insert("a.png".into(), (png(41, 20), "image/png"));
    let (other, _) = world.run(&conditional, Start::Viewer, "{}");
    assert_eq!(other.status, 200);
    assert_ne!(header(&other, "etag"), Some(tag.as_str()));
}

#[test]
fn after_a_derived_miss_another_spelling_is_looked_for_under_the_canonical_path() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    world.get("/a.png?width=10&fit=cover&height=5");
    assert_eq!(world.derived.keys().collect::<Vec<_>>(), ["5h10w/fit-cover/a.png"]);
    let (answer, reads) = world.run(&head("GET", "/5h10w/fit-crop/a.png", &[]), Start::DerivedMiss, "{}");
    assert_eq!((answer.status, answer.send, reads), (200, Send::Object, 0));
    // the canonical spelling itself was asked for by the host
    let (answer, reads) = world.run(&head("GET", "/5h10w/fit-cover/a.png", &[]), Start::DerivedMiss, "{}");
    assert_eq!((answer.status, answer.send, reads), (200, Send::Result, 1));
}

#[test]
fn after_a_derived_miss_the_viewers_headers_are_not_looked_at() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let config = r#"{"format":"auto","devices":{"mobile":7},"deviceHeaders":true}"#;
    let headers = [("accept", "image/webp"), ("cloudfront-is-mobile-viewer", "true")];
    for path in ["/10w/default/a.png", "/a.png"] {
        let (answer, _) = world.run(&head("GET", path, &headers), Start::DerivedMiss, config);
        assert_eq!((answer.status, header(&answer, "content-type")), (200, Some("image/png")), "{path}");
        assert_eq!(header(&answer, "vary"), None);
    }
}

const DATE: &str = "Sun, 22 Nov 2026 10:00:00 GMT";

#[test]
fn a_date_is_a_condition_on_an_original() {
    let mut world = World::with("a.pdf", vec![1; 100], "application/pdf");
    let asked = |date: &str| head("GET", "/a.pdf", &[("if-modified-since", date)]);
    let (answer, _) = world.run(&asked(DATE), Start::Viewer, "{}");
    assert_eq!((answer.status, answer.send), (304, Send::Nothing));
    let (answer, _) = world.run(&asked("Sat, 21 Nov 2026 10:00:00 GMT"), Start::Viewer, "{}");
    assert_eq!((answer.status, answer.send), (200, Send::Object));
}

/// An exchange about an original that can be read in parts.
fn ranged(method: &str, range: &str) -> Answer {
    let config = Arc::new(Config::default());
    let head = head(method, "/film.mp4", &[("range", range)]);
    let mut exchange = Exchange::begin(&head, Start::Viewer, config, 0.0);
    exchange.found(Object {
        etag: Some("\"1\"".into()),
        content_type: Some("video/mp4".into()),
        size: Some(1000),
        ranges: true,
        ..Object::default()
    });
    exchange.into_answer().unwrap()
}

#[test]
fn a_range_of_an_original_is_a_206_with_its_place() {
    let answer = ranged("GET", "bytes=100-199");
    assert_eq!((answer.status, answer.send), (206, Send::Object));
    assert_eq!(answer.range.map(|range| (range.first, range.length)), Some((100, 100)));
    assert_eq!(header(&answer, "content-range"), Some("bytes 100-199/1000"));
    assert_eq!(header(&answer, "content-length"), Some("100"));
    let answer = ranged("GET", "bytes=1000-");
    assert_eq!((answer.status, header(&answer, "content-range")), (416, Some("bytes */1000")));
    let answer = ranged("HEAD", "bytes=0-1");
    assert_eq!((answer.status, answer.range, header(&answer, "accept-ranges")), (200, None, Some("bytes")));
}

#[test]
fn errors_of_a_negotiated_url_vary_as_its_images_do() {
    let mut world = World::default();
    let answer = world.get("/none.jpg?width=9&format=auto");
    assert_eq!((answer.status, header(&answer, "vary")), (404, Some("accept")));
    let answer = world.get("/none.jpg?width=9");
    assert_eq!((answer.status, header(&answer, "vary")), (404, None));
}

#[test]
fn a_host_without_room_answers_503_and_when_to_come_back() {
    let config = Arc::new(Config::default());
    let head = head("GET", "/a.jpg?width=9", &[]);
    for found_source in [false, true] {
        let mut exchange = Exchange::begin(&head, Start::Viewer, Arc::clone(&config), 0.0);
        if found_source {
            exchange.missing(1.0);
            exchange.found(Object::default());
        }
        exchange.failed(Failure::Busy, 2.0);
        let answer = exchange.into_answer().unwrap();
        assert_eq!((answer.status, message(&answer)["code"].as_str()), (503, Some("busy")));
        assert_eq!((header(&answer, "retry-after"), header(&answer, "cache-control")), (Some("2"), Some("no-store")));
    }
}

#[test]
fn a_body_shorter_than_its_length_is_an_error_and_nothing_is_stored() {
    let bytes = png(40, 30);
    let config = Arc::new(Config::default());
    let mut exchange = Exchange::begin(&head("GET", "/a.png?width=9", &[]), Start::Viewer, config, 0.0);
    exchange.missing(1.0);
    exchange.found(Object { size: Some(bytes.len() as u64 + 1), ..Object::default() });
    exchange.body(bytes, &|| 0.0);
    let answer = exchange.into_answer().unwrap();
    assert_eq!((answer.status, answer.put), (502, None));
}

#[test]
fn what_a_cache_in_front_would_keep_says_nothing_of_this_one_request() {
    let mut world = World::with("a.png", png(40, 30), "image/png");
    let head = head("GET", "/20w/default/a.png", &[]);
    let (behind, _) = world.run(&head, Start::DerivedMiss, "{}");
    assert_eq!((header(&behind, "cache-status"), header(&behind, "server-timing")), (None, None));
    world.derived.clear();
    let (direct, _) = world.run(&head, Start::Viewer, "{}");
    assert_eq!(header(&direct, "cache-status"), Some("deckle; fwd=miss"));
    assert!(header(&direct, "server-timing").is_some());
}

#[test]
fn the_source_counts_in_the_limit_on_memory() {
    let photo = png(400, 300);
    let mut world = World::with("a.png", [photo.clone(), vec![0; 2_000_000]].concat(), "image/png");
    let config = r#"{"limits":{"memoryBytes":6000000}}"#;
    let (answer, _) = world.run(&head("GET", "/300w/default/a.png", &[]), Start::Viewer, config);
    assert_eq!(answer.status, 200, "{:?}", String::from_utf8_lossy(&answer.result));
    world.source.insert("a.png".into(), ([photo, vec![0; 5_900_000]].concat(), "image/png"));
    let (answer, _) = world.run(&head("GET", "/301w/default/a.png", &[]), Start::Viewer, config);
    assert_eq!(answer.status, 413);
}

/// A picture in noise, of which the last third is cut off.
fn cut_png() -> Vec<u8> {
    let image = image::RgbImage::from_fn(64, 64, |x, y| {
        let noise = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761);
        image::Rgb([noise as u8, (noise >> 8) as u8, (noise >> 16) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    bytes[..bytes.len() * 2 / 3].to_vec()
}

#[test]
fn a_damaged_source_is_shown_for_a_minute_and_never_stored() {
    let mut world = World::with("a.png", cut_png(), "image/png");
    let answer = world.get("/a.png?width=32");
    assert_eq!((answer.status, header(&answer, "content-type")), (200, Some("image/png")));
    assert_eq!(header(&answer, "cache-control"), Some("public, max-age=60"));
    let warning = header(&answer, "deckle-warning").unwrap();
    assert!(
        warning.starts_with("the source image is damaged: 3") && warning.ends_with(" % of it is filled"),
        "{warning}"
    );
    assert!(answer.put.is_none() && header(&answer, "etag").is_none());
    // a part that is whole has no warning
    let answer = world.get("/a.png?crop=0,0,64,20");
    assert_eq!((answer.status, header(&answer, "deckle-warning")), (200, None));
}

#[test]
fn a_damaged_source_can_be_refused() {
    let mut world = World::with("a.png", cut_png(), "image/png");
    let (answer, _) = world.run(&head("GET", "/a.png?width=32", &[]), Start::Viewer, r#"{"damaged":"refuse"}"#);
    assert_eq!((answer.status, message(&answer)["code"].as_str()), (422, Some("corrupt_image")));
    let wrong = Config::from_json(r#"{"damaged":"hide"}"#).unwrap_err();
    assert!(wrong.to_string().contains("unknown variant `hide`"), "{wrong}");
}

#[test]
fn variants_that_the_configuration_does_not_list_are_400_before_any_look_into_a_store() {
    let config = r#"{"variants":{"width":[10],"format":["webp"]},"presets":{"card":"width=12&height=8&fit=cover"}}"#;
    let mut world = World::with("a.png", png(40, 20), "image/png");
    for url in ["/a.png?width=11", "/11w/default/a.png", "/a.png?width=10&style=bw", "/a.png?width=12"] {
        for start in [Start::Viewer, Start::DerivedMiss] {
            let asked = head("GET", url, &[]);
            if start == Start::DerivedMiss && url.contains('?') {
                continue;
            }
            let exchange = Exchange::begin(&asked, start, Arc::new(Config::from_json(config).unwrap()), 0.0);
            assert!(matches!(exchange.step(), Step::Answer(answer) if answer.status == 400), "{url}");
            assert_eq!(exchange.cache_key(), None, "{url}: what was cached before is not answered");
        }
    }
    for url in ["/a.png?width=10", "/a.png?preset=card&format=webp", "/8h12w/fit-cover/a.png", "/a.png"] {
        assert_eq!(world.run(&head("GET", url, &[]), Start::Viewer, config).0.status, 200, "{url}");
    }
    let negotiated = head("GET", "/a.png?format=auto&width=11", &[("accept", "image/webp")]);
    let (answer, _) = world.run(&negotiated, Start::Viewer, config);
    assert_eq!((answer.status, header(&answer, "vary")), (400, Some("accept")));
    assert_eq!(message(&answer)["message"], "width is 11; expected one of the configuration's: 10, or a preset");
}

#[test]
fn of_one_source_as_many_images_are_made_as_the_configuration_allows() {
    let config = r#"{"limits":{"variants":3}}"#;
    let mut world = World::with("a.png", png(40, 20), "image/png");
    world.source.insert("b/a.png".into(), (png(8, 8), "image/png"));
    let mut statuses = Vec::new();
    for width in 1..=10 {
        for start in [Start::Viewer, Start::DerivedMiss] {
            let (answer, _) = world.run(&head("GET", &format!("/{width}w/default/a.png"), &[]), start, config);
            statuses.push(answer.status);
            if answer.status == 403 {
                assert_eq!(message(&answer)["code"], "too_many_variants");
            }
        }
    }
    assert_eq!(world.derived.len(), 3);
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 6);
    assert_eq!(&statuses[6..], [403; 14]);
    // made before by another engine: made again; another source has its own
    world.derived.remove("2w/default/a.png");
    for url in ["/2w/default/a.png", "/5w/default/b/a.png", "/a.png"] {
        assert_eq!(world.run(&head("GET", url, &[]), Start::Viewer, config).0.status, 200, "{url}");
    }
    // a store that cannot be listed costs images, not answers
    let config = Arc::new(Config::from_json(config).unwrap());
    let mut exchange = Exchange::begin(&head("GET", "/9w/default/a.png", &[]), Start::DerivedMiss, config, 0.0);
    assert!(matches!(exchange.step(), Step::List { folder, most: 3 } if folder == "_i/a.png/"));
    exchange.failed(Failure::Timeout, 1.0);
    assert!(matches!(exchange.step(), Step::Load { store: Store::Source, .. }));
    for wrong in [r#"{"limits":{"variants":1001}}"#, r#"{"limits":{"variants":3},"index":false}"#] {
        assert!(Config::from_json(wrong).unwrap_err().to_string().contains("limits.variants"));
    }
}

#[test]
fn a_refused_request_has_no_key_in_a_cache_while_its_fallback_is_loaded() {
    let key = |variants: &str| {
        let sih = r#""dialects":["thumbor","native"],"sih":{"sourceBuckets":["photos"],"fallback":{"key":"no.png"}}"#;
        let config = Arc::new(Config::from_json(&format!("{{{sih}{variants}}}")).unwrap());
        Exchange::begin(&head("GET", "/11x0/a.png", &[]), Start::Viewer, config, 0.0).cache_key()
    };
    assert_eq!((key("").is_some(), key(r#","variants":{"width":[10]}"#)), (true, None));
}

#[test]
fn requests_that_end_at_different_times_are_different_answers_in_a_cache() {
    let config =
        Arc::new(Config::from_json(r#"{"dialects":["thumbor","native"],"sih":{"sourceBuckets":["photos"]}}"#).unwrap());
    let key = |expires: &str, seconds: u64| {
        let url = format!("/10x0/a.png?expires={expires}");
        let asked = Head { seconds: Some(seconds), ..head("GET", &url, &[]) };
        Exchange::begin(&asked, Start::Viewer, Arc::clone(&config), 0.0).cache_key().unwrap()
    };
    let first = key("19700101T010000Z", 100);
    assert_eq!(first, key("19700101T010000Z", 200));
    assert_ne!(first, key("19700101T020000Z", 100));
}

#[test]
fn spellings_of_one_meaning_are_one_object_with_one_tag() {
    let mut world = World::with("a.png", png(40, 20), "image/png");
    let first = world.get("/a.png?width=10&rotate=180");
    for url in
        ["/a.png?width=10&flip&flop", "/10w/fit-cover~position-top~flip~flop/a.png", "/a.png?w=10&rot=-180&fit=pad"]
    {
        let (again, reads) = world.run(&head("GET", url, &[]), Start::Viewer, "{}");
        assert_eq!((again.send, reads, header(&again, "etag")), (Send::Object, 0, header(&first, "etag")), "{url}");
    }
    assert_eq!(world.derived.keys().collect::<Vec<_>>(), ["10w/rotate-180/a.png"]);
}

#[test]
fn client_hints_are_asked_for_and_the_answer_varies_by_them() {
    let config = r#"{ "clientHints": true, "breakpoints": [20, 40] }"#;
    let hints = "sec-ch-width, sec-ch-viewport-width, sec-ch-dpr";
    let read = Arc::new(Config::from_json(config).unwrap());
    let mut world = World::with("a.png", png(100, 80), "image/png");
    for (headers, path) in [
        (vec![("sec-ch-width", "15")], Some("20w")),
        (vec![("sec-ch-viewport-width", "15"), ("sec-ch-dpr", "2.0")], Some("40w")),
        (vec![("sec-ch-viewport-width", "15")], Some("20w")),
        (vec![("sec-ch-width", "99999")], Some("40w")),
        (vec![("sec-ch-width", "wide"), ("sec-ch-dpr", "2")], None),
        (vec![("sec-ch-width", "0")], None),
    ] {
        let exchange = Exchange::begin(&head("GET", "/a.png", &headers), Start::Viewer, Arc::clone(&read), 0.0);
        let expected = path.map_or("/a.png".to_owned(), |dims| format!("/{dims}/default/a.png"));
        assert_eq!(exchange.cache_path(), Some(expected), "{headers:?}");
        assert_eq!(exchange.vary().as_deref(), Some(hints));
    }
    let named = head("GET", "/a.png?device-type=mobile&width=10", &[("sec-ch-width", "15")]);
    let (answer, _) = world.run(&named, Start::Viewer, config);
    assert_eq!(header(&answer, "accept-ch"), Some(hints));
    assert_eq!(header(&answer, "vary"), None, "the request says what the hints would have");
}

#[test]
fn where_only_presets_may_be_asked_for_nothing_else_is_loaded() {
    let config = r#"{ "only": "presets", "presets": { "small": "width=10&height=10" }, "devices": { "mobile": 5 } }"#;
    let mut world = World::with("a.png", png(100, 80), "image/png");
    for (path, start, status) in [
        ("/a.png?dimensions=small", Start::Viewer, 200),
        ("/a.png?dimensions=small&device-type=mobile", Start::Viewer, 200),
        ("/10h10w/default/a.png", Start::DerivedMiss, 200),
        ("/5h5w/default/a.png", Start::DerivedMiss, 200),
        ("/a.png", Start::Viewer, 400),
        ("/a.png", Start::DerivedMiss, 400),
        ("/default/default/a.png", Start::DerivedMiss, 400),
        ("/a.png?width=10&height=10", Start::Viewer, 400),
        ("/a.png?dimensions=small&style=bw", Start::Viewer, 400),
        ("/10h10w/bw/a.png", Start::DerivedMiss, 400),
        ("/11w/default/a.png", Start::DerivedMiss, 400),
    ] {
        let (answer, _) = world.run(&head("GET", path, &[]), start, config);
        assert_eq!(answer.status, status, "{path}");
    }
}

#[test]
fn a_mistake_in_the_configuration_is_named_with_its_line() {
    for (text, message) in [
        (
            "{\n  \"presets\": {\n    \"a\": \"width=9000\"\n  }\n}",
            "deckle.json:3: presets.a: width is 9000; expected an integer from 1 to 8192",
        ),
        ("{\n  \"effort\": \"high\"\n}", "deckle.json:2: invalid type: string \"high\", expected u8"),
        ("{\n  \"limits\": {\n\n\"frame\": 3 }\n}", "deckle.json:4: unknown field `frame`, expected one of "),
        ("{\n\n  \"presetz\": {}\n}", "deckle.json:3: presetz: is not a member of the configuration"),
        ("{\n  \"effort\": 7 }", "deckle.json:2: effort: is not from 0 to 6"),
        ("{\n  \"quality\":\n}", "deckle.json:3: expected value"),
        ("[]", "deckle.json:1: expected an object"),
        (
            "{\n  \"clientHints\": true\n}",
            "deckle.json:2: clientHints: needs breakpoints, which bound how many widths are made",
        ),
        ("{\n  \"breakpoints\": [0]\n}", "deckle.json:2: breakpoints: holds 0; expected 1 to 8192"),
        (
            "{\n  \"only\": \"presets\",\n  \"variants\": {}\n}",
            "deckle.json:2: only: leaves presets alone, so variants cannot stand beside it",
        ),
        (
            "{\n  \"readyPresets\": [\"mars\"]\n}",
            "deckle.json:2: readyPresets: mars is neither a preset nor a group of the catalogue",
        ),
    ] {
        let error = Config::from_json(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with(message), "{error}");
    }
}
