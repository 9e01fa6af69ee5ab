//! Huffman tables (T.81, annex C and F.2.2.3), built for three readers: code and value in one look-up, two of them, and
//! coefficients passed over several codes a look-up.

mod pair;
mod single;
mod step;

pub(crate) use single::{Entry, Singles, extend};
pub(crate) use step::is_doubtful;

use pair::{PAIR, Pair};
use single::{Code, Codes};
use step::{SKIP, Step};

/// A table of DC differences.
#[derive(Debug)]
pub(crate) struct DcTable {
    pub singles: Singles,
}

/// A table of AC coefficients.
#[derive(Debug)]
pub(crate) struct AcTable {
    pub singles: Singles,
    pairs: Option<Box<[Pair; 1 << PAIR]>>,
    skip: Option<Box<[Step; 1 << SKIP]>>,
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
        // a difference of 0 is met so often that it is worth no branch
        Some(Self { singles: Singles::new(codes, &all).map(Entry::with_zero_inline) })
    }
}

impl AcTable {
    /// `None` if the codes cannot exist. `pairs` for whole blocks, `skip` if some coefficients will be passed over.
    pub fn new(spec: &[u8], pairs: bool, skip: bool) -> Option<Self> {
        let (codes, all) = Codes::new(spec)?;
        let pairs = if pairs { Pair::table(&all) } else { None };
        let skip = if skip { Step::table(&all) } else { None };
        Some(Self { singles: Singles::new(codes, &all), pairs, skip })
    }

    /// The table of pairs, indexed by [`pair_index`].
    #[inline(always)]
    pub fn pairs(&self) -> Option<&[Pair; 1 << PAIR]> {
        self.pairs.as_deref()
    }

    /// The table that passes over coefficients, indexed by [`step_index`].
    #[inline(always)]
    pub fn steps(&self) -> Option<&[Step; 1 << SKIP]> {
        self.skip.as_deref()
    }
}

/// Index into [`AcTable::pairs`] of a 16-bit look-ahead.
#[inline(always)]
pub(crate) fn pair_index(ahead: u32) -> usize {
    (ahead >> (16 - PAIR)) as usize & ((1 << PAIR) - 1)
}

/// Index into [`AcTable::steps`] of a 16-bit look-ahead.
#[inline(always)]
pub(crate) fn step_index(ahead: u32) -> usize {
    (ahead >> (16 - SKIP)) as usize & ((1 << SKIP) - 1)
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
    use super::pair::NOWHERE;
    use super::step::END;
    use super::*;
    use crate::decode::standard;

    #[test]
    fn fast_entries_agree_with_the_codes() {
        let random: Vec<Vec<u8>> = (0..50).map(random_spec).collect();
        for spec in random.iter().map(Vec::as_slice).chain([standard::AC_LUMA, standard::AC_CHROMA]) {
            let table = AcTable::new(spec, false, false).unwrap();
            for ahead in 0..1 << 16 {
                let (fast, slow) = (table.singles.look_up(ahead), table.singles.by_codes(ahead));
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
            let Some(code) = table.singles.by_codes(at << (16 - SKIP) << bits & 0xFFFF) else { break };
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
                    let code = table.singles.by_codes(ahead(bits)).unwrap();
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
