//! What a plan takes for any picture of its shape. `tests/pipeline_memory.rs` holds it to what is allocated.

use crate::codec::{self, Filling, Plane};
use crate::image::{Format, Info, Size};
use crate::{flow, linear, op, resize};

use super::{Path, Plan};

/// A profile's tables.
const PROFILE: u64 = 1 << 20;

/// A header, a table of inks, the frame of a result.
const KEPT: u64 = 64 << 10;

/// What converts colours by a profile, at most.
const LARGEST_CONVERSION: u64 = 28 << 20;

/// Lines of luma that an encoder takes before it takes chroma: a row of MCUs, or the two that a line of chroma belongs to.
const TAKEN: usize = 16;
const TAKEN_IN_PAIRS: usize = 2;

/// Bytes alive at the worst moment for any picture of this shape, the source not counted, and those of them that are held while rows
/// flow.
pub fn estimate(plan: &Plan, info: &Info) -> (u64, u64) {
    if info.is_vector {
        let (plan, info) = drawn(plan, info);
        return estimate(&plan, &info);
    }
    let decoding = aside(info) + flowing(plan, info);
    let peak = match plan.path {
        Path::Planes => by_planes(plan, info, decoding),
        Path::Pixels if plan.load.frames > 1 => by_frames(plan, info, decoding),
        Path::Pixels => by_pixels(plan, info, decoding),
    };
    let peak = if plan.encoding.max_bytes.is_some() { peak.max(searching(plan, info, decoding)) } else { peak };
    (peak + KEPT, decoding)
}

/// The same of a picture that has its final size when it is decoded.
#[inline(never)]
fn drawn(plan: &Plan, info: &Info) -> (Plan, Info) {
    let plan = Plan { load: plan.load.drawn(), ..plan.clone() };
    let info = Info { size: plan.load.resized, is_vector: false, ..info.clone() };
    (plan, info)
}

fn aside(info: &Info) -> u64 {
    if info.has_profile { PROFILE } else { 0 }
}

/// Bytes that rows of pixels take on their way from the decoder to whoever looks at them.
pub fn of_look(plan: &Plan, info: &Info) -> u64 {
    if info.is_vector {
        let (plan, info) = drawn(plan, info);
        return of_look(&plan, &info);
    }
    aside(info) + flowing(plan, info) + KEPT
}

/// What the whole limit leaves an encoder: all but the header, and what converts colours, which stay to the end.
pub fn room(info: &Info, limit: u64) -> u64 {
    // building a conversion takes more than it does afterwards
    let conversion = if info.has_profile { info.decoder_bytes.min(LARGEST_CONVERSION) } else { 0 };
    limit.saturating_sub(KEPT + conversion)
}

/// The decoder's share, where planes after the first are decoded at so many eighths.
fn decoding(plan: &Plan, info: &Info, chroma: u32) -> u64 {
    let eighths = plan.load.eighths.max(chroma).clamp(1, 8);
    info.decoder_bytes + info.scaled_bytes[eighths as usize - 1] + codec::row_memory(info)
}

/// What the decoder, the resampler and rows on their way hold.
fn flowing(plan: &Plan, info: &Info) -> u64 {
    if plan.mixes_light() {
        return flowing_light(plan, info);
    }
    let resized = plan.load.resized;
    let others = if plan.path == Path::Planes { resized.halved() } else { resized };
    let eighths = chroma_eighths(plan, info, others);
    let planes = (0..usize::from(info.channels)).map(|i| match i {
        0 => resampling(plan, info, resized, plan.load.eighths, info.sampling[0]),
        _ => resampling(plan, info, others, eighths, info.sampling[i]),
    });
    let on_their_way = match plan.path {
        Path::Planes => 0,
        Path::Pixels => flow::rows_memory(resized, info.channels, op::split(&plan.operations).0),
    };
    decoding(plan, info, eighths) + planes.sum::<u64>() + on_their_way
}

/// The same where light is mixed: at the size that is stored, then in its own way, then a line of each plane at its final size.
#[inline(never)]
fn flowing_light(plan: &Plan, info: &Info) -> u64 {
    let load = linear::as_stored(info.size, &plan.load);
    let stored = flowing(&Plan { load, operations: Vec::new(), ..plan.clone() }, info);
    let Size { width, height } = plan.load.resized;
    let plane = Plane { width: width as usize, height: height as usize, across: 1.0, down: 1.0, has_headroom: false };
    let line = resize::memory(&plane, linear::as_stored(plan.load.resized, &load).region, plan.load.resized, 0, 0);
    let rows = flow::rows_memory(plan.load.resized, info.channels, op::split(&plan.operations).0);
    stored + linear::memory(info, &plan.load) + u64::from(info.channels) * line + rows
}

/// The eighths that planes after the first are decoded at, which are to have a size.
fn chroma_eighths(plan: &Plan, info: &Info, wanted: Size) -> u32 {
    if !info.is_planar() {
        return plan.load.eighths;
    }
    let region = plan.load.region;
    let (most_across, most_down) = most_samples(info);
    let ratios = info.sampling[1..usize::from(info.channels)].iter().map(|&[across, down]| {
        // half of an odd side is rounded up
        let across = region.width * f64::from(across) / most_across / (f64::from(wanted.width) - 0.5);
        across.min(region.height * f64::from(down) / most_down / (f64::from(wanted.height) - 0.5))
    });
    codec::eighths(info.format, ratios.fold(f64::INFINITY, f64::min))
}

/// Samples of the plane that has most, across and down.
fn most_samples(info: &Info) -> (f64, f64) {
    let most = |axis: usize| info.sampling.iter().map(|samples| samples[axis]).max().unwrap_or(1).into();
    (most(0), most(1))
}

fn by_planes(plan: &Plan, info: &Info, flowing: u64) -> u64 {
    let entering = info.channels;
    let channels = plan.operations.iter().fold(entering, |channels, operation| operation.channels(channels));
    let is_grey = channels == 1;
    let steps = flow::StepPlanes::memory(&plan.operations, plan.output);
    if plan.flows() {
        let steps = if plan.operations.is_empty() { 0 } else { steps };
        return codec::plane_memory(&plan.encoding, plan.output, is_grey, Filling::Flowing(flowing + steps));
    }
    let load = &plan.load;
    let (luma, band) = flow::collecting_memory(load.resized, 1, load);
    let (_, half_band) = flow::collecting_memory(load.resized.halved(), 1, load);
    // planes that go or come, and what is compared with
    let others = if entering.max(channels) == 1 { 0 } else { 2 * plan.output.halved().pixels() };
    let aside = plan.operations.iter().map(|operation| operation.aside(plan.output, 1)).max().unwrap_or(0);
    let copy = if plan.operations.is_empty() { 0 } else { luma + others + steps + aside };
    let beside = (flowing + band + 2 * half_band).max(copy);
    codec::plane_memory(&plan.encoding, plan.output, is_grey, Filling::Collected(beside))
}

/// A picture that stays while it is encoded several times.
fn searching(plan: &Plan, info: &Info, flowing: u64) -> u64 {
    let (load, encoding) = (&plan.load, &plan.encoding);
    if plan.path == Path::Planes {
        let planes = plan.output.pixels() + 2 * plan.output.halved().pixels();
        let (_, band) = flow::collecting_memory(load.resized, 1, load);
        let steps = flow::StepPlanes::memory(&plan.operations, plan.output);
        let collecting = (flowing + 2 * band).max(if plan.operations.is_empty() { 0 } else { planes + steps });
        return planes + collecting.max(codec::plane_memory(encoding, plan.output, false, Filling::Flowing(0)));
    }
    let channels = collected_channels(plan, info);
    let (_, rest) = op::split(&plan.operations);
    let (held, band) = flow::collecting_memory(load.resized, channels, load);
    let leaving = op::leaving(rest, load.size(), channels);
    let encoding = codec::encode_memory(encoding, leaving.size, leaving.channels, 0);
    (held + band + flowing).max(leaving.peak).max(leaving.held + encoding)
}

/// Channels once converted, and after the operations that are done row by row.
fn collected_channels(plan: &Plan, info: &Info) -> u8 {
    let (first, _) = op::split(&plan.operations);
    let converted = if info.is_cmyk() { 3 } else { info.channels };
    first.iter().fold(converted, |channels, operation| operation.channels(channels))
}

fn by_pixels(plan: &Plan, info: &Info, flowing: u64) -> u64 {
    let (load, encoding) = (&plan.load, &plan.encoding);
    let channels = collected_channels(plan, info);
    let (_, rest) = op::split(&plan.operations);
    let (held, band) = flow::collecting_memory(load.resized, channels, load);
    if plan.gives_rows() {
        let leaving = rest.iter().fold(channels, |channels, operation| operation.channels(channels));
        let (collecting, held) = if plan.flows() { (0, flowing) } else { (held + band + flowing, held) };
        let laid = flow::laid_memory(rest, load.size(), channels);
        return collecting.max(codec::encode_memory(encoding, plan.output, leaving, held + laid));
    }
    let leaving = op::leaving(rest, load.size(), channels);
    let encoding = codec::encode_memory(encoding, leaving.size, leaving.channels, leaving.held);
    (held + band + flowing).max(leaving.peak).max(encoding)
}

/// Frames are decoded one by one, beside the canvas, and each is encoded before the next.
fn by_frames(plan: &Plan, info: &Info, flowing: u64) -> u64 {
    let channels = collected_channels(plan, info);
    let (_, rest) = op::split(&plan.operations);
    let (held, band) = flow::collecting_memory(plan.load.resized, channels, &plan.load);
    let leaving = op::leaving(rest, plan.load.size(), channels);
    // of the last frame, what the next is compared with
    let kept = codec::frames_memory(&plan.encoding, leaving.size, leaving.channels);
    let last = kept.saturating_sub(leaving.held);
    // rows come from the canvas itself
    let flowing = flowing.saturating_sub(info.decoder_bytes + info.size.pixels() * 4);
    info.decoder_bytes + kept.max(last + leaving.peak).max(last + held + band + flowing)
}

/// The share of a plane that has so many samples in proportion, and is decoded at `eighths` of its size.
fn resampling(plan: &Plan, info: &Info, size: Size, eighths: u32, [across, down]: [u8; 2]) -> u64 {
    let scale = f64::from(eighths) / 8.0;
    let (most_across, most_down) = most_samples(info);
    // where planes are to match, one that has fewer samples is decoded at more eighths, as large as the first at most
    let share = |samples: u8, most: f64| if info.is_planar() { f64::from(samples) / most } else { 1.0 };
    let (across, down) = (scale * share(across, most_across), scale * share(down, most_down));
    let side = |side: u32, scale: f64| (f64::from(side) * scale).ceil() as usize;
    let (width, height) = (side(info.size.width, across), side(info.size.height, down));
    let plane = Plane { width, height, across, down, has_headroom: false };
    let taken = match (plan.path, plan.encoding.format) {
        (Path::Pixels, _) => 0,
        (Path::Planes, Format::Jpeg) if plan.flows() => TAKEN,
        (Path::Planes, _) => TAKEN_IN_PAIRS,
    };
    // a single line is pushed only when it is needed
    let band = if info.band == 1 { 0 } else { (f64::from(info.band) * down).ceil() as usize };
    resize::memory(&plane, plan.load.region, size, band, taken)
}
