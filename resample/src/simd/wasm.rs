//! WebAssembly with simd128.

use core::arch::wasm32::*;

/// 128 bits.
pub type V = v128;

/// Eight samples as 16-bit lanes.
#[inline(always)]
#[allow(unsafe_code)]
pub fn widen(samples: &[u8; 8]) -> V {
    // SAFETY: reads the 8 bytes of the array; the load takes any alignment
    unsafe { i16x8_load_extend_u8x8(samples.as_ptr()) }
}

#[inline(always)]
#[allow(unsafe_code)]
pub fn load16(lanes: &[i16; 8]) -> V {
    // SAFETY: reads the 16 bytes of the array; the load takes any alignment
    unsafe { v128_load(lanes.as_ptr().cast()) }
}

#[inline(always)]
#[allow(unsafe_code)]
pub fn store16(v: V) -> [i16; 8] {
    let mut lanes = [0; 8];
    // SAFETY: writes the 16 bytes of the array; the store takes any alignment
    unsafe { v128_store(lanes.as_mut_ptr().cast(), v) };
    lanes
}

#[inline(always)]
#[allow(unsafe_code)]
pub fn store8(v: V) -> [u8; 16] {
    let mut lanes = [0; 16];
    // SAFETY: writes the 16 bytes of the array; the store takes any alignment
    unsafe { v128_store(lanes.as_mut_ptr().cast(), v) };
    lanes
}

#[inline(always)]
pub fn splat32(value: i32) -> V {
    i32x4_splat(value)
}

/// Two 16-bit values in each 32-bit lane.
#[inline(always)]
pub fn splat_pair([low, high]: [i16; 2]) -> V {
    i32x4_splat(i32::from(low as u16) | i32::from(high) << 16)
}

#[inline(always)]
pub fn dot(a: V, b: V) -> V {
    i32x4_dot_i16x8(a, b)
}

#[inline(always)]
pub fn add32(a: V, b: V) -> V {
    i32x4_add(a, b)
}

#[inline(always)]
pub fn shr32(v: V, bits: u32) -> V {
    i32x4_shr(v, bits)
}

/// 32-bit lanes to 16 bits, saturating.
#[inline(always)]
pub fn narrow32(a: V, b: V) -> V {
    i16x8_narrow_i32x4(a, b)
}

/// 16-bit lanes to unsigned 8 bits, saturating.
#[inline(always)]
pub fn narrow16(a: V, b: V) -> V {
    u8x16_narrow_i16x8(a, b)
}

#[inline(always)]
pub fn zip16_low(a: V, b: V) -> V {
    i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b)
}

#[inline(always)]
pub fn zip16_high(a: V, b: V) -> V {
    i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a, b)
}

#[inline(always)]
pub fn zip32_low(a: V, b: V) -> V {
    i32x4_shuffle::<0, 4, 1, 5>(a, b)
}

#[inline(always)]
pub fn zip32_high(a: V, b: V) -> V {
    i32x4_shuffle::<2, 6, 3, 7>(a, b)
}

#[inline(always)]
pub fn zip64_low(a: V, b: V) -> V {
    i64x2_shuffle::<0, 2>(a, b)
}

#[inline(always)]
pub fn zip64_high(a: V, b: V) -> V {
    i64x2_shuffle::<1, 3>(a, b)
}
