//! Lightness stretched to all of its range, as sharp's `normalise` has it; hue, chroma and alpha are kept.

use deckle_pixels::{Lightnesses, Planar, from_halved, paired};

use super::{Modulate, Operation};
use crate::image::Pixels;

/// The percentages of pixels that may become black, and from which on they may become white.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Normalise {
    /// 0 to 99.
    pub lower: u8,
    /// 1 to 100.
    pub upper: u8,
}

/// Pixels of which the lightness is looked at, about.
const ENOUGH: usize = 1 << 16;

impl Default for Normalise {
    fn default() -> Self {
        Self { lower: 1, upper: 99 }
    }
}

impl Normalise {
    pub(super) fn apply(self, image: Pixels) -> Pixels {
        let counts = Lightnesses::of(&image.data, image.size.width as usize, image.channels);
        match self.change(&counts) {
            Some(change) => change.apply(image),
            None => image,
        }
    }

    /// What it comes to for luma, and chroma of half the size if there is colour; `None` for nothing.
    pub(super) fn for_planes(self, planes: &[Pixels]) -> Option<Operation> {
        let luma = planes.first()?;
        let width = luma.size.width as usize;
        let [_, cb, cr] = planes else {
            return self.change(&Lightnesses::of(&luma.data, width, 1));
        };
        // some lines show enough: one of luma for each of chroma, and of many not all
        let step = (luma.data.len() / ENOUGH).max(1);
        let (mut pixels, mut line) = (Planar::default(), vec![0; paired(width)]);
        let half = cb.size.width as usize;
        let mut counts = Lightnesses::default();
        let chroma = cb.data.chunks_exact(half.max(1)).zip(cr.data.chunks_exact(half.max(1)));
        for (luma, (cb, cr)) in luma.data.chunks(2 * width.max(1)).zip(chroma).step_by(step) {
            let luma = luma.get(..width)?;
            line[..width].copy_from_slice(luma);
            line[width..].fill(*luma.last()?);
            from_halved([&line, &line], [cb, cr], &mut pixels);
            counts.add(&mut pixels, width);
        }
        self.change(&counts)
    }

    fn change(self, counts: &Lightnesses) -> Option<Operation> {
        let (factor, offset) = counts.stretch(self.lower, self.upper)?;
        let [brightness, lightness] = [factor, offset].map(|n| (n * 10_000.0).round() as i32);
        Some(Operation::Modulate(Modulate { brightness, lightness, ..Modulate::default() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;
    use crate::op::apply_to_planes;

    #[test]
    fn a_pale_picture_gets_black_and_white() {
        let data: Vec<u8> = (0..300_u32).flat_map(|i| [100 + (i / 3) as u8, 100 + (i / 3) as u8, 110]).collect();
        let image = Pixels { size: Size { width: 30, height: 10 }, channels: 3, data };
        let out = Operation::Normalise(Normalise::default()).apply(image);
        assert!(out.data.iter().min() < Some(&20) && out.data.iter().max() > Some(&230));
    }

    #[test]
    fn planes_are_stretched_as_pixels_are() {
        let size = Size { width: 40, height: 30 };
        let luma: Vec<u8> = (0..1200).map(|i| 90 + (i % 40 * 2) as u8).collect();
        let pixels = Pixels { size, channels: 1, data: luma.clone() };
        let expected = Operation::Normalise(Normalise::default()).apply(pixels);
        let plane = |size: Size, data| Pixels { size, channels: 1, data };
        let neutral = || plane(size.halved(), vec![128; 300]);
        let planes = vec![plane(size, luma), neutral(), neutral()];
        let out = apply_to_planes(&[Operation::Normalise(Normalise::default())], planes);
        assert!(out[0].data.iter().zip(&expected.data).all(|(a, b)| a.abs_diff(*b) <= 2));
        assert!(out[1].data.iter().all(|v| v.abs_diff(128) <= 1));
    }

    #[test]
    fn one_lightness_stays() {
        let image = Pixels { size: Size { width: 3, height: 2 }, channels: 2, data: vec![77; 12] };
        assert_eq!(Operation::Normalise(Normalise { lower: 0, upper: 100 }).apply(image.clone()), image);
    }
}
