//! What is done after resampling, resolved: the asked operations, then background, then padding.

use super::geometry::Padding;
use crate::edit::Edits;
use crate::image::{Colour, Format, Info, Size};
use crate::op::{Canvas, Extend, Operation};

/// The operations of a plan on pixels of this size, in their order. A background is shown as given, under the image and around it, so
/// it comes after the operations that change colours.
pub fn resolve(edits: &Edits, info: &Info, format: Format, size: Size, padding: Option<Padding>) -> Vec<Operation> {
    let mut operations = edits.operations.clone();
    if let Some(colour) = under(edits.background, info, format) {
        operations.push(Operation::Flatten(colour));
    }
    let background = around(edits.background, format);
    if let Some(Padding { size, x, y }) = padding {
        operations.push(Operation::Canvas(Canvas { size, x, y, background }));
    }
    if !edits.pad.is_empty() {
        operations.push(Operation::Extend(Extend { sides: edits.pad, background }));
    }
    let mut operations = settled(operations, size);
    // operations may have made an opaque image transparent
    let entering = if info.is_cmyk() { 3 } else { info.channels };
    let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
    if !format.row().has_alpha && leaving.is_multiple_of(2) {
        operations.push(Operation::Flatten(background));
    }
    operations
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

/// What transparency is laid on; `None` keeps alpha.
fn under(background: Option<Colour>, info: &Info, format: Format) -> Option<Colour> {
    let keeps_alpha = format.row().has_alpha;
    match background {
        _ if !info.has_alpha => None,
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
