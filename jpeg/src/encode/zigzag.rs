//! Bits of a block, from row-major to zigzag order.

use crate::zigzag::ZIGZAG;

/// For each 4 bits and their value, the same bits in zigzag order.
static NIBBLES: [[u64; 16]; 16] = nibbles();

const fn nibbles() -> [[u64; 16]; 16] {
    let mut table = [[0; 16]; 16];
    let mut k = 0;
    while k < 64 {
        let natural = ZIGZAG[k] as usize;
        let mut value = 0;
        while value < 16 {
            if value >> (natural % 4) & 1 != 0 {
                table[natural / 4][value] |= 1 << k;
            }
            value += 1;
        }
        k += 1;
    }
    table
}

#[inline(always)]
pub(super) fn in_zigzag(bits: u64) -> u64 {
    let of = |from: usize| {
        let nibbles = NIBBLES[from..from + 4].iter().enumerate();
        nibbles.fold(0, |all, (i, table)| all | table[(bits >> (4 * (from + i))) as usize & 15])
    };
    let low = of(0) | of(4);
    // most blocks have nothing in their lower half
    if bits >> 32 == 0 { low } else { low | of(8) | of(12) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_goes_to_its_place() {
        for (k, &natural) in ZIGZAG.iter().enumerate() {
            assert_eq!(in_zigzag(1 << natural), 1 << k);
        }
        assert_eq!(in_zigzag(u64::MAX), u64::MAX);
        assert_eq!(in_zigzag(0x8001_0000_0000_0101), 1 << 63 | in_zigzag(1 << 48) | 1 | 1 << 2);
    }
}
