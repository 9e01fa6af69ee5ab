//! AVIF: pictures in every depth, layout and arrangement, read and written; and files that are damaged.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Random, jpeg, picture, plan, png};
use deckle::edit::Edits;
use deckle::image::{Chroma, Colour, Format, Info, Model, Pixels, Size};
use deckle::{Error, Image, Limits, Output, transform};
use rav1e::prelude::*;

/// How samples stand for colours.
#[derive(Clone, Copy, Debug)]
struct Coding {
    depth: u8,
    sampling: ChromaSampling,
    is_full: bool,
    /// ITU-T H.273's number.
    matrix: u8,
}

const PLAIN: Coding = Coding { depth: 8, sampling: ChromaSampling::Cs420, is_full: true, matrix: 6 };

/// Luma and two chroma samples, 0 to 1 and -0.5 to 0.5; green, blue and red of matrix 0.
fn sample(rgb: [f64; 3], matrix: u8) -> [f64; 3] {
    let [r, g, b] = rgb;
    let (kr, kb) = match matrix {
        0 => return [g, b, r],
        8 => return [(r + 2.0 * g + b) / 4.0, (2.0 * g - r - b) / 4.0, (r - b) / 2.0],
        1 => (0.2126, 0.0722),
        9 => (0.2627, 0.0593),
        _ => (0.299, 0.114),
    };
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    [y, (b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr))]
}

/// AV1 data of a picture's colours, nearly without loss.
fn coded(image: &Pixels, coding: Coding) -> Vec<u8> {
    if coding.depth > 8 { coded_as::<u16>(image, coding) } else { coded_as::<u8>(image, coding) }
}

fn coded_as<T: Pixel>(image: &Pixels, coding: Coding) -> Vec<u8> {
    let Size { width, height } = image.size;
    let (width, height) = (width as usize, height as usize);
    let config = EncoderConfig {
        width,
        height,
        bit_depth: coding.depth.into(),
        chroma_sampling: coding.sampling,
        pixel_range: if coding.is_full { PixelRange::Full } else { PixelRange::Limited },
        still_picture: true,
        quantizer: 10,
        min_quantizer: 10,
        tiles: 1,
        speed_settings: SpeedSettings::from_preset(10),
        ..EncoderConfig::default()
    };
    let mut context: Context<T> = Config::new().with_encoder_config(config).new_context().unwrap();
    let mut frame = context.new_frame();
    let (across, down) = match coding.sampling {
        ChromaSampling::Cs420 => (2, 2),
        ChromaSampling::Cs422 => (2, 1),
        _ => (1, 1),
    };
    let most = f64::from((1_u32 << coding.depth) - 1);
    let unit = f64::from(1_u32 << (coding.depth - 8));
    let channels = usize::from(image.channels);
    let planes = if coding.sampling == ChromaSampling::Cs400 { 1 } else { 3 };
    for (index, plane) in frame.planes.iter_mut().enumerate().take(planes) {
        let (across, down) = if index == 0 { (1, 1) } else { (across, down) };
        let (x0, y0, stride) = (plane.cfg.xorigin, plane.cfg.yorigin, plane.cfg.stride);
        for y in 0..height.div_ceil(down) {
            for x in 0..width.div_ceil(across) {
                let mut sum = 0.0;
                for (dx, dy) in (0..across).flat_map(|dx| (0..down).map(move |dy| (dx, dy))) {
                    let at = (y * down + dy).min(height - 1) * width + (x * across + dx).min(width - 1);
                    let pixel = &image.data[at * channels..(at + 1) * channels];
                    let rgb = if channels < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
                    sum += sample(rgb.map(|v| f64::from(v) / 255.0), coding.matrix)[index];
                }
                let v = sum / (across * down) as f64;
                let is_chroma = index > 0 && coding.matrix != 0;
                let stored = match (coding.is_full, is_chroma) {
                    (true, false) => v * most,
                    (true, true) => v * most + (most + 1.0) / 2.0,
                    (false, false) => (16.0 + 219.0 * v) * unit,
                    (false, true) => (128.0 + 224.0 * v) * unit,
                };
                plane.data[(y0 + y) * stride + x0 + x] = T::cast_from(stored.round().clamp(0.0, most) as u16);
            }
        }
    }
    context.send_frame(frame).unwrap();
    context.flush();
    let mut data = Vec::new();
    loop {
        match context.receive_packet() {
            Ok(packet) => data.extend(packet.data),
            Err(EncoderStatus::Encoded) => (),
            Err(_) => return data,
        }
    }
}

fn framed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32 + 8).to_be_bytes()[..], name, &body].concat()
}

/// An item: its kind, bytes, properties, and what it refers to.
#[derive(Clone)]
struct Item {
    kind: &'static [u8; 4],
    data: Vec<u8>,
    properties: Vec<Vec<u8>>,
    refers: Vec<(&'static [u8; 4], Vec<u16>)>,
}

impl Item {
    fn new(kind: &'static [u8; 4], data: Vec<u8>) -> Self {
        Self { kind, data, properties: Vec::new(), refers: Vec::new() }
    }

    fn of(image: &Pixels, coding: Coding) -> Self {
        let numbers = [0, 1, 0, 13, 0, coding.matrix, if coding.is_full { 128 } else { 0 }];
        let item = Self::new(b"av01", coded(image, coding)).sized(image.size);
        item.with(b"colr", &[&b"nclx"[..], &numbers].concat())
    }

    fn alpha(image: &Pixels, of: u16) -> Self {
        let channels = usize::from(image.channels);
        let data = image.data.iter().skip(channels - 1).step_by(channels).copied().collect();
        let grey = Pixels { size: image.size, channels: 1, data };
        let coding = Coding { sampling: ChromaSampling::Cs400, ..PLAIN };
        let item = Self::new(b"av01", coded(&grey, coding)).sized(image.size);
        item.with(b"auxC", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0").refers(b"auxl", &[of])
    }

    fn sized(self, size: Size) -> Self {
        let body = [[0; 4], size.width.to_be_bytes(), size.height.to_be_bytes()].concat();
        self.with(b"ispe", &body)
    }

    fn with(mut self, name: &[u8; 4], body: &[u8]) -> Self {
        self.properties.push(framed(name, &[body]));
        self
    }

    fn refers(mut self, kind: &'static [u8; 4], to: &[u16]) -> Self {
        self.refers.push((kind, to.to_vec()));
        self
    }
}

/// A file of items, numbered from 1, which is the picture.
fn file(items: &[Item]) -> Vec<u8> {
    let head = framed(b"ftyp", &[b"avif\0\0\0\0mif1avifmiaf"]);
    let meta = |from: u32| {
        let count = (items.len() as u16).to_be_bytes();
        let (mut entries, mut places, mut links, mut all, mut owned) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut at, mut number) = (from, 0_u8);
        for (id, item) in (1_u16..).zip(items) {
            let id = id.to_be_bytes();
            entries.extend(framed(b"infe", &[&[2, 0, 0, 0], &id, &[0, 0], item.kind, &[0]]));
            let length = item.data.len() as u32;
            places.extend([&id[..], &[0, 0, 0, 1], &at.to_be_bytes(), &length.to_be_bytes()].concat());
            at += length;
            for (kind, to) in &item.refers {
                let ends: Vec<u8> = to.iter().flat_map(|end| end.to_be_bytes()).collect();
                links.extend(framed(kind, &[&id, &(to.len() as u16).to_be_bytes(), &ends]));
            }
            owned.extend([&id[..], &[item.properties.len() as u8]].concat());
            for property in &item.properties {
                all.extend_from_slice(property);
                number += 1;
                owned.push(number);
            }
        }
        let parts = [
            vec![0; 4],
            framed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"]),
            framed(b"pitm", &[&[0, 0, 0, 0, 0, 1]]),
            framed(b"iloc", &[&[0, 0, 0, 0, 0x44, 0], &count, &places]),
            framed(b"iinf", &[&[0; 4], &count, &entries]),
            framed(b"iref", &[&[0; 4], &links]),
            framed(
                b"iprp",
                &[
                    &framed(b"ipco", &[&all]),
                    &framed(b"ipma", &[&[0; 4], &u32::from(u16::from_be_bytes(count)).to_be_bytes(), &owned]),
                ],
            ),
        ];
        framed(b"meta", &[&parts.concat()])
    };
    let from = head.len() + meta(0).len() + 8;
    let data: Vec<u8> = items.iter().flat_map(|item| item.data.clone()).collect();
    [head, meta(from as u32), framed(b"mdat", &[&data])].concat()
}

fn run(source: &[u8], edits: &Edits) -> Output {
    common::run(source, edits).unwrap()
}

fn probe(source: &[u8]) -> Info {
    common::probe(source).unwrap()
}

/// The mean difference of two pictures' samples.
fn difference(a: &Pixels, b: &Pixels) -> f64 {
    common::difference(a, b).1
}

/// What a file shows, by way of a PNG.
fn shown(file: &[u8]) -> Pixels {
    common::pixels(&run(file, &Edits { format: Some(Format::Png), ..Edits::default() }))
}

fn open(file: &[u8]) -> Result<Size, Error> {
    Image::open(file).map(|image| image.info().size)
}

/// The part of a picture.
fn part(image: &Pixels, (left, top): (u32, u32), size: Size) -> Pixels {
    let channels = usize::from(image.channels);
    let rows = (top..top + size.height).flat_map(|y| {
        let from = (y * image.size.width + left) as usize * channels;
        image.data[from..from + size.width as usize * channels].to_vec()
    });
    Pixels { size, channels: image.channels, data: rows.collect() }
}

#[test]
fn every_depth_layout_range_and_matrix_shows_the_picture() {
    let image = picture(70, 50, 3);
    let samplings = [ChromaSampling::Cs420, ChromaSampling::Cs422, ChromaSampling::Cs444];
    for depth in [8, 10, 12] {
        for sampling in samplings {
            for is_full in [true, false] {
                for matrix in [6, 1, 9, 8, 0] {
                    if matrix == 0 && sampling != ChromaSampling::Cs444 {
                        continue;
                    }
                    let coding = Coding { depth, sampling, is_full, matrix };
                    let file = file(&[Item::of(&image, coding)]);
                    let info = probe(&file);
                    assert_eq!((info.size, info.bit_depth, info.channels), (image.size, depth, 3), "{coding:?}");
                    let mean = difference(&shown(&file), &image);
                    let most = if sampling == ChromaSampling::Cs444 { 1.5 } else { 4.5 };
                    assert!(mean < most, "{coding:?}: {mean}");
                }
            }
        }
    }
}

#[test]
fn grey_stays_grey_and_its_own_plane() {
    let image = picture(41, 33, 1);
    for (depth, is_full) in [(8, true), (8, false), (10, true), (12, false)] {
        let coding = Coding { depth, sampling: ChromaSampling::Cs400, is_full, matrix: 6 };
        let file = file(&[Item::of(&image, coding)]);
        assert_eq!(probe(&file).model, Model::Grey);
        let out = shown(&file);
        assert_eq!(out.channels, 1);
        assert!(difference(&out, &image) < 1.5, "{coding:?}");
    }
}

#[test]
fn luma_and_chroma_become_a_jpeg_as_they_are_where_the_matrix_is_its_own() {
    let image = picture(64, 64, 3);
    for (matrix, expected) in [(6, deckle::plan::Path::Planes), (1, deckle::plan::Path::Pixels)] {
        let file = file(&[Item::of(&image, Coding { matrix, is_full: false, ..PLAIN })]);
        let edits = Edits { format: Some(Format::Jpeg), quality: Some(95), ..Edits::default() };
        assert_eq!(plan(&edits, &Image::open(&file).unwrap()).unwrap().path, expected);
        assert!(difference(&common::pixels(&run(&file, &edits)), &image) < 5.0, "{matrix}");
    }
}

#[test]
fn alpha_is_a_picture_of_its_own_and_may_be_multiplied_already() {
    let image = picture(60, 40, 4);
    let plain = [Item::of(&image, PLAIN), Item::alpha(&image, 1)];
    let out = shown(&file(&plain));
    assert_eq!(out.channels, 4);
    assert!(difference(&out, &image) < 3.5);

    let mut multiplied = image.clone();
    for pixel in multiplied.data.as_chunks_mut::<4>().0 {
        let alpha = u32::from(pixel[3]);
        pixel[..3].iter_mut().for_each(|v| *v = ((u32::from(*v) * alpha + 127) / 255) as u8);
    }
    let coding = Coding { sampling: ChromaSampling::Cs444, ..PLAIN };
    let items = [Item::of(&multiplied, coding).refers(b"prem", &[2]), Item::alpha(&image, 1)];
    let out = shown(&file(&items));
    // where there is some alpha, colours are what they were
    let left = |image: &Pixels| part(image, (0, 0), Size { width: 40, height: 40 });
    assert!(difference(&left(&out), &left(&image)) < 3.5);
    // grey with alpha has two channels
    let grey = picture(60, 40, 2);
    let items = [Item::of(&grey, Coding { sampling: ChromaSampling::Cs400, ..PLAIN }), Item::alpha(&grey, 1)];
    let out = shown(&file(&items));
    assert!(out.channels == 2 && difference(&out, &grey) < 2.0);
}

#[test]
fn a_grid_shows_its_tiles_beside_each_other_and_cuts_what_is_too_much() {
    let image = picture(128, 192, 3);
    let size = Size { width: 120, height: 170 };
    let tile = Size { width: 64, height: 64 };
    for coding in [PLAIN, Coding { depth: 10, matrix: 1, is_full: false, ..PLAIN }] {
        let layout = |size: Size| {
            let sides = [size.width as u16, size.height as u16].map(u16::to_be_bytes).concat();
            [&[0, 0, 2, 1][..], &sides].concat()
        };
        let numbers = [0, 1, 0, 13, 0, coding.matrix, if coding.is_full { 128 } else { 0 }];
        let grid = |size: Size, tiles: &[u16]| {
            Item::new(b"grid", layout(size))
                .sized(size)
                .with(b"colr", &[&b"nclx"[..], &numbers].concat())
                .refers(b"dimg", tiles)
        };
        let tiles = (0..6).map(|i| Item::of(&part(&image, (i % 2 * 64, i / 2 * 64), tile), coding));
        let tiles: Vec<Item> = tiles.collect();
        let with = |grid: Item| file(&[&[grid], tiles.as_slice()].concat());
        let all = [2, 3, 4, 5, 6, 7];
        let out = shown(&with(grid(size, &all)));
        assert_eq!(out.size, size);
        assert!(difference(&out, &part(&image, (0, 0), size)) < 3.5);
        for (wrong, tiles) in [
            (Size { width: 129, height: 170 }, &all[..]),
            (Size { width: 64, height: 170 }, &all),
            (size, &all[..5]),
            (size, &[2, 3, 4, 5, 6, 99]),
        ] {
            assert!(open(&with(grid(wrong, tiles))).is_err(), "{wrong:?} {tiles:?}");
        }
    }
}

#[test]
fn a_part_is_cut_out_then_turned_then_mirrored_and_exif_is_not_asked() {
    let image = picture(64, 48, 3);
    let clean = [40_u32, 1, 32, 1, (-4_i32) as u32, 1, 6, 2].map(u32::to_be_bytes).concat();
    // the middle lies 4 left of that of the picture and 3 below
    let cut = part(&image, (8, 11), Size { width: 40, height: 32 });
    let at = |image: &Pixels, x: u32, y: u32| {
        let from = (y * image.size.width + x) as usize * 3;
        [image.data[from], image.data[from + 1], image.data[from + 2]]
    };
    for turns in 0..4_u8 {
        for mirror in [None, Some(0_u8), Some(1)] {
            let mut item = Item::of(&image, Coding { sampling: ChromaSampling::Cs444, ..PLAIN }).with(b"clap", &clean);
            item = item.with(b"irot", &[turns]);
            if let Some(axis) = mirror {
                item = item.with(b"imir", &[axis]);
            }
            let exif = Item::new(b"Exif", [&[0; 4], common::exif(6).as_slice()].concat()).refers(b"cdsc", &[1]);
            let out = shown(&file(&[item, exif]));
            let turned = if turns % 2 == 1 { cut.size.turned() } else { cut.size };
            assert_eq!(out.size, turned);
            let mut expected = Pixels { size: turned, channels: 3, data: Vec::new() };
            for y in 0..turned.height {
                for x in 0..turned.width {
                    // back from the mirror, then with the clock what was turned against it
                    let (x, y) = match mirror {
                        Some(0) => (x, turned.height - 1 - y),
                        Some(_) => (turned.width - 1 - x, y),
                        None => (x, y),
                    };
                    let Size { width, height } = cut.size;
                    let (x, y) = match turns {
                        1 => (width - 1 - y, x),
                        2 => (width - 1 - x, height - 1 - y),
                        3 => (y, height - 1 - x),
                        _ => (x, y),
                    };
                    expected.data.extend(at(&cut, x, y));
                }
            }
            assert!(difference(&out, &expected) < 1.5, "{turns} {mirror:?}");
        }
    }
}

#[test]
fn the_first_picture_of_a_track_is_shown_where_there_is_no_still_one() {
    let image = picture(64, 48, 3);
    let data = coded(&image, PLAIN);
    let moov = |at: u32| {
        let entry = framed(b"av01", &[&[0; 78]]);
        let table = [
            framed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], &entry]),
            framed(b"stsz", &[&[0; 8], &[0, 0, 0, 1], &(data.len() as u32).to_be_bytes()]),
            framed(b"stco", &[&[0, 0, 0, 0, 0, 0, 0, 1], &at.to_be_bytes()]),
        ];
        let media = [
            framed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"]),
            framed(b"minf", &[&framed(b"stbl", &[&table.concat()])]),
        ];
        framed(b"moov", &[&framed(b"trak", &[&framed(b"mdia", &[&media.concat()])])])
    };
    let head = framed(b"ftyp", &[b"avis\0\0\0\0avismsf1"]);
    let at = head.len() + moov(0).len() + 8;
    let file = [head, moov(at as u32), framed(b"mdat", &[&data])].concat();
    assert_eq!(probe(&file).frames, 1);
    assert!(difference(&shown(&file), &image) < 4.5);
    for length in 0..file.len() {
        let _ = open(&file[..length]);
    }
}

#[test]
fn colours_of_high_range_end_at_black_and_white() {
    for (transfer, depth) in [(16, 10), (18, 12), (16, 8)] {
        for (grey, expected) in [(0, 0), (255, 255)] {
            let image = common::constant(32, 32, &[grey; 3]);
            let coding = Coding { depth, matrix: 9, ..PLAIN };
            let mut item = Item::of(&image, coding);
            item.properties.pop();
            let item = item.with(b"colr", &[&b"nclx"[..], &[0, 9, 0, transfer, 0, 9, 128]].concat());
            let out = shown(&file(&[item]));
            assert!(
                out.data.iter().all(|v| v.abs_diff(expected) <= 2),
                "{transfer} {depth} {grey}: {:?}",
                &out.data[..3]
            );
        }
    }
}

#[test]
fn what_counts_too_much_is_refused_before_it_is_read() {
    let image = picture(32, 32, 3);
    let one = Item::of(&image, PLAIN);
    // a picture that says it has another size than its data
    let mut other = one.clone();
    other.properties[0] = framed(b"ispe", &[&[[0; 4], 33_u32.to_be_bytes(), 32_u32.to_be_bytes()].concat()]);
    assert!(matches!(open(&file(&[other])), Err(Error::Corrupt { .. })));
    // many pictures in an item
    let many = Item { data: one.data.repeat(20), ..one.clone() };
    assert!(matches!(open(&file(&[many])), Err(Error::Limit { .. })));
    // more tiles than may be
    let grid = Item::new(b"grid", vec![0, 0, 39, 39, 4, 0, 4, 0]).sized(image.size).refers(b"dimg", &[2]);
    assert!(matches!(open(&file(&[grid, one.clone()])), Err(Error::Limit { .. })));
    // a limit on pixels is met by what the header says
    let limits = Limits { source_pixels: 1000, ..Limits::default() };
    let source = file(&[one]);
    let planned = Image::open(&source).unwrap().plan(&Edits::default(), &limits);
    assert!(matches!(planned, Err(Error::Limit { what: "source pixels", .. })));
}

/// Peak and plan of a transformation.
fn measured(source: &[u8], edits: &Edits) -> (u64, u64) {
    let limits = Limits { memory_bytes: 1 << 30, avif_pixels: 1 << 30, ..Limits::default() };
    let image = Image::open(source).unwrap();
    let plan = image.plan(edits, &limits).unwrap();
    let (made, peak) = deckle_testkit::peak(|| {
        let image = Image::open(source).unwrap();
        transform(&image, &plan, &mut |_| ())
    });
    made.unwrap();
    (peak as u64, plan.memory)
}

#[test]
fn reading_takes_no_more_than_its_plan_says() {
    let mut wrong = Vec::new();
    for (width, height) in [(70, 50), (300, 500)] {
        for (depth, sampling) in [
            (8, ChromaSampling::Cs420),
            (8, ChromaSampling::Cs444),
            (10, ChromaSampling::Cs420),
            (12, ChromaSampling::Cs444),
            (8, ChromaSampling::Cs400),
        ] {
            let image = picture(width, height, 4);
            let coding = Coding { depth, sampling, ..PLAIN };
            let opaque = file(&[Item::of(&image, coding)]);
            let clear = file(&[Item::of(&image, coding), Item::alpha(&image, 1)]);
            for (name, source) in [("opaque", opaque), ("alpha", clear)] {
                for format in [Format::Jpeg, Format::Png] {
                    let background = Some(Colour::WHITE);
                    let edits = Edits { width: Some(60), format: Some(format), background, ..Edits::default() };
                    let (peak, plan) = measured(&source, &edits);
                    let share = peak as f64 / plan as f64;
                    if std::env::var_os("DECKLE_SHOW").is_some() {
                        println!(
                            "{width}x{height} {depth} {sampling:?} {name} {format:?}: {peak} of {plan}, {share:.2}"
                        );
                    }
                    if !(0.1..=1.0).contains(&share) {
                        wrong.push(format!("{width}x{height} {coding:?} {name} {format:?}: {peak} of {plan}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn writing_takes_no_more_than_its_plan_says() {
    let mut wrong = Vec::new();
    for (width, height) in [(64, 64), (400, 267)] {
        for channels in [1, 3, 4] {
            let mut image = picture(width, height, channels);
            let mut random = Random(7);
            image.data.iter_mut().for_each(|sample| *sample = sample.wrapping_add(random.below(64) as u8));
            let source = if channels == 3 { jpeg(&image, 90, true, false, None) } else { png(&image) };
            for (effort, chroma, quality) in
                [(0, Chroma::Quarter, 60), (4, Chroma::Quarter, 100), (6, Chroma::Full, 95)]
            {
                let edits = Edits {
                    format: Some(Format::Avif),
                    effort: Some(effort),
                    quality: Some(quality),
                    chroma,
                    ..Edits::default()
                };
                let (peak, plan) = measured(&source, &edits);
                let share = peak as f64 / plan as f64;
                if std::env::var_os("DECKLE_SHOW").is_some() {
                    println!(
                        "{width}x{height} {channels} {effort} {chroma:?} {quality}: {peak} of {plan}, {share:.2}, {} a pixel",
                        peak / u64::from(width * height)
                    );
                }
                if !(0.1..=1.0).contains(&share) {
                    wrong.push(format!("{width}x{height} {channels} {effort} {chroma:?} {quality}: {peak} of {plan}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_written_shows_the_picture() {
    for channels in 1..=4 {
        for (width, height) in [(1, 1), (16, 9), (63, 65), (120, 80)] {
            for chroma in [Chroma::Quarter, Chroma::Full] {
                let image = picture(width, height, channels);
                let edits = Edits { format: Some(Format::Avif), quality: Some(90), chroma, ..Edits::default() };
                let made = run(&png(&image), &edits);
                assert_eq!((made.format, made.media_type), (Format::Avif, "image/avif"));
                let info = probe(&made.bytes);
                assert_eq!((info.size, info.channels, info.bit_depth), (image.size, channels, 8));
                let out = shown(&made.bytes);
                if channels != 4 {
                    assert!(
                        difference(&out, &image) < if width < 32 { 16.0 } else { 7.0 },
                        "{width}x{height} {channels} {chroma:?}"
                    );
                } else {
                    // colours that nobody sees are not kept
                    let seen = |image: &Pixels| {
                        let pixels = image.data.as_chunks::<4>().0.iter();
                        let data = pixels
                            .flat_map(|&[r, g, b, a]| [r, g, b].map(|v| (u32::from(v) * u32::from(a) / 255) as u8));
                        Pixels { size: image.size, channels: 3, data: data.collect() }
                    };
                    assert!(
                        difference(&seen(&out), &seen(&image)) < if width < 32 { 16.0 } else { 7.0 },
                        "{width}x{height} {channels} {chroma:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn lower_quality_and_more_effort_are_fewer_bytes_and_max_bytes_is_met() {
    let source = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/01.jpg")).unwrap();
    let make = |quality: u8, effort: u8, max_bytes: Option<u32>| {
        let edits = Edits {
            width: Some(160),
            format: Some(Format::Avif),
            quality: Some(quality),
            effort: Some(effort),
            max_bytes,
            ..Edits::default()
        };
        run(&source, &edits).bytes.len()
    };
    let by_quality: Vec<usize> = [20, 50, 80, 95].iter().map(|&quality| make(quality, 4, None)).collect();
    assert!(by_quality.is_sorted(), "{by_quality:?}");
    assert!(make(60, 6, None) < make(60, 0, None));
    let most = by_quality[1] as u32;
    assert!(make(95, 4, Some(most)) <= most as usize);
}

#[test]
fn one_that_is_too_large_becomes_a_webp() {
    let source = png(&picture(200, 100, 4));
    let edits = Edits { format: Some(Format::Avif), ..Edits::default() };
    let with = |limits: Limits| {
        let image = Image::open(&source).unwrap();
        let plan = image.plan(&edits, &limits).unwrap();
        transform(&image, &plan, &mut |_| ()).unwrap().format
    };
    assert_eq!(with(Limits::default()), Format::Avif);
    assert_eq!(with(Limits { avif_pixels: 19_999, ..Limits::default() }), Format::WebP);
    assert_eq!(with(Limits { memory_bytes: 3 << 20, ..Limits::default() }), Format::WebP);
}

#[test]
fn exif_is_kept_on_request_and_a_picture_that_is_not_turned_says_how() {
    let image = picture(40, 24, 3);
    let source = jpeg(&image, 90, false, false, Some(6));
    let edits = Edits { format: Some(Format::Avif), metadata: deckle::image::Metadata::All, ..Edits::default() };
    let made = run(&source, &edits).bytes;
    assert!(made.windows(4).any(|name| name == b"Exif"));
    assert_eq!(probe(&made).size, image.size.turned());
    let mut stored = edits;
    stored.beyond.stored = true;
    let made = run(&source, &stored).bytes;
    let info = probe(&made);
    assert_eq!((info.size, info.orientation.apply(info.size)), (image.size, image.size.turned()));
}

#[test]
fn damaged_files_are_images_or_errors() {
    let image = picture(64, 64, 4);
    let tile = part(&image, (0, 0), Size { width: 64, height: 64 });
    let grid = Item::new(b"grid", vec![0, 0, 0, 1, 0, 128, 0, 64]).sized(Size { width: 128, height: 64 });
    let files = [
        file(&[Item::of(&image, PLAIN), Item::alpha(&image, 1)]),
        file(&[Item::of(&image, Coding { depth: 10, sampling: ChromaSampling::Cs444, ..PLAIN })]),
        file(&[grid.refers(b"dimg", &[2, 3]), Item::of(&tile, PLAIN), Item::of(&tile, PLAIN)]),
    ];
    let mut random = Random(11);
    let edits = Edits { width: Some(24), format: Some(Format::Png), ..Edits::default() };
    let limits = Limits { source_pixels: 1 << 20, ..Limits::default() };
    for source in files {
        let answer = |bytes: &[u8]| {
            let made =
                Image::open(bytes).and_then(|image| transform(&image, &image.plan(&edits, &limits)?, &mut |_| ()));
            made.map_or_else(|error| assert!(!error.code().is_empty()), |_| ());
        };
        for i in 0..200 {
            answer(&source[..source.len() * i / 200]);
        }
        for i in 0..500 {
            let mut bytes = source.clone();
            // half of them among the boxes
            let most = if i % 2 == 0 { bytes.len() } else { bytes.len().min(700) };
            for _ in 0..=random.below(3) {
                let at = random.below(most as u64) as usize;
                bytes[at] = random.next() as u8;
            }
            answer(&bytes);
        }
    }
}
