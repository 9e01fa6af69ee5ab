//! Resizing by light, in 16 bits.
#![allow(clippy::unwrap_used)]

mod common;

use common::{constant, jpeg, pixels, plan, png, raw_png, run, with_profile};
use deckle::Image;
use deckle::edit::{Crop, Edits, Fit, Light, Rotate};
use deckle::image::{Format, Pixels, Size};
use deckle::plan::Path;

fn edits(width: u32) -> Edits {
    Edits { width: Some(width), light: Light::Linear, format: Some(Format::Png), ..Edits::default() }
}

fn grid(width: u32, height: u32, channels: u8) -> Pixels {
    let size = Size { width, height };
    let sample = |at: u64| if (at % u64::from(width) + at / u64::from(width)).is_multiple_of(2) { 255 } else { 0 };
    let pixel =
        |at| (0..channels).map(move |c| if channels.is_multiple_of(2) && c == channels - 1 { 255 } else { sample(at) });
    Pixels { size, channels, data: (0..size.pixels()).flat_map(pixel).collect() }
}

fn light(sample: f64) -> f64 {
    let v = sample / 255.0;
    if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

fn sample(light: f64) -> f64 {
    255.0 * if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[test]
fn a_grid_of_black_and_white_becomes_the_grey_of_half_the_light() {
    for channels in 1..=4 {
        let source = png(&grid(400, 300, channels));
        let made = pixels(&run(&source, &edits(80)).unwrap());
        let by_samples = pixels(&run(&source, &Edits { light: Light::Gamma, ..edits(80) }).unwrap());
        let inner = |pixels: &Pixels| {
            let at = (30 * 80 + 40) * usize::from(pixels.channels);
            pixels.data[at]
        };
        assert_eq!((inner(&made), inner(&by_samples)), (188, 128), "{channels} channels");
    }
    // and of a JPEG, which is decoded at full size for it
    let source = jpeg(&grid(400, 300, 3), 100, false, false, None);
    for format in [Format::Jpeg, Format::WebP, Format::Png] {
        let made = pixels(&run(&source, &Edits { format: Some(format), ..edits(40) }).unwrap());
        let mean = made.data.iter().map(|v| f64::from(*v)).sum::<f64>() / made.data.len() as f64;
        assert!((mean - 188.0).abs() < 2.5, "{format:?}: {mean}");
    }
}

#[test]
fn halves_are_means_of_light_and_not_of_samples() {
    let picture = common::picture(200, 120, 3);
    let made = pixels(&run(&png(&picture), &Edits { height: Some(60), fit: Fit::Fill, ..edits(100) }).unwrap());
    let mean = |x: usize, y: usize, c: usize| {
        let at = |x: usize, y: usize| light(picture.data[(y * 200 + x) * 3 + c].into());
        sample((at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4.0)
    };
    let all = (0..60).flat_map(|y| (0..100).flat_map(move |x| (0..3).map(move |c| (x, y, c))));
    let distance =
        all.map(|(x, y, c)| (f64::from(made.data[(y * 100 + x) * 3 + c]) - mean(x, y, c)).abs()).sum::<f64>();
    // Lanczos is no box
    assert!(distance / 18_000.0 < 4.0, "{}", distance / 18_000.0);
}

#[test]
fn what_is_transparent_has_no_say_in_colours() {
    // red beside green that nobody sees
    let size = Size { width: 200, height: 100 };
    let pixel = |at: u64| if at.is_multiple_of(2) { [200, 10, 10, 255] } else { [0, 255, 0, 0] };
    let source = png(&Pixels { size, channels: 4, data: (0..size.pixels()).flat_map(pixel).collect() });
    let made = pixels(&run(&source, &edits(50)).unwrap());
    let [r, g, b, a] = made.data[(12 * 50 + 25) * 4..][..4].try_into().unwrap();
    assert!(r >= 198 && g <= 12 && b <= 12 && (126..=129).contains(&a), "{:?}", [r, g, b, a]);
}

#[test]
fn flat_colours_stay_what_they_are() {
    for v in [0, 1, 2, 7, 30, 128, 200, 254, 255] {
        for channels in 1..=4 {
            let colour = [v, 255 - v, v / 2, 255];
            let colour = if channels == 2 { vec![v, 255] } else { colour[..channels].to_vec() };
            let made = pixels(&run(&png(&constant(90, 60, &colour)), &edits(31)).unwrap());
            assert!(
                made.data.chunks(channels).all(|pixel| pixel == colour),
                "{colour:?}: {:?}",
                &made.data[..channels]
            );
        }
    }
}

#[test]
fn where_nothing_is_resampled_the_bytes_are_those_without() {
    let source = jpeg(&common::picture(120, 90, 3), 90, true, false, None);
    let crop = Edits { crop: Some(Crop::pixels(8, 8, 50, 40)), ..Edits::default() };
    let linear = Edits { light: Light::Linear, ..crop.clone() };
    assert_eq!(run(&source, &crop).unwrap().bytes, run(&source, &linear).unwrap().bytes);
    let image = Image::open(&source).unwrap();
    assert_eq!(plan(&linear, &image).unwrap().path, Path::Planes);
    assert_eq!(plan(&Edits { width: Some(30), ..linear }, &image).unwrap().path, Path::Pixels);
}

/// Thirds of a column each of 1.4, 1.4 and 2.4 of 255: cut to 8 bits, 1, 1 and 2.
fn dark(x: usize) -> u16 {
    [360, 360, 617][x % 3]
}

#[test]
fn samples_of_16_bits_are_not_cut_before_they_are_resized() {
    let source = raw_png(0, 16, false, 300, |x, _| vec![dark(x)]);
    let middle = |pixels: Pixels| pixels.data[15 * 100 + 50];
    assert_eq!(middle(pixels(&run(&source, &edits(100)).unwrap())), 2);
    assert_eq!(middle(pixels(&run(&source, &Edits { light: Light::Gamma, ..edits(100) }).unwrap())), 1);
    for is_big_endian in [false, true] {
        let made = pixels(&run(&tiff(is_big_endian), &edits(100)).unwrap());
        assert_eq!(middle(made), 2, "{is_big_endian}");
        let cut = pixels(&run(&tiff(is_big_endian), &Edits { light: Light::Gamma, ..edits(100) }).unwrap());
        assert_eq!(middle(cut), 1);
    }
}

/// 300 × 90 in one strip, not compressed.
fn tiff(is_big_endian: bool) -> Vec<u8> {
    let n16 = |v: u16| if is_big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
    let n32 = |v: u32| if is_big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
    let tags: [(u16, u32); 9] =
        [(256, 300), (257, 90), (258, 16), (259, 1), (262, 1), (273, 122), (277, 1), (278, 90), (279, 54_000)];
    let mut file = if is_big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    file.extend(n32(8));
    file.extend(n16(tags.len() as u16));
    for (tag, value) in tags {
        file.extend([n16(tag), n16(4)].concat());
        file.extend([n32(1), n32(value)].concat());
    }
    file.extend(n32(0));
    file.resize(122, 0);
    file.extend((0..90).flat_map(|_| (0..300).flat_map(|x| n16(dark(x)))));
    file
}

#[test]
fn memory_is_what_the_plan_says() {
    let photo = common::picture(900, 700, 3);
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let sources = [
        png(&photo),
        png(&common::picture(900, 700, 4)),
        jpeg(&photo, 80, true, false, Some(6)),
        with_profile(&jpeg(&photo, 80, false, true, None), &p3),
    ];
    for source in &sources {
        for edits in [
            edits(100),
            Edits { format: Some(Format::Jpeg), ..edits(300) },
            Edits { enlarge: true, ..edits(1000) },
            Edits { rotate: Rotate::Quarter, crop: Some(Crop::pixels(30, 40, 500, 500)), ..edits(200) },
        ] {
            let image = Image::open(source).unwrap();
            let planned = plan(&edits, &image).unwrap();
            let (made, peak) = deckle_testkit::peak(|| deckle::transform(&image, &planned, &mut |_| ()).unwrap());
            let file = 6 * made.bytes.len() as u64 + 100_000;
            assert!(peak as u64 <= planned.memory + file, "{peak} of {} and {file}: {edits:?}", planned.memory);
        }
    }
}

#[test]
fn frames_are_resized_by_light_too() {
    let source = std::fs::read(format!("{}/../fixtures/animation.webp", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let linear = Edits { format: None, ..edits(40) };
    let made = run(&source, &linear).unwrap();
    assert_eq!(Image::open(&made.bytes).unwrap().info().frames, Image::open(&source).unwrap().info().frames);
    assert!(made.bytes != run(&source, &Edits { light: Light::Gamma, ..linear }).unwrap().bytes);
}
