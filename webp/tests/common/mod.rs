//! Pictures made in integers, so that they are the same everywhere.
#![allow(dead_code, clippy::unwrap_used)]

use deckle_webp::{Options, encode_pixels};

/// What is in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Gradients, a disc, a diagonal; alpha fades.
    Drawing,
    /// As a photograph is under a microscope: gradients under a little noise; alpha is a mask.
    Grain,
    /// Black and white at random, in every channel.
    Noise,
    /// Nothing that can be seen, where there is alpha.
    Clear,
}

pub const KINDS: [Kind; 4] = [Kind::Drawing, Kind::Grain, Kind::Noise, Kind::Clear];

/// xorshift64*
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }
}

/// Interleaved samples: the first of red, green, blue, or green alone, then alpha where `channels` is even.
pub fn picture(kind: Kind, width: u32, height: u32, channels: u8) -> Vec<u8> {
    let mut random = Random(9);
    let mut data = Vec::new();
    let (w, h) = (i64::from(width), i64::from(height));
    for y in 0..h {
        for x in 0..w {
            let (u, v) = (x * 256 / w, y * 256 / h);
            let inside = (u - 90).pow(2) + (v - 100).pow(2) < 3_600;
            let slope = match (inside, (u - v - 70).abs() < 9) {
                (true, _) => [210, 60, 40],
                (_, true) => [20, 30, 40],
                _ => [40 + u / 3, 90 + v / 2, 210 - u * v / 700],
            };
            let bits = random.bits();
            let noise = |i: usize| (bits >> (4 * i) & 15) as i64;
            let (colour, alpha) = match kind {
                Kind::Drawing => (slope, 255 - u),
                Kind::Grain => {
                    ([slope[0] + noise(0), slope[1] + noise(1), slope[2] + noise(2)], 255 * i64::from(inside))
                }
                Kind::Noise => (
                    [255 * (bits & 1) as i64, 255 * (bits >> 1 & 1) as i64, 255 * (bits >> 2 & 1) as i64],
                    noise(3) * 17,
                ),
                Kind::Clear => (slope, 0),
            };
            let colour = colour.map(|sample| sample.clamp(0, 255) as u8);
            data.extend(if channels > 2 { &colour[..] } else { &colour[1..2] });
            if channels.is_multiple_of(2) {
                data.push(alpha as u8);
            }
        }
    }
    data
}

pub fn made(quality: u8, size: (u32, u32), channels: u8, pixels: &[u8]) -> Vec<u8> {
    let mut options = Options::new();
    options.quality = quality;
    encode_pixels(&options, size, channels, pixels.to_vec()).unwrap()
}
