//! A region of the picture alone.

use crate::image::{Pixels, Size};

/// A region within a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
    /// Of the region.
    pub size: Size,
}

impl Window {
    /// Cuts it out, in place. A plan never reaches beyond the picture.
    #[inline(never)]
    pub(super) fn apply(&self, mut image: Pixels) -> Pixels {
        let channels = usize::from(image.channels);
        let stride = image.size.width as usize * channels;
        let length = self.size.width as usize * channels;
        let mut to = 0;
        for y in self.y..self.y + self.size.height {
            let from = y as usize * stride + self.x as usize * channels;
            if from + length > image.data.len() {
                break;
            }
            image.data.copy_within(from..from + length, to);
            to += length;
        }
        image.data.truncate(to);
        // what is held is what a plan counts
        image.data.shrink_to_fit();
        Pixels { size: self.size, ..image }
    }
}
