//! Encoding of a made picture at usual widths, by process, sampling and effort,
//! next to libjpeg-turbo.

use deckle_jpeg::{EncodeColor, EncodeOptions, Sampling, encode_pixels};
use divan::{Bencher, black_box};
use libjpeg_turbo_rs::{PixelFormat, Subsampling};

const WIDTHS: [usize; 3] = [400, 960, 1920];

fn main() {
    divan::main();
}

/// Waves that get shorter to the right, edges, and a little noise.
fn picture(width: usize, height: usize) -> Vec<u8> {
    let mut state = 1u32;
    let mut rgb = Vec::with_capacity(width * height * 3);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wave = ((x * x / 4096 + y) as f32 / 9.0).sin() * 50.0;
        let edge = if (x / 71 + y / 53) % 3 == 0 { 40.0 } else { 0.0 };
        let noise = (state >> 28) as f32;
        let level = 90.0 + wave + edge + noise;
        rgb.extend([level as u8, (level * 0.8) as u8, (y * 200 / height) as u8]);
    }
    rgb
}

fn encode(bencher: Bencher<'_, '_>, width: usize, sampling: Sampling, progressive: bool, effort: u8) {
    let height = width * 3 / 4;
    let rgb = picture(width, height);
    let options = EncodeOptions::new(width as u32, height as u32, EncodeColor::YCbCr);
    let options = EncodeOptions { sampling, progressive, effort, ..options };
    bencher.bench_local(|| encode_pixels(&options, black_box(&rgb)));
}

#[divan::bench(args = WIDTHS)]
fn baseline_420(bencher: Bencher<'_, '_>, width: usize) {
    encode(bencher, width, Sampling::S420, false, 0);
}

#[divan::bench(args = WIDTHS)]
fn baseline_444(bencher: Bencher<'_, '_>, width: usize) {
    encode(bencher, width, Sampling::S444, false, 0);
}

#[divan::bench(args = WIDTHS)]
fn progressive_420(bencher: Bencher<'_, '_>, width: usize) {
    encode(bencher, width, Sampling::S420, true, 0);
}

#[divan::bench(args = WIDTHS)]
fn baseline_420_effort(bencher: Bencher<'_, '_>, width: usize) {
    encode(bencher, width, Sampling::S420, false, 1);
}

#[divan::bench(args = WIDTHS)]
fn progressive_420_effort(bencher: Bencher<'_, '_>, width: usize) {
    encode(bencher, width, Sampling::S420, true, 1);
}

#[divan::bench(args = WIDTHS)]
fn grey(bencher: Bencher<'_, '_>, width: usize) {
    let height = width * 3 / 4;
    let pixels: Vec<u8> = picture(width, height).chunks_exact(3).map(|pixel| pixel[0]).collect();
    let options = EncodeOptions::new(width as u32, height as u32, EncodeColor::Grey);
    bencher.bench_local(|| encode_pixels(&options, black_box(&pixels)));
}

fn libjpeg_turbo(bencher: Bencher<'_, '_>, width: usize, progressive: bool) {
    let height = width * 3 / 4;
    let rgb = picture(width, height);
    bencher.bench_local(|| {
        libjpeg_turbo_rs::Encoder::new(black_box(&rgb), width, height, PixelFormat::Rgb)
            .quality(80)
            .subsampling(Subsampling::S420)
            .optimize_huffman(true)
            .progressive(progressive)
            .encode()
    });
}

#[divan::bench(args = WIDTHS)]
fn libjpeg_turbo_baseline_420(bencher: Bencher<'_, '_>, width: usize) {
    libjpeg_turbo(bencher, width, false);
}

#[divan::bench(args = WIDTHS)]
fn libjpeg_turbo_progressive_420(bencher: Bencher<'_, '_>, width: usize) {
    libjpeg_turbo(bencher, width, true);
}
