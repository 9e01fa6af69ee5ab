//! The plan's memory estimate against what is really allocated; of what libwebp allocates only wasm32 knows, where
//! `make test-wasm` runs this.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FORMATS, exif, jpeg, picture, plan, png, raw_png, segment, with_chunk, with_profile};
use deckle::edit::{Edits, Fit, Rotate};
use deckle::image::{Format, Metadata, Pixels};
use deckle::{Image, transform};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The picture under noise: the worst for every encoder's output.
fn noisy(width: u32, height: u32, channels: u8) -> Pixels {
    let mut image = picture(width, height, channels);
    let mut random = common::Random(7);
    image.data.iter_mut().for_each(|sample| *sample = sample.wrapping_add(random.below(64) as u8));
    image
}

/// A grey sheet whose chroma is a quarter as wide as its luma and as high: two bits a block.
fn sheet(width: u16, height: u16) -> Vec<u8> {
    let ([w0, w1], [h0, h1]) = (width.to_be_bytes(), height.to_be_bytes());
    let blocks = usize::from(width.div_ceil(32)) * usize::from(height.div_ceil(8)) * 6;
    let mut table = vec![1; 65];
    table[0] = 0;
    // one code, of one bit: no difference, end of block
    let codes = |class: u8| [&[class << 4, 1][..], &[0; 16]].concat();
    [
        vec![0xFF, 0xD8],
        segment(0xDB, &table),
        segment(0xC4, &codes(0)),
        segment(0xC4, &codes(1)),
        segment(0xC0, &[8, h0, h1, w0, w1, 3, 1, 0x41, 0, 2, 0x11, 0, 3, 0x11, 0]),
        segment(0xDA, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
        vec![0; (blocks * 2).div_ceil(8)],
        vec![0xFF, 0xD9],
    ]
    .concat()
}

/// An ICC profile that has a table of `grid` steps for each of so many inks or colours.
fn profile(space: &[u8; 4], inputs: u8, grid: u8) -> Vec<u8> {
    let identity: Vec<u8> = (0..=255).collect();
    let mut table = [&b"mft1\0\0\0\0"[..], &[inputs, 3, grid, 0]].concat();
    table.extend((0..9).flat_map(|i| if i % 4 == 0 { [0, 1, 0, 0] } else { [0; 4] }));
    table.extend(identity.repeat(inputs.into()));
    let steps = usize::from(grid).pow(inputs.into()) * 3;
    table.extend((0..steps).map(|i| (i * 37 % 251) as u8));
    table.extend(identity.repeat(3));
    let white = [&b"XYZ \0\0\0\0"[..], &[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]].concat();
    let mut file = vec![0; 128];
    file[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
    file[12..24].copy_from_slice(&[b"prtr", &space[..], b"Lab "].concat());
    file[36..40].copy_from_slice(b"acsp");
    file[68..80].copy_from_slice(&white[8..]);
    let at = 128 + 4 + 2 * 12;
    let big = |v: usize| (v as u32).to_be_bytes();
    file.extend(big(2));
    file.extend(
        [&b"A2B0"[..], &big(at), &big(table.len()), b"wtpt", &big(at + table.len()), &big(white.len())].concat(),
    );
    file.extend([table, white].concat());
    let length = big(file.len());
    file[..4].copy_from_slice(&length);
    file
}

/// With a profile in a chunk of its own, compressed or not.
fn png_with_profile(png: &[u8], icc: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(b"icc\0\0".to_vec(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, icc).unwrap();
    with_chunk(png, b"iCCP", &encoder.finish().unwrap())
}

fn webp_with_profile(picture: &Pixels, icc: &[u8]) -> Vec<u8> {
    use image::ImageEncoder;
    let mut file = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut file);
    encoder.set_icc_profile(icc.to_vec()).unwrap();
    let (width, height) = (picture.size.width, picture.size.height);
    encoder.write_image(&picture.data, width, height, image::ExtendedColorType::Rgb8).unwrap();
    file
}

/// With an EXIF block that says its orientation, and is filled up.
fn webp_with_exif(picture: &Pixels, filling: &[u8]) -> Vec<u8> {
    use image::ImageEncoder;
    let mut file = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut file);
    encoder.set_exif_metadata([&exif(1), filling].concat()).unwrap();
    let (width, height) = (picture.size.width, picture.size.height);
    encoder.write_image(&picture.data, width, height, image::ExtendedColorType::Rgb8).unwrap();
    file
}

/// Bytes that carrying out a plan takes at most, and how many it said.
fn peak(source: &[u8], edits: &Edits) -> (usize, usize) {
    let (planned, bytes) = deckle_testkit::peak(|| {
        let image = Image::open(source).unwrap();
        let plan = plan(edits, &image).unwrap();
        drop(transform(&image, &plan, &mut |_| ()).unwrap());
        plan.memory
    });
    (bytes, planned as usize)
}

/// What of a JPEG's memory a thumbnail's pixels do not show.
fn profiles_and_odd_chroma_are_counted() {
    let inks = jpeg(&noisy(200, 150, 4), 90, false, false, None);
    let colours = jpeg(&noisy(200, 150, 3), 90, false, false, None);
    let sources = [
        ("small table of inks", with_profile(&inks, &profile(b"CMYK", 4, 9))),
        ("large table of inks", with_profile(&inks, &profile(b"CMYK", 4, 27))),
        ("large table of colours", with_profile(&colours, &profile(b"RGB ", 3, 80))),
        ("in as many parts as there can be", with_profile(&colours, &vec![7; 255 * 65_000])),
        ("a PNG's", png_with_profile(&png(&noisy(200, 150, 3)), &profile(b"RGB ", 3, 80))),
        ("a PNG's of zeros", png_with_profile(&png(&noisy(200, 150, 3)), &vec![0; 7 << 20])),
        ("an interlaced PNG's few bits", {
            let grey = raw_png(0, 4, true, 1400, |x, y| vec![(x ^ y) as u16 & 15]);
            with_chunk(&grey, b"tRNS", &[0xff, 3])
        }),
        ("an interlaced PNG's 16 bits of light", {
            let colours = raw_png(2, 16, true, 500, |x, y| vec![x as u16, y as u16, 7]);
            with_chunk(&with_chunk(&colours, b"cICP", &[9, 16, 0, 1]), b"cHRM", &[0; 32])
        }),
        ("a WebP's", webp_with_profile(&noisy(200, 150, 3), &profile(b"RGB ", 3, 80))),
        ("a WebP's that is followed by another", {
            // what counts is the first
            let file = webp_with_profile(&noisy(200, 150, 3), &vec![7; 6 << 20]);
            let end = file.windows(4).position(|name| name == b"VP8L").unwrap();
            let (head, rest) = file.split_at(end);
            let mut file = [head, b"ICCP\0\0\0\0", rest].concat();
            let length = (file.len() as u32 - 8).to_le_bytes();
            file[4..8].copy_from_slice(&length);
            file
        }),
        ("a WebP's without sense", webp_with_profile(&noisy(200, 150, 3), &vec![7; 6 << 20])),
    ];
    for (name, source) in &sources {
        let (peak, said) = peak(source, &Edits { width: Some(100), ..Edits::default() });
        assert!(peak <= said, "{name}: {peak} of {said}");
    }
    let exif = webp_with_exif(&noisy(60, 50, 3), &vec![7; 9 << 20]);
    for format in FORMATS {
        for lossless in [false, true] {
            let edits =
                Edits { width: Some(20), format: Some(format), metadata: Metadata::All, lossless, ..Edits::default() };
            let (peak, said) = peak(&exif, &edits);
            assert!(peak <= said, "EXIF, {format:?}: {peak} of {said}");
        }
    }
    for format in [Format::Jpeg, Format::Png] {
        let fill = Edits { width: Some(1500), height: Some(10), fit: Fit::Fill, ..Edits::default() };
        let (peak, said) = peak(&sheet(12_000, 6_000), &Edits { format: Some(format), ..fill });
        assert!(peak <= said, "4:1:1 pressed flat, {format:?}: {peak} of {said}");
    }
}

// one test: what others allocate would count
#[test]
fn no_plan_takes_more_than_its_estimate_and_few_take_much_less() {
    profiles_and_odd_chroma_are_counted();
    let mut sources = vec![
        ("4:4:4", jpeg(&noisy(900, 700, 3), 90, false, false, None)),
        ("4:2:0", jpeg(&noisy(900, 700, 3), 90, true, false, Some(6))),
        ("progressive", jpeg(&noisy(800, 600, 3), 90, true, true, None)),
        ("grey JPEG", jpeg(&noisy(900, 700, 1), 90, false, false, None)),
        ("CMYK", jpeg(&noisy(640, 480, 4), 90, false, false, None)),
        ("RGB PNG", png(&noisy(800, 600, 3))),
        ("RGBA PNG", png(&noisy(800, 600, 4))),
        ("BMP", common::bmp(&noisy(800, 600, 3))),
        ("grey PNG", png(&noisy(800, 600, 1))),
        ("more than a megapixel", jpeg(&noisy(1200, 900, 3), 90, true, false, None)),
    ];
    for (name, channels, format) in
        [("WebP", 3, Format::WebP), ("WebP with alpha", 4, Format::WebP), ("GIF", 3, Format::Gif)]
    {
        let edits = Edits { format: Some(format), ..Edits::default() };
        sources.push((name, common::run(&png(&noisy(640, 480, channels)), &edits).unwrap().bytes));
    }
    let mut wrong = Vec::new();
    for (name, source) in &sources {
        for (format, lossless) in FORMATS.map(|format| (format, false)).into_iter().chain([(Format::WebP, true)]) {
            // the whole picture, half of it, and a thumbnail, for which only decoding counts
            for (width, progressive, rotate) in [
                (None, format == Format::Jpeg && *name != "more than a megapixel", Rotate::Quarter),
                (Some(400), false, Rotate::Quarter),
                (Some(90), false, Rotate::None),
            ] {
                let edits = Edits { width, lossless, progressive, rotate, format: Some(format), ..Edits::default() };
                let (peak, estimate) = peak(source, &edits);
                let (peak, estimate) = (peak as f64, estimate as f64);
                let line = format!(
                    "{name} → {format:?} {width:?} lossless {lossless} progressive {progressive}: {:.2} MB of {:.2} MB, {:.2}",
                    peak / 1e6,
                    estimate / 1e6,
                    peak / estimate
                );
                println!("{line}");
                // where there is loss, the estimate is for noise at its worst; the part that does not depend on the picture is small
                let lossy_webp = format == Format::WebP && !lossless;
                let much = if format == Format::Jpeg || lossy_webp { 8.0 } else { 3.0 };
                let is_counted = !lossy_webp || cfg!(target_arch = "wasm32");
                if peak > estimate || is_counted && (estimate - 1.5e6) > much * peak {
                    wrong.push(line);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
