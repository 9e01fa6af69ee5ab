//! Colours that are near each other.

/// Their place, and how many there are.
#[derive(Clone, Copy, Default)]
pub(super) struct Point {
    /// Premultiplied; sums at first, then means.
    pub at: [f32; 4],
    /// How many there are.
    pub weight: f32,
}
