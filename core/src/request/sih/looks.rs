//! What is done to a resized picture: sharp's colours, filters and edges, each as a step, with its place in sharp's order.

use super::colour;
use super::error;
use super::filters;
use super::json::Json;
use crate::edit::Step;
use crate::image::{Colour, Sides};
use crate::op::{Alpha, Extend, Linear, Modulate, Operation, Recomb, Threshold};
use crate::request::RequestError;

/// sharp's order, whatever that of the calls.
const ORDER: &[&str] = &[
    "extend",
    "median",
    "threshold",
    "blur",
    "unflatten",
    "convolve",
    "recomb",
    "modulate",
    "sharpen",
    "overlayWith",
    "linear",
    "normalize",
    "clahe",
    "tint",
    "removeAlpha",
    "negate",
    // whatever is shown is under the blur
    "contentModeration",
];

/// Where a step stands in sharp's order.
pub fn rank(name: &str) -> usize {
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}

/// The name of an edit that has two.
pub fn name(name: &str) -> &'static str {
    let name = if name == "normalise" { "normalize" } else { name };
    ORDER.iter().find(|known| **known == name).copied().unwrap_or_default()
}

/// The steps of an edit; none where it asks for nothing. `None` for one that is not known here.
pub fn steps(name: &str, value: &Json) -> Option<Result<Vec<Step>, RequestError>> {
    let operation = |operation: Result<Option<Operation>, RequestError>| {
        Some(operation.map(|operation| operation.map(Step::Do).into_iter().collect()))
    };
    match name {
        "negate" => operation(Ok(is_on(value).then_some(Operation::Negative))),
        "unflatten" => operation(Ok(is_on(value).then_some(Operation::Alpha(Alpha::FromWhite)))),
        "removeAlpha" => operation(Ok(Some(Operation::Alpha(Alpha::Remove)))),
        "tint" => operation(match colour::read(value) {
            Some(colour) => Ok(Some(Operation::Tint(Colour { a: 255, ..colour }))),
            None => Err(error::processing("tint", "a colour")),
        }),
        "threshold" => operation(threshold(value)),
        "linear" => operation(linear(value)),
        "recomb" => operation(recomb(value)),
        "modulate" => operation(modulate(value)),
        "extend" => Some(extend(value).map(|step| step.into_iter().collect())),
        _ => operation(filters::filter(name, value)?),
    }
}

/// sharp takes what is no boolean for true.
pub fn is_on(value: &Json) -> bool {
    *value != Json::Flag(false)
}

/// A number in ten-thousandths, rounded to so many of them.
fn ten_thousandths(value: &Json, step: f64, (min, max): (f64, f64)) -> Option<i32> {
    let number = value.number().filter(|number| (min..=max).contains(number))?;
    Some(((number * 10_000.0 / step).round() * step) as i32)
}

/// Quirk: 0 is no threshold.
fn threshold(value: &Json) -> Result<Option<Operation>, RequestError> {
    let level = match value {
        Json::Flag(false) => return Ok(None),
        Json::Flag(true) | Json::Undefined => 128.0,
        Json::Number(level) if level.fract() == 0.0 && (0.0..=255.0).contains(level) => *level,
        _ => return Err(error::processing("threshold", "an integer from 0 to 255")),
    };
    let level = level as u8;
    Ok((level > 0).then_some(Operation::Threshold(Threshold { level, greyscale: true })))
}

/// Quirk: the factor alone, as the handler hands on one argument.
fn linear(value: &Json) -> Result<Option<Operation>, RequestError> {
    let factor = ten_thousandths(value, 1.0, (-1_000.0, 1_000.0));
    let factor = factor.ok_or_else(|| error::processing("linear", "one number from -1000 to 1000"))?;
    Ok(Some(Operation::Linear(Linear::of_colours(factor, 0))))
}

fn recomb(value: &Json) -> Result<Option<Operation>, RequestError> {
    let wrong = || error::processing("recomb", "3 x 3 or 4 x 4 numbers from -100 to 100");
    let Json::List(rows) = value else {
        return Err(wrong());
    };
    let mut numbers = Vec::new();
    for row in rows {
        match row {
            Json::List(row) if row.len() == rows.len() && row.len() <= 4 => {
                for number in row {
                    numbers.push(ten_thousandths(number, 1.0, (-100.0, 100.0)).ok_or_else(wrong)?);
                }
            }
            _ => return Err(wrong()),
        }
    }
    Recomb::new(&numbers).map(|recomb| Some(Operation::Recomb(recomb))).ok_or_else(wrong)
}

fn modulate(value: &Json) -> Result<Option<Operation>, RequestError> {
    let mut modulate = Modulate::default();
    let number = |name: &str, step: f64, bounds: (f64, f64), expected: &str| match value.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => match ten_thousandths(value, step, bounds) {
            Some(number) => Ok(Some(number)),
            None => Err(error::processing("modulate", expected)),
        },
    };
    let Json::Object(_) = value else {
        return Err(error::processing("modulate", "an object"));
    };
    if let Some(brightness) = number("brightness", 100.0, (0.0, 10.0), "brightness from 0 to 10")? {
        modulate.brightness = brightness;
    }
    if let Some(saturation) = number("saturation", 100.0, (0.0, 10.0), "saturation from 0 to 10")? {
        modulate.saturation = saturation;
    }
    if let Some(hue) = number("hue", 10_000.0, (-100_000.0, 100_000.0), "hue in degrees")? {
        modulate.hue = (hue / 10_000).rem_euclid(360) * 10_000;
    }
    if let Some(lightness) = number("lightness", 1_000.0, (-100.0, 100.0), "lightness from -100 to 100")? {
        modulate.lightness = lightness;
    }
    Ok(Some(modulate).filter(|modulate| *modulate != Modulate::default()).map(Operation::Modulate))
}

/// Pixels around the picture: a number for all sides, or an object. Black unless stated.
fn extend(value: &Json) -> Result<Option<Step>, RequestError> {
    let wrong = || error::processing("extend", "whole numbers of pixels from 0 to 8192");
    let side = |value: &Json| {
        value.number().filter(|n| n.fract() == 0.0 && (0.0..=8192.0).contains(n)).map(|n| n as u32).ok_or_else(wrong)
    };
    if let Json::Number(_) = value {
        let all = side(value)?;
        let sides = Sides { top: all, right: all, bottom: all, left: all };
        let background = Colour { a: 255, ..Colour::TRANSPARENT };
        return Ok((all > 0).then_some(Step::Extend(Extend { sides, background })));
    }
    let Json::Object(_) = value else {
        return Err(wrong());
    };
    let named = |name: &str| value.get(name).map_or(Ok(0), side);
    let sides = Sides { top: named("top")?, right: named("right")?, bottom: named("bottom")?, left: named("left")? };
    let background = match value.get("background").filter(|background| !background.is_nothing()) {
        None => Colour { a: 255, ..Colour::TRANSPARENT },
        Some(background) => {
            colour::read(background).ok_or_else(|| error::processing("extend", "a background that is a colour"))?
        }
    };
    if value.get("extendWith").is_some_and(|with| with.text() != Some("background")) {
        return Err(error::processing("extend", "extendWith to be background"));
    }
    Ok((!sides.is_empty()).then_some(Step::Extend(Extend { sides, background })))
}
