//! Takes choices from a fuzzer's bytes. When they are used up, every choice is 0.

use deckle_jpeg::{ChromaScale, Limits, Options, Reduction, Scale};

pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// The last `count` bytes.
    pub fn of_end(data: &'a [u8], count: usize) -> Self {
        Self(&data[data.len().saturating_sub(count)..])
    }

    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    pub fn u16(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    /// `None`, or what `make` makes of more bytes.
    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    /// A part of a few hundred bytes at most.
    pub fn part(&mut self) -> &'a [u8] {
        let length = usize::from(self.u16() % 300).min(self.0.len());
        let (part, rest) = self.0.split_at(length);
        self.0 = rest;
        part
    }

    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    pub fn scale(&mut self) -> Scale {
        self.one_of(&Scale::ALL)
    }

    pub fn options(&mut self) -> Options {
        let chroma = match self.byte() % 3 {
            0 => ChromaScale::Match,
            1 => ChromaScale::Same,
            _ => ChromaScale::At(self.scale()),
        };
        let reduction = self.one_of(&[Reduction::LowPass, Reduction::Average]);
        let (headroom, coarse) = (self.flag(), self.flag());
        // large pictures only make runs slow
        let limits = Limits { pixels: 1 << 18, ..Limits::default() };
        Options { chroma, reduction, headroom, coarse, limits }
    }
}
