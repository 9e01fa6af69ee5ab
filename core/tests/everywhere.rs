//! The same results on every processor: these tests run natively and, by `make test-wasm`, on wasm32 with its SIMD.
//!
//! `everywhere.txt` holds a digest of each case's pixels. `DECKLE_BLESS=1` writes it natively, and fails that run.
#![allow(clippy::unwrap_used, clippy::panic)]

use deckle::request::{Request, Settings, Viewer};
use deckle::{Error, Image, Limits, Output};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../fixtures/", $name)).as_slice()
    };
}

const EXPECTED: &str = include_str!("everywhere.txt");

fn edit(source: &[u8], url: &str) -> Result<Output, Error> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let request = Request::parse(path, query, &Viewer::default(), &Settings::default()).unwrap();
    let image = Image::open(source)?;
    let plan = image.plan(&request.edits, &Limits::default())?;
    deckle::transform(&image, &plan, &mut |_| ())
}

/// Size, then FNV-1a over the pixels; of a JPEG, over the file.
fn digest(file: &[u8]) -> String {
    let fnv = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    };
    if file.starts_with(&[0xFF, 0xD8]) {
        return format!("{} bytes {:016x}", file.len(), fnv(file));
    }
    let image = image::load_from_memory(file).unwrap();
    format!("{}x{} {:?} {:016x}", image.width(), image.height(), image.color(), fnv(image.as_bytes()))
}

const CASES: &[(&str, &[u8], &str)] = &[
    ("alpha-down", fixture!("alpha.png"), "/x?width=61&format=png"),
    ("alpha-up", fixture!("alpha.png"), "/x?width=433&height=433&fit=fill&enlarge&format=png"),
    ("alpha-contain", fixture!("alpha.png"), "/x?width=90&height=90&fit=contain&background=c0ffee80&format=png"),
    ("alpha-flat", fixture!("alpha.png"), "/x?width=90&background=c0ffee&style=sepia&format=png"),
    ("palette", fixture!("palette.png"), "/x?width=77&format=png"),
    ("grey", fixture!("grey.png"), "/x?width=77&rotate=90&format=png"),
    ("grey16", fixture!("grey16.png"), "/x?width=50&style=negative&format=png"),
    ("rgb16", fixture!("rgb16.png"), "/x?width=50&height=20&fit=cover&position=0.2x0.8&format=png"),
    ("lossy", fixture!("rgb16.png"), "/x?format=webp"),
    ("lossy-planes", fixture!("01.jpg"), "/x?width=150&rotate=90&format=webp"),
    ("lossy-grey", fixture!("grey.png"), "/x?width=77&format=webp&quality=50"),
    ("lossy-alpha", fixture!("alpha.png"), "/x?width=61&format=webp"),
    ("webp", fixture!("lossless.webp"), "/x?width=99&style=bw&format=png"),
    ("webp-alpha", fixture!("alpha.webp"), "/x?width=99&flip&format=png"),
    ("gif", fixture!("animation.gif"), "/x?width=40&format=png"),
    ("crop", fixture!("rgb16.png"), "/x?crop=5,6,30,20&format=png"),
    // a JPEG's planes, decoded at every scale; then as pixels
    ("jpeg-1", fixture!("orientation-1.jpg"), "/x?width=170"),
    ("jpeg-2", fixture!("orientation-6.jpg"), "/x?width=60&progressive"),
    ("jpeg-4", fixture!("orientation-1.jpg"), "/x?width=40&quality=95"),
    ("jpeg-8", fixture!("orientation-3.jpg"), "/x?width=20"),
    ("jpeg-progressive", fixture!("progressive.jpg"), "/x?width=90"),
    ("jpeg-sepia", fixture!("orientation-1.jpg"), "/x?width=101&style=sepia"),
    ("jpeg-cmyk", fixture!("cmyk.jpg"), "/x?width=50&format=png"),
];

#[test]
fn pixels_are_the_same_on_every_processor() {
    let made: Vec<String> = CASES
        .iter()
        .map(|(name, source, url)| format!("{name} {}", digest(&edit(source, url).unwrap().bytes)))
        .collect();
    let text = made.join("\n") + "\n";
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("DECKLE_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/everywhere.txt"), &text).unwrap();
        panic!("wrote everywhere.txt; run again without DECKLE_BLESS");
    }
    for (made, expected) in made.iter().zip(EXPECTED.lines()) {
        assert_eq!(made, expected);
    }
    assert_eq!(text, EXPECTED);
}

#[test]
fn a_picture_stored_in_eight_ways_is_one_picture() {
    let stored = [
        fixture!("orientation-1.jpg"),
        fixture!("orientation-2.jpg"),
        fixture!("orientation-3.jpg"),
        fixture!("orientation-4.jpg"),
        fixture!("orientation-5.jpg"),
        fixture!("orientation-6.jpg"),
        fixture!("orientation-7.jpg"),
        fixture!("orientation-8.jpg"),
    ];
    let pixels = |source| image::load_from_memory(&edit(source, "/x?width=120&format=png").unwrap().bytes).unwrap();
    let upright = pixels(stored[0]).to_rgb8();
    for source in &stored[1..] {
        let other = pixels(source).to_rgb8();
        assert_eq!(other.dimensions(), upright.dimensions());
        let sum: u64 = other.iter().zip(upright.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(sum / u64::from(upright.width() * upright.height() * 3) < 3);
    }
}

#[test]
fn every_format_is_written_and_read_again() {
    for (word, media_type) in
        [("jpeg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp"), ("gif", "image/gif")]
    {
        let made = edit(fixture!("01.jpg"), &format!("/x?width=80&format={word}")).unwrap();
        assert_eq!(made.format.media_type(), media_type);
        assert_eq!(edit(&made.bytes, "/x?width=40").unwrap().size.width, 40);
    }
}

#[test]
fn faults_are_errors() {
    let faults: [(&[u8], &str); 6] = [
        (fixture!("faults/empty.jpg"), "not_an_image"),
        (fixture!("faults/text-named.jpg"), "not_an_image"),
        (fixture!("faults/corrupt-header.jpg"), "corrupt_image"),
        (fixture!("faults/huge-header.png"), "limit_exceeded"),
        (fixture!("faults/huge-header.jpg"), "limit_exceeded"),
        (&fixture!("alpha.png")[..60], "corrupt_image"),
    ];
    for (source, code) in faults {
        assert_eq!(edit(source, "/x?width=9").unwrap_err().code(), code);
    }
    for cut in (0..4000).step_by(97) {
        let _ = edit(&fixture!("01.jpg")[..cut], "/x?width=9");
        let _ = edit(&fixture!("alpha.png")[..cut], "/x?width=9");
    }
}
