//! The whole pipeline: any file, any edits, tight limits.

use deckle::edit::{
    Beyond, Blend, Crop, Distance, Edits, Extent, Fit, Lettering, Light, Overlay, Point, Position, Ratio, Rotate,
    Round, Step, Trim, Unit,
};
use deckle::image::{Aim, Chroma, Cmyk, Colour, Format, Hdr, Icc, Metadata, Radius, Scale, Sides};
use deckle::op::{
    Alpha, Blur, Clahe, Convolve, Duotone, Gamma, Linear, Median, Modulate, Normalise, Operation, Pixelate, Recomb,
    Sharpen, Threshold,
};
use deckle::{Image, Limits};

use crate::bytes::Bytes;
use crate::memory::peak;

/// Opens, plans and transforms; what is made is what was planned.
pub fn transform(data: &[u8]) {
    let Ok(image) = Image::open(data) else { return };
    let limits = Limits { source_pixels: 1 << 18, output_pixels: 1 << 16, memory_bytes: 16 << 20, ..limits() };
    let edits = edits(&mut Bytes::of_end(data, 64));
    // laid on itself, however often
    let image = image.with_layers(edits.laid().filter_map(|_| Image::open(data).ok()).collect());
    let Ok(plan) = image.plan(&edits, &limits) else { return };
    let (output, bytes) = peak(|| deckle::transform(&image, &plan, &mut |_| ()));
    let most = limits.memory_bytes - data.len() as u64;
    assert!(bytes as u64 <= most, "{bytes} bytes of {most}, planned {}", plan.memory);
    let Ok(output) = output else { return };
    assert_eq!((output.size, output.format), (plan.output, plan.encoding.format));
    let made = Image::open(&output.bytes).expect("we made it");
    let made = made.info();
    assert_eq!((made.size, made.format), (output.size, output.format));
}

/// What keeps a run short.
fn limits() -> Limits {
    Limits { animation_pixels: 1 << 22, ..Limits::default() }
}

/// What other dialects ask for.
fn beyond(bytes: &mut Bytes<'_>) -> Beyond {
    let colour = |b: &mut Bytes<'_>| Colour { r: b.byte(), g: b.byte(), b: b.byte(), a: b.byte() };
    let area = |b: &mut Bytes<'_>| {
        let [x, y, width, height] = [(); 4].map(|()| u32::from(b.byte()));
        Crop::pixels(x, y, width + 1, height + 1)
    };
    let side = |b: &mut Bytes<'_>| b.maybe(|b| u32::from(b.byte()) + 1);
    let step = |b: &mut Bytes<'_>| match b.byte() % 4 {
        0 => Step::Turn(u32::from(b.u16()) * 50 + 1),
        1 => Step::Extract(area(b)),
        2 => Step::Round(Round { x: side(b), y: side(b), rx: side(b), ry: side(b) }),
        _ => Step::Do(operation(b)),
    };
    Beyond {
        stored: bytes.flag(),
        area: bytes.maybe(area),
        face: None,
        turn_first: bytes.flag(),
        turn_last: bytes.flag(),
        share: bytes.maybe(|b| u32::from(b.u16()) + 1),
        spares_animations: bytes.flag(),
        adaptive: bytes.flag(),
        larger_only: bytes.flag(),
        under: bytes.maybe(colour),
        padding: bytes.maybe(colour),
        steps: (0..bytes.byte() % 4).map(|_| step(bytes)).collect(),
    }
}

fn edits(bytes: &mut Bytes<'_>) -> Edits {
    let side = |b: &mut Bytes<'_>| u32::from(b.byte()) + 1;
    let of_image = |b: &mut Bytes<'_>| u32::from(b.u16() % 600);
    let crop = |b: &mut Bytes<'_>| {
        let unit = b.one_of(&[Unit::Pixel, Unit::Share]);
        Crop { x: of_image(b), y: of_image(b), width: of_image(b) + 1, height: of_image(b) + 1, unit }
    };
    let sides = |b: &mut Bytes<'_>| {
        let [top, right, bottom, left] = [(); 4].map(|()| u32::from(b.byte()));
        Sides { top, right, bottom, left }
    };
    let place = |b: &mut Bytes<'_>| b.one_of(&[-1, 0, 1]);
    let share = |b: &mut Bytes<'_>| u32::from(b.u16()) % 10_001;
    let colour = |b: &mut Bytes<'_>| Colour { r: b.byte(), g: b.byte(), b: b.byte(), a: b.byte() };
    Edits {
        width: bytes.maybe(side),
        height: bytes.maybe(side),
        ratio: bytes.maybe(|b| Ratio { width: side(b) * 5_000, height: side(b) * 5_000 }),
        trim: bytes.maybe(|b| Trim { tolerance: b.byte() % 64, background: b.maybe(colour), is_line_art: b.flag() }),
        crop: bytes.maybe(crop),
        fit: bytes.one_of(&[Fit::Inside, Fit::Cover, Fit::Contain, Fit::Fill, Fit::Outside]),
        position: match bytes.byte() % 4 {
            0 => Position::Attention,
            1 => Position::Entropy,
            2 => Position::Place { x: place(bytes), y: place(bytes) },
            _ => Position::Focus(Point { x: share(bytes), y: share(bytes) }),
        },
        zoom: bytes.one_of(&[10_000, 10_000, 12_345, 1_000_000]),
        enlarge: bytes.flag(),
        rotate: Rotate::from_angle(bytes.one_of(&[0, 900_000, 1_800_000, 2_700_000, 1, 123_456, 3_333_333])),
        flip: bytes.flag(),
        flop: bytes.flag(),
        animated: bytes.flag(),
        frame: bytes.maybe(|b| u32::from(b.byte() % 4) + 1),
        beyond: if bytes.flag() { beyond(bytes) } else { Beyond::default() },
        cmyk: bytes.one_of(&[Cmyk::Press, Cmyk::Naive]),
        operations: (0..bytes.byte() % 3).map(|_| operation(bytes)).collect(),
        background: bytes.maybe(colour),
        radius: bytes.one_of(&[Radius::NONE, Radius::Pixels(9), Radius::Share(1_234), Radius::MOST]),
        pad: bytes.maybe(sides).unwrap_or_default(),
        lettering: (0..(bytes.byte() % 8).saturating_sub(6)).map(|_| lettering(bytes)).collect(),
        overlays: (0..(bytes.byte() % 8).saturating_sub(5)).map(|_| overlay(bytes)).collect(),
        report: None,
        format: bytes.maybe(|b| b.one_of(&[Format::Jpeg, Format::Png, Format::WebP, Format::Gif, Format::Avif])),
        quality: bytes.maybe(|b| b.byte() % 100 + 1),
        aim: bytes.maybe(|b| b.one_of(&[Aim::Low, Aim::Medium, Aim::High, Aim::Best])),
        usual_quality: None,
        usual_aim: None,
        scale: bytes.one_of(&[Scale::Visual, Scale::Native]),
        lossless: bytes.flag(),
        effort: bytes.maybe(|b| b.byte() % 7),
        progressive: bytes.flag(),
        chroma: bytes.one_of(&[Chroma::Quarter, Chroma::Full]),
        max_bytes: bytes.maybe(|b| u32::from(b.u16())),
        metadata: bytes.one_of(&[Metadata::Strip, Metadata::Copyright, Metadata::All]),
        icc: bytes.one_of(&[Icc::Srgb, Icc::P3, Icc::Keep]),
        hdr: bytes.one_of(&[Hdr::Keep, Hdr::Strip]),
        light: bytes.one_of(&[Light::Gamma, Light::Linear]),
    }
}

/// Any text anywhere.
fn lettering(bytes: &mut Bytes<'_>) -> Lettering {
    let distance = |b: &mut Bytes<'_>| Distance::Pixels(i32::from(b.u16()) - 30_000);
    Lettering {
        text: bytes
            .one_of(&["a", "Hello world", "one\ntwo three four", "Ж\u{301}", "家", " "])
            .repeat(bytes.byte() as usize % 9 + 1),
        size: if bytes.flag() { Extent::Percent(bytes.byte()) } else { Extent::Pixels(bytes.u16().into()) },
        x: bytes.maybe(distance),
        y: bytes.maybe(distance),
        width: bytes.maybe(|b| Extent::Pixels(b.u16().into())),
        opacity: bytes.byte() % 101,
        outline: u32::from(bytes.byte() % 17),
        ..Lettering::default()
    }
}

/// Anything laid anywhere.
fn overlay(bytes: &mut Bytes<'_>) -> Overlay {
    let extent = |b: &mut Bytes<'_>| match b.flag() {
        true => Extent::Percent(b.byte()),
        false => Extent::Pixels(b.u16().into()),
    };
    let distance = |b: &mut Bytes<'_>| match b.byte() % 3 {
        0 => Distance::Far,
        1 => Distance::Percent(i32::from(b.byte()) - 128),
        _ => Distance::Pixels(i32::from(b.u16()) - 30_000),
    };
    Overlay {
        bucket: None,
        key: "x".into(),
        width: bytes.maybe(extent),
        height: bytes.maybe(extent),
        opacity: bytes.byte() % 101,
        x: bytes.maybe(distance),
        y: bytes.maybe(distance),
        blend: bytes.one_of(&[Blend::Over, Blend::Multiply, Blend::Overlay, Blend::Add, Blend::DestIn, Blend::DestOut]),
        tile: bytes.flag(),
    }
}

/// Any operation with any numbers.
fn operation(bytes: &mut Bytes<'_>) -> Operation {
    let colour = |b: &mut Bytes<'_>| Colour { r: b.byte(), g: b.byte(), b: b.byte(), a: b.byte() };
    // small ones, and a few beyond reason
    let number = |b: &mut Bytes<'_>| (i32::from(b.u16()) - 20_000) << (b.byte() % 16);
    match bytes.byte() % 21 {
        0 => Operation::Greyscale,
        1 => Operation::Sepia,
        2 => Operation::Negative,
        3 => Operation::Sharpen(Sharpen::new(u32::from(bytes.u16()))),
        15 => Operation::Blur(Blur { sigma: u32::from(bytes.u16()) << (bytes.byte() % 16) }),
        16 => Operation::Median(Median { size: u32::from(bytes.byte() % 20) }),
        17 => Operation::Pixelate(Pixelate { side: u32::from(bytes.byte()) }),
        19 => Operation::Normalise(Normalise { lower: bytes.byte(), upper: bytes.byte() }),
        20 => Operation::Clahe(Clahe {
            width: bytes.byte().into(),
            height: bytes.byte().into(),
            slope: bytes.byte().into(),
        }),
        18 => {
            let kernel: Vec<i32> = (0..9).map(|_| number(bytes)).collect();
            let mask = Convolve::new(u32::from(bytes.byte() % 10), &kernel, None, number(bytes));
            mask.map_or(Operation::Greyscale, Operation::Convolve)
        }
        4 => Operation::Modulate(Modulate {
            brightness: number(bytes),
            saturation: number(bytes),
            hue: number(bytes),
            lightness: number(bytes),
        }),
        5 => Operation::Contrast(number(bytes)),
        6 => Operation::Gamma(Gamma { darken: u32::from(bytes.u16()), brighten: u32::from(bytes.u16()) }),
        7 => Operation::Linear(Linear {
            factor: std::array::from_fn(|_| number(bytes)),
            offset: std::array::from_fn(|_| number(bytes)),
        }),
        8 => Operation::Recomb(Recomb { matrix: std::array::from_fn(|_| std::array::from_fn(|_| number(bytes))) }),
        9 => Operation::Threshold(Threshold { level: bytes.byte(), greyscale: bytes.flag() }),
        10 => Operation::Tint(colour(bytes)),
        11 => Operation::Duotone(Duotone { dark: colour(bytes), light: colour(bytes) }),
        12 => Operation::Opacity(number(bytes)),
        13 => Operation::Flatten(colour(bytes)),
        _ => Operation::Alpha(bytes.one_of(&[Alpha::Remove, Alpha::Ensure(9), Alpha::FromWhite])),
    }
}
