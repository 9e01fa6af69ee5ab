//! An estimate of a plan's peak memory, from above. `tests/pipeline_memory.rs` holds it to what is allocated.

use crate::codec::{self, Plane};
use crate::image::{Info, Load, Size};
use crate::{op, resize};

use super::{Path, Plan};

/// Windows and tables of the codecs, a profile's tables.
const ASIDE: u64 = 1 << 20;

/// Lines that a decoder gives at once, and lines that an encoder takes at once, at most.
const BAND: usize = 32;
const TAKEN: usize = 16;

/// The largest sampling ratio (4:1:1). Such chroma is reduced up to four times less than luma along one side, and is decoded at a
/// scale that suits this side.
const MOST_SAMPLING: f64 = 4.0;

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
            // the row before, this one, and its planes, all as wide as they may be
            u64::from(info.size.width) * 32
        } else {
            codec::whole_memory(info)
        }
}

fn by_planes(plan: &Plan, info: &Info) -> u64 {
    let (load, half) = (&plan.load, plan.load.resized.halved());
    let is_grey = info.channels == 1;
    let chroma = if is_grey { 0 } else { 2 };
    let resampling = resampling(plan, info, load.resized, load.eighths)
        + chroma * resampling(plan, info, half, chroma_eighths(info, load, half));
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
    let resampling = resampling(plan, info, load.resized, load.eighths)
        + u64::from(info.channels - 1) * resampling(plan, info, load.resized, chroma_eighths(info, load, load.resized));
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

/// The largest scale of planes after the first, whatever their sampling.
fn chroma_eighths(info: &Info, load: &Load, size: Size) -> u32 {
    let across = load.region.width / f64::from(size.width);
    let down = load.region.height / f64::from(size.height);
    codec::eighths(info.format, across.min(down) / MOST_SAMPLING)
}

/// One plane's share, decoded at no more than `eighths` of the stored size.
fn resampling(plan: &Plan, info: &Info, size: Size, eighths: u32) -> u64 {
    let side = |side: u32| (u64::from(side) * u64::from(eighths)).div_ceil(8) as usize;
    let scale = f64::from(eighths) / 8.0;
    let plane = Plane {
        width: side(info.size.width),
        height: side(info.size.height),
        across: scale,
        down: scale,
        has_headroom: false,
    };
    resize::memory(&plane, plan.load.region, size, BAND, TAKEN)
}
