//! sRGB's transfer function (IEC 61966-2-1) as tables: from samples to light, and back by the light's square root, along which
//! entries are nearly evenly spaced as seen.

use deckle_simd::{F4, V128, and, splat32};

/// Entries of [`to_samples`]; its index is 1,023 times the square root of light.
pub const ROOTS: usize = 1024;

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

/// The sample for every square root of light.
#[inline(never)]
pub fn to_samples() -> [u8; ROOTS] {
    std::array::from_fn(|i| {
        let root = i as f32 / (ROOTS - 1) as f32;
        (sample(root * root) * 255.0 + 0.5) as u8
    })
}

/// The index into [`to_samples`]. Light beyond 0 to 1 is what it is at the nearer end.
#[inline(always)]
pub fn root_index(light: f32) -> u32 {
    let light = if light > 0.0 { light } else { 0.0 };
    let light = if light < 1.0 { light } else { 1.0 };
    rounded(light.sqrt() * (ROOTS - 1) as f32) & (ROOTS as u32 - 1)
}

/// [`root_index`] of four, in 32-bit lanes.
#[inline(always)]
pub fn root_indices(light: F4) -> V128 {
    let light = light.at_least(F4::splat(0.0)).at_most(F4::splat(1.0));
    rounded_four(light.sqrt() * F4::splat((ROOTS - 1) as f32))
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

    #[test]
    fn every_sample_comes_back() {
        let (there, back) = (to_light(), to_samples());
        for v in 0..=255_u8 {
            assert_eq!(back[root_index(there[usize::from(v)]) as usize], v);
        }
    }

    #[test]
    fn light_beyond_the_range_is_at_its_end() {
        for (light, end) in [(-3.0, 0), (f32::NAN, 0), (7.0, 1023), (f32::INFINITY, 1023), (f32::NEG_INFINITY, 0)] {
            assert_eq!(root_index(light), end, "{light}");
        }
    }

    #[test]
    fn the_table_is_within_a_fifth_of_a_level() {
        let back = to_samples();
        for i in 0..=100_000 {
            let light = i as f32 / 100_000.0;
            let exact = sample(light) * 255.0;
            assert!((f32::from(back[root_index(light) as usize]) - exact).abs() < 0.7, "{light}");
        }
    }
}
