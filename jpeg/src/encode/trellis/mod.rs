//! Quantisation for the best trade of bits and error: coefficients that cost
//! more than they are worth go to a value nearer 0, or to 0.
//!
//! A block's AC coefficients make a path through its zigzag; of all paths the one
//! of the least bits + error / λ is found by dynamic programming. The error is
//! that of the coefficients, squared, the same for luma and chroma. Bits are
//! those of the symbols so far, as Huffman tables come only at the end.
//!
//! λ goes with the squares of luma's steps, and grows with a block's contrast:
//! SSIM divides errors by 2σ² + C₂, PSNR does not, and the square root is between.
//!
//! Source: Crouse and Ramchandran 1997, "Joint thresholding and quantizer
//! selection for transform image coding"; Wang et al. 2004 for SSIM.

mod path;
mod rates;
mod refinement;
mod sequential;

use super::EncodeOptions;
use super::fdct::FRACTION;
use super::layout::Component;
use crate::zigzag::ZIGZAG;
use path::Candidate;
use rates::Rates;
use refinement::Run;

/// Square error worth a bit, as a part of the mean square of luma's low AC steps.
/// With less, bytes at equal PSNR are more; with more, those at equal SSIM.
const LAMBDA: f32 = 0.1;
/// The AC coefficients that have a say in λ: four diagonals.
const LOW: core::ops::Range<usize> = 1..15;
/// Sum of squared AC coefficients at which λ is √2 times as much: that of 64
/// pixels whose 2σ² is SSIM's C₂.
const CONTRAST: f32 = 32.0 * (0.03 * 255.0) * (0.03 * 255.0);

/// What is known from block to block.
#[derive(Debug)]
pub(super) struct Trellis {
    steps: [[u8; 64]; 2],
    /// Bits worth a square error of 1, in a block without contrast.
    worth: f32,
    progressive: bool,
    /// Of tables, or of components in progressive files: each has a scan.
    rates: [Rates; 3],
    runs: [Run; 3],
}

impl Trellis {
    pub fn new(options: &EncodeOptions<'_>, steps: &[[u8; 64]; 2]) -> Self {
        let squares: u32 = LOW.map(|k| u32::from(steps[0][usize::from(ZIGZAG[k])]).pow(2)).sum();
        let mean = squares as f32 / LOW.len() as f32;
        Self {
            steps: *steps,
            worth: 1.0 / (LAMBDA * mean),
            progressive: options.progressive,
            rates: [false, true, true].map(Rates::new),
            runs: Default::default(),
        }
    }

    /// Requantises blocks of component `index`: `exact` is what
    /// [`fdct::rows`](super::fdct::rows) kept of them.
    #[inline(never)]
    pub fn row(&mut self, (index, c): (usize, &Component), exact: &[i16], blocks: &mut [i16], nonzero: &mut [u64]) {
        let steps = &self.steps[c.table];
        let blocks = exact.as_chunks().0.iter().zip(blocks.as_chunks_mut().0).zip(nonzero);
        let blocks =
            blocks.map(|((exact, levels), nonzero)| Block { exact, steps, levels, nonzero, worth: self.worth });
        if self.progressive {
            refinement::row(blocks, &mut self.rates[index], &mut self.runs[index]);
        } else {
            sequential::row(blocks, &mut self.rates[c.table]);
        }
    }
}

/// One block, row-major.
struct Block<'e> {
    exact: &'e [i16; 64],
    steps: &'e [u8; 64],
    levels: &'e mut [i16; 64],
    nonzero: &'e mut u64,
    /// Bits worth a square error of 1.
    worth: f32,
}

impl Block<'_> {
    /// Makes an error worth less where contrast hides it.
    fn weigh_by_contrast(&mut self) {
        let energy: i32 = self.exact[1..].iter().map(|&value| i32::from(value >> FRACTION).pow(2)).sum();
        self.worth /= (1.0 + energy as f32 / CONTRAST).sqrt();
    }

    /// Coefficient `at` with the magnitude `level`.
    #[inline(always)]
    fn candidate(&self, at: usize, level: u32) -> Candidate {
        let exact = f32::from(self.exact[at].unsigned_abs()) / (1 << FRACTION) as f32;
        let value = level as f32 * f32::from(self.steps[at]);
        // less error than at 0: exact² - (exact - value)²
        Candidate { level, gain: value * (2.0 * exact - value) * self.worth }
    }

    #[inline(always)]
    fn magnitude(&self, at: usize) -> u32 {
        self.levels[at].unsigned_abs().into()
    }

    #[inline(always)]
    fn set(&mut self, at: usize, level: u32) {
        self.levels[at] = level as i16 * self.levels[at].signum();
        if level == 0 {
            *self.nonzero &= !(1 << at);
        }
    }
}
