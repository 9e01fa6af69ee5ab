//! Boxes: crops by fractions, aspect ratios, padding at the sides.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{jpeg, picture, pixels, png, probe, run};
use deckle::edit::{Crop, Edits, Fit, Ratio, Unit};
use deckle::image::{Colour, Format, Pixels, Sides, Size};
use deckle::op::{Extend, Operation};
use deckle::{Error, Output};

fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

fn ratio(width: u32, height: u32) -> Option<Ratio> {
    Some(Ratio { width: width * 10_000, height: height * 10_000 })
}

fn share(x: u32, y: u32, width: u32, height: u32) -> Option<Crop> {
    Some(Crop { x, y, width, height, unit: Unit::Share })
}

fn made(source: &[u8], edits: &Edits) -> Output {
    run(source, edits).unwrap()
}

fn at(image: &Pixels, x: u32, y: u32) -> &[u8] {
    let channels = usize::from(image.channels);
    &image.data[(y * image.size.width + x) as usize * channels..][..channels]
}

#[test]
fn a_crop_in_fractions_is_the_crop_of_the_pixels_that_they_are() {
    let source = png(&picture(40, 30, 3));
    for (shares, pixels) in [
        ((0, 0, 10_000, 10_000), (0, 0, 40, 30)),
        ((2_500, 5_000, 5_000, 3_333), (10, 15, 20, 10)),
        ((9_999, 9_999, 1, 1), (39, 29, 1, 1)),
        ((0, 0, 1, 1), (0, 0, 1, 1)),
        ((5_000, 5_000, 10_000, 10_000), (20, 15, 20, 15)),
    ] {
        let ours = made(&source, &Edits { crop: share(shares.0, shares.1, shares.2, shares.3), ..Edits::default() });
        let crop = Some(Crop::pixels(pixels.0, pixels.1, pixels.2, pixels.3));
        assert_eq!(ours.bytes, made(&source, &Edits { crop, ..Edits::default() }).bytes, "{shares:?}");
    }
    let outside = Edits { crop: share(10_000, 0, 1, 1), ..Edits::default() };
    assert!(matches!(run(&source, &outside), Err(Error::Edit { name: "crop", .. })));
}

#[test]
fn fractions_are_of_the_upright_image() {
    let source = jpeg(&picture(48, 32, 3), 90, false, false, Some(6));
    let edits = Edits { crop: share(0, 0, 5_000, 2_500), ..Edits::default() };
    assert_eq!(made(&source, &edits).size, size(16, 12));
}

#[test]
fn an_aspect_ratio_completes_a_missing_side() {
    let source = png(&picture(400, 300, 3));
    let edits = |width, height, fit| Edits { width, height, ratio: ratio(16, 9), fit, ..Edits::default() };
    for (width, height, fit, expected) in [
        (Some(160), None, Fit::Cover, size(160, 90)),
        (None, Some(90), Fit::Cover, size(160, 90)),
        (Some(160), None, Fit::Contain, size(160, 90)),
        (Some(160), None, Fit::Fill, size(160, 90)),
        (Some(160), None, Fit::Inside, size(120, 90)),
        (Some(160), None, Fit::Outside, size(160, 120)),
        // nothing to complete
        (Some(100), Some(100), Fit::Cover, size(100, 100)),
    ] {
        let out = made(&source, &edits(width, height, fit));
        assert_eq!(out.size, expected, "{width:?} {height:?} {fit:?}");
        let whole =
            Edits { width: width.or(Some(160)), height: height.or(Some(90)), ratio: None, fit, ..Edits::default() };
        assert_eq!(out.bytes, made(&source, &whole).bytes);
    }
}

#[test]
fn an_aspect_ratio_alone_crops_or_pads_the_image_and_scales_nothing() {
    let image = picture(400, 300, 3);
    let source = png(&image);
    let with = |ratio, fit| Edits { ratio, fit, format: Some(Format::Png), ..Edits::default() };
    for (asked, fit, expected) in [
        (ratio(16, 9), Fit::Cover, size(400, 225)),
        (ratio(1, 1), Fit::Cover, size(300, 300)),
        (ratio(16, 9), Fit::Contain, size(533, 300)),
        (ratio(1, 1), Fit::Contain, size(400, 400)),
        (ratio(1, 1), Fit::Inside, size(400, 300)),
    ] {
        let out = made(&source, &with(asked, fit));
        assert_eq!(out.size, expected, "{fit:?}");
    }
    let square = pixels(&made(&source, &with(ratio(1, 1), Fit::Cover)));
    assert_eq!(at(&square, 0, 7), at(&image, 50, 7));
}

#[test]
fn the_strangest_aspect_ratio_is_an_image_or_a_limit() {
    let source = png(&picture(40, 30, 3));
    let strange = [Ratio { width: 100, height: 100_000_000 }, Ratio { width: 100_000_000, height: 100 }];
    let fits = [Fit::Inside, Fit::Cover, Fit::Contain, Fit::Fill, Fit::Outside];
    for (ratio, fit) in strange.into_iter().flat_map(|ratio| fits.map(|fit| (Some(ratio), fit))) {
        for (width, enlarge) in [(None, false), (None, true), (Some(8192), false), (Some(8192), true)] {
            let edits = Edits { width, ratio, fit, enlarge, ..Edits::default() };
            match run(&source, &edits) {
                Ok(output) => assert!(output.size.pixels() <= 25_000_000),
                Err(error) => assert!(matches!(error, Error::Limit { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn padding_lies_around_the_picture_in_the_background() {
    let image = picture(40, 30, 3);
    let pad = Sides { top: 1, right: 2, bottom: 3, left: 4 };
    let background = Some(Colour { r: 1, g: 2, b: 3, a: 255 });
    let out = pixels(&made(&png(&image), &Edits { pad, background, ..Edits::default() }));
    assert_eq!((out.size, out.channels), (size(46, 34), 3));
    for (x, y) in [(0, 0), (45, 33), (3, 1), (44, 5), (20, 0), (20, 31)] {
        assert_eq!(at(&out, x, y), [1, 2, 3], "{x},{y}");
    }
    assert_eq!((at(&out, 4, 1), at(&out, 43, 30)), (at(&image, 0, 0), at(&image, 39, 29)));
}

#[test]
fn padding_is_clear_where_the_format_can_be_and_else_white() {
    let source = png(&picture(40, 30, 3));
    let edits = |format| Edits { pad: Sides { top: 9, ..Sides::default() }, format: Some(format), ..Edits::default() };
    let out = pixels(&made(&source, &edits(Format::Png)));
    assert_eq!((out.channels, at(&out, 5, 5)), (4, &[0; 4][..]));
    let out = pixels(&made(&source, &edits(Format::Jpeg)));
    assert!(out.size == size(40, 39) && at(&out, 5, 2).iter().all(|&v| v > 248), "{:?}", at(&out, 5, 2));
}

#[test]
fn padding_comes_after_contain_and_beyond_the_box() {
    let edits = Edits {
        width: Some(60),
        height: Some(60),
        fit: Fit::Contain,
        enlarge: true,
        pad: Sides { top: 5, right: 5, bottom: 5, left: 5 },
        background: Some(Colour { r: 9, g: 8, b: 7, a: 255 }),
        ..Edits::default()
    };
    let out = pixels(&made(&png(&picture(40, 30, 3)), &edits));
    assert_eq!(out.size, size(70, 70));
    assert_eq!(at(&out, 35, 10), [9, 8, 7]);
}

#[test]
fn operations_that_make_an_image_transparent_are_laid_on_a_colour_for_jpeg() {
    let clear = Extend { sides: Sides { top: 4, ..Sides::default() }, background: Colour::TRANSPARENT };
    let operations = vec![Operation::Extend(clear), Operation::Negative];
    let source = jpeg(&picture(40, 30, 3), 90, false, false, None);
    let out = made(&source, &Edits { operations, ..Edits::default() });
    assert_eq!((out.size, probe(&out.bytes).unwrap().format), (size(40, 34), Format::Jpeg));
}

#[test]
fn padding_beyond_the_limit_is_refused_before_any_work() {
    let pad = Sides { top: 8192, right: 8192, bottom: 8192, left: 8192 };
    let refused = run(&png(&picture(40, 30, 3)), &Edits { pad, ..Edits::default() });
    assert!(matches!(refused, Err(Error::Limit { what: "output pixels", .. })), "{refused:?}");
}
