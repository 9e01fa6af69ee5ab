//! Pictures and settings for the tests of encoders.

use crate::image::{Encoding, Format, Pixels, Size};

/// A slope with noise of so many bits.
pub fn noisy(width: u32, height: u32, channels: u8, bits: u32) -> Pixels {
    let mut state = 7_u32;
    let samples = (0..width * height * u32::from(channels)).map(|i| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = if bits == 0 { 0 } else { state >> (32 - bits) };
        (i / u32::from(channels) % width).wrapping_add(noise) as u8
    });
    Pixels { size: Size { width, height }, channels, data: samples.collect() }
}

pub fn encoding(format: Format, room: u64) -> Encoding {
    Encoding::plain(format, room)
}
