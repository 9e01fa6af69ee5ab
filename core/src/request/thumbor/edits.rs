//! What a URL says, as edits of ours.
//!
//! Thumbor crops, resizes, mirrors, then filters, and turns among the filters; here a picture is turned and mirrored before it is
//! resized. The same comes of it where the box and the place to keep are turned and mirrored, too.

use super::filters;
use super::frame::Frame;
use super::path::{Asked, FitIn, Side};
use crate::edit::{Crop, Edits, Fit, Position, Rotate, Trim};
use crate::image::Format;
use crate::request::RequestError;
use crate::request::accept::named_format;

pub fn edits(asked: &Asked<'_>) -> Result<Edits, RequestError> {
    let mut frame = Frame::new();
    filters::apply(asked.filters, &mut frame)?;
    let told = &mut frame.told;
    told.edits.trim =
        asked.trim.map(|tolerance| Trim { tolerance: tolerance.min(255) as u8, background: None, is_line_art: false });
    told.edits.crop = asked.crop.map(|[left, top, right, bottom]| Crop::pixels(left, top, right - left, bottom - top));
    box_of(asked, &mut frame)?;
    let edits = &mut frame.told.edits;
    if let Some((colour, merges)) = frame.fill
        && edits.fit == Fit::Inside
        && asked.fit_in.is_some()
        && edits.width.is_some()
        && edits.height.is_some()
    {
        edits.fit = Fit::Contain;
        edits.position = Position::CENTRE;
        // what a name says to be a JPEG has nothing that a colour could show through
        if merges || named_format(asked.image) == Some(Format::Jpeg) {
            edits.background = Some(colour);
        } else {
            edits.beyond.padding = Some(colour);
        }
    }
    (edits.flop, edits.flip) = (asked.flips_across, asked.flips_down);
    let (x, y) = asked.align;
    let place = (if asked.flips_across { -x } else { x }, if asked.flips_down { -y } else { y });
    turn(frame.quarters, place, edits);
    if asked.smart && edits.fit == Fit::Cover {
        edits.position = Position::Attention;
    }
    let mut edits = frame.told.finish();
    // what is to be stripped is not passed as it is
    edits.enlarge |= frame.strips && edits.is_empty();
    Ok(edits)
}

/// Width, height and how they are met.
fn box_of(asked: &Asked<'_>, frame: &mut Frame) -> Result<(), RequestError> {
    let is_fitted = asked.fit_in.is_some();
    let FitIn { adaptive, full } = asked.fit_in.unwrap_or_default();
    let share = frame.proportion.unwrap_or(1.0);
    let sides = match (asked.width, asked.height) {
        // a side of the picture's own is no bound where nothing is enlarged, and none at all beside nothing
        (Side::Pixels(width), Side::Pixels(height)) => (Some(width), Some(height)),
        (Side::Pixels(width), Side::Original) if !is_fitted => (Some(width), Some(u32::MAX)),
        (Side::Original, Side::Pixels(height)) if !is_fitted => (Some(u32::MAX), Some(height)),
        (Side::Pixels(width), _) if !full => (Some(width), None),
        (_, Side::Pixels(height)) if !full => (None, Some(height)),
        (Side::Pixels(width), Side::None) => (Some(width), None),
        (Side::None, Side::Pixels(height)) => (None, Some(height)),
        _ => (None, None),
    };
    let is_cut = sides.0 == Some(u32::MAX) || sides.1 == Some(u32::MAX);
    for (name, side) in [("width", sides.0), ("height", sides.1)] {
        if let Some(side) = side {
            let side = if side == u32::MAX { 8_192 } else { (f64::from(side) * share).round().max(1.0) as u32 };
            // no bound that a picture could meet
            let side = if is_fitted && !full { side.min(8_192) } else { side };
            frame.told.tell(name, &side.to_string())?;
        }
    }
    let edits = &mut frame.told.edits;
    edits.fit = match sides {
        (Some(_), Some(_)) if full => Fit::Outside,
        (Some(_), Some(_)) if is_fitted => Fit::Inside,
        (Some(_), Some(_)) if frame.stretches => Fit::Fill,
        (Some(_), Some(_)) => Fit::Cover,
        _ => Fit::Inside,
    };
    edits.enlarge =
        sides != (None, None) && !is_cut && if is_fitted && !full { frame.upscales } else { frame.enlarges };
    edits.beyond.adaptive = adaptive && edits.width.is_some() && edits.height.is_some();
    if sides == (None, None) && share < 1.0 {
        edits.beyond.share = Some((share * 10_000.0).round().max(1.0) as u32);
    }
    Ok(())
}

/// Turns the picture by quarters, and with it the box, the mirrors and the place.
fn turn(quarters: i32, (x, y): (i8, i8), edits: &mut Edits) {
    let place = match quarters {
        1 => (-y, x),
        2 => (-x, -y),
        3 => (y, -x),
        _ => (x, y),
    };
    if edits.fit == Fit::Cover {
        edits.position = Position::Place { x: place.0, y: place.1 };
    }
    edits.rotate = Rotate::from_angle(quarters as u32 * 900_000);
    if quarters % 2 == 1 {
        std::mem::swap(&mut edits.width, &mut edits.height);
        std::mem::swap(&mut edits.flip, &mut edits.flop);
    }
}
