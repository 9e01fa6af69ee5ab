//! Inks: JPEGs of CMYK and YCCK, with an Adobe segment or without, with a profile or without.
#![allow(clippy::unwrap_used)]

mod common;

use common::{constant, jpeg, with_profile};
use deckle::edit::Edits;
use deckle::image::{Cmyk, Format, Pixels, Size};

/// What Little CMS makes of 5 × 5 × 5 × 5 inks by a profile: `inks/make.py` makes both.
macro_rules! profile {
    ($name:literal) => {
        ($name, include_bytes!(concat!("inks/", $name, ".icc")), include_bytes!(concat!("inks/", $name, ".rgb")))
    };
}

const PROFILES: [(&str, &[u8], &[u8]); 4] = [profile!("mft1"), profile!("mft2"), profile!("mft2-xyz"), profile!("mab")];

fn made(source: &[u8]) -> Pixels {
    let output = common::run(source, &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap();
    common::pixels(&output)
}

/// A JPEG of a block of 8 × 8 pixels of every combination of five values of each ink, the last one fastest.
fn grid() -> Vec<u8> {
    const SIDES: usize = 5;
    const VALUES: [u8; SIDES] = [0, 64, 128, 191, 255];
    let columns = SIDES * SIDES;
    let ink = |block: usize, ink: u32| VALUES[block / SIDES.pow(3 - ink) % SIDES];
    let mut data = Vec::new();
    for y in 0..columns * 8 {
        for x in 0..columns * 8 {
            let block = y / 8 * columns + x / 8;
            data.extend([ink(block, 0), ink(block, 1), ink(block, 2), ink(block, 3)]);
        }
    }
    let side = columns as u32 * 8;
    jpeg(&Pixels { size: Size { width: side, height: side }, channels: 4, data }, 100, false, false, None)
}

/// The colours in the middle of the blocks.
fn colours(image: &Pixels) -> Vec<u8> {
    let width = image.size.width as usize;
    let blocks = (0..width / 8).flat_map(|y| (0..width / 8).map(move |x| (y * 8 + 4) * width + x * 8 + 4));
    blocks.flat_map(|at| image.data[at * 3..][..3].to_vec()).collect()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
}

/// Without its Adobe segment, or with another transform in it.
fn with_transform(jpeg: &[u8], transform: Option<u8>) -> Vec<u8> {
    let at = jpeg.windows(2).position(|marker| marker == [0xff, 0xee]).unwrap();
    match transform {
        None => [&jpeg[..at], &jpeg[at + 16..]].concat(),
        Some(transform) => [&jpeg[..at + 15], &[transform], &jpeg[at + 16..]].concat(),
    }
}

#[test]
fn inks_by_a_profile_of_every_form_are_little_cms_colours() {
    let grid = grid();
    for (name, icc, expected) in PROFILES {
        let colours = colours(&made(&with_profile(&grid, icc)));
        let mean = mean_difference(&colours, expected);
        assert!(mean < 1.0, "{name}: mean {mean:.2}");
        // paper is white, and all inks are black
        let last = colours.len() - 3;
        assert_eq!((&colours[..3], &colours[last..]), (&[255; 3][..], &[0; 3][..]), "{name}");
    }
}

#[test]
fn inks_are_the_same_without_an_adobe_segment() {
    // Pillow and some scanners write none; 255 is still no ink
    let grid = grid();
    assert_eq!(made(&grid), made(&with_transform(&grid, None)));
    let icc = PROFILES[0].1;
    assert_eq!(made(&with_profile(&grid, icc)), made(&with_profile(&with_transform(&grid, None), icc)));
}

#[test]
fn inks_without_a_profile_are_as_printed() {
    let printed = |inks: [u8; 4]| made(&jpeg(&constant(16, 16, &inks), 100, false, false, None)).data[..3].to_vec();
    let near = |inks: [u8; 4], expected: [u8; 3]| {
        let colour = printed(inks);
        assert!(colour.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 4), "{inks:?}: {colour:?}, not {expected:?}");
    };
    // by sharp 0.35
    near([0, 0, 0, 0], [255, 255, 255]);
    near([255, 0, 0, 0], [0, 153, 227]);
    near([0, 0, 0, 255], [20, 5, 0]);
    near([255, 255, 255, 255], [0, 0, 0]);
}

#[test]
fn inks_without_a_profile_are_multiplied_where_the_configuration_says_so() {
    let naive = Edits { format: Some(Format::Png), cmyk: Cmyk::Naive, ..Edits::default() };
    let made = |source: &[u8]| common::pixels(&common::run(source, &naive).unwrap()).data[..3].to_vec();
    for (inks, rgb) in
        [([0, 0, 0, 0], [255, 255, 255]), ([255, 0, 0, 0], [0, 255, 255]), ([0, 51, 0, 128], [127, 102, 127])]
    {
        let colour = made(&jpeg(&constant(16, 16, &inks), 100, false, false, None));
        assert!(colour.iter().zip(rgb).all(|(a, b)| a.abs_diff(b) <= 1), "{inks:?} {colour:?}");
    }
    // a profile is followed either way
    let cyan = with_profile(&jpeg(&constant(16, 16, &[255, 0, 0, 0]), 100, false, false, None), PROFILES[0].1);
    assert_eq!(made(&cyan), self::made(&cyan).data[..3]);
}

#[test]
fn luma_and_chroma_of_inks_are_the_inks() {
    // YCCK of grey inks: luma is what is left of the paper
    let inks = jpeg(&constant(16, 16, &[90, 90, 90, 40]), 100, false, false, None);
    let mut ycck = constant(16, 16, &[90, 128, 128, 40]);
    // the writer stores the complement of each sample: luma of 255 − 90 complements comes from 90, and chroma of 128 from 127
    ycck.data.chunks_exact_mut(4).for_each(|pixel| pixel[..3].copy_from_slice(&[255 - 90, 127, 127]));
    let ycck = with_transform(&jpeg(&ycck, 100, false, false, None), Some(2));
    let (a, b) = (made(&inks), made(&ycck));
    assert!(common::difference(&a, &b).0 <= 1, "{:?} {:?}", &a.data[..3], &b.data[..3]);
}

#[test]
fn a_profile_that_is_damaged_or_not_of_inks_counts_as_none() {
    let source = jpeg(&constant(8, 8, &[200, 30, 90, 10]), 95, false, false, None);
    let plain = made(&source);
    let (_, icc, _) = PROFILES[1];
    let at = |from: usize, value: &[u8]| [&icc[..from], value, &icc[from + value.len()..]].concat();
    for damaged in
        [at(16, b"RGB "), at(20, b"Luv "), icc[..140].to_vec(), icc[..icc.len() / 2].to_vec(), b"no profile".to_vec()]
    {
        assert_eq!(made(&with_profile(&source, &damaged)), plain);
    }
}

#[test]
fn no_damaged_profile_of_inks_panics() {
    let source = jpeg(&constant(8, 8, &[200, 30, 90, 10]), 95, false, false, None);
    for (_, icc, _) in PROFILES {
        // the header, the tags, and what stands before the tables
        for at in (0..420).step_by(17) {
            for value in [0, 0xff] {
                let mut damaged = icc.to_vec();
                damaged[at] = value;
                assert_eq!(made(&with_profile(&source, &damaged)).channels, 3);
            }
        }
        for end in (0..icc.len()).step_by(901) {
            assert_eq!(made(&with_profile(&source, &icc[..end])).channels, 3);
        }
    }
}
