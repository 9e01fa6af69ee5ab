//! Four 32-bit floats: on wasm32 and x86-64 in a vector, elsewhere an array that the compiler makes one of.
//!
//! The final module is compiled for size, and then loops are not made vectors by themselves.

use core::ops::{Add, Div, Mul, Sub};

use super::V128;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::*;

    pub type Lanes = v128;

    macro_rules! operations {
        ($($name:ident($($argument:ident),*) = $body:expr;)*) => {$(
            #[inline(always)]
            pub fn $name($($argument: Lanes),*) -> Lanes {
                $body
            }
        )*};
    }

    operations! {
        add(a, b) = f32x4_add(a, b);
        sub(a, b) = f32x4_sub(a, b);
        mul(a, b) = f32x4_mul(a, b);
        div(a, b) = f32x4_div(a, b);
        sqrt(a) = f32x4_sqrt(a);
        // the second where one is no number
        max(a, b) = f32x4_pmax(b, a);
        min(a, b) = f32x4_pmin(b, a);
        choose(a, b, yes, no) = v128_bitselect(yes, no, f32x4_gt(a, b));
        of_ints(a) = f32x4_convert_i32x4(a);
    }

    #[inline(always)]
    pub fn splat(v: f32) -> Lanes {
        f32x4_splat(v)
    }

    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn load(v: &[f32; 4]) -> Lanes {
        // SAFETY: reads the 16 bytes of the array; the load takes any alignment
        unsafe { v128_load(v.as_ptr().cast()) }
    }

    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn store(to: &mut [f32; 4], v: Lanes) {
        // SAFETY: writes the 16 bytes of the array; the store takes any alignment
        unsafe { v128_store(to.as_mut_ptr().cast(), v) }
    }

    #[inline(always)]
    pub fn of_bits(v: v128) -> Lanes {
        v
    }

    #[inline(always)]
    pub fn to_bits(v: Lanes) -> v128 {
        v
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod lanes {
    #![allow(unsafe_code)]

    use core::arch::x86_64::*;

    pub type Lanes = __m128;

    macro_rules! operations {
        ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty = $body:expr;)*) => {$(
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
        add(a: Lanes, b: Lanes) -> Lanes = _mm_add_ps(a, b);
        sub(a: Lanes, b: Lanes) -> Lanes = _mm_sub_ps(a, b);
        mul(a: Lanes, b: Lanes) -> Lanes = _mm_mul_ps(a, b);
        div(a: Lanes, b: Lanes) -> Lanes = _mm_div_ps(a, b);
        sqrt(a: Lanes) -> Lanes = _mm_sqrt_ps(a);
        max(a: Lanes, b: Lanes) -> Lanes = _mm_max_ps(a, b);
        min(a: Lanes, b: Lanes) -> Lanes = _mm_min_ps(a, b);
        choose(a: Lanes, b: Lanes, yes: Lanes, no: Lanes) -> Lanes = {
            let is_greater = _mm_cmpgt_ps(a, b);
            _mm_or_ps(_mm_and_ps(is_greater, yes), _mm_andnot_ps(is_greater, no))
        };
        of_ints(a: __m128i) -> Lanes = _mm_cvtepi32_ps(a);
        splat(v: f32) -> Lanes = _mm_set1_ps(v);
        load(v: &[f32; 4]) -> Lanes = _mm_loadu_ps(v.as_ptr());
        store(to: &mut [f32; 4], v: Lanes) -> () = _mm_storeu_ps(to.as_mut_ptr(), v);
        of_bits(v: __m128i) -> Lanes = _mm_castsi128_ps(v);
        to_bits(v: Lanes) -> __m128i = _mm_castps_si128(v);
    }
}

#[cfg(not(any(
    all(target_arch = "wasm32", target_feature = "simd128"),
    all(target_arch = "x86_64", target_feature = "sse2"),
)))]
mod lanes {
    use crate::V128;
    use core::array::from_fn;

    pub type Lanes = [f32; 4];

    macro_rules! operations {
        ($($name:ident($($argument:ident),*) = |$i:ident| $body:expr;)*) => {$(
            #[inline(always)]
            pub fn $name($($argument: Lanes),*) -> Lanes {
                from_fn(|$i| $body)
            }
        )*};
    }

    operations! {
        add(a, b) = |i| a[i] + b[i];
        sub(a, b) = |i| a[i] - b[i];
        mul(a, b) = |i| a[i] * b[i];
        div(a, b) = |i| a[i] / b[i];
        max(a, b) = |i| if a[i] > b[i] { a[i] } else { b[i] };
        min(a, b) = |i| if a[i] < b[i] { a[i] } else { b[i] };
        choose(a, b, yes, no) = |i| if a[i] > b[i] { yes[i] } else { no[i] };
    }

    #[inline(always)]
    pub fn sqrt(a: Lanes) -> Lanes {
        a.map(f32::sqrt)
    }

    #[inline(always)]
    fn words(v: V128) -> [u32; 4] {
        let [low, high] = crate::halves(v);
        [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32]
    }

    #[inline(always)]
    pub fn of_ints(v: V128) -> Lanes {
        words(v).map(|v| v as i32 as f32)
    }

    #[inline(always)]
    pub fn splat(v: f32) -> Lanes {
        [v; 4]
    }

    #[inline(always)]
    pub fn load(v: &[f32; 4]) -> Lanes {
        *v
    }

    #[inline(always)]
    pub fn store(to: &mut [f32; 4], v: Lanes) {
        *to = v;
    }

    #[inline(always)]
    pub fn of_bits(v: V128) -> Lanes {
        words(v).map(f32::from_bits)
    }

    #[inline(always)]
    pub fn to_bits(v: Lanes) -> V128 {
        crate::load(&from_fn(|i| (v[i / 2].to_bits() >> (16 * (i & 1))) as i16))
    }
}

/// Four 32-bit floats.
#[derive(Clone, Copy, Debug)]
pub struct F4(lanes::Lanes);

impl F4 {
    /// The same four times.
    #[inline(always)]
    pub fn splat(v: f32) -> Self {
        Self(lanes::splat(v))
    }

    #[inline(always)]
    pub fn load(v: &[f32; 4]) -> Self {
        Self(lanes::load(v))
    }

    #[inline(always)]
    pub fn store(self, to: &mut [f32; 4]) {
        lanes::store(to, self.0);
    }

    /// Those of 32-bit lanes.
    #[inline(always)]
    pub fn of_ints(v: V128) -> Self {
        Self(lanes::of_ints(v))
    }

    #[inline(always)]
    pub fn of_bits(v: V128) -> Self {
        Self(lanes::of_bits(v))
    }

    #[inline(always)]
    pub fn to_bits(self) -> V128 {
        lanes::to_bits(self.0)
    }

    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(lanes::sqrt(self.0))
    }

    /// The greater of the two; `least` for what is no number.
    #[inline(always)]
    pub fn at_least(self, least: Self) -> Self {
        Self(lanes::max(self.0, least.0))
    }

    /// The less of the two; `most` for what is no number.
    #[inline(always)]
    pub fn at_most(self, most: Self) -> Self {
        Self(lanes::min(self.0, most.0))
    }

    /// `yes` where it is greater than `other`, `no` elsewhere.
    #[inline(always)]
    pub fn choose(self, other: Self, yes: Self, no: Self) -> Self {
        Self(lanes::choose(self.0, other.0, yes.0, no.0))
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $name:ident;)*) => {$(
        impl $trait for F4 {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(lanes::$name(self.0, other.0))
            }
        }
    )*};
}

operators! {
    Add add add;
    Sub sub sub;
    Mul mul mul;
    Div div div;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(v: F4) -> [f32; 4] {
        let mut out = [0.0; 4];
        v.store(&mut out);
        out
    }

    #[test]
    fn lanes_are_what_numbers_are() {
        let (a, b) = ([1.5, -2.0, 1e10, 0.25], [4.0, 0.5, 1e10, -9.0]);
        let (x, y) = (F4::load(&a), F4::load(&b));
        let each = |f: fn(f32, f32) -> f32| core::array::from_fn(|i| f(a[i], b[i]));
        assert_eq!(of(x + y), each(|a, b| a + b));
        assert_eq!(of(x - y), each(|a, b| a - b));
        assert_eq!(of(x * y), each(|a, b| a * b));
        assert_eq!(of(x / y), each(|a, b| a / b));
        assert_eq!(of(x.at_least(y)), each(f32::max));
        assert_eq!(of(x.at_most(y)), each(f32::min));
        assert_eq!(of(x.choose(y, F4::splat(1.0), F4::splat(0.0))), each(|a, b| f32::from(u8::from(a > b))));
        assert_eq!(of((y * y).sqrt()), b.map(f32::abs));
    }

    #[test]
    fn what_is_no_number_is_at_the_bound() {
        let none = F4::splat(f32::NAN);
        assert_eq!(of(none.at_least(F4::splat(3.0))), [3.0; 4]);
        assert_eq!(of(none.at_most(F4::splat(3.0))), [3.0; 4]);
        assert_eq!(of(none.choose(F4::splat(0.0), F4::splat(1.0), F4::splat(2.0))), [2.0; 4]);
    }

    #[test]
    fn bits_and_integers_are_those_of_numbers() {
        let v = F4::load(&[1.0, -1.5, 0.0, 77.0]);
        assert_eq!(of(F4::of_bits(v.to_bits())), of(v));
        assert_eq!(crate::halves(F4::splat(1.0).to_bits()), [0x3F80_0000_3F80_0000; 2]);
        assert_eq!(of(F4::of_ints(crate::splat32(-7))), [-7.0; 4]);
    }
}
