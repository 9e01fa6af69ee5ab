//! Golden images: our own earlier output, so regression, not truth. Size and channels first, then pixels.
//!
//! A failure writes what was expected, what came and their difference to `tests/golden/failed/`. `DECKLE_BLESS=1` writes the
//! goldens and fails the run. A missing golden fails.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::PathBuf;

use common::{jpeg, picture, pixels, png};
use deckle::edit::table::row;
use deckle::edit::{Crop, Edits, Fit, Point, Position, Ratio, Rotate, Trim, Unit};
use deckle::image::{Chroma, Colour, Format, Pixels, Radius, Sides};
use deckle::op::{
    Alpha, Blur, Clahe, Convolve, Duotone, Gamma, Linear, Median, Modulate, Normalise, Operation, Pixelate, Recomb,
    Sharpen, Threshold,
};
use deckle::{Image, Output, transform};

/// The greatest difference of a sample that passes.
const EXACT: u8 = 0;
/// Resampling differs by processor in the last bit.
const RESAMPLED: u8 = 1;
/// A bit before a quantiser can be a step after it.
const JPEG: u8 = 4;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden"))
}

struct Case {
    name: &'static str,
    source: Vec<u8>,
    edits: Edits,
    most: u8,
}

fn cases() -> Vec<Case> {
    let colour = |channels| png(&picture(96, 64, channels));
    let photo = || jpeg(&picture(88, 64, 3), 92, true, false, Some(6));
    let as_png = || Edits { format: Some(Format::Png), ..Edits::default() };
    let as_webp = || Edits { format: Some(Format::WebP), ..Edits::default() };
    let sized = |width, height| Edits { width: Some(width), height: Some(height), ..as_png() };
    let teal = Some(Colour { r: 0, g: 128, b: 128, a: 255 });
    let half = Some(Colour { r: 200, g: 40, b: 0, a: 128 });
    let crop = Some(Crop::pixels(20, 8, 40, 30));
    let share = Some(Crop { x: 2_500, y: 1_000, width: 5_000, height: 8_000, unit: Unit::Share });
    let square = Some(Ratio { width: 10_000, height: 10_000 });
    let trim = Some(Trim { tolerance: 160, background: Some(Colour::TRANSPARENT), is_line_art: false });
    let focus = Position::Focus(Point { x: 8_000, y: 2_000 });
    let pad = Sides { top: 4, right: 8, bottom: 12, left: 16 };
    let case = |name, source, edits, most| Case { name, source, edits, most };
    let mut cases: Vec<Case> = operations()
        .into_iter()
        .map(|(name, channels, operation, most)| {
            case(name, colour(channels), Edits { operations: vec![operation], ..as_png() }, most)
        })
        .collect();
    cases.extend([
        case("crop", colour(3), Edits { crop, ..as_png() }, EXACT),
        case("crop-alpha", colour(4), Edits { crop, ..as_png() }, EXACT),
        case("crop-share", colour(3), Edits { crop: share, ..as_png() }, EXACT),
        case("ratio", colour(3), Edits { ratio: square, fit: Fit::Cover, ..as_png() }, EXACT),
        case("pad", colour(3), Edits { pad, background: teal, ..as_png() }, EXACT),
        case(
            "pad-contain",
            colour(4),
            Edits { pad, background: half, ratio: square, fit: Fit::Contain, ..as_png() },
            EXACT,
        ),
        case("trim", colour(4), Edits { trim, ..as_png() }, EXACT),
        case("radius", colour(3), Edits { radius: Radius::Pixels(16), ..as_png() }, RESAMPLED),
        case(
            "radius-ellipse-teal",
            colour(4),
            Edits { radius: Radius::MOST, background: teal, pad, ..as_png() },
            RESAMPLED,
        ),
        case("zoom", colour(3), Edits { zoom: 20_000, position: focus, fit: Fit::Cover, ..sized(30, 30) }, RESAMPLED),
        case("flip", colour(3), Edits { flip: true, ..as_png() }, EXACT),
        case("flop", colour(2), Edits { flop: true, ..as_png() }, EXACT),
        case("rotate-90", colour(3), Edits { rotate: Rotate::Quarter, ..as_png() }, EXACT),
        case("rotate-180", colour(1), Edits { rotate: Rotate::Half, ..as_png() }, EXACT),
        case("rotate-270", colour(4), Edits { rotate: Rotate::ThreeQuarter, ..as_png() }, EXACT),
        case("rotate-30", colour(3), Edits { rotate: Rotate::Angle(300_000), background: teal, ..as_png() }, RESAMPLED),
        case(
            "rotate-cover",
            colour(3),
            Edits { rotate: Rotate::Angle(3_450_000), flop: true, fit: Fit::Cover, ..sized(60, 40) },
            RESAMPLED,
        ),
        case(
            "rotate-negative-teal",
            colour(4),
            Edits {
                rotate: Rotate::Angle(450_000),
                operations: vec![Operation::Negative],
                background: teal,
                ..sized(60, 60)
            },
            RESAMPLED,
        ),
        case("rotate-clear", photo(), Edits { rotate: Rotate::Angle(100_000), ..sized(60, 60) }, JPEG),
        case("bw", colour(3), Edits { operations: vec![Operation::Greyscale], ..as_png() }, EXACT),
        case("sepia", colour(3), Edits { operations: vec![Operation::Sepia], ..as_png() }, EXACT),
        case("negative-alpha", colour(4), Edits { operations: vec![Operation::Negative], ..as_png() }, EXACT),
        case("flatten", colour(4), Edits { background: teal, ..as_png() }, EXACT),
        case("webp", colour(4), Edits { lossless: true, ..as_webp() }, EXACT),
        case("webp-lossy", colour(4), as_webp(), EXACT),
        case("webp-photo", photo(), Edits { width: Some(48), ..as_webp() }, JPEG),
        case("gif", colour(4), Edits { format: Some(Format::Gif), ..Edits::default() }, EXACT),
        case(
            "sharpen",
            colour(3),
            Edits { operations: vec![Operation::Sharpen(Sharpen::new(12_000))], ..as_png() },
            RESAMPLED,
        ),
        case("inside", colour(3), sized(40, 40), RESAMPLED),
        case("inside-alpha", colour(4), sized(40, 40), RESAMPLED),
        case("inside-grey-alpha", colour(2), sized(40, 40), RESAMPLED),
        case("cover", colour(3), Edits { fit: Fit::Cover, ..sized(40, 40) }, RESAMPLED),
        case(
            "cover-right",
            colour(3),
            Edits { fit: Fit::Cover, position: Position::Place { x: 1, y: 0 }, ..sized(40, 40) },
            RESAMPLED,
        ),
        case(
            "cover-focus",
            colour(3),
            Edits { fit: Fit::Cover, position: Position::Focus(Point { x: 3500, y: 4000 }), ..sized(30, 50) },
            RESAMPLED,
        ),
        case("contain", colour(3), Edits { fit: Fit::Contain, background: teal, ..sized(50, 60) }, RESAMPLED),
        case("contain-clear", colour(3), Edits { fit: Fit::Contain, background: half, ..sized(50, 60) }, RESAMPLED),
        case(
            "contain-bw-teal",
            colour(4),
            Edits { fit: Fit::Contain, background: teal, operations: vec![Operation::Greyscale], ..sized(50, 60) },
            RESAMPLED,
        ),
        case(
            "cover-attention",
            colour(3),
            Edits { fit: Fit::Cover, position: Position::Attention, ..sized(30, 40) },
            RESAMPLED,
        ),
        case(
            "cover-entropy",
            colour(4),
            Edits { fit: Fit::Cover, position: Position::Entropy, ..sized(30, 40) },
            RESAMPLED,
        ),
        case("fill", colour(3), Edits { fit: Fit::Fill, ..sized(30, 60) }, RESAMPLED),
        case("outside", colour(1), Edits { fit: Fit::Outside, ..sized(30, 30) }, RESAMPLED),
        case("enlarge", png(&picture(24, 16, 3)), Edits { enlarge: true, ..sized(72, 72) }, RESAMPLED),
        case("photo", photo(), Edits::default(), JPEG),
        case("photo-shrunk", photo(), sized(24, 40), JPEG),
        case(
            "photo-crop-bw",
            photo(),
            Edits { crop, operations: vec![Operation::Greyscale], quality: Some(60), ..Edits::default() },
            JPEG,
        ),
        case("photo-444", photo(), Edits { width: Some(48), chroma: Chroma::Full, ..Edits::default() }, JPEG),
        case("photo-small", photo(), Edits { max_bytes: Some(1_500), ..Edits::default() }, JPEG),
        case("photo-progressive", photo(), Edits { width: Some(48), progressive: true, ..Edits::default() }, JPEG),
        case("alpha-to-jpeg", colour(4), Edits { format: Some(Format::Jpeg), ..Edits::default() }, JPEG),
        case(
            "photo-modulate",
            photo(),
            Edits {
                operations: vec![Operation::Modulate(Modulate { saturation: 17_000, ..Modulate::default() })],
                ..Edits::default()
            },
            JPEG,
        ),
        case(
            "photo-normalise",
            photo(),
            Edits { operations: vec![Operation::Normalise(Normalise { lower: 10, upper: 80 })], ..Edits::default() },
            JPEG,
        ),
        case(
            "photo-blur",
            photo(),
            Edits { operations: vec![Operation::Blur(Blur { sigma: 30_000 })], ..Edits::default() },
            JPEG,
        ),
        case(
            "photo-pixelate-bw",
            photo(),
            Edits {
                operations: vec![Operation::Greyscale, Operation::Pixelate(Pixelate { side: 8 })],
                ..Edits::default()
            },
            JPEG,
        ),
    ]);
    cases.extend(texts().map(|(name, value)| {
        let mut edits = as_png();
        let row = row("text").unwrap();
        (row.set)(&mut edits, row.kind.parse(value).unwrap());
        case(name, colour(3), edits, RESAMPLED)
    }));
    cases.extend(overlays().map(|(name, value)| {
        let mut edits = as_png();
        let row = row("overlay").unwrap();
        (row.set)(&mut edits, row.kind.parse(value).unwrap());
        case(name, colour(3), edits, RESAMPLED)
    }));
    cases
}

/// Texts: a name and what is asked.
fn texts() -> [(&'static str, &'static str); 4] {
    [
        ("text", "Hello"),
        ("text-outlined", "Ägypten Привіт,size:20,colour:ffd000,bottom,outline:2,width:90%"),
        ("text-faint", "one\ntwo three,size:16,right,colour:navy,opacity:0.5"),
        ("text-unknown", "a家b,size:24,top-left;γειά,bottom-right,size:20"),
    ]
}

/// Overlays: a name and what is asked.
fn overlays() -> [(&'static str, &'static str); 10] {
    [
        ("overlay", "x,left:-6,top:10%"),
        ("overlay-sized", "x,bottom-right,width:30%,opacity:0.5"),
        ("overlay-tile", "x,width:20,tile,opacity:0.7"),
        ("overlay-multiply", "x,multiply;x,left:-5,top:-5,multiply"),
        ("overlay-screen", "x,screen"),
        ("overlay-overlay", "x,overlay"),
        ("overlay-darken-lighten", "x,left,darken;x,right,lighten"),
        ("overlay-add", "x,add"),
        ("overlay-dest-in", "x,width:90%,dest-in"),
        ("overlay-dest-out", "x,dest-out"),
    ]
}

/// Operations alone: a name, the channels of the picture, and by how much a processor may differ.
fn operations() -> Vec<(&'static str, u8, Operation, u8)> {
    let modulate = Modulate { brightness: 11_000, saturation: 15_000, hue: 900_000, lightness: 50_000 };
    let red = Colour { r: 200, g: 30, b: 0, a: 255 };
    let navy = Colour { r: 0, g: 20, b: 90, a: 255 };
    let each = Linear { factor: [12_000, 10_000, 8_000, 10_000], offset: [-200_000, 0, 300_000, 0] };
    let emboss = [-20_000, -10_000, 0, -10_000, 10_000, 10_000, 0, 10_000, 20_000];
    let matrix = [0, 10_000, 0, 3_000, 3_000, 4_000, 10_000, 0, 0];
    vec![
        ("modulate", 3, Operation::Modulate(modulate), 1),
        ("modulate-grey-alpha", 2, Operation::Modulate(modulate), 1),
        ("contrast", 3, Operation::Contrast(16_000), EXACT),
        ("gamma", 4, Operation::Gamma(Gamma { darken: 10_000, brighten: 22_000 }), 1),
        ("linear", 3, Operation::Linear(Linear::of_colours(13_000, -200_000)), EXACT),
        ("linear-each", 1, Operation::Linear(each), EXACT),
        ("recomb", 3, Operation::Recomb(Recomb::new(&matrix).unwrap()), 1),
        ("threshold", 3, Operation::Threshold(Threshold { level: 120, greyscale: true }), EXACT),
        ("tint", 3, Operation::Tint(red), 1),
        ("duotone", 4, Operation::Duotone(Duotone { dark: navy, light: red }), 1),
        ("opacity", 3, Operation::Opacity(4_000), EXACT),
        ("unflatten", 1, Operation::Alpha(Alpha::FromWhite), EXACT),
        ("normalise", 3, Operation::Normalise(Normalise { lower: 10, upper: 80 }), 1),
        ("clahe", 4, Operation::Clahe(Clahe { width: 24, height: 20, slope: 3 }), EXACT),
        ("median", 3, Operation::Median(Median { size: 5 }), EXACT),
        ("blur", 3, Operation::Blur(Blur { sigma: 20_000 }), 1),
        ("blur-wide-alpha", 4, Operation::Blur(Blur { sigma: 150_000 }), 1),
        ("pixelate", 4, Operation::Pixelate(Pixelate { side: 9 }), EXACT),
        ("convolve", 3, Operation::Convolve(Convolve::new(3, &emboss, None, 0).unwrap()), 1),
        ("sharpen-slopes", 2, Operation::Sharpen(Sharpen { flat: 30_000, jagged: 5_000, ..Sharpen::new(20_000) }), 1),
        ("alpha-removed", 4, Operation::Alpha(Alpha::Remove), EXACT),
    ]
}

#[test]
fn every_case_looks_as_its_golden_does() {
    let bless = std::env::var_os("DECKLE_BLESS").is_some();
    let mut wrong = Vec::new();
    for Case { name, source, edits, most } in cases() {
        let actual = pixels(&made(&source, &edits));
        let path = folder().join(format!("{name}.png"));
        if bless {
            std::fs::write(&path, png(&actual)).unwrap();
            continue;
        }
        let Ok(golden) = std::fs::read(&path) else {
            wrong.push(format!("{name}: there is no golden"));
            continue;
        };
        let expected = common::decode(&golden, Format::Png);
        if (expected.size, expected.channels) != (actual.size, actual.channels) {
            wrong.push(format!(
                "{name}: {:?}×{}, was {:?}×{}",
                actual.size, actual.channels, expected.size, expected.channels
            ));
            show(name, &expected, &actual);
            continue;
        }
        let (greatest, mean) = common::difference(&expected, &actual);
        if greatest > most {
            wrong.push(format!("{name}: differs by up to {greatest}, {mean:.3} in the mean; {most} is allowed"));
            show(name, &expected, &actual);
        }
    }
    assert!(!bless, "wrote the goldens; look at them, then run again without DECKLE_BLESS");
    assert!(wrong.is_empty(), "see tests/golden/failed/\n{}", wrong.join("\n"));
}

/// What a case gives; every overlay is the same small picture, which fades out.
fn made(source: &[u8], edits: &Edits) -> Output {
    let mark = png(&picture(36, 24, 4));
    let layers = edits.overlays.iter().map(|_| Image::open(&mark).unwrap()).collect();
    let image = Image::open(source).unwrap().with_layers(layers);
    transform(&image, &common::plan(edits, &image).unwrap(), &mut |_| ()).unwrap()
}

/// Writes expected, actual and their difference, amplified, side by side by name.
fn show(name: &str, expected: &Pixels, actual: &Pixels) {
    let failed = folder().join("failed");
    std::fs::create_dir_all(&failed).unwrap();
    std::fs::write(failed.join(format!("{name}.expected.png")), png(expected)).unwrap();
    std::fs::write(failed.join(format!("{name}.actual.png")), png(actual)).unwrap();
    if (expected.size, expected.channels) == (actual.size, actual.channels) {
        let steps = expected.data.iter().zip(&actual.data).map(|(a, b)| a.abs_diff(*b).saturating_mul(16));
        // seen without alpha, or an equal alpha would hide it
        let channels = usize::from(actual.channels);
        let opaque = |(i, step)| if channels.is_multiple_of(2) && i % channels == channels - 1 { 255 } else { step };
        let difference =
            Pixels { data: steps.enumerate().map(opaque).collect(), size: actual.size, channels: actual.channels };
        std::fs::write(failed.join(format!("{name}.difference.png")), png(&difference)).unwrap();
    }
}
