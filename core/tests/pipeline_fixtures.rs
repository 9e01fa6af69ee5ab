//! The committed images, every kind of file that the core reads, and those it must refuse.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::PathBuf;

use common::{FORMATS, difference, pixels, probe, run};
use deckle::Error;
use deckle::edit::Edits;
use deckle::image::{Format, Pixels, Size};

fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures")).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn whole(name: &str) -> Pixels {
    pixels(&run(&fixture(name), &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap())
}

#[test]
fn every_image_becomes_every_format() {
    let images = [
        "01.jpg",
        "02.jpg",
        "03.jpg",
        "04.jpg",
        "05.jpg",
        "06.jpg",
        "alpha.png",
        "alpha.webp",
        "animation.gif",
        "animation.png",
        "animation.webp",
        "arithmetic.jpg",
        "arithmetic-progressive.jpg",
        "cmyk.jpg",
        "display-p3.jpg",
        "grey.jpg",
        "grey.png",
        "grey16.png",
        "lossless.jpg",
        "lossless.webp",
        "palette.png",
        "progressive.jpg",
        "rgb16.png",
        "separate-scans.jpg",
        "faults/png-named.jpg",
    ];
    for name in images {
        let source = fixture(name);
        for format in FORMATS {
            let out = run(&source, &Edits { width: Some(90), format: Some(format), ..Edits::default() });
            let out = out.unwrap_or_else(|error| panic!("{name} to {format:?}: {error}"));
            assert_eq!(
                (out.size, probe(&out.bytes).unwrap().size),
                (pixels(&out).size, out.size),
                "{name} to {format:?}"
            );
            if let Some(folder) = std::env::var_os("DECKLE_LOOK") {
                let file = format!("{}.{}", name.replace('/', "-"), format.word());
                std::fs::write(PathBuf::from(folder).join(file), out.bytes).unwrap();
            }
        }
    }
}

#[test]
fn all_orientations_show_the_same_card() {
    let upright = whole("orientation-1.jpg");
    assert_eq!(upright.size, Size { width: 320, height: 240 });
    for tag in 2..=8 {
        let (_, mean) = difference(&whole(&format!("orientation-{tag}.jpg")), &upright);
        // stored at another place of the 8 × 8 grid, so coded anew
        assert!(mean < 2.0, "tag {tag}: {mean}");
    }
}

#[test]
fn the_same_card_by_other_codings_is_the_same_card() {
    let card = whole("orientation-1.jpg");
    let others =
        ["arithmetic.jpg", "arithmetic-progressive.jpg", "progressive.jpg", "separate-scans.jpg", "lossless.webp"];
    for (name, most) in others.map(|name| (name, 3.0)) {
        let other = whole(name);
        if other.size == card.size {
            let (_, mean) = difference(&other, &card);
            assert!(mean < most, "{name}: {mean}");
        }
    }
    assert_eq!(whole("grey.jpg").channels, 1);
    assert_eq!(whole("grey16.png").channels, 1);
    assert_eq!(whole("cmyk.jpg").channels, 3);
}

#[test]
fn faults_are_refused_by_name() {
    let refused =
        |name: &str| run(&fixture(name), &Edits { width: Some(50), ..Edits::default() }).err().map(|e| e.code());
    assert_eq!(refused("faults/empty.jpg"), Some("not_an_image"));
    assert_eq!(refused("faults/text-named.jpg"), Some("not_an_image"));
    assert_eq!(refused("faults/huge-header.jpg"), Some("limit_exceeded"));
    assert_eq!(refused("faults/huge-header.png"), Some("limit_exceeded"));
    assert_eq!(refused("faults/corrupt-header.jpg"), Some("corrupt_image"));
    let half = run(&fixture("faults/truncated.jpg"), &Edits { width: Some(50), ..Edits::default() }).unwrap();
    assert!(half.missing > 0.3 && half.missing < 0.7, "{}", half.missing);
    // flipped bits in a scan can be read as other pixels
    assert!(matches!(refused("faults/corrupt.jpg"), None | Some("corrupt_image")));
    assert!(matches!(probe(&fixture("notes.txt")), Err(Error::NotAnImage)));
}
