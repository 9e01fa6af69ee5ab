//! What effort buys: fewer bytes at equal quality, and files like any other.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::*;
use deckle_jpeg::{EncodeColor, EncodeOptions, Sampling, Scale, encode_pixels};
use libjpeg_turbo_rs::PixelFormat;

const SAMPLINGS: [Sampling; 3] = [Sampling::S444, Sampling::S422, Sampling::S420];

fn options(width: usize, height: usize, color: EncodeColor) -> EncodeOptions<'static> {
    EncodeOptions { effort: 1, ..EncodeOptions::new(width as u32, height as u32, color) }
}

#[test]
fn both_decoders_agree_on_the_files() {
    let sides = [1, 7, 8, 9, 16, 17, 33, 64, 65];
    for (width, height) in sides.iter().map(|&side| (side, 66 - side)).chain([(200, 100)]) {
        let rgb = picture(width, height);
        let grey: Vec<u8> = rgb.iter().copied().step_by(3).collect();
        let colors = SAMPLINGS.map(|sampling| (EncodeColor::YCbCr, sampling, &rgb));
        for (color, sampling, pixels) in colors.into_iter().chain([(EncodeColor::Grey, Sampling::S420, &grey)]) {
            for (quality, progressive) in [1, 10, 50, 80, 95, 100].into_iter().flat_map(|q| [(q, false), (q, true)]) {
                let options = EncodeOptions { sampling, quality, progressive, ..options(width, height, color) };
                let jpeg = encode_pixels(&options, pixels).unwrap();
                assert!(jpeg.len() < options.memory(), "{options:?}");
                let decoded = decode(&jpeg, Scale::Full, &as_turbojpeg());
                assert!(!decoded.damaged, "{options:?}");
                assert_eq!(largest_difference(&decoded.planes, &oracle(&jpeg, &decoded.planes)), 0, "{options:?}");
            }
        }
    }
}

#[test]
fn there_is_nothing_above_1() {
    let rgb = picture(50, 40);
    for progressive in [false, true] {
        let file = |effort: u8| {
            encode_pixels(&EncodeOptions { effort, progressive, ..options(50, 40, EncodeColor::YCbCr) }, &rgb).unwrap()
        };
        assert!(file(1) == file(2) && file(1) == file(255));
        assert!(file(1) != file(0));
    }
}

#[test]
fn what_is_flat_stays() {
    for level in [0, 1, 100, 255] {
        for progressive in [false, true] {
            let options = EncodeOptions { progressive, ..options(40, 40, EncodeColor::YCbCr) };
            let pixels = vec![level; 40 * 40 * 3];
            let plain = encode_pixels(&EncodeOptions { effort: 0, ..options }, &pixels).unwrap();
            assert!(encode_pixels(&options, &pixels).unwrap() == plain);
        }
    }
}

/// The textbook's model of a photo: a Markov field, neighbours of which correlate
/// by 0.95; the same for red, green and blue but for a little. Contrast grows to
/// the right.
fn field(width: usize, height: usize) -> Vec<u8> {
    const CORRELATION: f64 = 0.95;
    let mut random = Random(7);
    let mut noise = || f64::from(random.below(1000) + random.below(1000)) / 1000.0 - 1.0;
    let mut values = vec![[0.0; 4]; width * height];
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let at = |dx: usize, dy: usize| if x < dx || y < dy { [0.0; 4] } else { values[(y - dy) * width + x - dx] };
        let (left, up, both) = (at(1, 0), at(0, 1), at(1, 1));
        let contrast = 2.0 + 14.0 * x as f64 / width as f64;
        values[y * width + x] = std::array::from_fn(|i| {
            let own = noise() * if i == 0 { contrast } else { contrast / 8.0 };
            CORRELATION * (left[i] + up[i] - CORRELATION * both[i]) + own
        });
    }
    values.iter().flat_map(|&[all, r, g, b]| [r, g, b].map(|own| (128.0 + all + own) as u8)).collect()
}

/// Bytes of the file, and PSNR over R, G and B.
fn measured(options: &EncodeOptions<'_>, rgb: &[u8]) -> (f64, f64) {
    let jpeg = encode_pixels(options, rgb).unwrap();
    let decoded = libjpeg_turbo_rs::decompress_to(&jpeg, PixelFormat::Rgb).unwrap().data;
    let squares = decoded.iter().zip(rgb).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum::<u64>();
    (jpeg.len() as f64, 10.0 * (255.0 * 255.0 * rgb.len() as f64 / squares as f64).log10())
}

#[test]
fn bytes_are_fewer_at_equal_psnr() {
    let (width, height) = (400, 300);
    let rgb = field(width, height);
    for progressive in [false, true] {
        let options = EncodeOptions { progressive, ..options(width, height, EncodeColor::YCbCr) };
        let plain: Vec<_> =
            (40..=95).map(|quality| measured(&EncodeOptions { quality, effort: 0, ..options }, &rgb)).collect();
        for (quality, least) in [(60, 5.0), (70, 4.0), (80, 3.5), (90, 2.0)] {
            let (bytes, psnr) = measured(&EncodeOptions { quality, ..options }, &rgb);
            let Some(pair) = plain.windows(2).find(|pair| pair[0].1 <= psnr && psnr < pair[1].1) else {
                panic!("no plain file has {psnr} dB")
            };
            let part = (psnr - pair[0].1) / (pair[1].1 - pair[0].1);
            let equal = pair[0].0 + part * (pair[1].0 - pair[0].0);
            let saved = 100.0 * (1.0 - bytes / equal);
            println!("progressive {progressive}, quality {quality}: {psnr:.2} dB in {bytes} bytes, {saved:.1} % fewer");
            assert!(saved >= least);
        }
    }
}
