//! Encodes a picture to a file, with less effort where memory does not suffice.

use libwebp_sys::{WebPConfig, WebPPreset};

use crate::limit::within;
use crate::picture::{Bounds, Picture};
use crate::{Error, LONGEST_SIDE, Options, Planes, container, memory};

/// Encodes planes.
///
/// # Errors
/// [`Error::Memory`], [`Error::Large`].
#[inline(never)]
pub fn encode_planes(options: &Options<'_>, mut planes: Planes) -> Result<Vec<u8>, Error> {
    planes.drop_opaque_alpha();
    let has_alpha = !planes.a.is_empty();
    let (width, height) = (planes.width as u32, planes.height as u32);
    let pixels = u64::from(width) * u64::from(height);
    if has_alpha && memory::heap(width, height, true) < pixels * ALPHA_BYTES_PER_PIXEL {
        return with_uncompressed_alpha(options, planes);
    }
    finish(options, Picture::of_planes(&mut planes)?, has_alpha)
}

/// Encodes `width × height × channels` samples, row-major, sRGB with straight alpha: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and
/// alpha. Alpha is kept; colours where alpha is 0 are lost. `pixels` are dropped before libwebp begins, to save memory.
///
/// # Errors
/// [`Error::Size`], [`Error::Pixels`], [`Error::Memory`], [`Error::Large`].
#[inline(never)]
pub fn encode_pixels(
    options: &Options<'_>,
    (width, height): (u32, u32),
    channels: u8,
    pixels: Vec<u8>,
) -> Result<Vec<u8>, Error> {
    let sides = 1..=LONGEST_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(Error::Size { width, height });
    }
    let samples = u64::from(width) * u64::from(height) * u64::from(channels);
    if pixels.len() as u64 != samples || !(1..=4).contains(&channels) {
        return Err(Error::Pixels { channels, length: pixels.len() });
    }
    let mut planes = Planes::new(width, height, channels.is_multiple_of(2))?;
    let row = width as usize * usize::from(channels);
    for (i, rows) in pixels.chunks(row * STRIP).enumerate() {
        planes.import(i * STRIP, channels, rows)?;
    }
    drop(pixels);
    encode_planes(options, planes)
}

/// Rows that are imported at once: an even number.
const STRIP: usize = 16;

/// Settings of libwebp that trade memory and time for size.
#[derive(Clone, Copy, Debug)]
struct Effort {
    /// libwebp's own scale, 0–6. From 3 on it keeps all coefficients until it writes them, unless `low_memory`.
    method: i32,
    /// Computes coefficients twice and keeps none.
    low_memory: bool,
    /// Compresses alpha.
    compressed: bool,
}

/// The effort that was asked for, then ones that take less memory.
fn efforts(method: u8) -> [Effort; 3] {
    let method = method.min(6).into();
    [
        Effort { method, low_memory: false, compressed: true },
        Effort { method: method.min(2), low_memory: false, compressed: true },
        Effort { method: method.min(4), low_memory: true, compressed: false },
    ]
}

/// Bytes a pixel that the first effort takes for a typical photograph. Where the heap is smaller it is not tried.
const BYTES_PER_PIXEL: u64 = 6;

/// Bytes a pixel that libwebp takes to compress alpha, whatever it shows: a copy as ARGB, and as much to find what repeats. Where the
/// heap is smaller, alpha is left uncompressed at once.
const ALPHA_BYTES_PER_PIXEL: u64 = 8;

/// Encodes with the last effort, and puts alpha into the file as it is. libwebp would make the same file, with two more copies of alpha.
#[inline(never)]
fn with_uncompressed_alpha(options: &Options<'_>, mut planes: Planes) -> Result<Vec<u8>, Error> {
    let size @ (width, height) = (planes.width as u32, planes.height as u32);
    let alpha = container::alpha_bytes(planes.a.len());
    let bounds = Bounds {
        most: memory::max_file_size(width, height, true).saturating_sub(alpha as u64),
        room: options.room,
        spare: alpha + container::room(options.exif),
    };
    let [.., last] = efforts(options.effort);
    let config = config(options.quality, last)?;
    let mut picture = Picture::of_planes(&mut planes)?;
    picture.flatten_hidden();
    let heap = memory::heap(width, height, true).min(options.room);
    let encoded = within(heap, || picture.encode(&config, bounds));
    drop(picture);
    let mut file = encoded?;
    container::embed_alpha(&mut file, &planes.a, size);
    if let Some(exif) = options.exif {
        container::embed(&mut file, exif, size);
    }
    Ok(file)
}

fn finish(options: &Options<'_>, mut picture: Picture<'_>, has_alpha: bool) -> Result<Vec<u8>, Error> {
    let (width, height) = picture.size();
    let heap = memory::heap(width, height, has_alpha);
    let max_file_size = memory::max_file_size(width, height, has_alpha);
    let mut encoded = Err(Error::Memory);
    let pixels = u64::from(width) * u64::from(height);
    let skipped = usize::from(heap < pixels * BYTES_PER_PIXEL);
    for effort in efforts(options.effort).into_iter().skip(skipped) {
        let config = config(options.quality, effort)?;
        let bounds = Bounds { most: max_file_size, room: options.room, spare: container::room(options.exif) };
        encoded = within(heap.min(options.room), || picture.encode(&config, bounds));
        // the next effort may still succeed after a file that was too large: of noise, the last one makes less than the second
        if !matches!(encoded, Err(Error::Memory | Error::Large { .. })) {
            break;
        }
    }
    let mut file = encoded?;
    if let Some(exif) = options.exif {
        container::embed(&mut file, exif, (width, height));
    }
    Ok(file)
}

fn config(quality: u8, effort: Effort) -> Result<WebPConfig, Error> {
    let quality = quality.clamp(1, 100).into();
    let mut config =
        WebPConfig::new_with_preset(WebPPreset::WEBP_PRESET_DEFAULT, quality).map_err(|()| Error::Other(0))?;
    config.method = effort.method;
    config.low_memory = effort.low_memory.into();
    config.alpha_compression = effort.compressed.into();
    Ok(config)
}

#[cfg(all(test, target_arch = "wasm32"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::libc::live;

    fn bounds(most: u64) -> Bounds {
        Bounds { most, room: u64::MAX, spare: 0 }
    }

    /// Black and white at random, in luma, chroma and alpha: the picture that takes the most memory.
    fn noise(width: u32, height: u32, has_alpha: bool) -> Planes {
        let mut state = 9_u64;
        let mut planes = Planes::new(width, height, has_alpha).unwrap();
        let Planes { y, u, v, a, .. } = &mut planes;
        for sample in y.iter_mut().chain(u).chain(v).chain(a) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *sample = if state >> 32 & 1 == 0 { 16 } else { 235 };
        }
        planes
    }

    #[test]
    fn the_last_effort_needs_no_more_than_the_smallest_heap() {
        for (width, height) in [(1, 1), (100, 90), (1000, 3), (3, 1000), (700, 500)] {
            for has_alpha in [false, true] {
                let limit = memory::smallest_heap(width, height, has_alpha);
                let mut planes = noise(width, height, has_alpha);
                let mut picture = Picture::of_planes(&mut planes).unwrap();
                let last = config(100, efforts(4)[2]).unwrap();
                let file = within(limit, || picture.encode(&last, bounds(u64::MAX))).unwrap();
                assert!(
                    file.len() as u64 <= memory::max_file_size(width, height, has_alpha),
                    "{width} {height} {}",
                    file.len()
                );
            }
        }
    }

    #[test]
    fn most_pictures_are_encoded_with_the_first_effort() {
        for has_alpha in [false, true] {
            let limit = memory::heap(400, 300, has_alpha);
            let most = memory::max_file_size(400, 300, has_alpha);
            let mut planes = noise(400, 300, has_alpha);
            let mut picture = Picture::of_planes(&mut planes).unwrap();
            assert!(within(limit, || picture.encode(&config(100, efforts(4)[0]).unwrap(), bounds(most))).is_ok());
        }
    }

    #[test]
    fn a_file_that_is_larger_than_promised_is_not_made() {
        // of noise, the second effort makes a larger file than the first
        let most = memory::max_file_size(400, 300, false);
        let mut planes = noise(400, 300, false);
        let mut picture = Picture::of_planes(&mut planes).unwrap();
        let refused = picture.encode(&config(100, efforts(4)[1]).unwrap(), bounds(most));
        assert!(matches!(refused, Err(Error::Large { bytes, .. }) if bytes > most));
        let file = picture.encode(&config(100, efforts(4)[1]).unwrap(), bounds(u64::MAX)).unwrap();
        assert!(file.len() as u64 > most);
    }

    #[test]
    fn with_too_little_memory_there_is_an_error_and_nothing_is_lost() {
        for effort in efforts(4) {
            for limit in (0..40_000).step_by(977).chain((40_000..6_000_000).step_by(40_009)) {
                let before = live();
                let mut planes = noise(70, 50, true);
                let mut picture = Picture::of_planes(&mut planes).unwrap();
                let encoded = within(limit, || picture.encode(&config(80, effort).unwrap(), bounds(u64::MAX)));
                assert!(encoded.is_ok() || encoded == Err(Error::Memory), "{effort:?} {limit} {encoded:?}");
                drop(picture);
                assert_eq!(live(), before, "{effort:?} {limit}");
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod alpha_tests {
    use super::*;

    #[test]
    fn alpha_that_we_add_makes_the_file_that_libwebp_makes() {
        for (width, height) in [(1, 1), (7, 5), (33, 31), (64, 40)] {
            let mut planes = Planes::new(width, height, true).unwrap();
            let Planes { y, u, v, a, .. } = &mut planes;
            for (i, sample) in y.iter_mut().chain(u).chain(v).enumerate() {
                *sample = (16 + i * 37 % 200) as u8;
            }
            // hidden, half shown and opaque parts
            for (i, sample) in a.iter_mut().enumerate() {
                *sample = [0, 0, 90, 255][i / 16 % 4];
            }
            let options = Options::new();
            let config = config(options.quality, efforts(options.effort)[2]).unwrap();
            let mut theirs = planes.clone();
            let bounds = Bounds { most: u64::MAX, room: u64::MAX, spare: 0 };
            let expected = Picture::of_planes(&mut theirs).unwrap().encode(&config, bounds).unwrap();
            assert!(with_uncompressed_alpha(&options, planes).unwrap() == expected, "{width}×{height}");
        }
    }
}
