//! What is done after resampling, resolved: the asked operations, then background, then padding.

use super::geometry::{Geometry, Padding, Turning};
use super::lettering;
use super::steps::{self, Layers};
use crate::Error;
use crate::edit::Edits;
use crate::image::{Colour, Format, Info, Radius, Size};
use crate::op::{Canvas, Corners, Extend, Operation, Rotation};

/// The operations of a plan, in their order. A background is shown as given, under the image and around it, so it comes after the
/// operations that change colours.
pub fn resolve(
    edits: &Edits,
    info: &Info,
    format: Format,
    geometry: &Geometry,
    layers: &[Size],
) -> Result<Vec<Operation>, Error> {
    let beyond = &edits.beyond;
    let mut operations: Vec<Operation> = geometry.turning.iter().map(|turning| turn(edits, format, *turning)).collect();
    let has_alpha = info.has_alpha || operations.first().is_some_and(|turn| turn.channels(1) == 2);
    operations.extend(beyond.under.filter(|_| has_alpha).map(Operation::Flatten));
    operations.extend_from_slice(&edits.operations);
    // what makes the image transparent counts
    let leaving = operations.iter().fold(if info.has_alpha { 4 } else { 3 }, |channels, op| op.channels(channels));
    if let Some(colour) = under(edits.background, leaving.is_multiple_of(2), format) {
        operations.push(Operation::Flatten(colour));
    }
    let background = around(edits.background, format);
    if let Some(Padding { size, x, y }) = geometry.padding {
        let background = beyond.padding.map_or(background, |colour| around(Some(colour), format));
        operations.push(Operation::Canvas(Canvas { size, x, y, background }));
    }
    if edits.radius != Radius::NONE {
        operations.push(Operation::Round(Corners { radius: edits.radius, background }));
    }
    if !edits.pad.is_empty() {
        operations.push(Operation::Extend(Extend { sides: edits.pad, background }));
    }
    let mut operations = settled(operations, geometry.load.size());
    if !edits.overlays.is_empty() {
        let size = operations.iter().fold(geometry.load.size(), |size, operation| operation.size(size));
        steps::lay(&edits.overlays, &mut operations, size, layers)?;
    }
    if !edits.lettering.is_empty() {
        let size = operations.iter().fold(geometry.load.size(), |size, operation| operation.size(size));
        operations.extend(edits.lettering.iter().map(|asked| Operation::Text(lettering::resolve(asked, size))));
    }
    if !beyond.steps.is_empty() {
        let layers = Layers { sizes: layers, used: edits.overlays.len() };
        let steps = beyond.steps.get(usize::from(geometry.extracted)..).unwrap_or_default();
        let is_animation = beyond.spares_animations && edits.animated && info.frames > 1;
        steps::resolve(steps, &mut operations, geometry.load.size(), layers, is_animation)?;
    }
    // operations may have made an opaque image transparent
    let entering = if info.is_cmyk() { 3 } else { info.channels };
    let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
    if !format.row().has_alpha && leaving.is_multiple_of(2) {
        // what sharp shows where a format has no alpha
        let is_other = !beyond.steps.is_empty();
        operations.push(Operation::Flatten(if is_other {
            Colour { a: 255, ..Colour::TRANSPARENT }
        } else {
            background
        }));
    }
    Ok(operations)
}

/// The same with every size known, and one canvas where a canvas of the same colour is laid on another.
fn settled(operations: Vec<Operation>, mut size: Size) -> Vec<Operation> {
    let mut out: Vec<Operation> = Vec::with_capacity(operations.len());
    for operation in operations {
        let operation = match operation {
            Operation::Extend(extend) => Operation::Canvas(extend.canvas(size)),
            other => other,
        };
        size = operation.size(size);
        match (out.last_mut(), operation) {
            (Some(Operation::Canvas(inner)), Operation::Canvas(outer)) if inner.background == outer.background => {
                *inner = Canvas { x: inner.x.saturating_add(outer.x), y: inner.y.saturating_add(outer.y), ..outer };
            }
            (_, operation) => out.push(operation),
        }
    }
    out
}

/// The turn, over the background; over nothing if operations that change colours come between, which would change it, too.
fn turn(edits: &Edits, format: Format, Turning { angle, view }: Turning) -> Operation {
    let background = around(edits.beyond.padding.or(edits.background), format);
    let is_seen_as_given = edits.operations.is_empty() || background.a != 255;
    let background = if is_seen_as_given { background } else { Colour::TRANSPARENT };
    Operation::Rotate(Rotation { angle, background, view: Some(view) })
}

/// What transparency is laid on; `None` keeps alpha.
fn under(background: Option<Colour>, has_alpha: bool, format: Format) -> Option<Colour> {
    let keeps_alpha = format.row().has_alpha;
    match background {
        _ if !has_alpha => None,
        Some(colour) if colour.a == 255 || !keeps_alpha => Some(Colour { a: 255, ..colour }),
        None if !keeps_alpha => Some(Colour::WHITE),
        _ => None,
    }
}

/// The colour of padding.
fn around(background: Option<Colour>, format: Format) -> Colour {
    let keeps_alpha = format.row().has_alpha;
    match background {
        Some(colour) if keeps_alpha => colour,
        Some(colour) => Colour { a: 255, ..colour },
        None if keeps_alpha => Colour::TRANSPARENT,
        None => Colour::WHITE,
    }
}
