//! WebP without loss, by `image`.
//!
//! Its encoder makes RGBA of the pixels, takes from each the one above, and writes what is left by a Huffman code for each channel, to a
//! buffer that grows by doubling.

use std::io::{self, Write};

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::Error;
use crate::codec::{check_room, no_room, unencodable};
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

/// Bytes that the encoder's codes take, from above: a Huffman code is less than a bit a symbol longer than its entropy.
///
/// A pixel's differences are a symbol for each channel. Pixels whose differences are those of the one before are a run, a symbol among
/// green's: one of 24, with up to 10 bits.
fn coded_bytes(image: &Pixels) -> u64 {
    const RUN: usize = 256;
    const RUN_BITS: f64 = 15.0;
    let channels = usize::from(image.channels);
    let width = image.size.width as usize * channels;
    let green = if channels > 2 { 1 } else { 0 };
    let mut counts = vec![[0_u32; RUN + 1]; channels];
    let less_green = |at: Option<usize>| {
        let mut pixel = [0; 4];
        if let Some(from) = at.and_then(|at| image.data.get(at..at + channels)) {
            pixel[..channels].copy_from_slice(from);
        }
        if channels > 2 {
            (pixel[0], pixel[2]) = (pixel[0].wrapping_sub(pixel[1]), pixel[2].wrapping_sub(pixel[1]));
        }
        pixel
    };
    let (mut last, mut run) = (None, 0);
    for at in (0..image.data.len()).step_by(channels) {
        // from the pixel above; in the first row from the one to the left
        let before = less_green(if at >= width { Some(at - width) } else { at.checked_sub(channels) });
        let mut differences = less_green(Some(at));
        differences.iter_mut().zip(before).for_each(|(v, before)| *v = v.wrapping_sub(before));
        if last == Some(differences) && run < 4096 {
            counts[green][RUN] += u32::from(run == 0);
            run += 1;
            continue;
        }
        (last, run) = (Some(differences), 0);
        counts.iter_mut().zip(differences).for_each(|(counts, v)| counts[usize::from(v)] += 1);
    }
    let bits = counts.iter().map(|counts| {
        let all: f64 = counts.iter().copied().map(f64::from).sum();
        let used = counts.iter().filter(|&&count| count > 0);
        used.map(|&count| f64::from(count) * ((all / f64::from(count)).log2() + 1.0)).sum::<f64>()
    });
    let bits = bits.sum::<f64>() + f64::from(counts[green][RUN]) * RUN_BITS;
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
    use crate::codec::samples::{self, noisy};

    fn encoding(room: u64) -> Encoding {
        Encoding { lossless: true, ..samples::encoding(Format::WebP, room) }
    }

    #[test]
    fn what_the_codes_take_is_known_from_above_and_not_by_far() {
        for channels in 1..=4 {
            for bits in [0, 2, 5, 8] {
                let image = noisy(300, 200, channels, bits);
                let length = encode(&image, &encoding(u64::MAX), None).map(|file| file.len() as u64);
                let bound = coded_bytes(&image);
                assert!(length.clone().is_ok_and(|length| length <= bound), "{channels} {bits}: {length:?} of {bound}");
                // a bit a symbol more at worst, and runs are short where there is little noise
                let pixels = image.size.pixels();
                let slack = pixels * u64::from(channels) / 8 + 8192;
                assert!(length.is_ok_and(|length| bound <= length + length / 2 + slack), "{channels} {bits} {bound}");
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
