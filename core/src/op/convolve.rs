//! Convolution by any mask, as sharp's `convolve` has it; alpha is convolved, too.

use deckle_pixels::{Mask, convolve_memory};

use super::filter::by_planes;
use super::{ONE, decimal};
use crate::image::{Pixels, Size};

/// A mask, laid as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Convolve {
    width: u32,
    kernel: Box<[i32]>,
    scale: i32,
    offset: i32,
}

impl Convolve {
    /// Columns and rows that a mask may have.
    pub const MOST: u32 = 64;

    /// `kernel` has `width` numbers for each row. What the sum is divided by is `scale`, or that of all numbers, or 1 if they are none; `offset` is added then.
    /// All are in ten-thousandths, and samples are 0 to 255. `None` for rows that are not whole, or a mask larger than [`Self::MOST`].
    pub fn new(width: u32, kernel: &[i32], scale: Option<i32>, offset: i32) -> Option<Self> {
        let height = u32::try_from(kernel.len()).ok()?.checked_div(width)?;
        let is_whole = height > 0 && (width as usize).checked_mul(height as usize) == Some(kernel.len());
        if !is_whole || width.max(height) > Self::MOST {
            return None;
        }
        let sum: i64 = kernel.iter().map(|&n| i64::from(n)).sum();
        let scale = scale.unwrap_or(i32::try_from(sum).unwrap_or(i32::MAX));
        let scale = if scale == 0 { ONE } else { scale };
        Some(Self { width, kernel: kernel.into(), scale, offset })
    }

    /// Its numbers, if it is a square with the usual scale and no offset.
    pub fn plain_square(&self) -> Option<&[i32]> {
        let usual = Self::new(self.width, &self.kernel, None, 0)?;
        (usual == *self && self.width == self.height()).then_some(&self.kernel)
    }

    /// Its width, its numbers, what their sum is divided by, and what is added, in ten-thousandths.
    pub fn parts(&self) -> (u32, &[i32], i32, i32) {
        (self.width, &self.kernel, self.scale, self.offset)
    }

    fn height(&self) -> u32 {
        self.kernel.len() as u32 / self.width
    }

    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        let scale = decimal(self.scale);
        let weights = self.kernel.iter().map(|&n| decimal(n) / scale).collect();
        let mask = Mask { width: self.width as usize, weights, offset: decimal(self.offset) };
        by_planes(image, true, |plane, width| deckle_pixels::convolve(plane, width, &mask))
    }

    pub(super) fn aside(&self, size: Size) -> u64 {
        convolve_memory(size.width.into(), size.height.into(), (self.width.into(), self.height().into()))
    }

    /// Steps that a sample takes.
    pub(super) fn work(&self) -> u64 {
        self.kernel.len() as u64 + 10
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn the_sum_of_a_mask_is_its_scale_unless_it_is_nothing() {
        let mild = Convolve::new(3, &[ONE; 9], None, 0).unwrap();
        assert_eq!(pixel(&[90, 255], Operation::Convolve(mild.clone())), [90, 255]);
        assert!(mild.plain_square().is_some());
        let edges = Convolve::new(3, &[0, 0, 0, -ONE, 0, ONE, 0, 0, 0], None, 1_280_000).unwrap();
        assert_eq!(pixel(&[90], Operation::Convolve(edges.clone())), [128]);
        assert!(edges.plain_square().is_none());
    }

    #[test]
    fn masks_that_are_no_rectangle_or_too_large_are_refused() {
        assert_eq!(Convolve::new(3, &[1; 8], None, 0), None);
        assert_eq!(Convolve::new(0, &[], None, 0), None);
        assert_eq!(Convolve::new(65, &[1; 65], None, 0), None);
        assert_eq!(Convolve::new(1, &[1; 65], None, 0), None);
        assert!(Convolve::new(1, &[i32::MAX; 64], None, 0).is_some());
    }
}
