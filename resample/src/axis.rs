//! One axis: which samples each new sample is made from, and their weights.
//!
//! Windows and weights are the usual ones (of Pillow, libvips, fast_image_resize): the filter is stretched by the ratio when
//! samples become fewer, cut at the edges of the plane, and normalised.

use std::f64::consts::PI;

/// A stretch of an axis, in samples of the source; fractions are meant, and it may reach over the edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// From the first sample's near edge.
    pub start: f64,
    /// Greater than 0.
    pub length: f64,
}

/// What a sample is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Windowed sinc with three lobes.
    Lanczos3,
    /// Linear interpolation; a triangle when samples become fewer.
    Linear,
}

impl Filter {
    fn support(self) -> f64 {
        match self {
            Self::Lanczos3 => 3.0,
            Self::Linear => 1.0,
        }
    }

    fn weight(self, x: f64) -> f64 {
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        match self {
            Self::Lanczos3 if x.abs() < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::Linear => (1.0 - x.abs()).max(0.0),
            Self::Lanczos3 => 0.0,
        }
    }
}

/// Samples that one is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first one.
    pub start: usize,
    /// Fixed-point weights, [`Axis::bits`] of them after the point; their sum is 1 exactly.
    pub weights: Vec<i16>,
}

/// All windows of an axis, from first to last; neither their starts nor their ends ever go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    pub windows: Vec<Window>,
    pub bits: u32,
}

/// Weights have at most this many bits after the point, so that sums of products stay within 32 bits in both directions.
const MOST_BITS: u32 = 16;

impl Axis {
    pub fn new(from: usize, span: Span, to: usize, filter: Filter) -> Self {
        assert!(from > 0 && to > 0 && span.length > 0.0, "an axis without samples");
        let exact: Vec<(usize, Vec<f64>)> = (0..to).map(|i| window(from, span, to, i, filter)).collect();
        let largest = exact.iter().flat_map(|(_, weights)| weights).fold(0.0, |a: f64, b| a.max(b.abs()));
        let fits = |bits: &u32| (largest * f64::from(1_u32 << bits)) < f64::from(i16::MAX) - 1.0;
        let bits = (0..=MOST_BITS).rev().find(fits).unwrap_or(0);
        let windows = exact.into_iter().map(|(start, weights)| Window { start, weights: quantise(&weights, bits) });
        Self { windows: windows.collect(), bits }
    }

    /// Whether every new sample is one old one as it is, next to each other: where the first is.
    pub fn is_copy(&self) -> Option<usize> {
        let first = self.windows.first()?.start;
        let is_one = |(i, w): (usize, &Window)| w.weights.len() == 1 && w.start == first + i;
        self.windows.iter().enumerate().all(is_one).then_some(first)
    }
}

/// Most samples that any window of such an axis has.
pub fn taps(span: Span, to: usize, filter: Filter) -> usize {
    let scale = (span.length / to as f64).max(1.0);
    (2.0 * filter.support() * scale).ceil() as usize + 2
}

/// Bytes of a window, its weights aside.
pub const WINDOW: usize = size_of::<Window>();

/// Bytes that making an axis of so many windows takes, for as long as that lasts: weights are exact first.
pub fn building(taps: usize, to: usize) -> usize {
    to * (8 * taps + 2 * WINDOW) + 16 * taps
}

fn window(from: usize, span: Span, to: usize, i: usize, filter: Filter) -> (usize, Vec<f64>) {
    let scale = span.length / to as f64;
    let stretch = scale.max(1.0);
    let centre = span.start + (i as f64 + 0.5) * scale;
    let reach = filter.support() * stretch;
    let first = (centre - reach).floor().clamp(0.0, (from - 1) as f64) as usize;
    let end = ((centre + reach).ceil().max(0.0) as usize).clamp(first + 1, from);
    let mut weights: Vec<f64> = (first..end).map(|x| filter.weight((x as f64 + 0.5 - centre) / stretch)).collect();
    let sum: f64 = weights.iter().sum();
    if sum.abs() < 1e-3 {
        // beyond an edge by more than the filter reaches: the nearest sample
        let nearest = if centre < first as f64 { 0 } else { weights.len() - 1 };
        return (first + nearest, vec![1.0]);
    }
    weights.iter_mut().for_each(|w| *w /= sum);
    let is_nothing = |w: &f64| w.abs() < 1e-7;
    let before = weights.iter().take_while(|w| is_nothing(w)).count();
    let after = weights.iter().rev().take_while(|w| is_nothing(w)).count();
    (first + before, weights[before..weights.len() - after].to_vec())
}

/// To fixed point; what one weight loses, the next one gains.
fn quantise(weights: &[f64], bits: u32) -> Vec<i16> {
    let one = f64::from(1_u32 << bits);
    let mut so_far = 0.0;
    let mut given = 0;
    let step = |w: &f64| {
        so_far += w * one;
        let weight = so_far.round() as i32 - given;
        given += weight;
        weight as i16
    };
    weights.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Span = Span { start: 0.0, length: 100.0 };

    #[test]
    fn weights_sum_to_one_and_windows_never_go_back() {
        for filter in [Filter::Lanczos3, Filter::Linear] {
            for (from, span, to) in [
                (100, ALL, 1),
                (100, ALL, 37),
                (100, ALL, 99),
                (100, ALL, 100),
                (100, ALL, 333),
                (100, Span { start: 12.3, length: 40.9 }, 17),
                (100, Span { start: -1.7, length: 103.0 }, 50),
                (100, Span { start: -40.0, length: 200.0 }, 500),
                (1, Span { start: 0.0, length: 1.0 }, 9),
                (20_000, Span { start: 0.0, length: 20_000.0 }, 3),
            ] {
                let axis = Axis::new(from, span, to, filter);
                assert_eq!(axis.windows.len(), to);
                let mut last = (0, 0);
                for window in &axis.windows {
                    let sum: i64 = window.weights.iter().map(|&w| i64::from(w)).sum();
                    assert_eq!(sum, 1 << axis.bits, "{filter:?} {from} {span:?} {to}");
                    let ends = (window.start, window.start + window.weights.len());
                    assert!(ends.0 >= last.0 && ends.1 >= last.1 && ends.1 <= from, "{filter:?} {from} {span:?} {to}");
                    assert!(window.weights.len() <= taps(span, to, filter));
                    // sums of products of 15-bit values stay within 31 bits
                    let gain: i64 = window.weights.iter().map(|&w| i64::from(w).abs()).sum();
                    assert!(gain * 23_000 < i64::from(i32::MAX), "{gain}");
                    last = ends;
                }
            }
        }
    }

    #[test]
    fn whole_samples_are_copied() {
        let span = Span { start: 3.0, length: 50.0 };
        for filter in [Filter::Lanczos3, Filter::Linear] {
            assert_eq!(Axis::new(100, span, 50, filter).is_copy(), Some(3));
            assert_eq!(Axis::new(100, span, 49, filter).is_copy(), None);
        }
    }

    #[test]
    fn linear_is_the_fancy_upsampling_of_jpeg() {
        // 3/4 and 1/4 of the two nearest, the edge as it is
        let axis = Axis::new(3, Span { start: 0.0, length: 3.0 }, 6, Filter::Linear);
        let one = 1 << axis.bits;
        let shown: Vec<_> = axis.windows.iter().map(|w| (w.start, w.weights.clone())).collect();
        let (q, t) = ((one / 4) as i16, (one / 4 * 3) as i16);
        assert_eq!(shown[0], (0, vec![one as i16]));
        assert_eq!(shown[1], (0, vec![t, q]));
        assert_eq!(shown[2], (0, vec![q, t]));
    }
}
