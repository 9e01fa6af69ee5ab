//! What the two directions and their kernels share: samples, weights and windows in fixed point.

/// Bits after the point of the samples between the two directions. Filters overshoot by less than half: 255 · 64 · 1.4 fits in
/// 15 bits.
pub const FRACTION: u32 = 6;

/// Samples along a line that are made together.
pub const TOGETHER: usize = 8;

/// Samples of a line that are summed together with those of other lines.
pub const LINE: usize = 16;

/// Weights of a vector.
pub const TAPS: usize = 8;

/// The windows of a line's samples.
#[derive(Clone, Debug)]
pub struct Windows {
    /// For each new sample, the first old one. A multiple of [`TOGETHER`] of them.
    pub starts: Vec<u32>,
    /// For each four new samples: `vectors` times the next [`TAPS`] weights of the first, of the second, …
    pub weights: Vec<[i16; TAPS]>,
    /// Vectors that a window takes.
    pub vectors: usize,
    /// Bits of a weight after the point.
    pub bits: u32,
    /// A copy of lines that are shorter than a window's vectors, extended to that length. Empty for longer lines.
    pub short: Vec<u8>,
}

/// Two lines of the ring and their weights.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// Where each line starts in the ring.
    pub at: [usize; 2],
    pub weights: [i16; 2],
}

/// Bytes of a pair.
pub const PAIR: usize = size_of::<Pair>();

/// How a sum of products becomes an 8-bit sample: `(sum + start) >> bits`.
#[derive(Clone, Copy, Debug)]
pub struct Finish {
    pub start: i32,
    pub bits: u32,
}

impl Finish {
    /// For sums with `bits` after the point, of samples that are `value / 2 + 64` where they have headroom.
    pub fn new(bits: u32, has_headroom: bool) -> Self {
        if has_headroom {
            let bits = bits - 1;
            return Self { start: (1 << bits >> 1) - (128 << bits), bits };
        }
        Self { start: 1 << bits >> 1, bits }
    }
}
