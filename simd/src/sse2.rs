//! x86-64, which always has SSE2.

#![allow(unsafe_code)]

use core::arch::x86_64::*;

/// 128 bits.
pub type V128 = __m128i;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $body:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name($($argument: $type),*) -> $result {
            // SAFETY: this module is compiled only where SSE2 is enabled, which is
            // all that these intrinsics require; loads and stores access the
            // bytes of an array, at any alignment
            unsafe { $body }
        }
    )*};
}

operations! {
    /// Eight 16-bit lanes.
    load(lanes: &[i16; 8]) -> V128 = _mm_loadu_si128(lanes.as_ptr().cast());
    /// Sixteen bytes.
    load_bytes(bytes: &[u8; 16]) -> V128 = _mm_loadu_si128(bytes.as_ptr().cast());
    /// Eight bytes, then zeros.
    load_half(bytes: &[u8; 8]) -> V128 = _mm_loadl_epi64(bytes.as_ptr().cast());
    /// Eight bytes as 16-bit lanes.
    load_wide(bytes: &[u8; 8]) -> V128 =
        _mm_unpacklo_epi8(_mm_loadl_epi64(bytes.as_ptr().cast()), _mm_setzero_si128());
    store(lanes: &mut [i16; 8], v: V128) -> () = _mm_storeu_si128(lanes.as_mut_ptr().cast(), v);
    store_bytes(bytes: &mut [u8; 16], v: V128) -> () = _mm_storeu_si128(bytes.as_mut_ptr().cast(), v);
    /// Both halves, as they lie in memory.
    halves(v: V128) -> [u64; 2] = [
        _mm_cvtsi128_si64(v) as u64,
        _mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v)) as u64,
    ];
    splat32(value: i32) -> V128 = _mm_set1_epi32(value);
    /// Bit `i` tells whether byte `i` is other than 0.
    nonzero_bytes(v: V128) -> u32 =
        0xFFFF ^ _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128())) as u32;
    and(a: V128, b: V128) -> V128 = _mm_and_si128(a, b);
    or(a: V128, b: V128) -> V128 = _mm_or_si128(a, b);
    xor(a: V128, b: V128) -> V128 = _mm_xor_si128(a, b);
    is_zero(v: V128) -> bool =
        _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128())) == 0xFFFF;
    add16(a: V128, b: V128) -> V128 = _mm_add_epi16(a, b);
    sub16(a: V128, b: V128) -> V128 = _mm_sub_epi16(a, b);
    mul16(a: V128, b: V128) -> V128 = _mm_mullo_epi16(a, b);
    /// Products of 16-bit lanes, added by pairs to 32-bit lanes.
    dot(a: V128, b: V128) -> V128 = _mm_madd_epi16(a, b);
    add32(a: V128, b: V128) -> V128 = _mm_add_epi32(a, b);
    sub32(a: V128, b: V128) -> V128 = _mm_sub_epi32(a, b);
    /// 32-bit lanes, by `bits` below 32, keeping the sign.
    shr32_by(v: V128, bits: u32) -> V128 = _mm_sra_epi32(v, _mm_cvtsi32_si128(bits as i32));
    /// 32-bit lanes of `a`, then of `b`, to 16 bits, saturating.
    narrow32(a: V128, b: V128) -> V128 = _mm_packs_epi32(a, b);
    /// 16-bit lanes of `a`, then of `b`, to signed 8 bits, saturating.
    narrow16(a: V128, b: V128) -> V128 = _mm_packs_epi16(a, b);
    /// 16-bit lanes of `a`, then of `b`, to unsigned 8 bits, saturating.
    narrow16_unsigned(a: V128, b: V128) -> V128 = _mm_packus_epi16(a, b);
    min16(a: V128, b: V128) -> V128 = _mm_min_epi16(a, b);
    /// Unsigned 8-bit lanes.
    min8(a: V128, b: V128) -> V128 = _mm_min_epu8(a, b);
    max8(a: V128, b: V128) -> V128 = _mm_max_epu8(a, b);
    zip8_low(a: V128, b: V128) -> V128 = _mm_unpacklo_epi8(a, b);
    zip8_high(a: V128, b: V128) -> V128 = _mm_unpackhi_epi8(a, b);
    zip16_low(a: V128, b: V128) -> V128 = _mm_unpacklo_epi16(a, b);
    zip16_high(a: V128, b: V128) -> V128 = _mm_unpackhi_epi16(a, b);
    zip32_low(a: V128, b: V128) -> V128 = _mm_unpacklo_epi32(a, b);
    zip32_high(a: V128, b: V128) -> V128 = _mm_unpackhi_epi32(a, b);
    zip64_low(a: V128, b: V128) -> V128 = _mm_unpacklo_epi64(a, b);
    zip64_high(a: V128, b: V128) -> V128 = _mm_unpackhi_epi64(a, b);
}

/// 16-bit lanes, by `N` bits, keeping the sign.
#[inline(always)]
pub fn shr16<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { _mm_srai_epi16::<N>(v) }
}

/// 16-bit lanes, by `N` bits.
#[inline(always)]
pub fn shl16<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { _mm_slli_epi16::<N>(v) }
}

/// 32-bit lanes, by `N` bits.
#[inline(always)]
pub fn shl32<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { _mm_slli_epi32::<N>(v) }
}

/// 32-bit lanes, by `N` bits, keeping the sign.
#[inline(always)]
pub fn shr32<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { _mm_srai_epi32::<N>(v) }
}
