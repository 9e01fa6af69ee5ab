//! WebAssembly with simd128.

use core::arch::wasm32::*;

/// 128 bits.
pub type V128 = v128;

/// Eight 16-bit lanes.
#[inline(always)]
#[allow(unsafe_code)]
pub fn load(lanes: &[i16; 8]) -> V128 {
    // SAFETY: reads the 16 bytes of the array; the load takes any alignment
    unsafe { v128_load(lanes.as_ptr().cast()) }
}

/// Sixteen bytes.
#[inline(always)]
#[allow(unsafe_code)]
pub fn load_bytes(bytes: &[u8; 16]) -> V128 {
    // SAFETY: reads the 16 bytes of the array; the load takes any alignment
    unsafe { v128_load(bytes.as_ptr().cast()) }
}

/// Eight bytes, then zeros.
#[inline(always)]
#[allow(unsafe_code)]
pub fn load_half(bytes: &[u8; 8]) -> V128 {
    // SAFETY: reads the 8 bytes of the array; the load takes any alignment
    unsafe { v128_load64_zero(bytes.as_ptr().cast()) }
}

#[inline(always)]
#[allow(unsafe_code)]
pub fn store(lanes: &mut [i16; 8], v: V128) {
    // SAFETY: writes the 16 bytes of the array; the store takes any alignment
    unsafe { v128_store(lanes.as_mut_ptr().cast(), v) }
}

#[inline(always)]
#[allow(unsafe_code)]
pub fn store_bytes(bytes: &mut [u8; 16], v: V128) {
    // SAFETY: writes the 16 bytes of the array; the store takes any alignment
    unsafe { v128_store(bytes.as_mut_ptr().cast(), v) }
}

/// Eight bytes as 16-bit lanes.
#[inline(always)]
#[allow(unsafe_code)]
pub fn load_wide(bytes: &[u8; 8]) -> V128 {
    // SAFETY: reads the 8 bytes of the array; the load takes any alignment
    unsafe { i16x8_load_extend_u8x8(bytes.as_ptr()) }
}

/// Both halves, as they lie in memory.
#[inline(always)]
pub fn halves(v: V128) -> [u64; 2] {
    [u64x2_extract_lane::<0>(v), u64x2_extract_lane::<1>(v)]
}

#[inline(always)]
pub fn splat32(value: i32) -> V128 {
    i32x4_splat(value)
}

/// Bit `i` tells whether byte `i` is other than 0.
#[inline(always)]
pub fn nonzero_bytes(v: V128) -> u32 {
    u32::from(i8x16_bitmask(i8x16_ne(v, i8x16_splat(0))))
}

#[inline(always)]
pub fn and(a: V128, b: V128) -> V128 {
    v128_and(a, b)
}

#[inline(always)]
pub fn or(a: V128, b: V128) -> V128 {
    v128_or(a, b)
}

#[inline(always)]
pub fn xor(a: V128, b: V128) -> V128 {
    v128_xor(a, b)
}

#[inline(always)]
pub fn is_zero(v: V128) -> bool {
    !v128_any_true(v)
}

#[inline(always)]
pub fn add16(a: V128, b: V128) -> V128 {
    i16x8_add(a, b)
}

#[inline(always)]
pub fn sub16(a: V128, b: V128) -> V128 {
    i16x8_sub(a, b)
}

#[inline(always)]
pub fn mul16(a: V128, b: V128) -> V128 {
    i16x8_mul(a, b)
}

/// Products of 16-bit lanes, added by pairs to 32-bit lanes.
#[inline(always)]
pub fn dot(a: V128, b: V128) -> V128 {
    i32x4_dot_i16x8(a, b)
}

#[inline(always)]
pub fn add32(a: V128, b: V128) -> V128 {
    i32x4_add(a, b)
}

#[inline(always)]
pub fn sub32(a: V128, b: V128) -> V128 {
    i32x4_sub(a, b)
}

/// 16-bit lanes, by `N` bits, keeping the sign.
#[inline(always)]
pub fn shr16<const N: i32>(v: V128) -> V128 {
    i16x8_shr(v, N as u32)
}

/// 16-bit lanes, by `N` bits.
#[inline(always)]
pub fn shl16<const N: i32>(v: V128) -> V128 {
    i16x8_shl(v, N as u32)
}

#[inline(always)]
pub fn shl32<const N: i32>(v: V128) -> V128 {
    i32x4_shl(v, N as u32)
}

#[inline(always)]
pub fn shr32<const N: i32>(v: V128) -> V128 {
    i32x4_shr(v, N as u32)
}

/// 32-bit lanes, by `bits` below 32, keeping the sign.
#[inline(always)]
pub fn shr32_by(v: V128, bits: u32) -> V128 {
    i32x4_shr(v, bits)
}

/// 32-bit lanes of `a`, then of `b`, to 16 bits, saturating.
#[inline(always)]
pub fn narrow32(a: V128, b: V128) -> V128 {
    i16x8_narrow_i32x4(a, b)
}

/// 16-bit lanes of `a`, then of `b`, to signed 8 bits, saturating.
#[inline(always)]
pub fn narrow16(a: V128, b: V128) -> V128 {
    i8x16_narrow_i16x8(a, b)
}

/// 16-bit lanes of `a`, then of `b`, to unsigned 8 bits, saturating.
#[inline(always)]
pub fn narrow16_unsigned(a: V128, b: V128) -> V128 {
    u8x16_narrow_i16x8(a, b)
}

#[inline(always)]
pub fn min16(a: V128, b: V128) -> V128 {
    i16x8_min(a, b)
}

/// Unsigned 8-bit lanes.
#[inline(always)]
pub fn min8(a: V128, b: V128) -> V128 {
    u8x16_min(a, b)
}

#[inline(always)]
pub fn max8(a: V128, b: V128) -> V128 {
    u8x16_max(a, b)
}

#[inline(always)]
pub fn zip8_low(a: V128, b: V128) -> V128 {
    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b)
}

#[inline(always)]
pub fn zip8_high(a: V128, b: V128) -> V128 {
    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(a, b)
}

/// The bytes of each half in reverse order.
#[inline(always)]
pub(crate) fn swapped64(v: V128) -> V128 {
    i8x16_shuffle::<7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8>(v, v)
}

#[inline(always)]
pub(crate) fn reversed_bytes(v: V128) -> V128 {
    i8x16_shuffle::<15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0>(v, v)
}

#[inline(always)]
pub fn zip16_low(a: V128, b: V128) -> V128 {
    i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b)
}

#[inline(always)]
pub fn zip16_high(a: V128, b: V128) -> V128 {
    i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a, b)
}

#[inline(always)]
pub fn zip32_low(a: V128, b: V128) -> V128 {
    i32x4_shuffle::<0, 4, 1, 5>(a, b)
}

#[inline(always)]
pub fn zip32_high(a: V128, b: V128) -> V128 {
    i32x4_shuffle::<2, 6, 3, 7>(a, b)
}

#[inline(always)]
pub fn zip64_low(a: V128, b: V128) -> V128 {
    i64x2_shuffle::<0, 2>(a, b)
}

#[inline(always)]
pub fn zip64_high(a: V128, b: V128) -> V128 {
    i64x2_shuffle::<1, 3>(a, b)
}
