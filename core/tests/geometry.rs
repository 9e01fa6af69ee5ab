//! Boxes: crops by fractions, aspect ratios, padding at the sides.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{jpeg, picture, pixels, png, probe, run};
use deckle::edit::{Crop, Edits, Fit, Point, Position, Ratio, Rotate, Unit};
use deckle::image::{Colour, Format, Pixels, Radius, Sides, Size};
use deckle::op::{Extend, Operation, Rotation};
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

fn turned(angle: u32) -> Edits {
    Edits { rotate: Rotate::from_angle(angle * 10_000), format: Some(Format::Png), ..Edits::default() }
}

#[test]
fn a_turned_image_meets_the_box_with_all_that_is_around_it() {
    let source = png(&picture(400, 300, 3));
    // the box around it is 495 × 495 in the whole
    for (width, height, fit, expected) in [
        (None, None, Fit::Inside, size(495, 495)),
        (Some(200), None, Fit::Inside, size(200, 200)),
        (Some(200), Some(100), Fit::Inside, size(100, 100)),
        (Some(200), Some(100), Fit::Cover, size(200, 100)),
        (Some(200), Some(100), Fit::Contain, size(200, 100)),
        (Some(200), Some(100), Fit::Fill, size(200, 100)),
        (Some(200), Some(100), Fit::Outside, size(200, 200)),
        (Some(9), Some(1), Fit::Fill, size(9, 1)),
    ] {
        let out = made(&source, &Edits { width, height, fit, ..turned(45) });
        assert_eq!(out.size, expected, "{width:?} {height:?} {fit:?}");
    }
}

#[test]
fn a_mirror_after_a_turn_is_a_mirror_of_the_turned_image() {
    let source = png(&picture(60, 44, 3));
    let (plain, flopped) = (made(&source, &turned(30)), made(&source, &Edits { flop: true, ..turned(30) }));
    let flopped_after = made(&plain.bytes, &Edits { flop: true, ..Edits::default() });
    // the points that libvips turns are no middles: half a pixel
    let (a, b) = (pixels(&flopped), pixels(&flopped_after));
    assert_eq!(a.size, b.size);
    let (_, mean) = common::difference(&a, &b);
    assert!(mean < 6.0, "{mean}");
    let (_, mean) = common::difference(&a, &pixels(&plain));
    assert!(mean > 20.0, "{mean}");
}

#[test]
fn a_turn_of_an_upright_photo_is_the_same_whatever_its_orientation() {
    let upright = jpeg(&picture(48, 32, 3), 95, false, false, None);
    let expected = pixels(&made(&upright, &turned(20)));
    // the same picture, stored on its side
    let stored = made(&png(&picture(48, 32, 3)), &Edits { rotate: Rotate::ThreeQuarter, ..Edits::default() });
    let sideways = jpeg(&pixels(&stored), 95, false, false, Some(6));
    let out = pixels(&made(&sideways, &turned(20)));
    let (_, mean) = common::difference(&expected, &out);
    assert!(mean < 3.0, "{mean}");
}

#[test]
fn corners_have_the_background_as_given_whatever_is_done_to_colours() {
    let teal = Colour { r: 0, g: 128, b: 128, a: 255 };
    for (format, channels) in [(Format::Png, 3), (Format::Png, 4), (Format::Jpeg, 3)] {
        for operations in [vec![], vec![Operation::Negative], vec![Operation::Greyscale]] {
            let edits = Edits { operations, background: Some(teal), format: Some(format), ..turned(45) };
            let out = pixels(&made(&png(&picture(60, 44, channels)), &edits));
            let corner = at(&out, 0, 0);
            let is_near = corner[..3].iter().zip([0, 128, 128]).all(|(&a, b)| a.abs_diff(b) < 4);
            assert!(is_near && out.channels == 3, "{edits:?}: {corner:?}");
        }
    }
}

#[test]
fn corners_are_clear_or_white_without_a_background() {
    let source = png(&picture(60, 44, 3));
    let clear = pixels(&made(&source, &turned(45)));
    assert_eq!((clear.channels, at(&clear, 0, 0)), (4, &[0; 4][..]));
    let white = pixels(&made(&source, &Edits { format: Some(Format::Jpeg), ..turned(45) }));
    assert!(at(&white, 0, 0).iter().all(|&v| v > 250));
    let mut operations = vec![Operation::Negative];
    let clear = pixels(&made(&source, &Edits { operations: operations.clone(), ..turned(45) }));
    assert_eq!((clear.channels, at(&clear, 0, 0)[3]), (4, 0));
    operations.push(Operation::Greyscale);
    let white = pixels(&made(&source, &Edits { operations, format: Some(Format::Jpeg), ..turned(45) }));
    assert!(at(&white, 0, 0).iter().all(|&v| v > 250));
}

#[test]
fn turns_stand_anywhere_among_operations_and_several_times() {
    let rotate = |angle| Operation::Rotate(Rotation { angle, background: Colour::WHITE, view: None });
    let operations = vec![rotate(450_000), Operation::Negative, rotate(1_234_567), rotate(900_000)];
    let out = made(&png(&picture(30, 20, 3)), &Edits { operations, ..Edits::default() });
    assert_eq!(out.size, plan_size(&[450_000, 1_234_567, 900_000], size(30, 20)));
    // two hundred of them grow beyond the limit
    let many = (0..200).map(|_| rotate(450_000)).collect();
    let refused = run(&png(&picture(30, 20, 3)), &Edits { operations: many, ..Edits::default() });
    assert!(matches!(refused, Err(Error::Limit { .. })), "{refused:?}");
}

fn plan_size(angles: &[u32], from: Size) -> Size {
    angles.iter().fold(from, |size, &angle| {
        let angle = (f64::from(angle) / 10_000.0).to_radians();
        let (sin, cos) = (angle.sin().abs(), angle.cos().abs());
        let (w, h) = (f64::from(size.width), f64::from(size.height));
        Size { width: (w * cos + h * sin).round() as u32, height: (w * sin + h * cos).round() as u32 }
    })
}

#[test]
fn rounded_corners_are_clear_or_have_the_background() {
    let source = png(&picture(60, 40, 3));
    let edits = |radius, format| Edits { radius, format: Some(format), ..Edits::default() };
    let out = pixels(&made(&source, &edits(Radius::Pixels(12), Format::Png)));
    assert_eq!((out.channels, at(&out, 0, 0)[3], at(&out, 30, 0)[3], at(&out, 0, 20)[3]), (4, 0, 255, 255));
    let edge = (0..12).map(|x| at(&out, x, 1)[3]).filter(|&alpha| alpha != 0 && alpha != 255).count();
    assert!(edge > 0, "edges are smooth");
    let out = pixels(&made(&source, &edits(Radius::MOST, Format::Png)));
    assert_eq!((at(&out, 8, 4)[3], at(&out, 30, 0)[3] > 200), (0, true));
    let out = pixels(&made(&source, &edits(Radius::Pixels(20), Format::Jpeg)));
    assert!(out.channels == 3 && at(&out, 0, 0).iter().all(|&v| v > 245), "{:?}", at(&out, 0, 0));
    let teal = Some(Colour { r: 0, g: 128, b: 128, a: 255 });
    let out = pixels(&made(&source, &Edits { background: teal, ..edits(Radius::Pixels(12), Format::Png) }));
    assert_eq!((out.channels, at(&out, 0, 0), at(&out, 59, 39)), (3, &[0, 128, 128][..], &[0, 128, 128][..]));
}

#[test]
fn corners_are_rounded_before_pad_and_after_contain() {
    let edits = Edits {
        width: Some(50),
        height: Some(50),
        fit: Fit::Contain,
        background: Some(Colour { r: 9, g: 8, b: 7, a: 0 }),
        radius: Radius::Pixels(10),
        pad: Sides { top: 6, right: 6, bottom: 6, left: 6 },
        format: Some(Format::Png),
        ..Edits::default()
    };
    let out = pixels(&made(&png(&picture(60, 40, 3)), &edits));
    assert_eq!((out.size, at(&out, 6, 31)[3], at(&out, 0, 31)[3]), (size(62, 62), 255, 0));
}

#[test]
fn rows_on_their_way_are_rounded_as_a_whole_picture_is() {
    // lossless WebP needs all pixels at once, PNG does not
    let source = jpeg(&picture(88, 64, 3), 92, true, false, Some(6));
    let pad = Sides { top: 3, right: 1, bottom: 4, left: 1 };
    for radius in [Radius::Pixels(9), Radius::Share(1_500), Radius::MOST] {
        let edits = |format| Edits { radius, pad, lossless: true, format: Some(format), ..Edits::default() };
        let (rows, whole) = (made(&source, &edits(Format::Png)), made(&source, &edits(Format::WebP)));
        let (rows, whole) = (pixels(&rows), pixels(&whole));
        let seen = |image: &Pixels| -> Vec<Vec<u8>> {
            let pixel = |pixel: &[u8]| if pixel[3] == 0 { vec![0; 4] } else { pixel.to_vec() };
            image.data.chunks(4).map(pixel).collect()
        };
        assert!(rows.size == whole.size && seen(&rows) == seen(&whole), "{radius:?}");
    }
}

#[test]
fn a_zoom_is_the_crop_around_the_position() {
    let source = png(&picture(400, 300, 3));
    let focus = |x, y| Position::Focus(Point { x, y });
    for (zoom, position, crop) in [
        (20_000, Position::CENTRE, (100, 75, 200, 150)),
        (20_000, Position::Place { x: 1, y: -1 }, (200, 0, 200, 150)),
        (40_000, focus(2_500, 5_000), (50, 113, 100, 75)),
        (40_000, focus(10_000, 0), (300, 0, 100, 75)),
        (1_000_000, focus(5_000, 5_000), (198, 149, 4, 3)),
    ] {
        let zoomed = made(&source, &Edits { zoom, position, ..Edits::default() });
        let crop = Some(Crop::pixels(crop.0, crop.1, crop.2, crop.3));
        assert_eq!(zoomed.bytes, made(&source, &Edits { crop, ..Edits::default() }).bytes, "{zoom} {position:?}");
    }
}

#[test]
fn a_zoom_with_cover_is_centred_on_the_focal_point_as_far_as_the_image_reaches() {
    let source = png(&picture(400, 300, 3));
    let cover = |zoom, x, y| Edits {
        zoom,
        position: Position::Focus(Point { x, y }),
        fit: Fit::Cover,
        ratio: ratio(1, 1),
        ..Edits::default()
    };
    for (zoom, x, y, crop) in [
        (20_000, 5_000, 5_000, (125, 75, 150, 150)),
        (20_000, 2_500, 5_000, (25, 75, 150, 150)),
        (20_000, 0, 10_000, (0, 150, 150, 150)),
        (30_000, 9_000, 1_000, (300, 0, 100, 100)),
    ] {
        let crop = Some(Crop::pixels(crop.0, crop.1, crop.2, crop.3));
        let expected = made(&source, &Edits { crop, ..Edits::default() });
        assert!(made(&source, &cover(zoom, x, y)).bytes == expected.bytes, "{zoom} {x} {y}");
    }
    // on its side the position is that of the turned image
    let turned = Edits { rotate: Rotate::Quarter, ..cover(20_000, 0, 0) };
    let expected = Edits { crop: Some(Crop::pixels(0, 150, 150, 150)), rotate: Rotate::Quarter, ..Edits::default() };
    assert!(made(&source, &turned).bytes == made(&source, &expected).bytes);
}
