//! What is left to do when the Huffman tables are known: symbols with their
//! extra bits, and how often each symbol came.
//!
//! A token is 16 bits: a symbol of 9 bits, then up to 7 extra bits. More extra
//! bits follow in tokens without a code. Symbols of AC coefficients are those of
//! T.81 (run << 4 | size, F.1.2.2), luma's below 256, chroma's above. Their low
//! 4 bits are 10 at most, which leaves place for DC differences (size << 4 | 14)
//! and for bits alone (count << 4 | 15). So a single table of 512 codes writes
//! them, whatever the component.

/// Symbols of chroma start here.
pub(super) const CHROMA: u32 = 256;
/// Tokens of a block at most: two for each coefficient.
pub(super) const WINDOW: usize = 128;
/// Tokens that make a piece.
pub(super) const LIMIT: usize = 1 << 14;
/// Extra bits of a token.
pub(super) const EXTRA: u32 = 7;

/// The symbol of a DC difference of `size` bits.
pub(super) fn dc(size: u32) -> u32 {
    size << 4 | 14
}

/// The symbol of `count` bits alone.
pub(super) fn raw(count: u32) -> u32 {
    count << 4 | 15
}

/// Tokens in order, in pieces of about 32 KB, so that none is ever moved to
/// grow and each can go when it is written.
#[derive(Debug)]
pub(super) struct Tokens {
    scratch: Vec<u16>,
    used: usize,
    pub pieces: Vec<Box<[u16]>>,
    /// Bytes of the pieces.
    held: usize,
    /// The most bytes of pieces that are kept.
    room: usize,
    pub counts: [u64; 512],
}

impl Tokens {
    /// Keeps pieces of at most `room` bytes; what is beyond is counted and left out.
    pub fn new(room: usize) -> Self {
        Self { scratch: vec![0; LIMIT + WINDOW], used: 0, pieces: Vec::new(), held: 0, room, counts: [0; 512] }
    }

    /// Bytes of the pieces, those that were left out among them.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Whether tokens were left out.
    pub fn are_cut_off(&self) -> bool {
        self.held > self.room
    }

    /// Room for the tokens of a block, and the counts.
    #[inline(always)]
    pub fn window(&mut self) -> (&mut [u16; WINDOW], &mut [u64; 512]) {
        if self.used > LIMIT {
            self.flush();
        }
        let used = self.used.min(LIMIT);
        let (_, rest) = self.scratch.split_at_mut(used);
        match rest.first_chunk_mut() {
            Some(window) => (window, &mut self.counts),
            // the scratch is as long as that
            None => unreachable!(),
        }
    }

    /// Keeps what was written to the window.
    #[inline(always)]
    pub fn advance(&mut self, count: usize) {
        self.used += count;
    }

    /// Appends `symbol` with `size` extra bits.
    pub fn push(&mut self, symbol: u32, size: u32, extra: u32) {
        let (window, counts) = self.window();
        let mut n = 0;
        put(window, &mut n, counts, symbol, size, extra);
        self.advance(n);
    }

    /// Appends `count` bits, 1 to 7, without a code.
    pub fn push_bits(&mut self, count: u32, bits: u32) {
        let (window, _) = self.window();
        window[0] = (raw(count) | bits << 9) as u16;
        self.advance(1);
    }

    #[cold]
    #[inline(never)]
    pub fn flush(&mut self) {
        if self.used > 0 {
            self.held += 2 * self.used;
            if !self.are_cut_off() {
                self.pieces.push(self.scratch[..self.used].into());
            }
            self.used = 0;
        }
    }
}

/// Writes `symbol` with its `size` extra bits, 14 at most, at `n`.
#[inline(always)]
pub(super) fn put(
    window: &mut [u16; WINDOW],
    n: &mut usize,
    counts: &mut [u64; 512],
    symbol: u32,
    size: u32,
    extra: u32,
) {
    counts[symbol as usize & 511] += 1;
    if size <= EXTRA {
        window[*n & (WINDOW - 1)] = (symbol | extra << 9) as u16;
        *n += 1;
    } else {
        let rest = size - EXTRA;
        window[*n & (WINDOW - 1)] = (symbol | extra >> rest << 9) as u16;
        window[(*n + 1) & (WINDOW - 1)] = (raw(rest) | (extra & ((1 << rest) - 1)) << 9) as u16;
        *n += 2;
    }
}
