//! Division by the quantisation steps, rounded to nearest, halves away from 0.
//!
//! The transform gives coefficients times 8, so that with n, an eighth of the
//! magnitude and of 4 steps, the result is floor(n / step): n is below 2048. It
//! is n times 2¹⁹ / step rounded up, which for each step and n is exact after
//! the shift. That factor is 16 bits where the step is 17 or more; below, 2¹⁵ /
//! step is exact already and n is multiplied by 16 before. For step 1 both
//! factors are negative, as 2¹⁵ is no positive lane.

use deckle_simd::*;

/// One table, row-major.
#[derive(Clone, Debug)]
pub(crate) struct Quantizer {
    /// 4 steps.
    half: [i16; 64],
    /// 1, or 16 for small steps.
    scale: [i16; 64],
    /// The factors, of even lanes and of odd ones.
    even: [i16; 64],
    odd: [i16; 64],
}

impl Quantizer {
    pub fn new(steps: &[u8; 64]) -> Self {
        let (scale, factors): (Vec<i16>, Vec<i16>) = steps.iter().map(|&step| factors(step)).unzip();
        let lanes = |parity: usize| core::array::from_fn(|i| if i % 2 == parity { factors[i] } else { 0 });
        Self {
            half: steps.map(|step| 4 * i16::from(step)),
            scale: core::array::from_fn(|i| scale[i]),
            even: lanes(0),
            odd: lanes(1),
        }
    }

    /// Fills `block` with coefficients; which of them are not 0 is returned.
    #[inline(always)]
    pub fn quantize(&self, scaled: [V128; 8], block: &mut [i16; 64]) -> u64 {
        let row = |lanes: &[i16; 64], y: usize| load(&lanes.as_chunks().0[y]);
        let quotients: [V128; 8] = core::array::from_fn(|y| {
            let sign = shr16::<15>(scaled[y]);
            let magnitude = sub16(xor(scaled[y], sign), sign);
            let eighth = shr16::<3>(add16(magnitude, row(&self.half, y)));
            let n = mul16(eighth, row(&self.scale, y));
            let even = shr32::<19>(dot(n, row(&self.even, y)));
            let odd = and(shr32::<3>(dot(n, row(&self.odd, y))), splat32(0xFFFF_0000_u32 as i32));
            sub16(xor(or(even, odd), sign), sign)
        });
        for (row, &quotients) in block.as_chunks_mut::<8>().0.iter_mut().zip(&quotients) {
            store(row, quotients);
        }
        let two = |y: usize| u64::from(nonzero_bytes(narrow16(quotients[y], quotients[y + 1])));
        two(0) | two(2) << 16 | two(4) << 32 | two(6) << 48
    }
}

/// Scale and factor.
fn factors(step: u8) -> (i16, i16) {
    match i32::from(step.max(1)) {
        1 => (-16, i16::MIN),
        step @ 2..=16 => (16, ((1 << 15) / step + i32::from((1 << 15) % step != 0)) as i16),
        step => (1, ((1 << 19) / step + i32::from((1 << 19) % step != 0)) as i16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quotient_is_libjpegs() {
        for step in 1..=255u8 {
            let quantizer = Quantizer::new(&[step; 64]);
            for start in (-9000..9000i16).step_by(64) {
                let scaled: [[i16; 8]; 8] =
                    core::array::from_fn(|y| core::array::from_fn(|x| start + (y * 8 + x) as i16));
                let mut block = [0; 64];
                let nonzero = quantizer.quantize(scaled.map(|row| load(&row)), &mut block);
                for (i, &scaled) in scaled.as_flattened().iter().enumerate() {
                    let divisor = i32::from(step) * 8;
                    let magnitude = (i32::from(scaled).abs() + divisor / 2) / divisor;
                    let expected = magnitude * i32::from(scaled).signum();
                    assert_eq!(i32::from(block[i]), expected, "{scaled} by {step}");
                    assert_eq!(nonzero >> i & 1 != 0, expected != 0);
                }
            }
        }
    }
}
