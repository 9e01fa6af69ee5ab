//! Kernels: a plane of a photo's size to a page's, by lines. `cargo bench -p deckle-resample`.

use deckle_resample::{Filter, Resampler, Span};

fn main() {
    divan::main();
}

#[divan::bench(args = [(484, 324, 400, 268), (1936, 1296, 1200, 803), (2048, 1536, 400, 300), (1200, 800, 1200, 800)])]
fn lanczos3(bencher: divan::Bencher<'_, '_>, (from_w, from_h, to_w, to_h): (usize, usize, usize, usize)) {
    let line: Vec<u8> = (0..from_w).map(|x| (x * 7) as u8).collect();
    let all = |length: usize| Span { start: 0.0, length: length as f64 };
    bencher.counter(divan::counter::ItemsCount::new(from_w * from_h)).bench(|| {
        let mut resampler =
            Resampler::new((from_w, from_h), (all(from_w), all(from_h)), (to_w, to_h), Filter::Lanczos3);
        let mut out = vec![0; to_w];
        for _ in 0..from_h {
            resampler.push(divan::black_box(&line));
            while resampler.pull(&mut out) {}
        }
        out
    });
}
