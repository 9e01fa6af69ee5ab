//! Where everything lies: planes, blocks, MCUs.

use super::{EncodeColor, EncodeOptions, Sampling};

/// One component.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component {
    /// Sampling factors: blocks of an MCU.
    pub h: usize,
    pub v: usize,
    /// Size of the plane.
    pub width: usize,
    pub height: usize,
    /// Blocks that hold samples; an MCU may have more of them.
    pub across: usize,
    pub down: usize,
    /// Luma's tables, or chroma's: 0 or 1.
    pub table: usize,
    /// Place of a row of MCUs in the samples.
    pub samples_at: usize,
    pub stride: usize,
    /// Place of its first block in the coefficients of a row of MCUs.
    pub blocks_at: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub components: Vec<Component>,
    /// MCUs.
    pub across: usize,
    pub down: usize,
    /// Samples and blocks of a row of MCUs.
    pub samples: usize,
    pub blocks: usize,
}

impl Layout {
    pub fn new(options: &EncodeOptions<'_>) -> Self {
        let (max_h, max_v) = match (options.color, options.sampling) {
            (EncodeColor::Grey, _) | (_, Sampling::S444) => (1, 1),
            (_, Sampling::S422) => (2, 1),
            (_, Sampling::S420) => (2, 2),
        };
        let count = match options.color {
            EncodeColor::Grey => 1,
            EncodeColor::YCbCr => 3,
        };
        let (width, height) = (options.width as usize, options.height as usize);
        let (mut samples, mut blocks) = (0, 0);
        let components = (0..count).map(|index| {
            let (h, v) = if index == 0 { (max_h, max_v) } else { (1, 1) };
            let (width, height) = ((width * h).div_ceil(max_h), (height * v).div_ceil(max_v));
            let (across, down) = (width.div_ceil(8), height.div_ceil(8));
            // colour conversion writes 16 pixels at a time
            let stride = (options.width as usize).next_multiple_of(16) * h / max_h;
            let component = Component {
                h,
                v,
                width,
                height,
                across,
                down,
                table: index.min(1),
                samples_at: samples,
                stride,
                blocks_at: blocks,
            };
            samples += v * 8 * stride;
            blocks += v * across;
            component
        });
        let components = components.collect();
        let (across, down) = (width.div_ceil(8 * max_h), height.div_ceil(8 * max_v));
        Self { components, across, down, samples, blocks }
    }
}
