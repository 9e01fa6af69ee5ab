//! The range of lightness that a picture has, as sharp's `normalise` finds it.
//!
//! Source: libvips' `percent`, on whole steps of L*.

use crate::Planar;
use crate::lightness::Lightness;

/// Pixels above which every other one of every other row is enough.
const MANY: usize = 1 << 18;

/// How many pixels have each whole L*, 0 to 100.
pub struct Lightnesses {
    counts: [u64; 101],
    lightness: Lightness,
}

impl Default for Lightnesses {
    fn default() -> Self {
        Self { counts: [0; 101], lightness: Lightness::new() }
    }
}

impl Lightnesses {
    /// Counts the first pixels of a strip, so many, too.
    pub fn add(&mut self, pixels: &mut Planar, count: usize) {
        let mut l = vec![0.0; count.min(pixels.pixels())];
        self.lightness_of(pixels, &mut l);
        l.iter().for_each(|l| self.counts[(*l as usize).min(100)] += 1);
    }

    fn lightness_of(&self, pixels: &mut Planar, l: &mut [f32]) {
        match pixels.rgb() {
            Some([r, g, b]) => self.lightness.of([r, g, b], l),
            None => self.lightness.of([&pixels.planes[0]; 3], l),
        }
    }

    /// Those of rows of `width` pixels.
    #[inline(never)]
    pub fn of(data: &[u8], width: usize, channels: u8) -> Self {
        let mut this = Self::default();
        let row = width * usize::from(channels);
        if row == 0 {
            return this;
        }
        let step = if data.len() / usize::from(channels) > MANY { 2 } else { 1 };
        let (mut planar, mut l) = (Planar::default(), vec![0.0; width]);
        for row in data.chunks_exact(row).step_by(step) {
            planar.part(row, channels);
            this.lightness_of(&mut planar, &mut l);
            l.iter().step_by(step).for_each(|l| this.counts[(*l as usize).min(100)] += 1);
        }
        this
    }

    /// L* of which so many percent are less, as libvips counts: by hundredths of the greatest step there is.
    fn below(&self, percent: u8) -> f32 {
        let last = self.counts.iter().rposition(|&count| count > 0).unwrap_or(0) as u64;
        let total: u64 = self.counts.iter().sum();
        let mut sum = 0;
        let passes = |&count: &u64| {
            sum += count;
            // the sum, scaled to the number of steps and rounded down
            let scaled = (sum * last).checked_div(total).unwrap_or(0);
            100 * scaled > u64::from(percent) * (last + 1)
        };
        self.counts.iter().position(passes).map_or(last as f32 + 1.0, |step| step as f32)
    }

    /// What L* is multiplied by and what is added, so that the range between two percentages becomes all of it; `None` where there is hardly any.
    pub fn stretch(&self, lower: u8, upper: u8) -> Option<(f32, f32)> {
        let first = self.counts.iter().position(|&count| count > 0)? as f32;
        let last = self.counts.iter().rposition(|&count| count > 0)? as f32;
        let min = if lower == 0 { first } else { self.below(lower) };
        let max = if upper >= 100 { last } else { self.below(upper) };
        if (max - min).abs() <= 1.0 {
            return None;
        }
        let factor = 100.0 / (max - min);
        Some((factor, -min * factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_between_black_and_white_is_all_of_it() {
        let data: Vec<u8> = (0..=255).collect();
        let (factor, offset) = Lightnesses::of(&data, 16, 1).stretch(0, 100).unwrap_or_default();
        assert!((factor - 1.0).abs() < 0.02 && offset.abs() < 0.01, "{factor} {offset}");
        let narrow: Vec<u8> = (60..=180).collect();
        let (factor, offset) = Lightnesses::of(&narrow, 11, 1).stretch(1, 99).unwrap_or_default();
        assert!(factor > 1.8 && offset < -30.0, "{factor} {offset}");
    }

    #[test]
    fn a_picture_of_one_lightness_has_no_range_nor_has_nothing() {
        assert_eq!(Lightnesses::of(&[99; 60], 5, 3).stretch(1, 99), None);
        assert_eq!(Lightnesses::of(&[], 0, 3).stretch(1, 99), None);
    }

    #[test]
    fn of_many_pixels_a_quarter_is_as_good() {
        let sample = |i: usize| (40 + (i * 31 % 1024 + i / 1024 * 7) % 150) as u8;
        let many: Vec<u8> = (0..1024 * 512).map(sample).collect();
        let few: Vec<u8> = (0..1024 * 200).map(sample).collect();
        let stretch = |data: &[u8]| Lightnesses::of(data, 1024, 1).stretch(1, 99).unwrap_or_default();
        let (a, b) = (stretch(&many), stretch(&few));
        assert!((a.0 - b.0).abs() < 0.05, "{a:?} {b:?}");
    }
}
