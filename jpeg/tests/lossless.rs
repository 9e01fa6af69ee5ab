//! Lossless files: at full size the very samples that were encoded.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::bits::BitWriter;
use common::*;
use deckle_jpeg::{ChromaScale, Color, Decoder, Error, Frame, Header, Options, Scale};

/// A writer of lossless files by T.81, annex H.
#[derive(Clone)]
struct Lossless {
    width: usize,
    height: usize,
    precision: u32,
    predictor: u8,
    /// Bits cut off.
    low: u32,
    /// Restart after so many rows of MCUs.
    restart_rows: usize,
    sampling: Vec<(usize, usize)>,
    /// All components in one scan, or each in its own.
    together: bool,
    /// Samples of each component, as wide and high as its share of the picture.
    planes: Vec<Vec<u16>>,
}

impl Lossless {
    fn new(width: usize, height: usize, precision: u32, sampling: &[(usize, usize)]) -> Self {
        let mut random = Random((width + 31 * height) as u64 + u64::from(precision));
        let mut made = Self {
            width,
            height,
            precision,
            predictor: 1,
            low: 0,
            restart_rows: 0,
            sampling: sampling.to_vec(),
            together: true,
            planes: Vec::new(),
        };
        for c in 0..sampling.len() {
            let (w, h) = made.size(c);
            let largest = (1 << precision) - 1;
            let value = |i: usize, noise: u32| {
                let smooth = ((i % w) * 3 + (i / w) * 5 + c * 40) as u32 % 256;
                if noise.is_multiple_of(9) { (noise * 7919) & largest } else { (smooth << precision >> 8) & largest }
            };
            let plane = (0..w * h).map(|i| value(i, random.below(1 << 16)) as u16).collect();
            made.planes.push(plane);
        }
        made
    }

    fn largest_factors(&self) -> (usize, usize) {
        let of = |factor: fn(&(usize, usize)) -> usize| self.sampling.iter().map(factor).max().unwrap();
        (of(|s| s.0), of(|s| s.1))
    }

    fn size(&self, c: usize) -> (usize, usize) {
        let (max_h, max_v) = self.largest_factors();
        ((self.width * self.sampling[c].0).div_ceil(max_h), (self.height * self.sampling[c].1).div_ceil(max_v))
    }

    fn write(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        // 17 sizes, all with codes of 5 bits
        let table: Vec<u8> = [&[0u8, 0, 0, 0, 0, 17][1..], &[0; 11], &(0..17).collect::<Vec<u8>>()].concat();
        segment(&mut out, 0xC4, &[&[0][..], &table].concat());
        let mut frame = vec![self.precision as u8, (self.height >> 8) as u8, self.height as u8];
        frame.extend([(self.width >> 8) as u8, self.width as u8, self.sampling.len() as u8]);
        for (i, (h, v)) in self.sampling.iter().enumerate() {
            frame.extend([i as u8 + 1, (h << 4 | v) as u8, 0]);
        }
        segment(&mut out, 0xC3, &frame);
        let all: Vec<usize> = (0..self.sampling.len()).collect();
        let scans: Vec<Vec<usize>> = if self.together { vec![all] } else { all.iter().map(|&c| vec![c]).collect() };
        for scan in scans {
            self.write_scan(&scan, &table, &mut out);
        }
        out.extend([0xFF, 0xD9]);
        out
    }

    fn write_scan(&self, scan: &[usize], table: &[u8], out: &mut Vec<u8>) {
        let (max_h, max_v) = self.largest_factors();
        let alone = scan.len() == 1;
        let (across, down) = match alone {
            true => self.size(scan[0]),
            false => (self.width.div_ceil(max_h), self.height.div_ceil(max_v)),
        };
        segment(out, 0xDD, &((self.restart_rows * across) as u16).to_be_bytes());
        let mut head = vec![scan.len() as u8];
        scan.iter().for_each(|&c| head.extend([c as u8 + 1, 0]));
        head.extend([self.predictor, 0, self.low as u8]);
        segment(out, 0xDA, &head);
        let mut bits = BitWriter::default();
        for (row, mcu) in (0..down).flat_map(|row| (0..across).map(move |mcu| (row, mcu))) {
            let starts = self.restart_rows > 0 && row > 0 && row % self.restart_rows == 0;
            if starts && mcu == 0 {
                bits.flush(out);
                out.extend([0xFF, 0xD0 + ((row / self.restart_rows - 1) % 8) as u8]);
            }
            let is_first = row == 0 || starts;
            for &c in scan {
                let (h, v) = if alone { (1, 1) } else { self.sampling[c] };
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    let (x, y) = (mcu * h + x, row * v + y);
                    let first = is_first && y == row * v;
                    let difference = (self.value(c, x, y) - self.prediction(c, x, y, first)) as i16;
                    let size = 16 - difference.unsigned_abs().leading_zeros();
                    bits.symbol(table, size as u8, out);
                    if size < 16 {
                        bits.value(difference, size, out);
                    }
                }
            }
        }
        bits.flush(out);
    }

    /// Beyond the edges, the last sample goes on.
    fn value(&self, c: usize, x: usize, y: usize) -> i32 {
        let (w, h) = self.size(c);
        i32::from(self.planes[c][y.min(h - 1) * w + x.min(w - 1)] >> self.low)
    }

    fn prediction(&self, c: usize, x: usize, y: usize, first: bool) -> i32 {
        let (left, above) = (|| self.value(c, x - 1, y), || self.value(c, x, y - 1));
        let corner = || self.value(c, x - 1, y - 1);
        match (x, first, self.predictor) {
            (0, true, _) => 1 << (self.precision - self.low - 1),
            (_, true, _) => left(),
            (0, false, _) => above(),
            (_, _, 1) => left(),
            (_, _, 2) => above(),
            (_, _, 3) => corner(),
            (_, _, 4) => left() + above() - corner(),
            (_, _, 5) => left() + ((above() - corner()) >> 1),
            (_, _, 6) => above() + ((left() - corner()) >> 1),
            _ => (left() + above()) >> 1,
        }
    }

    /// What the planes are in 8 bits.
    fn expected(&self) -> Vec<Vec<u8>> {
        let largest = (1u32 << self.precision) - 1;
        let to_8 = |value: &u16| {
            let kept = u32::from(*value) >> self.low << self.low;
            ((kept * 255 + largest / 2) / largest) as u8
        };
        self.planes.iter().map(|plane| plane.iter().map(to_8).collect()).collect()
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((content.len() as u16 + 2).to_be_bytes());
    out.extend(content);
}

fn samplings() -> Vec<Vec<(usize, usize)>> {
    vec![vec![(1, 1)], vec![(1, 1); 3], vec![(2, 2), (1, 1), (1, 1)], vec![(2, 1), (1, 2), (1, 1)], vec![(1, 1); 4]]
}

fn same() -> Options {
    Options { chroma: ChromaScale::Same, ..Options::default() }
}

#[test]
fn samples_are_what_was_encoded() {
    for sampling in samplings() {
        for (w, h) in [(1, 1), (40, 33), (9, 70)] {
            for predictor in 1..=7 {
                for (precision, low, restart_rows, together) in [
                    (8, 0, 0, true),
                    (8, 2, 3, true),
                    (12, 0, 1, false),
                    (16, 0, 0, false),
                    (5, 1, 8, true),
                    (2, 0, 1, true),
                ] {
                    let mut file = Lossless::new(w, h, precision, &sampling);
                    (file.predictor, file.low, file.restart_rows, file.together) =
                        (predictor, low, restart_rows, together);
                    let got = decode(&file.write(), Scale::Full, &same());
                    let what = format!("{sampling:?} {w}×{h} predictor {predictor}, {precision} bits without {low}");
                    assert!(!got.damaged, "{what} is called damaged");
                    for (plane, expected) in got.planes.iter().zip(file.expected()) {
                        let most = plane.samples.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max();
                        // of other than 8 bits, halves may be rounded either way
                        assert!(most.unwrap() <= u8::from(precision != 8), "{what}: {most:?} off");
                    }
                }
            }
        }
    }
}

#[test]
fn files_of_another_encoder_are_read() {
    let (w, h) = (75, 60);
    let rgb = picture(w, h);
    for predictor in 1..=7 {
        for restart in [0, 2] {
            let encoder = encoder(&rgb, w, h).lossless(true).lossless_predictor(predictor).restart_rows(restart);
            let jpeg = encoder.encode().unwrap();
            let header = Header::parse(&jpeg).unwrap();
            assert_eq!(header.frame, Frame::Lossless);
            assert_eq!(header.color, Color::Rgb);
            let got = decode(&jpeg, Scale::Full, &Options::default());
            assert!(!got.damaged);
            for (c, plane) in got.planes.iter().enumerate() {
                let stored: Vec<u8> = rgb.iter().skip(c).step_by(3).copied().collect();
                assert!(plane.samples == stored, "predictor {predictor}, restart {restart}, component {c}");
            }
        }
    }
}

#[test]
fn smaller_scales_are_means() {
    let mut file = Lossless::new(48, 40, 8, &[(1, 1)]);
    for (i, value) in file.planes[0].iter_mut().enumerate() {
        *value = if i % 48 < 24 { 200 } else { 10 };
    }
    let jpeg = file.write();
    for scale in Scale::ALL {
        let got = decode(&jpeg, scale, &Options::default());
        let plane = &got.planes[0];
        let half = plane.width / 2;
        for line in plane.samples.chunks(plane.width) {
            assert!(line[..half].iter().all(|&sample| sample == 200), "{scale:?}");
            assert!(line[plane.width - half..].iter().all(|&sample| sample == 10), "{scale:?}");
        }
    }
    for sampling in samplings() {
        let jpeg = Lossless::new(45, 37, 8, &sampling).write();
        for scale in Scale::ALL {
            assert!(!decode(&jpeg, scale, &Options::default()).damaged);
        }
    }
}

#[test]
fn what_is_cut_off_repeats_the_last_line() {
    let mut file = Lossless::new(40, 80, 8, &[(1, 1); 3]);
    file.restart_rows = 4;
    let jpeg = file.write();
    let whole = decode(&jpeg, Scale::Full, &Options::default());
    let cut = decode(&jpeg[..jpeg.len() / 2], Scale::Full, &Options::default());
    assert!(cut.damaged);
    let (a, b) = (&whole.planes[0].samples, &cut.planes[0].samples);
    assert_eq!(a[..36 * 40], b[..36 * 40]);
    assert_eq!(b[79 * 40..], b[60 * 40..61 * 40]);
    assert!(!decode(&jpeg[..jpeg.len() - 3], Scale::Full, &Options::default()).damaged);
    // one interval
    let marker = jpeg.windows(2).position(|two| two == [0xFF, 0xD3]).unwrap();
    let mut changed = jpeg.clone();
    changed[marker + 6..marker + 12].fill(0xFE);
    changed[marker + 1] = 0xD5;
    let got = decode(&changed, Scale::Full, &Options::default());
    let b = &got.planes[0].samples;
    assert!(a[..16 * 40] == b[..16 * 40] && a[20 * 40..] == b[20 * 40..]);
}

#[test]
fn what_cannot_be_is_an_error() {
    let file = Lossless::new(40, 30, 8, &[(1, 1)]);
    let code = |file: &Lossless| Header::parse(&file.write()).err().map(|error: Error| error.code());
    assert_eq!(code(&file), None);
    for predictor in [0, 8] {
        assert_eq!(code(&Lossless { predictor, ..file.clone() }), Some("jpeg_bad_segment"));
    }
    let mut jpeg = file.write();
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC3]).unwrap();
    jpeg[frame + 4] = 17;
    assert_eq!(Header::parse(&jpeg).unwrap_err().code(), "jpeg_unsupported_precision");
    let mut jpeg = Lossless { restart_rows: 2, ..file.clone() }.write();
    let interval = jpeg.windows(2).position(|two| two == [0xFF, 0xDD]).unwrap();
    jpeg[interval + 5] -= 1;
    let header = Header::parse(&jpeg).unwrap();
    let error = Decoder::new(&header, Scale::Full, &Options::default()).unwrap_err();
    assert_eq!(error.code(), "jpeg_bad_segment");
}
