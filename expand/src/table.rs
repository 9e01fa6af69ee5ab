//! Tables that codes of up to 15 bits are looked up in by their next bits.
//!
//! An entry says in its lowest 6 bits how many bits are used up. What else is in it depends on its kind.

/// One or two literals: their bytes from bit 8, their number from bit 24.
pub const LITERAL: u32 = 1 << 31;
/// Neither literals nor a length nor a distance.
pub const OTHER: u32 = 1 << 30;
/// Its codes are longer: from bit 8 where their table starts, in the lowest bits how many bits that is looked up by.
pub const LONG: u32 = OTHER | 1 << 29;
/// The end of a block.
pub const END: u32 = OTHER | 1 << 28;

/// A table looked up by `BITS` bits, with tables for longer codes behind: `SIZE` entries are enough for any code, and a power of two.
pub struct Table<const BITS: u32, const SIZE: usize>(pub Box<[u32; SIZE]>);

impl<const BITS: u32, const SIZE: usize> Table<BITS, SIZE> {
    pub fn new() -> Self {
        Self(Box::new([OTHER; SIZE]))
    }

    /// Makes it for codes of these lengths, 0 for what has none; `entry` of a symbol lacks its length. Symbols below `literals` are those of which two
    /// may share an entry. `None` where lengths are those of no code.
    pub fn fill(&mut self, lengths: &[u8], literals: usize, entry: impl Fn(usize) -> u32) -> Option<()> {
        let mut counts = [0_usize; 16];
        lengths.iter().for_each(|&length| counts[usize::from(length & 15)] += 1);
        counts[0] = 0;
        let longest = (1..16).rev().find(|&length| counts[length] > 0).unwrap_or(0);
        let used: usize = (1..16).map(|length| counts[length] << (15 - length)).sum();
        // one code alone may have a bit, of which the other value means nothing
        if used > 1 << 15 || used < 1 << 15 && longest > 1 {
            return None;
        }
        let mut starts = [0_usize; 17];
        (1..16).for_each(|length| starts[length + 1] = starts[length] + counts[length]);
        let mut order = [0_u16; 288];
        let mut places = starts;
        for (symbol, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let place = &mut places[usize::from(length & 15)];
            *order.get_mut(*place)? = symbol as u16;
            *place += 1;
        }
        let table = &mut *self.0;
        table[0] = OTHER;
        // literals' codes and entries by length, and where those of each length start
        let mut known = [(0_u16, 0_u32); 256];
        let mut known_starts = [0_usize; BITS_MOST + 2];
        let mut code = 0_usize;
        for length in 1..=BITS {
            // what is known by fewer bits holds whatever the next one is
            let half = 1 << (length - 1);
            table.copy_within(..half, half);
            let of_length = length as usize;
            let mut count = known_starts[of_length];
            for &symbol in &order[starts[of_length]..starts[of_length + 1]] {
                let made = entry(symbol.into()) | length;
                table[code & ((1 << BITS) - 1)] = made;
                if usize::from(symbol) < literals
                    && let Some(place) = known.get_mut(count)
                {
                    *place = (code as u16, made);
                    count += 1;
                }
                code = after(code, length);
            }
            known_starts[of_length + 1] = count;
            for first in 1..of_length {
                let seconds = &known[known_starts[of_length - first]..known_starts[of_length - first + 1]];
                if seconds.is_empty() {
                    continue;
                }
                for &(code, made) in &known[known_starts[first]..known_starts[first + 1]] {
                    let both = LITERAL | 2 << 24 | made & 0xFF00 | length;
                    for &(second, entry) in seconds {
                        let at = usize::from(code) | usize::from(second) << first;
                        table[at & ((1 << BITS) - 1)] = both | (entry & 0xFF00) << 8;
                    }
                }
            }
        }
        self.long(&order, &starts, longest as u32, code, entry)
    }

    /// Tables of what has longer codes, from `code` on.
    fn long(
        &mut self,
        order: &[u16; 288],
        starts: &[usize; 17],
        longest: u32,
        mut code: usize,
        entry: impl Fn(usize) -> u32,
    ) -> Option<()> {
        let table = &mut *self.0;
        let mut free = 1_usize << BITS;
        for length in BITS + 1..=longest {
            for &symbol in &order[starts[length as usize]..starts[length as usize + 1]] {
                let (first, more) = (code & ((1 << BITS) - 1), longest - BITS);
                if table[first] & LONG != LONG {
                    if free + (1 << more) > SIZE {
                        return None;
                    }
                    table[first] = LONG | (free as u32) << 8 | more;
                    table[free..free + (1 << more)].fill(OTHER);
                    free += 1 << more;
                }
                let start = (table[first] >> 8) as usize & 0xFFFF;
                for at in (code >> BITS..1 << more).step_by(1 << (length - BITS)) {
                    table[start + at] = entry(symbol.into()) | (length - BITS);
                }
                code = after(code, length);
            }
        }
        Some(())
    }
}

/// The most bits that a table is looked up by.
const BITS_MOST: usize = 12;

/// The code that follows one of so many bits. A code's first bit is the lowest here, so that it is counted from its highest.
fn after(code: usize, length: u32) -> usize {
    let mut bit = 1 << (length - 1);
    while code & bit != 0 {
        bit >>= 1;
    }
    if bit == 0 { 0 } else { code & (bit - 1) | bit }
}
