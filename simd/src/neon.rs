//! aarch64, which always has NEON.

#![allow(unsafe_code)]

use core::arch::aarch64::*;

/// 128 bits, seen as 16-bit lanes.
pub type V128 = int16x8_t;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $body:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name($($argument: $type),*) -> $result {
            // SAFETY: this module is compiled only where NEON is enabled, which is
            // all that these intrinsics require; loads and stores access the
            // bytes of an array, at any alignment
            unsafe { $body }
        }
    )*};
}

operations! {
    /// Eight 16-bit lanes.
    load(lanes: &[i16; 8]) -> V128 = vld1q_s16(lanes.as_ptr());
    /// Sixteen bytes.
    load_bytes(bytes: &[u8; 16]) -> V128 = vreinterpretq_s16_u8(vld1q_u8(bytes.as_ptr()));
    /// Eight bytes, then zeros.
    load_half(bytes: &[u8; 8]) -> V128 =
        vreinterpretq_s16_u8(vcombine_u8(vld1_u8(bytes.as_ptr()), vdup_n_u8(0)));
    /// Eight bytes as 16-bit lanes.
    load_wide(bytes: &[u8; 8]) -> V128 = vreinterpretq_s16_u16(vmovl_u8(vld1_u8(bytes.as_ptr())));
    store(lanes: &mut [i16; 8], v: V128) -> () = vst1q_s16(lanes.as_mut_ptr(), v);
    store_bytes(bytes: &mut [u8; 16], v: V128) -> () = vst1q_u8(bytes.as_mut_ptr(), vreinterpretq_u8_s16(v));
    /// Both halves, as they lie in memory.
    halves(v: V128) -> [u64; 2] = [
        vgetq_lane_u64::<0>(vreinterpretq_u64_s16(v)),
        vgetq_lane_u64::<1>(vreinterpretq_u64_s16(v)),
    ];
    splat32(value: i32) -> V128 = of32(vdupq_n_s32(value));
    /// Bit `i` tells whether byte `i` is other than 0.
    nonzero_bytes(v: V128) -> u32 = {
        let bytes = vreinterpretq_u8_s16(v);
        let weights = vcombine_u8(vcreate_u8(0x8040_2010_0804_0201), vcreate_u8(0x8040_2010_0804_0201));
        let bits = vandq_u8(vtstq_u8(bytes, bytes), weights);
        u32::from(vaddv_u8(vget_low_u8(bits))) | u32::from(vaddv_u8(vget_high_u8(bits))) << 8
    };
    and(a: V128, b: V128) -> V128 = vandq_s16(a, b);
    or(a: V128, b: V128) -> V128 = vorrq_s16(a, b);
    xor(a: V128, b: V128) -> V128 = veorq_s16(a, b);
    is_zero(v: V128) -> bool = vmaxvq_u8(vreinterpretq_u8_s16(v)) == 0;
    add16(a: V128, b: V128) -> V128 = vaddq_s16(a, b);
    sub16(a: V128, b: V128) -> V128 = vsubq_s16(a, b);
    mul16(a: V128, b: V128) -> V128 = vmulq_s16(a, b);
    /// Products of 16-bit lanes, added by pairs to 32-bit lanes.
    dot(a: V128, b: V128) -> V128 = of32(vpaddq_s32(
        vmull_s16(vget_low_s16(a), vget_low_s16(b)),
        vmull_high_s16(a, b),
    ));
    add32(a: V128, b: V128) -> V128 = of32(vaddq_s32(to32(a), to32(b)));
    sub32(a: V128, b: V128) -> V128 = of32(vsubq_s32(to32(a), to32(b)));
    /// 32-bit lanes, by `bits` below 32, keeping the sign.
    shr32_by(v: V128, bits: u32) -> V128 = of32(vshlq_s32(to32(v), vdupq_n_s32(-(bits as i32))));
    /// 32-bit lanes of `a`, then of `b`, to 16 bits, saturating.
    narrow32(a: V128, b: V128) -> V128 = vqmovn_high_s32(vqmovn_s32(to32(a)), to32(b));
    /// 16-bit lanes of `a`, then of `b`, to signed 8 bits, saturating.
    narrow16(a: V128, b: V128) -> V128 = vreinterpretq_s16_s8(vqmovn_high_s16(vqmovn_s16(a), b));
    /// 16-bit lanes of `a`, then of `b`, to unsigned 8 bits, saturating.
    narrow16_unsigned(a: V128, b: V128) -> V128 = vreinterpretq_s16_u8(vqmovun_high_s16(vqmovun_s16(a), b));
    min16(a: V128, b: V128) -> V128 = vminq_s16(a, b);
    /// Unsigned 8-bit lanes.
    min8(a: V128, b: V128) -> V128 =
        vreinterpretq_s16_u8(vminq_u8(vreinterpretq_u8_s16(a), vreinterpretq_u8_s16(b)));
    max8(a: V128, b: V128) -> V128 =
        vreinterpretq_s16_u8(vmaxq_u8(vreinterpretq_u8_s16(a), vreinterpretq_u8_s16(b)));
    zip8_low(a: V128, b: V128) -> V128 =
        vreinterpretq_s16_s8(vzip1q_s8(vreinterpretq_s8_s16(a), vreinterpretq_s8_s16(b)));
    zip8_high(a: V128, b: V128) -> V128 =
        vreinterpretq_s16_s8(vzip2q_s8(vreinterpretq_s8_s16(a), vreinterpretq_s8_s16(b)));
    zip16_low(a: V128, b: V128) -> V128 = vzip1q_s16(a, b);
    zip16_high(a: V128, b: V128) -> V128 = vzip2q_s16(a, b);
    zip32_low(a: V128, b: V128) -> V128 = of32(vzip1q_s32(to32(a), to32(b)));
    zip32_high(a: V128, b: V128) -> V128 = of32(vzip2q_s32(to32(a), to32(b)));
    zip64_low(a: V128, b: V128) -> V128 =
        vreinterpretq_s16_s64(vzip1q_s64(vreinterpretq_s64_s16(a), vreinterpretq_s64_s16(b)));
    zip64_high(a: V128, b: V128) -> V128 =
        vreinterpretq_s16_s64(vzip2q_s64(vreinterpretq_s64_s16(a), vreinterpretq_s64_s16(b)));
    to32(v: V128) -> int32x4_t = vreinterpretq_s32_s16(v);
    of32(v: int32x4_t) -> V128 = vreinterpretq_s16_s32(v);
}

/// 16-bit lanes, by `N` bits, keeping the sign.
#[inline(always)]
pub fn shr16<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { vshrq_n_s16::<N>(v) }
}

/// 16-bit lanes, by `N` bits.
#[inline(always)]
pub fn shl16<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { vshlq_n_s16::<N>(v) }
}

/// 32-bit lanes, by `N` bits.
#[inline(always)]
pub fn shl32<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { of32(vshlq_n_s32::<N>(to32(v))) }
}

/// 32-bit lanes, by `N` bits, keeping the sign.
#[inline(always)]
pub fn shr32<const N: i32>(v: V128) -> V128 {
    // SAFETY: as above
    unsafe { of32(vshrq_n_s32::<N>(to32(v))) }
}
