//! What the encoder allocates stays below what its options say.

#![allow(clippy::unwrap_used)]

use deckle_jpeg::{EncodeColor, EncodeError, EncodeOptions, Encoder, Sampling, encode_pixels};
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

/// The most bytes held at once when `room` is what the picture may take, and what came of it.
fn within(options: &EncodeOptions<'_>, pixels: &[u8], room: u64) -> (u64, Result<Vec<u8>, EncodeError>) {
    let (file, bytes) = peak(|| {
        let mut encoder = Encoder::new(options).unwrap();
        let stride = options.width as usize * 3;
        while let Some(mut rows) = encoder.next_rows() {
            let luma = &rows.planes_mut()[0];
            let part = luma.top * stride..(luma.top + luma.height) * stride;
            rows.fill_rgb(0, &pixels[part]);
        }
        encoder.finish_within(room)
    });
    (bytes as u64, file)
}

#[test]
fn a_file_that_fits_no_room_is_refused_before_it_takes_more() {
    for progressive in [false, true] {
        let (width, height) = (640, 480);
        let options = EncodeOptions { progressive, ..EncodeOptions::new(width, height, EncodeColor::YCbCr) };
        for contrast in 0..3 {
            let pixels = noise((width * height * 3) as usize, contrast);
            let (_, whole) = within(&options, &pixels, u64::MAX);
            let whole = whole.unwrap();
            let mut refused = 0;
            for step in 0..30 {
                let room = step * 100_000;
                let (most, file) = within(&options, &pixels, room);
                match file {
                    Ok(file) => assert!(file == whole),
                    Err(error) => {
                        assert!(matches!(error, EncodeError::Memory { needed, .. } if needed > room), "{error:?}");
                        refused += 1;
                    }
                }
                // what is held before the last row is the caller's to look at
                let held = {
                    let mut encoder = Encoder::new(&options).unwrap();
                    while encoder.next_rows().is_some_and(|mut rows| {
                        let luma = &rows.planes_mut()[0];
                        let part = luma.top * width as usize * 3..(luma.top + luma.height) * width as usize * 3;
                        rows.fill_rgb(0, &pixels[part]);
                        true
                    }) {}
                    encoder.held()
                };
                let bound = options.least_memory() + room.max(held) + options.row_memory();
                assert!(most <= bound, "{most} of {bound}, contrast {contrast}, room {room}");
            }
            assert!(contrast == 0 || refused > 3, "{refused}");
        }
    }
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
