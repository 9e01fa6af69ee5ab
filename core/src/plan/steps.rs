//! The steps of other dialects, resolved: each knows the size that the one before it has left.

use super::geometry::inside;
use crate::Error;
use crate::edit::{Crop, Overlay as Asked, Round, Step};
use crate::image::{Colour, Size};
use crate::op::{Ellipse, Operation, Overlay, Rotation, Window};

/// Adds the steps to operations on pixels of this size. `layers` are the sizes of the pictures that can be laid.
pub fn resolve(
    steps: &[Step],
    operations: &mut Vec<Operation>,
    size: Size,
    layers: &[Size],
    is_animation: bool,
) -> Result<(), Error> {
    let mut size = operations.iter().fold(size, |size, operation| operation.size(size));
    let mut layer = 0;
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
            Step::Overlay(asked) => {
                let natural = layers.get(layer).ok_or_else(|| refused("overlay", "is not there"))?;
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
    let fits = |start: u32, length: u32, side: u32| u64::from(start) + u64::from(length) <= u64::from(side);
    if !fits(area.x, area.width, size.width) || !fits(area.y, area.height, size.height) {
        let reason = format!("reaches beyond the image of {}×{}", size.width, size.height);
        return Err(Error::Edit { name: "extract", reason });
    }
    Ok(Operation::Window(Window { x: area.x, y: area.y, size: Size { width: area.width, height: area.height } }))
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

fn overlay(asked: &Asked, layer: usize, natural: Size, below: Size) -> Result<Overlay, Error> {
    let share = |percent: Option<u8>, side: u32| percent.map(|percent| side * u32::from(percent) / 100);
    let sides = (share(asked.width, below.width), share(asked.height, below.height));
    if sides.0 == Some(0) || sides.1 == Some(0) {
        return Err(refused("overlay", "would have no pixel"));
    }
    let size = inside(natural, sides);
    if size.width > below.width || size.height > below.height {
        let reason = format!("of {}×{} is larger than the image", size.width, size.height);
        return Err(Error::Edit { name: "overlay", reason });
    }
    // in the middle as sharp has it, the odd pixel before
    let middle = |whole: u32, laid: u32| i64::from((whole - laid).div_ceil(2));
    let x = asked.x.map_or(middle(below.width, size.width), |x| x.resolve(below.width, size.width));
    let y = asked.y.map_or(middle(below.height, size.height), |y| y.resolve(below.height, size.height));
    Ok(Overlay { layer, size, x, y, opacity: asked.opacity })
}
