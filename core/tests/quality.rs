//! Quality: words that aim at what a file looks like, numbers that look alike in every format, and each format's own scale.
#![allow(clippy::unwrap_used)]

mod common;

use common::{constant, jpeg, picture, png, run};
use deckle::edit::{Edits, Report};
use deckle::image::{Aim, Format, Pixels, Scale};
use deckle::{Error, Image, Limits, Output, encode, render};

const AIMS: [Aim; 4] = [Aim::Low, Aim::Medium, Aim::High, Aim::Best];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn aimed(format: Format, aim: Aim) -> Edits {
    Edits { format: Some(format), aim: Some(aim), ..Edits::default() }
}

fn made(source: &[u8], edits: &Edits) -> Output {
    run(source, edits).unwrap()
}

/// Red and blue pixels side by side, of which chroma of half the width keeps nothing.
fn stripes() -> Pixels {
    let mut stripes = constant(160, 120, &[250, 20, 20]);
    for pixel in stripes.data.chunks_exact_mut(3).skip(1).step_by(2) {
        pixel.copy_from_slice(&[20, 20, 250]);
    }
    stripes
}

#[test]
fn a_word_gives_what_is_hard_to_write_a_higher_quality() {
    for format in [Format::Jpeg, Format::WebP] {
        let mut last = [0; 3];
        for aim in AIMS {
            let [coloured, plain] = [png(&stripes()), png(&picture(160, 120, 3))]
                .map(|source| made(&source, &aimed(format, aim)).quality.unwrap());
            let photo = made(&fixture("01.jpg"), &Edits { width: Some(300), ..aimed(format, aim) }).quality.unwrap();
            assert!(coloured > plain, "{format:?} {aim:?}: {coloured} and {plain}");
            let now = [coloured, plain, photo];
            assert!(now.iter().zip(last).all(|(now, last)| *now >= last), "{format:?} {aim:?}: {now:?} after {last:?}");
            last = now;
        }
        assert!(last.iter().all(|quality| *quality > 70), "{format:?}: {last:?}");
    }
}

#[test]
fn the_file_is_that_of_the_quality_that_is_told() {
    let turned = Edits { rotate: deckle::edit::Rotate::Quarter, ..Edits::default() };
    for source in [fixture("02.jpg"), jpeg(&picture(90, 70, 3), 90, true, false, Some(6)), png(&picture(90, 70, 3))] {
        for format in [Format::Jpeg, Format::WebP] {
            for edits in [Edits { width: Some(80), ..Edits::default() }, turned.clone()] {
                let edits = Edits { format: Some(format), ..edits };
                let looked = made(&source, &Edits { aim: Some(Aim::High), ..edits.clone() });
                let number = Edits { quality: looked.quality, scale: Scale::Native, ..edits.clone() };
                assert!(looked == made(&source, &number), "{format:?}");
                // rendered and encoded apart
                let image = Image::open(&source).unwrap();
                let plan = image.plan(&Edits { aim: Some(Aim::High), ..edits }, &Limits::default()).unwrap();
                let picture = render(&image, &plan).unwrap().picture;
                assert!(encode(picture, &plan.encoding, None).unwrap() == looked.bytes, "{format:?}");
            }
        }
    }
}

#[test]
fn an_animation_has_the_quality_of_its_first_frame() {
    let source = fixture("animation.gif");
    let moving = made(&source, &aimed(Format::WebP, Aim::Best));
    let number = Edits { quality: moving.quality, scale: Scale::Native, ..aimed(Format::WebP, Aim::Best) };
    assert!(made(&source, &Edits { aim: None, ..number }) == moving);
}

#[test]
fn a_bound_on_bytes_is_met_from_the_quality_that_was_picked() {
    let source = fixture("01.jpg");
    for format in [Format::Jpeg, Format::WebP] {
        let edits = Edits { width: Some(300), ..aimed(format, Aim::Best) };
        let free = made(&source, &edits);
        let most = free.bytes.len() as u32 / 2;
        let bound = made(&source, &Edits { max_bytes: Some(most), ..edits });
        assert!(bound.bytes.len() as u32 <= most && bound.quality < free.quality, "{:?}", bound.quality);
    }
}

#[test]
fn numbers_are_of_jpegs_scale_unless_the_formats_own_is_asked_for() {
    let source = fixture("01.jpg");
    let of = |format, scale, quality| {
        let edits = Edits { width: Some(200), format: Some(format), quality, scale, ..Edits::default() };
        made(&source, &edits).quality.unwrap()
    };
    for quality in [1, 30, 50, 80, 100] {
        for scale in [Scale::Visual, Scale::Native] {
            assert_eq!(of(Format::Jpeg, scale, Some(quality)), quality);
        }
        assert_eq!(of(Format::WebP, Scale::Native, Some(quality)), quality);
    }
    assert_eq!((of(Format::WebP, Scale::Native, None), of(Format::Jpeg, Scale::Visual, None)), (80, 80));
    // where JPEG shows blocks, WebP does with less
    assert!(of(Format::WebP, Scale::Visual, Some(30)) < 30);
}

#[test]
fn a_configuration_gives_way_to_what_is_asked() {
    let source = fixture("01.jpg");
    let usual = Edits { width: Some(200), usual_aim: Some(Aim::Low), ..Edits::default() };
    let quality = |edits: &Edits| made(&source, edits).quality.unwrap();
    assert_eq!(quality(&usual), quality(&Edits { aim: Some(Aim::Low), usual_aim: None, ..usual.clone() }));
    assert_eq!(quality(&Edits { quality: Some(33), ..usual.clone() }), 33);
    assert!(quality(&Edits { aim: Some(Aim::Best), ..usual.clone() }) > quality(&usual));
    let number = Edits { usual_aim: None, usual_quality: Some(44), ..usual };
    assert_eq!(quality(&number), 44);
}

#[test]
fn a_report_tells_the_quality_that_the_file_has() {
    let source = fixture("02.jpg");
    for (aim, quality) in [(Some(Aim::Best), None), (None, Some(61)), (None, None)] {
        let edits = Edits { width: Some(150), aim, quality, ..Edits::default() };
        let asked = Edits { report: Some(Report::Json), ..edits.clone() }.reduced();
        let json: serde_json::Value = serde_json::from_slice(&made(&source, &asked).bytes).unwrap();
        assert_eq!(json["result"]["quality"], made(&source, &edits).quality.unwrap());
        assert_eq!(json["result"]["aim"], serde_json::json!(aim.map(Aim::word)));
    }
    let json = Edits { report: Some(Report::Json), aim: Some(Aim::Low), ..Edits::default() };
    let json: serde_json::Value = serde_json::from_slice(&made(&png(&picture(20, 20, 3)), &json).bytes).unwrap();
    assert_eq!(
        (&json["result"]["quality"], &json["result"]["aim"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
}

#[test]
fn formats_without_loss_have_no_quality() {
    let source = png(&picture(90, 70, 4));
    for (format, lossless) in [(Format::Png, false), (Format::Gif, false), (Format::WebP, true)] {
        let edits = Edits { lossless, width: Some(50), ..aimed(format, Aim::Low) };
        let output = made(&source, &edits);
        assert!(output == made(&source, &Edits { aim: None, ..edits }) && output.quality.is_none());
    }
}

#[test]
fn a_look_that_would_take_too_much_is_refused_before_it() {
    let image = png(&picture(700, 500, 3));
    let image = Image::open(&image).unwrap();
    let edits = |aim| Edits { aim, format: Some(Format::Jpeg), ..Edits::default() };
    let flowing = image.plan(&edits(None), &Limits::default()).unwrap().memory;
    let collected = image.plan(&edits(Some(Aim::High)), &Limits::default()).unwrap().memory;
    assert!(collected > flowing + 700 * 500 * 2, "{collected} after {flowing}");
    let limits = Limits { memory_bytes: collected, ..Limits::default() };
    assert!(matches!(image.plan(&edits(Some(Aim::High)), &limits), Err(Error::Limit { .. })));
}
