//! What the colours of a file are: sRGB, Display P3, or the source's own, and how the file says so.
#![allow(clippy::unwrap_used)]

mod common;

use common::{constant, jpeg, pixels, plan, png, run, with_chunk, with_profile};
use deckle::edit::{Edits, Rotate};
use deckle::image::{Colour, Format, Icc, Sides};
use deckle::op::Operation;
use deckle::plan::Path;
use deckle::{Image, Limits};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

const FORMATS: [Format; 3] = [Format::Jpeg, Format::Png, Format::WebP];

/// The profile of a file, as other readers find it.
fn profile(file: &[u8]) -> Option<Vec<u8>> {
    use image::ImageDecoder;
    let reader = std::io::Cursor::new(file);
    match file {
        [0xff, 0xd8, ..] => {
            let mut decoder = jpeg_decoder::Decoder::new(reader);
            decoder.decode().unwrap();
            decoder.icc_profile()
        }
        [0x89, ..] => image::codecs::png::PngDecoder::new(reader).unwrap().icc_profile().unwrap(),
        _ => image::codecs::webp::WebPDecoder::new(reader).unwrap().icc_profile().unwrap(),
    }
}

fn p3() -> Vec<u8> {
    moxcms::ColorProfile::new_display_p3().encode().unwrap()
}

/// Adobe RGB's primaries, and a curve that is not sRGB's.
fn adobe() -> Vec<u8> {
    moxcms::ColorProfile::new_adobe_rgb().encode().unwrap()
}

fn edits(icc: Icc, format: Format) -> Edits {
    Edits { icc, format: Some(format), quality: (format != Format::Png).then_some(95), ..Edits::default() }
}

/// The first pixel in sRGB, by what the file says of its colours.
fn seen(file: &[u8]) -> [u8; 3] {
    let source = run(file, &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap();
    pixels(&source).data[..3].try_into().unwrap()
}

fn near(a: [u8; 3], b: [u8; 3], by: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= by)
}

#[test]
fn the_profile_is_kept_as_it_was_and_samples_are_not_converted() {
    let picture = constant(40, 30, &[200, 80, 40]);
    for icc in [p3(), adobe(), moxcms::ColorProfile::new_srgb().encode().unwrap()] {
        let source = with_profile(&jpeg(&picture, 95, false, false, None), &icc);
        for format in FORMATS {
            let file = run(&source, &Edits { width: Some(20), ..edits(Icc::Keep, format) }).unwrap();
            assert_eq!(profile(&file.bytes), Some(icc.clone()), "{format:?}");
            let first = &pixels(&file).data[..3];
            assert!(near(first.try_into().unwrap(), [200, 80, 40], 4), "{format:?} {first:?}");
        }
    }
}

#[test]
fn colours_beyond_srgb_are_kept_in_display_p3() {
    // P3's own green, which sRGB has not
    let picture = constant(40, 30, &[20, 220, 30]);
    let source = with_profile(&jpeg(&picture, 95, false, false, None), &p3());
    for format in FORMATS {
        let file = run(&source, &edits(Icc::P3, format)).unwrap();
        let first: [u8; 3] = pixels(&file).data[..3].try_into().unwrap();
        assert!(near(first, [20, 220, 30], 4), "{format:?} {first:?}");
        let icc = profile(&file.bytes).unwrap();
        let read = moxcms::ColorProfile::new_from_slice(&icc).unwrap();
        let moved = read.create_transform_8bit(
            moxcms::Layout::Rgb,
            &moxcms::ColorProfile::new_display_p3(),
            moxcms::Layout::Rgb,
            moxcms::TransformOptions::default(),
        );
        let mut out = [0; 3];
        moved.unwrap().transform(&[20, 220, 30], &mut out).unwrap();
        assert!(near(out, [20, 220, 30], 1), "{out:?}");
        assert!(icc.len() < 700, "{}", icc.len());
    }
}

#[test]
fn other_wide_colours_are_converted_to_display_p3_and_look_as_they_did() {
    let picture = constant(40, 30, &[180, 90, 60]);
    let source = with_profile(&jpeg(&picture, 97, false, false, None), &adobe());
    for format in FORMATS {
        let [p3, srgb] = [Icc::P3, Icc::Srgb].map(|icc| run(&source, &edits(icc, format)).unwrap());
        assert!(near(seen(&p3.bytes), seen(&srgb.bytes), 4), "{format:?}");
        assert!(pixels(&p3).data[..3] != pixels(&srgb).data[..3]);
        assert!(profile(&srgb.bytes).is_none());
    }
}

#[test]
fn srgb_stays_as_it_is_where_display_p3_is_asked_for() {
    let picture = constant(40, 30, &[180, 90, 60]);
    let srgb = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let plain = jpeg(&picture, 90, true, false, None);
    for source in [plain.clone(), with_profile(&plain, &srgb)] {
        let image = Image::open(&source).unwrap();
        let planned = plan(&edits(Icc::P3, Format::Jpeg), &image).unwrap();
        assert_eq!((planned.path, planned.encoding.icc), (Path::Planes, Icc::Srgb));
        let [a, b] = [Icc::P3, Icc::Srgb].map(|icc| run(&source, &edits(icc, Format::Jpeg)).unwrap().bytes);
        assert_eq!(a, b);
    }
}

#[test]
fn what_is_in_display_p3_already_stays_in_its_planes() {
    let source = with_profile(&jpeg(&constant(40, 30, &[1, 200, 3]), 90, true, false, None), &p3());
    let image = Image::open(&source).unwrap();
    for icc in [Icc::P3, Icc::Keep] {
        assert_eq!(plan(&edits(icc, Format::Jpeg), &image).unwrap().path, Path::Planes);
    }
    assert_eq!(plan(&edits(Icc::Srgb, Format::Jpeg), &image).unwrap().path, Path::Pixels);
}

#[test]
fn a_png_in_display_p3_says_so_by_numbers_too() {
    let source = with_profile(&jpeg(&constant(40, 30, &[1, 200, 3]), 90, true, false, None), &p3());
    let file = run(&source, &edits(Icc::P3, Format::Png)).unwrap().bytes;
    assert_eq!(&file[33..33 + 12], b"\0\0\0\x04cICP\x0c\x0d\0\x01");
    let few = run(&source, &Edits { quality: Some(80), ..edits(Icc::P3, Format::Png) }).unwrap().bytes;
    assert!(profile(&few).is_some());
}

#[test]
fn numbers_in_place_of_a_profile_are_kept_as_a_profile() {
    let source = with_chunk(&png(&constant(40, 30, &[20, 220, 30])), b"cICP", &[12, 13, 0, 1]);
    for format in FORMATS {
        let file = run(&source, &edits(Icc::Keep, format)).unwrap();
        assert!(profile(&file.bytes).is_some() && near(pixels(&file).data[..3].try_into().unwrap(), [20, 220, 30], 4));
    }
}

#[test]
fn a_lossless_webp_and_one_with_alpha_have_a_profile_and_their_alpha() {
    let icc = p3();
    let deflated = fdeflate::compress_to_vec(&icc);
    let source = with_chunk(&png(&constant(31, 21, &[1, 200, 3, 77])), b"iCCP", &[&b"x\0\0"[..], &deflated].concat());
    for lossless in [false, true] {
        let file = run(&source, &Edits { lossless, ..edits(Icc::Keep, Format::WebP) }).unwrap();
        assert_eq!(profile(&file.bytes), Some(icc.clone()));
        let pixels = pixels(&file);
        assert_eq!((pixels.channels, pixels.data[3]), (4, 77), "{lossless}");
    }
}

#[test]
fn what_cannot_keep_its_colours_is_srgb_and_the_plan_says_why() {
    let wide = with_profile(&jpeg(&constant(40, 30, &[1, 200, 3]), 90, true, false, None), &p3());
    let red = Colour { r: 255, g: 0, b: 0, a: 255 };
    let long = [p3(), vec![0; 2 << 20]].concat();
    let mut long = long;
    let length = (long.len() as u32).to_be_bytes();
    long[..4].copy_from_slice(&length);
    let long = with_chunk(
        &png(&constant(40, 30, &[1, 2, 3])),
        b"iCCP",
        &[&b"x\0\0"[..], &fdeflate::compress_to_vec(&long)].concat(),
    );
    let cases = [
        (wide.clone(), edits(Icc::Keep, Format::Gif), "holds no profile"),
        (fixture("cmyk.jpg"), edits(Icc::Keep, Format::Jpeg), "inks"),
        (
            wide.clone(),
            Edits { operations: vec![Operation::Greyscale], ..edits(Icc::Keep, Format::Jpeg) },
            "grey of colours",
        ),
        (
            wide.clone(),
            Edits { operations: vec![Operation::Tint(red)], ..edits(Icc::P3, Format::Jpeg) },
            "brings colours",
        ),
        (
            wide.clone(),
            Edits { background: Some(red), pad: Sides { top: 3, ..Sides::default() }, ..edits(Icc::P3, Format::Png) },
            "brings colours",
        ),
        (
            wide.clone(),
            Edits { background: Some(red), rotate: Rotate::Angle(50_000), ..edits(Icc::Keep, Format::Png) },
            "brings colours",
        ),
        (long, edits(Icc::Keep, Format::Png), ""),
    ];
    for (source, edits, why) in cases {
        let image = Image::open(&source).unwrap();
        let planned = plan(&edits, &image).unwrap();
        assert_eq!(planned.encoding.icc, Icc::Srgb, "{edits:?}");
        assert!(planned.notes.iter().any(|note| note.contains(why)) || why.is_empty(), "{:?}", planned.notes);
        let file = run(&source, &edits).unwrap();
        assert!(edits.format == Some(Format::Gif) || profile(&file.bytes).is_none());
    }
    // and what does fit keeps them
    let white = Edits { pad: Sides { top: 3, ..Sides::default() }, ..edits(Icc::Keep, Format::Jpeg) };
    assert!(profile(&run(&wide, &white).unwrap().bytes).is_some());
}

#[test]
fn a_profile_that_does_not_fit_the_pixels_is_not_kept() {
    let grey = moxcms::ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
    let wrong = [with_profile(&jpeg(&constant(40, 30, &[1, 200, 3]), 90, true, false, None), &grey), {
        let mut cut = p3();
        cut.truncate(100);
        with_profile(&jpeg(&constant(40, 30, &[1, 200, 3]), 90, true, false, None), &cut)
    }];
    for source in wrong {
        for icc in [Icc::Keep, Icc::P3] {
            assert!(profile(&run(&source, &edits(icc, Format::Jpeg)).unwrap().bytes).is_none());
        }
    }
    let fits = with_profile(&jpeg(&constant(40, 30, &[90]), 90, false, false, None), &grey);
    assert_eq!(profile(&run(&fits, &edits(Icc::Keep, Format::Jpeg)).unwrap().bytes), Some(grey));
}

#[test]
fn a_long_profile_is_in_several_segments() {
    let mut icc = p3();
    icc.resize(200_000, 7);
    let length = (icc.len() as u32).to_be_bytes();
    icc[..4].copy_from_slice(&length);
    let deflated = fdeflate::compress_to_vec(&icc);
    let source = with_chunk(&png(&constant(40, 30, &[1, 2, 3])), b"iCCP", &[&b"x\0\0"[..], &deflated].concat());
    for format in FORMATS {
        let file = run(&source, &edits(Icc::Keep, format)).unwrap();
        assert_eq!(profile(&file.bytes).map(|icc| icc.len()), Some(200_000), "{format:?}");
        common::takes_what_is_planned(&source, &edits(Icc::Keep, format));
    }
}

#[test]
fn a_profile_counts_among_the_bytes_that_a_file_may_have_and_the_memory_there_is() {
    let source = with_profile(&jpeg(&common::picture(300, 200, 3), 95, true, false, None), &p3());
    let whole = run(&source, &edits(Icc::Keep, Format::Jpeg)).unwrap().bytes.len() as u32;
    let bounded = Edits { max_bytes: Some(whole / 2), ..edits(Icc::Keep, Format::Jpeg) };
    let file = run(&source, &bounded).unwrap().bytes;
    assert!(file.len() as u32 <= whole / 2 && profile(&file).is_some());
    let image = Image::open(&source).unwrap();
    let limits = Limits { memory_bytes: plan(&bounded, &image).unwrap().memory, ..Limits::default() };
    assert!(image.plan(&bounded, &limits).is_err());
}
