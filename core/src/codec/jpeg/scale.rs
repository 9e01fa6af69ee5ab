//! How much of a JPEG's blocks is decoded for a reduction.

/// The reductions from which a number of eighths is enough.
///
/// A block that is decoded to n × n samples has lost its coefficients from the n-th on. The resampler's filter would remove most of
/// them, but not all, and the rest is missing from the result and shows as moiré. The numbers are measured: with less, stripes,
/// checkerboards, grids or text come out worse than sharp makes them, or below SSIM 0.9 (`make bench JOBS=quality`). From 3 to 5
/// sharp halves such a picture by means, which few eighths equal; they would save little time.
const ENOUGH_FROM: [(f64, u32); 5] = [(60.0, 1), (14.5, 2), (9.65, 3), (9.0, 4), (5.0, 5)];

/// The eighths of its stored size, 1 to 8, at which to decode a component that will be `factor` times smaller than stored.
pub fn eighths(factor: f64) -> u32 {
    ENOUGH_FROM.iter().find(|(from, _)| factor >= *from).map_or(8, |&(_, eighths)| eighths)
}

/// Up to this many eighths, refinements of a progressive file's AC coefficients change the result by less than a level at quality
/// 50, because a reduction that large weighs AC coefficients by a fifth or less.
pub const COARSE: u32 = 2;
