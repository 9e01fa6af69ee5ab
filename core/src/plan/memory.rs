//! An estimate of a plan's peak memory, from above.

use crate::image::{Format, Info};

use super::Plan;

/// Bytes of pixels and coefficients alive at the worst moment, the encoded source not counted.
pub fn estimate(plan: &Plan, info: &Info) -> u64 {
    let samples = u64::from(if info.has_alpha { 4 } else { info.channels.min(4) });
    let decoded = plan.decoded.pixels() * samples;
    // PNG and WebP decode at the stored depth first, GIF to RGBA
    let decoding = match info.format {
        Format::Jpeg => decoded + info.coefficient_bytes,
        Format::Png => plan.decoded.pixels() * u64::from(info.channels) * u64::from(info.bit_depth.max(8) / 8),
        Format::WebP | Format::Gif => plan.decoded.pixels() * 4,
    };
    // a copy is premultiplied where there is alpha; the resampler keeps one intermediate of output width
    let premultiplied = if info.has_alpha && plan.is_resampled() { decoded } else { 0 };
    let between = u64::from(plan.resized.width) * u64::from(plan.decoded.height) * samples;
    let resized = plan.resized.pixels() * samples;
    let resampling = if plan.is_resampled() { decoded + premultiplied + between + resized } else { decoded + resized };
    let output = plan.output.pixels() * if plan.format.has_alpha() { 4 } else { 3 };
    // turn, canvas and encoder each hold at most the image, its copy and the bytes they write
    let finishing = resized + output * 3;
    decoding.max(resampling).max(finishing)
}
