//! What is done to a resized picture: sharp's colours, filters and edges, each as a step, with its place in sharp's order.

use super::colour;
use super::error;
use super::filters;
use super::json::Json;
use crate::edit::Step;
use crate::image::{Colour, Sides};
use crate::op::{Alpha, Extend, Gamma, Linear, Modulate, Operation, Recomb, Threshold};
use crate::request::RequestError;

/// The two halves of a gamma.
pub const DARKEN: &str = "gamma, darker";
pub const BRIGHTEN: &str = "gamma, brighter";

/// sharp's order, whatever that of the calls.
const ORDER: &[&str] = &[
    "extend",
    DARKEN,
    "median",
    "threshold",
    "blur",
    "unflatten",
    "convolve",
    "recomb",
    "modulate",
    "sharpen",
    "overlayWith",
    BRIGHTEN,
    "linear",
    "normalize",
    "clahe",
    "tint",
    "removeAlpha",
    "ensureAlpha",
    "toColourspace",
    "extractChannel",
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
    let name = match name {
        "normalise" => "normalize",
        "toColorspace" => "toColourspace",
        name => name,
    };
    ORDER.iter().find(|known| **known == name).copied().unwrap_or_default()
}

/// The steps of an edit; none where it asks for nothing. `None` for one that is not known here.
pub fn steps(name: &str, value: &Json) -> Option<Result<Vec<Step>, RequestError>> {
    let operation = |operation: Result<Option<Operation>, RequestError>| {
        Some(operation.map(|operation| operation.map(Step::Do).into_iter().collect()))
    };
    match name {
        "negate" => operation(Ok(is_on(value).then_some(Operation::Negative))),
        // quirk: whatever is given, `false` as well
        "unflatten" => operation(Ok(Some(Operation::Alpha(Alpha::FromWhite)))),
        "ensureAlpha" => operation(opaque(value)),
        "toColourspace" | "toColorspace" => operation(Ok(is_grey(value).then_some(Operation::Greyscale))),
        "removeAlpha" => operation(Ok(Some(Operation::Alpha(Alpha::Remove)))),
        "tint" if value.is_nothing() => operation(Ok(None)),
        "tint" => operation(match colour::read(value) {
            Some(colour) => Ok(Some(Operation::Tint(Colour { a: 255, ..colour }))),
            None => Err(error::processing("tint", "a colour")),
        }),
        "threshold" => operation(threshold(value)),
        "linear" => operation(linear(value)),
        "recomb" => operation(recomb(value)),
        "extractChannel" => Some(channel(value).map(|channel| {
            let operations = channel.into_iter().chain([Operation::Alpha(Alpha::Remove)]);
            operations.map(Step::Do).collect()
        })),
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
        Json::Flag(true) | Json::Undefined | Json::Null => 128.0,
        Json::Number(level) if level.fract() == 0.0 && (0.0..=255.0).contains(level) => *level,
        _ => return Err(error::processing("threshold", "an integer from 0 to 255")),
    };
    let level = level as u8;
    Ok((level > 0).then_some(Operation::Threshold(Threshold { level, greyscale: true })))
}

/// Quirk: the factor alone, as the handler hands on one argument.
fn linear(value: &Json) -> Result<Option<Operation>, RequestError> {
    if value.is_nothing() {
        return Ok(None);
    }
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

/// The colours of the output, as far as they are others than those that all outputs have.
fn is_grey(value: &Json) -> bool {
    matches!(value.text(), Some("b-w" | "grey16"))
}

/// An alpha for pictures without one.
fn opaque(value: &Json) -> Result<Option<Operation>, RequestError> {
    let alpha = match value {
        Json::Null | Json::Undefined => 1.0,
        Json::Number(alpha) if (0.0..=1.0).contains(alpha) => *alpha,
        _ => return Err(error::processing("ensureAlpha", "a number from 0 to 1")),
    };
    Ok(Some(Operation::Alpha(Alpha::Ensure((alpha * 255.0) as u8))))
}

/// What is done before and after the colours and filters of a gamma.
pub fn gamma(value: &Json) -> Option<(Operation, Operation)> {
    let gamma = match value {
        Json::Null | Json::Undefined => 2.2,
        other => other.number().filter(|gamma| (1.0..=3.0).contains(gamma))?,
    };
    let gamma = (gamma * 10_000.0).round() as u32;
    let half = |darken, brighten| Operation::Gamma(Gamma { darken, brighten });
    Some((half(gamma, 10_000), half(10_000, gamma)))
}

/// One of red, green and blue in place of all.
fn channel(value: &Json) -> Result<Option<Operation>, RequestError> {
    let expected = "red, green or blue";
    let names = ["red", "green", "blue"];
    let number = match value {
        Json::Number(number) => (0..names.len()).find(|index| *index as f64 == *number),
        other => other.text().and_then(|text| names.iter().position(|name| *name == text)),
    };
    let number = number.ok_or_else(|| error::processing("extractChannel", expected))?;
    let row = [0, 1, 2].map(|column| if column == number { 10_000 } else { 0 });
    Ok(Recomb::new(&[row; 3].concat()).map(Operation::Recomb))
}

fn modulate(value: &Json) -> Result<Option<Operation>, RequestError> {
    let mut modulate = Modulate::default();
    // what is beyond the bounds looks like the bound: white, black, or as colourful as can be
    let number = |name: &str, step: f64, least: f64, bounds: (f64, f64), expected: &str| match value.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Number(number)) if *number >= least => {
            Ok(ten_thousandths(&Json::Number(number.clamp(bounds.0, bounds.1)), step, bounds))
        }
        Some(_) => Err(error::processing("modulate", expected)),
    };
    let Json::Object(_) = value else {
        return Err(error::processing("modulate", "an object"));
    };
    if let Some(brightness) = number("brightness", 100.0, 0.0, (0.0, 10.0), "brightness that is 0 or more")? {
        modulate.brightness = brightness;
    }
    if let Some(saturation) = number("saturation", 100.0, 0.0, (0.0, 10.0), "saturation that is 0 or more")? {
        modulate.saturation = saturation;
    }
    if let Some(hue) = number("hue", 10_000.0, f64::MIN, (-100_000.0, 100_000.0), "hue in degrees")? {
        modulate.hue = (hue / 10_000).rem_euclid(360) * 10_000;
    }
    if let Some(lightness) = number("lightness", 1_000.0, f64::MIN, (-100.0, 100.0), "lightness as a number")? {
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
