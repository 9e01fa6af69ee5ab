//! Huffman tables (T.81, annex C and F.2.2.3), built for three readers:
//! code and value in one look-up, and coefficients passed over several codes a
//! look-up.

/// Bits of the tables that give code and value.
const FAST: u32 = 10;
/// Bits of the table that passes over codes.
const SKIP: u32 = 12;

/// Canonical codes of any length: the slow way that always works.
#[derive(Debug)]
struct Codes {
    /// First 16-bit look-ahead beyond the codes of each length.
    limit: [u32; 17],
    /// What to add to a code of each length for its symbol's index.
    offset: [i32; 17],
    symbols: [u8; 256],
}

/// A symbol and the length of its code; length 0 for none.
type Single = (u8, u8);

impl Codes {
    /// `spec` is 16 counts, then symbols. `None` if the codes cannot exist.
    #[inline(never)]
    fn new(spec: &[u8]) -> Option<(Self, Vec<Single>)> {
        let (counts, listed) = spec.split_first_chunk::<16>()?;
        let mut symbols = [0; 256];
        symbols.get_mut(..listed.len())?.copy_from_slice(listed);
        let (mut limit, mut offset) = ([0; 17], [0; 17]);
        let (mut code, mut index) = (0u32, 0usize);
        // codes ascend, so that a table by look-ahead fills from the front
        let mut singles = Vec::with_capacity(1 << SKIP);
        for (length, &count) in (1..=16).zip(counts) {
            offset[length] = index as i32 - code as i32;
            code += u32::from(count);
            if code > 1 << length {
                return None;
            }
            limit[length] = code << (16 - length);
            for _ in 0..count {
                if length <= SKIP as usize {
                    let repeat = 1 << (SKIP as usize - length);
                    singles.resize(singles.len() + repeat, (*symbols.get(index)?, length as u8));
                }
                index += 1;
            }
            code <<= 1;
        }
        if index != listed.len() {
            return None;
        }
        singles.resize(1 << SKIP, (0, 0));
        let codes = Self { limit, offset, symbols };
        Some((codes, singles))
    }

    /// Symbol and length of the code that starts a 16-bit look-ahead.
    #[inline(never)]
    fn symbol(&self, ahead: u32) -> Option<(u8, u32)> {
        (1..=16).find_map(|length| {
            (ahead < self.limit[length]).then(|| {
                let index = (ahead >> (16 - length)) as i32 + self.offset[length];
                (self.symbols[index as usize & 255], length as u32)
            })
        })
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

    fn new((symbol, length): Single, ahead: u32) -> Self {
        let (run, size, length) = (u32::from(symbol >> 4), u32::from(symbol & 15), u32::from(length));
        if length == 0 || length > FAST {
            return Self(0);
        }
        if size > 0 && length + size <= FAST {
            let bits = ahead >> (FAST - length - size) & ((1 << size) - 1);
            let value = extend(bits, size) as u32;
            return Self(value << 16 | Self::INLINE | run << 6 | (length + size));
        }
        Self(size << 10 | run << 6 | length)
    }

    fn of_symbol(symbol: u8, length: u32) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        Self(size << 10 | run << 6 | length)
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
    fn is_missing(self) -> bool {
        self.0 == 0
    }
}

/// One look-up of the table that passes over coefficients.
///
/// Bits 0–4: bits to take; 5–14: coefficients passed. An end of block counts as
/// one more coefficient and adds [`Step::END`]; no entry is [`Step::NONE`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step(u16);

impl Step {
    pub const END: usize = 128;
    const NONE: Self = Self(512 << 5);

    #[inline(always)]
    pub fn bits(self) -> u32 {
        u32::from(self.0 & 31)
    }

    #[inline(always)]
    pub fn passed(self) -> usize {
        usize::from(self.0 >> 5)
    }

    /// The whole table.
    #[inline(never)]
    fn table(singles: &[Single]) -> Option<Box<[Self; 1 << SKIP]>> {
        let steps: Vec<Self> = (0..1 << SKIP).map(|at| Self::new(singles, at)).collect();
        steps.into_boxed_slice().try_into().ok()
    }

    /// As many codes as the look-ahead `at` determines.
    fn new(singles: &[Single], at: u32) -> Self {
        let (mut bits, mut passed) = (0u32, 0usize);
        while bits < SKIP {
            let (symbol, length) = singles[(at << bits & ((1 << SKIP) - 1)) as usize];
            if length == 0 || u32::from(length) > SKIP - bits {
                break;
            }
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 && run != 15 {
                let bits = bits + u32::from(length);
                return Self((passed + 1 + Self::END) as u16 * 32 + bits as u16);
            }
            if passed + run + 1 > 63 {
                break;
            }
            passed += run + 1;
            bits += u32::from(length) + size;
        }
        if bits == 0 {
            return Self::NONE;
        }
        Self(passed as u16 * 32 + bits as u16)
    }
}

/// A table of DC differences.
#[derive(Debug)]
pub(crate) struct DcTable {
    fast: [Entry; 1 << FAST],
    codes: Codes,
}

/// A table of AC coefficients.
#[derive(Debug)]
pub(crate) struct AcTable {
    fast: [Entry; 1 << FAST],
    skip: Option<Box<[Step; 1 << SKIP]>>,
    codes: Codes,
}

#[inline(never)]
fn fast(singles: &[Single]) -> [Entry; 1 << FAST] {
    core::array::from_fn(|ahead| Entry::new(singles[ahead << (SKIP - FAST)], ahead as u32))
}

impl DcTable {
    /// `None` if the codes cannot exist or a size is above 15.
    pub fn new(spec: &[u8]) -> Option<Self> {
        let (codes, singles) = Codes::new(spec)?;
        if spec[16..].iter().any(|&size| size > 15) {
            return None;
        }
        Some(Self { fast: fast(&singles), codes })
    }

    /// Entry for the next 16 bits; `None` if they start no code.
    #[inline(always)]
    pub fn look_up(&self, ahead: u32) -> Option<Entry> {
        let entry = self.fast[(ahead >> (16 - FAST)) as usize & ((1 << FAST) - 1)];
        if entry.is_missing() {
            return slow(&self.codes, ahead);
        }
        Some(entry)
    }
}

impl AcTable {
    /// `None` if the codes cannot exist. `skip` if blocks will be passed over.
    pub fn new(spec: &[u8], skip: bool) -> Option<Self> {
        let (codes, singles) = Codes::new(spec)?;
        let skip = if skip { Step::table(&singles) } else { None };
        Some(Self { fast: fast(&singles), skip, codes })
    }

    /// Entry for the next 16 bits; `None` if they start no code.
    #[inline(always)]
    pub fn look_up(&self, ahead: u32) -> Option<Entry> {
        let entry = self.fast[(ahead >> (16 - FAST)) as usize & ((1 << FAST) - 1)];
        if entry.is_missing() {
            return slow(&self.codes, ahead);
        }
        Some(entry)
    }

    /// Entry for the next 16 bits, never with the value in it.
    #[inline(always)]
    pub fn single(&self, ahead: u32) -> Option<Entry> {
        slow(&self.codes, ahead)
    }

    /// The table that passes over coefficients, indexed by [`SKIP`] bits.
    #[inline(always)]
    pub fn steps(&self) -> Option<&[Step; 1 << SKIP]> {
        self.skip.as_deref()
    }
}

#[inline(never)]
fn slow(codes: &Codes, ahead: u32) -> Option<Entry> {
    let (symbol, length) = codes.symbol(ahead)?;
    Some(Entry::of_symbol(symbol, length))
}

/// Index into [`AcTable::steps`] of a 16-bit look-ahead.
#[inline(always)]
pub(crate) fn step_index(ahead: u32) -> usize {
    (ahead >> (16 - SKIP)) as usize & ((1 << SKIP) - 1)
}

/// The value of `size` (1 to 15) bits (T.81, F.2.2.1, EXTEND).
#[inline(always)]
pub(crate) fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
}

/// Bytes of a table of each kind, counted and listed, for [`Header::memory`](crate::Header::memory).
pub(crate) const DC_BYTES: usize = size_of::<DcTable>() + 64;
pub(crate) const AC_BYTES: usize = size_of::<AcTable>() + size_of::<[Step; 1 << SKIP]>() + 64;
/// What building one takes, for as long as that lasts.
pub(crate) const BUILDING: usize = size_of::<[Single; 1 << SKIP]>();

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::decode::standard;

    #[test]
    fn fast_entries_agree_with_the_codes() {
        for spec in [standard::AC_LUMA, standard::AC_CHROMA] {
            let table = AcTable::new(spec, false).unwrap();
            for ahead in 0..1 << 16 {
                let (fast, slow) = (table.look_up(ahead), table.single(ahead));
                assert_eq!(fast.map(Entry::run), slow.map(Entry::run));
                let (Some(fast), Some(slow)) = (fast, slow) else {
                    continue;
                };
                if fast.is_inline() {
                    let bits = ahead >> (16 - fast.bits()) & ((1 << slow.size()) - 1);
                    assert_eq!(i32::from(fast.value()), extend(bits, slow.size()));
                    assert_eq!(fast.bits(), slow.bits() + slow.size());
                } else {
                    assert_eq!((fast.bits(), fast.size()), (slow.bits(), slow.size()));
                }
            }
        }
    }

    #[test]
    fn codes_that_cannot_exist_are_refused() {
        let mut spec = [0; 19];
        spec[0] = 3;
        assert!(DcTable::new(&spec).is_none());
        assert!(AcTable::new(&spec[..17], true).is_none());
    }
}
