//! The plan's memory estimate against what is really allocated; of what libwebp allocates only wasm32 knows, where
//! `wasm-pack test --node` runs this.
#![allow(unsafe_code, clippy::unwrap_used)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use common::{FORMATS, jpeg, picture, plan, png};
use deckle::edit::{Edits, OutputFormat, Rotate};
use deckle::image::Pixels;
use deckle::{probe, transform};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Counts live bytes and their peak.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grow(bytes: usize) {
    PEAK.fetch_max(LIVE.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: every call goes to the system's allocator unchanged
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // growing may move: both are alive for a moment
        grow(size);
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The picture under noise: the worst for every encoder's output.
fn noisy(width: u32, height: u32, channels: u8) -> Pixels {
    let mut image = picture(width, height, channels);
    let mut random = common::Random(7);
    image.data.iter_mut().for_each(|sample| *sample = sample.wrapping_add(random.below(64) as u8));
    image
}

#[test]
fn no_plan_takes_more_than_its_estimate_and_few_take_much_less() {
    let mut sources = vec![
        ("4:4:4", jpeg(&noisy(900, 700, 3), 90, false, false, None)),
        ("4:2:0", jpeg(&noisy(900, 700, 3), 90, true, false, Some(6))),
        ("progressive", jpeg(&noisy(800, 600, 3), 90, true, true, None)),
        ("grey JPEG", jpeg(&noisy(900, 700, 1), 90, false, false, None)),
        ("CMYK", jpeg(&noisy(640, 480, 4), 90, false, false, None)),
        ("RGB PNG", png(&noisy(800, 600, 3))),
        ("RGBA PNG", png(&noisy(800, 600, 4))),
        ("grey PNG", png(&noisy(800, 600, 1))),
        ("more than a megapixel", jpeg(&noisy(1200, 900, 3), 90, true, false, None)),
    ];
    for (name, channels, format) in
        [("WebP", 3, OutputFormat::WebP), ("WebP with alpha", 4, OutputFormat::WebP), ("GIF", 3, OutputFormat::Gif)]
    {
        let edits = Edits { format: Some(format), ..Edits::default() };
        sources.push((name, common::run(&png(&noisy(640, 480, channels)), &edits).unwrap().bytes));
    }
    let mut wrong = Vec::new();
    for (name, source) in &sources {
        for (format, lossless) in FORMATS.map(|format| (format, false)).into_iter().chain([(OutputFormat::WebP, true)])
        {
            // the whole picture, half of it, and a thumbnail, for which only decoding counts
            for (width, progressive, rotate) in [
                (None, format == OutputFormat::Jpeg && *name != "more than a megapixel", Rotate::Quarter),
                (Some(400), false, Rotate::Quarter),
                (Some(90), false, Rotate::None),
            ] {
                let edits = Edits { width, lossless, progressive, rotate, format: Some(format), ..Edits::default() };
                let info = probe(source).unwrap();
                let plan = plan(&edits, &info).unwrap();
                let before = LIVE.load(Relaxed);
                PEAK.store(before, Relaxed);
                let output = transform(source, &info, &plan, &mut |_| ()).unwrap();
                let peak = (PEAK.load(Relaxed) - before) as f64;
                drop(output);
                let estimate = plan.memory_bytes as f64;
                let line = format!(
                    "{name} → {format:?} {width:?} lossless {lossless} progressive {progressive}: {:.2} MB of {:.2} MB, {:.2}",
                    peak / 1e6,
                    estimate / 1e6,
                    peak / estimate
                );
                println!("{line}");
                // where there is loss, the estimate is for noise at its worst; the part that does not depend on the picture is small
                let lossy_webp = format == OutputFormat::WebP && !lossless;
                let much = if format == OutputFormat::Jpeg || lossy_webp { 8.0 } else { 3.0 };
                let is_counted = !lossy_webp || cfg!(target_arch = "wasm32");
                if peak > estimate || is_counted && (estimate - 1.5e6) > much * peak {
                    wrong.push(line);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
