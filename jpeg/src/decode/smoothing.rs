//! Smoothing of progressive files that end after their first scans: where the lowest ACs of a block did not come, or not to
//! their last bit, they are estimated from the DCs of the blocks around it, so that a slope is not a flight of steps.
//!
//! Source: T.81, K.8; the weights, and the bound for ACs that came in part, are those of libjpeg's `decompress_smooth_data`.

use super::layout::Layout;
use super::scan::Scan;
use super::{ChromaScale, Decoder, Options, Reduction, select};
use crate::header::{Frame, Header, Scale};
use crate::{Error, Limits};

/// ACs that are estimated: the first ones of the zigzag.
const ESTIMATED: usize = 5;

/// The DCs of a picture, a row of MCUs ahead.
#[derive(Debug)]
pub(crate) struct Smoothing<'a> {
    /// Decodes at 1/8, which takes the DC scans and nothing else.
    ahead: Box<Decoder<'a>>,
    /// Of each component: the row of blocks above the current MCUs, theirs, and those of the next MCUs.
    dcs: Vec<i16>,
    components: Vec<Component>,
}

#[derive(Debug)]
struct Component {
    /// The first DC; DCs of a row of blocks.
    at: usize,
    stride: usize,
    /// Steps of the DC and of the ACs that are estimated.
    steps: [i32; 1 + ESTIMATED],
}

fn options(limits: Limits) -> Options {
    Options { chroma: ChromaScale::Same, reduction: Reduction::LowPass, limits, ..Options::default() }
}

/// Whether a file may lack low ACs, at a scale that would show them. Whatever the scale of others, a component looks the same.
fn is_needed(header: &Header<'_>, layout: &Layout) -> bool {
    header.frame == Frame::Progressive
        && layout.components.iter().any(|c| c.store == 64)
        && (!header.has_end || !select::is_complete_to(header, |_| ESTIMATED))
}

impl<'a> Smoothing<'a> {
    /// `None` for files that have all that could be estimated.
    ///
    /// # Errors
    /// Those of [`Decoder::new`].
    #[inline(never)]
    pub fn new(header: &Header<'a>, layout: &Layout, limits: Limits) -> Result<Option<Box<Self>>, Error> {
        if !is_needed(header, layout) {
            return Ok(None);
        }
        let ahead = Decoder::new(header, Scale::Eighth, &options(Limits { memory: usize::MAX, ..limits }))?;
        let mut components = Vec::with_capacity(layout.components.len());
        let mut at = 0;
        for (component, c) in header.components.iter().zip(&layout.components) {
            let steps = [0, 1, 8, 16, 9, 2].map(|place| i32::from(component.quantization[place]));
            let stride = layout.across * c.h;
            components.push(Component { at, stride, steps });
            at += stride * (2 * c.v + 1);
        }
        Ok(Some(Box::new(Self { ahead: Box::new(ahead), dcs: vec![0; at], components })))
    }

    /// Bytes that smoothing takes, at most, but for the decoder that runs ahead, whose layout it answers as well.
    pub fn memory(header: &Header<'_>, layout: &Layout) -> (usize, Option<Layout>) {
        if !is_needed(header, layout) {
            return (0, None);
        }
        let ahead = Layout::new(header, Scale::Eighth, &options(Limits::default()));
        let rows = layout.components.iter().map(|c| layout.across * c.h * (2 * c.v + 1));
        let own = size_of::<Self>() + layout.components.len() * size_of::<Component>() + 2 * rows.sum::<usize>();
        (own + size_of::<Decoder<'_>>(), Some(ahead))
    }

    /// Estimates ACs of the row of MCUs in `coefficients`.
    #[cold]
    #[inline(never)]
    pub fn smooth(&mut self, layout: &Layout, scans: &[Scan<'_>], row: usize, coefficients: &mut [i16]) {
        self.advance(row);
        for (index, (c, own)) in layout.components.iter().zip(&self.components).enumerate() {
            let missing = missing_bits(scans, index);
            if c.store < 64 || missing == [0; ESTIMATED] || own.steps.contains(&0) {
                continue;
            }
            for y in 0..c.v.min(c.blocks_down.saturating_sub(row * c.v)) {
                // rows of `dcs`: the one above comes first
                let (above, below) = (if row + y == 0 { y + 1 } else { y }, y + 2);
                let below = if row * c.v + y + 1 == c.blocks_down { y + 1 } else { below };
                let lines = [above, y + 1, below].map(|line| &self.dcs[own.at + line * own.stride..][..own.stride]);
                let at = c.coefficients_at + y * c.coefficients_row;
                let blocks = coefficients[at..].chunks_exact_mut(64).take(c.blocks_across);
                for (x, block) in blocks.enumerate() {
                    let columns = [x.saturating_sub(1), x, (x + 1).min(c.blocks_across - 1)];
                    let around = lines.map(|line| columns.map(|x| i32::from(line[x])));
                    estimate(block, around, &own.steps, missing);
                }
            }
        }
    }

    /// Makes the MCUs of `row` the current ones.
    fn advance(&mut self, row: usize) {
        let mut steps = if row == 0 { 2 } else { 1 };
        while steps > 0 {
            steps -= 1;
            let has_next = self.ahead.decode_coefficients();
            for (own, c) in self.components.iter().zip(&self.ahead.layout.components) {
                let dcs = &mut self.dcs[own.at..][..own.stride * (2 * c.v + 1)];
                dcs.copy_within(own.stride * c.v.., 0);
                if has_next {
                    let next = &self.ahead.coefficients[c.coefficients_at..][..c.v * c.coefficients_row];
                    dcs[own.stride * (c.v + 1)..].copy_from_slice(next);
                }
            }
        }
    }
}

/// Of each AC that is estimated: 0 if it came to its last bit, the bits that are missing, or 15 if it did not come at all.
fn missing_bits(scans: &[Scan<'_>], component: usize) -> [u8; ESTIMATED] {
    let mut missing = [15; ESTIMATED];
    for (first, last, low) in scans.iter().filter_map(|scan| scan.ac_band(component)) {
        for (k, missing) in (1..).zip(&mut missing) {
            if (first..=last).contains(&k) {
                *missing = low.min(*missing);
            }
        }
    }
    missing
}

/// Estimates the ACs of a block that are 0, from the DCs `around` it.
fn estimate(block: &mut [i16], around: [[i32; 3]; 3], steps: &[i32; 1 + ESTIMATED], missing: [u8; ESTIMATED]) {
    let [[d1, d2, d3], [d4, d5, d6], [d7, d8, d9]] = around;
    let slopes = [
        (1, 36 * (d4 - d6)),
        (8, 36 * (d2 - d8)),
        (16, 9 * (d2 + d8 - 2 * d5)),
        (9, 5 * (d1 - d3 - d7 + d9)),
        (2, 9 * (d4 + d6 - 2 * d5)),
    ];
    for (((place, slope), step), bits) in slopes.into_iter().zip(&steps[1..]).zip(missing) {
        let Some(value @ 0) = block.get_mut(place) else {
            continue;
        };
        // what came in part is known to be smaller than the bits that did not
        let largest = match bits {
            15 => i64::from(i16::MAX),
            bits => (1 << bits) - 1,
        };
        let scaled = i64::from(steps[0]) * i64::from(slope);
        let step = i64::from(*step);
        let size = ((scaled.abs() + (step << 7)) / (step << 8)).min(largest);
        *value = (size * scaled.signum()) as i16;
    }
}
