//! Plain Rust, for processors without one of the other modules. It defines what all of them compute.

/// 128 bits, seen as 16-bit lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V128([i16; 8]);

impl V128 {
    fn bytes(self) -> [i8; 16] {
        core::array::from_fn(|i| (self.0[i / 2] >> (8 * (i & 1))) as i8)
    }

    fn of_bytes(b: [i8; 16]) -> Self {
        let pair = |i: usize| u16::from(b[2 * i] as u8) | u16::from(b[2 * i + 1] as u8) << 8;
        Self(core::array::from_fn(|i| pair(i) as i16))
    }

    fn words(self) -> [i32; 4] {
        core::array::from_fn(|i| i32::from(self.0[2 * i] as u16) | i32::from(self.0[2 * i + 1]) << 16)
    }

    fn of_words(w: [i32; 4]) -> Self {
        Self(core::array::from_fn(|i| (w[i / 2] >> (16 * (i & 1))) as i16))
    }
}

/// Eight 16-bit lanes.
pub fn load(lanes: &[i16; 8]) -> V128 {
    V128(*lanes)
}

/// Sixteen bytes.
pub fn load_bytes(bytes: &[u8; 16]) -> V128 {
    V128::of_bytes(bytes.map(|byte| byte as i8))
}

/// Eight bytes, then zeros.
pub fn load_half(bytes: &[u8; 8]) -> V128 {
    V128::of_bytes(core::array::from_fn(|i| if i < 8 { bytes[i] as i8 } else { 0 }))
}

/// Eight bytes as 16-bit lanes.
pub fn load_wide(bytes: &[u8; 8]) -> V128 {
    V128(bytes.map(i16::from))
}

pub fn store(lanes: &mut [i16; 8], v: V128) {
    *lanes = v.0;
}

pub fn store_bytes(bytes: &mut [u8; 16], v: V128) {
    *bytes = v.bytes().map(|byte| byte as u8);
}

/// Both halves, as they lie in memory.
pub fn halves(v: V128) -> [u64; 2] {
    let half = |lanes: &[i16]| lanes.iter().rev().fold(0, |all, &lane| all << 16 | u64::from(lane as u16));
    [half(&v.0[..4]), half(&v.0[4..])]
}

pub fn splat32(value: i32) -> V128 {
    V128::of_words([value; 4])
}

/// Bit `i` tells whether byte `i` is other than 0.
pub fn nonzero_bytes(v: V128) -> u32 {
    v.bytes().iter().rev().fold(0, |all, &byte| all << 1 | u32::from(byte != 0))
}

pub fn and(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i] & b.0[i]))
}

pub fn or(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i] | b.0[i]))
}

pub fn xor(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i] ^ b.0[i]))
}

pub fn is_zero(v: V128) -> bool {
    v.0 == [0; 8]
}

pub fn add16(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i].wrapping_add(b.0[i])))
}

pub fn sub16(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i].wrapping_sub(b.0[i])))
}

pub fn mul16(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i].wrapping_mul(b.0[i])))
}

/// Products of 16-bit lanes, added by pairs to 32-bit lanes.
pub fn dot(a: V128, b: V128) -> V128 {
    let product = |i: usize| i32::from(a.0[i]) * i32::from(b.0[i]);
    V128::of_words(core::array::from_fn(|i| product(2 * i).wrapping_add(product(2 * i + 1))))
}

pub fn add32(a: V128, b: V128) -> V128 {
    let (a, b) = (a.words(), b.words());
    V128::of_words(core::array::from_fn(|i| a[i].wrapping_add(b[i])))
}

pub fn sub32(a: V128, b: V128) -> V128 {
    let (a, b) = (a.words(), b.words());
    V128::of_words(core::array::from_fn(|i| a[i].wrapping_sub(b[i])))
}

/// 16-bit lanes, by `N` bits, keeping the sign.
pub fn shr16<const N: i32>(v: V128) -> V128 {
    V128(v.0.map(|lane| lane >> N))
}

/// 16-bit lanes, by `N` bits.
pub fn shl16<const N: i32>(v: V128) -> V128 {
    V128(v.0.map(|lane| lane << N))
}

/// 32-bit lanes, by `bits` below 32, keeping the sign.
pub fn shr32_by(v: V128, bits: u32) -> V128 {
    V128::of_words(v.words().map(|word| word >> bits))
}

/// 32-bit lanes, by `N` bits.
pub fn shl32<const N: i32>(v: V128) -> V128 {
    V128::of_words(v.words().map(|word| word << N))
}

pub fn shr32<const N: i32>(v: V128) -> V128 {
    V128::of_words(v.words().map(|word| word >> N))
}

/// 32-bit lanes of `a`, then of `b`, to 16 bits, saturating.
pub fn narrow32(a: V128, b: V128) -> V128 {
    let (a, b) = (a.words(), b.words());
    V128(core::array::from_fn(|i| {
        let word = if i < 4 { a[i] } else { b[i - 4] };
        word.clamp(i16::MIN.into(), i16::MAX.into()) as i16
    }))
}

/// 16-bit lanes of `a`, then of `b`, to signed 8 bits, saturating.
pub fn narrow16(a: V128, b: V128) -> V128 {
    V128::of_bytes(core::array::from_fn(|i| {
        let lane = if i < 8 { a.0[i] } else { b.0[i - 8] };
        lane.clamp(i8::MIN.into(), i8::MAX.into()) as i8
    }))
}

/// 16-bit lanes of `a`, then of `b`, to unsigned 8 bits, saturating.
pub fn narrow16_unsigned(a: V128, b: V128) -> V128 {
    V128::of_bytes(core::array::from_fn(|i| {
        let lane = if i < 8 { a.0[i] } else { b.0[i - 8] };
        lane.clamp(0, u8::MAX.into()) as u8 as i8
    }))
}

pub fn min16(a: V128, b: V128) -> V128 {
    V128(core::array::from_fn(|i| a.0[i].min(b.0[i])))
}

/// Unsigned 8-bit lanes.
pub fn min8(a: V128, b: V128) -> V128 {
    let (a, b) = (a.bytes(), b.bytes());
    V128::of_bytes(core::array::from_fn(|i| (a[i] as u8).min(b[i] as u8) as i8))
}

pub fn max8(a: V128, b: V128) -> V128 {
    let (a, b) = (a.bytes(), b.bytes());
    V128::of_bytes(core::array::from_fn(|i| (a[i] as u8).max(b[i] as u8) as i8))
}

/// Interleaves elements of `bytes` bytes from the lower or the `high` halves of `a` and `b`.
fn zip(a: V128, b: V128, bytes: usize, high: bool) -> V128 {
    let (a, b) = (a.bytes(), b.bytes());
    let start = if high { 8 } else { 0 };
    V128::of_bytes(core::array::from_fn(|i| {
        let (element, byte) = (i / bytes, i % bytes);
        let from = start + element / 2 * bytes + byte;
        if element % 2 == 0 { a[from] } else { b[from] }
    }))
}

macro_rules! zips {
    ($($name:ident = $bytes:literal, $high:literal;)*) => {$(
        pub fn $name(a: V128, b: V128) -> V128 {
            zip(a, b, $bytes, $high)
        }
    )*};
}

zips! {
    zip8_low = 1, false;
    zip8_high = 1, true;
    zip16_low = 2, false;
    zip16_high = 2, true;
    zip32_low = 4, false;
    zip32_high = 4, true;
    zip64_low = 8, false;
    zip64_high = 8, true;
}
