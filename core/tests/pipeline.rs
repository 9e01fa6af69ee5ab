//! Properties of the whole pipeline: open, plan, transform.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    FORMATS, Random, bmp, constant, decode, difference, exif, jpeg, picture, pixels, plan, png, probe, run, samples,
};
use deckle::edit::{Crop, Edits, Fit, Point, Position, Ratio, Rotate};
use deckle::image::{Colour, Format, Metadata, Model, Orientation, Pixels, Size};
use deckle::op::{Median, Operation, Sharpen};
use deckle::plan::{Facts, Look, Path, Plan, Planned};
use deckle::{Error, Image, Limits, Picture, Stage, encode, render, transform};

const FITS: [Fit; 5] = [Fit::Inside, Fit::Cover, Fit::Contain, Fit::Fill, Fit::Outside];
const LOSSLESS: [Format; 3] = [Format::Png, Format::WebP, Format::Gif];

fn edits() -> Edits {
    Edits { format: Some(Format::Png), ..Edits::default() }
}

fn made(source: &[u8], edits: &Edits) -> Pixels {
    pixels(&run(source, edits).unwrap())
}

#[test]
fn all_eight_orientations_of_a_file_give_one_upright_picture() {
    let upright = picture(48, 32, 3);
    for tag in 1..=8 {
        // how a camera held this way stores the picture
        let stored = laid(&upright, Orientation::from_exif(tag).inverse());
        let source = jpeg(&stored, 98, false, false, Some(tag));
        let whole = made(&source, &edits());
        let (greatest, mean) = difference(&whole, &upright);
        assert!(greatest <= 24 && mean < 1.0, "tag {tag}: greatest {greatest}, mean {mean}");

        let cropped = made(&source, &Edits { crop: Some(Crop::pixels(30, 2, 12, 20)), ..edits() });
        assert_eq!(cropped, cut(&whole, 30, 2, 12, 20), "tag {tag}");
    }
}

/// One pixel at a time.
fn laid(image: &Pixels, turn: Orientation) -> Pixels {
    let n = usize::from(image.channels);
    let mut image = image.clone();
    if turn.mirror {
        let width = image.size.width as usize;
        let mirrored = image.data.chunks(width * n).flat_map(|row| row.chunks(n).rev().flatten().copied()).collect();
        image.data = mirrored;
    }
    for _ in 0..turn.turns {
        let (width, height) = (image.size.width as usize, image.size.height as usize);
        let places = (0..width).flat_map(|y| (0..height).map(move |x| ((height - 1 - x) * width + y) * n));
        let data = places.flat_map(|at| image.data[at..at + n].to_vec()).collect();
        image = Pixels { size: image.size.turned(), channels: image.channels, data };
    }
    image
}

fn cut(image: &Pixels, x: usize, y: usize, width: usize, height: usize) -> Pixels {
    let n = usize::from(image.channels);
    let rows = image.data.chunks(image.size.width as usize * n).skip(y).take(height);
    let data = rows.flat_map(|row| row[x * n..(x + width) * n].to_vec()).collect();
    Pixels { size: Size { width: width as u32, height: height as u32 }, channels: image.channels, data }
}

#[test]
fn four_quarter_turns_two_flips_and_two_flops_are_nothing() {
    for channels in 1..=4 {
        let source = png(&picture(37, 23, channels));
        let whole = made(&source, &edits());
        assert_eq!(whole, picture(37, 23, channels));
        for (edit, times) in [
            (Edits { rotate: Rotate::Quarter, ..edits() }, 4),
            (Edits { rotate: Rotate::ThreeQuarter, ..edits() }, 4),
            (Edits { rotate: Rotate::Half, ..edits() }, 2),
            (Edits { flip: true, ..edits() }, 2),
            (Edits { flop: true, ..edits() }, 2),
        ] {
            let once = run(&source, &edit).unwrap().bytes;
            assert_ne!(decode(&once, Format::Png), whole);
            let back = (1..times).fold(once, |bytes, _| run(&bytes, &edit).unwrap().bytes);
            assert_eq!(decode(&back, Format::Png), whole, "{edit:?}");
        }
    }
}

#[test]
fn a_constant_image_stays_constant_under_every_fit_and_lossless_format() {
    let colours: [&[u8]; 6] = [&[77], &[77, 255], &[12, 200, 99], &[12, 200, 99, 255], &[0, 0, 0], &[255, 255, 255]];
    for colour in colours {
        let source = png(&constant(53, 41, colour));
        for fit in FITS {
            for format in LOSSLESS {
                for (width, height) in [(20, 20), (90, 17), (61, 120)] {
                    // contained on its own colour
                    let rgb = if colour.len() < 3 { [colour[0]; 3] } else { [colour[0], colour[1], colour[2]] };
                    let background = Some(Colour { r: rgb[0], g: rgb[1], b: rgb[2], a: 255 });
                    let edits = Edits {
                        width: Some(width),
                        height: Some(height),
                        fit,
                        enlarge: true,
                        background,
                        format: Some(format),
                        lossless: true,
                        ..Edits::default()
                    };
                    let out = made(&source, &edits);
                    let expected: &[u8] = match out.channels {
                        1 => &rgb[..1],
                        2 => &[rgb[0], 255],
                        3 => &rgb,
                        _ => &[rgb[0], rgb[1], rgb[2], 255],
                    };
                    assert!(
                        out.data.chunks(expected.len()).all(|p| p == expected),
                        "{colour:?} {fit:?} {format:?} {:?}",
                        out.size
                    );
                }
            }
        }
    }
}

#[test]
fn opaque_stays_opaque_and_transparency_does_not_bleed() {
    let mut image = picture(60, 40, 4);
    image.data.chunks_exact_mut(4).for_each(|p| p[3] = 255);
    let out = made(&png(&image), &Edits { width: Some(23), ..edits() });
    assert!(out.channels == 4 && out.data.chunks(4).all(|p| p[3] == 255));

    // red where it is opaque, green where it is not: no green may show
    let data = (0..64 * 64).flat_map(|i| if i % 64 < 32 { [255, 0, 0, 255] } else { [0, 255, 0, 0] }).collect();
    let image = Pixels { size: Size { width: 64, height: 64 }, channels: 4, data };
    let out = made(&png(&image), &Edits { width: Some(21), ..edits() });
    assert!(out.data.chunks(4).all(|p| p[3] == 0 || (p[0] >= 254 && p[1] <= 1)), "{:?}", out.data);
}

#[test]
fn outputs_have_the_planned_size_and_fit_obeys_both_bounds() {
    let mut random = Random(11);
    for _ in 0..120 {
        let (w, h) = (random.within(1, 90), random.within(1, 90));
        let channels = random.within(1, 4) as u8;
        let source = if channels == 3 && random.below(2) == 0 {
            jpeg(&picture(w, h, 3), 80, random.below(2) == 0, false, Some(random.within(1, 8) as u16))
        } else {
            png(&picture(w, h, channels))
        };
        let (width, height) = (random.within(1, 70), random.within(1, 70));
        let edits = Edits {
            width: Some(width),
            height: Some(height),
            fit: FITS[random.below(5) as usize],
            enlarge: random.below(2) == 0,
            rotate: [Rotate::None, Rotate::Quarter, Rotate::Half, Rotate::ThreeQuarter][random.below(4) as usize],
            flip: random.below(2) == 0,
            flop: random.below(2) == 0,
            position: Position::Focus(Point { x: random.within(0, 10_000), y: random.within(0, 10_000) }),
            operations: [None, Some(Operation::Greyscale), Some(Operation::Sepia), Some(Operation::Negative)]
                [random.below(4) as usize]
                .clone()
                .into_iter()
                .collect(),
            format: Some(FORMATS[random.below(4) as usize]),
            ..Edits::default()
        };
        let image = Image::open(&source).unwrap();
        let plan = plan(&edits, &image).unwrap();
        let output = transform(&image, &plan, &mut |_| ()).unwrap();
        let size = pixels(&output).size;
        assert_eq!((output.size, output.size), (size, plan.output), "{edits:?}");
        let within = size.width <= width && size.height <= height;
        let covers = size.width >= width && size.height >= height;
        match (edits.fit, edits.enlarge) {
            (Fit::Inside | Fit::Cover, false) => assert!(within, "{edits:?} {size:?}"),
            (Fit::Inside, true) => {
                assert!(within && (size.width == width || size.height == height), "{edits:?} {size:?}")
            }
            (Fit::Outside, true) => assert!(covers, "{edits:?} {size:?}"),
            (Fit::Outside, false) => (),
            (Fit::Fill, false) => assert!(within, "{edits:?} {size:?}"),
            _ => assert_eq!(size, Size { width, height }, "{edits:?}"),
        }
    }
}

#[test]
fn a_crop_is_the_part_asked_for() {
    let mut random = Random(5);
    for channels in 1..=4 {
        let image = picture(40, 30, channels);
        let source = png(&image);
        for _ in 0..20 {
            let (x, y) = (random.within(0, 39), random.within(0, 29));
            let crop = Crop::pixels(x, y, random.within(1, 60), random.within(1, 60));
            let out = made(&source, &Edits { crop: Some(crop), ..edits() });
            let (width, height) = (crop.width.min(40 - x), crop.height.min(30 - y));
            assert_eq!(out, cut(&image, x as usize, y as usize, width as usize, height as usize), "{crop:?}");
        }
        let outside = Crop::pixels(40, 0, 1, 1);
        assert!(matches!(
            run(&source, &Edits { crop: Some(outside), ..edits() }),
            Err(Error::Edit { name: "crop", .. })
        ));
    }
}

#[test]
fn a_resized_picture_is_the_picture_at_that_size() {
    // shrink on load by 1, 2, 4 and 8
    for width in [300, 130, 70, 30] {
        let height = width * 2 / 3;
        let small = drawn_softly(width, height, 3);
        for (name, source, most) in [
            ("PNG", png(&picture(300, 200, 3)), 2.5),
            ("4:4:4", jpeg(&picture(300, 200, 3), 97, false, false, None), 3.5),
            // the decoder shrinks chroma that is halved already
            ("4:2:0", jpeg(&picture(300, 200, 3), 97, true, false, None), 6.5),
            ("progressive", jpeg(&picture(300, 200, 3), 97, true, true, None), 6.5),
        ] {
            let out = made(&source, &Edits { width: Some(width), height: Some(height), fit: Fit::Fill, ..edits() });
            let (_, mean) = difference(&out, &small);
            assert!(mean < most, "{name} at {width}: mean difference {mean:.2}");
        }
    }
}

/// A JPEG that stays in its planes and one that becomes pixels on the way are one picture: no shift of chroma, whatever the
/// orientation, the crop and the parity of the sides.
#[test]
fn planes_and_pixels_show_the_same() {
    // steep enough that half a pixel is seen
    let slope = |width: u32, height: u32| {
        let pixel = |x: u32, y: u32| [40 + x * 180 / width, 128, 220 - y * 170 / height].map(|v| v as u8);
        let data = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
        Pixels { size: Size { width, height }, channels: 3, data }
    };
    for (width, height) in [(47, 39), (64, 48), (33, 64)] {
        for (halved, orientation) in [false, true].into_iter().flat_map(|h| (1..=8).map(move |o| (h, o))) {
            let source = jpeg(&slope(width, height), 100, halved, false, Some(orientation));
            for (wanted, crop) in [
                (None, None),
                (Some(29), None),
                (Some(20), None),
                (Some(90), None),
                (None, Some(Crop::pixels(3, 5, 21, 17))),
                (Some(13), Some(Crop::pixels(2, 1, 25, 30))),
            ] {
                let edits = Edits { width: wanted, crop, enlarge: true, quality: Some(100), ..Edits::default() };
                let of = |format| {
                    let made = run(&source, &Edits { format: Some(format), ..edits.clone() }).unwrap();
                    pixels(&made)
                };
                let expected = of(Format::Png);
                for (format, most) in [(Format::Jpeg, 1.6), (Format::WebP, 2.2)] {
                    let (_, mean) = difference(&of(format), &expected);
                    assert!(
                        mean < most,
                        "{format:?} {width}×{height} {halved} {orientation} {wanted:?} {crop:?}: {mean:.2}"
                    );
                }
            }
        }
    }
}

/// By way of planes and by way of pixels a WebP is the same picture, and about as large.
#[test]
fn a_webp_is_made_from_planes_as_from_pixels() {
    for channels in [1, 3] {
        for orientation in 1..=8 {
            let source = jpeg(&drawn_softly(90, 70, channels), 95, true, false, Some(orientation));
            let webp = |quality| Edits { quality: Some(quality), format: Some(Format::WebP), ..Edits::default() };
            // the edges of the drawing are where halved chroma comes off worst
            for (quality, most) in [(1, 8.0), (50, 4.5), (80, 3.5), (100, 2.5)] {
                let planes = run(&source, &webp(quality)).unwrap();
                let decoded = run(&source, &edits()).unwrap().bytes;
                let pixels = run(&decoded, &webp(quality)).unwrap();
                let (_, mean) = difference(&decode(&planes.bytes, Format::WebP), &decode(&pixels.bytes, Format::WebP));
                assert!(mean < most, "{channels} {orientation} q{quality}: {mean:.2}");
                let (a, b) = (planes.bytes.len() as f64, pixels.bytes.len() as f64);
                assert!((a / b - 1.0).abs() < 0.12, "{channels} {orientation} q{quality}: {a} and {b} bytes");
            }
        }
    }
}

#[test]
fn a_lossy_webp_keeps_alpha_to_the_bit_and_a_lossless_one_everything() {
    for channels in [2, 4] {
        let source = picture(61, 47, channels);
        let webp = Edits { format: Some(Format::WebP), ..Edits::default() };
        let alpha = |image: &Pixels, n: usize| image.data.chunks(n).map(|pixel| pixel[n - 1]).collect::<Vec<_>>();
        let lossy = run(&png(&source), &webp).unwrap();
        assert_eq!(alpha(&pixels(&lossy), 4), alpha(&source, channels.into()));
        let lossless = run(&png(&source), &Edits { lossless: true, ..webp }).unwrap();
        let expected = Pixels {
            channels: 4,
            data: match channels {
                2 => source.data.as_chunks::<2>().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
                _ => source.data.clone(),
            },
            ..source
        };
        assert_eq!(pixels(&lossless), expected);
    }
}

#[test]
fn more_effort_makes_smaller_files() {
    let source = jpeg(&drawn_softly(300, 200, 3), 95, false, false, None);
    for (format, least) in [(Format::Jpeg, 0.05), (Format::WebP, 0.02)] {
        let made = |effort: u8| {
            let edits = Edits { format: Some(format), effort: Some(effort), ..Edits::default() };
            run(&source, &edits).unwrap()
        };
        let (little, much) = (made(0), made(6));
        let (_, mean) = difference(&pixels(&little), &pixels(&much));
        assert!(mean < 1.5, "{format:?}: {mean:.2}");
        let saved = 1.0 - much.bytes.len() as f64 / little.bytes.len() as f64;
        assert!(saved > least, "{format:?}: {saved:.3}");
        assert_eq!(made(4).bytes == little.bytes, format == Format::Jpeg);
    }
}

#[test]
fn whatever_output_is_allowed_can_be_a_webp() {
    let mut info = probe(&jpeg(&picture(64, 64, 3), 90, true, false, None)).unwrap();
    info.size = Size { width: 6100, height: 4090 };
    info.decoder_bytes += 6100 * 64;
    let limits = Limits::default();
    assert!(info.size.pixels() > limits.output_pixels - 100_000);
    let webp = Edits { format: Some(Format::WebP), ..Edits::default() };
    assert!(matches!(Plan::new(&webp, &info, &Facts::default(), &limits), Ok(Planned::Ready(_))));
}

/// The picture drawn four times as large, squares of 16 pixels averaged.
fn drawn_softly(width: u32, height: u32, channels: u8) -> Pixels {
    let large = picture(width * 4, height * 4, channels);
    let n = usize::from(channels);
    let sample = |x: usize, y: usize, i: usize| u32::from(large.data[(y * 4 * width as usize + x) * n + i]);
    let mut data = Vec::new();
    for (y, x, i) in
        (0..height as usize).flat_map(|y| (0..width as usize).flat_map(move |x| (0..n).map(move |i| (y, x, i))))
    {
        let sum: u32 = (0..16).map(|n| sample(4 * x + n % 4, 4 * y + n / 4, i)).sum();
        data.push((sum / 16) as u8);
    }
    Pixels { size: Size { width, height }, channels, data }
}

#[test]
fn shrink_on_load_gives_the_planned_size_for_every_odd_side() {
    for (width, height) in [(1, 1), (3, 200), (801, 3), (17, 16), (33, 65), (127, 129), (9, 8)] {
        for halved in [false, true] {
            let source = jpeg(&picture(width, height, 3), 80, halved, halved, None);
            for wanted in [1, 2, 3, 5, 9, 30] {
                let out = run(&source, &Edits { width: Some(wanted), ..Edits::default() });
                assert!(out.is_ok(), "{width}×{height} to {wanted}: {out:?}");
            }
        }
    }
}

#[test]
fn grey_stays_grey_and_black_and_white_becomes_it() {
    for format in [Format::Jpeg, Format::Png] {
        let edits = Edits { width: Some(20), format: Some(format), ..Edits::default() };
        assert_eq!(made(&png(&picture(40, 30, 1)), &edits).channels, 1);
        assert_eq!(
            made(&png(&picture(40, 30, 3)), &Edits { operations: vec![Operation::Greyscale], ..edits }).channels,
            1
        );
    }
    // colour around a grey picture is kept
    let red = Colour { r: 255, g: 0, b: 0, a: 255 };
    let edits = Edits {
        width: Some(30),
        height: Some(30),
        fit: Fit::Contain,
        operations: vec![Operation::Greyscale],
        background: Some(red),
        ..edits()
    };
    let out = made(&png(&picture(40, 20, 3)), &edits);
    assert_eq!((out.channels, &out.data[..3]), (3, &[255, 0, 0][..]));
}

#[test]
fn transparency_is_laid_on_white_for_jpeg_unless_told() {
    let source = png(&constant(16, 16, &[10, 20, 30, 0]));
    let to_jpeg = Edits { format: Some(Format::Jpeg), ..Edits::default() };
    assert!(made(&source, &to_jpeg).data.iter().all(|&v| v >= 254));
    let blue = Some(Colour { r: 0, g: 0, b: 255, a: 255 });
    let out = made(&source, &Edits { background: blue, ..to_jpeg });
    assert!(out.data.chunks(3).all(|p| p[0] < 4 && p[1] < 4 && p[2] > 250), "{:?}", &out.data[..3]);
}

#[test]
fn gif_is_exact_up_to_256_colours_and_its_alpha_has_a_threshold() {
    let data = (0..16_u8).flat_map(|i| [i * 16, 255 - i * 3, 7, if i < 8 { 127 } else { 128 }]).collect();
    let image = Pixels { size: Size { width: 4, height: 4 }, channels: 4, data };
    let out = made(&png(&image), &Edits { format: Some(Format::Gif), ..Edits::default() });
    for (i, (to, from)) in out.data.chunks(4).zip(image.data.chunks(4)).enumerate() {
        if i < 8 { assert_eq!(to[3], 0) } else { assert_eq!(to, [from[0], from[1], from[2], 255]) }
    }
}

#[test]
fn metadata_is_stripped_reduced_or_kept_upright() {
    let source = jpeg(&picture(24, 16, 3), 90, false, false, Some(6));
    assert_eq!(exif(6).len(), 49);
    for format in FORMATS {
        for metadata in [Metadata::Strip, Metadata::Copyright, Metadata::All] {
            let out = run(&source, &Edits { metadata, format: Some(format), ..Edits::default() }).unwrap();
            let has = |text: &[u8]| out.bytes.windows(text.len()).any(|w| w == text);
            let kept = metadata != Metadata::Strip && format != Format::Gif;
            assert_eq!(has(b"(c) Deckle"), kept, "{format:?} {metadata:?}");
            assert_eq!(has(b"MM\0*"), kept && metadata == Metadata::All, "{format:?} {metadata:?}");
            let info = probe(&out.bytes).unwrap();
            assert!(info.orientation.is_identity());
            assert_eq!((info.size, pixels(&out).size), (Size { width: 16, height: 24 }, info.size));
        }
    }
}

#[test]
fn exif_orientation_is_read_from_png_and_webp_too() {
    let mut bytes = Vec::new();
    let mut info = png::Info::with_size(24, 16);
    info.exif_metadata = Some(exif(8).into());
    info.color_type = png::ColorType::Rgb;
    info.bit_depth = png::BitDepth::Eight;
    let mut writer = png::Encoder::with_info(&mut bytes, info).unwrap().write_header().unwrap();
    writer.write_image_data(&picture(24, 16, 3).data).unwrap();
    writer.finish().unwrap();
    let out = made(&bytes, &edits());
    assert_eq!(out, laid(&picture(24, 16, 3), Orientation::from_exif(8)));

    use image::ImageEncoder;
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
    encoder.set_exif_metadata(exif(5)).unwrap();
    encoder.write_image(&picture(24, 16, 3).data, 24, 16, image::ExtendedColorType::Rgb8).unwrap();
    assert_eq!(made(&bytes, &edits()), laid(&picture(24, 16, 3), Orientation::from_exif(5)));
}

#[test]
fn stages_are_told_in_order() {
    let source = png(&picture(8, 8, 3));
    let image = Image::open(&source).unwrap();
    let mut told = Vec::new();
    transform(&image, &plan(&edits(), &image).unwrap(), &mut |stage| told.push(stage)).unwrap();
    assert_eq!(told, [Stage::Resized, Stage::Encoded]);
}

#[test]
fn a_jpeg_that_lacks_only_its_end_marker_is_whole_and_one_cut_off_is_damaged() {
    let source = jpeg(&picture(64, 48, 3), 90, true, false, None);
    let whole = made(&source, &edits());
    assert_eq!(made(&source[..source.len() - 2], &edits()), whole);
    let cut = run(&source[..source.len() * 2 / 3], &edits()).unwrap();
    assert!(cut.missing > 0.1 && cut.missing < 0.8, "{}", cut.missing);
    assert_eq!(pixels(&cut).data[..64 * 8 * 3], whole.data[..64 * 8 * 3]);
    let header = source.windows(2).position(|marker| marker == [0xff, 0xda]).unwrap() + 14;
    assert!(matches!(run(&source[..header], &edits()), Err(Error::Corrupt { .. })));
}

#[test]
fn hostile_headers_are_refused_before_a_pixel_is_allocated() {
    // 30,000 × 30,000
    let mut jpeg = jpeg(&picture(16, 16, 3), 80, false, false, None);
    let sof = jpeg.windows(2).position(|m| m == [0xff, 0xc0]).unwrap();
    jpeg[sof + 5..sof + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    let mut png = png(&picture(16, 16, 3));
    png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    for bytes in [&jpeg, &png] {
        let info = probe(bytes).unwrap();
        assert_eq!(info.size, Size { width: 30_000, height: 30_000 });
        let refused = Plan::new(&edits(), &info, &Facts::default(), &Limits::default());
        assert!(matches!(refused, Err(Error::Limit { what: "source pixels", .. })), "{refused:?}");
    }
    // no width
    jpeg[sof + 7..sof + 9].copy_from_slice(&[0, 0]);
    png[16..20].copy_from_slice(&[0; 4]);
    assert!(matches!(probe(&jpeg), Err(Error::Corrupt { .. })));
    assert!(matches!(probe(&png), Err(Error::Corrupt { .. })));
    // 12 bits, arithmetic coding
    jpeg[sof + 7..sof + 9].copy_from_slice(&[0, 16]);
    jpeg[sof + 4] = 12;
    assert_eq!(probe(&jpeg), Err(Error::Unsupported { what: "12-bit JPEG".into() }));
    jpeg[sof + 1] = 0xc9;
    assert!(matches!(probe(&jpeg), Err(Error::Unsupported { .. })));
    assert_eq!(probe(b"hello"), Err(Error::NotAnImage));
    assert_eq!(probe(b""), Err(Error::NotAnImage));
}

#[test]
fn more_scans_than_are_decoded_are_a_limit() {
    let mut source = jpeg(&picture(8, 8, 1), 90, false, true, None);
    let end = source.len() - 2;
    // a first scan of the DC, without data
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0];
    source.splice(end..end, scan.repeat(100));
    let refused = run(&source, &Edits::default());
    assert!(matches!(refused, Err(Error::Limit { what: "scans", needed: 101.., limit: 100 })), "{refused:?}");
}

#[test]
fn an_output_side_that_the_format_cannot_say_is_a_limit() {
    let source = png(&constant(17_000, 2, &[9]));
    let refused = run(&source, &Edits { format: Some(Format::WebP), ..Edits::default() });
    assert_eq!(refused, Err(Error::Limit { what: "output side", needed: 17_000, limit: 16_383 }));
    assert!(run(&source, &Edits { format: Some(Format::Gif), ..Edits::default() }).is_ok());
}

/// Edits that lead through every operation.
fn hard(format: Format) -> Edits {
    Edits {
        width: Some(19),
        height: Some(23),
        fit: Fit::Contain,
        rotate: Rotate::Quarter,
        operations: vec![Operation::Sepia],
        metadata: Metadata::All,
        format: Some(format),
        ..Edits::default()
    }
}

#[test]
fn no_truncation_panics() {
    for (name, bytes) in samples() {
        let sound = run(&bytes, &hard(Format::Png));
        assert!(sound.is_ok(), "{name}: {sound:?}");
        for i in 0..60 {
            let _ = run(&bytes[..bytes.len() * i / 60], &hard(Format::Jpeg));
        }
    }
}

#[test]
fn no_damaged_byte_panics() {
    let limits = Limits { source_pixels: 1 << 20, output_pixels: 1 << 20, ..Limits::default() };
    for (seed, (_, bytes)) in samples().into_iter().enumerate() {
        let mut random = Random(seed as u64 + 1);
        for i in 0..300 {
            let mut bytes = bytes.clone();
            // half of them in the header, where they do most
            let room = if i % 2 == 0 { bytes.len().min(120) } else { bytes.len() };
            for _ in 0..=i % 3 {
                let at = random.below(room as u64) as usize;
                bytes[at] = random.next() as u8;
            }
            let Ok(image) = Image::open(&bytes) else { continue };
            for edits in [hard(FORMATS[i % 4]), Edits::default()] {
                if let Ok(plan) = image.plan(&edits, &limits) {
                    let _ = transform(&image, &plan, &mut |_| ());
                }
            }
        }
    }
}

#[test]
fn a_bmp_is_read_and_becomes_a_png_unless_another_format_is_asked_for() {
    for channels in [3, 4] {
        let picture = picture(61, 47, channels);
        let source = bmp(&picture);
        let out = run(&source, &Edits::default()).unwrap();
        assert_eq!((out.format, pixels(&out)), (Format::Png, picture));
        let small = run(&source, &Edits { width: Some(30), format: Some(Format::WebP), ..Edits::default() }).unwrap();
        assert_eq!((small.format, small.size), (Format::WebP, Size { width: 30, height: 23 }));
        for cut in [0, 5, 17, 30, 60] {
            assert!(run(&source[..cut], &Edits::default()).is_err(), "cut at {cut}");
        }
    }
    assert_eq!(probe(b"BM is a text").unwrap_err(), Error::NotAnImage);
}

/// A GIF of two frames: the picture in reds for 120 ms, then a blue patch at 3,2 for 70 ms on what was shown before.
fn two_frames() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, 12, 10, &[0, 0, 0, 255, 0, 0, 128, 0, 0, 0, 0, 255]).unwrap();
    let whole = (0..120).map(|i| (i % 3) as u8).collect::<Vec<u8>>();
    let first = gif::Frame { delay: 12, ..gif::Frame::from_indexed_pixels(12, 10, whole, None) };
    let patch = gif::Frame { left: 3, top: 2, delay: 7, ..gif::Frame::from_indexed_pixels(4, 5, vec![3; 20], None) };
    encoder.write_frame(&first).unwrap();
    encoder.write_frame(&patch).unwrap();
    drop(encoder);
    bytes
}

#[test]
fn an_animation_is_rendered_frame_by_frame_and_written_again() {
    let source = two_frames();
    let image = Image::open(&source).unwrap();
    assert_eq!(image.info().frames, 2);
    let edits = Edits { rotate: Rotate::Quarter, operations: vec![Operation::Negative], ..Edits::default() };
    let plan = plan(&edits, &image).unwrap();
    let Picture::Frames(frames) = render(&image, &plan).unwrap().picture else { panic!("no frames") };
    assert_eq!(frames.iter().map(|frame| frame.delay).collect::<Vec<_>>(), [120, 70]);
    let blue_inverted = [255, 255, 0, 255];
    let at =
        |pixels: &Pixels, x: usize, y: usize| pixels.data[(y * pixels.size.width as usize + x) * 4..][..4].to_vec();
    for (i, frame) in frames.iter().enumerate() {
        assert_eq!(frame.pixels.size, Size { width: 10, height: 12 });
        // the patch's top left corner, 3,2, lies at 7,3 after a quarter turn
        assert_eq!(at(&frame.pixels, 7, 3) == blue_inverted, i == 1, "frame {i}");
        assert_ne!(at(&frame.pixels, 9, 0), blue_inverted);
    }
    let bytes = encode(Picture::Frames(frames.clone()), &plan.encoding, None).unwrap();
    let again = Image::open(&bytes).unwrap();
    assert_eq!((again.info().frames, again.info().size), (2, Size { width: 10, height: 12 }));
    let Picture::Frames(read) = render(&again, &plan_whole(&again)).unwrap().picture else { panic!("no frames") };
    assert_eq!(read, frames);
    assert_eq!(plan_of(&image, &Edits { animated: false, ..Edits::default() }).load.frames, 1);
    let to_png = Edits { format: Some(Format::Png), ..edits };
    assert_eq!(plan_of(&image, &to_png).load.frames, 1);
}

fn plan_of(image: &Image<'_>, edits: &Edits) -> Plan {
    plan(edits, image).unwrap()
}

fn plan_whole(image: &Image<'_>) -> Plan {
    plan_of(image, &Edits::default())
}

#[test]
fn operations_on_every_frame_are_work() {
    let source = two_frames();
    let image = Image::open(&source).unwrap();
    let median = |size: u32| Edits { operations: vec![Operation::Median(Median { size })], ..Edits::default() };
    let refused = |edits: &Edits| {
        let plan = image.plan(edits, &Limits::default());
        matches!(plan, Err(Error::Limit { what: "work of operations", .. }))
    };
    let still = |size: u32| Edits { animated: false, ..median(size) };
    let size = (0..).map(|i| 1_000 * i).find(|&size| refused(&still(size))).unwrap();
    assert!(refused(&median(size * 7 / 10)) && !refused(&still(size * 7 / 10)));
}

#[test]
fn more_frames_than_the_limit_are_refused() {
    let source = two_frames();
    let image = Image::open(&source).unwrap();
    let limits = Limits { frames: 1, ..Limits::default() };
    let refused = image.plan(&Edits { animated: true, ..Edits::default() }, &limits);
    assert!(matches!(refused, Err(Error::Limit { what: "frames", needed: 2, limit: 1 })));
}

#[test]
fn pixels_that_something_else_decoded_take_the_same_way() {
    let source = png(&picture(60, 40, 4));
    let edits = Edits { width: Some(20), operations: vec![Operation::Sepia], ..edits() };
    let opened = Image::open(&source).unwrap();
    let decoded = Image::decoded(opened.info().clone(), picture(60, 40, 4), None).unwrap();
    let plan = plan_of(&decoded, &edits);
    assert_eq!(render(&decoded, &plan).unwrap(), render(&opened, &plan).unwrap());
    // and once more: nothing is used up by rendering
    assert_eq!(transform(&decoded, &plan, &mut |_| ()).unwrap(), run(&source, &edits).unwrap());
    assert!(Image::decoded(opened.info().clone(), picture(60, 41, 4), None).is_err());
}

#[test]
fn rendering_and_encoding_apart_give_the_bytes_of_the_fused_way() {
    let sharper = Operation::Sharpen(Sharpen::new(10_000));
    let contained = Edits { width: Some(60), height: Some(60), fit: Fit::Contain, ..Edits::default() };
    for halved in [false, true] {
        let source = jpeg(&picture(90, 70, 3), 90, halved, false, Some(6));
        let image = Image::open(&source).unwrap();
        for (edits, path) in [
            (Edits { width: Some(40), ..Edits::default() }, Path::Planes),
            (Edits { width: Some(40), rotate: Rotate::ThreeQuarter, ..Edits::default() }, Path::Planes),
            (Edits { width: Some(41), format: Some(Format::WebP), ..Edits::default() }, Path::Planes),
            (Edits { operations: vec![Operation::Sepia], ..Edits::default() }, Path::Planes),
            (Edits { operations: vec![sharper.clone()], width: Some(50), ..Edits::default() }, Path::Planes),
            (Edits { operations: vec![sharper.clone(), Operation::Sepia], ..Edits::default() }, Path::Planes),
            (Edits { format: Some(Format::WebP), lossless: true, ..Edits::default() }, Path::Pixels),
            (Edits { format: Some(Format::Png), ..Edits::default() }, Path::Pixels),
            (Edits { format: Some(Format::Png), rotate: Rotate::Quarter, ..Edits::default() }, Path::Pixels),
            (Edits { operations: vec![Operation::Greyscale], rotate: Rotate::Half, ..Edits::default() }, Path::Planes),
            (Edits { format: Some(Format::Png), ..contained.clone() }, Path::Pixels),
            (Edits { background: Some(Colour { r: 9, g: 80, b: 3, a: 255 }), ..contained.clone() }, Path::Pixels),
            (
                Edits { format: Some(Format::WebP), operations: vec![Operation::Greyscale], ..contained.clone() },
                Path::Pixels,
            ),
        ] {
            let plan = plan_of(&image, &edits);
            assert_eq!(plan.path, path, "{edits:?}");
            let apart = encode(render(&image, &plan).unwrap().picture, &plan.encoding, None).unwrap();
            assert!(apart == transform(&image, &plan, &mut |_| ()).unwrap().bytes, "{edits:?}");
        }
    }
}

#[test]
fn a_plan_asks_for_a_look_at_the_profile_only_where_planes_depend_on_it() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/display-p3.jpg")).unwrap();
    let image = Image::open(&bytes).unwrap();
    let limits = Limits::default();
    let plan = |edits: &Edits, facts: &Facts| Plan::new(edits, image.info(), facts, &limits).unwrap();
    let mut facts = Facts::default();
    assert_eq!(plan(&Edits::default(), &facts), Planned::Look(Look::Profile));
    assert!(matches!(plan(&edits(), &facts), Planned::Ready(Plan { path: Path::Pixels, .. })));
    image.look(Look::Profile, &mut facts).unwrap();
    assert_eq!(facts.profile_changes_colours, Some(true));
    assert!(matches!(plan(&Edits::default(), &facts), Planned::Ready(Plan { path: Path::Pixels, .. })));
    facts.profile_changes_colours = Some(false);
    assert!(matches!(plan(&Edits::default(), &facts), Planned::Ready(Plan { path: Path::Planes, .. })));
}

#[test]
fn colours_that_are_no_luma_and_chroma_are_pixels_and_counted_as_such() {
    // a 25 MP JPEG of inks once passed with the estimate of the way by planes, and took that by pixels
    let mut info = probe(&jpeg(&picture(64, 64, 4), 90, false, false, None)).unwrap();
    assert_eq!(info.model, Model::Cmyk);
    info.size = Size { width: 5000, height: 5000 };
    let webp = Edits { format: Some(Format::WebP), ..Edits::default() };
    let unlimited = Limits { memory_bytes: u64::MAX, ..Limits::default() };
    let Ok(Planned::Ready(plan)) = Plan::new(&webp, &info, &Facts::default(), &unlimited) else { panic!("no plan") };
    assert_eq!(plan.path, Path::Pixels);
    let planes = 5000 * 5000 * 3 / 2;
    assert!(plan.memory > planes);
    // turned, the pixels are collected before
    let turned = Edits { rotate: Rotate::Quarter, ..webp };
    let Ok(Planned::Ready(plan)) = Plan::new(&turned, &info, &Facts::default(), &unlimited) else { panic!("no plan") };
    assert!(plan.memory > planes + 5000 * 5000 * 3);
}

#[test]
fn what_there_is_of_a_cut_png_is_shown_and_the_rest_is_filled() {
    for (channels, fill) in [(3, vec![128; 3]), (4, vec![0; 4])] {
        let mut noisy = picture(64, 64, channels);
        let mut random = Random(5);
        noisy.data.iter_mut().for_each(|v| *v ^= random.below(8) as u8);
        let source = png(&noisy);
        let cut = run(&source[..source.len() * 2 / 3], &edits()).unwrap();
        assert!(cut.missing > 0.2 && cut.missing < 0.5, "{}", cut.missing);
        let out = pixels(&cut);
        let row = 64 * usize::from(channels);
        let shown = (64.0 * (1.0 - cut.missing)).round() as usize;
        assert_eq!(out.data[..shown * row], noisy.data[..shown * row]);
        assert!(out.data[shown * row..].chunks(fill.len()).all(|pixel| pixel == fill));
        // a checksum or the end marker alone is not missed
        for end in [12, 13, 16] {
            let whole = run(&source[..source.len() - end], &edits()).unwrap();
            assert_eq!((whole.missing, pixels(&whole)), (0.0, noisy.clone()), "{end} bytes less");
        }
        assert!(matches!(run(&source[..60], &edits()), Err(Error::Corrupt { .. })));
    }
}

/// The picture as an interlaced PNG (Adam7), every row unfiltered.
fn interlaced(image: &Pixels) -> Vec<u8> {
    let (width, height, n) = (image.size.width as usize, image.size.height as usize, usize::from(image.channels));
    let mut rows = Vec::new();
    for (x, y, across, down) in
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    {
        for line in (y..height).step_by(down) {
            rows.push(0);
            for at in (x..width).step_by(across) {
                rows.extend(&image.data[(line * width + at) * n..][..n]);
            }
        }
    }
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::none());
    std::io::Write::write_all(&mut deflated, &rows).unwrap();
    let chunk = |name: &[u8], body: &[u8]| {
        let mut checksum = flate2::Crc::new();
        checksum.update(&[name, body].concat());
        [&(body.len() as u32).to_be_bytes(), name, body, &checksum.sum().to_be_bytes()].concat()
    };
    let kind = if n == 3 { 2 } else { 6 };
    let sides = [image.size.width.to_be_bytes(), image.size.height.to_be_bytes()].concat();
    let header = chunk(b"IHDR", &[&sides[..], &[8, kind, 0, 0, 1]].concat());
    let body = chunk(b"IDAT", &deflated.finish().unwrap());
    [b"\x89PNG\r\n\x1a\n", &header[..], &body, &chunk(b"IEND", b"")].concat()
}

#[test]
fn what_there_is_of_a_cut_interlaced_png_is_shown_coarsely() {
    for channels in [3, 4] {
        let picture = picture(64, 48, channels);
        let source = interlaced(&picture);
        assert_eq!(made(&source, &edits()), picture);
        let cut = run(&source[..source.len() / 2], &edits()).unwrap();
        assert!(cut.missing > 0.4 && cut.missing < 0.6, "{}", cut.missing);
        let (_, mean) = difference(&pixels(&cut), &picture);
        assert!(mean < 8.0, "{mean}");
    }
}

/// A GIF of one frame at `at` of `size` on a screen of `screen`, with a colour table in its header if `has_table`.
fn gif_of(screen: (u16, u16), at: (u16, u16), size: (u16, u16), has_table: bool, interlaced: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let table: &[u8] = if has_table { &[0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255] } else { &[] };
    let mut encoder = gif::Encoder::new(&mut bytes, screen.0, screen.1, table).unwrap();
    let data = (0..u32::from(size.0) * u32::from(size.1))
        .map(|i| (i / u32::from(size.0).max(1) % 4) as u8)
        .collect::<Vec<_>>();
    let frame =
        gif::Frame { left: at.0, top: at.1, interlaced, ..gif::Frame::from_indexed_pixels(size.0, size.1, data, None) };
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    bytes
}

#[test]
fn a_frame_larger_than_its_screen_enlarges_it() {
    let out = made(&gif_of((20, 20), (0, 0), (40, 30), true, false), &edits());
    assert_eq!((out.size, out.channels), (Size { width: 40, height: 30 }, 3));
    assert_eq!(out.data[..3], [0, 0, 0]);
    assert_eq!(out.data[40 * 3..][..3], [255, 0, 0]);
    let out = made(&gif_of((0, 0), (2, 1), (5, 4), true, false), &edits());
    assert_eq!((out.size, out.channels), (Size { width: 7, height: 5 }, 4));
}

#[test]
fn a_gif_without_a_colour_table_is_black_and_white() {
    let mut source = gif_of((4, 4), (0, 0), (4, 4), true, false);
    // the table goes, and the flag that announces it
    source.drain(13..25);
    source[10] = 0;
    let out = made(&source, &edits());
    assert_eq!(out.data[..3], [0, 0, 0]);
    assert_eq!(out.data[4 * 3..][..3], [255, 255, 255]);
}

#[test]
fn an_empty_frame_is_passed_over() {
    let mut source = gif_of((4, 4), (0, 0), (4, 4), true, false);
    // 0 × 0 pixels, no data
    let empty = [0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0];
    source.splice(25..25, empty);
    assert_eq!(made(&source, &edits()).data[4 * 3..][..3], [255, 0, 0]);
    // and where there is no other the screen is transparent
    let alone = [&source[..25], &empty, &[0x3b]].concat();
    let out = made(&alone, &edits());
    assert_eq!((out.size, out.data), (Size { width: 4, height: 4 }, vec![0; 64]));
}

#[test]
fn what_there_is_of_a_cut_gif_is_shown() {
    for interlaced in [false, true] {
        let source = gif_of((64, 64), (0, 0), (64, 64), true, interlaced);
        let whole = made(&source, &edits());
        let cut = run(&source[..source.len() * 3 / 5], &edits()).unwrap();
        assert!(cut.missing > 0.2 && cut.missing < 0.7, "{}", cut.missing);
        let out = pixels(&cut);
        assert_eq!(out.data[..64 * 3], whole.data[..64 * 3]);
        let grey = out.data.chunks(3).filter(|pixel| *pixel == [128; 3]).count();
        assert_eq!(grey > 0, !interlaced);
        // only the trailer is missing
        assert_eq!(run(&source[..source.len() - 1], &edits()).unwrap().missing, 0.0);
        // the first row is not there, or the frame, or the screen
        for end in [38, 30, 20, 10] {
            assert!(run(&source[..end], &edits()).is_err(), "{end}");
        }
    }
}

#[test]
fn what_there_is_of_a_cut_webp_is_shown() {
    let as_webp = Edits { format: Some(Format::WebP), ..Edits::default() };
    for (lossless, channels) in [(false, 3), (false, 4), (true, 3), (true, 4)] {
        let source = run(&png(&picture(96, 96, channels)), &Edits { lossless, ..as_webp.clone() }).unwrap().bytes;
        let whole = made(&source, &edits());
        let cut = run(&source[..source.len() * 4 / 5], &edits()).unwrap();
        assert!(cut.missing > 0.1 && cut.missing < 0.35, "{channels} {lossless}: {}", cut.missing);
        let out = pixels(&cut);
        let row = 96 * usize::from(channels);
        // what lies above the row of blocks that the data end in is as it was
        let sure = (96.0 * (1.0 - cut.missing)) as usize - if lossless { 0 } else { 24 };
        assert!(out.data[..sure * row] == whole.data[..sure * row], "{channels} {lossless}");
        // the rest is grey, or transparent
        let fill = if channels == 4 { [0; 4] } else { [128; 4] };
        assert_eq!(out.data[95 * row..][..usize::from(channels)], fill[..usize::from(channels)]);
        // a byte at the end is no damage, nor is a chunk of metadata
        let missing = run(&source[..source.len() - 1], &edits()).unwrap().missing;
        assert!(missing < 0.02, "{channels} {lossless}: {missing}");
        assert!(run(&source[..40], &edits()).is_err());
    }
}

#[test]
fn a_lossy_webp_stays_in_its_planes_and_keeps_its_greys() {
    let grey = |v: u8| run(&png(&constant(40, 30, &[v; 3])), &Edits { format: Some(Format::WebP), ..edits() }).unwrap();
    for v in [0, 1, 50, 128, 200, 254, 255] {
        let source = grey(v).bytes;
        assert_eq!(Image::open(&source).unwrap().info().model, Model::YCbCr);
        for format in [Format::Jpeg, Format::Png, Format::WebP] {
            let again = made(&source, &Edits { format: Some(format), quality: Some(95), ..Edits::default() });
            let most = again.data.iter().map(|sample| sample.abs_diff(v)).max().unwrap();
            assert!(most <= 1, "{v} as {format:?}: {most}");
        }
    }
    let image = png(&picture(96, 64, 3));
    let source = run(&image, &Edits { format: Some(Format::WebP), quality: Some(95), ..edits() }).unwrap().bytes;
    let image = Image::open(&source).unwrap();
    let path = |edits: Edits| image.plan(&edits, &Limits::default()).unwrap().path;
    assert_eq!(path(Edits::default()), Path::Planes);
    assert_eq!(path(Edits { format: Some(Format::Jpeg), ..Edits::default() }), Path::Planes);
    assert_eq!(path(Edits { format: Some(Format::Png), ..Edits::default() }), Path::Pixels);
}

/// The chunks after a WebP's header.
fn webp_chunks(file: &[u8]) -> &[u8] {
    match &file[12..16] {
        b"VP8X" => &file[30..],
        _ => &file[12..],
    }
}

#[test]
fn the_first_frame_of_an_animated_webp_lies_where_it_says() {
    let chunk =
        |name: &[u8], body: &[u8]| [name, &(body.len() as u32).to_le_bytes(), body, &[0][..body.len() % 2]].concat();
    let number = |v: u32| v.to_le_bytes()[..3].to_vec();
    for (lossless, channels) in [(false, 3), (false, 4), (true, 3), (true, 4)] {
        let as_webp = Edits { format: Some(Format::WebP), lossless, ..Edits::default() };
        let still = run(&png(&picture(31, 20, channels)), &as_webp).unwrap().bytes;
        for (canvas, (x, y)) in [((60, 50), (10, 8)), ((31, 20), (0, 0))] {
            let place = [number(x / 2), number(y / 2), number(30), number(19), number(100), vec![0]].concat();
            let frame = chunk(b"ANMF", &[&place, webp_chunks(&still)].concat());
            let header = [vec![0x12, 0, 0, 0], number(canvas.0 - 1), number(canvas.1 - 1)].concat();
            let body =
                [b"WEBP".to_vec(), chunk(b"VP8X", &header), chunk(b"ANIM", &[0; 6]), frame.clone(), frame].concat();
            let source = chunk(b"RIFF", &body);
            let out = made(&source, &edits());
            assert_eq!((out.size.width, out.size.height), canvas);
            let inside = made(&still, &edits());
            let step = usize::from(out.channels);
            for (i, pixel) in out.data.chunks(step).enumerate() {
                let (column, line) = ((i as u32 % canvas.0).wrapping_sub(x), (i as u32 / canvas.0).wrapping_sub(y));
                if column < 31 && line < 20 {
                    let from = (line * 31 + column) as usize * usize::from(inside.channels);
                    let steps = pixel.iter().zip(&inside.data[from..][..usize::from(inside.channels)]);
                    // chroma is brought to luma's size by other arithmetic where planes stay planes
                    assert!(
                        steps.map(|(a, b)| a.abs_diff(*b)).max().unwrap() <= 3,
                        "{lossless} {channels} {column} {line}"
                    );
                    assert!(channels == 4 || step == 3 || pixel[3] == 255);
                } else {
                    assert_eq!(pixel, [0; 4]);
                }
            }
        }
    }
}

#[test]
fn values_that_no_url_can_ask_for_are_errors_that_name_the_edit() {
    let source = png(&picture(8, 8, 3));
    for (name, edits) in [
        ("width", Edits { width: Some(0), ..edits() }),
        ("height", Edits { height: Some(0), width: Some(5), ..edits() }),
        ("crop", Edits { crop: Some(Crop::pixels(0, 0, 0, 5)), ..edits() }),
        ("crop", Edits { crop: Some(Crop::pixels(0, 0, 5, 0)), ..edits() }),
        ("ar", Edits { ratio: Some(Ratio { width: 1, height: 0 }), width: Some(5), ..edits() }),
        ("quality", Edits { quality: Some(0), ..edits() }),
        ("quality", Edits { quality: Some(101), ..edits() }),
        ("effort", Edits { effort: Some(7), ..edits() }),
    ] {
        match run(&source, &edits) {
            Err(Error::Edit { name: said, .. }) => assert_eq!(said, name),
            other => panic!("{name}: {:?}", other.map(|output| output.size)),
        }
    }
}

#[test]
fn hostile_numbers_give_a_picture() {
    use deckle::op::{Gamma, Linear, Modulate, Recomb};
    let extremes = [i32::MIN, -1, 0, 1, i32::MAX];
    for channels in 1..=4 {
        let source = png(&picture(9, 7, channels));
        for n in extremes {
            let operations = vec![
                Operation::Modulate(Modulate { brightness: n, saturation: n, hue: n, lightness: n }),
                Operation::Contrast(n),
                Operation::Gamma(Gamma { darken: n.unsigned_abs(), brighten: n.unsigned_abs() }),
                Operation::Linear(Linear { factor: [n; 4], offset: [n; 4] }),
                Operation::Recomb(Recomb { matrix: [[n; 4]; 4] }),
                Operation::Opacity(n),
            ];
            assert_eq!(made(&source, &Edits { operations, ..edits() }).size, Size { width: 9, height: 7 });
        }
    }
}

#[test]
fn hostile_filters_give_a_picture_or_are_refused_for_their_work() {
    use deckle::op::{Blur, Clahe, Convolve, Normalise, Pixelate};
    for channels in 1..=4 {
        let source = png(&picture(9, 7, channels));
        for n in [0, 1, 3, 1_000, 100_000, u32::MAX] {
            let wide = Sharpen { flat: n, jagged: n, threshold: n, brighter: n, darker: n, ..Sharpen::new(n) };
            let operations = vec![
                Operation::Blur(Blur { sigma: n }),
                Operation::Pixelate(Pixelate { side: n }),
                Operation::Sharpen(wide),
            ];
            let mut operations = operations;
            operations.push(Operation::Clahe(Clahe { width: n, height: n, slope: n }));
            operations.push(Operation::Normalise(Normalise { lower: n as u8, upper: (n >> 8) as u8 }));
            let all = Edits { operations, ..edits() };
            assert_eq!(made(&source, &all).size, Size { width: 9, height: 7 }, "{n}");
            let median = Edits { operations: vec![Operation::Median(Median { size: n })], ..edits() };
            match run(&source, &median) {
                Ok(output) => assert!(output.size.width == 9 && n <= 100_000),
                Err(Error::Limit { .. }) => assert!(n > 1_000),
                Err(error) => panic!("{error}"),
            }
        }
        let mask = Convolve::new(64, &[i32::MIN; 64 * 64], Some(1), i32::MAX).unwrap();
        made(&source, &Edits { operations: vec![Operation::Convolve(mask)], ..edits() });
    }
    let photo = jpeg(&picture(320, 240, 3), 90, true, false, None);
    let image = Image::open(&photo).unwrap();
    let median = Edits {
        width: Some(5_000),
        enlarge: true,
        operations: vec![Operation::Median(Median { size: 1_000 })],
        ..Edits::default()
    };
    let refused = image.plan(&median, &Limits::default());
    assert!(matches!(refused, Err(Error::Limit { what: "work of operations", .. })), "{refused:?}");
    // each row begins with a square of its own
    let column = png(&picture(1, 7_000, 1));
    let refused = Image::open(&column).unwrap().plan(&Edits { width: None, ..median }, &Limits::default());
    assert!(matches!(refused, Err(Error::Limit { what: "work of operations", .. })), "{refused:?}");
}

#[test]
fn two_hundred_edits_are_done_or_refused_and_take_what_was_said() {
    let tint = Operation::Tint(Colour { r: 9, g: 99, b: 0, a: 255 });
    let many = Edits { operations: vec![tint; 200], ..edits() };
    assert!(matches!(run(&png(&picture(9, 7, 3)), &many), Err(Error::Limit { what: "operations", .. })));
    let three = [Operation::Sepia, Operation::Negative, Operation::Greyscale];
    let operations = three.iter().cycle().take(60).cloned().collect();
    assert_eq!(made(&png(&picture(9, 7, 3)), &Edits { operations, ..edits() }).channels, 1);
}

#[test]
fn what_an_edit_makes_transparent_is_laid_on_the_background() {
    use deckle::op::Alpha;
    let operations = vec![Operation::Opacity(5_000)];
    let source = png(&constant(8, 8, &[0, 0, 0]));
    let out = made(&source, &Edits { operations: operations.clone(), format: Some(Format::Jpeg), ..edits() });
    assert!(out.channels == 1 || out.channels == 3);
    assert!(out.data.iter().all(|v| v.abs_diff(127) < 3), "{:?}", &out.data[..3]);
    let background = Some(Colour { r: 255, g: 0, b: 0, a: 255 });
    let out = made(&source, &Edits { operations, background, ..edits() });
    assert_eq!(out.data[..3], [127, 0, 0]);
    // a photo that is made see-through is a photo no more
    let photo = jpeg(&picture(32, 24, 3), 90, true, false, None);
    let clear = Edits { operations: vec![Operation::Alpha(Alpha::Ensure(0))], ..Edits::default() };
    assert!(made(&photo, &clear).data.iter().all(|v| *v > 250));
}
