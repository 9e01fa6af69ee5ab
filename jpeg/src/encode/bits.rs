//! The bit writer of entropy-coded segments (T.81, F.1.2.3).

use crate::decode::may_hold_ff;
use deckle_simd::big_endian;

/// Bits that are not yet in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    buffer: u64,
    /// Room in the buffer, 1 to 64.
    free: u32,
    /// Times that 64 bits went to the file.
    words: usize,
}

impl Bits {
    pub fn new() -> Self {
        Self { buffer: 0, free: 64, words: 0 }
    }

    /// Bytes that went to the file, stuffed ones not counted.
    pub fn written(&self) -> usize {
        8 * self.words
    }

    /// Writes tokens. By value, so that the bits live in registers.
    #[inline(never)]
    pub fn write(mut self, tokens: &[u16], codes: &[u32; 512], out: &mut Vec<u8>) -> Self {
        for &token in tokens {
            let entry = codes[usize::from(token & 511)];
            self.put(entry >> 5 | u32::from(token >> 9), entry & 31, out);
        }
        self
    }

    #[inline(always)]
    fn put(&mut self, bits: u32, count: u32, out: &mut Vec<u8>) {
        let bits = u64::from(bits);
        if count < self.free {
            self.buffer = self.buffer << count | bits;
            self.free -= count;
        } else {
            let over = count - self.free;
            emit(self.buffer << (self.free & 63) | bits >> over, out);
            self.buffer = bits;
            self.words += 1;
            self.free = 64 - over;
        }
    }

    /// Fills the last byte with ones.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        let pad = self.free % 8;
        self.put((1 << pad) - 1, pad, out);
        for byte in self.buffer.to_be_bytes().into_iter().skip(self.free as usize / 8) {
            push(byte, out);
        }
    }
}

#[inline(always)]
fn emit(word: u64, out: &mut Vec<u8>) {
    if may_hold_ff(word) {
        stuffed(word, out);
    } else {
        out.extend_from_slice(&big_endian(&word.to_le_bytes()).to_le_bytes());
    }
}

#[cold]
#[inline(never)]
fn stuffed(word: u64, out: &mut Vec<u8>) {
    word.to_be_bytes().into_iter().for_each(|byte| push(byte, out));
}

#[inline(never)]
fn push(byte: u8, out: &mut Vec<u8>) {
    out.push(byte);
    if byte == 0xFF {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order() {
        for seed in 0..200u32 {
            let mut state = seed;
            let (mut bits, mut out, mut expected) = (Bits::new(), Vec::new(), Vec::new());
            for _ in 0..300 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let count = (state >> 27) % 24;
                let value = if state & 64 == 0 { (1 << count) - 1 } else { (state >> 3) & ((1 << count) - 1) };
                bits.put(value, count, &mut out);
                expected.extend((0..count).rev().map(|i| value >> i & 1));
            }
            bits.finish(&mut out);
            expected.resize(expected.len().next_multiple_of(8), 1);
            let mut bytes = Vec::new();
            for byte in expected.chunks(8) {
                push(byte.iter().fold(0, |byte, &bit| byte << 1 | bit as u8), &mut bytes);
            }
            assert_eq!(out, bytes, "seed {seed}");
        }
    }
}
