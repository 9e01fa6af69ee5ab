//! Where everything is: sizes of planes, and the one buffer of coefficients
//! and one of samples that a decoder works in. Known from the header alone.
//!
//! Source: T.81, A.1 and A.2; the rule for each component's scale is that of
//! libjpeg-turbo's `jpeg_core_output_dimensions`.

use super::idct::Kernel;
use super::{ChromaScale, Options};
use crate::header::{Component, Frame, Header, PlaneSize, Scale};

/// Coefficients worked on at a time where a single scan holds everything:
/// they fit the first-level cache.
const CHUNK: usize = 96 * 64;

/// Coefficients that the buffer has beyond the last block, so that loops may write to any block as to one of 64.
pub(crate) const SLACK: usize = 63;

/// One component's place in the buffers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ComponentLayout {
    pub kernel: Kernel,
    /// Sampling factors: blocks of an MCU.
    pub h: usize,
    pub v: usize,
    /// Size of the scaled plane.
    pub size: PlaneSize,
    /// Blocks that hold samples.
    pub blocks_across: usize,
    pub blocks_down: usize,
    /// Coefficients kept of each block: 1, 4, 16, 40 or 64.
    pub store: usize,
    /// The last coefficient, in zigzag order, that is read of a sequential file.
    pub last: usize,
    /// First coefficient in the buffer; coefficients of a row of blocks.
    pub coefficients_at: usize,
    pub coefficients_row: usize,
    /// First sample in the buffer; samples of a line.
    pub samples_at: usize,
    pub stride: usize,
    /// First entry in the DCs of the row of blocks above.
    pub above_at: usize,
}

/// The whole arrangement.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub components: Vec<ComponentLayout>,
    /// MCUs of the frame.
    pub across: usize,
    pub down: usize,
    /// MCUs worked on at a time.
    pub chunk: usize,
    /// Lengths of the buffers.
    pub coefficients: usize,
    /// Blocks that keep account of what is not 0.
    pub blocks_refined: usize,
    pub samples: usize,
    pub above: usize,
}

impl Layout {
    pub fn new(header: &Header<'_>, scale: Scale, options: &Options) -> Self {
        let (max_h, max_v) = header.max_sampling();
        let across = header.width.div_ceil(8 * max_h) as usize;
        let down = header.height.div_ceil(8 * max_v) as usize;
        let sequential = header.frame != Frame::Progressive;
        let lossless = header.frame == Frame::Lossless;
        let single = sequential && !lossless && header.is_one_scan();
        // of each component: the scale it is decoded at, how, and coefficients kept of a block
        let kinds: Vec<(Scale, Kernel, usize)> = header
            .components
            .iter()
            .enumerate()
            .map(|(i, c)| {
                let own = own_scale(c, i == 0, (max_h, max_v), scale, options.chroma);
                let kernel = Kernel::new(own.side() as usize, options.reduction, sequential);
                let store = match kernel.keeps() {
                    // samples
                    _ if lossless => 64,
                    1 => 1,
                    // a refining scan reads as many bits as there are coefficients before it
                    _ if !sequential => 64,
                    kept => kept,
                };
                (own, kernel, store)
            })
            .collect();
        let sizes = header.components.iter().zip(&kinds);
        let coefficients: usize = sizes.map(|(c, kind)| usize::from(c.horizontal * c.vertical) * kind.2).sum();
        let chunk = if single { (CHUNK / coefficients.max(1)).clamp(1, across) } else { across };
        let mut layout = Self {
            components: Vec::with_capacity(header.components.len()),
            across,
            down,
            chunk,
            coefficients: 0,
            blocks_refined: 0,
            samples: 0,
            above: 0,
        };
        for (c, (own, kernel, store)) in header.components.iter().zip(kinds) {
            let (h, v) = (usize::from(c.horizontal), usize::from(c.vertical));
            let side = own.side();
            let stride = across * h * kernel.side();
            layout.components.push(ComponentLayout {
                kernel,
                h,
                v,
                size: PlaneSize {
                    width: (header.width * h as u32 * side).div_ceil(max_h * 8),
                    height: (header.height * v as u32 * side).div_ceil(max_v * 8),
                    scale: own,
                    has_headroom: options.headroom && kernel.is_low_pass() && header.frame != Frame::Lossless,
                },
                blocks_across: c.blocks_across(),
                blocks_down: c.blocks_down(),
                store,
                last: kernel.last(options.reduction),
                coefficients_at: layout.coefficients,
                coefficients_row: chunk * h * store,
                samples_at: layout.samples,
                stride,
                above_at: layout.above,
            });
            layout.coefficients += chunk * h * v * store;
            layout.samples += stride * v * kernel.side();
            layout.above += across * h;
        }
        if !sequential {
            layout.blocks_refined = layout.coefficients.div_ceil(64);
        }
        layout
    }
}

/// A component's own scale; where chroma is to match luma, it grows as long as luma has whole samples for each of its own.
fn own_scale(c: &Component, is_first: bool, max: (u32, u32), scale: Scale, chroma: ChromaScale) -> Scale {
    let mut own = match chroma {
        ChromaScale::At(chroma) if !is_first => chroma,
        _ => scale,
    };
    while let (ChromaScale::Match, Some(doubled)) = (chroma, own.doubled())
        && (max.0 * scale.side()).is_multiple_of(u32::from(c.horizontal) * doubled.side())
        && (max.1 * scale.side()).is_multiple_of(u32::from(c.vertical) * doubled.side())
    {
        own = doubled;
    }
    own
}
