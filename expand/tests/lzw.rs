//! Against weezl and by hand.
#![allow(clippy::unwrap_used)]

use weezl::{BitOrder, encode::Encoder};

fn content(seed: u32, length: usize, most: u32) -> Vec<u8> {
    let mut state = seed;
    let mut next = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(state) * u64::from(most)) >> 32) as u32
    };
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let (value, count) = (next(most) as u8, 1 + next(9) * next(9) / 8);
        (0..count).for_each(|_| bytes.push(value));
    }
    bytes.truncate(length);
    bytes
}

#[test]
fn what_weezl_packs_is_expanded() {
    for length in [0, 1, 2, 3, 100, 5000, 300_000] {
        for most in [1, 2, 16, 256] {
            let bytes = content(length as u32 + most, length, most);
            let coded = Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&bytes).unwrap();
            let mut out = vec![7; length];
            assert_eq!(deckle_expand::lzw(&coded, &mut out), length, "{length} of {most}");
            assert!(out == bytes, "{length} of {most}");
            // less than there is, and more
            let mut less = vec![0; length / 2];
            assert_eq!(deckle_expand::lzw(&coded, &mut less), length / 2);
            assert!(less == bytes[..length / 2]);
            assert_eq!(deckle_expand::lzw(&coded, &mut vec![0; length + 50]), length);
        }
    }
}

#[test]
fn the_example_of_tiff_6_is_expanded() {
    // section 13: 7 7 7 8 8 7 7 6 6 as clear, 7, 258, 8, 8, 258, 6, 6, end, of 9 bits each
    let codes = [256, 7, 258, 8, 8, 258, 6, 6, 257];
    let bits: Vec<u8> = codes.iter().flat_map(|code| (0..9).rev().map(move |bit| (code >> bit & 1) as u8)).collect();
    let coded: Vec<u8> =
        bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |v, (i, bit)| v | bit << (7 - i))).collect();
    let mut out = [0; 20];
    assert_eq!(deckle_expand::lzw(&coded, &mut out), 9);
    assert_eq!(out[..9], [7, 7, 7, 8, 8, 7, 7, 6, 6]);
}

#[test]
fn damage_ends_it_and_never_writes_beyond() {
    let bytes = content(3, 9000, 40);
    let coded = Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&bytes).unwrap();
    for at in 0..coded.len() {
        let mut damaged = coded.clone();
        damaged[at] ^= 0x55;
        let mut out = vec![0; bytes.len()];
        assert!(deckle_expand::lzw(&damaged, &mut out) <= out.len());
        assert!(deckle_expand::lzw(&coded[..at], &mut out) <= out.len());
    }
}
