//! An estimate of a plan's peak memory, from above. `tests/pipeline_memory.rs` holds it to what is allocated.

use crate::codec::MEASURED_HUFFMAN;
use crate::edit::{Colour, Style};
use crate::image::{Format, Info};

use super::Plan;

/// Rows, tables and windows of the codecs, filter kernels, a profile's tables.
const ASIDE: u64 = 1 << 20;

/// Bytes of pixels and coefficients alive at the worst moment, the encoded source not counted.
pub fn estimate(plan: &Plan, info: &Info) -> u64 {
    let channels = u64::from(info.channels);
    let stored = plan.decoded.pixels();
    let decoded = stored * channels;
    let decoding = info.decoder_bytes
        + match info.format {
            // planes, then pixels, the planes of 4:2:0 being half as large
            Format::Jpeg if channels > 1 => decoded * 2,
            Format::Jpeg | Format::WebP => decoded,
            Format::Png => decoded * u64::from(info.bit_depth.max(8) / 8),
            Format::Gif => stored * 4,
        };
    let size = plan.resized.pixels();
    // the resampler works downwards first, so that its intermediate is as wide as the source and as high as the result
    let between = u64::from(plan.decoded.width) * u64::from(plan.resized.height) * channels;
    let resampling = if plan.is_resampled() { decoded + between + size * channels } else { decoded };
    // a copy at a time: converted, turned, widened, laid on a canvas
    let finishing = size * 4 + plan.output.pixels() * 4;
    ASIDE + decoding.max(resampling).max(finishing).max(encoding(plan, info))
}

/// The encoder's share: pixels, what they become on the way, and the file, which grows by doubling and is as large as the
/// pixels at worst.
fn encoding(plan: &Plan, info: &Info) -> u64 {
    let pixels = plan.output.pixels();
    let channels = encoded_channels(plan, info);
    pixels
        * match plan.format {
            // with the coefficients of all blocks
            Format::Jpeg if plan.progressive || pixels <= MEASURED_HUFFMAN => 5 * channels,
            Format::Jpeg => 2 * channels + 1,
            Format::Png | Format::WebP => 6 * channels,
            Format::Gif => 12,
        }
}

/// Samples a pixel that reach the encoder.
fn encoded_channels(plan: &Plan, info: &Info) -> u64 {
    let backgrounds = [plan.flatten, plan.canvas.map(|canvas| canvas.background)];
    let tinted = |colour: &Colour| colour.r != colour.g || colour.g != colour.b;
    let coloured = match plan.style {
        Some(Style::Bw) => false,
        Some(Style::Sepia) => true,
        _ => info.channels >= 3,
    };
    let colour = coloured || backgrounds.iter().flatten().any(tinted);
    let alpha = info.has_alpha && plan.flatten.is_none() || backgrounds.iter().flatten().any(|colour| colour.a != 255);
    (if colour { 3 } else { 1 }) + u64::from(alpha)
}
