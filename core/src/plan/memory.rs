//! An estimate of a plan's peak memory, from above. `tests/pipeline_memory.rs` holds it to what is allocated.

use crate::codec::{self, Plane};
use crate::image::{Format, Info, Size};
use crate::{op, resize};

use super::{Path, Plan};

/// Windows and tables of the codecs, a profile's tables.
const ASIDE: u64 = 1 << 20;

/// Lines that a decoder gives at once, and lines that an encoder takes at once, at most.
const BAND: usize = 32;
const TAKEN: usize = 16;

/// The largest sampling ratio (4:1:1). Such chroma cannot be shrunk as far as luma, so its planes can be up to four times wider
/// than luma's.
const MOST_SAMPLING: u32 = 4;

/// Bytes alive at the worst moment, the encoded source not counted.
pub fn estimate(plan: &Plan, info: &Info) -> u64 {
    ASIDE
        + match plan.path {
            Path::Planes => by_planes(plan, info),
            Path::Pixels if plan.load.frames > 1 => by_frames(plan, info),
            Path::Pixels => by_pixels(plan, info),
        }
}

/// The decoder's share.
fn decoding(info: &Info) -> u64 {
    info.decoder_bytes
        + if info.by_rows {
            // the previous row, this one and its planes, at most 8 samples a pixel of 32 bits
            u64::from(info.size.width) * 32
        } else {
            codec::whole_memory(info)
        }
}

fn by_planes(plan: &Plan, info: &Info) -> u64 {
    let (load, half) = (&plan.load, plan.load.resized.halved());
    let is_grey = info.channels == 1;
    let chroma = if is_grey { 0 } else { 2 };
    // half of the size, so that chroma of the same size is shrunk twice as much
    let resampling = resampling(plan, info, load.resized, load.shrink)
        + chroma * resampling(plan, info, half, (2 * load.shrink / MOST_SAMPLING).max(1));
    let planes = load.resized.pixels() + chroma * half.pixels();
    let collected = match (load.turn.is_identity(), plan.operations.is_empty()) {
        (true, true) => 0,
        (true, false) => planes + load.resized.pixels(),
        (false, _) => planes * 2,
    };
    codec::plane_memory(&plan.encoding, plan.output, is_grey, decoding(info) + resampling + collected)
}

fn by_pixels(plan: &Plan, info: &Info) -> u64 {
    let load = &plan.load;
    let size = load.resized.pixels();
    let least = if info.format == Format::Jpeg { (load.shrink / MOST_SAMPLING).max(1) } else { load.shrink };
    let resampling = resampling(plan, info, load.resized, load.shrink)
        + u64::from(info.channels - 1) * resampling(plan, info, load.resized, least);
    let channels = if info.is_cmyk() { 3 } else { info.channels };
    let pixels = decoding(info) + resampling + size * u64::from(channels);
    // a turn that exchanges the sides makes a copy
    let turning = if load.turn.is_turned() { 2 * size * u64::from(channels) } else { 0 };
    let leaving = op::leaving(&plan.operations, load.size(), channels);
    pixels.max(turning).max(leaving.peak).max(codec::encode_memory(
        &plan.encoding,
        leaving.size,
        leaving.channels,
        leaving.held,
    ))
}

/// Frames are decoded to RGBA one by one, and all of them are there before the first is encoded.
fn by_frames(plan: &Plan, info: &Info) -> u64 {
    let leaving = op::leaving(&plan.operations, plan.load.size(), 4);
    let frames = u64::from(plan.load.frames);
    let decoding = info.decoder_bytes + info.size.pixels() * 4 * 4;
    let one = by_pixels(plan, info);
    frames * leaving.held.max(leaving.size.pixels() * 4) + decoding + one
}

/// One plane's share, decoded at least `shrink` times smaller.
fn resampling(plan: &Plan, info: &Info, size: Size, shrink: u32) -> u64 {
    let side = |side: u32| side.div_ceil(shrink) as usize;
    let scale = 1.0 / f64::from(shrink);
    let plane = Plane { width: side(info.size.width), height: side(info.size.height), across: scale, down: scale };
    resize::memory(&plane, plan.load.region, size, BAND, TAKEN)
}
