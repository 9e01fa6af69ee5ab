//! A row of MCUs as planes.

use super::layout::Layout;

/// Lines of one component. 8 bits, row-major.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plane<'d> {
    /// `height` lines, `stride` apart; what is beyond `width` has no meaning.
    pub samples: &'d [u8],
    /// Samples in a line: the width of the component's scaled plane.
    pub width: usize,
    /// Lines in this row.
    pub height: usize,
    /// Samples from a line to the next one.
    pub stride: usize,
    /// The plane's line that is first here.
    pub top: usize,
}

impl<'d> Plane<'d> {
    /// The lines, `width` samples each.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &'d [u8]> + use<'d> {
        let (samples, stride, width) = (self.samples, self.stride, self.width);
        (0..self.height).map(move |y| &samples[y * stride..][..width])
    }
}

/// One row of MCUs.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'d> {
    planes: [Plane<'d>; 4],
    count: usize,
}

impl<'d> Rows<'d> {
    pub(super) fn new(layout: &Layout, samples: &'d [u8], row: usize) -> Self {
        let mut planes = [Plane::default(); 4];
        for (plane, c) in planes.iter_mut().zip(&layout.components) {
            let lines = c.v * c.kernel.side();
            let top = row * lines;
            *plane = Plane {
                samples: &samples[c.samples_at..][..lines * c.stride],
                width: c.size.width as usize,
                height: lines.min((c.size.height as usize).saturating_sub(top)),
                stride: c.stride,
                top,
            };
        }
        Self { planes, count: layout.components.len() }
    }

    /// One plane for each component, in file order. A component whose plane
    /// ended (sampling factors that do not divide) has one without lines.
    pub fn planes(&self) -> &[Plane<'d>] {
        &self.planes[..self.count]
    }
}
