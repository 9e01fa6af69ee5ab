//! An estimate of a plan's peak memory, from above. `tests/pipeline_memory.rs` holds it to what is allocated.

use crate::codec::{self, Plane};
use crate::image::{Info, Size};
use crate::{op, resize};

use super::{Path, Plan};

/// Windows and tables of the codecs, a profile's tables.
const ASIDE: u64 = 1 << 20;

/// Lines of the stored image that a decoder gives at once, and lines that an encoder of planes takes at once, at most.
const BAND: f64 = 32.0;
const TAKEN: usize = 16;

/// How many times smaller than the largest plane a plane of a JPEG may be stored, along each side.
const SAMPLINGS: [f64; 6] = [1.0, 4.0 / 3.0, 1.5, 2.0, 3.0, 4.0];

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
    let others = if is_grey { 0 } else { 2 };
    let resampling = luma(plan, info, TAKEN) + others * chroma(plan, info, half, TAKEN);
    let planes = load.resized.pixels() + others * half.pixels();
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
    let resampling = luma(plan, info, 1) + u64::from(info.channels - 1) * chroma(plan, info, load.resized, 1);
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

/// The share of a plane that is stored as large as the image, where `taken` lines are taken at once.
fn luma(plan: &Plan, info: &Info, taken: usize) -> u64 {
    resampling(plan, info, plan.load.resized, plan.load.eighths, (1.0, 1.0), taken)
}

/// The share of one plane after the first, of the sampling that needs most.
fn chroma(plan: &Plan, info: &Info, size: Size, taken: usize) -> u64 {
    let region = plan.load.region;
    let across = region.width / f64::from(size.width);
    let down = region.height / f64::from(size.height);
    let pairs = SAMPLINGS.iter().flat_map(|&x| SAMPLINGS.map(|y| (x, y)));
    let one = |(x, y): (f64, f64)| {
        let eighths = codec::eighths(info.format, (across / x).min(down / y));
        resampling(plan, info, size, eighths, (x, y), taken)
    };
    pairs.map(one).max().unwrap_or(0)
}

/// The share of a plane that is stored `sampling` times smaller than the image, and decoded at `eighths` of that.
fn resampling(plan: &Plan, info: &Info, size: Size, eighths: u32, sampling: (f64, f64), taken: usize) -> u64 {
    let scale = f64::from(eighths) / 8.0;
    let (across, down) = (scale / sampling.0, scale / sampling.1);
    let side = |side: u32, scale: f64| (f64::from(side) * scale).ceil() as usize;
    let (width, height) = (side(info.size.width, across), side(info.size.height, down));
    let band = (BAND * down).ceil() as usize;
    let plane = Plane { width, height, across, down, has_headroom: false };
    resize::memory(&plane, plan.load.region, size, band, taken)
}
