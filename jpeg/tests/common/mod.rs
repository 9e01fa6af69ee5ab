//! What the decoder's tests share: pictures, whole planes, the oracle.

#![allow(dead_code)]

pub mod bits;
pub mod random;
pub mod writer;

pub use random::Random;

use deckle_jpeg::{ChromaScale, Decoder, Header, Options, Reduction, Scale};
use libjpeg_turbo_rs::tj3::TjHandle;
use libjpeg_turbo_rs::{Encoder, PixelFormat, decompress_raw};

/// RGB with gradients, edges and noise.
pub fn picture(width: usize, height: usize) -> Vec<u8> {
    let mut random = Random((width * 1000 + height) as u64);
    let mut rgb = Vec::with_capacity(width * height * 3);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let noise = random.below(24);
        let edge = if (x / 9 + y / 13) % 2 == 0 { 120 } else { 0 };
        rgb.push((x * 5 % 256) as u8);
        rgb.push(((y * 7 + edge) % 256) as u8);
        rgb.push(((x + y) as u32 * 2 + noise).min(255) as u8);
    }
    rgb
}

/// An encoder of [`picture`].
pub fn encoder(rgb: &[u8], width: usize, height: usize) -> Encoder<'_> {
    Encoder::new(rgb, width, height, PixelFormat::Rgb).quality(85)
}

/// One component, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub samples: Vec<u8>,
}

/// What [`decode`] gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    pub planes: Vec<Plane>,
    pub damaged: bool,
}

/// Decodes whole planes, and checks that rows are what the header promised.
pub fn decode(jpeg: &[u8], scale: Scale, options: &Options) -> Decoded {
    let header = Header::parse(jpeg).unwrap();
    let sizes = deckle_jpeg::plane_sizes(&header, scale, options);
    let mut decoder = Decoder::new(&header, scale, options).unwrap();
    let mut planes: Vec<Plane> = sizes
        .iter()
        .map(|size| Plane { width: size.width as usize, height: size.height as usize, samples: Vec::new() })
        .collect();
    while let Some(rows) = decoder.next_rows() {
        assert_eq!(rows.planes().len(), planes.len());
        for (whole, part) in planes.iter_mut().zip(rows.planes()) {
            assert_eq!(part.width, whole.width);
            if part.height > 0 {
                assert_eq!(part.top * part.width, whole.samples.len());
            }
            part.lines().for_each(|line| whole.samples.extend(line));
        }
    }
    for plane in &planes {
        assert_eq!(plane.samples.len(), plane.width * plane.height);
    }
    Decoded { planes, damaged: decoder.damage().is_some() }
}

/// libjpeg-turbo's way at every scale: planes keep their sampling.
pub fn as_turbojpeg() -> Options {
    Options { chroma: ChromaScale::Same, reduction: Reduction::Average, ..Options::default() }
}

/// The oracle's planes at full size, cropped to `like`.
pub fn oracle(jpeg: &[u8], like: &[Plane]) -> Vec<Plane> {
    let raw = decompress_raw(jpeg).unwrap();
    like.iter().enumerate().map(|(i, like)| crop(&raw.planes[i], raw.plane_widths[i], like)).collect()
}

/// The oracle's planes at `scale`, all components scaled alike.
pub fn oracle_scaled(jpeg: &[u8], scale: Scale, like: &[Plane]) -> Vec<Plane> {
    let mut handle = TjHandle::new();
    // in lowest terms
    let common = 1 << scale.side().trailing_zeros();
    handle.set_scaling_factor(scale.side() / common, 8 / common).unwrap();
    let header = Header::parse(jpeg).unwrap();
    let (planes, width, ..) = handle.decompress_to_yuv_planes(jpeg).unwrap();
    let max_h = header.components.iter().map(|c| c.horizontal).max().unwrap();
    like.iter()
        .enumerate()
        .map(|(i, like)| {
            let h = usize::from(header.components[i].horizontal);
            let stride = width.div_ceil(max_h.into()) * h;
            crop(&planes[i], stride, like)
        })
        .collect()
}

fn crop(samples: &[u8], stride: usize, like: &Plane) -> Plane {
    let lines = samples.chunks(stride).take(like.height);
    Plane {
        width: like.width,
        height: like.height,
        samples: lines.flat_map(|line| &line[..like.width]).copied().collect(),
    }
}

/// Largest difference of two samples.
pub fn largest_difference(a: &[Plane], b: &[Plane]) -> u8 {
    assert_eq!(a.len(), b.len());
    let mut largest = 0;
    for (a, b) in a.iter().zip(b) {
        assert_eq!((a.width, a.height), (b.width, b.height));
        for (a, b) in a.samples.iter().zip(&b.samples) {
            largest = largest.max(a.abs_diff(*b));
        }
    }
    largest
}

/// Whether the long tests were asked for.
pub fn thorough() -> bool {
    std::env::var_os("JPEG_THOROUGH").is_some()
}
