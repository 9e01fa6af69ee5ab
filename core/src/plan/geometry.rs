//! Boxes: crop, fit, position and shrink-on-load, resolved to one region and one size.
//!
//! The arithmetic is libvips' as sharp uses it, so that users of either find the sizes they know: a shrink factor for each
//! side, sides rounded to nearest, crop offsets `(overhang + 1) / 2`.

use crate::Error;
use crate::codec;
use crate::edit::{Crop, Edits, Fit, Light, Point, Position, Rotate, Step, Unit};
use crate::image::{Icc, Info, Load, Orientation, Rect, Region, Size};
use crate::op::{self, View, WHOLE_TURN};

pub struct Geometry {
    /// Of one frame.
    pub load: Load,
    pub padding: Option<Padding>,
    /// Whether the first step, a region, is part of it.
    pub extracted: bool,
    pub turning: Option<Turning>,
}

/// A turn by an angle that is no multiple of 90°, done on pixels of at most twice their final size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turning {
    /// In ten-thousandths of a degree.
    pub angle: u32,
    pub view: View,
}

/// Where the image lies on a canvas larger than itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Padding {
    /// Of the canvas.
    pub size: Size,
    pub x: u32,
    pub y: u32,
}

/// The part of the stored image that is used after trim and crop.
///
/// # Errors
/// [`Error::Edit`] for a crop outside of what a trim leaves.
pub fn cropped(edits: &Edits, info: &Info, turn: Orientation, used: Rect) -> Result<Rect, Error> {
    if let Some(area) = edits.beyond.area {
        return stored_area(edits, area, info, turn, used);
    }
    let upright = info.orientation.apply(info.size);
    let used = used.laid(info.size, info.orientation);
    let crop = crop(edits, used.size)?;
    let crop = Rect { x: used.x + crop.x, y: used.y + crop.y, ..crop };
    // the crop box is in the upright image; bring it back to how the image is stored
    Ok(crop.laid(upright, info.orientation.inverse()))
}

/// The part of an image that a position picks of it, as fractions of its sides once turned; `None` where it picks nothing.
pub fn picked(edits: &Edits, crop: Rect, turn: Orientation) -> Option<(f64, f64)> {
    let turned = turn.apply(crop.size);
    let outer = angle(edits).map_or(turned, |angle| op::turned_size(turned, angle));
    let (sides, scaled) = boxed(edits, turned, outer);
    let (window, _) = crop_or_pad(edits.fit, Position::CENTRE, sides, scaled);
    let zoom = f64::from(edits.zoom.max(10_000)) / 10_000.0;
    let part = |window: u32, scaled: u32| f64::from(window) / f64::from(scaled) / zoom;
    let part = (part(window.size.width, scaled.width), part(window.size.height, scaled.height));
    (part.0 < 1.0 || part.1 < 1.0).then_some(part)
}

/// The asked box for an image of a turned size in a box of `outer`, and what that is scaled to.
fn boxed(edits: &Edits, turned: Size, outer: Size) -> (Box, Size) {
    if edits.beyond.turn_last {
        // width and height are of the picture before it is turned
        let before = edits.turn().inverse().apply(turned);
        let sides = sides(edits, before);
        let scaled = edits.turn().apply(scale(edits, sides, before));
        // sharp meets the box once more with the turned picture, be it a box of one side
        let is_asked = sides != (None, None);
        ((sides.0.or(is_asked.then_some(scaled.width)), sides.1.or(is_asked.then_some(scaled.height))), scaled)
    } else {
        let sides = sides(edits, outer);
        (sides, scale(edits, sides, outer))
    }
}

/// `crop` is the part of the stored image that is used, `turn` the source's orientation, then what is asked, and `focus` what takes the
/// place of a position that depends on the picture.
///
/// # Errors
/// [`Error::Edit`] for a part outside of what there is.
pub fn resolve(
    edits: &Edits,
    info: &Info,
    turn: Orientation,
    crop: Rect,
    focus: Option<Point>,
) -> Result<Geometry, Error> {
    let position = match (edits.position, focus) {
        (Position::Attention | Position::Entropy, Some(point)) => Position::Focus(point),
        (Position::Attention | Position::Entropy, None) => Position::CENTRE,
        (position, _) => position,
    };
    let (crop, position) = zoomed(edits, position, crop, turn);

    // from here on: `turned` is how the viewer will see the cropped image
    let turned = turn.apply(crop.size);
    let angle = angle(edits);
    let outer = angle.map_or(turned, |angle| op::turned_size(turned, angle));
    let (sides, scaled) = boxed(edits, turned, outer);
    // one that was found is of the image before such a turn, one that was given of what is seen after it
    let position = match angle {
        Some(angle) if focus.is_some() => seen_in(position, turned, outer, angle),
        _ => position,
    };
    let (window, padding) = crop_or_pad(edits.fit, position, sides, scaled);
    let (window, extracted) = match edits.beyond.steps.first() {
        Some(Step::Extract(area)) if padding.is_none() => (within(window, *area, "extract")?, true),
        _ => (window, false),
    };
    let turning = angle.map(|angle| {
        let Rect { x, y, size } = window;
        Turning { angle, view: View { of: turned, scaled, x, y, size } }
    });
    // what is to be turned is scaled before, all of it
    let (scaled, window) = match turning {
        Some(_) => {
            let scaled = scaled_alike(turned, outer, scaled);
            (scaled, Rect { x: 0, y: 0, size: scaled })
        }
        None => (scaled, window),
    };
    // back to the stored orientation
    let stored_scaled = turn.apply(scaled);
    let window = window.laid(scaled, turn.inverse());

    // fewer samples of a JPEG are means of encoded ones, not of light
    let eighths = if edits.light == Light::Linear { 8 } else { shrink_on_load(info, crop.size, stored_scaled) };
    // stored pixels for one of the scaled image
    let across = f64::from(crop.size.width) / f64::from(stored_scaled.width);
    let down = f64::from(crop.size.height) / f64::from(stored_scaled.height);
    let (x, width) = span(crop.x, info.size.width, window.x, window.size.width, across);
    let (y, height) = span(crop.y, info.size.height, window.y, window.size.height, down);
    let region = Region { x, y, width, height };
    let load = Load {
        eighths,
        region,
        resized: window.size,
        turn,
        frame: 0,
        frames: 1,
        cmyk: edits.cmyk,
        icc: Icc::Srgb,
        is_linear: edits.light == Light::Linear,
    };
    Ok(Geometry { load, padding, extracted, turning })
}

/// The part of a stored region that a zoom leaves, and where in it the position is.
fn zoomed(edits: &Edits, position: Position, crop: Rect, turn: Orientation) -> (Rect, Position) {
    let zoom = f64::from(edits.zoom) / 10_000.0;
    if zoom <= 1.0 {
        return (crop, position);
    }
    let turned = turn.apply(crop.size);
    let side = |side: u32| ((f64::from(side) / zoom).round() as u32).max(1);
    let size = Size { width: side(turned.width), height: side(turned.height) };
    let x = offset(position, turned.width - size.width, turned.width, size.width, Axis::X);
    let y = offset(position, turned.height - size.height, turned.height, size.height, Axis::Y);
    let part = Rect { x, y, size }.laid(turned, turn.inverse());
    let fraction = |fraction: u32, turned: u32, start: u32, side: u32| {
        let at = f64::from(turned) * f64::from(fraction) / 10_000.0 - f64::from(start);
        (at * 10_000.0 / f64::from(side)).round().clamp(0.0, 10_000.0) as u32
    };
    let position = match position {
        // a focal point is one of the whole image
        Position::Focus(point) if edits.fit == Fit::Cover => Position::Focus(Point {
            x: fraction(point.x, turned.width, x, size.width),
            y: fraction(point.y, turned.height, y, size.height),
        }),
        position => position,
    };
    (Rect { x: crop.x + part.x, y: crop.y + part.y, ..part }, position)
}

/// A focal point of an image as one of the box around it when turned.
fn seen_in(position: Position, size: Size, outer: Size, angle: u32) -> Position {
    let Position::Focus(Point { x, y }) = position else { return position };
    let (sin, cos) = (f64::from(angle) / 10_000.0).to_radians().sin_cos();
    let from_middle = |fraction: u32, side: u32| (f64::from(fraction) / 10_000.0 - 0.5) * f64::from(side);
    let (x, y) = (from_middle(x, size.width), from_middle(y, size.height));
    let fraction = |v: f64, side: u32| ((v / f64::from(side) + 0.5) * 10_000.0).round().clamp(0.0, 10_000.0) as u32;
    Position::Focus(Point { x: fraction(cos * x - sin * y, outer.width), y: fraction(sin * x + cos * y, outer.height) })
}

/// The angle that remains when mirrors, which are asked for after it, are done first.
fn angle(edits: &Edits) -> Option<u32> {
    match edits.rotate {
        Rotate::Angle(angle) if edits.flip != edits.flop => Some(WHOLE_TURN - angle % WHOLE_TURN),
        Rotate::Angle(angle) => Some(angle % WHOLE_TURN),
        _ => None,
    }
}

/// An image scaled as the box around it is when turned, but no smaller than twice that: a turn at the final size would blur it.
fn scaled_alike(size: Size, outer: Size, scaled: Size) -> Size {
    let factor = |to: u32, from: u32| f64::from(to) / f64::from(from);
    let factor = (2.0 * factor(scaled.width, outer.width).max(factor(scaled.height, outer.height))).min(1.0);
    let side = |side: u32| ((f64::from(side) * factor).round() as u32).max(1);
    Size { width: side(size.width), height: side(size.height) }
}

/// One axis of the region, held inside the image against rounding.
fn span(crop: u32, stored: u32, window: u32, window_side: u32, ratio: f64) -> (f64, f64) {
    // fractions that are whole but for rounding errors become whole, so that a plain crop stays one
    let snap = |v: f64| if (v - v.round()).abs() < 1e-6 { v.round() } else { v };
    let start = snap(f64::from(crop) + f64::from(window) * ratio).clamp(0.0, f64::from(stored) - 1e-3);
    (start, snap(f64::from(window_side) * ratio).min(f64::from(stored) - start))
}

/// The region that has to lie within the picture, as the picture is stored.
#[inline(never)]
fn stored_area(edits: &Edits, area: Crop, info: &Info, turn: Orientation, used: Rect) -> Result<Rect, Error> {
    // it is in the upright image, or in the turned one
    let laid = if edits.beyond.turn_first { turn } else { turn.then(edits.turn().inverse()) };
    let size = laid.apply(info.size);
    let area = within(used.laid(info.size, laid), area, "crop")?;
    Ok(area.laid(size, laid.inverse()))
}

/// A region of a region.
pub fn within(outer: Rect, area: Crop, name: &'static str) -> Result<Rect, Error> {
    let size = outer.size;
    let fits = |start: u32, length: u32, side: u32| u64::from(start) + u64::from(length) <= u64::from(side);
    if !fits(area.x, area.width, size.width) || !fits(area.y, area.height, size.height) {
        let reason = format!("reaches beyond the image of {}×{}", size.width, size.height);
        return Err(Error::Edit { name, reason });
    }
    let size = Size { width: area.width, height: area.height };
    Ok(Rect { x: outer.x + area.x, y: outer.y + area.y, size })
}

/// The size of an image inside a box of these sides.
pub fn inside(size: Size, sides: (Option<u32>, Option<u32>)) -> Size {
    scale(&Edits { enlarge: true, ..Edits::default() }, sides, size)
}

/// The asked region of an upright image, cut to it.
fn crop(edits: &Edits, upright: Size) -> Result<Rect, Error> {
    let Some(crop) = edits.crop else {
        return Ok(Rect { x: 0, y: 0, size: upright });
    };
    let crop = in_pixels(crop, upright);
    if crop.x >= upright.width || crop.y >= upright.height {
        let reason =
            format!("starts at {},{}, outside the image of {}×{}", crop.x, crop.y, upright.width, upright.height);
        return Err(Error::Edit { name: "crop", reason });
    }
    let size = Size { width: crop.width.min(upright.width - crop.x), height: crop.height.min(upright.height - crop.y) };
    Ok(Rect { x: crop.x, y: crop.y, size })
}

/// The pixels whose edges are nearest to a crop's.
fn in_pixels(crop: Crop, upright: Size) -> Crop {
    if crop.unit == Unit::Pixel {
        return crop;
    }
    let axis = |start: u32, length: u32, side: u32| {
        let edge = |share: u32| ((u64::from(side) * u64::from(share) + 5_000) / 10_000) as u32;
        let first = edge(start);
        // what is too small to hold a pixel is one
        let first = if start < 10_000 { first.min(side - 1) } else { first };
        (first, edge(start + length).saturating_sub(first).max(1))
    };
    let (x, width) = axis(crop.x, crop.width, upright.width);
    let (y, height) = axis(crop.y, crop.height, upright.height);
    Crop::pixels(x, y, width, height)
}

/// Greatest side that an aspect ratio can ask for.
const LONGEST: f64 = 65_535.0;

/// Width and height that are asked for, as far as they are.
type Box = (Option<u32>, Option<u32>);

/// The box, what its aspect ratio asks for of an image of this size filled in.
fn sides(edits: &Edits, size: Size) -> Box {
    if let Some(share) = edits.beyond.share {
        let side = |side: u32| ((u64::from(side) * u64::from(share) + 5_000) / 10_000).clamp(1, 65_535) as u32;
        return (Some(side(size.width)), Some(side(size.height)));
    }
    let given = match (edits.width, edits.height) {
        (Some(width), Some(height)) if edits.beyond.adaptive && is_other_way((width, height), size) => {
            return (Some(height), Some(width));
        }
        given => given,
    };
    let Some(ratio) = edits.ratio else {
        return given;
    };
    let ratio = f64::from(ratio.width) / f64::from(ratio.height);
    let side = |side: f64| side.round().clamp(1.0, LONGEST) as u32;
    let by_width = |width: u32| (Some(width), Some(side(f64::from(width) / ratio)));
    let by_height = |height: u32| (Some(side(f64::from(height) * ratio)), Some(height));
    let is_wider = f64::from(size.width) > f64::from(size.height) * ratio;
    match given {
        (Some(_), Some(_)) => given,
        (Some(width), None) => by_width(width),
        (None, Some(height)) => by_height(height),
        // the largest box inside the image, and the smallest around it
        (None, None) => match (edits.fit, is_wider) {
            (Fit::Cover | Fit::Fill, true) | (Fit::Contain, false) => by_height(size.height),
            (Fit::Cover | Fit::Fill, false) | (Fit::Contain, true) => by_width(size.width),
            (Fit::Inside | Fit::Outside, _) => given,
        },
    }
}

/// Whether a box is upright and the picture lies, or the other way round.
fn is_other_way((width, height): (u32, u32), size: Size) -> bool {
    (size.width < size.height && width > height) || (size.width > size.height && width < height)
}

/// The whole image's size after scaling, before any cover crop or padding.
fn scale(edits: &Edits, sides: Box, size: Size) -> Size {
    let shrink = |side: u32, wanted: u32| f64::from(side) / f64::from(wanted);
    let (mut across, mut down) = match sides {
        (None, None) => (1.0, 1.0),
        (Some(width), None) => {
            let across = shrink(size.width, width);
            (across, if edits.fit == Fit::Fill { 1.0 } else { across })
        }
        (None, Some(height)) => {
            let down = shrink(size.height, height);
            (if edits.fit == Fit::Fill { 1.0 } else { down }, down)
        }
        (Some(width), Some(height)) => {
            let (across, down) = (shrink(size.width, width), shrink(size.height, height));
            match edits.fit {
                Fit::Fill => (across, down),
                Fit::Inside | Fit::Contain => (across.max(down), across.max(down)),
                Fit::Cover | Fit::Outside => (across.min(down), across.min(down)),
            }
        }
    };
    if edits.beyond.larger_only {
        across = across.min(1.0);
        down = down.min(1.0);
    }
    if !edits.enlarge {
        across = across.max(1.0);
        down = down.max(1.0);
    }
    let side = |side: u32, shrink: f64| ((f64::from(side) / shrink).round() as u32).max(1);
    Size { width: side(size.width, across), height: side(size.height, down) }
}

/// What of the scaled image is kept (cover), or what it is laid on (contain).
fn crop_or_pad(fit: Fit, position: Position, sides: Box, scaled: Size) -> (Rect, Option<Padding>) {
    let whole = Rect { x: 0, y: 0, size: scaled };
    let (Some(width), Some(height)) = sides else {
        return (whole, None);
    };
    match fit {
        Fit::Cover => {
            let size = Size { width: width.min(scaled.width), height: height.min(scaled.height) };
            let x = offset(position, scaled.width - size.width, scaled.width, size.width, Axis::X);
            let y = offset(position, scaled.height - size.height, scaled.height, size.height, Axis::Y);
            (Rect { x, y, size }, None)
        }
        Fit::Contain if width > scaled.width || height > scaled.height => {
            let size = Size { width: width.max(scaled.width), height: height.max(scaled.height) };
            let x = pad(position, size.width - scaled.width, Axis::X);
            let y = pad(position, size.height - scaled.height, Axis::Y);
            (whole, Some(Padding { size, x, y }))
        }
        _ => (whole, None),
    }
}

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

/// Where a crop of `kept` of `side` pixels starts, `overhang` being what is lost.
fn offset(position: Position, overhang: u32, side: u32, kept: u32, axis: Axis) -> u32 {
    match (position, axis) {
        (Position::Place { x: p, .. }, Axis::X) | (Position::Place { y: p, .. }, Axis::Y) => match p {
            -1 => 0,
            0 => overhang.div_ceil(2),
            _ => overhang,
        },
        (Position::Attention | Position::Entropy, _) => overhang.div_ceil(2),
        (Position::Focus(point), axis) => {
            let at = match axis {
                Axis::X => point.x,
                Axis::Y => point.y,
            };
            let start = f64::from(side) * f64::from(at) / 10_000.0 - f64::from(kept) / 2.0;
            (start.round().max(0.0) as u32).min(overhang)
        }
    }
}

/// Where an image starts on a canvas with `room` pixels to spare.
fn pad(position: Position, room: u32, axis: Axis) -> u32 {
    match (position, axis) {
        (Position::Place { x: p, .. }, Axis::X) | (Position::Place { y: p, .. }, Axis::Y) => match p {
            -1 => 0,
            0 => room / 2,
            _ => room,
        },
        (Position::Attention | Position::Entropy, _) => room / 2,
        (Position::Focus(point), axis) => {
            let at = match axis {
                Axis::X => point.x,
                Axis::Y => point.y,
            };
            ((f64::from(room) * f64::from(at) / 10_000.0).round() as u32).min(room)
        }
    }
}

/// The eighths of its size that luma is decoded at, or all planes of an image that has no luma.
pub fn shrink_on_load(info: &Info, used: Size, scaled: Size) -> u32 {
    let across = f64::from(used.width) / f64::from(scaled.width);
    let down = f64::from(used.height) / f64::from(scaled.height);
    codec::eighths(info.format, across.min(down))
}
