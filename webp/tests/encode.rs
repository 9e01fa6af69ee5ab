//! What is written, read again by a decoder that is not libwebp's.
#![allow(clippy::unwrap_used)]

mod common;

use common::{KINDS, Kind, made, picture};
use deckle_webp::{Options, Planes, encode_planes};
use image::{DynamicImage, ImageFormat};

fn read(file: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(file, ImageFormat::WebP).unwrap()
}

/// Mean difference of samples.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
}

#[test]
fn every_size_and_channel_count_comes_back() {
    for (width, height) in [(1, 1), (1, 2), (2, 1), (15, 17), (64, 48), (131, 77)] {
        for kind in KINDS {
            for channels in 1..=4 {
                for quality in [0, 1, 100, 255] {
                    let image =
                        read(&made(quality, (width, height), channels, &picture(kind, width, height, channels)));
                    assert_eq!((image.width(), image.height()), (width, height));
                }
            }
        }
    }
}

#[test]
fn a_large_picture_with_grain_is_encoded_at_the_highest_quality() {
    let (width, height) = (2600, 2300);
    let file = made(100, (width, height), 3, &picture(Kind::Grain, width, height, 3));
    assert!(file.len() > 3 << 20, "{} bytes", file.len());
}

#[test]
fn alpha_is_kept_to_the_bit_and_colours_nearly() {
    let (width, height) = (211, 140);
    for channels in [2, 4] {
        for kind in [Kind::Drawing, Kind::Grain, Kind::Noise] {
            let pixels = picture(kind, width, height, channels);
            let image = read(&made(80, (width, height), channels, &pixels)).into_rgba8();
            let alpha = |pixels: &[u8], step: u8| -> Vec<u8> {
                pixels.chunks_exact(step.into()).map(|pixel| pixel[usize::from(step) - 1]).collect()
            };
            assert_eq!(alpha(image.as_raw(), 4), alpha(&pixels, channels));
        }
    }
    let pixels = picture(Kind::Drawing, width, height, 3);
    let image = read(&made(90, (width, height), 3, &pixels)).into_rgb8();
    let mean = difference(image.as_raw(), &pixels);
    assert!(mean < 2.5, "{mean}");
}

#[test]
fn black_white_and_grey_stay_what_they_are() {
    for channels in [1, 3] {
        for grey in [0, 1, 77, 128, 200, 254, 255] {
            let image = read(&made(90, (40, 30), channels, &vec![grey; 40 * 30 * usize::from(channels)])).into_rgb8();
            assert!(image.iter().all(|&sample| sample.abs_diff(grey) <= 1), "{channels} {grey}");
        }
    }
}

#[test]
fn planes_are_the_picture_that_pixels_are() {
    // T.871, halved by averaging: what a JPEG's decoder gives
    let (width, height) = (121, 90);
    let pixels = picture(Kind::Drawing, width, height, 3);
    let ycc = |x: u32, y: u32| {
        let at = (y.min(height - 1) * width + x.min(width - 1)) as usize * 3;
        let [r, g, b] = [0, 1, 2].map(|i| f64::from(pixels[at + i]));
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [luma, 128.0 + (b - luma) / 1.772, 128.0 + (r - luma) / 1.402]
    };
    let mut planes = Planes::new(width, height, false).unwrap();
    planes
        .fill(true, |plane, y, line| {
            for (x, sample) in line.iter_mut().enumerate() {
                let (x, y) = (x as u32, y as u32);
                let value = match plane {
                    0 => ycc(x, y)[0],
                    _ => {
                        let four = [(0, 0), (1, 0), (0, 1), (1, 1)];
                        four.iter().map(|(i, j)| ycc(2 * x + i, 2 * y + j)[plane]).sum::<f64>() / 4.0
                    }
                };
                *sample = value.round() as u8;
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    let mut options = Options::new();
    options.quality = 90;
    let from_planes = read(&encode_planes(&options, planes).unwrap()).into_rgb8();
    let from_pixels = read(&made(90, (width, height), 3, &pixels)).into_rgb8();
    let (mean, other) = (difference(&from_planes, &pixels), difference(&from_pixels, &pixels));
    assert!(mean < 3.0 && (mean - other).abs() < 0.1, "{mean} {other}");
}

#[test]
fn exif_is_embedded_in_an_extended_file_that_says_its_size() {
    for channels in [3, 4] {
        for exif in [&b"MM\0*\0\0\0\x08\0\0"[..], b"odd"] {
            let (width, height) = (300, 7);
            let pixels = picture(Kind::Drawing, width, height, channels);
            let mut options = Options::new();
            options.exif = Some(exif);
            let file = deckle_webp::encode_pixels(&options, (width, height), channels, pixels.clone()).unwrap();
            let size = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
            assert_eq!((size + 8, file.len() % 2), (file.len(), 0));
            assert_eq!(&file[12..20], b"VP8X\x0a\0\0\0");
            assert_eq!(file[20], if channels == 4 { 0x18 } else { 0x08 });
            assert_eq!(&file[24..30], [43, 1, 0, 6, 0, 0]);
            let at = file.windows(4).position(|window| window == b"EXIF").unwrap();
            assert_eq!(&file[at + 8..][..exif.len()], exif);
            let without = read(&made(80, (width, height), channels, &pixels));
            assert_eq!(read(&file).as_bytes(), without.as_bytes());
        }
    }
}
