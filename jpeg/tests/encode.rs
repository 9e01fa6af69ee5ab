//! The encoder against libjpeg-turbo, over sizes, samplings, qualities.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::*;
use deckle_jpeg::{
    Density, EncodeColor, EncodeError, EncodeOptions, Encoder, Frame, Header, Options, Sampling, Scale, encode_pixels,
};
use libjpeg_turbo_rs::{PixelFormat, Subsampling};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Grey,
    Color(Sampling),
}

const KINDS: [Kind; 4] =
    [Kind::Grey, Kind::Color(Sampling::S444), Kind::Color(Sampling::S422), Kind::Color(Sampling::S420)];

fn options(width: usize, height: usize, kind: Kind, quality: u8, progressive: bool) -> EncodeOptions<'static> {
    let (color, sampling) = match kind {
        Kind::Grey => (EncodeColor::Grey, Sampling::S420),
        Kind::Color(sampling) => (EncodeColor::YCbCr, sampling),
    };
    let options = EncodeOptions::new(width as u32, height as u32, color);
    EncodeOptions { sampling, quality, progressive, ..options }
}

/// libjpeg-turbo's file of the same pixels.
fn theirs(pixels: &[u8], width: usize, height: usize, kind: Kind, quality: u8, progressive: bool) -> Vec<u8> {
    let (format, sampling) = match kind {
        Kind::Grey => (PixelFormat::Grayscale, Subsampling::S444),
        Kind::Color(Sampling::S444) => (PixelFormat::Rgb, Subsampling::S444),
        Kind::Color(Sampling::S422) => (PixelFormat::Rgb, Subsampling::S422),
        Kind::Color(Sampling::S420) => (PixelFormat::Rgb, Subsampling::S420),
    };
    libjpeg_turbo_rs::Encoder::new(pixels, width, height, format)
        .quality(quality)
        .subsampling(sampling)
        .force_baseline(true)
        .optimize_huffman(true)
        .progressive(progressive)
        .encode()
        .unwrap()
}

fn pixels_of(rgb: &[u8], kind: Kind) -> Vec<u8> {
    match kind {
        Kind::Grey => rgb.iter().copied().skip(1).step_by(3).collect(),
        Kind::Color(_) => rgb.to_vec(),
    }
}

/// Compares the files, to the byte, and both decoders on ours.
fn assert_equal(rgb: &[u8], (width, height): (usize, usize), kind: Kind, quality: u8, progressive: bool) {
    let what = format!("{width}×{height} {kind:?} quality {quality} progressive {progressive}");
    let pixels = pixels_of(rgb, kind);
    let options = options(width, height, kind, quality, progressive);
    let ours = encode_pixels(&options, &pixels).unwrap();
    assert!(ours.len() < options.memory(), "{what}");
    let theirs = theirs(&pixels, width, height, kind, quality, progressive);
    if ours != theirs {
        let at = ours.iter().zip(&theirs).position(|(a, b)| a != b);
        panic!("{what}: {} bytes, theirs {}, differ at {at:?}", ours.len(), theirs.len());
    }
    let decoded = decode(&ours, Scale::Full, &as_turbojpeg());
    assert!(!decoded.damaged, "{what}");
    assert_eq!(largest_difference(&decoded.planes, &oracle(&ours, &decoded.planes)), 0, "{what}");
}

fn sizes() -> Vec<(usize, usize)> {
    if thorough() {
        return (1..=65).flat_map(|h| (1..=65).map(move |w| (w, h))).collect();
    }
    let sides = [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 40, 64, 65];
    let mut sizes: Vec<_> = sides.iter().map(|&side| (side, 66 - side)).collect();
    sizes.extend([(1, 1), (3, 1), (1, 3), (65, 65), (16, 8), (8, 16), (200, 100)]);
    sizes
}

#[test]
fn files_equal_libjpegs() {
    for size in sizes() {
        let rgb = picture(size.0, size.1);
        for kind in KINDS {
            for quality in [1, 10, 50, 80, 95, 100] {
                for progressive in [false, true] {
                    assert_equal(&rgb, size, kind, quality, progressive);
                }
            }
        }
    }
}

fn fixture(name: &str) -> (usize, usize, Vec<u8>) {
    let path = format!("{}/../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let image = libjpeg_turbo_rs::decompress_to(&std::fs::read(path).unwrap(), PixelFormat::Rgb).unwrap();
    (image.width, image.height, image.data)
}

#[test]
fn files_of_photos_equal_libjpegs() {
    let names =
        if thorough() { &["01.jpg", "02.jpg", "03.jpg", "04.jpg", "05.jpg", "06.jpg"][..] } else { &["01.jpg"] };
    for name in names {
        let (width, height, rgb) = fixture(name);
        for (i, kind) in KINDS.into_iter().enumerate() {
            for quality in [[30, 75], [50, 80], [85, 97], [80, 90]][i] {
                for progressive in [false, true] {
                    assert_equal(&rgb, (width, height), kind, quality, progressive);
                }
            }
        }
    }
}

/// Planes filled by hand, to their width and height only.
#[test]
fn the_encoder_pads_planes() {
    for (w, h) in sizes() {
        let rgb = picture(w, h);
        for kind in KINDS {
            for progressive in [false, true] {
                let options = options(w, h, kind, 100, progressive);
                let mut encoder = Encoder::new(&options).unwrap();
                let mut filled: Vec<Plane> = Vec::new();
                while let Some(mut rows) = encoder.next_rows() {
                    for (i, plane) in rows.planes_mut().iter_mut().enumerate() {
                        if filled.len() <= i {
                            filled.push(Plane { width: plane.width, height: 0, samples: Vec::new() });
                        }
                        // left from the row before
                        plane.samples.fill(if plane.top % 16 == 0 { 255 } else { 0 });
                        let (top, whole) = (plane.top, &mut filled[i]);
                        for (y, line) in plane.lines_mut().enumerate() {
                            for (x, sample) in line.iter_mut().enumerate() {
                                *sample = rgb[(((top + y) % h) * w + x % w) * 3 + i] / 8 + 100;
                            }
                            whole.samples.extend_from_slice(line);
                            whole.height += 1;
                        }
                    }
                }
                let jpeg = encoder.finish().unwrap();
                let decoded = decode(&jpeg, Scale::Full, &as_turbojpeg());
                assert!(!decoded.damaged);
                assert_eq!(Header::parse(&jpeg).unwrap().components.len(), filled.len());
                // quality 100 quantises by 1: what is off is rounding
                let largest = largest_difference(&decoded.planes, &filled);
                assert!(largest <= 2, "{w}×{h} {kind:?} progressive {progressive}: {largest}");
            }
        }
    }
}

#[test]
fn metadata_is_read_back() {
    let icc: Vec<u8> = (0..150_000u32).map(|i| (i * 7) as u8).collect();
    let exif = [b"II*\0\x08\0\0\0".as_slice(), &[7; 300]].concat();
    let comment = vec![b'x'; 70_000];
    let density = Density { unit: 1, x: 300, y: 299 };
    for progressive in [false, true] {
        let plain = options(33, 9, KINDS[3], 80, progressive);
        let options = EncodeOptions {
            icc: Some(&icc),
            exif: Some(&exif),
            comment: Some(&comment),
            density: Some(density),
            ..plain
        };
        let jpeg = encode_pixels(&options, &picture(33, 9)).unwrap();
        assert!(jpeg.len() < options.memory());
        let header = Header::parse(&jpeg).unwrap();
        assert_eq!(header.icc_profile().unwrap(), icc);
        assert_eq!(header.exif().unwrap(), exif);
        assert_eq!(header.density, Some(density));
        assert_eq!(header.frame, if progressive { Frame::Progressive } else { Frame::Baseline });
        let comments = jpeg.windows(2).filter(|pair| *pair == [0xFF, 0xFE]).count();
        assert_eq!(comments, 2);
        let image = libjpeg_turbo_rs::decompress(&jpeg).unwrap();
        assert_eq!(image.icc_profile.unwrap(), icc);
        assert_eq!(image.exif_data.unwrap(), exif);
    }
}

#[test]
fn metadata_of_the_most_bytes_fits() {
    let (icc, exif) = (vec![1; 255 * 65519 + 1], vec![2; 65527 + 1]);
    let plain = options(1, 1, Kind::Grey, 80, false);
    let error = |options: &EncodeOptions<'_>| encode_pixels(options, &[0]).map(|_| ()).unwrap_err();
    assert_eq!(error(&EncodeOptions { icc: Some(&icc), ..plain }), EncodeError::IccTooLong { bytes: icc.len() });
    assert_eq!(error(&EncodeOptions { exif: Some(&exif), ..plain }), EncodeError::ExifTooLong { bytes: exif.len() });
    let options = EncodeOptions { icc: Some(&icc[1..]), exif: Some(&exif[1..]), ..plain };
    let jpeg = encode_pixels(&options, &[0]).unwrap();
    let header = Header::parse(&jpeg).unwrap();
    assert_eq!(header.icc_profile().unwrap(), &icc[1..]);
    assert_eq!(header.exif().unwrap(), &exif[1..]);
}

#[test]
fn what_cannot_be_encoded_is_an_error() {
    for (width, height) in [(0, 1), (1, 0), (65536, 1), (1, u32::MAX)] {
        let options = EncodeOptions::new(width, height, EncodeColor::YCbCr);
        let error = Encoder::new(&options).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "jpeg_bad_size");
        assert_eq!(encode_pixels(&options, &[]).unwrap_err(), error);
        assert!(options.memory() > 0);
    }
    let options = EncodeOptions::new(4, 4, EncodeColor::YCbCr);
    assert_eq!(encode_pixels(&options, &[0; 47]).unwrap_err().code(), "jpeg_bad_pixels");
    let mut encoder = Encoder::new(&EncodeOptions { height: 17, ..options }).unwrap();
    encoder.next_rows().unwrap();
    assert_eq!(encoder.finish().unwrap_err(), EncodeError::Incomplete { rows: 1 });
}

#[test]
fn the_longest_sides_are_encoded() {
    for (w, h) in [(65535, 1), (1, 65535)] {
        for kind in KINDS {
            let rgb: Vec<u8> = (0..65535 * 3u32).map(|i| (i / 50) as u8).collect();
            let jpeg = encode_pixels(&options(w, h, kind, 80, true), &pixels_of(&rgb, kind)).unwrap();
            let header = Header::parse(&jpeg).unwrap();
            assert_eq!((header.width as usize, header.height as usize), (w, h));
            assert!(!decode(&jpeg, Scale::Full, &Options::default()).damaged);
        }
    }
}

#[test]
fn lines_may_come_in_parts() {
    let (w, h) = (50, 37);
    let rgb = picture(w, h);
    for kind in &KINDS[1..] {
        let options = options(w, h, *kind, 90, false);
        let mut encoder = Encoder::new(&options).unwrap();
        while let Some(mut rows) = encoder.next_rows() {
            let (top, height) = (rows.planes_mut()[0].top, rows.planes_mut()[0].height);
            for line in (0..height).step_by(2) {
                let end = h.min(top + line + 2);
                rows.fill_rgb(line, &rgb[(top + line) * w * 3..end * w * 3]);
            }
            // beyond the row, or not a whole line: nothing
            rows.fill_rgb(height, &rgb[..w * 3]);
            rows.fill_rgb(usize::MAX, &rgb);
            rows.fill_rgb(0, &rgb[..w]);
        }
        assert!(encoder.finish().unwrap() == encode_pixels(&options, &rgb).unwrap());
    }
}
