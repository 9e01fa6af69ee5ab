//! Planes of 8-bit samples, or of 16 bits, made smaller or larger, row by row.
//!
//! A [`Resampler`] takes the lines of a plane from top to bottom and gives each line of the result once the lines under its
//! filter are there. It keeps those lines and no others.
//!
//! ```
//! use deckle_resample::{Filter, Resampler, Span};
//!
//! // 4 × 4 to 2 × 1
//! let columns = Span { start: 0.0, length: 4.0 };
//! let mut resampler = Resampler::new((4, 4), (columns, columns), (2, 1), Filter::Lanczos3);
//! for _ in 0..4 {
//!     resampler.push(&[10, 10, 200, 200]);
//! }
//! let mut line = [0; 2];
//! assert!(resampler.pull(&mut line));
//! assert!(line[0] < line[1]);
//! ```

mod across;
mod axis;
mod fixed;
mod kernels;
mod ring;
mod wide;

pub use wide::WideResampler;

pub use axis::{Filter, Span};

use std::ops::Range;

use across::Across;
use axis::Axis;
use fixed::{FRACTION, Finish, LINE};
use ring::{Filtered, Ring};

/// Resamples one plane.
#[derive(Clone, Debug)]
pub struct Resampler {
    order: Order,
    has_headroom: bool,
}

/// Which direction comes first. Whole lines are summed with less work than samples of a line, so lines that become fewer are
/// summed first; where they become more, each is made as wide as the result once, and then used for several.
#[derive(Clone, Debug)]
enum Order {
    DownFirst {
        ring: Ring<u8>,
        /// The samples of a line that the result needs.
        used: Range<usize>,
        /// One line, summed.
        line: Vec<i16>,
        across: Across,
    },
    AcrossFirst {
        across: Across,
        ring: Ring<i16>,
    },
}

impl Resampler {
    /// A plane of `from` (width, height) samples, of which the spans (of columns, of lines) become `to` samples.
    ///
    /// # Panics
    /// If a side is 0 or a span's length is not above 0.
    #[inline(never)]
    pub fn new(from: (usize, usize), (columns, lines): (Span, Span), to: (usize, usize), filter: Filter) -> Self {
        let down_first = is_down_first(lines, to.1);
        let (across, used) = {
            let axis = Axis::new(from.0, columns, to.0, filter);
            let used = if down_first { axis.used() } else { 0..from.0 };
            (Across::new(&axis, used.clone()), used)
        };
        if !down_first {
            let ring = Ring::new(Axis::new(from.1, lines, to.1, filter), across.stride());
            return Self { order: Order::AcrossFirst { across, ring }, has_headroom: false };
        }
        let stride = used.len().next_multiple_of(LINE);
        let ring = Ring::new(Axis::new(from.1, lines, to.1, filter), stride);
        // after the ring, whose axis takes most while it is made
        let line = vec![0; stride.max(across.reach())];
        Self { order: Order::DownFirst { ring, used, line, across }, has_headroom: false }
    }

    /// The same for a plane whose samples are `value / 2 + 64`, so that values from -128 to 383 are kept until the end.
    pub fn with_headroom(self) -> Self {
        Self { has_headroom: true, ..self }
    }

    /// An upper bound of the bytes that a resampler holds when at most `ahead` lines are pushed beyond those that the next pull
    /// needs.
    pub fn memory(
        from: (usize, usize),
        (columns, lines): (Span, Span),
        to: (usize, usize),
        filter: Filter,
        ahead: usize,
    ) -> usize {
        let width = axis::taps(columns, to.0, filter).min(from.0);
        let height = axis::taps(lines, to.1, filter).min(from.1);
        let outputs = to.0.next_multiple_of(8);
        let across = outputs * (2 * width.next_multiple_of(8) + 4) + width.next_multiple_of(8);
        // a ring that grows is copied into one half as large again
        let kept = if ahead > 0 { 5 * (height + ahead).min(from.1) / 2 + 9 } else { height + 1 };
        let lines = if is_down_first(lines, to.1) {
            // the samples under all windows, and a line of them with 16 bits
            let used = (columns.length.ceil() as usize + 2 * width).min(from.0).next_multiple_of(LINE);
            used * kept + 2 * used.max(width.next_multiple_of(8))
        } else {
            2 * outputs * kept
        };
        let down = to.1 * (2 * height + axis::WINDOW) + fixed::PAIR * height.div_ceil(2) + lines;
        across + axis::building(width, to.0).max(axis::building(height, to.1)).max(down)
    }

    /// Takes the next line of the plane, from the top. Lines that the result does not need are skipped.
    #[inline(never)]
    pub fn push(&mut self, line: &[u8]) {
        match &mut self.order {
            Order::DownFirst { ring, used, .. } => {
                if let (Some(kept), Some(line)) = (ring.next(), line.get(used.clone())) {
                    kept[..line.len()].copy_from_slice(line);
                }
            }
            Order::AcrossFirst { across, ring } => {
                if let Some(kept) = ring.next() {
                    across.line(line, kept);
                }
            }
        }
    }

    /// Writes the next line of the result; `false` if it needs lines that were not pushed yet, or there are no more.
    pub fn pull(&mut self, out: &mut [u8]) -> bool {
        match &mut self.order {
            Order::DownFirst { ring, line, across, used } => {
                let Some(Filtered { samples, pairs, bits }) = ring.pull() else { return false };
                kernels::down_from_bytes(samples, pairs, bits, &mut line[..used.len().next_multiple_of(LINE)]);
                across.finish(line, self.has_headroom, out);
            }
            Order::AcrossFirst { ring, .. } => {
                let Some(Filtered { samples, pairs, bits }) = ring.pull() else { return false };
                kernels::down(samples, pairs, Finish::new(bits + FRACTION, self.has_headroom), out);
            }
        }
        true
    }
}

/// Whether lines become fewer.
fn is_down_first(lines: Span, to: usize) -> bool {
    lines.length > to as f64
}
