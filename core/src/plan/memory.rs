//! An estimate of a plan's peak memory, from above. `tests/pipeline_memory.rs` holds it to what is allocated.

use crate::codec::{self, Plane};
use crate::edit::{Colour, Style};
use crate::image::{Format, Info, Size};
use crate::op::resize;

use super::Plan;

/// Windows and tables of the codecs, a profile's tables.
const ASIDE: u64 = 1 << 20;

/// Lines that a decoder gives at once, and lines that an encoder takes at once, at most.
const BAND: usize = 32;
const TAKEN: usize = 16;

/// Chroma may be stored so many times smaller than luma along one side and as large along the other; it is then decoded so
/// many times less shrunk, for the sake of the one, and is long along the other.
const MOST_SAMPLING: u32 = 4;

/// Bytes alive at the worst moment, the encoded source not counted.
pub fn estimate(plan: &Plan, info: &Info) -> u64 {
    let whole = is_decoded_whole(info);
    let decoding = info.decoder_bytes
        + match info.format {
            _ if whole => info.size.pixels() * u64::from(info.channels) * u64::from(info.bit_depth.max(8) / 8),
            // the row before, this one, and its planes, all as wide as they may be
            _ => u64::from(info.size.width) * 32,
        };
    let turned = !plan.turn.is_identity();
    if plan.keeps_planes(info) && !info.has_profile {
        let half = resize::halved(plan.resized);
        let chroma = if info.channels == 1 { 0 } else { 2 };
        // half of the size, so that chroma of the same size is shrunk twice as much
        let resampling = resampling(plan, info, plan.resized, plan.shrink)
            + chroma * resampling(plan, info, half, (2 * plan.shrink / MOST_SAMPLING).max(1));
        let planes = plan.resized.pixels() + chroma * half.pixels();
        let collected = if turned { planes * 2 } else { 0 };
        let filling = decoding + resampling + collected;
        let worst = if plan.format == Format::WebP {
            // begins when it has all lines, and the decoder is gone by then
            let (planes, encoding) = codec::webp_memory(plan.output, false);
            (filling + planes).max(encoding)
        } else {
            filling + codec::jpeg_memory(plan, info.channels == 1)
        };
        return ASIDE + worst;
    }
    let size = plan.resized.pixels();
    let least = if info.format == Format::Jpeg { (plan.shrink / MOST_SAMPLING).max(1) } else { plan.shrink };
    let resampling = resampling(plan, info, plan.resized, plan.shrink)
        + u64::from(info.channels - 1) * resampling(plan, info, plan.resized, least);
    let pixels = decoding + resampling + size * u64::from(info.channels);
    // a copy at a time: turned, widened, laid on a canvas
    let finishing = size * 4 + plan.output.pixels() * 4;
    ASIDE + pixels.max(finishing).max(encoding(plan, info))
}

/// Whether all pixels are there before the first is resampled.
fn is_decoded_whole(info: &Info) -> bool {
    match info.format {
        Format::Jpeg => false,
        Format::Png => info.progressive,
        Format::WebP | Format::Gif => true,
    }
}

/// One plane's share, decoded at least `shrink` times smaller.
fn resampling(plan: &Plan, info: &Info, size: Size, shrink: u32) -> u64 {
    let side = |side: u32| side.div_ceil(shrink) as usize;
    let scale = 1.0 / f64::from(shrink);
    let plane = Plane { width: side(info.size.width), height: side(info.size.height), across: scale, down: scale };
    resize::memory(&plane, plan.region, size, BAND, TAKEN)
}

/// The encoder's share: pixels, what they become on the way, and the file, which grows by doubling and is as large as the
/// pixels at worst.
fn encoding(plan: &Plan, info: &Info) -> u64 {
    let pixels = plan.output.pixels();
    let channels = encoded_channels(plan, info);
    match plan.format {
        Format::Jpeg => pixels * channels + codec::jpeg_memory(plan, channels == 1),
        // pixels are dropped when there are planes
        Format::WebP if !plan.lossless => {
            let has_alpha = channels.is_multiple_of(2);
            let (planes, encoding) = codec::webp_memory(plan.output, has_alpha);
            (pixels * channels + planes).max(encoding)
        }
        Format::Png | Format::WebP => pixels * 6 * channels,
        Format::Gif => pixels * 12,
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
