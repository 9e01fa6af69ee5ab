//! What the pipeline's tests share: pictures built in code, written and read by crates other than ours where it matters.
#![allow(dead_code, clippy::unwrap_used, missing_docs)]

use deckle::edit::Edits;
use deckle::image::{Format, Info, Pixels, Size};
use deckle::plan::Plan;
use deckle::{Error, Image, Limits, Output};

pub const FORMATS: [Format; 4] = [Format::Jpeg, Format::Png, Format::WebP, Format::Gif];

/// A repeatable stream of numbers (xorshift64*).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 16) % n
    }

    pub fn within(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(u64::from(to - from) + 1) as u32
    }
}

/// A picture that no mirroring, turn or shift leaves as it was: gradients, a disc, a diagonal, a bright corner. With alpha
/// it fades out to the right.
pub fn picture(width: u32, height: u32, channels: u8) -> Pixels {
    let mut data = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (u, v) = ((f64::from(x) + 0.5) / f64::from(width), (f64::from(y) + 0.5) / f64::from(height));
            let disc = ((u - 0.35).powi(2) + (v - 0.4).powi(2)).sqrt() < 0.22;
            let diagonal = (u - v - 0.3).abs() < 0.04;
            let corner = u > 0.85 && v < 0.2;
            let rgb = match (corner, disc, diagonal) {
                (true, ..) => [250, 240, 60],
                (_, true, _) => [200, 60, 40],
                (_, _, true) => [20, 30, 40],
                _ => [(40.0 + 80.0 * u) as u8, (90.0 + 120.0 * v) as u8, (210.0 - 90.0 * u * v) as u8],
            };
            let alpha = (255.0 * (1.4 - 1.4 * u).clamp(0.0, 1.0)) as u8;
            match channels {
                1 => data.push(rgb[1]),
                2 => data.extend([rgb[1], alpha]),
                3 => data.extend(rgb),
                _ => data.extend([rgb[0], rgb[1], rgb[2], alpha]),
            }
        }
    }
    Pixels { size: Size { width, height }, channels, data }
}

/// One colour all over.
pub fn constant(width: u32, height: u32, colour: &[u8]) -> Pixels {
    let data = colour.repeat((width * height) as usize);
    Pixels { size: Size { width, height }, channels: colour.len() as u8, data }
}

/// A PNG of 8 bits a sample.
pub fn png(image: &Pixels) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.size.width, image.size.height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_color(match image.channels {
        1 => png::ColorType::Grayscale,
        2 => png::ColorType::GrayscaleAlpha,
        3 => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    });
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&image.data).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A BMP of 3 or 4 channels.
pub fn bmp(image: &Pixels) -> Vec<u8> {
    let mut bytes = Vec::new();
    let colour = if image.channels == 3 { image::ExtendedColorType::Rgb8 } else { image::ExtendedColorType::Rgba8 };
    let (width, height) = (image.size.width, image.size.height);
    image::codecs::bmp::BmpEncoder::new(&mut bytes).encode(&image.data, width, height, colour).unwrap();
    bytes
}

/// A JPEG of 8 bits a sample, 4:4:4 or 4:2:0, with an EXIF orientation if asked for.
pub fn jpeg(image: &Pixels, quality: u8, halved: bool, progressive: bool, orientation: Option<u16>) -> Vec<u8> {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if halved { SamplingFactor::F_2_2 } else { SamplingFactor::F_1_1 });
    encoder.set_progressive(progressive);
    if let Some(tag) = orientation {
        encoder.add_exif_metadata(&exif(tag)).unwrap();
    }
    let colour = match image.channels {
        1 => ColorType::Luma,
        3 => ColorType::Rgb,
        _ => ColorType::Cmyk,
    };
    encoder.encode(&image.data, image.size.width as u16, image.size.height as u16, colour).unwrap();
    bytes
}

/// A marker segment of a JPEG.
pub fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &length[..], content].concat()
}

/// A JPEG with an ICC profile.
pub fn with_profile(jpeg: &[u8], icc: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = icc.chunks(65_000).collect();
    let mut file = jpeg[..2].to_vec();
    for (number, part) in (1..=255).zip(&parts) {
        file.extend(segment(0xE2, &[b"ICC_PROFILE\0", &[number, parts.len() as u8][..], part].concat()));
    }
    file.extend(&jpeg[2..]);
    file
}

/// First column and row, and steps, of Adam7's passes.
const PASSES: [[usize; 4]; 7] =
    [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/// A PNG of a colour type and depth, as wide as high, of samples as `sample` gives them for each pixel; not filtered.
pub fn raw_png(
    kind: u8,
    depth: u8,
    interlaced: bool,
    side: usize,
    sample: impl Fn(usize, usize) -> Vec<u16>,
) -> Vec<u8> {
    let mut rows = Vec::new();
    let mut row = |xs: &mut dyn Iterator<Item = usize>, y: usize| {
        let samples: Vec<u16> = xs.flat_map(|x| sample(x, y)).collect();
        if samples.is_empty() {
            return;
        }
        rows.push(0);
        match depth {
            16 => rows.extend(samples.iter().flat_map(|v| v.to_be_bytes())),
            _ => rows.extend(samples.chunks(8 / usize::from(depth)).map(|group| {
                let bits = |(i, &v): (usize, &u16)| (v as u8) << (8 - depth as usize * (i + 1));
                group.iter().enumerate().map(bits).sum::<u8>()
            })),
        }
    };
    if interlaced {
        for [x, y, across, down] in PASSES {
            (y..side).step_by(down).for_each(|y| row(&mut (x..side).step_by(across), y));
        }
    } else {
        (0..side).for_each(|y| row(&mut (0..side), y));
    }
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &rows).unwrap();
    let side = (side as u32).to_be_bytes();
    let header = [&side[..], &side, &[depth, kind, 0, 0, u8::from(interlaced)]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &encoder.finish().unwrap()),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

/// A PNG with another chunk after IHDR.
pub fn with_chunk(png: &[u8], name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let (head, rest) = png.split_at(8 + 25);
    [head, &chunk(name, body), rest].concat()
}

/// A chunk of a PNG.
pub fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let checked = [name, body].concat();
    let mut checksum = flate2::Crc::new();
    checksum.update(&checked);
    [&(body.len() as u32).to_be_bytes(), &checked[..], &checksum.sum().to_be_bytes()].concat()
}

/// A big-endian EXIF block with an orientation and a copyright.
pub fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01".to_vec();
    tiff.extend(orientation.to_be_bytes());
    tiff.extend(b"\0\0\x82\x98\0\x02\0\0\0\x0b\0\0\0\x26\0\0\0\0(c) Deckle\0");
    tiff
}

/// The picture in a format, as small files for tests of robustness.
pub fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let picture = |channels| picture(61, 47, channels);
    vec![
        ("baseline 4:4:4", jpeg(&picture(3), 85, false, false, Some(6))),
        ("baseline 4:2:0", jpeg(&picture(3), 85, true, false, None)),
        ("progressive", jpeg(&picture(3), 85, true, true, None)),
        ("grey JPEG", jpeg(&picture(1), 85, false, false, None)),
        ("CMYK", jpeg(&picture(4), 85, false, false, None)),
        ("RGB PNG", png(&picture(3))),
        ("RGBA PNG", png(&picture(4))),
        ("grey PNG with alpha", png(&picture(2))),
        ("WebP", made(&png(&picture(4)), Format::WebP)),
        ("opaque WebP", made(&png(&picture(3)), Format::WebP)),
        ("WebP without loss", {
            let edits = Edits { format: Some(Format::WebP), lossless: true, ..Edits::default() };
            run(&png(&picture(4)), &edits).unwrap().bytes
        }),
        ("BMP", bmp(&picture(4))),
        ("opaque BMP", bmp(&picture(3))),
        ("GIF", made(&png(&picture(3)), Format::Gif)),
        ("GIF with holes", made(&png(&picture(4)), Format::Gif)),
    ]
}

fn made(bytes: &[u8], format: Format) -> Vec<u8> {
    run(bytes, &Edits { format: Some(format), ..Edits::default() }).unwrap().bytes
}

/// Open, plan and transform with limits that do not matter here.
pub fn run(bytes: &[u8], edits: &Edits) -> Result<Output, Error> {
    let image = Image::open(bytes)?;
    deckle::make(&image, edits, &limits(), &mut |_| ())
}

pub fn plan(edits: &Edits, image: &Image<'_>) -> Result<Plan, Error> {
    image.plan(edits, &limits())
}

/// What the header tells.
pub fn probe(bytes: &[u8]) -> Result<Info, Error> {
    Image::open(bytes).map(|image| image.info().clone())
}

/// Reads an output with crates that are not used to write it, except for PNG and GIF.
pub fn pixels(output: &Output) -> Pixels {
    decode(&output.bytes, output.format)
}

pub fn decode(bytes: &[u8], format: Format) -> Pixels {
    use image::ImageFormat;
    if format == Format::Jpeg {
        let mut decoder = jpeg_decoder::Decoder::new(bytes);
        let data = decoder.decode().unwrap();
        let info = decoder.info().unwrap();
        let size = Size { width: info.width.into(), height: info.height.into() };
        return Pixels { size, channels: info.pixel_format.pixel_bytes() as u8, data };
    }
    let format = match format {
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        _ => ImageFormat::Gif,
    };
    let image = image::load_from_memory_with_format(bytes, format).unwrap();
    let size = Size { width: image.width(), height: image.height() };
    Pixels { size, channels: image.color().channel_count(), data: image.into_bytes() }
}

/// Greatest and mean difference of samples; sizes and channels have to be the same.
pub fn difference(a: &Pixels, b: &Pixels) -> (u8, f64) {
    assert_eq!((a.size, a.channels), (b.size, b.channels));
    let steps = a.data.iter().zip(&b.data).map(|(a, b)| a.abs_diff(*b));
    let greatest = steps.clone().max().unwrap_or(0);
    (greatest, steps.map(f64::from).sum::<f64>() / a.data.len() as f64)
}

fn limits() -> Limits {
    Limits { memory_bytes: 1 << 30, ..Limits::default() }
}

/// A file, whatever it is, is refused or takes no more memory than its plan says.
pub fn takes_what_is_planned(bytes: &[u8], edits: &Edits) {
    let limits = Limits { source_pixels: 1 << 20, ..Limits::default() };
    let Ok(image) = Image::open(bytes) else { return };
    let Ok(plan) = image.plan(edits, &limits) else { return };
    let (_, peak) = deckle_testkit::peak(|| deckle::transform(&image, &plan, &mut |_| ()).map(drop));
    assert!(peak as u64 <= plan.memory, "{peak} of {}", plan.memory);
}
