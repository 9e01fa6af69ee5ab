//! What plans with steps and overlays say of memory against what is really allocated.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{jpeg, picture, png};
use deckle::edit::{Beyond, Crop, Distance, Edits, Overlay, Round, Step};
use deckle::image::{Colour, Format, Sides};
use deckle::op::{Extend, Operation};
use deckle::{Error, Image, Limits, transform};

fn overlay(width: Option<u8>) -> Step {
    let place = Some(Distance::Pixels(-5));
    let overlay = Overlay { bucket: None, key: "x".into(), width, height: None, opacity: 60, x: place, y: place };
    Step::Overlay(Box::new(overlay))
}

fn with(steps: Vec<Step>, format: Format) -> Edits {
    let beyond = Beyond { steps, stored: true, ..Beyond::default() };
    Edits { beyond, format: Some(format), ..Edits::default() }
}

#[test]
fn no_step_takes_more_than_its_plan_says() {
    let colour = Colour { r: 9, g: 200, b: 30, a: 100 };
    let sides = Sides { top: 40, right: 0, bottom: 3, left: 200 };
    let area = Crop::pixels(7, 5, 300, 200);
    let steps = [
        vec![Step::Extract(area)],
        vec![Step::Do(Operation::Negative), Step::Extract(area), Step::Do(Operation::Greyscale)],
        vec![Step::Round(Round::default())],
        vec![
            Step::Round(Round { x: Some(9), y: None, rx: Some(300), ry: None }),
            Step::Extend(Extend { sides, background: colour }),
        ],
        vec![Step::Turn(123_456), Step::Extract(area)],
        vec![overlay(None)],
        vec![overlay(Some(70)), Step::Do(Operation::Sepia), overlay(Some(50))],
        vec![Step::Extend(Extend { sides, background: colour }), overlay(Some(60)), Step::Round(Round::default())],
    ];
    let sources = [
        ("jpeg", jpeg(&picture(1200, 900, 3), 80, false, false, None)),
        ("grey jpeg", jpeg(&picture(1200, 900, 1), 80, false, false, None)),
        ("png", png(&picture(1200, 900, 4))),
        ("grey png", png(&picture(1200, 900, 1))),
    ];
    let layers = [png(&picture(800, 700, 4)), jpeg(&picture(900, 640, 3), 80, false, false, None)];
    for (name, source) in &sources {
        for steps in &steps {
            for format in [Format::Jpeg, Format::Png, Format::WebP] {
                let edits = with(steps.clone(), format);
                let open = || {
                    let laid = layers.iter().map(|layer| Image::open(layer).unwrap());
                    Image::open(source).unwrap().with_layers(laid.collect())
                };
                let said = open().plan(&edits, &Limits::default()).unwrap().memory;
                let unlimited = Limits { memory_bytes: u64::MAX >> 1, ..Limits::default() };
                let (file, peak) = deckle_testkit::peak(|| {
                    let image = open();
                    let plan = image.plan(&edits, &unlimited).unwrap();
                    transform(&image, &plan, &mut |_| ()).unwrap().bytes.len()
                });
                // an encoder takes its file beyond, and what it collects for it
                let most = said + 6 * file as u64;
                assert!(peak as u64 <= most, "{name} {steps:?} {format:?}: {peak} of {said} and a file of {file}");
            }
        }
    }
}

#[test]
fn an_overlay_that_does_not_fit_is_refused_before_it_is_decoded() {
    let source = jpeg(&picture(300, 200, 3), 80, false, false, None);
    let layer = png(&picture(400, 50, 4));
    let image = Image::open(&source).unwrap().with_layers(vec![Image::open(&layer).unwrap()]);
    let refused = image.plan(&with(vec![overlay(None)], Format::Png), &Limits::default());
    assert!(matches!(refused, Err(Error::Edit { name: "overlay", .. })), "{refused:?}");
    // one that is not there
    let refused = image.plan(&with(vec![overlay(Some(5)), overlay(Some(5))], Format::Png), &Limits::default());
    assert!(matches!(refused, Err(Error::Edit { name: "overlay", .. })), "{refused:?}");
    let limits = Limits { memory_bytes: 1 << 20, ..Limits::default() };
    let refused = image.plan(&with(vec![overlay(Some(5))], Format::Png), &limits);
    assert!(matches!(refused, Err(Error::Limit { .. })), "{refused:?}");
}
