//! `overlay`: how it is spelled, and what of other pictures is seen where.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{constant, decode, jpeg, picture, png};
use deckle::edit::table::row;
use deckle::edit::{Edits, Fit};
use deckle::image::{Format, Pixels, Size};
use deckle::{Error, Image, Limits, Picture, render, transform};

fn spelled(text: &str) -> Option<String> {
    row("overlay").unwrap().kind.parse(text).map(|value| value.to_string())
}

#[test]
fn an_overlay_has_one_spelling() {
    for (text, canonical) in [
        ("logo.png", "logo.png"),
        ("a/logo ä.png,centre,over,opacity:1", "a/logo ä.png"),
        ("l.png,southeast,tile", "l.png,bottom-right,tile"),
        ("l.png,left:0,top:0", "l.png,top-left"),
        ("l.png,top:0%", "l.png,top"),
        ("l.png,opacity:0.50,top:-05,left:10%", "l.png,left:10%,top:-5,opacity:0.5"),
        ("l.png,multiply,height:020,width:30%", "l.png,width:30%,height:20,multiply"),
        ("a%2cb%3B%25.png,left;b.png,right", "a%2Cb%3B%25.png,left;b.png,right"),
    ] {
        assert_eq!(spelled(text).as_deref(), Some(canonical), "{text}");
        assert_eq!(spelled(canonical).as_deref(), Some(canonical));
    }
}

#[test]
fn what_is_no_overlay_is_refused() {
    let nine = ["a"; 9].join(";");
    let long = "k".repeat(1025);
    for text in [
        "",
        ",left",
        ";",
        "a;",
        "a,",
        "a,b",
        "a,attention",
        "a,left,left:5",
        "a,left:5,left:6",
        "a,tile,tile",
        "a,over,multiply",
        "a,width:0",
        "a,width:0%",
        "a,width:101%",
        "a,width:8193",
        "a,width:-5",
        "a,width:1.5",
        "a,opacity:1.01",
        "a,opacity:-1",
        "a,opacity:NaN",
        "a,left:65536",
        "a,left:101%",
        "a,left:",
        "a,left:--5",
        "a,left:1e3",
        "a,size:5",
        "a%",
        "a%2",
        "a%2Fb",
        "a%é",
        "../a",
        "/a",
        "a//b",
        "a\\b",
        "a\nb",
        "a,0.5,0.5",
        &nine,
        &long,
    ] {
        assert_eq!(spelled(text), None, "{text:?}");
    }
    assert!(spelled(&["a"; 8].join(";")).is_some());
}

#[test]
fn the_row_holds_what_it_was_given() {
    let row = row("overlay").unwrap();
    let value = row.kind.parse("a,right;b,screen").unwrap();
    let mut edits = Edits::default();
    (row.set)(&mut edits, value.clone());
    assert_eq!((row.get)(&edits), Some(value));
    assert_eq!(edits.laid().count(), 2);
}

/// Edits of a query's value, as PNG.
fn edits(value: &str) -> Edits {
    let mut edits = Edits { format: Some(Format::Png), ..Edits::default() };
    let row = row("overlay").unwrap();
    (row.set)(&mut edits, row.kind.parse(value).unwrap_or_else(|| panic!("{value}")));
    edits
}

fn laid(source: &[u8], layers: &[Vec<u8>], edits: &Edits) -> Result<Pixels, Error> {
    let layers = layers.iter().map(|layer| Image::open(layer).unwrap()).collect();
    let image = Image::open(source).unwrap().with_layers(layers);
    let output = transform(&image, &image.plan(edits, &Limits::default())?, &mut |_| ())?;
    Ok(decode(&output.bytes, output.format))
}

const BELOW: [u8; 3] = [100, 180, 30];
const ABOVE: [u8; 3] = [200, 90, 60];

fn below(width: u32, height: u32) -> Vec<u8> {
    png(&constant(width, height, &BELOW))
}

fn above(width: u32, height: u32) -> Vec<u8> {
    png(&constant(width, height, &ABOVE))
}

/// The rectangle of pixels that are not the picture below: left, top, right, bottom.
fn changed(pixels: &Pixels) -> (usize, usize, usize, usize) {
    let width = pixels.size.width as usize;
    let channels = usize::from(pixels.channels);
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for (i, pixel) in pixels.data.chunks(channels).enumerate() {
        if pixel[..3] != BELOW {
            (left, top) = (left.min(i % width), top.min(i / width));
            (right, bottom) = (right.max(i % width + 1), bottom.max(i / width + 1));
        }
    }
    (left, top, right, bottom)
}

#[test]
fn an_overlay_lies_where_it_is_asked_to_and_has_the_asked_size() {
    for (value, expected) in [
        ("x", (40, 25, 60, 35)),
        ("x,top-left", (0, 0, 20, 10)),
        ("x,bottom-right", (80, 50, 100, 60)),
        ("x,left", (0, 25, 20, 35)),
        ("x,left:7,top:-5", (7, 45, 27, 55)),
        ("x,left:-10%,top:10%", (70, 6, 90, 16)),
        ("x,left:-5", (75, 25, 95, 35)),
        ("x,left:90,top:55", (90, 55, 100, 60)),
        ("x,top-left,width:50%", (0, 0, 50, 25)),
        ("x,top-left,height:50%", (0, 0, 60, 30)),
        ("x,top-left,width:40,height:5", (0, 0, 10, 5)),
        // never larger than the picture
        ("x,width:8192", (0, 5, 100, 55)),
        ("x,height:100%", (0, 5, 100, 55)),
        ("x,tile", (0, 0, 100, 60)),
        ("x,left:50,top:30,tile", (0, 0, 100, 60)),
    ] {
        let pixels = laid(&below(100, 60), &[above(20, 10)], &edits(value)).unwrap();
        assert_eq!(changed(&pixels), expected, "{value}");
    }
    // without a size of its own, what is larger is made to fit
    let pixels = laid(&below(100, 60), &[above(400, 600)], &edits("x,right")).unwrap();
    assert_eq!(changed(&pixels), (60, 0, 100, 60));
    // outside altogether
    assert_eq!(laid(&below(9, 9), &[above(5, 5)], &edits("x,left:9,top:65535")).unwrap().data, BELOW.repeat(81));
}

#[test]
fn an_overlay_is_laid_on_the_result_with_its_padding() {
    let mut edits = edits("x,top-left");
    (edits.width, edits.height, edits.fit) = (Some(50), Some(50), Fit::Contain);
    let pixels = laid(&below(100, 60), &[above(8, 8)], &edits).unwrap();
    assert_eq!((pixels.size, &pixels.data[..4]), (Size { width: 50, height: 50 }, &[200, 90, 60, 255][..]));
}

#[test]
fn an_overlay_is_upright() {
    let layer = jpeg(&picture(80, 40, 3), 90, false, false, Some(6));
    let pixels = laid(&below(100, 100), &[layer], &edits("x,top-left")).unwrap();
    assert_eq!(changed(&pixels), (0, 0, 40, 80));
}

#[test]
fn several_overlays_are_laid_in_their_order() {
    let colours = [[1, 2, 3], [4, 5, 6], [7, 8, 9]].map(|colour| png(&constant(6, 6, &colour)));
    let pixels = laid(&below(10, 10), &colours, &edits("a,top-left;b,left:2,top:0;c,left:4,top:0")).unwrap();
    let row: Vec<u8> = pixels.data.chunks(3).take(10).map(|pixel| pixel[0]).collect();
    assert_eq!(row, [1, 1, 4, 4, 7, 7, 7, 7, 7, 7]);
    let itself = laid(&above(10, 10), &[above(10, 10)], &edits("a,multiply")).unwrap();
    assert_eq!(&itself.data[..3], [157, 32, 14]);
}

#[test]
fn what_is_cut_out_is_transparent_or_has_the_background() {
    for (value, inside, outside) in [("x,top-left,dest-in", 255, 0), ("x,top-left,dest-out", 0, 255)] {
        let pixels = laid(&below(10, 10), &[above(4, 4)], &edits(value)).unwrap();
        assert_eq!((pixels.channels, pixels.data[3], pixels.data[399]), (4, inside, outside), "{value}");
        let jpeg = Edits { format: Some(Format::Jpeg), quality: Some(100), ..edits(value) };
        let pixels = laid(&below(32, 32), &[above(16, 16)], &jpeg).unwrap();
        let white = |at: usize| pixels.data[at] > 250;
        assert_eq!((white(0), white(pixels.data.len() - 3)), (inside == 0, outside == 0), "{value}");
    }
    // grey becomes colour, and what is not there stays so
    let faint = laid(&png(&picture(10, 10, 2)), &[above(4, 4)], &edits("x,top-left,opacity:0")).unwrap();
    assert_eq!((faint.channels, faint.data[399]), (4, picture(10, 10, 2).data[199]));
}

#[test]
fn an_overlay_that_is_too_large_to_decode_is_refused_before_it_is() {
    let mut bomb = png(&constant(64, 64, &ABOVE));
    // IHDR says 20,000 × 20,000
    bomb[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let checksum = {
        let mut crc = flate2::Crc::new();
        crc.update(&bomb[12..29]);
        crc.sum().to_be_bytes()
    };
    bomb[29..33].copy_from_slice(&checksum);
    let refused = laid(&below(100, 100), &[bomb], &edits("x,width:5%")).unwrap_err();
    assert!(matches!(refused, Error::Limit { what: "source pixels", .. }), "{refused:?}");
    let (source, layer) = (below(100, 100), above(300, 300));
    let image = Image::open(&source).unwrap().with_layers(vec![Image::open(&layer).unwrap()]);
    let plain = Image::open(&source).unwrap().plan(&Edits { flip: true, ..Edits::default() }, &Limits::default());
    let tight = Limits { memory_bytes: plain.unwrap().memory + 9_000, ..Limits::default() };
    assert!(matches!(image.plan(&edits("x"), &tight), Err(Error::Limit { .. })));
    // together they may have the pixels of one source
    let few = Limits { source_pixels: 99_999, ..Limits::default() };
    assert!(matches!(image.plan(&edits("x"), &few), Err(Error::Limit { what: "source pixels", needed: 100_000, .. })));
    // fewer pictures than are asked for
    assert!(matches!(laid(&source, &[], &edits("x")), Err(Error::Edit { name: "overlay", .. })));
}

#[test]
fn overlays_take_no_more_memory_than_their_plan_says() {
    let layers = [png(&picture(800, 700, 4)), jpeg(&picture(900, 640, 3), 80, false, false, Some(6))];
    let sources = [jpeg(&picture(1200, 900, 3), 80, false, false, None), png(&picture(1200, 900, 2))];
    for value in ["a,tile,multiply;b,width:100%,opacity:0.3", "a,dest-in,width:90%;b,dest-out", "a;b,right,screen"] {
        for (source, format) in sources.iter().zip([Format::Jpeg, Format::Png, Format::WebP]) {
            let edits = Edits { format: Some(format), ..edits(value) };
            let open = || {
                let layers = layers.iter().map(|layer| Image::open(layer).unwrap()).collect();
                Image::open(source).unwrap().with_layers(layers)
            };
            let said = open().plan(&edits, &Limits::default()).unwrap().memory;
            let (file, peak) = deckle_testkit::peak(|| {
                let image = open();
                let plan = image.plan(&edits, &Limits::default()).unwrap();
                transform(&image, &plan, &mut |_| ()).unwrap().bytes.len()
            });
            let most = said + 6 * file as u64;
            assert!(peak as u64 <= most, "{value} {format:?}: {peak} of {said} and a file of {file}");
        }
    }
}

/// A GIF of frames of one colour each.
fn animation(side: u16, frames: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, side, side, &[]).unwrap();
    for i in 0..frames {
        let pixels = [i * 20, 255 - i * 20, 60].repeat(usize::from(side) * usize::from(side));
        encoder.write_frame(&gif::Frame::from_rgb(side, side, &pixels)).unwrap();
    }
    drop(encoder);
    bytes
}

#[test]
fn an_overlay_lies_on_every_frame_and_takes_what_the_plan_says() {
    let source = animation(60, 8);
    let layers = [above(300, 300), png(&constant(400, 400, &[10, 20, 30]))];
    let edits = Edits { format: None, animated: true, ..edits("a,top-left,width:20;b,left:30,top:30,width:10") };
    let open = || {
        let layers = layers.iter().map(|layer| Image::open(layer).unwrap()).collect();
        Image::open(&source).unwrap().with_layers(layers)
    };
    let image = open();
    let plan = image.plan(&edits, &Limits::default()).unwrap();
    let Picture::Frames(frames) = render(&image, &plan).unwrap().picture else { panic!("no frames") };
    assert_eq!(frames.len(), 8);
    for (i, frame) in frames.iter().enumerate() {
        let at = |x: usize, y: usize| &frame.pixels.data[(y * 60 + x) * 4..][..3];
        let below = at(25, 25)[0];
        assert!(usize::from(below).abs_diff(i * 20) < 4, "{i}: {below}");
        assert_eq!(
            (at(0, 0), at(19, 19), at(30, 30), at(39, 39)),
            (&ABOVE[..], &ABOVE[..], &[10, 20, 30][..], &[10, 20, 30][..])
        );
    }
    let (file, peak) = deckle_testkit::peak(|| {
        let image = open();
        let plan = image.plan(&edits, &Limits::default()).unwrap();
        transform(&image, &plan, &mut |_| ()).unwrap().bytes.len()
    });
    assert!(peak as u64 <= plan.memory + 6 * file as u64, "{peak} of {} and a file of {file}", plan.memory);
}

#[test]
fn a_layer_has_the_room_that_the_picture_below_leaves() {
    let (source, layer) = (below(1000, 1000), above(300, 300));
    let image = Image::open(&source).unwrap().with_layers(vec![Image::open(&layer).unwrap()]);
    let plan = image.plan(&edits("x"), &Limits::default()).unwrap();
    let room = |plan: &deckle::plan::Plan| plan.encoding.room;
    assert!(room(&plan.layers[0]) + 3_000_000 < room(&plan), "{} {}", room(&plan.layers[0]), room(&plan));
    // it is refused with all that it is beside
    let limit = plan.memory + source.len() as u64 - 1;
    for memory_bytes in [limit, plan.memory - plan.layers[0].memory] {
        let refused = image.plan(&edits("x"), &Limits { memory_bytes, ..Limits::default() });
        let Err(Error::Limit { what: "memory bytes", needed, limit }) = refused else { panic!("{refused:?}") };
        assert!(needed > limit && limit == memory_bytes, "{needed} {limit}");
    }
}
