//! Looks at pixels that a plan needs: how the image is loaded for one, and what that takes.

use deckle_pixels::Edges;

use super::{Look, Path, Plan, Sight, geometry, memory};
use crate::Error;
use crate::edit::{Edits, Trim};
use crate::image::{Encoding, Format, Info, Load, Metadata, Orientation, Rect, Region, Size};
use crate::limits::{Limits, MEMORY, check};

/// What a trim leaves of the stored image: known, or to be looked for.
pub enum Used {
    Known(Rect),
    Look(Look),
}

/// The part of the stored image that a trim leaves.
///
/// # Errors
/// [`Error::Limit`] if the look takes too much.
pub fn used(edits: &Edits, info: &Info, edges: Option<Rect>, limits: &Limits) -> Result<Used, Error> {
    let whole = Rect { x: 0, y: 0, size: info.size };
    match (edits.trim, edges) {
        (None, _) => Ok(Used::Known(whole)),
        (Some(_), Some(edges)) => Ok(Used::Known(edges)),
        (Some(trim), None) => self::edges(edits, trim, info, limits).map(Used::Look),
    }
}

fn edges(edits: &Edits, trim: Trim, info: &Info, limits: &Limits) -> Result<Look, Error> {
    let load = whole(edits, info);
    let needed = edges_memory(load, info);
    check(MEMORY, needed, limits.memory_bytes)?;
    let spare = memory::room(info, limits.memory_bytes).saturating_sub(needed);
    Ok(Look::Edges(trim, Sight { load, spare }))
}

/// Bytes that the looks of these edits take at most, one after the other.
pub fn memory_of(edits: &Edits, info: &Info) -> u64 {
    edits.trim.map_or(0, |_| edges_memory(whole(edits, info), info))
}

fn edges_memory(load: Load, info: &Info) -> u64 {
    // a row, and what is kept of the last ones
    taken(load, info) + u64::from(load.resized.width) * 4 + Edges::memory(load.resized.width.into(), 4)
}

/// All of the stored image as it is.
fn whole(edits: &Edits, info: &Info) -> Load {
    let Size { width, height } = info.size;
    Load {
        eighths: geometry::shrink_on_load(info, info.size, info.size),
        region: Region { x: 0.0, y: 0.0, width: width.into(), height: height.into() },
        resized: info.size,
        turn: Orientation { mirror: false, turns: 0 },
        frames: 1,
        cmyk: edits.cmyk,
    }
}

/// Bytes that rows of pixels take on their way, loaded so.
fn taken(load: Load, info: &Info) -> u64 {
    let encoding = Encoding {
        format: Format::Png,
        quality: 0,
        lossless: false,
        effort: 0,
        progressive: false,
        metadata: Metadata::Strip,
        keeps_orientation: false,
        room: 0,
    };
    let output = load.size();
    let plan = Plan {
        load,
        operations: Vec::new(),
        encoding,
        path: Path::Pixels,
        output,
        memory: 0,
        decoding: 0,
        layers: Vec::new(),
    };
    memory::of_look(&plan, info)
}
