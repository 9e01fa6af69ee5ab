//! Looks at pixels that a plan needs: how the image is loaded for one, and what that takes.

use deckle_pixels::{Edges, Salience};

use super::{Look, Path, Plan, Sight, geometry, memory};
use crate::Error;
use crate::edit::{Edits, Point, Position};
use crate::image::{Encoding, Format, Info, Load, Orientation, Rect, Region, Size};
use crate::limits::{Limits, MEMORY, check};

/// What a look shows: known, with the bytes that it took, or to be looked for.
pub enum Seen<T> {
    Known(T, u64),
    Look(Look),
}

/// Longest side of the picture in which a focal point is looked for: what fills less than a hundredth of it draws no eye.
const SMALL: u32 = 128;

/// The part of the stored image that a trim leaves.
///
/// # Errors
/// [`Error::Limit`] if the look takes too much.
pub fn used(edits: &Edits, info: &Info, edges: Option<Rect>, limits: &Limits) -> Result<Seen<Rect>, Error> {
    let Some(trim) = edits.trim else {
        return Ok(Seen::Known(Rect { x: 0, y: 0, size: info.size }, 0));
    };
    let load = whole(edits, info);
    // a row, and what is kept of the last ones
    let row = u64::from(load.resized.width);
    let needed = taken(load, info) + row * 4 + Edges::memory(row, 4);
    match edges {
        Some(edges) => Ok(Seen::Known(edges, needed)),
        None => {
            let top_left = Rect { x: 0, y: 0, size: Size { width: 1, height: 1 } };
            let stored = top_left.laid(info.orientation.apply(info.size), info.orientation.inverse());
            Ok(Seen::Look(Look::Edges(trim, stored, sight(load, needed, info, limits)?)))
        }
    }
}

/// The point that takes the place of a position that depends on the picture; `None` where there is no such position, or it picks nothing.
///
/// # Errors
/// [`Error::Limit`] if the look takes too much.
pub fn focus(
    edits: &Edits,
    info: &Info,
    turn: Orientation,
    crop: Rect,
    focus: Option<Point>,
    limits: &Limits,
) -> Result<Seen<Option<Point>>, Error> {
    let salience = match edits.position {
        Position::Attention => Salience::Attention,
        Position::Entropy => Salience::Entropy,
        Position::Place { .. } | Position::Focus(_) => return Ok(Seen::Known(None, 0)),
    };
    let Some(part) = geometry::picked(edits, crop, turn) else {
        return Ok(Seen::Known(None, 0));
    };
    let load = small(edits, info, turn, crop);
    let size = load.size();
    // pixels in three forms, and sums
    let needed = taken(load, info) + size.pixels() * 40;
    if focus.is_some() {
        return Ok(Seen::Known(focus, needed));
    }
    let side = |side: u32, part: f64| ((f64::from(side) * part).round() as u32).clamp(1, side);
    let part = Size { width: side(size.width, part.0), height: side(size.height, part.1) };
    Ok(Seen::Look(Look::Focus(salience, part, sight(load, needed, info, limits)?)))
}

fn sight(load: Load, needed: u64, info: &Info, limits: &Limits) -> Result<Sight, Error> {
    check(MEMORY, needed, limits.memory_bytes)?;
    Ok(Sight { load, spare: memory::room(info, limits.memory_bytes).saturating_sub(needed) })
}

/// The frame that is looked at, counted from 0.
pub fn frame(edits: &Edits) -> u32 {
    edits.frame.map_or(0, |frame| frame.saturating_sub(1))
}

/// A part of the stored image, small and turned.
fn small(edits: &Edits, info: &Info, turn: Orientation, crop: Rect) -> Load {
    let Rect { x, y, size } = crop;
    let longest = size.width.max(size.height);
    let side = |side: u32| {
        let scaled = (u64::from(side) * u64::from(SMALL) / u64::from(longest)) as u32;
        if longest > SMALL { scaled.max(1) } else { side }
    };
    let resized = Size { width: side(size.width), height: side(size.height) };
    Load {
        eighths: geometry::shrink_on_load(info, size, resized),
        region: Region { x: x.into(), y: y.into(), width: size.width.into(), height: size.height.into() },
        resized,
        turn,
        ..whole(edits, info)
    }
}

/// All of the stored image as it is.
fn whole(edits: &Edits, info: &Info) -> Load {
    let Size { width, height } = info.size;
    Load {
        eighths: geometry::shrink_on_load(info, info.size, info.size),
        region: Region { x: 0.0, y: 0.0, width: width.into(), height: height.into() },
        resized: info.size,
        turn: Orientation { mirror: false, turns: 0 },
        frame: frame(edits),
        frames: 1,
        cmyk: edits.cmyk,
    }
}

/// Bytes that rows of pixels take on their way, loaded so.
fn taken(load: Load, info: &Info) -> u64 {
    let encoding = Encoding::plain(Format::Png, 0);
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
        is_rewritten: false,
    };
    memory::of_look(&plan, info)
}
