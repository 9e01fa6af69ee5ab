//! What a resampler allocates stays below what it says.

#![allow(unsafe_code)]

use deckle_resample::{Filter, Resampler, Span};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything to the system's allocator; growing is the default, a new block next to the old one
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller's promise
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// one test: what others allocate would count
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
        let spans = (span(from.0), span(from.1));
        let (line, mut out) = (vec![1; from.0], vec![0; to.0]);
        let promised = Resampler::memory(from, spans, to, Filter::Lanczos3, ahead);
        let before = NOW.load(Relaxed);
        MOST.store(before, Relaxed);
        let mut resampler = Resampler::new(from, spans, to, Filter::Lanczos3);
        for y in 0..from.1 {
            resampler.push(&line);
            while y >= ahead && resampler.pull(&mut out) {}
        }
        let took = MOST.load(Relaxed) - before;
        drop(resampler);
        assert!(took <= promised, "{from:?} to {to:?}, {ahead} ahead: {took} bytes, promised {promised}");
    }
}
