//! `text`: how it is spelled, and what is written where.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{constant, decode, jpeg, picture, png};
use deckle::edit::Edits;
use deckle::edit::table::row;
use deckle::image::{Format, Pixels};
use deckle::{Error, Image, Limits, transform};

fn spelled(text: &str) -> Option<String> {
    row("text").unwrap().kind.parse(text).map(|value| value.to_string())
}

#[test]
fn a_text_has_one_spelling() {
    for (text, canonical) in [
        ("Hello world", "Hello world"),
        ("Hi,centre,size:6%,colour:white,opacity:1,outline:0,outline-colour:red", "Hi"),
        ("Hi,outline:2,outline-color:#000", "Hi,outline:2"),
        ("a%2cb%3Bc%25,southeast,size:040,color:F00", "a%2Cb%3Bc%25,size:40,colour:ff0000,bottom-right"),
        (
            "one\ntwo,width:50%,top:-5,outline:3,outline-colour:navy",
            "one\ntwo,top:-5,width:50%,outline:3,outline-colour:000080",
        ),
        ("a;b,left", "a;b,left"),
    ] {
        assert_eq!(spelled(text).as_deref(), Some(canonical), "{text}");
        assert_eq!(spelled(canonical).as_deref(), Some(canonical));
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let long = "é".repeat(501);
    for text in [
        "",
        " ",
        "\n",
        ",left",
        ";",
        "a;",
        "a;b;c;d;e",
        "a,b",
        "a, left",
        "a,size:3",
        "a,size:1001",
        "a,size:0%",
        "a,size:101%",
        "a,size:5,size:6",
        "a,colour:red,color:red",
        "a,colour:nocolour",
        "a,outline:17",
        "a,outline:-1",
        "a,outline:1.5",
        "a,attention",
        "a,tile",
        "a,multiply",
        "a,left,left:3",
        "a,opacity:NaN",
        "a\tb",
        "a\0",
        "100%",
        &long,
    ] {
        assert_eq!(spelled(text), None, "{text:?}");
    }
    assert!(spelled(&"é".repeat(500)).is_some());
}

fn edits(value: &str) -> Edits {
    let mut edits = Edits { format: Some(Format::Png), ..Edits::default() };
    let row = row("text").unwrap();
    (row.set)(&mut edits, row.kind.parse(value).unwrap_or_else(|| panic!("{value}")));
    edits
}

fn written(source: &[u8], edits: &Edits) -> Result<Pixels, Error> {
    let image = Image::open(source).unwrap();
    let output = transform(&image, &image.plan(edits, &Limits::default())?, &mut |_| ())?;
    Ok(decode(&output.bytes, output.format))
}

/// The rectangle of pixels that are not grey 90: left, top, right, bottom.
fn changed(pixels: &Pixels) -> Option<(usize, usize, usize, usize)> {
    let (width, channels) = (pixels.size.width as usize, usize::from(pixels.channels));
    let seen = pixels.data.chunks(channels).enumerate().filter(|(_, pixel)| pixel[..3] != [90; 3]);
    seen.map(|(i, _)| (i % width, i / width, i % width + 1, i / width + 1))
        .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)))
}

#[test]
fn text_lies_where_it_is_asked_to_and_is_broken_at_its_width() {
    let source = png(&constant(300, 200, &[90; 3]));
    let at = |value: &str| changed(&written(&source, &edits(value)).unwrap()).unwrap();
    let centre = at("Hello,size:40");
    assert!(centre.0.abs_diff(300 - centre.2) <= 6 && (20..60).contains(&(centre.3 - centre.1)), "{centre:?}");
    let left = at("Hello,size:40,bottom-left");
    assert!(left.0 <= 6 && left.3 <= 200 && left.1 > 140, "{left:?}");
    let right = at("Hello,size:40,left:-20,top:-10%");
    assert!((270..=280).contains(&right.2) && right.3 <= 180, "{right:?}");
    let broken = at("Hello Hello Hello,size:40,width:120");
    assert!(broken.2 - broken.0 <= 120 && broken.3 - broken.1 > 110, "{broken:?}");
    let larger = at("Hello,size:50%");
    assert!(larger.3 - larger.1 > 2 * (centre.3 - centre.1) - 10, "{larger:?}");
    let outlined = at("Hello,size:40,outline:5");
    assert_eq!(outlined, (centre.0 - 5, centre.1 - 5, centre.2 + 5, centre.3 + 5));
    // outside, and partly so
    assert_eq!(changed(&written(&source, &edits("Hello,left:300,top:0")).unwrap()), None);
    assert!(at("Hello,left:280,top:0,size:40").2 == 300);
    assert!(written(&source, &edits("Hello,size:1000,outline:16")).is_ok());
}

#[test]
fn text_has_its_colours_and_is_as_faint_as_asked() {
    let source = png(&constant(200, 80, &[90; 3]));
    let colours = |value: &str| {
        let pixels = written(&source, &edits(value)).unwrap();
        let mut all: Vec<Vec<u8>> = pixels.data.chunks(usize::from(pixels.channels)).map(<[u8]>::to_vec).collect();
        all.sort();
        all.dedup();
        all
    };
    let found = colours("Hello,size:60,colour:f00,outline:3,outline-colour:00f");
    assert!(found.contains(&vec![255, 0, 0]) && found.contains(&vec![0, 0, 255]));
    let found = colours("Hello,size:60,colour:f00,opacity:0.5");
    assert!(found.contains(&vec![173, 45, 45]) && !found.iter().any(|pixel| pixel[0] > 173), "{found:?}");
    // on nothing, only the letters are there
    let clear = written(&png(&constant(100, 50, &[0; 4])), &edits("Hi,colour:0f0,size:30")).unwrap();
    assert!(clear.data.chunks(4).any(|pixel| pixel == [0, 255, 0, 255]) && clear.data[3] == 0);
}

#[test]
fn text_takes_no_more_memory_than_its_plan_says() {
    let sources =
        [jpeg(&picture(1200, 900, 3), 80, false, false, None), png(&picture(1200, 900, 2)), png(&picture(40, 30, 4))];
    let long = format!("{},size:100%,outline:16", "Donaudampfschifffahrt ".repeat(22));
    for value in ["Hello", "Hello,size:1000,outline:16;b;c;d,opacity:0.5,outline:1", long.as_str(), "Ж,size:4"] {
        for (source, format) in sources.iter().zip([Format::Jpeg, Format::Png, Format::WebP]) {
            let edits = Edits { format: Some(format), ..edits(value) };
            let limits = Limits::default();
            let said = Image::open(source).unwrap().plan(&edits, &limits).unwrap().memory;
            let (file, peak) = deckle_testkit::peak(|| {
                let image = Image::open(source).unwrap();
                transform(&image, &image.plan(&edits, &limits).unwrap(), &mut |_| ()).unwrap().bytes.len()
            });
            assert!(peak as u64 <= said + 6 * file as u64, "{value} {format:?}: {peak} of {said} and a file of {file}");
        }
    }
}

#[test]
fn an_outline_that_would_take_too_long_is_refused() {
    let limits = Limits { memory_bytes: 1 << 30, ..Limits::default() };
    let source = png(&constant(4900, 4900, &[90]));
    let image = Image::open(&source).unwrap();
    assert!(image.plan(&edits("Hello,size:20,outline:16"), &limits).is_ok());
    let long = format!("{},size:1000,outline:16", "Hello ".repeat(80));
    let refused = image.plan(&edits(&[long.as_str(); 4].join(";")), &limits);
    assert!(matches!(refused, Err(Error::Limit { what: "work of operations", .. })), "{refused:?}");
}
