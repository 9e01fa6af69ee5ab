//! What a resampler allocates stays below what it says.

use deckle_resample::{Filter, Resampler, Span, WideResampler};
use deckle_testkit::peak;

#[test]
fn memory_is_an_upper_bound() {
    // the second was found by fuzzing: a pair of lines is more than two of their places
    let sizes = [
        ((89, 225), (3, 49)),
        ((2, 1), (1, 1)),
        ((1, 1), (200, 200)),
        ((300, 200), (20, 400)),
        ((300, 200), (400, 20)),
        ((13, 200), (7, 20)),
        ((2000, 1500), (400, 300)),
    ];
    for ((from, to), ahead) in sizes.into_iter().flat_map(|sizes| [(sizes, 0), (sizes, 1), (sizes, 30), (sizes, 5000)])
    {
        let span = |side: usize| Span { start: 0.0, length: side as f64 };
        assert_bound(from, (span(from.0), span(from.1)), to, ahead);
    }
}

/// Found by fuzzing: the line of sums was there while weights were made.
#[test]
fn memory_is_an_upper_bound_where_a_span_reaches_far_over_the_edges() {
    let lines = Span { start: -50.109375, length: 995.109375 };
    assert_bound((165, 8), (Span { start: 0.0, length: 165.0 }, lines), (104, 234), 36);
}

fn assert_bound(from: (usize, usize), spans: (Span, Span), to: (usize, usize), ahead: usize) {
    let (line, mut out) = (vec![1; from.0], vec![0; to.0]);
    let promised = Resampler::memory(from, spans, to, Filter::Lanczos3, ahead);
    let (_, took) = peak(|| {
        let mut resampler = Resampler::new(from, spans, to, Filter::Lanczos3);
        for y in 0..from.1 {
            resampler.push(&line);
            while y >= ahead && resampler.pull(&mut out) {}
        }
    });
    assert!(took <= promised, "{from:?} {spans:?} to {to:?}, {ahead} ahead: {took} bytes, promised {promised}");
}

#[test]
fn memory_of_wide_samples_is_an_upper_bound() {
    for (from, to) in [
        ((89, 225), (3, 49)),
        ((2, 1), (1, 1)),
        ((1, 1), (200, 200)),
        ((300, 200), (20, 400)),
        ((300, 200), (400, 20)),
        ((2000, 1500), (400, 300)),
    ] {
        let span = |side: usize| Span { start: 0.0, length: side as f64 };
        let spans = (span(from.0), span(from.1));
        let (line, mut out) = (vec![1; from.0], vec![0; to.0]);
        let promised = WideResampler::memory(from, spans, to, Filter::Lanczos3);
        let (_, took) = peak(|| {
            let mut resampler = WideResampler::new(from, spans, to, Filter::Lanczos3);
            for _ in 0..from.1 {
                resampler.push(&line);
                while resampler.pull(&mut out) {}
            }
        });
        assert!(took <= promised, "{from:?} to {to:?}: {took} bytes, promised {promised}");
    }
}
