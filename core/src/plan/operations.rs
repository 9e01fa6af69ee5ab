//! What is done after resampling, resolved: the asked operations, then background, then padding.

use super::geometry::Padding;
use crate::edit::Edits;
use crate::image::{Colour, Format, Info};
use crate::op::{Canvas, Operation};

/// The operations of a plan, in their order. A background is shown as given, under the image and around it, so it comes after
/// the operations that change colours.
pub fn resolve(edits: &Edits, info: &Info, format: Format, padding: Option<Padding>) -> Vec<Operation> {
    let mut operations = edits.operations.clone();
    let entering = if info.has_alpha { 4 } else { 3 };
    let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
    if let Some(colour) = under(edits.background, leaving.is_multiple_of(2), format) {
        operations.push(Operation::Flatten(colour));
    }
    if let Some(Padding { size, x, y }) = padding {
        operations.push(Operation::Canvas(Canvas { size, x, y, background: around(edits.background, format) }));
    }
    operations
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
