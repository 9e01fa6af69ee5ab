//! Against flate2 and by hand.
#![allow(clippy::unwrap_used)]

use std::io::Write;

use deckle_expand::{Damage, Inflater};
use flate2::Compression;
use flate2::write::ZlibEncoder;

struct Random(u32);

impl Random {
    fn next(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(self.0) * u64::from(most)) >> 32) as u32
    }
}

/// Runs, repetitions from near and far, and bytes of which some are frequent.
fn content(seed: u32, length: usize, spread: u32) -> Vec<u8> {
    let mut random = Random(seed);
    let mut bytes: Vec<u8> = Vec::new();
    while bytes.len() < length {
        let count = 1 + random.next(300) as usize;
        match random.next(4) {
            0 => bytes.extend(vec![random.next(256) as u8; count]),
            1 if !bytes.is_empty() => {
                let from = bytes.len() - 1 - random.next(bytes.len().min(40_000) as u32) as usize;
                (from..from + count).for_each(|at| bytes.push(bytes[at]));
            }
            _ => (0..count).for_each(|_| bytes.push((random.next(spread) * random.next(spread) / spread.max(1)) as u8)),
        }
    }
    bytes.truncate(length);
    bytes
}

fn deflated(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// All that comes, read so many bytes at once, and whether it ended well.
fn inflated(coded: &[u8], piece: usize, at_once: usize) -> (Vec<u8>, bool) {
    let mut inflater = Inflater::new(coded.chunks(piece.max(1)));
    let (mut all, mut part) = (Vec::new(), vec![0; at_once]);
    loop {
        match inflater.read(&mut part) {
            Ok(count) => {
                all.extend_from_slice(&part[..count]);
                if count < at_once && count == 0 {
                    return (all, true);
                }
            }
            Err(Damage) => return (all, false),
        }
    }
}

#[test]
fn what_flate2_deflates_is_inflated_at_any_level_in_any_pieces() {
    for (seed, length) in [0, 1, 2, 100, 5000, 70_000, 400_000].into_iter().enumerate() {
        for spread in [2, 20, 200, 256] {
            let bytes = content(seed as u32 * 5 + spread, length, spread);
            for level in [0, 1, 4, 6, 9] {
                let coded = deflated(&bytes, level);
                for (piece, at_once) in [(usize::MAX, 1 << 20), (1, 977), (7, 65_536), (8192, 10_000), (16_391, 3)] {
                    let (made, is_whole) = inflated(&coded, piece.min(coded.len()), at_once);
                    assert!(is_whole && made == bytes, "{length} {spread} level {level} pieces of {piece}");
                }
            }
        }
    }
}

#[test]
fn what_is_cut_short_gives_what_there_was_and_then_damage() {
    let bytes = content(9, 60_000, 90);
    let coded = deflated(&bytes, 6);
    // the checksum at the end is not looked at
    for length in (0..coded.len() - 5).step_by(37) {
        let (made, is_whole) = inflated(&coded[..length], 100, 4096);
        assert!(!is_whole && bytes.starts_with(&made), "{length} of {}", coded.len());
        // no more is lost than the last few symbols, which is a block's start at worst
        assert!(length < 200 || made.len() * 3 > length, "{length}: {}", made.len());
    }
}

#[test]
fn damage_is_refused_or_read_as_something_else_but_never_more_than_that() {
    let bytes = content(10, 20_000, 60);
    for level in [1, 6] {
        let coded = deflated(&bytes, level);
        let mut random = Random(5);
        for _ in 0..3000 {
            let mut damaged = coded.clone();
            for _ in 0..=random.next(3) {
                let at = random.next(damaged.len() as u32) as usize;
                damaged[at] ^= 1 << random.next(8);
            }
            let mut inflater = Inflater::new(damaged.chunks(997));
            let mut part = [0; 1000];
            let mut total = 0;
            while let Ok(count @ 1..) = inflater.read(&mut part) {
                total += count;
                assert!(total <= damaged.len() * 1032 + 1000);
            }
        }
    }
}

#[test]
fn headers_and_blocks_that_mean_nothing_are_damage() {
    // no zlib; a dictionary; block type 3; a stored length that is not its complement; a match before there is anything
    let refused: [&[u8]; 6] =
        [&[], &[0, 0], &[0x78, 0xBB], &[0x78, 0x9C, 7], &[0x78, 0x9C, 1, 5, 0, 5, 0], &[0x78, 0x9C, 3, 2, 0]];
    for coded in refused {
        assert_eq!(inflated(coded, 3, 10), (Vec::new(), false), "{coded:x?}");
    }
    // an empty block of fixed codes
    assert_eq!(inflated(&[0x78, 0x9C, 3, 0, 0, 0, 0, 1], 3, 10), (Vec::new(), true));
    // what `zlib` makes of "aaaaaaaaaa" (RFC 1951, 3.2.6)
    assert_eq!(
        inflated(&[0x78, 0x9C, 0x4B, 0x84, 0x03, 0x00, 0x14, 0xE1, 0x03, 0xCB], 2, 4),
        (b"aaaaaaaaaa".to_vec(), true)
    );
}
