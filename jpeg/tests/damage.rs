//! Damaged files: what is there is decoded, the rest is filled, nothing panics.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::writer::Writer;
use common::*;
use deckle_jpeg::{ChromaScale, Decoder, Header, Options, Reduction, Scale};

fn samples() -> Vec<Vec<u8>> {
    let (w, h) = (75, 60);
    let rgb = picture(w, h);
    let mut files = Vec::new();
    for progressive in [false, true] {
        for restart in [0, 4] {
            files.push(encoder(&rgb, w, h).progressive(progressive).restart_blocks(restart).encode().unwrap());
        }
    }
    let mut writer = Writer::new(70, 50, &[(2, 1), (1, 2), (1, 1)], 3);
    writer.scans = vec![vec![0], vec![1, 2]];
    files.push(writer.write());
    writer.height_by_dnl = true;
    files.push(writer.write());
    files
}

/// Decodes every way there is, if the header lets it.
fn survive(jpeg: &[u8]) {
    let Ok(header) = Header::parse(jpeg) else {
        return;
    };
    let mut options = Options::default();
    options.limits.pixels = 1 << 20;
    for scale in Scale::ALL {
        for chroma in [ChromaScale::Match, ChromaScale::Same] {
            for reduction in [Reduction::LowPass, Reduction::Average] {
                let options = Options { chroma, reduction, ..options };
                let Ok(mut decoder) = Decoder::new(&header, scale, &options) else {
                    continue;
                };
                let mut lines = 0;
                while let Some(rows) = decoder.next_rows() {
                    lines += rows.planes()[0].lines().count();
                }
                assert_eq!(lines, deckle_jpeg::plane_sizes(&header, scale, &options)[0].height as usize);
            }
        }
    }
    let _ = (header.icc_profile(), header.exif());
}

#[test]
fn truncation_anywhere_is_survived() {
    let step = if thorough() { 1 } else { 13 };
    for jpeg in samples() {
        for end in (0..jpeg.len()).step_by(step) {
            survive(&jpeg[..end]);
        }
    }
}

#[test]
fn mutations_are_survived() {
    let rounds = if thorough() { 5_000 } else { 400 };
    let mut random = Random(7);
    for jpeg in samples() {
        for round in 0..rounds {
            let mut bytes = jpeg.clone();
            let count = 1 + random.below(if round % 2 == 0 { 4 } else { 500 });
            // every other round spares the header
            let from = if round % 4 < 2 { bytes.len() / 2 } else { 0 };
            for _ in 0..count {
                let at = from + random.below((bytes.len() - from) as u32) as usize;
                bytes[at] = match random.below(3) {
                    0 => 0xFF,
                    1 => bytes[at] ^ 1 << random.below(8),
                    _ => random.next() as u8,
                };
            }
            survive(&bytes);
        }
    }
}

/// Rows before the damage are untouched; after it, the last row goes on.
#[test]
fn a_truncated_file_keeps_what_came() {
    let (w, h) = (160, 160);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).encode().unwrap();
    let whole = decode(&jpeg, Scale::Full, &Options::default());
    let cut = decode(&jpeg[..jpeg.len() * 2 / 3], Scale::Full, &Options::default());
    assert!(!whole.damaged && cut.damaged);
    let (a, b) = (&whole.planes[0], &cut.planes[0]);
    assert_eq!(a.samples[..w * h / 2], b.samples[..w * h / 2]);
    // the last block row of each column is flat, and equals the one above
    let column = |y: usize| b.samples[y * w + 100];
    assert_eq!(column(h - 1), column(h - 9));
    assert_eq!(column(h - 1), column(h - 17));
}

#[test]
fn a_progressive_file_cut_after_its_dc_is_an_image() {
    let (w, h) = (160, 160);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).progressive(true).encode().unwrap();
    let second = jpeg.windows(2).enumerate().filter(|(_, pair)| pair == &[0xFF, 0xDA]).nth(1).unwrap().0;
    let cut = decode(&jpeg[..second], Scale::Eighth, &Options::default());
    let whole = decode(&jpeg, Scale::Eighth, &Options::default());
    assert!(cut.damaged && !whole.damaged);
    // all but the last bit of the DC came
    assert!(largest_difference(&cut.planes[..1], &whole.planes[..1]) <= 4);
}

/// An interval that is lost takes no other with it.
#[test]
fn damage_ends_at_the_next_restart() {
    let mut writer = Writer::new(64, 64, &[(1, 1)], 9);
    writer.restart = 8;
    let jpeg = writer.write();
    let marker = |n: u8| jpeg.windows(2).position(|w| w == [0xFF, 0xD0 + n]).unwrap();
    let whole = decode(&jpeg, Scale::Full, &Options::default());
    let line = 64 * 8;
    // rows 3 and 4 of blocks: cut out of the file with the marker between them
    let mut missing = jpeg.clone();
    missing.drain(marker(2) + 2..marker(3) + 2);
    let got = decode(&missing, Scale::Full, &Options::default());
    assert!(got.damaged);
    let (a, b) = (&whole.planes[0].samples, &got.planes[0].samples);
    assert_eq!(a[..3 * line], b[..3 * line]);
    assert_eq!(a[5 * line..], b[5 * line..]);
    // the start of a row of blocks is garbage: the others stay
    let mut broken = jpeg.clone();
    let at = marker(4) + 2;
    broken[at..at + 8].fill(0xEE);
    let got = decode(&broken, Scale::Full, &Options::default());
    let b = &got.planes[0].samples;
    assert_eq!(a[..5 * line], b[..5 * line]);
    assert_eq!(a[6 * line..], b[6 * line..]);
}

fn damage(jpeg: &[u8]) -> Option<deckle_jpeg::Damage> {
    let header = Header::parse(jpeg).unwrap();
    let mut decoder = Decoder::new(&header, Scale::Full, &Options::default()).unwrap();
    while decoder.next_rows().is_some() {}
    decoder.damage()
}

/// Where the last row of MCUs starts in a file with a restart before each row.
fn last_restart(jpeg: &[u8]) -> usize {
    (0..jpeg.len() - 1).rev().find(|&at| jpeg[at] == 0xFF && (0xD0..=0xD7).contains(&jpeg[at + 1])).unwrap()
}

#[test]
fn a_missing_end_or_last_row_is_no_damage() {
    let (w, h) = (160, 160);
    let rgb = picture(w, h);
    for progressive in [false, true] {
        let jpeg = encoder(&rgb, w, h).progressive(progressive).encode().unwrap();
        for bytes in 0..6 {
            assert_eq!(damage(&jpeg[..jpeg.len() - bytes]), None, "progressive {progressive} without {bytes}");
        }
    }
    let mut writer = Writer::new(64, 80, &[(2, 2), (1, 1), (1, 1)], 3);
    writer.restart_rows = true;
    let jpeg = writer.write();
    let last = last_restart(&jpeg);
    for end in last - 2..jpeg.len() {
        assert_eq!(damage(&jpeg[..end]).is_some(), end < last, "{end} of {} bytes", jpeg.len());
    }
}

#[test]
fn damage_is_the_share_that_is_missing() {
    let mut writer = Writer::new(64, 160, &[(2, 2), (1, 1), (1, 1)], 3);
    writer.restart_rows = true;
    let jpeg = writer.write();
    let markers: Vec<usize> =
        (0..jpeg.len() - 1).filter(|&at| jpeg[at] == 0xFF && (0xD0..=0xD7).contains(&jpeg[at + 1])).collect();
    assert_eq!(markers.len(), 9);
    for (i, &at) in markers[..8].iter().enumerate() {
        let found = damage(&jpeg[..at]).unwrap();
        let missing = (9 - i) as f32 / 10.0;
        assert!((found.missing - missing).abs() < 1e-6 && found.degraded == 0.0, "{found:?}, expected {missing}");
        assert_eq!(found.percent(), (9 - i as u8) * 10);
        assert!(!found.is_total());
    }
    let start = jpeg.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap() + 14;
    let nothing = damage(&jpeg[..start]).unwrap();
    assert!(nothing.is_total(), "{nothing:?}");
    assert_eq!(nothing.percent(), 100);
}

#[test]
fn later_scans_that_are_missing_are_lost_detail() {
    let (w, h) = (160, 160);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).progressive(true).encode().unwrap();
    let scans: Vec<usize> = (0..jpeg.len() - 1).filter(|&at| jpeg[at..at + 2] == [0xFF, 0xDA]).collect();
    for &end in &scans[1..] {
        let found = damage(&jpeg[..end]).unwrap();
        assert!(found.missing == 0.0 && found.degraded == 1.0, "{found:?}");
    }
    let half = (scans[scans.len() - 1] + jpeg.len()) / 2;
    let found = damage(&jpeg[..half]).unwrap();
    assert!(found.missing == 0.0 && (0.3..0.7).contains(&found.degraded), "{found:?}");
    let first = (scans[0] + scans[1]) / 2;
    let found = damage(&jpeg[..first]).unwrap();
    assert!((0.2..0.8).contains(&found.missing), "{found:?}");
}

/// Without restarts, codes fall into step again: what follows is shown, and doubted.
#[test]
fn what_follows_an_error_is_doubtful() {
    let (w, h) = (160, 160);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).encode().unwrap();
    let mut doubtful = 0;
    for at in (jpeg.len() / 2..jpeg.len() / 2 + 40).filter(|&at| jpeg[at] != 0xFF && jpeg[at - 1] != 0xFF) {
        let mut changed = jpeg.clone();
        changed[at..at + 3].copy_from_slice(&[0xFE, 0xFE, 0xFE]);
        doubtful += usize::from(damage(&changed).is_some());
    }
    // data whose codes all exist are not seen to be wrong
    assert!(doubtful > 8, "{doubtful} of 40");
}
