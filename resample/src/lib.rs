//! Planes of 8-bit samples made smaller or larger, row by row.
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
mod down;
mod fixed;
mod kernels;

pub use axis::{Filter, Span};

use across::Across;
use axis::Axis;
use down::Down;

/// Resamples one plane.
#[derive(Clone, Debug)]
pub struct Resampler {
    across: Across,
    down: Down,
}

impl Resampler {
    /// A plane of `from` (width, height) samples, of which the spans (of columns, of lines) become `to` samples.
    ///
    /// # Panics
    /// If a side is 0 or a span's length is not above 0.
    #[inline(never)]
    pub fn new(from: (usize, usize), (columns, lines): (Span, Span), to: (usize, usize), filter: Filter) -> Self {
        let across = Across::new(&Axis::new(from.0, columns, to.0, filter), from.0);
        Self { down: Down::new(Axis::new(from.1, lines, to.1, filter), across.stride()), across }
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
        let down = to.1 * (2 * height + axis::WINDOW) + fixed::PAIR * height.div_ceil(2) + 2 * outputs * kept;
        across + axis::building(width, to.0).max(axis::building(height, to.1)).max(down)
    }

    /// Takes the next line of the plane, from the top. Lines that the result does not need are skipped.
    #[inline(never)]
    pub fn push(&mut self, line: &[u8]) {
        if let Some(kept) = self.down.next() {
            self.across.line(line, kept);
        }
    }

    /// Writes the next line of the result; `false` if it needs lines that were not pushed yet, or there are no more.
    pub fn pull(&mut self, out: &mut [u8]) -> bool {
        self.down.pull(out)
    }
}
