//! Huffman tables (T.81, annex C and F.2.2.3), built for three readers:
//! code and value in one look-up, and coefficients passed over several codes a
//! look-up.

/// Bits of the tables that give code and value.
const FAST: u32 = 10;
/// Bits of the table that gives up to two values.
const PAIR: u32 = 11;
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

/// A symbol, and the length of its code.
type Code = (u8, u8);

impl Codes {
    /// `spec` is 16 counts, then symbols. Also all codes, in ascending order. `None` if they cannot exist.
    #[inline(never)]
    fn new(spec: &[u8]) -> Option<(Self, Vec<Code>)> {
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

    /// Entry of a code longer than [`FAST`].
    #[inline(always)]
    fn long(&self, ahead: u32) -> Option<Entry> {
        let mut length = FAST + 1;
        while length <= 16 {
            if ahead < self.limit[length as usize] {
                let index = (ahead >> (16 - length)) as i32 + self.offset[length as usize];
                return Some(Entry::of_symbol(self.symbols[index as usize & 255], length));
            }
            length += 1;
        }
        None
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

    fn table(codes: &[Code]) -> [Self; 1 << FAST] {
        let mut table = [Self(0); 1 << FAST];
        Self::fill(&mut table, codes, FAST);
        table
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Bits to take.
    pub bits: u8,
    /// Coefficients passed, and [`END`] for an end of block.
    pub passed: u8,
}

/// What is added to the coefficients passed at the end of a block.
const END: u8 = 128;
/// Coefficients passed by a look-up without a result: see [`is_doubtful`].
const NONE: u8 = 64;

impl Step {
    /// The whole table.
    #[inline(never)]
    fn table(codes: &[Code]) -> Option<Box<[Self; 1 << SKIP]>> {
        let mut table = vec![Self { bits: 0, passed: NONE }; 1 << SKIP];
        Self::fill(&mut table, codes, 0, 0);
        table.into_boxed_slice().try_into().ok()
    }

    /// Fills the part of the table for what may follow codes that took `bits` and passed `passed` coefficients: by as many
    /// codes more as the look-ahead determines. Codes ascend, so that it fills from the front; whatever value a code's bits
    /// have, the same follows.
    #[inline(never)]
    fn fill(table: &mut [Self], codes: &[Code], bits: u32, passed: u8) {
        let left = SKIP - bits;
        let mut rest = table;
        for &(symbol, length) in codes {
            let (run, size, length) = (symbol >> 4, u32::from(symbol & 15), u32::from(length));
            if length > left {
                break;
            }
            let (block, after) = rest.split_at_mut(1 << (left - length));
            rest = after;
            let (taken, passed_now) = (length + size, passed + run + 1);
            if size == 0 && run != 15 {
                block.fill(Self::new(bits + length, passed + END));
            } else if passed_now > 63 {
                block.fill(Self::new(bits, passed));
            } else if taken >= left {
                block.fill(Self::new(bits + taken, passed_now));
            } else {
                let (first, others) = block.split_at_mut(1 << (left - taken));
                Self::fill(first, codes, bits + taken, passed_now);
                others.chunks_exact_mut(first.len()).for_each(|other| other.copy_from_slice(first));
            }
        }
        rest.fill(Self::new(bits, passed));
    }

    fn new(bits: u32, passed: u8) -> Self {
        Self { bits: bits as u8, passed: if bits == 0 { NONE } else { passed } }
    }
}

/// Whether a coefficient's index after a look-up of pairs or steps is beyond the block, so that not all of its codes may be of it. Then,
/// and where there is no code this short, a look-up of one code tells.
#[inline(always)]
pub(crate) fn is_doubtful(next: usize) -> bool {
    next & 64 != 0
}

/// One look-up of the table of pairs: up to two coefficients, and the end of the block if it follows.
///
/// Fields of their own, because each is one load; from one number it would be a shift and a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Pair {
    /// Bits to take.
    pub bits: u8,
    /// Coefficients passed, and [`END`] for an end of block.
    pub passed: u8,
    /// Which of the coefficients passed have the values, or [`NOWHERE`].
    pub places: [u8; 2],
    pub values: [i16; 2],
}

/// Whoever adds it to a coefficient's index is beyond all coefficients.
const NOWHERE: u8 = 64;

impl Pair {
    /// The whole table.
    #[inline(never)]
    fn table(codes: &[Code]) -> Option<Box<[Self; 1 << PAIR]>> {
        let mut singles = [Entry(0); 1 << PAIR];
        Entry::fill(&mut singles, codes, PAIR);
        let table: Box<[Self]> = (0..1 << PAIR).map(|ahead| Self::of(&singles, ahead)).collect();
        table.try_into().ok()
    }

    /// What the bits `ahead` determine.
    fn of(singles: &[Entry; 1 << PAIR], ahead: usize) -> Self {
        let (mut bits, mut found) = (0, 0);
        let mut pair = Self { bits: 0, passed: 0, places: [NOWHERE; 2], values: [0; 2] };
        loop {
            let entry = singles[(ahead << bits) & ((1 << PAIR) - 1)];
            let (run, has_value) = (entry.run() as u8, entry.is_inline());
            if entry.is_missing() || bits + entry.bits() > PAIR || (has_value && found == 2) {
                break;
            }
            if has_value {
                (pair.places[found & 1], pair.values[found & 1]) = (pair.passed + run, entry.value());
                found += 1;
            } else if entry.size() > 0 || (run == 15 && bits > 0) {
                break;
            }
            bits += entry.bits();
            if !has_value && run < 15 {
                pair.passed += END;
                break;
            }
            pair.passed += run + 1;
        }
        pair.bits = bits as u8;
        if bits == 0 {
            pair.passed = NONE;
        }
        pair
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
    pairs: Option<Box<[Pair; 1 << PAIR]>>,
    skip: Option<Box<[Step; 1 << SKIP]>>,
    codes: Codes,
}

impl DcTable {
    /// `None` if the codes cannot exist or a size is above 15.
    pub fn new(spec: &[u8]) -> Option<Self> {
        Self::up_to(spec, 15)
    }

    /// For lossless files, which have a size of 16: its entry has a run of 1 and a size of 0.
    pub fn of_samples(spec: &[u8]) -> Option<Self> {
        Self::up_to(spec, 16)
    }

    fn up_to(spec: &[u8], largest: u8) -> Option<Self> {
        let (codes, all) = Codes::new(spec)?;
        if spec[16..].iter().any(|&size| size > largest) {
            return None;
        }
        let mut fast = Entry::table(&all);
        // a difference of 0 is met so often that it is worth no branch
        for entry in fast.iter_mut().filter(|entry| entry.0 >> 6 == 0 && !entry.is_missing()) {
            entry.0 |= Entry::INLINE;
        }
        Some(Self { fast, codes })
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

    /// The same without a call.
    #[inline(always)]
    pub fn entry(&self, ahead: u32) -> Option<Entry> {
        let entry = self.fast[(ahead >> (16 - FAST)) as usize & ((1 << FAST) - 1)];
        if entry.is_missing() {
            return self.codes.long(ahead);
        }
        Some(entry)
    }
}

impl AcTable {
    /// `None` if the codes cannot exist. `pairs` for whole blocks, `skip` if some coefficients will be passed over.
    pub fn new(spec: &[u8], pairs: bool, skip: bool) -> Option<Self> {
        let (codes, all) = Codes::new(spec)?;
        let pairs = if pairs { Pair::table(&all) } else { None };
        let skip = if skip { Step::table(&all) } else { None };
        Some(Self { fast: Entry::table(&all), pairs, skip, codes })
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

    /// The same without a call.
    #[inline(always)]
    pub fn entry(&self, ahead: u32) -> Option<Entry> {
        let entry = self.fast[(ahead >> (16 - FAST)) as usize & ((1 << FAST) - 1)];
        if entry.is_missing() {
            return self.codes.long(ahead);
        }
        Some(entry)
    }

    /// Entry for the next 16 bits, never with the value in it.
    #[cfg(test)]
    pub fn single(&self, ahead: u32) -> Option<Entry> {
        slow(&self.codes, ahead)
    }

    /// The table of pairs, indexed by [`PAIR`] bits.
    #[inline(always)]
    pub fn pairs(&self) -> Option<&[Pair; 1 << PAIR]> {
        self.pairs.as_deref()
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

/// Index into [`AcTable::pairs`] of a 16-bit look-ahead.
#[inline(always)]
pub(crate) fn pair_index(ahead: u32) -> usize {
    (ahead >> (16 - PAIR)) as usize & ((1 << PAIR) - 1)
}

/// The value of `size` (1 to 15) bits (T.81, F.2.2.1, EXTEND).
#[inline(always)]
pub(crate) fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
}

/// Bytes of a table of each kind, counted and listed, for [`Header::memory`](crate::Header::memory).
pub(crate) const DC_BYTES: usize = size_of::<DcTable>() + 64;
pub(crate) const AC_BYTES: usize =
    size_of::<AcTable>() + size_of::<[Step; 1 << SKIP]>() + size_of::<[Pair; 1 << PAIR]>() + 64;
/// What building one takes, for as long as that lasts.
pub(crate) const BUILDING: usize = size_of::<[Code; 256]>();

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::decode::standard;

    #[test]
    fn fast_entries_agree_with_the_codes() {
        let random: Vec<Vec<u8>> = (0..50).map(random_spec).collect();
        for spec in random.iter().map(Vec::as_slice).chain([standard::AC_LUMA, standard::AC_CHROMA]) {
            let table = AcTable::new(spec, false, false).unwrap();
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

    /// As many codes as the look-ahead `at` determines, one by one.
    fn slow_step(table: &AcTable, at: u32) -> Step {
        let (mut bits, mut passed) = (0, 0_u8);
        while bits < SKIP {
            let Some(code) = table.single(at << (16 - SKIP) << bits & 0xFFFF) else { break };
            if code.bits() > SKIP - bits {
                break;
            }
            if code.size() == 0 && code.run() != 15 {
                return Step::new(bits + code.bits(), passed + END);
            }
            if passed + code.run() as u8 + 1 > 63 {
                break;
            }
            passed += code.run() as u8 + 1;
            bits += code.bits() + code.size();
        }
        Step::new(bits, passed)
    }

    /// Lengths and symbols by a generator: valid codes of any shape.
    fn random_spec(seed: u64) -> Vec<u8> {
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let (mut spec, mut room) = (vec![0; 16], 1);
        for length in 0..16 {
            room *= 2;
            let count = next(room.min(24)) as u8;
            spec[length] = count;
            room -= u64::from(count);
            spec.extend((0..count).map(|_| next(256) as u8));
            if spec.len() > 16 + 230 {
                break;
            }
        }
        spec
    }

    #[test]
    fn steps_are_as_many_codes_as_fit() {
        let random: Vec<Vec<u8>> = (0..200).map(random_spec).collect();
        let specs = random.iter().map(Vec::as_slice).chain([standard::AC_LUMA, standard::AC_CHROMA]);
        let mut ends = 0;
        for spec in specs {
            let table = AcTable::new(spec, false, true).unwrap();
            for (at, step) in (0..).zip(table.steps().unwrap()) {
                assert_eq!(*step, slow_step(&table, at), "{at:012b} of {spec:?}");
                ends += usize::from(step.passed >= END);
            }
        }
        assert!(ends > 10_000);
    }

    #[test]
    fn pairs_are_the_codes_one_by_one() {
        let random: Vec<Vec<u8>> = (0..50).map(random_spec).collect();
        for spec in random.iter().map(Vec::as_slice).chain([standard::AC_LUMA, standard::AC_CHROMA]) {
            let table = AcTable::new(spec, true, false).unwrap();
            for (at, pair) in (0_u32..).zip(table.pairs().unwrap()) {
                let ahead = |bits: u32| at << (16 - PAIR) << bits & 0xFFFF;
                let (mut bits, mut passed, mut found) = (0, 0, Vec::new());
                while bits < u32::from(pair.bits) {
                    let code = table.single(ahead(bits)).unwrap();
                    if code.size() == 0 && code.run() < 15 {
                        (bits, passed) = (bits + code.bits(), passed + END);
                        break;
                    }
                    if code.size() > 0 {
                        let value = ahead(bits + code.bits()) >> (16 - code.size());
                        found.push((passed + code.run() as u8, extend(value, code.size()) as i16));
                    }
                    (bits, passed) = (bits + code.bits() + code.size(), passed + code.run() as u8 + 1);
                }
                if pair.bits == 0 {
                    assert!(is_doubtful(usize::from(pair.passed)));
                    continue;
                }
                assert_eq!((u32::from(pair.bits), pair.passed), (bits, passed), "{at:011b} of {spec:?}");
                assert!(bits <= PAIR);
                let places = pair.places.into_iter().zip(pair.values).filter(|(place, _)| *place != NOWHERE);
                assert_eq!(places.collect::<Vec<_>>(), found);
            }
        }
    }

    #[test]
    fn codes_that_cannot_exist_are_refused() {
        let mut spec = [0; 19];
        spec[0] = 3;
        assert!(DcTable::new(&spec).is_none());
        assert!(AcTable::new(&spec[..17], true, true).is_none());
    }
}
