//! TIFF: one picture in every coding, depth and arrangement; and files that are damaged.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Random, difference, jpeg, picture, pixels, probe, run};
use deckle::edit::Edits;
use deckle::image::{Format, Pixels, Size};

const SHORT: u16 = 3;
const LONG: u16 = 4;
const UNDEFINED: u16 = 7;

/// A page: tags, and strips or tiles as they are stored.
#[derive(Clone)]
struct Page {
    big_endian: bool,
    big: bool,
    tags: Vec<(u16, u16, Vec<u64>)>,
    chunks: Vec<Vec<u8>>,
    is_tiled: bool,
}

impl Page {
    /// Samples of 8 bits that stand together, in one strip.
    fn new(size: Size, samples: u64, photometric: u64, data: Vec<u8>) -> Self {
        let tags = vec![
            (256, LONG, vec![size.width.into()]),
            (257, LONG, vec![size.height.into()]),
            (258, SHORT, vec![8; samples as usize]),
            (262, SHORT, vec![photometric]),
            (277, SHORT, vec![samples]),
        ];
        Self { big_endian: false, big: false, tags, chunks: vec![data], is_tiled: false }
    }

    fn with(mut self, tag: u16, kind: u16, values: &[u64]) -> Self {
        self.tags.retain(|(before, ..)| *before != tag);
        self.tags.push((tag, kind, values.to_vec()));
        self
    }

    fn short(self, tag: u16, value: u64) -> Self {
        self.with(tag, SHORT, &[value])
    }

    /// Every strip compressed.
    fn compressed(self, number: u64, by: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let chunks = self.chunks.iter().map(|chunk| by(chunk)).collect();
        Self { chunks, ..self }.short(259, number)
    }

    /// The one strip, cut into several of so many bytes each.
    fn strips(self, rows: u64, bytes: usize) -> Self {
        let chunks = self.chunks[0].chunks(bytes).map(<[u8]>::to_vec).collect();
        Self { chunks, ..self }.with(278, LONG, &[rows])
    }

    fn number(&self, value: u64, bytes: usize) -> Vec<u8> {
        let all = value.to_be_bytes();
        let mut number = all[8 - bytes..].to_vec();
        if !self.big_endian {
            number.reverse();
        }
        number
    }

    fn write(&self) -> Vec<u8> {
        let mut this = self.clone();
        let mut file = if self.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        let wide = if self.big { 8 } else { 4 };
        if self.big {
            file.extend([self.number(43, 2), self.number(8, 2), self.number(0, 2)].concat());
        } else {
            file.extend(self.number(42, 2));
        }
        let pointer = file.len();
        file.resize(pointer + wide, 0);
        let mut offsets = Vec::new();
        for chunk in &self.chunks {
            offsets.push(file.len() as u64);
            file.extend(chunk);
            file.resize(file.len().next_multiple_of(2), 0);
        }
        let counts: Vec<u64> = self.chunks.iter().map(|chunk| chunk.len() as u64).collect();
        this = this.with(if self.is_tiled { 324 } else { 273 }, LONG, &offsets);
        this = this.with(if self.is_tiled { 325 } else { 279 }, LONG, &counts);
        this.tags.sort();
        let mut entries = self.number(this.tags.len() as u64, if self.big { 8 } else { 2 });
        for (tag, kind, values) in &this.tags {
            let size = match *kind {
                SHORT => 2,
                LONG => 4,
                _ => 1,
            };
            let mut data: Vec<u8> = values.iter().flat_map(|value| self.number(*value, size)).collect();
            if data.len() > wide {
                let at = file.len() as u64;
                file.extend(&data);
                file.resize(file.len().next_multiple_of(2), 0);
                data = self.number(at, wide);
            }
            data.resize(wide, 0);
            entries.extend([self.number((*tag).into(), 2), self.number((*kind).into(), 2)].concat());
            entries.extend([self.number(values.len() as u64, wide), data].concat());
        }
        let at = self.number(file.len() as u64, wide);
        file[pointer..pointer + wide].copy_from_slice(&at);
        file.extend(entries);
        file.extend(vec![0; wide]);
        file
    }
}

fn lzw(data: &[u8]) -> Vec<u8> {
    weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(data).unwrap()
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, data).unwrap();
    encoder.finish().unwrap()
}

/// Runs where there are any, else bytes in full.
fn pack_bits(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in data.chunks(100) {
        if chunk.iter().all(|byte| *byte == chunk[0]) {
            out.extend([(257 - chunk.len()) as u8, chunk[0]]);
        } else {
            out.push(chunk.len() as u8 - 1);
            out.extend(chunk);
        }
    }
    out
}

fn differences(data: &[u8], row: usize, samples: usize) -> Vec<u8> {
    let of_row = |row: &[u8]| -> Vec<u8> {
        (0..row.len()).map(|i| if i < samples { row[i] } else { row[i].wrapping_sub(row[i - samples]) }).collect()
    };
    data.chunks(row).flat_map(of_row).collect()
}

fn page(channels: u8) -> (Pixels, Page) {
    let picture = picture(61, 47, channels);
    let photometric = if channels < 3 { 1 } else { 2 };
    let page = Page::new(picture.size, channels.into(), photometric, picture.data.clone());
    let page = if channels.is_multiple_of(2) { page.short(338, 2) } else { page };
    (picture, page)
}

fn whole(page: &Page) -> Pixels {
    pixels(&run(&page.write(), &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap())
}

fn tiles(picture: &Pixels, side: usize) -> Vec<Vec<u8>> {
    let (width, height, n) = (picture.size.width as usize, picture.size.height as usize, usize::from(picture.channels));
    let mut tiles = Vec::new();
    for top in (0..height).step_by(side) {
        for left in (0..width).step_by(side) {
            let mut tile = vec![77; side * side * n];
            for y in top..(top + side).min(height) {
                for x in left..(left + side).min(width) {
                    let to = ((y - top) * side + x - left) * n;
                    tile[to..to + n].copy_from_slice(&picture.data[(y * width + x) * n..][..n]);
                }
            }
            tiles.push(tile);
        }
    }
    tiles
}

/// Kinds of file that show the same picture to the bit, of so many channels.
fn exact(channels: u8) -> Vec<(&'static str, Page)> {
    let (picture, plain) = page(channels);
    let n = usize::from(channels);
    let row = 61 * n;
    let planes =
        || -> Vec<Vec<u8>> { (0..n).map(|c| picture.data.iter().skip(c).step_by(n).copied().collect()).collect() };
    let tiled = |side: u64| {
        let page = Page { chunks: tiles(&picture, side as usize), is_tiled: true, ..plain.clone() };
        page.short(322, side).short(323, side)
    };
    let wide = |big_endian: bool| {
        let data = picture.data.iter().flat_map(|&v| [v, v]).collect();
        Page { chunks: vec![data], big_endian, ..plain.clone() }.with(258, SHORT, &vec![16; n])
    };
    let different = Page { chunks: vec![differences(&picture.data, row, n)], ..plain.clone() }.short(317, 2);
    vec![
        ("plain", plain.clone()),
        ("the other order of bytes", Page { big_endian: true, ..plain.clone() }),
        ("BigTIFF", Page { big: true, ..plain.clone() }),
        ("BigTIFF of the other order", Page { big: true, big_endian: true, ..plain.clone() }),
        ("strips", plain.clone().strips(10, 10 * row)),
        ("16 bits", wide(false)),
        ("16 bits of the other order", wide(true)),
        ("LZW", plain.clone().strips(10, 10 * row).compressed(5, lzw)),
        ("LZW of differences", different.clone().strips(7, 7 * row).compressed(5, lzw)),
        ("deflate", plain.clone().compressed(8, deflate)),
        ("deflate of differences, Adobe's number", different.compressed(32946, deflate)),
        ("PackBits", plain.clone().strips(47, 47 * row).compressed(32773, pack_bits)),
        ("planes apart", Page { chunks: planes(), ..plain.clone() }.short(284, 2)),
        ("planes apart, LZW", Page { chunks: planes(), ..plain.clone() }.short(284, 2).compressed(5, lzw)),
        ("tiles", tiled(16)),
        ("tiles, deflate", tiled(32).compressed(8, deflate)),
        ("a tile larger than the picture", tiled(64).compressed(5, lzw)),
    ]
}

#[test]
fn every_coding_and_arrangement_shows_the_same_picture() {
    for channels in 1..=4 {
        let (picture, _) = page(channels);
        for (name, page) in exact(channels) {
            assert_eq!(whole(&page), picture, "{name}, {channels} channels");
        }
    }
}

#[test]
fn few_bits_white_that_is_zero_and_palettes_are_shown_as_they_are_meant() {
    let size = Size { width: 5, height: 1 };
    let grey = |bits: u64, photometric: u64, data: &[u8]| {
        whole(&Page::new(size, 1, photometric, data.to_vec()).short(258, bits)).data
    };
    assert_eq!(grey(1, 1, &[0b1010_1000]), [255, 0, 255, 0, 255]);
    assert_eq!(grey(1, 0, &[0b1010_1000]), [0, 255, 0, 255, 0]);
    assert_eq!(grey(2, 1, &[0b0001_1011, 0b1100_0000]), [0, 85, 170, 255, 255]);
    assert_eq!(grey(4, 0, &[0x0f, 0x80, 0xf0]), [255, 0, 119, 255, 0]);
    assert_eq!(grey(12, 1, &[0, 0x0f, 0xff, 0x80, 0x0f, 0xff, 0, 0]), [0, 255, 128, 255, 0]);
    let map: Vec<u64> = [[65_535, 0, 0, 257], [0, 65_535, 0, 514], [0, 0, 65_535, 771]].concat();
    let page = Page::new(size, 1, 3, vec![0b0001_1011, 0b1100_0000]).short(258, 2).with(320, SHORT, &map);
    assert_eq!(whole(&page).data, [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 1, 2, 3]);
    // the lowest bit first
    let page = Page::new(size, 1, 1, vec![0b0001_0101]).short(258, 1).short(266, 2);
    assert_eq!(whole(&page).data, [255, 0, 255, 0, 255]);
}

#[test]
fn inks_lab_ycbcr_and_alpha_that_is_multiplied_become_colours() {
    let size = Size { width: 1, height: 1 };
    let colour =
        |samples: u64, photometric: u64, data: &[u8]| whole(&Page::new(size, samples, photometric, data.to_vec())).data;
    assert_eq!(colour(4, 5, &[0, 0, 0, 0]), [255, 255, 255]);
    let black = colour(4, 5, &[0, 0, 0, 255]);
    assert!(black.iter().all(|&v| v < 60), "{black:?}");
    let red = colour(4, 5, &[0, 255, 255, 0]);
    assert!(red[0] > 200 && red[1] < 60 && red[2] < 60, "{red:?}");
    // L* 53.24 a* 80.09 b* 67.2 is sRGB's red in D65; in D50 54.29, 80.81, 69.89
    let lab = colour(3, 8, &[138, 81, 70]);
    assert!(lab[0] > 250 && lab[1] < 12 && lab[2] < 12, "{lab:?}");
    assert_eq!(lab, colour(3, 9, &[138, 81 + 128, 70 + 128]));
    let page = Page::new(size, 3, 6, vec![76, 85, 255]).with(530, SHORT, &[1, 1]);
    assert!(difference(&whole(&page), &common::constant(1, 1, &[254, 0, 0])).0 <= 2);
    // 4 × 2 pixels that share chroma, then the same again
    let blocks = [[10, 20, 30, 40, 50, 60, 70, 80, 128, 128], [90; 10].map(|_| 128)].concat();
    let page = Page::new(Size { width: 8, height: 2 }, 3, 6, blocks).with(530, SHORT, &[4, 2]);
    let luma: Vec<u8> = whole(&page).data.chunks(3).map(|pixel| pixel[0]).collect();
    assert_eq!(luma, [10, 20, 30, 40, 128, 128, 128, 128, 50, 60, 70, 80, 128, 128, 128, 128]);
    let page = Page::new(size, 4, 2, vec![50, 100, 128, 128]).short(338, 1);
    assert_eq!(whole(&page).data, [100, 199, 255, 128]);
    // what a fourth sample is that is said to be nothing known is not alpha
    let page = Page::new(size, 4, 2, vec![50, 100, 128, 3]).short(338, 0);
    assert_eq!(whole(&page).data, [50, 100, 128]);
}

#[test]
fn floats_are_light_in_colour_and_their_bytes_may_be_sorted() {
    let size = Size { width: 2, height: 1 };
    let floats = [0.0_f32, 0.5, 1.0, 0.25, 2.0, -1.0];
    let plain: Vec<u8> = floats.iter().flat_map(|v| v.to_le_bytes()).collect();
    let page = |data| Page::new(size, 3, 2, data).with(258, SHORT, &[32; 3]).with(339, SHORT, &[3; 3]);
    let wanted = [0, 188, 255, 137, 255, 0];
    assert_eq!(whole(&page(plain)).data, wanted);
    let sorted: Vec<u8> = (0..4).flat_map(|byte| floats.map(|v| v.to_be_bytes()[byte])).collect();
    let stored = differences(&sorted, 24, 3);
    assert_eq!(whole(&page(stored).short(317, 3).compressed(8, deflate)).data, wanted);
}

/// Black and white, with rows that are alike and rows that are not.
fn fax_picture() -> Vec<Vec<bool>> {
    (0..40_usize)
        .map(|y| (0..67_usize).map(|x| (x / 7 + y / 5) % 3 == 0 || x * y % 31 == 4 || y == 9).collect())
        .collect()
}

fn fax_page(number: u64, data: Vec<u8>) -> Page {
    Page::new(Size { width: 67, height: 40 }, 1, 0, data).short(258, 1).short(259, number)
}

fn group_4() -> Vec<u8> {
    use fax::{Color, VecWriter, encoder::Encoder};
    let mut encoder = Encoder::new(VecWriter::new());
    for row in fax_picture() {
        let pels = row.iter().map(|&is_black| if is_black { Color::Black } else { Color::White });
        encoder.encode_line(pels, 67).unwrap();
    }
    encoder.finish().unwrap().finish()
}

/// Runs of a row as codes of one dimension.
fn modified_huffman(row: &[bool], bits: &mut Vec<bool>) {
    let mut put = |code: fax::Bits| bits.extend((0..code.len).rev().map(|i| code.data >> i & 1 == 1));
    let (mut at, mut is_black) = (0, false);
    while at < row.len() {
        let length = row[at..].iter().take_while(|&&v| v == is_black).count();
        let code = if is_black { fax::maps::black::encode } else { fax::maps::white::encode };
        if length >= 64 {
            put(code((length / 64 * 64) as u16).unwrap());
        }
        put(code((length % 64) as u16).unwrap());
        at += length;
        is_black = !is_black;
    }
}

fn packed(bits: &[bool]) -> Vec<u8> {
    bits.chunks(8).map(|byte| byte.iter().zip((0..8).rev()).map(|(&bit, i)| u8::from(bit) << i).sum()).collect()
}

#[test]
fn faxes_of_every_group_are_read() {
    let wanted: Vec<u8> = fax_picture().concat().iter().map(|&is_black| if is_black { 0 } else { 255 }).collect();
    assert_eq!(whole(&fax_page(4, group_4())).data, wanted);
    let (mut aligned, mut group_3) = (Vec::new(), Vec::new());
    for row in fax_picture() {
        modified_huffman(&row, &mut aligned);
        aligned.resize(aligned.len().next_multiple_of(8), false);
        group_3.extend([false; 11]);
        group_3.push(true);
        modified_huffman(&row, &mut group_3);
    }
    assert_eq!(whole(&fax_page(2, packed(&aligned))).data, wanted);
    assert_eq!(whole(&fax_page(3, packed(&group_3))).data, wanted);
    let turned = packed(&group_3).iter().map(|byte| byte.reverse_bits()).collect();
    assert_eq!(whole(&fax_page(3, turned).short(266, 2)).data, wanted);
}

#[test]
fn jpegs_inside_are_read_with_tables_of_their_own_or_shared() {
    let picture = picture(64, 48, 3);
    let file = jpeg(&picture, 95, false, false, None);
    let page = Page::new(picture.size, 3, 6, file.clone()).short(259, 7);
    let (_, mean) = difference(&whole(&page), &picture);
    assert!(mean < 2.0, "{mean}");
    // everything before the frame's header, shared
    let frame = file.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    let (tables, rest) = ([&file[..frame], &[0xff, 0xd9]].concat(), [&[0xff, 0xd8], &file[frame..]].concat());
    let tables: Vec<u64> = tables.iter().map(|&byte| byte.into()).collect();
    let shared = Page::new(picture.size, 3, 6, rest).short(259, 7).with(347, UNDEFINED, &tables);
    assert_eq!(whole(&shared), whole(&page));
    // chroma is repeated here, and smoothed in a file of its own
    let file = jpeg(&picture, 95, true, false, None);
    let alone = pixels(&run(&file, &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap());
    let (_, mean) = difference(&whole(&Page::new(picture.size, 3, 6, file).short(259, 7)), &alone);
    assert!(mean < 4.0, "{mean}");
}

#[test]
fn it_lies_upright_and_becomes_a_png_or_where_it_is_opaque_a_jpeg() {
    for (channels, format) in [(3, Format::Jpeg), (4, Format::Png)] {
        let (_, page) = page(channels);
        let out = run(&page.short(274, 6).write(), &Edits::default()).unwrap();
        assert_eq!((out.format, out.size), (format, Size { width: 47, height: 61 }));
    }
}

#[test]
fn what_is_cut_off_is_filled_and_what_makes_no_sense_is_refused_by_name() {
    let (_, plain) = page(3);
    // the directory first is not how the writer does it: cut the strip by its count
    let cut = Page { chunks: vec![plain.chunks[0][..61 * 3 * 20].to_vec()], ..plain.clone() };
    let out = run(&cut.write(), &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap();
    assert!(out.missing > 0.5 && out.missing < 0.65 || out.missing == 0.0, "{}", out.missing);
    let lzw_cut = plain.clone().compressed(5, |data| lzw(&data[..61 * 3 * 20]));
    let out = run(&lzw_cut.write(), &Edits { format: Some(Format::Png), ..Edits::default() }).unwrap();
    assert!(out.missing > 0.5 && out.missing < 0.65, "{}", out.missing);
    let refused = |page: Page| run(&page.write(), &Edits::default()).unwrap_err().code();
    assert_eq!(refused(plain.clone().short(256, 0)), "corrupt_image");
    assert_eq!(refused(plain.clone().short(259, 50_000)), "unsupported_image");
    assert_eq!(refused(plain.clone().with(258, SHORT, &[8, 8, 5])), "unsupported_image");
    assert_eq!(refused(plain.clone().with(256, LONG, &[2_000_000_000]).compressed(5, lzw)), "limit_exceeded");
    assert_eq!(refused(plain.clone().with(257, LONG, &[1_500_000]).compressed(5, lzw)), "limit_exceeded");
    assert_eq!(probe(b"II*\0\x08\0\0\0").unwrap_err().code(), "corrupt_image");
    // a directory that is its own next
    assert!(probe(b"II*\0\x08\0\0\0\0\0\x08\0\0\0").is_err());
}

#[test]
fn mutated_files_are_images_or_errors_and_take_no_more_than_was_said() {
    let mut random = Random(5);
    let edits = Edits { width: Some(20), format: Some(Format::Png), ..Edits::default() };
    let answer = |bytes: &[u8]| common::takes_what_is_planned(bytes, &edits);
    let picture = picture(64, 48, 3);
    let mut files: Vec<Vec<u8>> = exact(3).into_iter().map(|(_, page)| page.write()).collect();
    files.push(fax_page(4, group_4()).write());
    files.push(Page::new(picture.size, 3, 6, jpeg(&picture, 90, true, true, None)).short(259, 7).write());
    for file in files {
        answer(&file);
        (0..200).for_each(|i| answer(&file[..file.len() * i / 200]));
        for round in 0..500 {
            let mut bytes = file.clone();
            // tags stand at the end, the header at the start
            let length = bytes.len();
            let at = match round % 3 {
                0 => random.below(length as u64) as usize,
                1 => length - 1 - random.below(length.min(260) as u64) as usize,
                _ => random.below(24) as usize,
            };
            bytes[at] ^= random.within(1, 255) as u8;
            answer(&bytes);
        }
    }
}
