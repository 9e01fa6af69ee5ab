//! JPEG XL: what libjxl's encoder writes is read to the bit where it is without loss, and within limits whatever it is.
//!
//! The files in `jxl/` are made by libjxl 0.7 from pictures that are made here: `JXL_SOURCES=dir cargo test -p deckle --test jxl` writes
//! those, and `jxl/make` encodes them. `JXL_FILES=dir` names other files to be tried: each is an image or an error, in the memory that is planned.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(feature = "jxl")]

mod common;

use std::path::{Path, PathBuf};

use common::{Random, difference, jpeg, picture, pixels, png, raw_png, run, with_chunk};
use deckle::edit::Edits;
use deckle::image::{Format, Orientation, Pixels};
use deckle::{Error, Image, Limits, transform};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jxl")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name).with_extension("jxl")).unwrap()
}

/// 16 bits of light in steps that 8 bits do not have.
fn deep() -> Vec<u8> {
    raw_png(2, 16, false, 48, |x, y| vec![(x * 1365) as u16, (y * 1365) as u16, ((x ^ y) * 1040) as u16])
}

#[test]
fn sources_are_written_where_they_are_wanted() {
    let Some(to) = std::env::var_os("JXL_SOURCES").map(PathBuf::from) else { return };
    for channels in 1..=4 {
        std::fs::write(to.join(format!("{channels}.png")), png(&picture(61, 43, channels))).unwrap();
    }
    std::fs::write(to.join("deep.png"), deep()).unwrap();
    std::fs::write(to.join("large.png"), png(&picture(700, 500, 3))).unwrap();
    std::fs::write(to.join("turned.jpg"), jpeg(&picture(61, 43, 3), 90, false, false, Some(6))).unwrap();
    // the chromaticities of Display P3
    let chromaticities: Vec<u8> =
        [31270_u32, 32900, 68000, 32000, 26500, 69000, 15000, 6000].iter().flat_map(|v| v.to_be_bytes()).collect();
    let p3 = with_chunk(&png(&picture(61, 43, 3)), b"cHRM", &chromaticities);
    std::fs::write(to.join("p3.png"), with_chunk(&p3, b"gAMA", &45455_u32.to_be_bytes())).unwrap();
}

fn read(bytes: &[u8]) -> Pixels {
    pixels(&run(bytes, &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap())
}

#[test]
fn what_is_without_loss_is_read_to_the_bit() {
    for channels in 1..=4 {
        let bytes = file(&channels.to_string());
        let info = Image::open(&bytes).unwrap().info().clone();
        assert_eq!((info.channels, info.has_alpha), (channels, channels % 2 == 0));
        let (made, wanted) = (read(&bytes), picture(61, 43, channels));
        // the colour of what is transparent is not kept by all encoders
        let shown = |pixels: &Pixels| {
            let mut data = pixels.data.clone();
            if channels % 2 == 0 {
                for pixel in data.chunks_exact_mut(channels.into()) {
                    if pixel[usize::from(channels) - 1] == 0 {
                        pixel.fill(0);
                    }
                }
            }
            data
        };
        assert_eq!(made.size, wanted.size);
        assert!(shown(&made) == shown(&wanted), "{channels}: {:?}", difference(&made, &wanted));
    }
}

#[test]
fn every_other_kind_shows_the_picture() {
    for (name, wanted, most) in [
        ("lossy", picture(61, 43, 3), 3.0),
        ("lossy-alpha", picture(61, 43, 4), 4.0),
        ("container", picture(61, 43, 3), 3.0),
        ("progressive", picture(700, 500, 3), 2.0),
        ("modular", picture(61, 43, 3), 3.0),
    ] {
        let made = read(&file(name));
        assert_eq!((made.size, made.channels), (wanted.size, wanted.channels), "{name}");
        let (_, mean) = difference(&made, &wanted);
        assert!(mean <= most, "{name}: {mean}");
    }
}

#[test]
fn sixteen_bits_become_eight() {
    let made = read(&file("deep"));
    let wanted =
        pixels(&run(&deep(), &Edits { format: Some(Format::Png), quality: None, ..Edits::default() }).unwrap());
    let wanted = Pixels { channels: 3, ..wanted };
    let (most, _) = difference(&made, &wanted);
    assert!(most <= 1, "{most}");
}

#[test]
fn a_picture_on_its_side_is_laid_upright() {
    let bytes = file("turned");
    let image = Image::open(&bytes).unwrap();
    assert_eq!(image.info().orientation, Orientation::from_exif(6));
    let made = read(&bytes);
    assert_eq!((made.size.width, made.size.height), (43, 61));
    let source = jpeg(&picture(61, 43, 3), 90, false, false, Some(6));
    let (_, mean) = difference(&made, &read(&source));
    assert!(mean <= 2.0, "{mean}");
}

#[test]
fn colours_of_another_space_become_srgb() {
    let made = read(&file("p3"));
    let plain = picture(61, 43, 3);
    // red of P3 is redder than any of sRGB
    let (_, mean) = difference(&made, &plain);
    assert!(mean > 2.0, "{mean}");
    let place = (10 * 61 + 20) * 3;
    let (before, after) = (&plain.data[place..place + 3], &made.data[place..place + 3]);
    assert!(after[0] >= before[0], "{before:?} {after:?}");
}

#[test]
fn the_first_frame_of_an_animation_is_used() {
    let bytes = file("moving");
    assert_eq!(Image::open(&bytes).unwrap().info().frames, 1);
    assert!(read(&bytes).size.width > 0);
}

#[test]
fn it_is_read_and_not_written() {
    use deckle::request::{Request, Settings, Viewer};
    let error =
        Request::parse("/a.png", "format=jxl", &Viewer::default(), &Settings::default()).unwrap_err().to_string();
    assert!(error.contains("jxl is read, and not written"), "{error}");
    let output = run(&file("3"), &Edits { width: Some(20), ..Edits::default() }).unwrap();
    assert_eq!(output.format, Format::Png);
}

/// What it took at the worst moment, and what was planned.
fn made(bytes: &[u8], edits: &Edits, limits: &Limits) -> (Result<usize, Error>, u64, u64) {
    let mut said = 0;
    let (made, peak) = deckle_testkit::peak(|| {
        let image = Image::open(bytes)?;
        let plan = image.plan(edits, limits)?;
        said = plan.memory;
        transform(&image, &plan, &mut |_| ()).map(|output| output.bytes.len())
    });
    (made, peak as u64, said)
}

fn all_in(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_in(&path));
        } else if path.extension().is_some_and(|e| e == "jxl") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn decoding_takes_no_more_than_is_planned() {
    let mut all = all_in(&folder());
    if let Some(other) = std::env::var_os("JXL_FILES") {
        all.extend(all_in(Path::new(&other)));
    }
    for path in all {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let edits = Edits { width: Some(60), format: Some(Format::Png), ..Edits::default() };
        let limits = Limits { memory_bytes: 4 << 30, ..Limits::default() };
        let (made, peak, said) = made(&bytes, &edits, &limits);
        let size = Image::open(&bytes).map_or(1, |image| image.info().size.pixels());
        println!(
            "{name}: {:?}, {peak} of {said}, {:.1} a pixel of {size}",
            made.as_ref().err(),
            peak as f64 / size as f64
        );
        assert!(made.is_err() || peak <= said + 100_000, "{name}: {peak} of {said}");
    }
}

#[test]
fn cut_short_and_changed_files_are_pictures_or_errors() {
    let mut random = Random(5);
    let edits = Edits { width: Some(24), ..Edits::default() };
    let limits = Limits { source_pixels: 1 << 20, memory_bytes: 48 << 20, ..Limits::default() };
    for path in all_in(&folder()) {
        let seed = std::fs::read(&path).unwrap();
        let mut images = 0;
        let mut answer = |bytes: &[u8]| {
            let (made, peak, _) = made(bytes, &edits, &limits);
            images += usize::from(made.is_ok());
            assert!(peak <= limits.memory_bytes, "{}: {peak}", path.display());
        };
        (0..200).for_each(|i| answer(&seed[..seed.len() * i / 200]));
        for _ in 0..500 {
            let mut bytes = seed.clone();
            let place = random.below(bytes.len() as u64) as usize;
            bytes[place] ^= random.within(1, 255) as u8;
            answer(&bytes);
        }
        println!("{}: {images} of 700 are images", path.display());
    }
}
