//! What is read, against image-webp, a decoder of another family.
#![allow(clippy::unwrap_used, unsafe_code)]

mod common;

use std::borrow::Cow;

use common::{KINDS, Kind, Random, made, picture};
use deckle_webp::{DecodeError, LosslessRows, LossyRows, RgbaRows};
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read(file: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(file, ImageFormat::WebP).unwrap()
}

/// The body of a chunk.
fn chunk<'a>(file: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = &file[12..];
    while rest.len() >= 8 {
        let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
        if &rest[..4] == name {
            return Some(&rest[8..][..length.min(rest.len() - 8)]);
        }
        rest = rest.get(8 + length.next_multiple_of(2)..).unwrap_or_default();
    }
    None
}

fn lossless(size: (u32, u32), channels: u8, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let colour = if channels == 4 { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 };
    WebPEncoder::new_lossless(&mut file).write_image(pixels, size.0, size.1, colour).unwrap();
    file
}

fn all_lossless(bitstream: &[u8], size: (u32, u32), has_alpha: bool) -> (Vec<u8>, Option<DecodeError>) {
    let mut pixels = Vec::new();
    let mut rows = match LosslessRows::new(Cow::Borrowed(bitstream), size, has_alpha, u64::MAX) {
        Ok(rows) => rows,
        Err(error) => return (pixels, Some(error)),
    };
    loop {
        match rows.advance() {
            Ok(true) => pixels.extend(rows.row()),
            Ok(false) => return (pixels, None),
            Err(error) => return (pixels, Some(error)),
        }
    }
}

fn all_rgba(file: &[u8], size: (u32, u32)) -> Vec<u8> {
    let mut rows = RgbaRows::new(chunk(file, b"VP8 ").unwrap(), chunk(file, b"ALPH"), size, u64::MAX).unwrap();
    let mut pixels = Vec::new();
    while rows.advance().unwrap() {
        pixels.extend(rows.row());
    }
    pixels
}

#[test]
fn lossless_pictures_are_exact() {
    for size in [(1, 1), (2, 3), (17, 33), (97, 61), (320, 203), (1500, 3), (3, 1500)] {
        for kind in KINDS {
            for channels in [3, 4] {
                let pixels = picture(kind, size.0, size.1, channels);
                let file = lossless(size, channels, &pixels);
                let (rows, error) = all_lossless(chunk(&file, b"VP8L").unwrap(), size, channels == 4);
                assert!(rows == pixels && error.is_none(), "{size:?} {kind:?} {channels}: {error:?}");
            }
        }
    }
}

#[test]
fn lossy_pictures_with_alpha_are_those_of_another_decoder() {
    for size in [(1, 1), (2, 3), (17, 33), (97, 61), (320, 203), (500, 3)] {
        for kind in KINDS {
            for quality in [20, 80, 100] {
                let file = made(quality, size, 4, &picture(kind, size.0, size.1, 4));
                if chunk(&file, b"ALPH").is_none() {
                    continue;
                }
                let (ours, theirs) = (all_rgba(&file, size), read(&file).into_rgba8().into_raw());
                let steps = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b));
                let most = steps.clone().max().unwrap();
                let mean = steps.map(f64::from).sum::<f64>() / ours.len() as f64;
                assert!(ours.len() == theirs.len() && most <= 1, "{size:?} {kind:?} {quality}: {most} {mean}");
            }
        }
    }
}

/// Without loss by libwebp, which uses what the format has: `level` 0 to 9 says how much of it.
fn by_libwebp(size: (u32, u32), pixels: &[u8], level: i32) -> Vec<u8> {
    use libwebp_sys::{
        WebPConfig, WebPConfigLosslessPreset, WebPEncode, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterInit,
        WebPPicture, WebPPictureFree, WebPPictureImportRGBA,
    };
    let mut config = WebPConfig::new().unwrap();
    let mut raw = WebPPicture::new().unwrap();
    // SAFETY: `pixels` are as many as the picture has, and the writer is initialised and outlives the call
    unsafe {
        assert!(WebPConfigLosslessPreset(&mut config, level) != 0);
        config.exact = 1;
        (raw.use_argb, raw.width, raw.height) = (1, size.0 as i32, size.1 as i32);
        assert!(pixels.len() == size.0 as usize * size.1 as usize * 4);
        assert!(WebPPictureImportRGBA(&mut raw, pixels.as_ptr(), size.0 as i32 * 4) != 0);
        let mut writer = std::mem::zeroed::<WebPMemoryWriter>();
        WebPMemoryWriterInit(&mut writer);
        raw.writer = Some(WebPMemoryWrite);
        raw.custom_ptr = (&raw mut writer).cast();
        assert!(WebPEncode(&config, &mut raw) != 0);
        WebPPictureFree(&mut raw);
        let file = std::slice::from_raw_parts(writer.mem, writer.size).to_vec();
        libwebp_sys::WebPMemoryWriterClear(&mut writer);
        file
    }
}

/// A picture of few colours: what is packed to several pixels a number.
fn few(size: (u32, u32), colours: u32) -> Vec<u8> {
    let mut random = Random(5);
    let pixel = |v: u32| [(v * 50) as u8, (v * 91) as u8, (v * 17) as u8, 255];
    (0..size.0 * size.1)
        .flat_map(|i| pixel((i / 7 % 3 * (random.bits() as u32 >> 4 & 1) + i / size.0 / 9) % colours))
        .collect()
}

#[test]
fn what_libwebp_makes_without_loss_is_exact_whatever_it_uses() {
    for level in [0, 3, 6] {
        for size in [(1, 1), (17, 33), (320, 203)] {
            for kind in KINDS {
                let pixels = picture(kind, size.0, size.1, 4);
                let file = by_libwebp(size, &pixels, level);
                let (rows, error) = all_lossless(chunk(&file, b"VP8L").unwrap(), size, true);
                assert!(rows == pixels && error.is_none(), "{size:?} {kind:?} {level}: {error:?}");
            }
            for colours in [1, 2, 4, 11, 16, 200] {
                let pixels = few(size, colours);
                let file = by_libwebp(size, &pixels, level);
                let (rows, error) = all_lossless(chunk(&file, b"VP8L").unwrap(), size, true);
                assert!(rows == pixels && error.is_none(), "{size:?} {colours} colours {level}: {error:?}");
            }
        }
    }
}

#[test]
fn a_picture_larger_than_the_window_is_exact() {
    // higher than the window's 2^20 + 2^19 pixels, and so large that it is moved more than once
    for size in [(1100, 2300), (4000, 700), (15_000, 190)] {
        for (name, pixels) in [
            ("drawing", picture(Kind::Drawing, size.0, size.1, 4)),
            ("grain", picture(Kind::Grain, size.0, size.1, 4)),
            ("few", few(size, 200)),
            ("two", few(size, 2)),
        ] {
            for level in [0, 2] {
                let file = by_libwebp(size, &pixels, level);
                let (rows, error) = all_lossless(chunk(&file, b"VP8L").unwrap(), size, true);
                assert!(rows == pixels && error.is_none(), "{size:?} {name} {level}: {error:?}");
            }
        }
    }
}

#[test]
fn cut_files_give_the_rows_that_are_there_and_changed_ones_an_answer() {
    let size = (61, 47);
    let pixels = picture(Kind::Grain, size.0, size.1, 4);
    let opaque = picture(Kind::Grain, size.0, size.1, 3);
    let file = by_libwebp(size, &pixels, 3);
    let without = chunk(&file, b"VP8L").unwrap();
    for cut in 0..without.len() {
        let (rows, error) = all_lossless(&without[..cut], size, true);
        assert!(pixels.starts_with(&rows), "{cut}");
        assert!(error.is_some() || rows == pixels, "{cut}");
    }
    let file = made(80, size, 3, &opaque);
    let lossy = chunk(&file, b"VP8 ").unwrap();
    let all = |bytes: &[u8]| {
        let mut luma: Vec<u8> = Vec::new();
        let mut rows = LossyRows::new(bytes, size, u64::MAX).ok()?;
        while let Ok(Some(lines)) = rows.next_lines() {
            luma.extend(lines.luma);
        }
        Some(luma)
    };
    let whole = all(lossy).unwrap();
    assert_eq!(whole.len(), 61 * 47);
    let mut given = 0;
    for cut in 0..lossy.len() {
        let part = all(&lossy[..cut]).unwrap_or_default();
        // the row of blocks that the cut is in is what predictions come to, and changes what the filter does above it
        assert!(part.len() <= whole.len() && part.len() >= given, "{cut}");
        let sure = part.len().saturating_sub(61 * 24);
        assert!(part[..sure] == whole[..sure], "{cut}");
        given = part.len();
    }
    assert_eq!(given, whole.len());
    let mut random = Random(3);
    for bitstream in [lossy, without] {
        for _ in 0..3000 {
            let mut bytes = bitstream.to_vec();
            let at = random.bits() as usize % bytes.len();
            bytes[at] ^= 1 << (random.bits() % 8);
            drop(all(&bytes));
            let (rows, _) = all_lossless(&bytes, size, true);
            assert!(rows.len() <= pixels.len());
        }
    }
}

#[test]
fn a_bitstream_of_another_size_is_refused() {
    let pixels = picture(Kind::Drawing, 20, 10, 4);
    let without = by_libwebp((20, 10), &pixels, 0);
    let lossy = made(80, (20, 10), 3, &picture(Kind::Drawing, 20, 10, 3));
    let (without, lossy) = (chunk(&without, b"VP8L").unwrap(), chunk(&lossy, b"VP8 ").unwrap());
    for size in [(20, 11), (19, 10), (10, 20)] {
        assert_eq!(all_lossless(without, size, true).1, Some(DecodeError::Header));
        assert_eq!(LossyRows::new(lossy, size, u64::MAX).err(), Some(DecodeError::Header));
    }
}
