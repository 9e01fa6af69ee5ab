//! sRGB's transfer function (IEC 61966-2-1) as tables: from samples to light, and back by the upper bits of light as a floating-point number, to
//! which a little is added: entries are then nearly evenly spaced as seen, and no root has to be taken.

use deckle_simd::{F4, V128, and, shr32, splat32};

/// Entries of [`to_samples`]: 256 for each time that light doubles from [`DARK`] to 1.
pub const STEPS: usize = 2048;

/// What is added to light.
pub const DARK: f32 = 1.0 / 256.0;

/// The last number before 1.
pub const BRIGHT: f32 = 1.0 - f32::EPSILON / 2.0;

/// Bits of a number that an index has not.
const BITS: u32 = 15;

/// The light, 0 to 1, of a sample of 0 to 1.
pub fn light(sample: f32) -> f32 {
    if sample <= 0.04045 { sample / 12.92 } else { ((sample + 0.055) / 1.055).powf(2.4) }
}

/// The sample, 0 to 1, of light of 0 to 1.
pub fn sample(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

/// The light of every sample.
#[inline(never)]
pub fn to_light() -> [f32; 256] {
    std::array::from_fn(|v| light(v as f32 / 255.0))
}

/// The sample for every index that [`index`] gives.
#[inline(never)]
pub fn to_samples() -> [u8; STEPS] {
    let mut out = [0; STEPS];
    let start = DARK.to_bits() >> BITS;
    let (mut sample, mut next) = (0_u8, light(0.5 / 255.0));
    for step in start..start + STEPS as u32 {
        // the light in its middle
        let middle = f32::from_bits(step << BITS | 1 << (BITS - 1));
        while sample < 255 && (middle - DARK) / (1.0 - DARK) > next {
            sample += 1;
            next = light((f32::from(sample) + 0.5) / 255.0);
        }
        out[step as usize & (STEPS - 1)] = sample;
    }
    out
}

/// The index into [`to_samples`] of light as [`from_dark`] makes it. Light beyond 0 to 1 is what it is at the nearer end.
#[inline(always)]
pub fn index(light: f32) -> usize {
    let light = from_dark(light);
    let light = if light > DARK { light } else { DARK };
    let light = if light < BRIGHT { light } else { BRIGHT };
    (light.to_bits() >> BITS) as usize & (STEPS - 1)
}

/// Four indices into [`to_samples`], in 32-bit lanes, of which the higher bits are to be masked; of light that was made [`from_dark`]. The
/// bounds are [`DARK`] and [`BRIGHT`].
#[inline(always)]
pub fn indices(light: F4, dark: F4, bright: F4) -> V128 {
    shr32::<{ BITS as i32 }>(light.at_least(dark).at_most(bright).to_bits())
}

/// Light of 0 to 1 from [`DARK`] to 1.
#[inline(always)]
fn from_dark(light: f32) -> f32 {
    light * (1.0 - DARK) + DARK
}

/// [`rounded`] of four.
#[inline(always)]
pub fn rounded_four(v: F4) -> V128 {
    and((v + F4::splat(8_388_608.0)).to_bits(), splat32(0x7F_FFFF))
}

/// A number of 0 to 4 million to the nearest integer, in two instructions: those of such a size have their integer in the low bits once 2²³ is added.
#[inline(always)]
pub fn rounded(v: f32) -> u32 {
    (v + 8_388_608.0).to_bits() & 0x7F_FFFF
}

/// A number to the nearest sample; what is none becomes 0.
#[inline(always)]
pub fn clamped(v: f32) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 255.0 { v } else { 255.0 };
    rounded(v) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use deckle_simd::halves;

    #[test]
    fn every_sample_comes_back() {
        let (there, back) = (to_light(), to_samples());
        for v in 0..=255_u8 {
            assert_eq!(back[index(there[usize::from(v)])], v);
        }
    }

    #[test]
    fn light_beyond_the_range_is_at_its_end() {
        let back = to_samples();
        for (light, end) in [(-3.0, 0), (f32::NAN, 0), (7.0, 255), (f32::INFINITY, 255), (f32::NEG_INFINITY, 0)] {
            assert_eq!(back[index(light)], end, "{light}");
            let four = halves(indices(F4::splat(light * (1.0 - DARK) + DARK), F4::splat(DARK), F4::splat(BRIGHT)))[0]
                as usize
                & (STEPS - 1);
            assert_eq!(back[four], end, "{light}");
        }
    }

    #[test]
    fn the_table_is_within_a_fifth_of_a_level() {
        let back = to_samples();
        for i in 0..=100_000 {
            let light = i as f32 / 100_000.0;
            let exact = sample(light) * 255.0;
            assert!((f32::from(back[index(light)]) - exact).abs() < 0.71, "{light}");
        }
    }
}
