//! The words of AWS's version 8, of Shopify and of WordPress: published examples as canonical paths.
#![allow(clippy::unwrap_used)]

use data_encoding::BASE64URL;
use deckle::request::{Request, Settings, Viewer};
use serde_json::json;

const POLICY: &str = "11111111-2222-4333-8444-555555555555";

fn read(dialect: &str, url: &str) -> Result<String, String> {
    let presets = json!({ POLICY: "style=sepia&width=50&quality=60" });
    let source = serde_json::from_value(json!({ "dialects": [dialect, "native"], "presets": presets })).unwrap();
    let settings = Settings::new(&source).unwrap();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let request =
        Request::parse(path, query, &Viewer::default(), &settings).map_err(|e| format!("{}: {e}", e.code()))?;
    let path = request.path();
    assert_eq!(Request::parse_canonical(&path).unwrap().path(), path, "{url}");
    Ok(path)
}

fn check(dialect: &str, cases: &[(&str, &str)]) {
    let answer = |url: &str| read(dialect, url).unwrap_or_else(|error| error);
    let wrong: Vec<String> = cases
        .iter()
        .map(|(url, expected)| (url, expected, answer(url)))
        .filter(|(_, expected, got)| *expected != got)
        .map(|(url, expected, got)| format!("{url}\n  expected {expected}\n  got      {got}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn shopifys_published_urls_are_read() {
    check(
        "shopify",
        &[
            ("/files/a.jpg?v=1384&width=450", "/450w/default/files/a.jpg"),
            ("/files/a.jpg?v=1384&height=450", "/450h/default/files/a.jpg"),
            ("/files/a.jpg?crop=bottom&height=400&v=1&width=400", "/400h400w/fit-cover~position-bottom/files/a.jpg"),
            ("/a.jpg?crop=center&height=400&width=400", "/400h400w/fit-cover/a.jpg"),
            (
                "/a.jpg?crop=region&crop_height=200&crop_left=5&crop_top=6&crop_width=300",
                "/default/crop-5x6x300x200/a.jpg",
            ),
            ("/a.jpg?height=400&pad_color=ffffff&width=400", "/400h400w/fit-contain~background-ffffff/a.jpg"),
            ("/a.png?format=pjpg", "/default/format-jpeg~progressive/a.png"),
            ("/a.png?format=jpg&width=450", "/450w/format-jpeg/a.png"),
            ("/a_200x200.jpg", "/200h200w/default/a.jpg"),
            ("/a_200x.jpg?v=3", "/200w/default/a.jpg"),
            ("/a_x200_crop_top@2x.progressive.jpg", "/400h/format-jpeg~progressive/a.jpg"),
            ("/a_200x200_crop_center.png", "/200h200w/fit-cover/a.png"),
            ("/a_grande.jpg", "/600h600w/default/a.jpg"),
            ("/a_200x200.jpg?width=300", "/200h300w/default/a.jpg"),
            // names of files
            ("/a_b.jpg", "/a_b.jpg"),
            ("/a_x.jpg", "/a_x.jpg"),
            ("/_200x.jpg", "/_200x.jpg"),
            ("/a@2x.jpg", "/a@2x.jpg"),
            ("/a.jpg?v=1", "/a.jpg"),
            ("/a.jpg?style=bw", "/default/bw/a.jpg"),
            ("/5w/bw/a.jpg?width=9", "/5w/bw/a.jpg"),
        ],
    );
    for url in ["/a.jpg?crop=middle", "/a.jpg?crop=region&crop_left=1", "/a.jpg?width=x", "/a.jpg?format=tiff"] {
        assert!(read("shopify", url).unwrap_err().starts_with("invalid_parameter: "), "{url}");
    }
    assert!(read("shopify", "/a//b.jpg?width=5").unwrap_err().starts_with("invalid_key: "));
}

#[test]
fn wordpresss_published_urls_are_read() {
    check(
        "wordpress",
        &[
            ("/a.jpg?w=300", "/300w/default/a.jpg"),
            ("/a.jpg?h=400px&w=300", "/400h300w/default/a.jpg"),
            ("/a.jpg?w=300&h=300&crop=1", "/300h300w/fit-cover/a.jpg"),
            ("/a.jpg?crop=12,25,60,60", "/default/crop-0.12x0.25x0.6x0.6/a.jpg"),
            ("/a.jpg?crop=160px,25px,300px,200px", "/default/crop-160x25x300x200/a.jpg"),
            ("/a.jpg?resize=400,220", "/220h400w/fit-cover/a.jpg"),
            ("/a.jpg?fit=300,300", "/300h300w/default/a.jpg"),
            ("/a.jpg?lb=310,250", "/250h310w/fit-contain~background-000000/a.jpg"),
            ("/a.jpg?resize=100,50&zoom=2", "/100h200w/fit-cover/a.jpg"),
            ("/a.jpg?quality=50&w=100", "/100w/quality-50/a.jpg"),
            ("/a.jpg?filter=grayscale", "/default/bw/a.jpg"),
            ("/a.jpg?filter=negate", "/default/negative/a.jpg"),
            ("/a.jpg?brightness=-40", "/default/linear-1x-40/a.jpg"),
            ("/a.jpg?contrast=-50", "/default/linear-2.25x-159.375/a.jpg"),
            ("/a.jpg?colorize=100,0,0", "/default/linear-1x1x1x100x0x0/a.jpg"),
            ("/a.jpg?strip=all", "/default/enlarge/a.jpg"),
            ("/a.jpg?ssl=1", "/a.jpg"),
        ],
    );
    for query in
        ["w=50%25", "resize=1", "fit=a,b", "zoom=90", "filter=emboss", "crop=1,2,3px,4", "contrast=200", "colorize=1"]
    {
        assert!(read("wordpress", &format!("/a.jpg?{query}")).unwrap_err().starts_with("invalid_parameter"), "{query}");
    }
}

#[test]
fn transformations_of_awss_version_8_are_read_and_others_ignored() {
    let json = |text: &str| format!("/{}", BASE64URL.encode(text.as_bytes()));
    let path =
        json(r#"{"path":"/img/a.jpg","edits":{"resize":{"width":200,"fit":"inside"},"quality":70,"flip":true}}"#);
    let policy = json(&format!(r#"{{"path":"/a.jpg","edits":{{"resize":{{"width":9}}}},"policyId":"{POLICY}"}}"#));
    check(
        "dit",
        &[
            ("/a.jpg?resize[width]=400", "/400w/enlarge/a.jpg"),
            ("/a.jpg?resize.width=400&resize.height=300", "/300h400w/fit-cover~enlarge/a.jpg"),
            ("/a.jpg?resize%5Bwidth%5D=400&resize%5Bfit%5D=inside", "/400w/enlarge/a.jpg"),
            ("/a.jpg?resize.width=400&resize.withoutEnlargement=true", "/400w/default/a.jpg"),
            ("/a.jpg?resize.ratio=0.5", "/default/enlarge~ops-share-5000/a.jpg"),
            ("/a.jpg?format=jpg&quality=80", "/default/format-jpeg~quality-80/a.jpg"),
            ("/a.jpg?grayscale=true&blur=3&rotate=-90", "/default/rotate-270~bw~blur-3/a.jpg"),
            ("/a.jpg?extract=10,20,110,220", "/default/crop-10x20x100x200/a.jpg"),
            ("/a.jpg?extract=[10,20,110,220]&tint=255,0,0", "/default/crop-10x20x100x200~tint-ff0000/a.jpg"),
            ("/a.jpg?flatten=%23ff0000", "/default/background-ff0000/a.jpg"),
            ("/a.jpg?sharpen.sigma=2", "/default/sharpen-2/a.jpg"),
            (&format!("/a.jpg?policyId={POLICY}"), "/50w/sepia~quality-60/a.jpg"),
            (
                &format!("/a.jpg?policyId={POLICY}&resize.width=70&resize.fit=inside&quality=90"),
                "/70w/enlarge~sepia~quality-90/a.jpg",
            ),
            // what its schemas do not accept
            ("/a.jpg?resize.width=9000", "/a.jpg"),
            ("/a.jpg?resize.width=5&resize.depth=5", "/a.jpg"),
            ("/a.jpg?resize.fit=cover", "/a.jpg"),
            ("/a.jpg?blur=x&quality=900&format=bmp&flip=1", "/a.jpg"),
            ("/a.jpg?utm=1", "/a.jpg"),
            (&path, "/200w/enlarge~flip~quality-70/img/a.jpg"),
            (path.trim_end_matches('='), "/200w/enlarge~flip~quality-70/img/a.jpg"),
            (&policy, "/9w/enlarge~sepia~quality-60/a.jpg"),
            ("/eyewear.jpg", "/eyewear.jpg"),
        ],
    );
    for url in [
        "/a.jpg?policyId=none".to_owned(),
        "/a.jpg?watermark=https://a.org/b.png,[1,2]".to_owned(),
        "/a.jpg?contentModeration=true".to_owned(),
        json(r#"{"edits":{}}"#),
        json(r#"{"path":"a.jpg"}"#),
        json(r#"{"path":"/../a.jpg"}"#),
        json(r#"{"path":"/a.jpg?x"}"#),
    ] {
        assert!(read("dit", &url).unwrap_err().starts_with("invalid_parameter: "), "{url}");
    }
}

#[test]
fn dialects_with_words_in_common_are_not_read_together() {
    let settings = |dialects: serde_json::Value| {
        Settings::new(&serde_json::from_value(json!({ "dialects": dialects })).unwrap()).map_err(|e| e.to_string())
    };
    for wrong in [json!(["dit", "shopify"]), json!(["sih", "wordpress"]), json!(["native", "shopify"])] {
        assert!(settings(wrong).unwrap_err().contains("in common"));
    }
    assert!(settings(json!(["wordpress"])).is_ok() && settings(json!(["dit", "native"])).is_ok());
}
