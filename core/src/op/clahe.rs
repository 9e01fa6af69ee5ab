//! Local contrast: each sample becomes its rank in a window around it, as sharp's `clahe` has it; alpha is kept.

use deckle_pixels::{Window, clahe_memory};

use super::filter::colours_by_planes;
use crate::image::{Pixels, Size};

/// The window, in pixels, and how much contrast may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clahe {
    /// Columns; more than the image has are as many as it has.
    pub width: u32,
    /// Rows; likewise.
    pub height: u32,
    /// The most that one value of a window counts, 0 for no limit.
    pub slope: u32,
}

impl Clahe {
    fn window(self) -> Window {
        Window { width: self.width as usize, height: self.height as usize, slope: self.slope }
    }

    pub(super) fn apply(self, image: Pixels) -> Pixels {
        colours_by_planes(image, |plane, width| deckle_pixels::clahe(plane, width, self.window()))
    }

    pub(super) fn aside(self, size: Size) -> u64 {
        clahe_memory((size.width.into(), size.height.into()), (self.width.into(), self.height.into()))
    }

    /// Steps that a sample takes, whatever the window: a column of it comes and one goes, and its rank is counted.
    pub(super) const WORK: u64 = 150;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Operation;

    #[test]
    fn faint_differences_grow_and_alpha_stays() {
        let data: Vec<u8> = (0..200_u32).flat_map(|i| [120 + (i % 20 / 2) as u8, (i % 7) as u8]).collect();
        let image = Pixels { size: Size { width: 20, height: 10 }, channels: 2, data };
        let out = Operation::Clahe(Clahe { width: 20, height: 10, slope: 0 }).apply(image.clone());
        let alpha = |image: &Pixels| image.data.iter().skip(1).step_by(2).copied().collect::<Vec<u8>>();
        assert_eq!(alpha(&out), alpha(&image));
        let grey = out.data.iter().step_by(2);
        assert!(grey.clone().max() > Some(&240) && grey.min() < Some(&60));
    }
}
