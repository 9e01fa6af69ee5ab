//! Overlays, and the steps of other dialects, resolved: each knows the size that the one before it has left.

use super::geometry::{inside, within};
use crate::Error;
use crate::edit::{Crop, Distance, Extent, Overlay as Asked, Round, Step};
use crate::image::{Colour, Rect, Size};
use crate::op::{Ellipse, Operation, Overlay, Rotation, Window};

/// Adds the steps to operations on pixels of this size.
pub fn resolve(
    steps: &[Step],
    operations: &mut Vec<Operation>,
    size: Size,
    layers: Layers<'_>,
    is_animation: bool,
) -> Result<(), Error> {
    let mut size = operations.iter().fold(size, |size, operation| operation.size(size));
    let mut layer = layers.used;
    for step in steps {
        let from = operations.len();
        match step {
            Step::Do(operation) => operations.push(operation.clone()),
            // an animation is not turned
            Step::Turn(_) if is_animation => (),
            Step::Turn(angle) => {
                let background = Colour { a: 255, ..Colour::TRANSPARENT };
                operations.push(Operation::Rotate(Rotation { angle: *angle, background, view: None }));
            }
            Step::Extend(extend) => operations.push(Operation::Canvas(extend.canvas(size))),
            Step::Extract(area) => operations.push(window(*area, size)?),
            // an animation is not cut
            Step::Round(_) if is_animation => (),
            Step::Round(round) => {
                let ellipse = ellipse(*round, size);
                let (x, y, bounds) = ellipse.bounds(size).ok_or_else(|| refused("round", "lies outside the image"))?;
                operations.push(Operation::Ellipse(ellipse));
                operations.push(Operation::Window(Window { x, y, size: bounds }));
            }
            // whoever plans has asked before what they come to
            Step::Face(_) => return Err(refused("face", "was not looked for")),
            Step::Moderate(_) => return Err(refused("moderation", "was not done")),
            Step::Overlay(asked) => {
                let natural = layers.sizes.get(layer).ok_or_else(|| refused("overlay", "is not there"))?;
                operations.push(Operation::Overlay(overlay(asked, layer, *natural, size)?));
                layer += 1;
            }
        }
        size = operations[from..].iter().fold(size, |size, operation| operation.size(size));
    }
    Ok(())
}

#[cold]
fn refused(name: &'static str, reason: &str) -> Error {
    Error::Edit { name, reason: reason.to_owned() }
}

fn window(area: Crop, size: Size) -> Result<Operation, Error> {
    let Rect { x, y, size } = within(Rect { x: 0, y: 0, size }, area, "extract")?;
    Ok(Operation::Window(Window { x, y, size }))
}

fn ellipse(round: Round, size: Size) -> Ellipse {
    let doubled = |n: u32| n.saturating_mul(2);
    let radius = size.width.min(size.height);
    Ellipse {
        x: round.x.map_or(size.width, doubled),
        y: round.y.map_or(size.height, doubled),
        rx: round.rx.map_or(radius, doubled),
        ry: round.ry.map_or(radius, doubled),
    }
}

/// The pictures that can be laid: their sizes, and how many of them are laid already.
#[derive(Clone, Copy)]
pub struct Layers<'a> {
    pub sizes: &'a [Size],
    pub used: usize,
}

/// Adds what the native dialect lays on the result: of a picture that is larger, as much as fits.
pub fn lay(overlays: &[Asked], operations: &mut Vec<Operation>, below: Size, sizes: &[Size]) -> Result<(), Error> {
    for (layer, asked) in overlays.iter().enumerate() {
        let natural = *sizes.get(layer).ok_or_else(|| refused("overlay", "is not there"))?;
        let side = |extent: Option<Extent>, whole: u32| extent.map(|extent| extent.resolve(whole).clamp(1, whole));
        let size = inside(natural, (side(asked.width, below.width), side(asked.height, below.height)));
        let fits = size.width <= below.width && size.height <= below.height;
        let size = if fits { size } else { inside(natural, (Some(below.width), Some(below.height))) };
        operations.push(Operation::Overlay(placed(asked, layer, size, below)));
    }
    Ok(())
}

fn overlay(asked: &Asked, layer: usize, natural: Size, below: Size) -> Result<Overlay, Error> {
    let sides = (asked.width.map(|w| w.resolve(below.width)), asked.height.map(|h| h.resolve(below.height)));
    if sides.0 == Some(0) || sides.1 == Some(0) {
        return Err(refused("overlay", "would have no pixel"));
    }
    let size = inside(natural, sides);
    if size.width > below.width || size.height > below.height {
        let reason = format!("of {}×{} is larger than the image", size.width, size.height);
        return Err(Error::Edit { name: "overlay", reason });
    }
    let mut placed = placed(asked, layer, size, below);
    if asked.tile && asked.x.is_some_and(is_number) && asked.y.is_some_and(is_number) {
        // sharp repeats it an odd number of times until it covers the picture, and cuts out from this place on, as far as it goes
        let from = |place: i64, whole: u32, laid: u32| {
            let tiles = whole.div_ceil(laid.max(1)) | 1;
            -place.min(i64::from(tiles) * i64::from(laid) - i64::from(whole))
        };
        if placed.x < 0 || placed.y < 0 {
            return Err(refused("overlay", "begins outside of its tiles"));
        }
        placed.x = from(placed.x, below.width, size.width);
        placed.y = from(placed.y, below.height, size.height);
    }
    Ok(placed)
}

/// Whether a place is given by number, and not by a side.
fn is_number(place: Distance) -> bool {
    place != Distance::Far
}

/// At its place on a picture that is no smaller.
fn placed(asked: &Asked, layer: usize, size: Size, below: Size) -> Overlay {
    // in the middle as sharp has it, the odd pixel before; of tiles after
    let middle = |whole: u32, laid: u32| i64::from((whole.saturating_sub(laid) + u32::from(!asked.tile)) / 2);
    let x = asked.x.map_or(middle(below.width, size.width), |x| x.resolve(below.width, size.width));
    let y = asked.y.map_or(middle(below.height, size.height), |y| y.resolve(below.height, size.height));
    Overlay { layer, size, x, y, opacity: asked.opacity, blend: asked.blend, tile: asked.tile }
}
