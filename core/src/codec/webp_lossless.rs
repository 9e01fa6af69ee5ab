//! WebP without loss, by `image`.
//!
//! Its encoder makes RGBA of the pixels, takes from each the one above, and writes what is left by a Huffman code for each channel, to a
//! buffer that grows by doubling.

use std::io::{self, Write};

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::{check_room, no_room, unencodable};
use crate::Error;
use crate::image::{Encoding, Format, Pixels};

/// Encodes.
#[inline(never)]
pub fn encode(image: &Pixels, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let refuse = |error: image::ImageError| unencodable(Format::WebP, error);
    let colour = match image.channels {
        1 => ExtendedColorType::L8,
        2 => ExtendedColorType::La8,
        3 => ExtendedColorType::Rgb8,
        _ => ExtendedColorType::Rgba8,
    };
    let aside = exif.as_ref().map_or(0, Vec::len) as u64;
    let held = image.data.capacity() as u64 + image.size.pixels() * 4 + aside;
    // the worst is cheap to know; only where it does not fit, the picture is looked at
    let worst = image.size.pixels() * u64::from(image.channels);
    if held + taken(worst + worst / 8) + aside > encoding.room {
        check_room(held + taken(coded_bytes(image)) + aside, encoding.room)?;
    }
    let mut file = File::default();
    let mut encoder = WebPEncoder::new_lossless(&mut file);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).map_err(|error| unencodable(Format::WebP, error))?;
    }
    let written = encoder.write_image(&image.data, image.size.width, image.size.height, colour);
    if let Some(length) = file.missing {
        return Err(no_room(length as u64, encoding.room));
    }
    written.map_err(refuse)?;
    Ok(file.bytes)
}

/// Bytes that a frame of a length takes while its buffer doubles.
fn taken(frame: u64) -> u64 {
    3 * frame + 4096
}

/// Bytes that the encoder's codes take, from above: a Huffman code is less than a bit a symbol longer than their entropy. Runs of
/// equal pixels are coded in fewer.
fn coded_bytes(image: &Pixels) -> u64 {
    let channels = usize::from(image.channels);
    let width = image.size.width as usize * channels;
    let mut counts = vec![[0_u32; 256]; channels];
    let green = if channels > 2 { 1 } else { 0 };
    let residual = |pixel: &[u8], i: usize| {
        if channels > 2 && (i == 0 || i == 2) { pixel[i].wrapping_sub(pixel[green]) } else { pixel[i] }
    };
    for (at, pixel) in image.data.chunks_exact(channels).enumerate().map(|(i, pixel)| (i * channels, pixel)) {
        // from the pixel above; in the first row from the one to the left
        let from = if at >= width { Some(at - width) } else { at.checked_sub(channels) };
        let from = from.and_then(|from| image.data.get(from..from + channels));
        for (i, counts) in counts.iter_mut().enumerate() {
            let before = from.map_or(0, |from| residual(from, i));
            counts[usize::from(residual(pixel, i).wrapping_sub(before))] += 1;
        }
    }
    let pixels = image.size.pixels() as f64;
    let bits: f64 = counts
        .iter()
        .flatten()
        .filter(|&&count| count > 0)
        .map(|&count| f64::from(count) * ((pixels / f64::from(count)).log2() + 1.0))
        .sum();
    (bits / 8.0) as u64 + 4096
}

/// The file, which says at its start how long it will be: so it is allocated once.
#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    /// Bytes for which there was no memory.
    missing: Option<usize>,
}

impl Write for File {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let room = match (self.bytes.len(), piece) {
            // RIFF, then the length of the rest
            (4, &[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]) as usize + 4,
            _ => piece.len(),
        };
        if self.bytes.capacity() - self.bytes.len() < room && self.bytes.try_reserve_exact(room).is_err() {
            self.missing = Some(room);
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Metadata, Size};

    fn encoding(room: u64) -> Encoding {
        let (quality, effort) = (80, 4);
        let metadata = Metadata::Strip;
        Encoding { format: Format::WebP, quality, lossless: true, effort, progressive: false, metadata, room }
    }

    /// A slope with noise of so many bits.
    fn noisy(width: u32, height: u32, channels: u8, bits: u32) -> Pixels {
        let mut state = 7_u32;
        let samples = (0..width * height * u32::from(channels)).map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = if bits == 0 { 0 } else { state >> (32 - bits) };
            (i / u32::from(channels) % width).wrapping_add(noise) as u8
        });
        Pixels { size: Size { width, height }, channels, data: samples.collect() }
    }

    #[test]
    fn what_the_codes_take_is_known_from_above_and_not_by_far() {
        for channels in 1..=4 {
            for bits in [0, 2, 5, 8] {
                let image = noisy(300, 200, channels, bits);
                let length = encode(&image, &encoding(u64::MAX), None).map(|file| file.len() as u64);
                let bound = coded_bytes(&image);
                assert!(length.clone().is_ok_and(|length| length <= bound), "{channels} {bits}: {length:?} of {bound}");
                // a bit a symbol more, at worst
                let pixels = image.size.pixels();
                let slack = pixels * u64::from(channels) / 8 + 8192;
                assert!(length.is_ok_and(|length| bits == 0 || bound <= length + slack), "{channels} {bits} {bound}");
            }
        }
    }

    #[test]
    fn a_flat_picture_fits_where_noise_does_not() {
        let held = 300 * 200 * 7;
        let made = |bits| encode(&noisy(300, 200, 3, bits), &encoding(held + 200_000), None);
        assert!(made(0).is_ok());
        assert!(matches!(made(8), Err(Error::Limit { what: "memory bytes", .. })));
    }
}
