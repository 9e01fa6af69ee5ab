//! Moving pictures: GIF, animated WebP and APNG in, GIF and WebP out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{plan, png, run};
use deckle::edit::{Edits, Fit};
use deckle::image::{Format, Frame, Pixels, Size};
use deckle::op::Operation;
use deckle::{Error, Image, Limits, Picture, encode, render, transform};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn as_format(format: Format) -> Edits {
    Edits { format: Some(format), ..Edits::default() }
}

/// Every frame as it shows.
fn frames(source: &[u8]) -> Vec<Frame> {
    let image = Image::open(source).unwrap();
    let edits = Edits { lossless: true, ..as_format(Format::WebP) };
    let plan = plan(&edits, &image).unwrap();
    match render(&image, &plan).unwrap().picture {
        Picture::Frames(frames) => frames,
        other => panic!("{other:?}"),
    }
}

/// The greatest difference of samples, colours weighed by their alpha.
fn difference(a: &Pixels, b: &Pixels) -> u32 {
    assert_eq!((a.size, a.channels), (b.size, b.channels));
    let lights = |p: &[u8; 4]| [p[0], p[1], p[2], 255].map(|v| u32::from(v) * u32::from(p[3]) / 255);
    let pairs = a.data.as_chunks::<4>().0.iter().zip(b.data.as_chunks::<4>().0);
    pairs.map(|(a, b)| (0..4).map(|c| lights(a)[c].abs_diff(lights(b)[c])).max().unwrap()).max().unwrap()
}

#[test]
fn an_animated_webp_and_an_apng_of_the_same_film_show_the_same() {
    let (webp, png) = (fixture("animation.webp"), fixture("animation.png"));
    let (of_webp, of_png) = (frames(&webp), frames(&png));
    assert_eq!((of_webp.len(), of_png.len()), (9, 11));
    for (i, (a, b)) in of_webp.iter().zip(&of_png).enumerate() {
        assert_eq!((difference(&a.pixels, &b.pixels), a.delay, b.delay), (0, 70, 70), "frame {i}");
    }
    // the tenth goes, and the eleventh is laid on what was there before it
    let at = |frame: &Frame, x: usize, y: usize| frame.pixels.data[(y * 120 + x) * 4..][..4].to_vec();
    assert_ne!(at(&of_png[9], 38, 48), at(&of_png[8], 38, 48));
    assert_eq!(at(&of_png[10], 24, 48), at(&of_png[8], 24, 48));
    let plays = |file: &[u8]| Image::open(file).unwrap().info().animation.unwrap().plays;
    assert_eq!((plays(&webp), plays(&png), plays(&fixture("animation.gif"))), (3, 3, 0));
}

#[test]
fn what_is_written_without_loss_shows_every_frame_again() {
    for name in ["animation.gif", "animation.png", "animation.webp"] {
        let source = fixture(name);
        let made = run(&source, &Edits { lossless: true, ..as_format(Format::WebP) }).unwrap();
        let (expected, found) = (frames(&source), frames(&made.bytes));
        assert_eq!(expected.len(), found.len(), "{name}");
        for (i, (a, b)) in expected.iter().zip(&found).enumerate() {
            assert_eq!((difference(&a.pixels, &b.pixels), a.delay), (0, b.delay), "{name}, frame {i}");
        }
        let plays = |file: &[u8]| Image::open(file).unwrap().info().animation.unwrap().plays;
        assert_eq!(plays(&made.bytes), plays(&source), "{name}");
    }
}

#[test]
fn a_gif_of_few_colours_is_written_as_it_is() {
    let source = fixture("animation.gif");
    let made = run(&source, &Edits { enlarge: true, ..Edits::default() }).unwrap();
    assert_eq!(made.format, Format::Gif);
    let (expected, found) = (frames(&source), frames(&made.bytes));
    assert_eq!(expected.len(), found.len());
    for (i, (a, b)) in expected.iter().zip(&found).enumerate() {
        assert_eq!((difference(&a.pixels, &b.pixels), a.delay), (0, b.delay), "frame {i}");
    }
    // it restores what was there before, where we draw it again
    let most = source.len() * 3 / 2;
    assert!(made.bytes.len() <= most, "{} bytes of {}", made.bytes.len(), source.len());
}

#[test]
fn pixels_that_become_clear_are_cleared_in_a_gif() {
    let size = Size { width: 40, height: 30 };
    // a square that moves on clear ground, another that stays, and one that goes when the last has moved elsewhere
    let square = |data: &mut [u8], x0: usize, y0: usize, colour: [u8; 4]| {
        for (x, y) in (0..6).flat_map(|y| (0..6).map(move |x| (x0 + x, y0 + y))) {
            data[(y * 40 + x) * 4..][..4].copy_from_slice(&colour);
        }
    };
    let film: Vec<Frame> = (0..6)
        .map(|i| {
            let mut data = vec![0; size.pixels() as usize * 4];
            square(&mut data, i * 6, 2, [250, 0, 0, 255]);
            if i != 3 {
                square(&mut data, 2, 20, [0, 0, 250, 255]);
            }
            Frame { pixels: Pixels { size, channels: 4, data }, delay: 33 }
        })
        .collect();
    for format in [Format::Gif, Format::WebP] {
        let still = png(&film[0].pixels);
        let image = Image::open(&still).unwrap();
        let plan = plan(&Edits { lossless: true, ..as_format(format) }, &image).unwrap();
        let file = encode(Picture::Frames(film.clone()), &plan.encoding, None).unwrap();
        let found = frames(&file);
        assert_eq!(found.len(), film.len());
        for (i, (a, b)) in film.iter().zip(&found).enumerate() {
            assert_eq!(difference(&a.pixels, &b.pixels), 0, "{format:?}, frame {i}");
        }
        // a GIF's hundredths are right in the sum
        let all: u32 = found.iter().map(|frame| frame.delay).sum();
        assert_eq!(all, if format == Format::Gif { 200 } else { 198 });
    }
}

#[test]
fn one_frame_is_the_frame_of_the_animation_and_the_first_is_what_a_still_shows() {
    for name in ["animation.gif", "animation.png", "animation.webp"] {
        let source = fixture(name);
        let all = frames(&source);
        for number in [1, 2, 5, all.len() as u32] {
            let one = run(&source, &Edits { frame: Some(number), ..as_format(Format::Png) }).unwrap();
            let shown = common::pixels(&one);
            let data = rgba(&shown);
            let shown = Pixels { size: shown.size, channels: 4, data };
            assert_eq!(difference(&shown, &all[number as usize - 1].pixels), 0, "{name}, frame {number}");
        }
        let still = run(&source, &Edits { animated: false, ..as_format(Format::WebP) }).unwrap();
        assert_eq!(Image::open(&still.bytes).unwrap().info().frames, 1, "{name}");
        let beyond = run(&source, &Edits { frame: Some(all.len() as u32 + 1), ..Edits::default() });
        assert!(matches!(beyond, Err(Error::Edit { name: "frame", .. })), "{name}");
    }
    let beyond = run(&fixture("01.jpg"), &Edits { frame: Some(2), width: Some(20), ..Edits::default() });
    assert!(matches!(beyond, Err(Error::Edit { name: "frame", .. })));
}

fn rgba(pixels: &Pixels) -> Vec<u8> {
    match pixels.channels {
        3 => pixels.data.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => pixels.data.clone(),
    }
}

#[test]
fn every_frame_is_edited_as_a_still_would_be() {
    let source = fixture("animation.webp");
    let edits = Edits {
        width: Some(50),
        height: Some(50),
        fit: Fit::Cover,
        operations: vec![Operation::Negative],
        lossless: true,
        ..as_format(Format::WebP)
    };
    let made = run(&source, &edits).unwrap();
    let moving = frames(&made.bytes);
    assert_eq!((moving.len(), moving[0].pixels.size), (9, Size { width: 50, height: 50 }));
    for number in [2, 5, 9] {
        let still = run(&source, &Edits { frame: Some(number), format: Some(Format::Png), ..edits.clone() }).unwrap();
        let still = common::pixels(&still);
        assert!(difference(&moving[number as usize - 1].pixels, &still) <= 1, "frame {number}");
    }
}

#[test]
fn an_animation_over_a_limit_is_refused_before_a_frame_is_decoded() {
    for name in ["animation.gif", "animation.png", "animation.webp"] {
        let source = fixture(name);
        let image = Image::open(&source).unwrap();
        let moving = as_format(Format::WebP);
        let frames = Limits { frames: 8, ..Limits::default() };
        assert!(matches!(image.plan(&moving, &frames), Err(Error::Limit { what: "frames", .. })), "{name}");
        let pixels = Limits { animation_pixels: 50_000, ..Limits::default() };
        let refused = image.plan(&moving, &pixels);
        assert!(matches!(refused, Err(Error::Limit { what: "animation pixels", .. })), "{name}");
        // its first frame alone is no animation
        let still = Edits { animated: false, ..moving };
        assert!(image.plan(&still, &pixels).is_ok() && image.plan(&still, &frames).is_ok(), "{name}");
    }
}

#[test]
fn cut_off_and_damaged_animations_show_what_there_is_or_are_refused() {
    for name in ["animation.gif", "animation.png", "animation.webp"] {
        let source = fixture(name);
        let limits = Limits { animation_pixels: 1 << 22, source_pixels: 1 << 20, ..Limits::default() };
        let attempt = |bytes: &[u8], format: Format| {
            let image = Image::open(bytes)?;
            let edits = Edits { width: Some(30), ..as_format(format) };
            transform(&image, &image.plan(&edits, &limits)?, &mut |_| ())
        };
        for i in 1..40 {
            let _ = attempt(&source[..source.len() * i / 40], Format::Gif);
        }
        assert!(attempt(&source[..source.len() * 3 / 4], Format::WebP).is_ok(), "{name}");
        let mut random = common::Random(5);
        for i in 0..150 {
            let mut bytes = source.clone();
            for _ in 0..=i % 3 {
                let at = random.below(bytes.len() as u64) as usize;
                bytes[at] = random.next() as u8;
            }
            let _ = attempt(&bytes, if i % 2 == 0 { Format::Gif } else { Format::WebP });
        }
    }
}

#[test]
fn an_animation_takes_what_its_plan_says_and_no_more_for_more_frames() {
    let film = |count: u32| -> Vec<u8> {
        let size = Size { width: 200, height: 160 };
        let frames = (0..count).map(|i| {
            let pixel = |at: u32| {
                let (x, y) = (at % size.width, at / size.width);
                [(x + i) as u8, (y * 2) as u8, ((x * y) >> 7) as u8, 255]
            };
            let data = (0..size.pixels() as u32).flat_map(pixel).collect();
            Frame { pixels: Pixels { size, channels: 4, data }, delay: 40 }
        });
        let frames: Vec<Frame> = frames.collect();
        let still = png(&frames[0].pixels);
        let image = Image::open(&still).unwrap();
        let plan = plan(&as_format(Format::Gif), &image).unwrap();
        encode(Picture::Frames(frames), &plan.encoding, None).unwrap()
    };
    let mut peaks = Vec::new();
    for count in [3, 30] {
        let source = film(count);
        let image = Image::open(&source).unwrap();
        let edits = Edits { width: Some(150), ..Edits::default() };
        let plan = plan(&edits, &image).unwrap();
        let (made, peak) = deckle_testkit::peak(|| transform(&image, &plan, &mut |_| ()));
        let file = made.unwrap().bytes.len();
        // colours, counted by the room
        assert!((peak as u64) < plan.memory + 2 * file as u64 + 2_500_000, "{peak} of {} and {file}", plan.memory);
        assert!(peak as u64 > (plan.memory - 400_000) * 6 / 10, "{peak} of {}", plan.memory);
        peaks.push(peak - 2 * file);
    }
    assert!(peaks[1] < peaks[0] + 300_000, "{peaks:?}");
}
