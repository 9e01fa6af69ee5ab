//! Progressive files that end after their first scans look smooth, and no other file is touched.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::*;
use deckle_jpeg::{ChromaScale, Options, Scale};

const SIDE: usize = 160;

/// Slopes and curves, in which blocks show.
fn slopes() -> Vec<u8> {
    let value = |x: usize, y: usize, c: usize| {
        let (x, y) = (x as f32 / SIDE as f32, y as f32 / SIDE as f32);
        let wave = ((x * 9.0 + c as f32).sin() + (y * 7.0 - x * 3.0).cos()) * 50.0;
        (128.0 + wave + 40.0 * (x - y)) as u8
    };
    (0..SIDE * SIDE).flat_map(|i| [0, 1, 2].map(|c| value(i % SIDE, i / SIDE, c))).collect()
}

/// The file up to its scan number `scans`, ended properly or not.
fn first_scans(jpeg: &[u8], scans: usize, end: bool) -> Vec<u8> {
    let starts: Vec<usize> = (0..jpeg.len() - 1).filter(|&at| jpeg[at..at + 2] == [0xFF, 0xDA]).collect();
    let mut cut = jpeg[..starts[scans]].to_vec();
    // tables of the next scan
    if let Some(table) = cut.windows(2).rposition(|two| two == [0xFF, 0xC4])
        && table > starts[scans - 1]
    {
        cut.truncate(table);
    }
    if end {
        cut.extend([0xFF, 0xD9]);
    }
    cut
}

fn mean_square(a: &Plane, b: &[u8]) -> f64 {
    let squares = a.samples.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
    squares.sum::<f64>() / b.len() as f64
}

/// Each sample 8 × 8 times.
fn as_blocks(small: &Plane, like: &Plane) -> Vec<u8> {
    let samples = (0..like.samples.len()).map(|i| (i % like.width / 8, i / like.width / 8));
    samples.map(|(x, y)| small.samples[y * small.width + x]).collect()
}

#[test]
fn a_file_of_dcs_alone_is_smooth() {
    let rgb = slopes();
    let same = Options { chroma: ChromaScale::Same, ..Options::default() };
    let jpeg = encoder(&rgb, SIDE, SIDE).progressive(true).encode().unwrap();
    let whole = decode(&jpeg, Scale::Full, &same);
    for end in [true, false] {
        let dcs = first_scans(&jpeg, 1, end);
        let small = decode(&dcs, Scale::Eighth, &same);
        let smooth = decode(&dcs, Scale::Full, &same);
        assert_eq!(smooth.damaged, !end, "a file that says it has ended has");
        for (c, ((whole, small), smooth)) in whole.planes.iter().zip(&small.planes).zip(&smooth.planes).enumerate() {
            let blocky = mean_square(whole, &as_blocks(small, whole));
            let smoothed = mean_square(whole, &smooth.samples);
            println!("component {c}: {blocky:.1} as blocks, {smoothed:.1} smoothed");
            assert!(smoothed * 4.0 < blocky, "component {c}: {blocky:.1} as blocks, {smoothed:.1} smoothed");
        }
    }
}

#[test]
fn each_scan_makes_the_picture_better() {
    let rgb = slopes();
    let jpeg = encoder(&rgb, SIDE, SIDE).progressive(true).encode().unwrap();
    let count = jpeg.windows(2).filter(|two| *two == [0xFF, 0xDA]).count();
    for scale in [Scale::Full, Scale::Half, Scale::Quarter] {
        let whole = decode(&jpeg, scale, &Options::default());
        let errors: Vec<f64> = (1..count)
            .map(|scans| {
                let part = decode(&first_scans(&jpeg, scans, true), scale, &Options::default());
                whole.planes.iter().zip(&part.planes).map(|(a, b)| mean_square(a, &b.samples)).sum()
            })
            .collect();
        println!("{scale:?}: {errors:.1?}");
        assert!(errors.windows(2).all(|pair| pair[1] <= pair[0] * 1.05 + 0.1), "{scale:?}: {errors:.1?}");
    }
}

/// A file that ends within the scan of its first ACs is smoothed below that.
#[test]
fn the_rest_of_a_cut_scan_is_smooth() {
    let rgb = slopes();
    let jpeg = encoder(&rgb, SIDE, SIDE).progressive(true).encode().unwrap();
    let (first, second) = (first_scans(&jpeg, 1, false), first_scans(&jpeg, 2, false));
    let cut = decode(&jpeg[..(first.len() + second.len()) / 2], Scale::Full, &Options::default());
    let dcs = decode(&first, Scale::Full, &Options::default());
    let whole = decode(&jpeg, Scale::Full, &Options::default());
    assert!(cut.damaged);
    let (top, bottom) = (..SIDE * 16, SIDE * (SIDE - 16)..);
    assert!(cut.planes[0].samples[bottom.clone()] == dcs.planes[0].samples[bottom]);
    let error = |of: &Decoded| {
        let squares = of.planes[0].samples[top].iter().zip(&whole.planes[0].samples[top]);
        squares.map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum::<f64>()
    };
    assert!(error(&cut) < error(&dcs));
}

#[test]
fn a_missing_end_alone_changes_nothing() {
    let rgb = picture(SIDE, SIDE);
    let jpeg = encoder(&rgb, SIDE, SIDE).progressive(true).encode().unwrap();
    for scale in Scale::ALL {
        let whole = decode(&jpeg, scale, &Options::default());
        assert!(decode(&jpeg[..jpeg.len() - 2], scale, &Options::default()) == whole, "{scale:?}");
    }
}
