//! A picture that is only written anew: the source is the answer where it has fewer bytes, and nothing beside its picture.
#![allow(clippy::unwrap_used)]

mod common;

use common::{jpeg, picture, png, run};
use deckle::edit::{Edits, Rotate};
use deckle::image::{Chroma, Format};

/// Noise, which every encoder finds hard.
fn noise(channels: u8) -> deckle::image::Pixels {
    let mut random = common::Random(7);
    let mut pixels = picture(120, 90, channels);
    pixels.data.fill_with(|| random.next() as u8);
    pixels
}

fn rewritten(source: &[u8], edits: &Edits) -> Vec<u8> {
    run(source, edits).unwrap().bytes
}

fn good() -> Edits {
    Edits { quality: Some(95), ..Edits::default() }
}

fn webp(quality: u8) -> Vec<u8> {
    rewritten(&png(&noise(3)), &Edits { format: Some(Format::WebP), quality: Some(quality), ..Edits::default() })
}

#[test]
fn what_would_only_grow_stays_as_it_is() {
    let small = jpeg(&noise(3), 30, true, false, None);
    let output = run(&small, &good()).unwrap();
    assert_eq!((output.bytes == small, output.quality), (true, None));
    assert!(rewritten(&small, &Edits { width: Some(4000), format: Some(Format::Jpeg), ..good() }) == small);
    assert!(rewritten(&small, &Edits { chroma: Chroma::Full, ..good() }) == small);
    assert!(rewritten(&webp(20), &good()) == webp(20));
    let gif = rewritten(&png(&picture(60, 40, 3)), &Edits { format: Some(Format::Gif), ..Edits::default() });
    assert!(rewritten(&gif, &Edits { format: Some(Format::Gif), ..Edits::default() }).len() <= gif.len());
}

#[test]
fn what_gets_smaller_is_written_anew() {
    let large = jpeg(&noise(3), 95, false, false, None);
    let made = rewritten(&large, &Edits { quality: Some(40), ..Edits::default() });
    assert!(made.len() < large.len());
}

#[test]
fn every_edit_of_the_picture_has_it_written() {
    let small = jpeg(&noise(3), 30, true, false, None);
    for edits in [
        Edits { flop: true, ..good() },
        Edits { rotate: Rotate::Half, ..good() },
        Edits { width: Some(119), ..good() },
        Edits { crop: Some(deckle::edit::Crop::pixels(0, 0, 120, 89)), ..good() },
        Edits { operations: vec![deckle::op::Operation::Negative], ..good() },
        Edits { format: Some(Format::WebP), ..good() },
        Edits { progressive: true, ..good() },
    ] {
        assert!(rewritten(&small, &edits) != small, "{edits:?}");
    }
}

#[test]
fn what_carries_more_than_its_picture_has_that_taken_off() {
    let small = jpeg(&noise(3), 30, true, false, None);
    let turned = jpeg(&noise(3), 30, true, false, Some(1));
    assert!(rewritten(&turned, &good()) != turned, "EXIF stays");
    let commented = [&small[..2], &[0xff, 0xfe, 0, 6], b"hush", &small[2..]].concat();
    assert!(rewritten(&commented, &good()) != commented, "a comment stays");
    let behind = [&small[..], b"another picture"].concat();
    assert!(rewritten(&behind, &good()) != behind, "what is behind the end stays");
    let mut chunk = webp(20);
    chunk.extend(b"XMP \x04\0\0\0<x/>");
    let size = (chunk.len() as u32 - 8).to_le_bytes();
    chunk[4..8].copy_from_slice(&size);
    assert!(rewritten(&chunk, &good()) != chunk, "XMP stays");
}

#[test]
fn a_png_with_text_has_it_taken_off_and_one_without_may_stay() {
    let made = |metadata: bool| {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        if metadata {
            encoder.add_text_chunk("Comment".into(), "hush".into()).unwrap();
        }
        let mut random = common::Random(3);
        let data: Vec<u8> = (0..64 * 8).map(|_| random.next() as u8).collect();
        encoder.write_header().unwrap().write_image_data(&data).unwrap();
        bytes
    };
    let edits = Edits { format: Some(Format::Png), ..Edits::default() };
    assert!(rewritten(&made(false), &edits).len() <= made(false).len());
    assert!(rewritten(&made(true), &edits) != made(true));
}

#[test]
fn a_damaged_source_is_not_passed_on() {
    let small = jpeg(&noise(3), 30, true, false, None);
    let cut = &small[..small.len() * 2 / 3];
    if let Ok(output) = run(cut, &good()) {
        assert!(output.missing > 0.0 && output.bytes != cut);
    }
}

#[test]
fn files_that_end_anywhere_are_never_passed_on() {
    for source in [jpeg(&noise(3), 30, true, true, None), webp(20), png(&picture(30, 20, 4))] {
        for length in 0..source.len() {
            if let Ok(output) = run(&source[..length], &good()) {
                assert!(output.bytes != source[..length], "{length} of {}", source.len());
            }
        }
    }
}
