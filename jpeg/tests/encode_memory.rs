//! What the encoder allocates stays below what its options say.

#![allow(clippy::unwrap_used)]

use deckle_jpeg::{EncodeColor, EncodeOptions, Sampling, encode_pixels};
use deckle_testkit::peak;

fn noise(count: usize, contrast: u32) -> Vec<u8> {
    let mut state = 1u32;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match contrast {
                0 => 90,
                1 => (state >> 24) as u8,
                _ => (state >> 31) as u8 * 255,
            }
        })
        .collect()
}

/// The most bytes held at once, as a part of what was promised.
fn used(options: &EncodeOptions<'_>, pixels: &[u8]) -> f64 {
    let (encoded, bytes) = peak(|| encode_pixels(options, pixels));
    encoded.unwrap();
    bytes as f64 / options.memory() as f64
}

#[test]
fn memory_is_an_upper_bound() {
    for (width, height) in [(1, 1), (17, 3), (8, 2000), (2000, 8), (640, 480)] {
        for contrast in 0..3 {
            let pixels = noise((width * height * 3) as usize, contrast);
            for quality in [1, 50, 80, 90, 97, 100] {
                for (progressive, effort) in [(false, 0), (true, 0), (false, 1), (true, 1)] {
                    for sampling in [Sampling::S444, Sampling::S422, Sampling::S420] {
                        let options = EncodeOptions::new(width, height, EncodeColor::YCbCr);
                        let options = EncodeOptions { quality, progressive, effort, sampling, ..options };
                        let part = used(&options, &pixels);
                        assert!(part < 1.0, "{part} of {options:?}, contrast {contrast}");
                    }
                    let options = EncodeOptions::new(width, height, EncodeColor::Grey);
                    let options = EncodeOptions { quality, progressive, effort, ..options };
                    let part = used(&options, &pixels[..(width * height) as usize]);
                    assert!(part < 1.0, "{part} of {options:?}, contrast {contrast}");
                }
            }
        }
    }
}
