//! Encoding, and decoding of what was made.

use deckle_jpeg::{Density, EncodeColor, EncodeOptions, Encoder, Header, Options, Sampling, Scale, encode_pixels};

use crate::bytes::Bytes;
use crate::decode::planes;
use crate::memory::peak;

/// Samples as they were and as they come back, at quality 100: each coefficient is off by half at most, so that one
/// sample is by 4, which roundings make 5 (the 64 halves, squared, sum up to 4²).
const MOST: u8 = 5;

/// Encodes a picture of bytes as bytes say; or what a JPEG decodes to, if they are one.
pub fn encode_decode(data: &[u8]) {
    if data.starts_with(&[0xFF, 0xD8]) { again(data) } else { anything(data) }
}

fn anything(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let [width, height] = [(); 2].map(|()| u32::from(bytes.byte() % 80) + 1);
    let options = EncodeOptions {
        sampling: bytes.one_of(&[Sampling::S420, Sampling::S422, Sampling::S444]),
        quality: bytes.byte(),
        progressive: bytes.flag(),
        density: bytes.maybe(|b| Density { unit: b.byte(), x: b.u16(), y: b.u16() }),
        icc: bytes.maybe(Bytes::part),
        exif: bytes.maybe(Bytes::part),
        comment: bytes.maybe(Bytes::part),
        effort: bytes.byte() % 2,
        ..EncodeOptions::new(width, height, bytes.one_of(&[EncodeColor::Grey, EncodeColor::YCbCr]))
    };
    let by_hand = bytes.flag();
    let samples = bytes.rest();
    if by_hand {
        same_planes(&options, samples);
    } else {
        let channels = if options.color == EncodeColor::Grey { 1 } else { 3 };
        let rgb: Vec<u8> = cycle(samples).take((width * height * channels) as usize).collect();
        let (file, bytes) = peak(|| encode_pixels(&options, &rgb));
        check(&options, &file.expect("these can be encoded"), bytes);
    }
}

/// Fills the planes by hand; at quality 100 and without effort they come back.
fn same_planes(options: &EncodeOptions<'_>, samples: &[u8]) {
    let mut stream = cycle(samples);
    let mut filled: Vec<Vec<u8>> = Vec::new();
    let mut encoder = Encoder::new(options).expect("these can be encoded");
    while let Some(mut rows) = encoder.next_rows() {
        let planes = rows.planes_mut();
        filled.resize(planes.len(), Vec::new());
        for (plane, filled) in planes.iter_mut().zip(&mut filled) {
            for line in plane.lines_mut() {
                line.fill_with(|| stream.next().unwrap_or(0));
                filled.extend_from_slice(line);
            }
        }
    }
    let file = encoder.finish().expect("every row was filled");
    let decoded = check(options, &file, 0);
    if options.quality >= 100 && options.effort == 0 {
        close(&filled, &decoded);
    }
}

/// Decodes, encodes the planes as grey ones at quality 100, decodes. The last byte says how.
fn again(data: &[u8]) {
    let Ok(header) = Header::parse(data) else { return };
    let mut options = Bytes::of_end(data, 8).options();
    options.limits.pixels = 1 << 14;
    let Ok(decoded) = planes(&header, Scale::Full, &options) else { return };
    for (size, plane) in deckle_jpeg::plane_sizes(&header, Scale::Full, &options).iter().zip(&decoded.samples) {
        let last = data.last().copied().unwrap_or(0);
        let options = EncodeOptions {
            quality: 100,
            progressive: last & 1 == 1,
            effort: last >> 1 & 1,
            ..EncodeOptions::new(size.width, size.height, EncodeColor::Grey)
        };
        let (file, bytes) = peak(|| encode_pixels(&options, plane));
        let again = check(&options, &file.expect("these can be encoded"), bytes);
        if options.effort == 0 {
            close(std::slice::from_ref(plane), &again);
        }
    }
}

fn cycle(samples: &[u8]) -> impl Iterator<Item = u8> {
    samples.iter().chain(samples.is_empty().then_some(&128)).copied().cycle()
}

/// Our decoder takes the file for what was asked for; the planes.
fn check(options: &EncodeOptions<'_>, file: &[u8], bytes: usize) -> Vec<Vec<u8>> {
    let promised = options.memory();
    assert!(bytes <= promised && file.len() <= promised, "{bytes} bytes, file {}, promised {promised}", file.len());
    let header = Header::parse(file).expect("we made it");
    assert_eq!((header.width, header.height), (options.width, options.height));
    assert_eq!(header.icc_profile().unwrap_or_default(), options.icc.unwrap_or_default());
    assert_eq!(header.exif().unwrap_or_default(), options.exif.unwrap_or_default());
    let decoded = planes(&header, Scale::Full, &Options::default()).expect("we made it");
    assert!(!decoded.damaged);
    decoded.samples
}

fn close(before: &[Vec<u8>], after: &[Vec<u8>]) {
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before.len(), after.len());
        let most = before.iter().zip(after).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most <= Some(MOST), "off by {most:?}");
    }
}
