//! How much of a JPEG's blocks is decoded for a reduction.

/// For each number of eighths from 1 to 7, the reductions from which it is enough.
///
/// A block decoded to n × n samples has lost its coefficients from the n-th on. The resampler's filter would have removed nearly all
/// of them, but what it keeps of them is missing from the result and shows as moiré. These reductions keep that to 3 % of the
/// amplitude of the worst waves.
const ENOUGH_FROM: [f64; 7] = [60.0, 14.5, 9.0, f64::INFINITY, 5.0, f64::INFINITY, f64::INFINITY];

/// The eighths of the stored size at which a component is decoded that is then made `factor` times smaller than stored.
pub fn eighths(factor: f64) -> u32 {
    // the position in the table is one less
    ENOUGH_FROM.iter().position(|&from| factor >= from).map_or(8, |at| at as u32 + 1)
}

/// Up to this many eighths, refinements of a progressive file's AC coefficients change the result by less than a level at quality
/// 50, because a reduction that large weighs AC coefficients by a fifth or less.
pub const COARSE: u32 = 2;
