//! The bit reader of sequential scans: entropy-coded data without their stuffed bytes, some KB ahead, last byte first.
//!
//! In that order eight bytes are loaded as a number whose first bits are the highest, whatever the machine, and what is loaded
//! holds no marker. So a refill is a load, a shift and an or, and the loop that decodes blocks calls nothing; engines of
//! WebAssembly then keep what it works on in registers.

use super::bits::Bits;
use deckle_simd::reversed_without_ff;

/// Bytes ahead, a power of two.
const SIZE: usize = 4096;
/// What a load from a position before [`SIZE`] may reach.
const BYTES: usize = SIZE + 7;
/// Bytes that are made ready beside those that are needed: more would be moved more often.
const AHEAD: usize = 1024;

/// Bytes of an MCU, at most, for each of its blocks: 64 codes of 16 bits, each with 15 bits of value.
pub(super) const BLOCK_BYTES: usize = 256;

/// Entropy-coded data from a place in the file on.
#[derive(Debug)]
pub(crate) struct Window {
    bytes: [u8; BYTES],
    /// The next bits, the first of them the highest; how many they are; where the eight bytes that follow are loaded from.
    reader: State,
    /// Bytes of data in the window, counted from its end, where data begin.
    filled: usize,
    /// Where the data go on in the file.
    position: usize,
    /// A marker, or the end of the file, is at `position`: behind the data are zeros.
    is_last: bool,
    /// Bits of the reader that were zeros beyond the end when the window was opened.
    padding: u32,
    is_open: bool,
}

#[derive(Clone, Copy, Debug)]
struct State {
    buffer: u64,
    count: u32,
    at: usize,
}

/// What a loop works on. It has a copy of the state, which the compiler keeps in registers.
#[derive(Clone, Copy)]
pub(super) struct Reader<'w> {
    bytes: &'w [u8; BYTES],
    state: State,
    /// The loop has to stop, between two MCUs, when the state is below this place.
    floor: usize,
}

impl Window {
    pub fn new() -> Box<Self> {
        Box::new(Self {
            bytes: [0; BYTES],
            reader: State { buffer: 0, count: 0, at: SIZE - 1 },
            filled: 0,
            position: 0,
            is_last: false,
            padding: 0,
            is_open: false,
        })
    }

    /// Goes on where `bits` are, unless it is open already.
    #[inline(always)]
    pub fn open(&mut self, bits: &Bits<'_>) {
        if !self.is_open {
            self.reopen(bits);
        }
    }

    #[inline(never)]
    fn reopen(&mut self, bits: &Bits<'_>) {
        let (buffer, count, padding) = bits.buffered();
        self.reader = State { buffer, count, at: SIZE - 1 };
        (self.filled, self.position, self.padding) = (0, bits.position(), padding);
        (self.is_last, self.is_open) = (false, true);
    }

    /// Puts `bits` to where the window is.
    #[cold]
    #[inline(never)]
    pub fn close(&mut self, bits: &mut Bits<'_>) {
        if !self.is_open {
            return;
        }
        self.is_open = false;
        let State { buffer, count, at } = self.reader;
        let taken = SIZE - 1 - at.min(SIZE - 1);
        let mut position = self.position;
        // back over what was made ready and not taken, and over fill bytes, which are none of it
        for _ in taken..self.filled {
            while let Some([.., 0xFF]) = bits.data().get(..position) {
                position -= 1;
            }
            position -= match bits.data().get(..position) {
                Some([.., 0xFF, 0x00]) => 2,
                _ => 1,
            };
        }
        bits.set(buffer & !(u64::MAX >> count.min(63)), count, position, self.padding());
    }

    /// Zeros from beyond the end that are buffered.
    fn padding(&self) -> u32 {
        let taken = SIZE - 1 - self.reader.at.min(SIZE - 1);
        self.padding.saturating_add(8 * taken.saturating_sub(self.filled) as u32)
    }

    /// Whether bits beyond the end were taken.
    pub fn overrun(&self) -> bool {
        self.is_last && self.reader.count < self.padding()
    }

    /// A reader for MCUs of at most so many bytes.
    #[inline(always)]
    pub fn reader(&mut self, data: &[u8], needed: usize) -> Reader<'_> {
        let needed = needed.min(SIZE - AHEAD);
        if !self.is_last && (self.filled + self.reader.at) < SIZE - 1 + needed {
            self.fill(data, needed);
        }
        // beyond the end the loop stops after each MCU, to see whether it was one
        let floor = SIZE.saturating_sub(self.filled).saturating_add(if self.is_last { 0 } else { needed });
        Reader { bytes: &self.bytes, state: self.reader, floor }
    }

    /// Ends what `reader` did.
    #[inline(always)]
    pub fn advance(&mut self, state: Position) {
        self.reader = state.0;
    }

    /// Moves what is left to the end, and makes what follows ready.
    #[inline(never)]
    fn fill(&mut self, data: &[u8], needed: usize) {
        let taken = SIZE - 1 - self.reader.at.min(SIZE - 1);
        let left = self.filled.saturating_sub(taken);
        self.bytes.copy_within(BYTES - taken - left..BYTES - taken, BYTES - left);
        self.reader.at = SIZE - 1;
        self.filled = left;
        let end = (needed + AHEAD).min(SIZE - 16);
        while self.filled < end && !self.is_last {
            let rest = data.get(self.position..).unwrap_or_default();
            let place = self.bytes.get_mut(BYTES - 16 - self.filled..).and_then(|place| place.first_chunk_mut::<16>());
            match (rest.first_chunk().and_then(reversed_without_ff), place) {
                (Some(reversed), Some(place)) => {
                    *place = reversed;
                    (self.filled, self.position) = (self.filled + 16, self.position + 16);
                }
                _ => self.fill_bytewise(rest),
            }
        }
        if self.is_last {
            self.bytes[..BYTES - self.filled].fill(0);
        }
    }

    /// Up to sixteen bytes, or to where data end.
    #[inline(never)]
    fn fill_bytewise(&mut self, data: &[u8]) {
        let mut at = 0;
        for _ in 0..16 {
            let (byte, length) = match data.get(at..) {
                Some([0xFF, 0x00, ..]) => (0xFF, 2),
                Some([0xFF, 0xFF, ..]) => {
                    at += 1;
                    continue;
                }
                Some([0xFF, ..] | []) | None => {
                    self.is_last = true;
                    break;
                }
                Some(&[byte, ..]) => (byte, 1),
            };
            self.bytes[BYTES - 1 - self.filled] = byte;
            self.filled += 1;
            at += length;
        }
        self.position += at;
    }
}

/// Where a reader is.
pub(super) struct Position(State);

impl Reader<'_> {
    /// Whether the next MCU's bytes are there.
    #[inline(always)]
    pub fn may_go_on(&self) -> bool {
        self.state.at >= self.floor
    }

    /// At least 56 bits are buffered afterwards.
    #[inline(always)]
    pub fn refill(&mut self) {
        let State { buffer, count, at } = &mut self.state;
        let place = *at & (SIZE - 1);
        if let Some(bytes) = self.bytes[place..].first_chunk::<8>() {
            *buffer |= u64::from_le_bytes(*bytes) >> (*count & 63);
            *at = at.wrapping_sub(((63 - (*count & 63)) >> 3) as usize);
            *count |= 56;
        }
    }

    /// At least `n` bits are buffered afterwards, up to 56.
    #[inline(always)]
    pub fn ensure(&mut self, n: u32) {
        if self.state.count < n {
            self.refill();
        }
    }

    /// The next 16 bits, without taking them.
    #[inline(always)]
    pub fn ahead(&self) -> u32 {
        (self.state.buffer >> 48) as u32
    }

    /// Takes `n` bits that are buffered, below 64.
    #[inline(always)]
    pub fn consume(&mut self, n: u32) {
        self.state.buffer <<= n & 63;
        self.state.count = self.state.count.wrapping_sub(n);
    }

    /// Takes and returns `n` buffered bits, 0 to 16.
    #[inline(always)]
    pub fn take(&mut self, n: u32) -> u32 {
        // in two shifts, because a shift by 64 is not defined
        let value = ((self.state.buffer >> 1) >> (63 - n)) as u32;
        self.consume(n);
        value
    }

    #[inline(always)]
    pub fn position(self) -> Position {
        Position(self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entropy-coded data of which one byte in `rarity` is `FF`, stuffed and at times filled, up to a marker.
    fn data(seed: u64, length: usize, rarity: u64) -> Vec<u8> {
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut data = Vec::new();
        while data.len() < length {
            match (next(rarity), next(4)) {
                (0, 0) => data.extend([0xFF, 0xFF, 0xFF, 0]),
                (0, _) => data.extend([0xFF, 0]),
                _ => data.push(next(255) as u8),
            }
        }
        data.extend([0xFF, 0xD3, 1, 2, 3]);
        data
    }

    #[test]
    fn a_window_reads_what_bits_are() {
        for seed in 0..60 {
            let data = data(seed, 1 + seed as usize * 311, 1 + seed % 9 * seed % 40);
            let (mut bits, mut window) = (Bits::new(&data, true), Window::new());
            let mut read = Bits::new(&data, true);
            let mut n = 1;
            for run in 0..400 {
                window.open(&bits);
                let mut reader = window.reader(&data, 600);
                // as many as an MCU may have
                for _ in 0..n * 7 % 60 {
                    n = (n * 31 + 7) % 16;
                    reader.refill();
                    read.fill();
                    assert_eq!(reader.take(n), read.take(n), "seed {seed}");
                }
                let position = reader.position();
                window.advance(position);
                assert_eq!(window.overrun(), read.overrun(), "seed {seed} run {run}");
                if window.overrun() {
                    break;
                }
                if run % 5 == 0 {
                    window.close(&mut bits);
                    let rest = |mut bits: Bits<'_>| {
                        core::array::from_fn::<_, 400, _>(|_| {
                            bits.fill();
                            (bits.take(16), bits.overrun())
                        })
                    };
                    assert_eq!(rest(bits), rest(read), "seed {seed} run {run}");
                }
            }
        }
    }
}
