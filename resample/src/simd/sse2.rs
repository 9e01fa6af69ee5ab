//! x86-64, where SSE2 is always there.

#![allow(unsafe_code)]

use core::arch::x86_64::*;

/// 128 bits.
pub type V = __m128i;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $body:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name($($argument: $type),*) -> $result {
            // SAFETY: SSE2 is there; loads and stores stay within the array that is named and take any alignment
            unsafe { $body }
        }
    )*};
}

operations! {
    /// Eight samples as 16-bit lanes.
    widen(samples: &[u8; 8]) -> V =
        _mm_unpacklo_epi8(_mm_loadl_epi64(samples.as_ptr().cast()), _mm_setzero_si128());
    load16(lanes: &[i16; 8]) -> V = _mm_loadu_si128(lanes.as_ptr().cast());
    store16(v: V) -> [i16; 8] = {
        let mut lanes = [0; 8];
        _mm_storeu_si128(lanes.as_mut_ptr().cast(), v);
        lanes
    };
    store8(v: V) -> [u8; 16] = {
        let mut lanes = [0; 16];
        _mm_storeu_si128(lanes.as_mut_ptr().cast(), v);
        lanes
    };
    splat32(value: i32) -> V = _mm_set1_epi32(value);
    /// Two 16-bit values in each 32-bit lane.
    splat_pair(pair: [i16; 2]) -> V = _mm_set1_epi32(i32::from(pair[0] as u16) | i32::from(pair[1]) << 16);
    dot(a: V, b: V) -> V = _mm_madd_epi16(a, b);
    add32(a: V, b: V) -> V = _mm_add_epi32(a, b);
    shr32(v: V, bits: u32) -> V = _mm_sra_epi32(v, _mm_cvtsi32_si128(bits as i32));
    /// 32-bit lanes to 16 bits, saturating.
    narrow32(a: V, b: V) -> V = _mm_packs_epi32(a, b);
    /// 16-bit lanes to unsigned 8 bits, saturating.
    narrow16(a: V, b: V) -> V = _mm_packus_epi16(a, b);
    zip16_low(a: V, b: V) -> V = _mm_unpacklo_epi16(a, b);
    zip16_high(a: V, b: V) -> V = _mm_unpackhi_epi16(a, b);
    zip32_low(a: V, b: V) -> V = _mm_unpacklo_epi32(a, b);
    zip32_high(a: V, b: V) -> V = _mm_unpackhi_epi32(a, b);
    zip64_low(a: V, b: V) -> V = _mm_unpacklo_epi64(a, b);
    zip64_high(a: V, b: V) -> V = _mm_unpackhi_epi64(a, b);
}
