//! The gain map of an Ultra HDR JPEG, cropped, resized and turned with its picture.
#![allow(clippy::unwrap_used)]

mod common;

use common::{plan, run};
use deckle::edit::{Crop, Edits, Fit, Rotate};
use deckle::image::{Format, Hdr, Icc, Pixels, Size};
use deckle::op::Operation;
use deckle::{Error, Image};

const FILES: [&str; 2] = ["ultra-hdr.jpg", "ultra-hdr-iso.jpg"];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What another reader of an index of pictures makes of it: the file's parts, as CIPA DC-007 has it.
fn pictures(file: &[u8]) -> Vec<&[u8]> {
    let Some(at) = file.windows(4).position(|four| four == b"MPF\0") else { return vec![file] };
    let header = at + 4;
    let is_big = file[header] == b'M';
    let u32 = |at: usize| {
        let bytes = *file[at..].first_chunk().unwrap();
        (if is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }) as usize
    };
    assert_eq!(u32(header + 4), 8, "tags follow the header");
    let entries = header + u32(header + 10 + 2 * 12 + 8);
    let count = u32(header + 10 + 12 + 8);
    (0..count)
        .map(|i| {
            let (length, at) = (u32(entries + 16 * i + 4), u32(entries + 16 * i + 8));
            let start = if at == 0 { 0 } else { header + at };
            &file[start..start + length]
        })
        .collect()
}

fn decoded(jpeg: &[u8]) -> Pixels {
    let mut decoder = jpeg_decoder::Decoder::new(jpeg);
    let data = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    let size = Size { width: info.width.into(), height: info.height.into() };
    Pixels { size, channels: (data.len() as u64 / size.pixels()) as u8, data }
}

/// Mean brightness of each of 6 × 6 parts, whose edges may lie within pixels.
fn parts(picture: &Pixels) -> [f64; 36] {
    let Size { width, height } = picture.size;
    let overlap = |at: u32, part: u32, side: u32| {
        let (from, to) = (f64::from(part * side) / 6.0, f64::from((part + 1) * side) / 6.0);
        (to.min(f64::from(at + 1)) - from.max(f64::from(at))).max(0.0)
    };
    let channels = usize::from(picture.channels);
    std::array::from_fn(|i| {
        let mut sum = (0.0, 0.0);
        for (pixel, at) in picture.data.chunks_exact(channels).zip(0_u32..) {
            let share = overlap(at % width, i as u32 % 6, width) * overlap(at / width, i as u32 / 6, height);
            let luma = match *pixel {
                [r, g, b] => 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b),
                [v, ..] => v.into(),
                [] => 0.0,
            };
            sum = (sum.0 + luma * share, sum.1 + share);
        }
        sum.0 / sum.1
    })
}

/// How much alike two pictures are, at most 1.
fn correlation(a: [f64; 36], b: [f64; 36]) -> f64 {
    let mean = |v: [f64; 36]| v.iter().sum::<f64>() / 36.0;
    let (a, b) = (a.map(|v| v - mean(a)), b.map(|v| v - mean(b)));
    let product = |a: [f64; 36], b: [f64; 36]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

/// Fixtures' maps are as bright as their pictures: wherever the map lies as its picture does, so are they afterwards.
fn assert_aligned(file: &[u8], what: &str) -> (Size, Size) {
    let all = pictures(file);
    assert_eq!(all.len(), 2, "{what}");
    assert_eq!(all[0].len() + all[1].len(), file.len(), "{what}: nothing but two pictures");
    for jpeg in &all {
        assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]), "{what}");
    }
    let (picture, map) = (decoded(all[0]), decoded(all[1]));
    let (a, b) = (parts(&picture), parts(&map));
    let alike = correlation(a, b);
    assert!(alike > 0.99, "{what}: {alike}");
    // one that lies otherwise would not pass
    let turned: [f64; 36] = std::array::from_fn(|i| b[35 - i]);
    let mirrored: [f64; 36] = std::array::from_fn(|i| b[i / 6 * 6 + 5 - i % 6]);
    assert!(correlation(a, turned).max(correlation(a, mirrored)) < 0.95, "{what}");
    (picture.size, map.size)
}

fn has(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn a_gain_map_lies_as_its_picture_does_after_every_crop_size_and_turn() {
    let crop = Some(Crop::pixels(32, 16, 200, 150));
    let all = [
        Edits { width: Some(160), ..Edits::default() },
        Edits { width: Some(123), height: Some(97), fit: Fit::Cover, ..Edits::default() },
        Edits { width: Some(90), height: Some(90), fit: Fit::Fill, ..Edits::default() },
        Edits { crop, ..Edits::default() },
        Edits { crop, width: Some(80), rotate: Rotate::Quarter, ..Edits::default() },
        Edits { width: Some(120), flip: true, ..Edits::default() },
        Edits { width: Some(120), flop: true, rotate: Rotate::ThreeQuarter, ..Edits::default() },
        Edits { width: Some(200), zoom: 20_000, progressive: true, ..Edits::default() },
        Edits { enlarge: true, ..Edits::default() },
    ];
    for name in FILES {
        let source = fixture(name);
        for edits in &all {
            let output = run(&source, edits).unwrap();
            let what = format!("{name} {edits:?}");
            let (picture, map) = assert_aligned(&output.bytes, &what);
            assert_eq!(picture, output.size, "{what}");
            // a quarter, as in the source
            assert!(map.width.abs_diff(picture.width.div_ceil(4)) <= 1, "{what}: {map:?}");
            assert!(map.height.abs_diff(picture.height.div_ceil(4)) <= 1, "{what}: {map:?}");
        }
    }
}

#[test]
fn the_numbers_of_a_gain_map_are_told_by_xmp_and_by_iso_21496_1() {
    for name in FILES {
        let output = run(&fixture(name), &Edits { width: Some(100), ..Edits::default() }).unwrap().bytes;
        let all = pictures(&output);
        let length = format!("Item:Length=\"{}\"", all[1].len());
        assert!(has(all[0], &length) && has(all[0], "Item:Semantic=\"GainMap\""), "{name}");
        assert!(has(all[1], "hdrgm:HDRCapacityMax=\"2\""), "{name}");
        assert!(all.iter().all(|jpeg| has(jpeg, "urn:iso:std:iso:ts:21496:-1\0")), "{name}");
        // what was told of three colours still is
        let three = "<hdrgm:GainMapMax><rdf:Seq><rdf:li>2</rdf:li><rdf:li>1.75</rdf:li><rdf:li>1.5</rdf:li>";
        assert_eq!(has(all[1], three), name == FILES[1], "{name}");
        // and is read again
        let again = run(&output, &Edits { width: Some(50), ..Edits::default() }).unwrap().bytes;
        assert_aligned(&again, name);
        assert_eq!(has(pictures(&again)[1], three), name == FILES[1], "{name}");
    }
}

#[test]
fn the_profile_is_kept_with_a_gain_map_as_its_gains_are_of_those_colours() {
    let source = fixture(FILES[0]);
    let edits = Edits { width: Some(100), ..Edits::default() };
    let output = run(&source, &edits).unwrap().bytes;
    let profile = Image::open(&source).unwrap();
    assert!(profile.info().has_profile && Image::open(&output).unwrap().info().has_profile);
    let stripped = run(&source, &Edits { hdr: Hdr::Strip, ..edits.clone() }).unwrap().bytes;
    assert!(!Image::open(&stripped).unwrap().info().has_profile);
    let note = &plan(&edits, &profile).unwrap().notes;
    assert_eq!(note, &["icc: the profile is kept, as the gain map is of its colours"]);
}

#[test]
fn a_gain_map_is_left_out_where_that_is_asked_for_or_it_would_not_fit() {
    for name in FILES {
        let source = fixture(name);
        for (edits, is_told) in [
            (Edits { hdr: Hdr::Strip, ..Edits::default() }, false),
            (Edits { format: Some(Format::WebP), ..Edits::default() }, true),
            (Edits { format: Some(Format::Png), ..Edits::default() }, true),
            (Edits { operations: vec![Operation::Greyscale], ..Edits::default() }, true),
            (Edits { width: Some(90), height: Some(90), fit: Fit::Contain, ..Edits::default() }, true),
        ] {
            let image = Image::open(&source).unwrap();
            let plan = plan(&edits, &image).unwrap();
            assert_eq!(plan.notes.iter().any(|note| note.starts_with("hdr: ")), is_told, "{name} {edits:?}");
            let output = run(&source, &edits).unwrap().bytes;
            assert!(!has(&output, "MPF\0") && !has(&output, "hdrgm") && !has(&output, "21496"), "{name} {edits:?}");
        }
    }
}

#[test]
fn other_jpegs_are_as_they_were() {
    let source = fixture("01.jpg");
    let edits = Edits { width: Some(100), ..Edits::default() };
    let plan = plan(&edits, &Image::open(&source).unwrap()).unwrap();
    assert!(plan.gain_map.is_none() && plan.notes.is_empty());
    assert_eq!(
        run(&source, &edits).unwrap().bytes,
        run(&source, &Edits { hdr: Hdr::Strip, ..edits.clone() }).unwrap().bytes
    );
}

#[test]
fn a_gain_map_counts_among_the_bytes_that_a_file_may_have() {
    let source = fixture(FILES[0]);
    let whole =
        run(&source, &Edits { enlarge: true, quality: Some(95), ..Edits::default() }).unwrap().bytes.len() as u32;
    let edits = Edits { max_bytes: Some(whole * 2 / 3), quality: Some(95), ..Edits::default() };
    let output = run(&source, &edits).unwrap().bytes;
    assert!(output.len() as u32 <= whole * 2 / 3);
    assert_aligned(&output, "bounded");
    let little = Edits { max_bytes: Some(300), ..edits };
    assert!(matches!(run(&source, &little), Err(Error::Edit { name: "max-bytes", .. })));
}

#[test]
fn icc_keep_and_a_gain_map_go_together_and_srgb_needs_strip() {
    let source = fixture(FILES[0]);
    let kept = run(&source, &Edits { icc: Icc::Keep, ..Edits::default() }).unwrap().bytes;
    assert_eq!(kept, run(&source, &Edits { enlarge: true, ..Edits::default() }).unwrap().bytes);
}

#[test]
fn whatever_is_damaged_of_a_gain_map_the_picture_stays() {
    let mut random = common::Random(11);
    for name in FILES {
        let source = fixture(name);
        let second = source.windows(3).rposition(|three| three == [0xff, 0xd8, 0xff]).unwrap();
        let edits = Edits { width: Some(40), ..Edits::default() };
        for _ in 0..400 {
            let mut damaged = source.clone();
            let metadata = random.below(2) == 0;
            let (from, count) = if metadata { (20, 1_400) } else { (second, source.len() - second) };
            damaged[from + random.below(count as u64) as usize] ^= 1 << random.below(8);
            // a profile, a table or the frame may be hit as well
            if let Ok(output) = run(&damaged, &edits) {
                assert!(decoded(&output.bytes).size.width <= 40);
            }
        }
        for end in (second..source.len()).step_by(97) {
            let output = run(&source[..end], &edits).unwrap();
            assert_eq!(decoded(&output.bytes).size.width, 40);
        }
    }
}
