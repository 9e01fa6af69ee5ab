//! What symbols of AC coefficients cost, by how often each one came.

use crate::decode::{AC_CHROMA, AC_LUMA};

/// Weight of a symbol, next to that of all of those of annex K.3 together.
const COUNT: u64 = 256;
const ALL: u64 = 1 << 16;

/// Counts of symbols (run << 4 | size, T.81, F.1.2.2), and bits.
#[derive(Debug)]
pub(super) struct Rates {
    weights: [u64; 256],
    /// Of a coefficient with its extra bits, by size and the zeros before it.
    coefficients: [[f32; 64]; 16],
    /// Of an end of 2ⁿ blocks, with its extra bits.
    ends: [f32; 15],
}

impl Rates {
    /// Begins with the symbols that the tables of annex K.3 are made for, and
    /// longer runs of ended blocks half as often each.
    pub fn new(chroma: bool) -> Self {
        let (counts, mut symbols) = if chroma { AC_CHROMA } else { AC_LUMA }.split_at(16);
        let mut weights = [1; 256];
        for (length, &count) in (1..).zip(counts) {
            let (here, rest) = symbols.split_at(count.into());
            symbols = rest;
            here.iter().for_each(|&symbol| weights[usize::from(symbol)] = ALL >> length);
        }
        (1..15).for_each(|n| weights[n << 4] = (weights[0] >> n).max(1));
        let mut rates = Self { weights, coefficients: [[0.0; 64]; 16], ends: [0.0; 15] };
        rates.update();
        rates
    }

    /// Takes what was counted into account.
    #[inline(never)]
    pub fn update(&mut self) {
        let all = log2(self.weights.iter().sum());
        let bits = self.weights.map(|weight| all - log2(weight));
        for (size, runs) in self.coefficients.iter_mut().enumerate() {
            for (run, rate) in runs.iter_mut().enumerate() {
                *rate = (run / 16) as f32 * bits[0xF0] + bits[(run % 16) << 4 | size] + size as f32;
            }
        }
        for (n, rate) in self.ends.iter_mut().enumerate() {
            *rate = bits[n << 4] + n as f32;
        }
    }

    /// Bits of a coefficient by the zeros before it.
    #[inline(always)]
    pub fn of_size(&self, size: usize) -> &[f32; 64] {
        &self.coefficients[size & 15]
    }

    /// Bits that tell of `blocks` that have ended, of none if that is 0.
    #[inline(always)]
    pub fn of_end(&self, blocks: u32) -> f32 {
        blocks.checked_ilog2().map_or(0.0, |n| self.ends[n.min(14) as usize])
    }

    #[inline(always)]
    pub fn count(&mut self, run: usize, size: usize) {
        self.weights[0xF0] += (run / 16) as u64 * COUNT;
        self.weights[(run % 16) << 4 | (size & 15)] += COUNT;
    }

    #[inline(always)]
    pub fn count_end(&mut self, blocks: u32) {
        if let Some(n) = blocks.checked_ilog2() {
            self.weights[(n.min(14) as usize) << 4] += COUNT;
        }
    }
}

/// To about a hundredth, and the same on every machine, as the standard
/// library's is not.
fn log2(value: u64) -> f32 {
    let bits = (value as f32).to_bits();
    let exponent = (bits >> 23) as f32 - 127.0;
    let mantissa = f32::from_bits(bits & 0x007F_FFFF | 1f32.to_bits());
    exponent + (2.0 - mantissa / 3.0) * mantissa - 5.0 / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_near() {
        for value in (1..5000).chain([u64::MAX, 1 << 40, 3 << 50]) {
            assert!((log2(value) - (value as f32).log2()).abs() < 0.01, "{value}");
        }
    }

    #[test]
    fn rates_begin_with_annex_k() {
        let rates = Rates::new(false);
        // 1010; 00 and a sign; 11111111001, 11011 and 2 bits
        for (rate, expected) in [(rates.of_end(1), 4.0), (rates.of_size(1)[0], 3.0), (rates.of_size(2)[17], 18.0)] {
            assert!((rate - expected).abs() < 0.2, "{rate}, not {expected}");
        }
        assert_eq!(rates.of_end(0), 0.0);
    }

    #[test]
    fn what_came_gets_cheaper() {
        let mut rates = Rates::new(true);
        let before = rates.of_size(3)[40];
        (0..1000).for_each(|_| rates.count(40, 3));
        rates.update();
        assert!(rates.of_size(3)[40] < before / 2.0);
    }
}
