//! libwebp's bytes are the same natively, where its SSE2 code is Intel's or AMD's to run, and on wasm32, where it runs on the intrinsics
//! of `wasm32/include/emmintrin.h`. `make test-wasm` runs these there.
//!
//! `everywhere.txt` holds length and digest of each file. `DECKLE_BLESS=1` writes it natively, and fails that run.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{KINDS, made, picture};
use deckle_webp::{Error, Options, Planes, encode_pixels, encode_planes};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const EXPECTED: &str = include_str!("everywhere.txt");

/// FNV-1a.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[test]
fn bytes_are_the_same_on_every_processor() {
    let mut lines = Vec::new();
    for (width, height) in [(1, 1), (2, 3), (17, 33), (97, 61), (320, 203), (1500, 1)] {
        for kind in KINDS {
            for channels in 1..=4 {
                for quality in [1, 50, 80, 100] {
                    let pixels = picture(kind, width, height, channels);
                    let file = made(quality, (width, height), channels, &pixels);
                    lines.push(format!(
                        "{width}x{height} {kind:?} {channels} q{quality}: {} {:016x}",
                        file.len(),
                        digest(&file)
                    ));
                }
            }
        }
    }
    let text = lines.join("\n") + "\n";
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("DECKLE_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/everywhere.txt"), &text).unwrap();
        panic!("wrote everywhere.txt; run again without DECKLE_BLESS");
    }
    for (made, expected) in text.lines().zip(EXPECTED.lines()) {
        assert_eq!(made, expected);
    }
    assert_eq!(text, EXPECTED);
}

#[test]
fn what_is_no_picture_is_refused() {
    let options = Options::new();
    let pixels = |size, channels, length| encode_pixels(&options, size, channels, vec![0; length]);
    assert_eq!(pixels((0, 1), 3, 0), Err(Error::Size { width: 0, height: 1 }));
    assert_eq!(pixels((16_384, 1), 3, 49_152), Err(Error::Size { width: 16_384, height: 1 }));
    assert_eq!(pixels((2, 2), 3, 11), Err(Error::Pixels { channels: 3, length: 11 }));
    assert_eq!(pixels((2, 2), 5, 20), Err(Error::Pixels { channels: 5, length: 20 }));
    assert_eq!(pixels((2, 2), 0, 0), Err(Error::Pixels { channels: 0, length: 0 }));
    assert_eq!(Planes::new(3, 0, true).unwrap_err(), Error::Size { width: 3, height: 0 });
    assert!(pixels((16_383, 1), 4, 16_383 * 4).is_ok());
    assert!(encode_planes(&options, Planes::new(1, 16_383, true).unwrap()).is_ok());
}
