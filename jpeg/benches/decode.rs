//! Decoding of a made picture of 3 megapixels, by process, sampling and scale.

use deckle_jpeg::{ChromaScale, Decoder, Header, Options, Reduction, Scale};
use divan::{Bencher, black_box};
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};
use std::sync::LazyLock;

const WIDTH: usize = 2048;
const HEIGHT: usize = 1536;

static BASELINE_444: LazyLock<Vec<u8>> = LazyLock::new(|| encode(Subsampling::S444, false));
static BASELINE_420: LazyLock<Vec<u8>> = LazyLock::new(|| encode(Subsampling::S420, false));
static PROGRESSIVE_420: LazyLock<Vec<u8>> = LazyLock::new(|| encode(Subsampling::S420, true));

fn main() {
    divan::main();
}

/// Waves that get shorter to the right, edges, and a little noise.
fn picture() -> Vec<u8> {
    let mut state = 1u32;
    let mut rgb = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for (y, x) in (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (y, x))) {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wave = ((x * x / 4096 + y) as f32 / 9.0).sin() * 50.0;
        let edge = if (x / 71 + y / 53) % 3 == 0 { 40.0 } else { 0.0 };
        let noise = (state >> 28) as f32;
        let level = 90.0 + wave + edge + noise;
        rgb.extend([level as u8, (level * 0.8) as u8, (y * 200 / HEIGHT) as u8]);
    }
    rgb
}

fn encode(sampling: Subsampling, progressive: bool) -> Vec<u8> {
    Encoder::new(&picture(), WIDTH, HEIGHT, PixelFormat::Rgb)
        .quality(85)
        .subsampling(sampling)
        .progressive(progressive)
        .encode()
        .unwrap_or_default()
}

fn decode(bencher: Bencher<'_, '_>, jpeg: &[u8], scale: Scale, reduction: Reduction) {
    let options = Options { chroma: ChromaScale::Match, reduction, ..Options::default() };
    bencher.bench_local(|| {
        let header = Header::parse(black_box(jpeg)).ok()?;
        let mut decoder = Decoder::new(&header, scale, &options).ok()?;
        while let Some(rows) = decoder.next_rows() {
            black_box(rows.planes());
        }
        Some(())
    });
}

#[divan::bench(args = Scale::ALL)]
fn baseline_444(bencher: Bencher<'_, '_>, scale: Scale) {
    decode(bencher, &BASELINE_444, scale, Reduction::LowPass);
}

#[divan::bench(args = Scale::ALL)]
fn baseline_420(bencher: Bencher<'_, '_>, scale: Scale) {
    decode(bencher, &BASELINE_420, scale, Reduction::LowPass);
}

#[divan::bench(args = Scale::ALL)]
fn baseline_420_average(bencher: Bencher<'_, '_>, scale: Scale) {
    decode(bencher, &BASELINE_420, scale, Reduction::Average);
}

#[divan::bench(args = Scale::ALL)]
fn progressive_420(bencher: Bencher<'_, '_>, scale: Scale) {
    decode(bencher, &PROGRESSIVE_420, scale, Reduction::LowPass);
}
