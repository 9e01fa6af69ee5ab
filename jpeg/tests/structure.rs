//! Files as encoders seldom write them.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::writer::Writer;
use common::*;
use deckle_jpeg::{Color, Error, Header, Limits, Options, Scale, Unsupported};

const SAMPLINGS: [&[(u8, u8)]; 9] = [
    &[(1, 1)],
    &[(2, 2)],
    &[(1, 1), (1, 1), (1, 1)],
    &[(2, 2), (1, 1), (1, 1)],
    &[(2, 1), (1, 2), (1, 1)],
    &[(3, 1), (1, 1), (2, 1)],
    &[(1, 1), (2, 2), (2, 1)],
    &[(4, 2), (1, 1), (1, 2)],
    &[(1, 1), (1, 1), (1, 1), (1, 1)],
];

fn full(jpeg: &[u8]) -> Decoded {
    decode(jpeg, Scale::Full, &Options::default())
}

/// The decoded planes equal the oracle's; nothing is called damaged.
fn assert_oracle(writer: &Writer, what: &str) {
    let jpeg = writer.write();
    let ours = full(&jpeg);
    assert!(!ours.damaged, "{what} is called damaged");
    let theirs = oracle(&jpeg, &ours.planes);
    assert_eq!(largest_difference(&ours.planes, &theirs), 0, "{what}");
    for scale in [Scale::Eighth, Scale::Quarter, Scale::Half] {
        assert!(!decode(&jpeg, scale, &Options::default()).damaged, "{what} {scale:?}");
    }
}

#[test]
fn any_sampling_is_decoded() {
    for (i, sampling) in SAMPLINGS.iter().enumerate() {
        for (w, h) in [(1, 1), (65, 33), (40, 90)] {
            for restart in [0, 1, 5] {
                let mut writer = Writer::new(w, h, sampling, i as u64);
                // sums beyond 16 bits are anybody's guess, and the oracle's is another one on aarch64
                writer.steps = [3; 64];
                writer.restart = restart;
                assert_oracle(&writer, &format!("{w}×{h} {sampling:?} restart {restart}"));
            }
        }
    }
}

/// A scan of one component has its own order and its own end of blocks.
#[test]
fn scans_of_single_components_give_the_same_samples() {
    for (i, sampling) in SAMPLINGS.iter().enumerate().skip(2) {
        for (w, h) in [(9, 9), (65, 33), (40, 90)] {
            let mut writer = Writer::new(w, h, sampling, i as u64);
            let together = writer.write();
            for restart in [0, 3] {
                writer.restart = restart;
                writer.scans = (0..sampling.len()).map(|c| vec![c]).collect();
                let apart = writer.write();
                writer.scans = vec![(0..2).collect(), (2..sampling.len()).collect()];
                let mixed = writer.write();
                for scale in Scale::ALL {
                    let expected = decode(&together, scale, &Options::default());
                    for jpeg in [&apart, &mixed] {
                        let got = decode(jpeg, scale, &Options::default());
                        assert!(got == expected, "{w}×{h} {sampling:?} {scale:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn four_components_are_cmyk_and_with_adobe_ycck() {
    let mut writer = Writer::new(33, 20, SAMPLINGS[8], 1);
    let color = |jpeg: &[u8]| Header::parse(jpeg).unwrap().color;
    assert_eq!(color(&writer.write()), Color::Cmyk);
    for (transform, expected) in [(0, Color::Cmyk), (2, Color::Ycck)] {
        writer.before_frame = adobe(transform);
        let jpeg = writer.write();
        let header = Header::parse(&jpeg).unwrap();
        assert_eq!(header.color, expected);
        assert_eq!(header.adobe_transform, Some(transform));
    }
}

fn adobe(transform: u8) -> Vec<u8> {
    [&[0xFF, 0xEE, 0, 14][..], b"Adobe", &[0, 100, 0, 0, 0, 0, transform]].concat()
}

#[test]
fn adobe_without_transform_is_rgb_unless_jfif() {
    let mut writer = Writer::new(8, 8, SAMPLINGS[2], 1);
    writer.before_frame = adobe(0);
    assert_eq!(Header::parse(&writer.write()).unwrap().color, Color::Rgb);
    let jfif = [&[0xFF, 0xE0, 0, 16][..], b"JFIF\0", &[1, 1, 1, 0, 72, 0, 73, 0, 0]].concat();
    writer.before_frame.extend(jfif);
    let jpeg = writer.write();
    let header = Header::parse(&jpeg).unwrap();
    assert_eq!(header.color, Color::YCbCr);
    let density = header.density.unwrap();
    assert_eq!((density.unit, density.x, density.y), (1, 72, 73));
}

#[test]
fn the_height_may_come_after_the_first_scan() {
    for scans in [vec![vec![0, 1, 2]], vec![vec![0], vec![1], vec![2]]] {
        let mut writer = Writer::new(50, 37, SAMPLINGS[3], 4);
        writer.scans = scans;
        let expected = full(&writer.write());
        writer.height_by_dnl = true;
        let jpeg = writer.write();
        assert_eq!(Header::parse(&jpeg).unwrap().height, 37);
        assert!(full(&jpeg) == expected);
    }
}

#[test]
fn a_height_that_never_comes_is_an_error() {
    let mut writer = Writer::new(50, 37, SAMPLINGS[3], 4);
    writer.height = 0;
    let error = Header::parse(&writer.write()).unwrap_err();
    assert_eq!(error.code(), "jpeg_bad_segment");
}

#[test]
fn standard_tables_stand_in_for_missing_ones() {
    let mut writer = Writer::new(50, 37, SAMPLINGS[3], 5);
    let expected = full(&writer.write());
    writer.huffman_segments = false;
    assert!(full(&writer.write()) == expected);
}

#[test]
fn fill_bytes_and_a_missing_end_change_nothing() {
    let mut writer = Writer::new(50, 37, SAMPLINGS[3], 6);
    writer.restart = 2;
    let expected = full(&writer.write());
    writer.fill_bytes = true;
    writer.end = false;
    assert!(full(&writer.write()) == expected);
}

#[test]
fn wide_quantisation_tables_are_read() {
    let mut writer = Writer::new(50, 37, SAMPLINGS[0], 7);
    writer.steps[20] = 300;
    for block in &mut writer.components[0].blocks {
        // products of what an encoder would write fit 16 bits
        block[20] = block[20].clamp(-5, 5);
    }
    writer.wide_steps = true;
    assert_oracle(&writer, "16-bit table");
}

#[test]
fn icc_profiles_are_joined_in_order() {
    let chunk = |number: u8, bytes: &[u8]| {
        let length = (16 + bytes.len()) as u16;
        let head = [&[0xFF, 0xE2][..], &length.to_be_bytes(), b"ICC_PROFILE\0"].concat();
        [&head[..], &[number, 2], bytes].concat()
    };
    let mut writer = Writer::new(8, 8, SAMPLINGS[0], 1);
    writer.before_frame = [chunk(2, b"world"), chunk(1, b"hello ")].concat();
    let jpeg = writer.write();
    let profile = Header::parse(&jpeg).unwrap().icc_profile();
    assert_eq!(profile.unwrap().as_ref(), b"hello world");
    writer.before_frame = chunk(2, b"world");
    let jpeg = writer.write();
    assert!(Header::parse(&jpeg).unwrap().icc_profile().is_none());
}

#[test]
fn exif_starts_at_its_tiff_header() {
    let mut writer = Writer::new(8, 8, SAMPLINGS[0], 1);
    writer.before_frame = [&[0xFF, 0xE1, 0, 12][..], b"Exif\0\0", b"MM\0*"].concat();
    let jpeg = writer.write();
    assert_eq!(Header::parse(&jpeg).unwrap().exif(), Some(&b"MM\0*"[..]));
}

#[test]
fn sizes_are_libjpegs() {
    let jpeg = Writer::new(65, 33, SAMPLINGS[3], 1).write();
    let header = Header::parse(&jpeg).unwrap();
    let size = |scale| header.scaled_size(scale);
    assert_eq!(size(Scale::Full), (65, 33));
    assert_eq!(size(Scale::Half), (33, 17));
    assert_eq!(size(Scale::Quarter), (17, 9));
    assert_eq!(size(Scale::Eighth), (9, 5));
    // matched chroma has the size of luma, up to the blocks it has
    let sizes = deckle_jpeg::plane_sizes(&header, Scale::Half, &Options::default());
    assert_eq!((sizes[1].width, sizes[1].height), (33, 17));
}

#[test]
fn other_kinds_are_unsupported_by_name() {
    let mut jpeg = Writer::new(8, 8, SAMPLINGS[0], 1).write();
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    let expected = [(0xC5, Unsupported::Hierarchical), (0xCB, Unsupported::Arithmetic)];
    for (marker, what) in expected {
        jpeg[frame + 1] = marker;
        assert_eq!(Header::parse(&jpeg).unwrap_err(), Error::Unsupported(what));
    }
    jpeg[frame + 1] = 0xC1;
    jpeg[frame + 4] = 12;
    let error = Header::parse(&jpeg).unwrap_err();
    assert_eq!(error, Error::Unsupported(Unsupported::Precision(12)));
    assert_eq!(error.code(), "jpeg_unsupported_precision");
    assert_eq!(error.to_string(), "unsupported jpeg: 12 bits per sample, expected 8");
}

#[test]
fn limits_are_checked_before_decoding() {
    let jpeg = Writer::new(65, 33, SAMPLINGS[3], 1).write();
    let header = Header::parse(&jpeg).unwrap();
    let code = |limits: Limits| {
        let options = Options { limits, ..Options::default() };
        let decoder = deckle_jpeg::Decoder::new(&header, Scale::Full, &options);
        decoder.err().map(|error| error.code())
    };
    let limits = Limits::default();
    assert_eq!(code(limits), None);
    let pixels = Limits { pixels: 65 * 33 - 1, ..limits };
    assert_eq!(code(pixels), Some("jpeg_too_many_pixels"));
    let memory = deckle_jpeg::decoder_memory(&header, Scale::Full, &Options::default());
    assert_eq!(code(Limits { memory, ..limits }), None);
    let memory = memory - 1;
    assert_eq!(code(Limits { memory, ..limits }), Some("jpeg_too_much_memory"));
}

#[test]
fn scans_are_limited() {
    let mut writer = Writer::new(65, 33, SAMPLINGS[3], 1);
    writer.scans = vec![vec![0], vec![1], vec![2]];
    let jpeg = writer.write();
    let header = Header::parse(&jpeg).unwrap();
    assert_eq!(header.scan_count(), 3);
    let mut options = Options::default();
    options.limits.scans = 2;
    let error = deckle_jpeg::Decoder::new(&header, Scale::Full, &options).unwrap_err();
    assert_eq!(error.to_string(), "image has 3 scans, limit is 2");
}

/// Whatever the width, a hundred megapixels stay in a few megabytes.
#[test]
fn memory_is_flat() {
    for sampling in [SAMPLINGS[2], SAMPLINGS[3]] {
        let mut jpeg = Writer::new(8, 8, sampling, 1).write();
        let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0x27, 0x10, 0x27, 0x10]);
        let memory =
            |jpeg: &[u8], scale| deckle_jpeg::decoder_memory(&Header::parse(jpeg).unwrap(), scale, &Options::default());
        assert!(memory(&jpeg, Scale::Full) < 1 << 20);
        assert!(memory(&jpeg, Scale::Eighth) < 1 << 18);
        jpeg[frame + 1] = 0xC2;
        let scan = jpeg.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
        let band = scan + 5 + 2 * sampling.len();
        jpeg[band..band + 3].fill(0);
        assert!(memory(&jpeg, Scale::Full) < 3 << 20);
    }
}
