//! Positions that depend on the picture: what they keep, whatever the orientation, and what looking takes.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{constant, jpeg, picture, pixels, png, run};
use deckle::edit::{Crop, Edits, Fit, Position, Ratio, Rotate, Trim};
use deckle::image::{Format, Pixels, Size};
use deckle::{Image, Limits};

const BOTH: [Position; 2] = [Position::Attention, Position::Entropy];

/// A red square of 40 on grey, and whether an image has all of it.
fn scene(width: u32, height: u32, (left, top): (u32, u32)) -> Pixels {
    let mut image = constant(width, height, &[120, 130, 140]);
    for (i, pixel) in image.data.chunks_mut(3).enumerate() {
        let (x, y) = (i as u32 % width, i as u32 / width);
        if (left..left + 40).contains(&x) && (top..top + 40).contains(&y) {
            pixel.copy_from_slice(&[210, 40, 30]);
        }
    }
    image
}

fn red(image: &Pixels) -> usize {
    image.data.chunks(usize::from(image.channels)).filter(|pixel| pixel[0] > 150 && pixel[1] < 100).count()
}

fn square(position: Position) -> Edits {
    let ratio = Some(Ratio { width: 10_000, height: 10_000 });
    Edits { ratio, fit: Fit::Cover, position, format: Some(Format::Png), ..Edits::default() }
}

#[test]
fn the_subject_is_kept_wherever_it_is() {
    for (width, height) in [(500, 140), (140, 500)] {
        for at in [0, 60, 230, 420, 460] {
            let place = if width > height { (at, 50) } else { (50, at) };
            for position in BOTH {
                let out = pixels(&run(&png(&scene(width, height, place)), &square(position)).unwrap());
                assert_eq!((out.size, red(&out)), (Size { width: 140, height: 140 }, 1600), "{place:?} {position:?}");
            }
        }
    }
}

#[test]
fn orientation_turns_mirrors_crop_and_trim_are_done_before() {
    let image = scene(500, 140, (440, 50));
    for tag in [1, 3, 6, 8] {
        let source = jpeg(&image, 95, false, false, Some(tag));
        for rotate in [Rotate::None, Rotate::Quarter, Rotate::ThreeQuarter] {
            for flop in [false, true] {
                let out = pixels(&run(&source, &Edits { rotate, flop, ..square(Position::Attention) }).unwrap());
                assert!(red(&out) > 1500, "tag {tag} {rotate:?} {flop}: {}", red(&out));
            }
        }
    }
    let cropped = Edits { crop: Some(Crop::pixels(100, 0, 390, 140)), ..square(Position::Attention) };
    assert_eq!(red(&pixels(&run(&png(&image), &cropped).unwrap())), 1600);
    let trim = Some(Trim { tolerance: 5, background: None, is_line_art: true });
    // nothing is left but the square
    let out = run(&png(&image), &Edits { trim, ..square(Position::Attention) }).unwrap();
    assert_eq!(out.size, Size { width: 40, height: 40 });
}

#[test]
fn a_turn_by_any_angle_keeps_the_subject_too() {
    let source = png(&scene(500, 300, (420, 30)));
    for angle in [100_000, 450_000, 2_000_000, 3_300_000] {
        let rotate = Rotate::from_angle(angle);
        let out = pixels(
            &run(
                &source,
                &Edits { rotate, width: Some(200), height: Some(200), ratio: None, ..square(Position::Attention) },
            )
            .unwrap(),
        );
        let whole = pixels(
            &run(
                &source,
                &Edits {
                    rotate,
                    width: Some(200),
                    height: Some(200),
                    fit: Fit::Outside,
                    format: Some(Format::Png),
                    ..Edits::default()
                },
            )
            .unwrap(),
        );
        assert!(red(&out) * 10 >= red(&whole) * 9, "{angle}: {} of {}", red(&out), red(&whole));
    }
}

#[test]
fn without_anything_to_cut_off_there_is_no_look() {
    let source = png(&scene(500, 140, (440, 50)));
    let image = Image::open(&source).unwrap();
    for position in BOTH {
        for edits in
            [Edits { position, width: Some(100), ..Edits::default() }, Edits { ratio: None, ..square(position) }]
        {
            let plan = image.plan(&edits, &Limits::default()).unwrap();
            let centred = Edits { position: Position::CENTRE, ..edits };
            assert_eq!(plan, image.plan(&centred, &Limits::default()).unwrap());
        }
    }
}

#[test]
fn looking_takes_no_more_than_the_plan_says_and_is_refused_beforehand() {
    let sources = [
        png(&picture(900, 300, 4)),
        jpeg(&picture(1200, 900, 3), 90, true, false, Some(6)),
        jpeg(&picture(900, 1200, 3), 90, false, true, None),
    ];
    let trim = Some(Trim { tolerance: 5, background: None, is_line_art: false });
    for source in &sources {
        for edits in
            BOTH.map(square).into_iter().chain(BOTH.map(|position| Edits { trim, zoom: 30_000, ..square(position) }))
        {
            let image = Image::open(source).unwrap();
            let (plan, peak) = deckle_testkit::peak(|| image.plan(&edits, &Limits::default()));
            let plan = plan.unwrap();
            assert!(peak as u64 <= plan.memory, "{peak} of {}", plan.memory);
        }
        let image = Image::open(source).unwrap();
        let limits = Limits { memory_bytes: source.len() as u64 + 500_000, ..Limits::default() };
        let (refused, peak) = deckle_testkit::peak(|| image.plan(&square(Position::Attention), &limits));
        assert!(refused.is_err() && peak < 10_000, "{peak}");
    }
}
