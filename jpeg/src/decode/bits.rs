//! The bit reader of entropy-coded segments (T.81, F.2.2.5).
//!
//! The next bit is the highest of a buffer of 64. Where the next 8 bytes hold no `FF`, and so no marker, the buffer is
//! refilled by one load. The reader stops at a marker and at the end of the file, and gives zeros from there on;
//! [`Bits::overrun`] tells whether one of them was used.

use crate::header::next_marker;
use deckle_simd::big_endian;

/// A position in entropy-coded data. Hot loops work on a copy, which the compiler keeps in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    position: usize,
    buffer: u64,
    /// Valid bits in the buffer; those below are 0.
    count: u32,
    /// Zeros appended beyond the end.
    padding: u32,
    /// A code that no table has was met.
    pub bad: bool,
    /// What is added to `padding` then: so much that the data count as ended, or 0 to go on.
    padding_if_bad: u32,
}

impl<'a> Bits<'a> {
    /// After a code that does not exist, the data count as ended if there are restarts to go on from; else what follows
    /// is read all the same: Huffman codes fall into step again after some symbols.
    pub fn new(data: &'a [u8], has_restarts: bool) -> Self {
        let padding_if_bad = if has_restarts { 1 << 30 } else { 0 };
        Self { data, position: 0, buffer: 0, count: 0, padding: 0, bad: false, padding_if_bad }
    }

    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// At least 32 bits are buffered afterwards: a code and its value.
    #[inline(always)]
    pub fn fill(&mut self) {
        if self.count < 32 {
            self.fill_to_56();
        }
    }

    #[inline(always)]
    fn fill_to_56(&mut self) {
        if let Some(rest) = self.data.get(self.position..)
            && let Some(bytes) = rest.first_chunk::<8>()
        {
            let bits = (63 - self.count) & 56;
            let taken = big_endian(bytes) & !(u64::MAX >> bits);
            if !may_hold_ff(taken) {
                self.buffer |= taken >> self.count;
                self.position += (bits >> 3) as usize;
                self.count += bits;
                return;
            }
        }
        *self = self.filled_bytewise();
    }

    /// By value, so that the caller's copy can stay in registers.
    #[inline(never)]
    fn filled_bytewise(mut self) -> Self {
        while self.count < 56 {
            let byte = match self.data.get(self.position..) {
                Some([0xFF, 0x00, ..]) => {
                    self.position += 2;
                    0xFF
                }
                Some([0xFF, 0xFF, ..]) => {
                    self.position += 1;
                    continue;
                }
                Some([0xFF, ..] | []) | None => {
                    self.padding = self.padding.saturating_add(56 - self.count.min(56));
                    self.count = self.count.max(56);
                    return self;
                }
                Some([byte, ..]) => {
                    self.position += 1;
                    *byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self
    }

    /// The next `n` bits, 1 to 32, without taking them.
    #[inline(always)]
    pub fn peek(&self, n: u32) -> u32 {
        (self.buffer >> (64 - n)) as u32
    }

    /// Takes `n` bits that are buffered, below 64.
    #[inline(always)]
    pub fn consume(&mut self, n: u32) {
        self.buffer <<= n;
        self.count = self.count.wrapping_sub(n);
    }

    /// Takes and returns `n` buffered bits, 0 to 16.
    #[inline(always)]
    pub fn take(&mut self, n: u32) -> u32 {
        // in two shifts, because a shift by 64 is not defined
        let value = ((self.buffer >> 1) >> (63 - n)) as u32;
        self.consume(n);
        value
    }

    /// Takes one bit, wherever the buffer stands.
    #[inline(always)]
    pub fn bit(&mut self) -> bool {
        if self.count == 0 {
            self.fill_to_56();
        }
        let bit = self.buffer >> 63 != 0;
        self.consume(1);
        bit
    }

    /// Whether bits beyond the end were taken.
    #[inline(always)]
    pub fn overrun(&self) -> bool {
        self.count < self.padding
    }

    /// Takes 16 bits that start no code.
    #[inline(always)]
    pub fn no_code(&mut self) {
        self.bad = true;
        self.consume(16);
        self.padding |= self.padding_if_bad;
    }

    /// Whole bytes that were not taken: those buffered, and those up to the next marker.
    #[cold]
    pub fn bytes_left(&self) -> usize {
        let buffered = (self.count.saturating_sub(self.padding) / 8) as usize;
        let end = next_marker(self.data, self.position).unwrap_or(self.data.len());
        buffered + end.saturating_sub(self.position)
    }

    /// The next bits, their number, and how many of them are zeros from beyond the end.
    pub fn buffered(&self) -> (u64, u32, u32) {
        (self.buffer, self.count, self.padding)
    }

    /// Goes to what another reader has buffered of the same data.
    pub fn set(&mut self, buffer: u64, count: u32, position: usize, padding: u32) {
        (self.buffer, self.count, self.position, self.padding) = (buffer, count, position, padding);
    }

    /// Whether data count as ended at a code that does not exist.
    pub fn ends_if_bad(&self) -> bool {
        self.padding_if_bad > 0
    }

    /// The first byte that is not buffered.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Drops what is buffered and goes on at `position`.
    pub fn go_to(&mut self, position: usize) {
        (self.buffer, self.count, self.padding) = (0, 0, 0);
        self.position = position;
    }
}

/// Whether one of the eight bytes may be `FF`: always true if one is, sometimes if none is.
#[inline(always)]
pub(crate) fn may_hold_ff(word: u64) -> bool {
    (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_are_read_as_one() {
        let mut bits = Bits::new(&[0xFF, 0x00, 0x12, 0xFF, 0x00, 0x34], false);
        bits.fill();
        assert_eq!(bits.take(16), 0xFF12);
        assert_eq!(bits.take(16), 0xFF34);
        assert!(!bits.overrun());
        bits.fill();
        assert_eq!(bits.take(1), 0);
        assert!(bits.overrun());
    }

    #[test]
    fn a_code_that_does_not_exist_ends_data_with_restarts() {
        for has_restarts in [false, true] {
            let mut bits = Bits::new(&[7; 20], has_restarts);
            bits.fill();
            bits.no_code();
            assert!(bits.bad);
            assert_eq!(bits.overrun(), has_restarts);
        }
    }

    #[test]
    fn both_refills_read_the_same() {
        let data: Vec<u8> = (0..4000u32).map(|i| ((i * i) >> 3) as u8 & 0xFE).collect();
        let (mut fast, mut slow) = (Bits::new(&data, false), Bits::new(&data, false));
        for i in 0..2500 {
            fast.fill();
            if slow.count < 32 {
                slow = slow.filled_bytewise();
            }
            let n = i * 7 % 17;
            assert_eq!(fast.take(n), slow.take(n), "at step {i}");
        }
    }

    #[test]
    fn a_marker_is_not_passed() {
        let mut bits = Bits::new(&[1, 2, 3, 0xFF, 0xD3, 9, 9, 9, 9, 9, 9, 9, 9], true);
        bits.fill();
        assert_eq!(bits.take(16), 0x0102);
        assert_eq!((bits.position(), bits.bytes_left()), (3, 1));
        bits.go_to(5);
        bits.fill();
        assert_eq!(bits.take(8), 9);
    }
}
