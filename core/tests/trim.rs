//! Edges of background are cut off, whatever the format and orientation.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Random, constant, exif, jpeg, picture, pixels, png, raw_png, run, with_chunk};
use deckle::edit::{Crop, Edits, Rotate, Trim};
use deckle::image::{Colour, Format, Pixels, Size};
use deckle::{Error, Image, Limits};

fn trim(tolerance: u8) -> Option<Trim> {
    Some(Trim { tolerance, background: None, is_line_art: false })
}

fn as_png(trim: Option<Trim>) -> Edits {
    Edits { trim, format: Some(Format::Png), ..Edits::default() }
}

/// A picture on a sheet of one colour.
fn on_sheet(picture: &Pixels, sheet: Size, (left, top): (u32, u32), colour: &[u8]) -> Pixels {
    let mut out = constant(sheet.width, sheet.height, colour);
    let n = usize::from(out.channels);
    let row = picture.size.width as usize * n;
    for (y, source) in picture.data.chunks(row).enumerate() {
        let at = ((top as usize + y) * sheet.width as usize + left as usize) * n;
        out.data[at..at + row].copy_from_slice(source);
    }
    out
}

/// A picture of strong colours all over, so that none of it is near white.
fn subject(width: u32, height: u32, channels: u8) -> Pixels {
    let mut image = picture(width, height, channels);
    let n = usize::from(channels);
    for pixel in image.data.chunks_mut(n) {
        pixel[0] /= 2;
        if channels.is_multiple_of(2) {
            pixel[n - 1] = 255;
        }
    }
    image
}

#[test]
fn what_lies_on_a_sheet_is_found_to_the_pixel() {
    let mut random = Random(3);
    let sheet = Size { width: 60, height: 50 };
    for channels in 1..=4 {
        let white = vec![255; channels.into()];
        for _ in 0..20 {
            let (width, height) = (random.within(5, 30), random.within(5, 30));
            let (left, top) = (random.within(0, 60 - width), random.within(0, 50 - height));
            // at the top left there is background, or it is not known what the background is
            let (left, top) = if (left, top) == (0, 0) { (3, 0) } else { (left, top) };
            let subject = subject(width, height, channels);
            let source = png(&on_sheet(&subject, sheet, (left, top), &white));
            let edits = as_png(Some(Trim { tolerance: 10, background: None, is_line_art: true }));
            let out = pixels(&run(&source, &edits).unwrap());
            assert_eq!(out, subject, "{channels} channels, {width}×{height} at {left},{top}");
        }
    }
}

#[test]
fn the_top_left_pixel_is_that_of_the_upright_image() {
    // a dark edge at the left and a bright one at the right: which of them goes tells the corner
    let mut image = constant(60, 40, &[128, 60, 20]);
    for (i, pixel) in image.data.chunks_mut(3).enumerate() {
        match i % 60 {
            0..10 => pixel.fill(0),
            50.. => pixel.fill(255),
            _ => (),
        }
    }
    let whole = png(&image);
    for tag in 1..=8u16 {
        // stored so that it is upright again with the tag
        let stored = match tag {
            1 => Edits::default(),
            2 => Edits { flop: true, ..Edits::default() },
            3 => Edits { rotate: Rotate::Half, ..Edits::default() },
            4 => Edits { flip: true, ..Edits::default() },
            5 => Edits { rotate: Rotate::Quarter, flop: true, ..Edits::default() },
            6 => Edits { rotate: Rotate::ThreeQuarter, ..Edits::default() },
            7 => Edits { rotate: Rotate::Quarter, flip: true, ..Edits::default() },
            _ => Edits { rotate: Rotate::Quarter, ..Edits::default() },
        };
        let stored = pixels(&run(&whole, &stored).unwrap());
        let source = jpeg(&stored, 95, false, false, Some(tag));
        let out = pixels(&run(&source, &as_png(trim(20))).unwrap());
        let last = &out.data[(out.size.width as usize - 3) * 3..][..3];
        assert_eq!(out.size, Size { width: 50, height: 40 }, "tag {tag}");
        assert!(last.iter().all(|&v| v > 230), "tag {tag}: {last:?}");
    }
}

#[test]
fn a_crop_and_a_size_are_of_what_is_left() {
    let subject = subject(40, 20, 3);
    let source = png(&on_sheet(&subject, Size { width: 100, height: 90 }, (30, 40), &[255; 3]));
    let line = Some(Trim { tolerance: 10, background: None, is_line_art: true });
    let crop = Some(Crop::pixels(5, 2, 10, 8));
    let out = pixels(&run(&source, &Edits { crop, ..as_png(line) }).unwrap());
    let direct = pixels(&run(&png(&subject), &Edits { crop, ..as_png(None) }).unwrap());
    assert_eq!(out, direct);
    let out = run(&source, &Edits { width: Some(20), ..as_png(line) }).unwrap();
    assert_eq!(out.size, Size { width: 20, height: 10 });
    let outside = Edits { crop: Some(Crop::pixels(40, 0, 5, 5)), ..as_png(line) };
    assert!(matches!(run(&source, &outside), Err(Error::Edit { name: "crop", .. })));
}

#[test]
fn noise_of_a_jpeg_and_single_dots_are_background_but_for_line_art() {
    let mut image = on_sheet(&subject(40, 30, 3), Size { width: 100, height: 90 }, (30, 40), &[250; 3]);
    // a dot far outside
    image.data[(5 * 100 + 90) * 3..][..3].fill(0);
    let exact = |is_line_art| as_png(Some(Trim { tolerance: 20, background: None, is_line_art }));
    let size = |source: &[u8], edits: &Edits| run(source, edits).unwrap().size;
    assert_eq!(size(&png(&image), &exact(false)), Size { width: 40, height: 30 });
    assert_eq!(size(&png(&image), &exact(true)), Size { width: 61, height: 65 });
    let out = size(&jpeg(&image, 80, true, false, None), &as_png(trim(30)));
    assert!(out.width.abs_diff(40) <= 2 && out.height.abs_diff(30) <= 2, "{out:?}");
}

#[test]
fn the_background_can_be_given() {
    let image = on_sheet(&subject(40, 30, 3), Size { width: 60, height: 50 }, (0, 0), &[255; 3]);
    let size = |background| {
        let trim = Trim { tolerance: 10, background, is_line_art: true };
        run(&png(&image), &as_png(Some(trim))).unwrap().size
    };
    assert_eq!(size(Some(Colour::WHITE)), Size { width: 40, height: 30 });
    assert_eq!(size(Some(Colour { r: 255, g: 0, b: 255, a: 255 })), Size { width: 60, height: 50 });
}

#[test]
fn an_image_of_one_colour_and_the_smallest_stay_as_they_are() {
    for (width, height) in [(1, 1), (2, 2), (1, 40), (40, 1), (40, 30)] {
        for channels in 1..=4 {
            let image = constant(width, height, &[7, 8, 9, 200][..channels]);
            let out = run(&png(&image), &as_png(trim(0))).unwrap();
            assert_eq!(out.size, image.size);
        }
    }
}

#[test]
fn a_look_for_which_there_is_no_room_is_refused_before_it_is_taken() {
    let source = png(&subject(2000, 40, 3));
    let image = Image::open(&source).unwrap();
    let limits = Limits { memory_bytes: source.len() as u64 + 1_000_000, ..Limits::default() };
    let (refused, peak) = deckle_testkit::peak(|| image.plan(&as_png(trim(9)), &limits));
    assert!(matches!(refused, Err(Error::Limit { .. })), "{refused:?}");
    assert!(peak < 10_000, "{peak}");
}

#[test]
fn a_source_that_cannot_be_decoded_is_an_error_of_the_look() {
    let mut source = png(&subject(200, 140, 3));
    source.truncate(80);
    let image = Image::open(&source).unwrap();
    assert!(image.plan(&as_png(trim(9)), &Limits::default()).is_err());
}

#[test]
fn a_look_takes_no_more_where_the_corner_is_not_in_the_first_row() {
    // decoded whole: two decoders at once would be twice as much
    let sample = |x: usize, y: usize| vec![if (50..350).contains(&x) && (70..320).contains(&y) { 200 } else { 9 }; 3];
    let interlaced = raw_png(2, 8, true, 400, sample);
    let taken = |orientation: u16| {
        let source = with_chunk(&interlaced, b"eXIf", &exif(orientation));
        let image = Image::open(&source).unwrap();
        deckle_testkit::peak(|| image.plan(&as_png(trim(9)), &Limits::default()).unwrap()).1
    };
    let (upright, turned) = (taken(1), taken(3));
    assert!(turned < upright + upright / 10, "{turned} and {upright}");
}
