//! A row of MCUs to fill.

use super::layout::Layout;
use super::{EncodeColor, Sampling, pixels};

/// Lines of one component. 8 bits, row-major.
#[derive(Debug, Default)]
pub struct PlaneMut<'e> {
    /// `height` lines, `stride` apart; what is beyond `width` need not be filled.
    pub samples: &'e mut [u8],
    /// Samples in a line: the width of the component's plane.
    pub width: usize,
    /// Lines in this row.
    pub height: usize,
    /// Samples from a line to the next one.
    pub stride: usize,
    /// The plane's line that is first here.
    pub top: usize,
}

impl PlaneMut<'_> {
    /// The lines, `width` samples each.
    pub fn lines_mut(&mut self) -> impl ExactSizeIterator<Item = &mut [u8]> {
        let width = self.width;
        self.samples.chunks_mut(self.stride.max(1)).take(self.height).map(move |line| &mut line[..width])
    }
}

/// One row of MCUs.
#[derive(Debug)]
pub struct RowsMut<'e> {
    planes: [PlaneMut<'e>; 3],
    count: usize,
    color: EncodeColor,
    sampling: Sampling,
    right_is_filled: &'e mut bool,
}

impl<'e> RowsMut<'e> {
    pub(super) fn new(
        layout: &Layout,
        (color, sampling): (EncodeColor, Sampling),
        mut samples: &'e mut [u8],
        row: usize,
        right_is_filled: &'e mut bool,
    ) -> Self {
        let mut planes = <[PlaneMut<'_>; 3]>::default();
        for (plane, c) in planes.iter_mut().zip(&layout.components) {
            let (lines, rest) = samples.split_at_mut(8 * c.v * c.stride);
            samples = rest;
            let top = row * c.v * 8;
            let height = (8 * c.v).min(c.height.saturating_sub(top));
            *plane = PlaneMut { samples: lines, width: c.width, height, stride: c.stride, top };
        }
        *right_is_filled = false;
        Self { planes, count: layout.components.len(), color, sampling, right_is_filled }
    }

    /// One plane for each component.
    pub fn planes_mut(&mut self) -> &mut [PlaneMut<'e>] {
        &mut self.planes[..self.count]
    }

    /// Fills lines from `line` of this row on with as many lines as `rgb` has,
    /// 3 bytes a pixel, the image's width in pixels: libjpeg's conversion, and
    /// the means of pixels for smaller chroma planes. Grey takes the luma.
    ///
    /// 4:2:0 wants even numbers of lines but at the end of the image. The lines
    /// of a row should be filled all by this, or all by hand.
    pub fn fill_rgb(&mut self, line: usize, rgb: &[u8]) {
        *self.right_is_filled = true;
        let [luma, cb, cr] = &mut self.planes;
        let room = luma.height.saturating_sub(line);
        let bytes = luma.width * 3;
        let count = (rgb.len() / bytes).min(room);
        let at = |y: usize| &rgb[y * bytes..][..bytes];
        match (self.color, self.sampling) {
            (EncodeColor::Grey, _) => {
                for y in 0..count {
                    pixels::grey(at(y), luma.line(line + y));
                }
            }
            (_, Sampling::S444) => {
                for y in 0..count {
                    let chroma = [cb.line(line + y), cr.line(line + y)];
                    pixels::full(at(y), luma.line(line + y), chroma);
                }
            }
            (_, Sampling::S422) => {
                for y in 0..count {
                    let chroma = [cb.line(line + y), cr.line(line + y)];
                    pixels::half(at(y), luma.line(line + y), chroma);
                }
            }
            (_, Sampling::S420) => {
                for y in (0..count).step_by(2) {
                    let two = [at(y), at((y + 1).min(count - 1))];
                    let chroma = [cb.line((line + y) / 2), cr.line((line + y) / 2)];
                    pixels::quarter(two, luma.two_lines(line + y), chroma);
                }
            }
        }
    }
}

impl PlaneMut<'_> {
    /// A line to its padded end.
    fn line(&mut self, y: usize) -> &mut [u8] {
        &mut self.samples[y * self.stride..][..self.stride]
    }

    fn two_lines(&mut self, y: usize) -> [&mut [u8]; 2] {
        let (first, second) = self.samples[y * self.stride..].split_at_mut(self.stride);
        let end = second.len().min(self.stride);
        [first, &mut second[..end]]
    }
}
