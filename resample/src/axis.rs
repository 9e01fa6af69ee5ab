//! One axis: which samples each new sample is made from, and their weights.
//!
//! Windows and weights are the usual ones (of Pillow, libvips, fast_image_resize): the filter is stretched by the ratio when
//! samples become fewer, cut at the edges of the plane, and normalised.

use std::f64::consts::PI;
use std::ops::Range;

/// A stretch of an axis in samples of the source. It may start between samples and reach beyond the edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// From the first sample's near edge.
    pub start: f64,
    /// Greater than 0.
    pub length: f64,
}

/// The filter that weighs samples by their distance.
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

    /// Appends the filter's `count` values at `start`, `start + 1`, …; the filter is `stretch` times as wide.
    fn values(self, start: f64, stretch: f64, count: usize, values: &mut Vec<f64>) {
        let x = |tap: usize| ((start + tap as f64) / stretch).abs();
        match self {
            Self::Lanczos3 => values.extend((0..count).map(|tap| lanczos3(x(tap)))),
            Self::Linear => values.extend((0..count).map(|tap| (1.0 - x(tap)).max(0.0))),
        }
    }
}

/// Values of [`LANCZOS`] per lobe. Linear interpolation between them is exact to 10⁻⁵, and weights have 14 bits.
const FINENESS: usize = 256;

/// sinc(x) sinc(x/3) at `x` times [`FINENESS`] and the difference to the next value; 0 from 3 on. Precomputed, because V8 would
/// spend more on compiling the sine than the table saves.
static LANCZOS: [[f32; 2]; 3 * FINENESS + 1] = {
    let mut table = [[0.0; 2]; 3 * FINENESS + 1];
    table[0][0] = 1.0;
    let mut i = 1;
    while i < 3 * FINENESS {
        let third = PI / 3.0 * i as f64 / FINENESS as f64;
        let sin = sine(third);
        // sin 3θ = 3 sin θ − 4 sin³ θ
        table[i][0] = (sin * sin * (3.0 - 4.0 * sin * sin) / (3.0 * third * third)) as f32;
        i += 1;
    }
    while i > 0 {
        i -= 1;
        table[i][1] = table[i + 1][0] - table[i][0];
    }
    table
};

#[inline(always)]
fn lanczos3(x: f64) -> f64 {
    let at = x * FINENESS as f64;
    let first = (at as usize).min(3 * FINENESS);
    let [value, step] = LANCZOS[first].map(f64::from);
    value + step * (at - first as f64)
}

/// The sine of 0 to π, by Taylor's series around the nearest of 0, π/2 and π.
const fn sine(angle: f64) -> f64 {
    let (mut term, mut k) = if angle < PI / 4.0 {
        (angle, 1.0)
    } else if angle > PI * 3.0 / 4.0 {
        (PI - angle, 1.0)
    } else {
        (1.0, 0.0)
    };
    let x = if k == 1.0 { term } else { angle - PI / 2.0 };
    let mut sum = 0.0;
    while k < 20.0 {
        sum += term;
        term *= -x * x / ((k + 1.0) * (k + 2.0));
        k += 2.0;
    }
    sum
}

/// All windows of an axis, from first to last. Neither starts nor ends ever decrease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    windows: Vec<Place>,
    weights: Vec<i16>,
    /// Bits of a weight after the point; a window's weights sum to 1 exactly.
    pub bits: u32,
}

/// The samples under the filter for one new sample, and where their weights are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    start: usize,
    /// The first of `count` weights.
    at: usize,
    count: usize,
}

/// The samples under the filter for one new sample: the first of them, and the weights from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window<'a> {
    pub start: usize,
    pub weights: &'a [i16],
}

impl Window<'_> {
    pub fn end(&self) -> usize {
        self.start + self.weights.len()
    }
}

/// Weights have at most this many bits after the point, so that sums of products stay within 32 bits in both directions.
const MOST_BITS: u32 = 16;

impl Axis {
    pub fn new(from: usize, span: Span, to: usize, filter: Filter) -> Self {
        assert!(from > 0 && to > 0 && span.length > 0.0, "an axis without samples");
        let mut exact = Vec::with_capacity(taps(span, to, filter).min(from) * to);
        let mut sums = Vec::with_capacity(to);
        let mut largest: f64 = 0.0;
        let one = |i: usize| {
            let place = window(from, span, to, i, filter, &mut exact);
            let (sum, most) = sum_and_most(&exact[place.at..place.at + place.count]);
            largest = largest.max(most / sum);
            sums.push(sum);
            place
        };
        let mut windows: Vec<Place> = (0..to).map(one).collect();
        keep_order(&mut windows);
        let fits = |bits: &u32| (largest * f64::from(1_u32 << bits)) < f64::from(i16::MAX) - 1.0;
        let bits = (0..=MOST_BITS).rev().find(fits).unwrap_or(0);
        let mut weights = vec![0; exact.len()];
        for (window, sum) in windows.iter().zip(sums) {
            let place = window.at..window.at + window.count;
            quantise(&exact[place.clone()], f64::from(1_u32 << bits) / sum, &mut weights[place]);
        }
        Self { windows, weights, bits }
    }

    /// New samples.
    pub fn len(&self) -> usize {
        self.windows.len()
    }

    pub fn get(&self, i: usize) -> Option<Window<'_>> {
        let &Place { start, at, count } = self.windows.get(i)?;
        Some(Window { start, weights: &self.weights[at..at + count] })
    }

    pub fn iter(&self) -> impl Iterator<Item = Window<'_>> {
        (0..self.len()).filter_map(|i| self.get(i))
    }

    /// Most samples that a window has.
    pub fn longest(&self) -> usize {
        self.windows.iter().map(|w| w.count).max().unwrap_or(1)
    }

    /// The old samples under any window.
    pub fn used(&self) -> Range<usize> {
        let at = |i| self.get(i).unwrap_or(Window { start: 0, weights: &[] });
        at(0).start..at(self.len().saturating_sub(1)).end()
    }

    /// Whether the new samples are consecutive old ones, unchanged: the first of them.
    pub fn is_copy(&self) -> Option<usize> {
        let first = self.windows.first()?.start;
        let is_one = |(i, w): (usize, &Place)| w.count == 1 && w.start == first + i;
        self.windows.iter().enumerate().all(is_one).then_some(first)
    }
}

/// Most samples that any window of such an axis has.
pub fn taps(span: Span, to: usize, filter: Filter) -> usize {
    let scale = (span.length / to as f64).max(1.0);
    (2.0 * filter.support() * scale).ceil() as usize + 2
}

/// Bytes of a window without its weights.
pub const WINDOW: usize = size_of::<Place>();

/// Bytes that making an axis of `to` windows takes while it lasts: weights are floats first.
pub fn building(taps: usize, to: usize) -> usize {
    to * (10 * taps + WINDOW + 8)
}

/// Appends the filter's values for one window, and leaves out those that are 0 at its ends.
#[inline(never)]
fn window(from: usize, span: Span, to: usize, i: usize, filter: Filter, exact: &mut Vec<f64>) -> Place {
    let scale = span.length / to as f64;
    let stretch = scale.max(1.0);
    // a window beyond an edge is moved to it: side lobes alone might sum to 0
    let centre = (span.start + (i as f64 + 0.5) * scale).max(0.0).min(from as f64);
    let reach = filter.support() * stretch;
    let first = (centre - reach).max(0.0) as usize;
    let end = ((centre + reach).ceil() as usize).min(from);
    let mut at = exact.len();
    let start = first as f64 + 0.5 - centre;
    filter.values(start, stretch, end - first, exact);
    let is_nothing = |value: f64| value.abs() < NOTHING;
    let (first_at, mut end_at) = (at, exact.len());
    while end_at - at > 1 && is_nothing(exact[at]) {
        at += 1;
    }
    while end_at - at > 1 && is_nothing(exact[end_at - 1]) {
        end_at -= 1;
    }
    Place { start: first + at - first_at, at, count: end_at - at }
}

/// Puts zeros back at the ends of windows that would begin after the next one does, or end before the previous one: at whole
/// distances a filter is 0. The zeros lie on either side of the window's own values.
#[inline(never)]
fn keep_order(windows: &mut [Place]) {
    let mut start = usize::MAX;
    for window in windows.iter_mut().rev() {
        let back = window.start.saturating_sub(start);
        (window.start, window.at, window.count) = (window.start - back, window.at - back, window.count + back);
        start = window.start;
    }
    let mut end = 0;
    for window in windows {
        end = end.max(window.start + window.count);
        window.count = end - window.start;
    }
}

/// Values of the filter below this count as 0.
const NOTHING: f64 = 1e-7;

/// The sum of values, and the largest magnitude.
#[inline(never)]
fn sum_and_most(values: &[f64]) -> (f64, f64) {
    values.iter().fold((0.0, 0.0), |(sum, most), value| (sum + value, f64::max(most, value.abs())))
}

/// To fixed point, `one` being 1. The rounding error of a weight is carried to the next one, so that they sum to 1.
#[inline(never)]
fn quantise(exact: &[f64], one: f64, weights: &mut [i16]) {
    let mut so_far = 0.0;
    let mut given = 0;
    for (exact, weight) in exact.iter().zip(weights) {
        so_far += exact * one;
        // rounded to nearest without a call
        let step = (so_far + 0.5).floor() as i32 - given;
        given += step;
        *weight = step as i16;
    }
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
                // found by fuzzing: the first window is one sample, the next one reaches further back
                (2, Span { start: 4.0 / 3.0, length: 2.0 / 3.0 }, 2),
                (100, Span { start: 10.0 + 1.0 / 3.0, length: 20.0 }, 60),
                (100, Span { start: 10.0, length: 20.0 }, 60),
                (20_000, Span { start: 0.0, length: 20_000.0 }, 3),
            ] {
                let axis = Axis::new(from, span, to, filter);
                assert_eq!(axis.len(), to);
                let mut last = (0, 0);
                for window in axis.iter() {
                    let sum: i64 = window.weights.iter().map(|&w| i64::from(w)).sum();
                    assert_eq!(sum, 1 << axis.bits, "{filter:?} {from} {span:?} {to}");
                    let ends = (window.start, window.end());
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

    /// Found by fuzzing: shrunk by 10, 0.63 of a sample over the edge, lobes cancelled out and weights were thousands.
    #[test]
    fn weights_are_small_wherever_a_span_reaches() {
        for start in (-500..1200).map(|tenths| f64::from(tenths) / 10.0) {
            for (length, to) in [(110.0, 11), (30.0, 20), (3.0, 7)] {
                for filter in [Filter::Lanczos3, Filter::Linear] {
                    let axis = Axis::new(100, Span { start, length }, to, filter);
                    for window in axis.iter() {
                        let gain: i64 = window.weights.iter().map(|&w| i64::from(w).abs()).sum();
                        assert!(gain < 2 << axis.bits, "{filter:?} {start} {length} {to}: {gain}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_filter_is_lanczos() {
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        for i in -4000..4000 {
            let x = f64::from(i) * 0.001;
            let exact = if x.abs() < 3.0 { sinc(x) * sinc(x / 3.0) } else { 0.0 };
            assert!((lanczos3(x.abs()) - exact).abs() < 1e-5, "{x}");
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
        let shown: Vec<_> = axis.iter().map(|w| (w.start, w.weights.to_vec())).collect();
        let (q, t) = ((one / 4) as i16, (one / 4 * 3) as i16);
        assert_eq!(shown[0], (0, vec![one as i16]));
        assert_eq!(shown[1], (0, vec![t, q]));
        assert_eq!(shown[2], (0, vec![q, t]));
    }
}
