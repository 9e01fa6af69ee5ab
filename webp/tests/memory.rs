//! What encoding promises to take against what it takes: natively what Rust allocates, on wasm32 what libwebp does as well.
#![allow(unsafe_code, clippy::unwrap_used)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use common::{KINDS, made, picture};
use deckle_webp::memory;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Counts live bytes and their peak.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grow(bytes: usize) {
    PEAK.fetch_max(LIVE.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: every call goes to the system's allocator unchanged; what this does not have is made of what it has
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn no_picture_takes_more_than_is_promised() {
    // where libwebp cannot be counted, there is no point in a picture for which it wants more than is ample
    let large = if cfg!(target_arch = "wasm32") { (1300, 900) } else { (130, 90) };
    for (width, height) in [(1, 1), (33, 900), (500, 400), large] {
        for kind in KINDS {
            for channels in 1..=4_u8 {
                for quality in [80, 100] {
                    let pixels = picture(kind, width, height, channels);
                    let before = LIVE.load(Relaxed);
                    PEAK.store(before, Relaxed);
                    let file = made(quality, (width, height), channels, &pixels);
                    // a copy of the pixels is dropped before libwebp begins, not before it has planes of its own
                    let taken = (PEAK.load(Relaxed) - before) as u64;
                    let bound = memory(width, height, channels.is_multiple_of(2)) + pixels.len() as u64;
                    let line = format!(
                        "{width}x{height} {kind:?} {channels} q{quality}: {} bytes, {taken} of {bound}, {:.1} a pixel",
                        file.len(),
                        taken as f64 / f64::from(width * height)
                    );
                    assert!(taken <= bound, "{line}");
                }
            }
        }
    }
}
