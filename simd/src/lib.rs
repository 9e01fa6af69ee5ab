//! 128-bit vectors: the few operations that the kernels are made of, the same
//! on every machine.
//!
//! [`V128`] is 128 bits; an operation's name tells its lanes: `add16` adds 16-bit
//! lanes. Kernels must not clamp before they narrow, because Rust 1.95 drops
//! that clamp on wasm32 (rust-lang/rust#157456).
//!
//! Loads and stores take arrays, so that users of this crate need no `unsafe`.

// names are self-explanatory; exceptions are documented
#![allow(missing_docs)]

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::*;

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod sse2;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use sse2::*;

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod neon;
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
pub use neon::*;

#[cfg(any(
    test,
    not(any(
        all(target_arch = "wasm32", target_feature = "simd128"),
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "aarch64", target_feature = "neon"),
    ))
))]
mod portable;
#[cfg(not(any(
    all(target_arch = "wasm32", target_feature = "simd128"),
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon"),
)))]
pub use portable::*;

mod floats;
pub use floats::F4;

#[cfg(test)]
mod tests;

/// Factors for [`dot`]: `a` in even 16-bit lanes, `b` in odd ones.
#[inline(always)]
pub fn pair(a: i32, b: i32) -> V128 {
    splat32(a & 0xFFFF | b << 16)
}

/// The number whose highest byte comes first. WebAssembly has no instruction that swaps bytes, and engines make some twenty of
/// `u64::from_be_bytes`.
#[inline(always)]
pub fn big_endian(bytes: &[u8; 8]) -> u64 {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return halves(swapped64(load_half(bytes)))[0];
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    return u64::from_be_bytes(*bytes);
}

/// Sixteen bytes, the last one first, unless one of them is `FF`.
#[inline(always)]
pub fn reversed_without_ff(bytes: &[u8; 16]) -> Option<[u8; 16]> {
    let v = load_bytes(bytes);
    if nonzero_bytes(xor(v, splat32(-1))) != 0xFFFF {
        return None;
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    {
        let mut reversed = [0; 16];
        store_bytes(&mut reversed, reversed_bytes(v));
        Some(reversed)
    }
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    Some(u128::from_le_bytes(*bytes).swap_bytes().to_le_bytes())
}

/// Transposes eight rows of eight 16-bit lanes.
#[inline(always)]
pub fn transposed([a, b, c, d, e, f, g, h]: [V128; 8]) -> [V128; 8] {
    let (ab0, ab1) = (zip16_low(a, b), zip16_high(a, b));
    let (cd0, cd1) = (zip16_low(c, d), zip16_high(c, d));
    let (ef0, ef1) = (zip16_low(e, f), zip16_high(e, f));
    let (gh0, gh1) = (zip16_low(g, h), zip16_high(g, h));
    let (ad0, ad1) = (zip32_low(ab0, cd0), zip32_high(ab0, cd0));
    let (ad2, ad3) = (zip32_low(ab1, cd1), zip32_high(ab1, cd1));
    let (eh0, eh1) = (zip32_low(ef0, gh0), zip32_high(ef0, gh0));
    let (eh2, eh3) = (zip32_low(ef1, gh1), zip32_high(ef1, gh1));
    [
        zip64_low(ad0, eh0),
        zip64_high(ad0, eh0),
        zip64_low(ad1, eh1),
        zip64_high(ad1, eh1),
        zip64_low(ad2, eh2),
        zip64_high(ad2, eh2),
        zip64_low(ad3, eh3),
        zip64_high(ad3, eh3),
    ]
}
