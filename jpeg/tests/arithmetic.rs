//! Arithmetic-coded files: the same samples as the Huffman-coded files of the same coefficients.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::*;
use deckle_jpeg::{ChromaScale, Error, Frame, Header, Options, Reduction, Scale, Unsupported};
use libjpeg_turbo_rs::Subsampling;

const SAMPLINGS: [Subsampling; 4] = [Subsampling::S444, Subsampling::S422, Subsampling::S420, Subsampling::S440];

#[test]
fn arithmetic_files_decode_as_huffman_files_do() {
    for (w, h) in [(1, 1), (75, 60), (160, 33)] {
        let rgb = picture(w, h);
        for sampling in SAMPLINGS {
            for progressive in [false, true] {
                for restart in [0, 3] {
                    let encode = |arithmetic| {
                        let encoder = encoder(&rgb, w, h).subsampling(sampling).restart_blocks(restart);
                        encoder.progressive(progressive).arithmetic(arithmetic).encode().unwrap()
                    };
                    let (huffman, arithmetic) = (encode(false), encode(true));
                    assert!(Header::parse(&arithmetic).unwrap().arithmetic);
                    for scale in Scale::ALL {
                        for chroma in [ChromaScale::Match, ChromaScale::Same] {
                            for reduction in [Reduction::LowPass, Reduction::Average] {
                                let options = Options { chroma, reduction, ..Options::default() };
                                let (a, b) = (decode(&arithmetic, scale, &options), decode(&huffman, scale, &options));
                                let what = format!("{w}×{h} {sampling:?} progressive {progressive} restart {restart}");
                                assert!(!a.damaged, "{what} {scale:?} is called damaged");
                                assert!(a == b, "{what} {scale:?} {chroma:?} {reduction:?}");
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_header_says_what_they_are() {
    let rgb = picture(20, 20);
    let jpeg = encoder(&rgb, 20, 20).arithmetic(true).encode().unwrap();
    assert_eq!(Header::parse(&jpeg).unwrap().frame, Frame::Extended);
    let mut jpeg = encoder(&rgb, 20, 20).arithmetic(true).progressive(true).encode().unwrap();
    assert_eq!(Header::parse(&jpeg).unwrap().frame, Frame::Progressive);
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xCA]).unwrap();
    jpeg[frame + 1] = 0xCB;
    assert_eq!(Header::parse(&jpeg).unwrap_err(), Error::Unsupported(Unsupported::Arithmetic));
}

#[test]
fn impossible_conditioning_is_an_error() {
    let rgb = picture(20, 20);
    let jpeg = encoder(&rgb, 20, 20).arithmetic(true).encode().unwrap();
    for (table, value) in [(0x00, 0x01), (0x10, 0), (0x10, 64), (0x04, 0x10), (0x20, 1)] {
        let segment = [0xFF, 0xCC, 0, 4, table, value];
        let changed = [&jpeg[..2], &segment[..], &jpeg[2..]].concat();
        assert_eq!(Header::parse(&changed).unwrap_err().code(), "jpeg_bad_segment", "{table:02x} {value:02x}");
    }
}

/// Rows of MCUs up to where the data end are what they are; the rest is filled and counted.
#[test]
fn a_file_that_is_cut_off_keeps_what_came() {
    let (w, h) = (160, 160);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).arithmetic(true).encode().unwrap();
    let whole = decode(&jpeg, Scale::Full, &Options::default());
    for bytes in 0..4 {
        assert!(!decode(&jpeg[..jpeg.len() - bytes], Scale::Full, &Options::default()).damaged, "without {bytes}");
    }
    let cut = decode(&jpeg[..jpeg.len() * 2 / 3], Scale::Full, &Options::default());
    assert!(cut.damaged);
    let half = w * h / 2;
    assert_eq!(whole.planes[0].samples[..half], cut.planes[0].samples[..half]);
    // the last rows of blocks repeat what is above them
    let column = |y: usize| cut.planes[0].samples[y * w + 100];
    assert_eq!(column(h - 1), column(h - 17));
}

#[test]
fn a_damaged_interval_takes_no_other_with_it() {
    let (w, h) = (64, 64);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).subsampling(Subsampling::S444).restart_rows(1).arithmetic(true).encode().unwrap();
    let whole = decode(&jpeg, Scale::Full, &Options::default());
    let marker = jpeg.windows(2).position(|two| two == [0xFF, 0xD3]).unwrap();
    let mut changed = jpeg.clone();
    changed[marker + 1] = 0xD6;
    assert!(decode(&changed, Scale::Full, &Options::default()) == whole);
    for byte in &mut changed[marker + 4..marker + 20] {
        *byte = if *byte == 0xFF { 0xFF } else { 0x55 };
    }
    let got = decode(&changed, Scale::Full, &Options::default());
    let (a, b) = (&whole.planes[0].samples, &got.planes[0].samples);
    assert!(a[..4 * 8 * w] == b[..4 * 8 * w] && a[5 * 8 * w..] == b[5 * 8 * w..]);
}
