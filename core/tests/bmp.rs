//! BMP, ICO and CUR: every coding of one picture, the pictures of an icon, and files that are damaged.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/bitmaps.rs"]
mod bitmaps;
mod common;

use bitmaps::{COLOURS, bmp, dib, ico, palette};
use common::{Random, jpeg, picture, pixels, plan, png, probe, run};
use deckle::edit::Edits;
use deckle::image::{Format, Pixels, Size};
use deckle::{Error, Image};

fn whole(file: &[u8]) -> Pixels {
    pixels(&run(file, &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap())
}

fn colours(pixels: &Pixels) -> Vec<[u8; 4]> {
    let each = pixels.data.chunks_exact(pixels.channels.into());
    each.map(|p| if p.len() == 4 { [p[0], p[1], p[2], p[3]] } else { [p[0], p[1], p[2], 255] }).collect()
}

#[test]
fn every_coding_shows_the_same_picture() {
    let wanted: Vec<[u8; 4]> = [0, 1, 2, 3, 3, 2, 1, 0]
        .map(|i: usize| {
            let [r, g, b] = COLOURS[i];
            [r, g, b, 255]
        })
        .to_vec();
    for (name, file) in bitmaps::all() {
        let shown = whole(&file);
        assert_eq!(shown.size, Size { width: 4, height: 2 }, "{name}");
        assert_eq!(colours(&shown), wanted, "{name}");
    }
}

#[test]
fn one_bit_has_the_colours_of_its_palette_and_rows_fill_up_to_four_bytes() {
    let shown = whole(&bmp((9, 2), 1, 0, 40, &palette(4, 2), &[0x80, 0x80, 0, 0, 0x40, 0, 0, 0]));
    let green = |pixels: &Pixels| colours(pixels).iter().map(|p| p[1] == 255).collect::<Vec<_>>();
    let mut wanted = vec![false; 18];
    (wanted[1], wanted[9], wanted[17]) = (true, true, true);
    assert_eq!(green(&shown), wanted);
}

#[test]
fn alpha_of_a_bmp_and_the_mask_of_an_icon_are_kept() {
    let masks = bitmaps::masks(&[0xff_0000, 0xff00, 0xff, 0xff00_0000]);
    let shown = whole(&bmp((1, 2), 32, 3, 124, &masks, &[3, 2, 1, 100, 9, 8, 7, 0]));
    assert_eq!(colours(&shown), [[7, 8, 9, 0], [1, 2, 3, 100]]);
    // 8 bits, its left pixel masked
    let icon = ico(1, &[[dib((2, 2), 8, 0, 40, &palette(4, 256)), vec![1, 2, 0, 0, 0x80, 0, 0, 0]].concat()]);
    assert_eq!(colours(&whole(&icon)), [[0; 4], [0, 0, 255, 255]]);
    // 32 bits none of which says anything of alpha: the mask does
    let icon = ico(1, &[[dib((2, 2), 32, 0, 40, &[]), vec![1, 2, 3, 0, 4, 5, 6, 0, 0x40, 0, 0, 0]].concat()]);
    assert_eq!(colours(&whole(&icon)), [[3, 2, 1, 255], [0; 4]]);
    // a mask that is cut off hides nothing
    let icon = ico(1, &[[dib((2, 2), 24, 0, 40, &[]), vec![1, 2, 3, 4, 5, 6, 0, 0]].concat()]);
    assert_eq!(colours(&whole(&icon)), [[3, 2, 1, 255], [6, 5, 4, 255]]);
}

#[test]
fn an_icon_shows_its_largest_picture_whichever_way_that_is_stored() {
    let small = [dib((2, 4), 32, 0, 40, &[]), vec![255; 16], vec![0; 8]].concat();
    let large = png(&picture(64, 64, 4));
    for pictures in [[small.clone(), large.clone()], [large.clone(), small.clone()]] {
        let file = ico(1, &pictures);
        let info = probe(&file).unwrap();
        assert_eq!((info.format, info.size), (Format::Ico, Size { width: 64, height: 64 }));
        assert_eq!(whole(&file), picture(64, 64, 4));
    }
    // a picture that cannot be read is passed over
    assert_eq!(whole(&ico(1, &[vec![7; 40], large])).size, Size { width: 64, height: 64 });
    assert!(matches!(probe(&ico(1, &[vec![7; 40]])), Err(Error::Corrupt { .. })));
    assert_eq!(probe(&[0, 0, 1, 0, 0, 0, 9, 9, 9]).unwrap_err(), Error::NotAnImage);
}

#[test]
fn a_jpeg_inside_a_bmp_is_that_jpeg() {
    let inside = jpeg(&picture(40, 30, 3), 90, true, false, None);
    let info = probe(&bmp((40, 30), 0, 4, 40, &[], &inside)).unwrap();
    assert_eq!((info.format, info.size), (Format::Jpeg, Size { width: 40, height: 30 }));
    assert!(matches!(probe(&bmp((40, 30), 0, 5, 40, &[], &[1, 2, 3])), Err(Error::Corrupt { .. })));
}

#[test]
fn a_bmp_that_is_cut_short_shows_what_is_there() {
    let rows: Vec<u8> = (0..64 * 48 * 3).map(|i| (i % 251) as u8).collect();
    let file = bmp((64, 48), 24, 0, 40, &[], &rows);
    let cut = run(&file[..file.len() / 2], &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap();
    assert!((cut.missing - 0.5).abs() < 0.03, "{}", cut.missing);
    // the rows at the bottom are the file's first
    assert_eq!(pixels(&cut).data[64 * 47 * 3..], whole(&file).data[64 * 47 * 3..]);
    assert!(matches!(run(&file[..54], &Edits::default()), Err(Error::Corrupt { .. })));
    let runs = bitmaps::all().into_iter().find(|(name, _)| *name == "runs of 8 bits").unwrap().1;
    assert!(run(&runs[..runs.len() - 13], &Edits::default()).is_ok());
}

#[test]
fn headers_that_make_no_sense_are_refused_by_name() {
    let refused = |file: &[u8]| probe(file).unwrap_err().code();
    assert_eq!(refused(&bmp((0, 2), 24, 0, 40, &[], &[0; 8])), "corrupt_image");
    assert_eq!(refused(&bmp((1, i32::MIN), 24, 0, 40, &[], &[0; 8])), "corrupt_image");
    assert_eq!(refused(&bmp((1, 1), 17, 0, 40, &[], &[0; 8])), "unsupported_image");
    assert_eq!(refused(&bmp((1, 1), 8, 9, 40, &[], &[0; 8])), "unsupported_image");
    let huge = bmp((i32::MAX, i32::MAX), 8, 1, 40, &[], &[0; 8]);
    assert_eq!(run(&huge, &Edits::default()).unwrap_err().code(), "limit_exceeded");
}

#[test]
fn mutated_files_are_images_or_errors_and_take_no_more_than_was_said() {
    let mut random = Random(11);
    let edits = Edits { width: Some(3), format: Some(Format::Png), ..Edits::default() };
    let answer = |bytes: &[u8]| common::takes_what_is_planned(bytes, &edits);
    for (_, file) in bitmaps::all() {
        (0..200).for_each(|i| answer(&file[..file.len() * i / 200]));
        for _ in 0..500 {
            let mut bytes = file.clone();
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] ^= random.within(1, 255) as u8;
            answer(&bytes);
        }
    }
}

#[test]
fn rows_are_never_all_in_memory() {
    let (width, height) = (1_500, 1_200);
    let file = bmp((width, height), 24, 0, 40, &[], &vec![90; 1_500 * 1_200 * 3]);
    let image = Image::open(&file).unwrap();
    let plan = plan(&Edits { width: Some(300), format: Some(Format::Jpeg), ..Edits::default() }, &image).unwrap();
    assert!(plan.memory < 1_000_000, "{}", plan.memory);
}
