//! Huffman tables made to measure (T.81, annex K.2), as libjpeg makes them.

use super::tokens::{CHROMA, EXTRA, dc, raw};

/// Content of a DHT segment after its number.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Codes of each length from 1 on.
    pub counts: [u8; 16],
    pub symbols: Vec<u8>,
}

/// The tables that T.81 numbers by class and component: DC and AC of luma,
/// then of chroma.
pub(super) const CLASSES: [Class; 4] = [
    Class { ac: false, chroma: false },
    Class { ac: true, chroma: false },
    Class { ac: false, chroma: true },
    Class { ac: true, chroma: true },
];

#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    pub ac: bool,
    pub chroma: bool,
}

impl Class {
    /// A table's symbol as a token has it.
    fn token(self, symbol: u32) -> usize {
        let start = if self.chroma { CHROMA } else { 0 };
        (start + if self.ac { symbol } else { dc(symbol) }) as usize
    }

    fn symbols(self) -> u32 {
        if self.ac { 256 } else { 12 }
    }

    /// Extra bits that follow a symbol.
    fn size(self, symbol: u8) -> u32 {
        match (self.ac, symbol) {
            (false, size) => size.into(),
            (true, 0xF0) => 0,
            // ends of bands
            (true, symbol) if symbol & 15 == 0 => u32::from(symbol >> 4),
            (true, symbol) => u32::from(symbol & 15),
        }
    }

    /// The best table for what was counted; `None` if that was nothing.
    #[inline(never)]
    pub fn table(self, counts: &[u64; 512]) -> Option<Table> {
        let mut own = [0; 256];
        for symbol in 0..self.symbols() {
            let low = symbol & 15;
            if !self.ac || low <= 10 {
                own[symbol as usize] = counts[self.token(symbol)];
            }
        }
        own.iter().any(|&count| count > 0).then(|| Table::new(&own))
    }
}

impl Table {
    fn new(counts: &[u64; 256]) -> Self {
        let lengths = lengths(counts);
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let mut symbols = Vec::with_capacity(256);
        for length in 1..=longest {
            symbols.extend((0..=255).filter(|&symbol| lengths[usize::from(symbol)] == length));
        }
        Self { counts: limited(&lengths), symbols }
    }

    /// Length, code and symbol.
    fn codes(&self) -> impl Iterator<Item = (u32, u32, u8)> {
        let mut symbols = self.symbols.iter();
        let mut code = 0;
        (1..=16).zip(self.counts).flat_map(move |(length, count)| {
            let first = code;
            code = (code + u32::from(count)) << 1;
            let of_length = symbols.by_ref().take(count.into()).copied().collect::<Vec<_>>();
            (first..).zip(of_length).map(move |(code, symbol)| (length, code, symbol))
        })
    }
}

/// Code lengths of the 256 symbols, and of one more, which is to get the code
/// of all ones that T.81 does not allow.
#[inline(never)]
fn lengths(counts: &[u64; 256]) -> [u8; 257] {
    // weights and symbols, in order of the symbols: ties are broken by that
    let mut nodes: Vec<(u64, usize)> =
        counts.iter().copied().chain([1]).zip(0..).filter(|&(count, _)| count > 0).collect();
    let mut lengths = [0u8; 257];
    // the next symbol of the same subtree
    let mut others = [None; 257];
    while let Some((least, second)) = two_least(&nodes) {
        let (a, b) = (nodes[least].1, nodes[second].1);
        nodes[least].0 += nodes[second].0;
        nodes[second].0 = u64::MAX;
        let mut last = a;
        for start in [a, b] {
            let mut at = Some(start);
            while let Some(symbol) = at {
                lengths[symbol] = lengths[symbol].saturating_add(1);
                if start == a {
                    last = symbol;
                }
                at = others[symbol];
            }
        }
        others[last] = Some(b);
    }
    lengths
}

/// The two least nodes, the later one of equals.
#[inline(never)]
fn two_least(nodes: &[(u64, usize)]) -> Option<(usize, usize)> {
    let (mut least, mut second) = (None, None);
    let weight = |at: Option<usize>| at.map_or(u64::MAX - 1, |at: usize| nodes[at].0);
    for (i, &(count, _)) in nodes.iter().enumerate() {
        if count <= weight(least) {
            (least, second) = (Some(i), least);
        } else if count <= weight(second) {
            second = Some(i);
        }
    }
    least.zip(second)
}

/// Codes of each length, none above 16 (T.81, figure K.3), less the extra one.
#[inline(never)]
fn limited(lengths: &[u8; 257]) -> [u8; 16] {
    let mut counts = [0u16; 257];
    for &length in lengths {
        counts[usize::from(length)] += 1;
    }
    counts[0] = 0;
    for long in (17..257).rev() {
        while counts[long] > 0 {
            let Some(short) = (1..long - 1).rev().find(|&short| counts[short] > 0) else { break };
            counts[long] -= 2;
            counts[long - 1] += 1;
            counts[short + 1] += 2;
            counts[short] -= 1;
        }
    }
    if let Some(longest) = (1..=16).rev().find(|&length| counts[length] > 0) {
        counts[longest] -= 1;
    }
    core::array::from_fn(|i| counts[i + 1] as u8)
}

/// What writes tokens: for each symbol its code with room for the token's extra
/// bits, above 5 bits of the length of both.
pub(super) struct Codes {
    pub entries: [u32; 512],
    /// Bits that all of the tokens take.
    pub bits: u64,
}

impl Codes {
    pub fn new(counts: &[u64; 512]) -> Self {
        let mut codes = Self { entries: [0; 512], bits: 0 };
        for count in 1..=EXTRA {
            codes.entries[raw(count) as usize] = count;
            codes.bits += counts[raw(count) as usize] * u64::from(count);
        }
        codes
    }

    #[inline(never)]
    pub fn add(&mut self, class: Class, table: &Table, counts: &[u64; 512]) {
        for (length, code, symbol) in table.codes() {
            let token = class.token(symbol.into());
            let size = class.size(symbol);
            let here = size.min(EXTRA);
            self.entries[token] = code << here << 5 | (length + here);
            self.bits += counts[token] * u64::from(length + size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_a_prefix_code_of_16_bits() {
        // Fibonacci's numbers make the deepest trees
        for depth in 2..60 {
            let mut counts = [0; 256];
            let mut pair = (1u64, 1u64);
            for count in &mut counts[..depth] {
                *count = pair.0;
                pair = (pair.1, pair.0 + pair.1);
            }
            let table = Table::new(&counts);
            assert_eq!(table.symbols.len(), depth);
            let space: u32 = table.codes().map(|(length, ..)| 1 << (16 - length)).sum();
            assert!(space < 1 << 16, "a code of all ones is left");
            let mut codes: Vec<_> = table.codes().map(|(length, code, _)| code << (16 - length)).collect();
            codes.dedup();
            assert!(codes.is_sorted() && codes.len() == depth);
        }
    }

    #[test]
    fn a_single_symbol_has_a_code() {
        let mut counts = [0; 256];
        counts[7] = 3;
        let table = Table::new(&counts);
        assert_eq!(table.codes().collect::<Vec<_>>(), [(1, 0, 7)]);
    }
}
