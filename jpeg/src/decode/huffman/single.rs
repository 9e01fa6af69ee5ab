//! One code a look-up: canonical codes (T.81, annex C), and a table that most of them are found in, with the value that
//! follows where it fits.

/// Bits of the table.
const FAST: u32 = 10;

/// Canonical codes of any length: the slow way that always works.
#[derive(Debug)]
pub(super) struct Codes {
    /// First 16-bit look-ahead beyond the codes of each length.
    limit: [u32; 17],
    /// What to add to a code of each length for its symbol's index.
    offset: [i32; 17],
    symbols: [u8; 256],
}

/// A symbol, and the length of its code.
pub(super) type Code = (u8, u8);

impl Codes {
    /// `spec` is 16 counts, then symbols. Also all codes, in ascending order. `None` if they cannot exist.
    #[inline(never)]
    pub fn new(spec: &[u8]) -> Option<(Self, Vec<Code>)> {
        let (counts, listed) = spec.split_first_chunk::<16>()?;
        let mut symbols = [0; 256];
        symbols.get_mut(..listed.len())?.copy_from_slice(listed);
        let (mut limit, mut offset) = ([0; 17], [0; 17]);
        let (mut code, mut index) = (0u32, 0usize);
        let mut all = Vec::with_capacity(listed.len());
        for (length, &count) in (1..=16).zip(counts) {
            offset[length] = index as i32 - code as i32;
            code += u32::from(count);
            if code > 1 << length {
                return None;
            }
            limit[length] = code << (16 - length);
            let end = index + usize::from(count);
            all.extend(listed.get(index..end)?.iter().map(|&symbol| (symbol, length as u8)));
            index = end;
            code <<= 1;
        }
        (index == listed.len()).then_some((Self { limit, offset, symbols }, all))
    }

    /// Entry of a code that is at least so long, never with the value in it.
    #[inline(always)]
    pub fn entry(&self, mut length: u32, ahead: u32) -> Option<Entry> {
        while length <= 16 {
            if ahead < self.limit[length as usize] {
                let index = (ahead >> (16 - length)) as i32 + self.offset[length as usize];
                return Some(Entry::of_symbol(self.symbols[index as usize & 255], length));
            }
            length += 1;
        }
        None
    }
}

/// One look-up of a value table.
///
/// Bits 0–5: bits to take; 6–9: run of zeros; 10–13: size; 15: the value is
/// in bits 16–31 and its bits are counted in; else only the code's are.
/// 0: no code this short.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry(u32);

impl Entry {
    const INLINE: u32 = 1 << 15;

    /// What stands for a code that does not exist: run and size 0.
    pub const END_OF_BLOCK: Self = Self(0);

    fn of_symbol(symbol: u8, length: u32) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        Self(size << 10 | run << 6 | length)
    }

    /// With the value that its `bits` are.
    fn of_value(symbol: u8, length: u32, bits: u32) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        Self((extend(bits, size) as u32) << 16 | Self::INLINE | run << 6 | (length + size))
    }

    /// Fills a whole table, one entry for each value of `ahead` bits. Codes ascend, so that it fills from the front.
    #[inline(never)]
    fn fill(table: &mut [Self], codes: &[Code], ahead: u32) {
        let mut rest = table;
        for &(symbol, length) in codes {
            let (size, length) = (u32::from(symbol & 15), u32::from(length));
            if length > ahead {
                break;
            }
            let (block, after) = rest.split_at_mut(1 << (ahead - length));
            if size > 0 && length + size <= ahead {
                for (bits, block) in (0..).zip(block.chunks_exact_mut(1 << (ahead - length - size))) {
                    block.fill(Self::of_value(symbol, length, bits));
                }
            } else {
                block.fill(Self::of_symbol(symbol, length));
            }
            rest = after;
        }
    }

    /// The whole table for so many bits: `N` is 2 to their number.
    #[inline(always)]
    pub(super) fn table<const N: usize>(codes: &[Code]) -> [Self; N] {
        let mut table = [Self(0); N];
        Self::fill(&mut table, codes, N.ilog2());
        table
    }

    /// The entry of a size of 0 as one whose value is 0.
    pub(super) fn with_zero_inline(self) -> Self {
        if self.0 >> 6 == 0 && !self.is_missing() { Self(self.0 | Self::INLINE) } else { self }
    }

    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0 & 63
    }

    #[inline(always)]
    pub fn run(self) -> usize {
        (self.0 >> 6 & 15) as usize
    }

    #[inline(always)]
    pub fn size(self) -> u32 {
        self.0 >> 10 & 15
    }

    #[inline(always)]
    pub fn is_inline(self) -> bool {
        self.0 & Self::INLINE != 0
    }

    #[inline(always)]
    pub fn value(self) -> i16 {
        (self.0 >> 16) as i16
    }

    #[inline(always)]
    pub(super) fn is_missing(self) -> bool {
        self.0 == 0
    }
}

/// A table of single codes.
#[derive(Debug)]
pub(crate) struct Singles {
    fast: [Entry; 1 << FAST],
    codes: Codes,
}

impl Singles {
    pub(super) fn new(codes: Codes, all: &[Code]) -> Self {
        Self { fast: Entry::table(all), codes }
    }

    pub(super) fn map(self, change: impl Fn(Entry) -> Entry) -> Self {
        Self { fast: self.fast.map(change), ..self }
    }

    /// Entry for the next 16 bits; `None` if they start no code.
    #[inline(always)]
    pub fn look_up(&self, ahead: u32) -> Option<Entry> {
        self.fast(ahead).or_else(|| self.slow(ahead))
    }

    /// The same without a call.
    #[inline(always)]
    pub fn look_up_inline(&self, ahead: u32) -> Option<Entry> {
        self.fast(ahead).or_else(|| self.codes.entry(FAST + 1, ahead))
    }

    #[inline(always)]
    fn fast(&self, ahead: u32) -> Option<Entry> {
        let entry = self.fast[(ahead >> (16 - FAST)) as usize & ((1 << FAST) - 1)];
        (!entry.is_missing()).then_some(entry)
    }

    #[inline(never)]
    fn slow(&self, ahead: u32) -> Option<Entry> {
        self.codes.entry(FAST + 1, ahead)
    }

    /// Entry for the next 16 bits by the codes alone.
    #[cfg(test)]
    pub fn by_codes(&self, ahead: u32) -> Option<Entry> {
        self.codes.entry(1, ahead)
    }
}

/// The value of `size` (1 to 15) bits (T.81, F.2.2.1, EXTEND).
#[inline(always)]
pub(crate) fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
}
