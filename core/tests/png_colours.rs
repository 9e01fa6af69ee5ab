//! What chunks of a PNG say of its colours and its transparency, for every kind of PNG, interlaced or not.
#![allow(clippy::unwrap_used)]

mod common;

use common::{raw_png as png, with_chunk};
use deckle::edit::Edits;
use deckle::image::{Format, Pixels};

fn made(source: &[u8]) -> Pixels {
    let edits = Edits { format: Some(Format::Png), ..Edits::default() };
    let image = deckle::Image::open(source).unwrap();
    let plan = image.plan(&edits, &deckle::Limits::default()).unwrap();
    // through the encoder, which a small source would be spared
    let picture = deckle::render(&image, &plan).unwrap().picture;
    let bytes = deckle::encode(picture, &plan.encoding, None).unwrap();
    let image = deckle::Image::open(&bytes).unwrap();
    let plan = image.plan(&edits, &deckle::Limits::default()).unwrap();
    match deckle::render(&image, &plan).unwrap().picture {
        deckle::Picture::Pixels(pixels) => pixels,
        _ => unreachable!("a PNG's picture is pixels"),
    }
}

/// The kinds that there are, with the samples of a pixel that is half of white in each, and how it is decoded.
fn halves() -> Vec<(u8, u8, Vec<u16>, usize)> {
    vec![
        (0, 8, vec![128], 1),
        (0, 16, vec![128 * 257], 1),
        (2, 8, vec![128; 3], 3),
        (2, 16, vec![128 * 257; 3], 3),
        (4, 8, vec![128, 200], 2),
        (4, 16, vec![128 * 257, 200 * 257], 2),
        (6, 8, vec![128, 128, 128, 200], 4),
        (6, 16, vec![128 * 257, 128 * 257, 128 * 257, 200 * 257], 4),
    ]
}

fn gamma(value: u32) -> [u8; 4] {
    value.to_be_bytes()
}

#[test]
fn linear_light_becomes_srgb_and_alpha_is_kept() {
    for interlaced in [false, true] {
        for (kind, depth, half, channels) in halves() {
            let source = png(kind, depth, interlaced, 9, |_, _| half.clone());
            let expected = |value: u8| match channels {
                2 => vec![value, 200],
                4 => vec![value, value, value, 200],
                n => vec![value; n],
            };
            let plain = made(&source);
            assert!(plain.data.chunks(channels).all(|pixel| pixel == expected(128)), "{kind} {depth}");
            let linear = made(&with_chunk(&source, b"gAMA", &gamma(100_000)));
            assert!(
                linear.data.chunks(channels).all(|pixel| pixel == expected(188)),
                "{kind} {depth} {:?}",
                linear.data
            );
            // what says sRGB changes nothing
            assert_eq!(made(&with_chunk(&source, b"gAMA", &gamma(45_455))), plain);
            let srgb = with_chunk(&with_chunk(&source, b"gAMA", &gamma(100_000)), b"sRGB", &[0]);
            assert_eq!(made(&srgb), plain);
        }
    }
}

#[test]
fn palettes_and_transparent_colours_are_converted_as_well() {
    let palette = with_chunk(&png(3, 2, false, 5, |x, _| vec![x as u16 % 2]), b"PLTE", &[128, 0, 255, 55, 55, 55]);
    let linear = made(&with_chunk(&palette, b"gAMA", &gamma(100_000)));
    assert_eq!(linear.data[..6], [188, 0, 255, 128, 128, 128]);
    // the transparent colour is that of the file, before it is converted
    let keyed = with_chunk(&png(2, 8, false, 4, |x, _| vec![128, 128, x as u16]), b"tRNS", &[0, 128, 0, 128, 0, 2]);
    let linear = made(&with_chunk(&keyed, b"gAMA", &gamma(100_000)));
    let alpha: Vec<u8> = linear.data.chunks(4).take(4).map(|pixel| pixel[3]).collect();
    assert_eq!((alpha, linear.data[0]), (vec![255, 255, 0, 255], 188));
}

#[test]
fn dark_colours_of_16_bits_in_linear_light_keep_their_steps() {
    // 64 steps below 1 % of white: in 8 bits of linear light they would be three
    let source = png(0, 16, false, 64, |x, _| vec![x as u16 * 10]);
    let row = made(&with_chunk(&source, b"gAMA", &gamma(100_000))).data[..64].to_vec();
    let mut values = row.clone();
    values.dedup();
    assert!(row.is_sorted() && values.len() > 20, "{row:?}");
}

#[test]
fn display_p3_is_the_same_by_numbers_by_chromaticities_and_by_a_profile() {
    let source = png(2, 8, false, 16, |x, y| vec![x as u16 * 17, y as u16 * 17, 255 - x as u16 * 9]);
    let by_numbers = made(&with_chunk(&source, b"cICP", &[12, 13, 0, 1]));
    let chromaticities = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000_u32];
    // sRGB's curve, as there is no gAMA
    let measured = made(&with_chunk(&source, b"cHRM", chromaticities.map(u32::to_be_bytes).as_flattened()));
    assert_eq!(by_numbers, measured);
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let mut encoder = flate2::write::ZlibEncoder::new(b"p3\0\0".to_vec(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &profile).unwrap();
    let by_profile = with_chunk(&source, b"iCCP", &encoder.finish().unwrap());
    assert!(common::difference(&by_numbers, &made(&by_profile)).0 <= 1);
    assert!(common::difference(&by_numbers, &made(&source)).0 > 20);
    // numbers go before the profile
    assert_eq!(made(&with_chunk(&by_profile, b"cICP", &[1, 13, 0, 1])), made(&source));
}

#[test]
fn adobe_rgb_by_gamma_and_chromaticities_is_its_profile() {
    let source = png(2, 8, false, 16, |x, y| vec![x as u16 * 17, y as u16 * 17, 40]);
    let chromaticities = [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000_u32];
    let measured = with_chunk(&source, b"cHRM", chromaticities.map(u32::to_be_bytes).as_flattened());
    let measured = made(&with_chunk(&measured, b"gAMA", &gamma(45_471)));
    let profile = moxcms::ColorProfile::new_adobe_rgb();
    let layout = moxcms::Layout::Rgb;
    let transform =
        profile.create_transform_8bit(layout, &moxcms::ColorProfile::new_srgb(), layout, Default::default());
    let mut expected = made(&source);
    transform.unwrap().transform(&made(&source).data, &mut expected.data).unwrap();
    // samples have 8 bits between curve and primaries, which shows in dark colours
    let (greatest, mean) = common::difference(&measured, &expected);
    assert!(greatest <= 6 && mean < 0.3, "{greatest} {mean}");
}

#[test]
fn pictures_of_high_dynamic_range_are_shown_and_not_refused() {
    for (curve, half) in [(16, 191), (18, 191)] {
        // white of 203 nits
        let white = if curve == 16 { 0.5807 } else { 0.75 };
        let source = png(2, 16, false, 8, |_, _| vec![(white * 65_535.0) as u16; 3]);
        let shown = made(&with_chunk(&source, b"cICP", &[9, curve, 0, 1]));
        assert!(shown.data.iter().all(|v| v.abs_diff(half) <= 1), "{curve} {:?}", &shown.data[..3]);
    }
}

#[test]
fn of_a_transparent_grey_only_the_low_bits_count() {
    for interlaced in [false, true] {
        for depth in [1, 2, 4, 8] {
            let most = (1_u16 << depth) - 1;
            for side in [1, 7, 9, 16] {
                let source = png(0, depth, interlaced, side, |x, y| vec![(x + y) as u16 & most]);
                let key = 3 & most;
                for high in [0, 0x00f0 & !most, 0xff00 & !most, !most] {
                    let keyed = made(&with_chunk(&source, b"tRNS", &(key | high).to_be_bytes()));
                    for (at, pixel) in keyed.data.chunks(2).enumerate() {
                        let v = (at % side + at / side) as u16 & most;
                        let grey = (v * (255 / most)) as u8;
                        assert_eq!(pixel, [grey, if v == key { 0 } else { 255 }], "{depth} {side} {at} {high:04x}");
                    }
                }
            }
        }
    }
    // 16 bits are all bits; of a colour's 8 bits, the low ones
    let wide = png(0, 16, false, 4, |x, _| vec![[0x0100, 0xff00][x % 2]]);
    assert_eq!(made(&with_chunk(&wide, b"tRNS", &[0xff, 0x00])).data[..4], [1, 255, 254, 0]);
    let colours = png(2, 8, false, 4, |x, _| vec![x as u16, 5, 6]);
    let keyed = made(&with_chunk(&colours, b"tRNS", &[0xff, 1, 0x80, 5, 1, 6]));
    assert_eq!(keyed.data[..8], [0, 5, 6, 255, 1, 5, 6, 0]);
}

#[test]
fn transparency_that_the_decoder_refuses_is_none() {
    let grey = |depth| png(0, depth, false, 5, |_, _| vec![1]);
    let short = |depth| with_chunk(&grey(depth), b"tRNS", &[1]);
    let mut damaged = with_chunk(&grey(8), b"tRNS", &[0, 1]);
    damaged[8 + 25 + 8 + 2] ^= 1;
    let before_palette =
        with_chunk(&with_chunk(&png(3, 8, false, 5, |_, _| vec![0]), b"PLTE", &[9, 8, 7]), b"tRNS", &[0]);
    for source in [short(1), short(8), damaged, before_palette] {
        let shown = made(&source);
        assert!(
            shown.data.chunks(usize::from(shown.channels)).all(|pixel| pixel.last() == Some(&255)),
            "{:?}",
            shown.data
        );
    }
}
