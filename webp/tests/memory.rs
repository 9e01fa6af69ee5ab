//! What encoding promises to take against what it takes: natively what Rust allocates, on wasm32 what libwebp does as well.
#![allow(clippy::unwrap_used)]

mod common;

use common::{KINDS, made, picture};
use deckle_testkit::peak;
use deckle_webp::memory;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn no_picture_takes_more_than_is_promised() {
    // large enough that libwebp wants more than its preferred heap, where what it takes is counted
    let large = if cfg!(target_arch = "wasm32") { (1300, 900) } else { (130, 90) };
    for (width, height) in [(1, 1), (33, 900), (500, 400), large] {
        for kind in KINDS {
            for channels in 1..=4_u8 {
                for quality in [80, 100] {
                    let pixels = picture(kind, width, height, channels);
                    let (file, taken) = peak(|| made(quality, (width, height), channels, &pixels));
                    let taken = taken as u64;
                    // a copy of the pixels is dropped before libwebp begins, not before it has planes of its own
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
