//! How the result is written: chroma of full size, and files of a bounded length.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{constant, jpeg, picture, pixels, png, run};
use deckle::edit::{Edits, Rotate};
use deckle::image::{Chroma, Colour, Format, Pixels};
use deckle::op::Operation;
use deckle::{Error, Image, Limits, transform};

/// Sampling factors of the first component in the frame header.
fn sampling(jpeg: &[u8]) -> u8 {
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0] || marker == [0xFF, 0xC2]).unwrap();
    jpeg[frame + 11]
}

fn full(format: Option<Format>) -> Edits {
    Edits { chroma: Chroma::Full, format, ..Edits::default() }
}

#[test]
fn chroma_of_full_size_keeps_columns_of_colours() {
    // red and blue columns, one pixel each
    let mut image = constant(64, 48, &[230, 20, 20]);
    image.data.chunks_mut(6).for_each(|pair| pair[3..].copy_from_slice(&[20, 20, 230]));
    for progressive in [false, true] {
        let edits = Edits { quality: Some(95), progressive, ..full(Some(Format::Jpeg)) };
        let out = run(&png(&image), &edits).unwrap();
        assert_eq!(sampling(&out.bytes), 0x11);
        let (_, mean) = common::difference(&pixels(&out), &image);
        assert!(mean < 12.0, "{mean}");
        let halved = run(&png(&image), &Edits { chroma: Chroma::Quarter, ..edits }).unwrap();
        assert_eq!(sampling(&halved.bytes), 0x22);
        let (_, mean) = common::difference(&pixels(&halved), &image);
        assert!(mean > 40.0, "{mean}");
    }
}

#[test]
fn chroma_of_full_size_comes_from_every_source_and_after_every_turn() {
    let sources = [
        jpeg(&picture(61, 47, 3), 90, true, false, Some(6)),
        jpeg(&picture(61, 47, 3), 90, false, true, None),
        png(&picture(61, 47, 4)),
    ];
    for source in &sources {
        let white = Some(Colour::WHITE);
        let exact = Edits { background: white, format: Some(Format::Png), ..Edits::default() };
        let exact = pixels(&run(source, &exact).unwrap());
        let from_exact = |edits: &Edits| common::difference(&exact, &pixels(&run(source, edits).unwrap())).1;
        let whole = from_exact(&full(Some(Format::Jpeg)));
        let halved = from_exact(&Edits { format: Some(Format::Jpeg), ..Edits::default() });
        assert!(whole < 0.75 * halved, "{whole}, {halved}");
        for edits in [
            Edits { rotate: Rotate::Quarter, ..full(Some(Format::Jpeg)) },
            Edits { width: Some(33), operations: vec![Operation::Sepia], ..full(Some(Format::Jpeg)) },
        ] {
            assert_eq!(sampling(&run(source, &edits).unwrap().bytes), 0x11);
        }
    }
    // grey has none
    let grey = run(&jpeg(&picture(61, 47, 1), 90, false, false, None), &full(None)).unwrap();
    assert_eq!(pixels(&grey).channels, 1);
}

#[test]
fn chroma_means_nothing_to_other_formats() {
    for format in [Format::Png, Format::WebP, Format::Gif] {
        let source = png(&picture(61, 47, 3));
        let plain = Edits { format: Some(format), ..Edits::default() };
        assert_eq!(run(&source, &full(Some(format))).unwrap().bytes, run(&source, &plain).unwrap().bytes);
    }
}

fn noisy(width: u32, height: u32, channels: u8) -> Pixels {
    let mut image = picture(width, height, channels);
    let mut random = common::Random(5);
    for (i, sample) in image.data.iter_mut().enumerate() {
        // alpha is written without loss
        let is_alpha = channels == 4 && i % 4 == 3;
        *sample = if is_alpha { *sample } else { sample.wrapping_add(random.below(24) as u8) };
    }
    image
}

fn at_most(most: usize) -> Edits {
    Edits { max_bytes: Some(most as u32), ..Edits::default() }
}

#[test]
fn a_file_has_no_more_bytes_than_it_may_and_not_many_less() {
    let photo = jpeg(&noisy(300, 200, 3), 92, true, false, None);
    let sources =
        [("planes", photo.clone()), ("pixels", png(&noisy(300, 200, 3))), ("alpha", png(&noisy(300, 200, 4)))];
    for (name, source) in &sources {
        for format in [Format::Jpeg, Format::WebP] {
            let with = |quality, edits: &Edits| Edits { quality: Some(quality), format: Some(format), ..edits.clone() };
            let plain = Edits::default();
            let largest = run(source, &with(90, &plain)).unwrap().bytes.len();
            for share in [95, 60, 40, 25] {
                let most = largest * share / 100;
                let out = run(source, &with(90, &at_most(most))).unwrap();
                let length = out.bytes.len();
                assert!(length <= most && length * 10 > most * 8, "{name} {format:?} {share} %: {length} of {most}");
                assert_eq!((out.format, pixels(&out).size), (format, out.size));
            }
            // what fits is what it would be
            let same = run(source, &with(90, &at_most(largest))).unwrap();
            assert!(same.bytes == run(source, &with(90, &plain)).unwrap().bytes);
        }
    }
}

#[test]
fn what_is_found_is_a_file_of_that_quality() {
    let source = jpeg(&noisy(300, 200, 3), 92, true, false, Some(6));
    for operations in [vec![], vec![Operation::Sepia]] {
        let edits = Edits { operations, ..at_most(9_000) };
        let found = run(&source, &edits).unwrap().bytes;
        let of_quality = |quality| run(&source, &Edits { quality: Some(quality), max_bytes: None, ..edits.clone() });
        assert!((1..80).any(|quality| of_quality(quality).unwrap().bytes == found));
    }
}

#[test]
fn what_cannot_be_met_is_an_error_that_says_so() {
    let source = jpeg(&noisy(300, 200, 3), 92, true, false, None);
    for edits in [
        at_most(100),
        Edits { format: Some(Format::Png), ..at_most(2_000) },
        Edits { format: Some(Format::WebP), lossless: true, ..at_most(2_000) },
        Edits { format: Some(Format::Gif), ..at_most(2_000) },
    ] {
        let refused = run(&source, &edits);
        assert!(matches!(refused, Err(Error::Edit { name: "max-bytes", .. })), "{refused:?}");
    }
    // one that fits is no matter of quality
    assert!(run(&source, &Edits { format: Some(Format::Png), ..at_most(1 << 20) }).is_ok());
}

#[test]
fn looking_for_a_quality_takes_no_more_than_the_plan_says() {
    let sources = [jpeg(&noisy(640, 500, 3), 92, true, false, Some(6)), png(&noisy(640, 500, 3))];
    for source in &sources {
        for operations in [vec![], vec![Operation::Sepia]] {
            let edits = Edits { operations, quality: Some(95), format: Some(Format::Jpeg), ..at_most(60_000) };
            let image = Image::open(source).unwrap();
            let plan = image.plan(&edits, &Limits::default()).unwrap();
            let (output, peak) = deckle_testkit::peak(|| transform(&image, &plan, &mut |_| ()).unwrap());
            // what an encoder takes beyond depends on the picture: tokens and files
            let most = plan.memory + 6 * 130_000 + output.bytes.len() as u64;
            assert!(peak as u64 <= most, "{peak} of {most}");
            // and less than a small limit, or a refusal
            let limits = Limits { memory_bytes: source.len() as u64 + plan.memory + 100_000, ..Limits::default() };
            let image = Image::open(source).unwrap();
            let plan = image.plan(&edits, &limits).unwrap();
            let (made, peak) = deckle_testkit::peak(|| transform(&image, &plan, &mut |_| ()));
            assert!(peak as u64 <= plan.memory + 100_000, "{peak} of {}", plan.memory);
            assert!(made.is_ok() || matches!(made, Err(Error::Limit { .. })));
        }
    }
}
