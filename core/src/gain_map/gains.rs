//! What a gain map's samples stand for.

/// Numbers for red, green and blue; of a grey map all three are the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gains {
    /// The binary logarithm of the gain that a sample of 0 stands for.
    pub least: [f64; 3],
    /// That of a full sample.
    pub most: [f64; 3],
    /// Samples have this power.
    pub gamma: [f64; 3],
    /// What is added to the picture's light, and to the bright one's, before they are compared.
    pub offset: [f64; 3],
    pub bright_offset: [f64; 3],
    /// The binary logarithm of the headroom from which on the map has an effect, and at which it has all of it.
    pub from_headroom: f64,
    pub to_headroom: f64,
    /// Whether gains are of the picture's own colours, and not of the bright one's.
    pub of_own_colours: bool,
}

impl Gains {
    /// The same, if every number can be meant.
    pub fn checked(self) -> Option<Self> {
        let all = |values: [f64; 3], bounds: std::ops::RangeInclusive<f64>| values.iter().all(|v| bounds.contains(v));
        let is_sane = all(self.least, -64.0..=64.0)
            && all(self.most, -64.0..=64.0)
            && all(self.gamma, 0.001..=64.0)
            && all(self.offset, -8.0..=8.0)
            && all(self.bright_offset, -8.0..=8.0)
            && (0.0..=64.0).contains(&self.from_headroom)
            && (0.0..=64.0).contains(&self.to_headroom)
            && self.from_headroom < self.to_headroom;
        is_sane.then_some(self)
    }

    /// Whether one number says it for all three colours.
    pub fn are_alike(&self) -> bool {
        [self.least, self.most, self.gamma, self.offset, self.bright_offset].iter().all(|[r, g, b]| r == g && g == b)
    }
}
