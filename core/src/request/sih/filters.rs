//! sharp's filters: edits that look at more than their own pixel.

use super::error;
use super::json::Json;
use crate::op::{Blur, Clahe, Convolve, Median, Normalise, Operation, Sharpen};
use crate::request::RequestError;

type Filter = Result<Option<Operation>, RequestError>;

/// The operation of a filter; `None` for what is none.
pub fn filter(name: &str, value: &Json) -> Option<Filter> {
    match name {
        "blur" => Some(blur(value)),
        "sharpen" => Some(sharpen(value)),
        "median" => Some(median(value)),
        "convolve" => Some(convolve(value)),
        "normalise" | "normalize" => Some(normalise(value)),
        "clahe" => Some(clahe(value)),
        _ => None,
    }
}

/// A number in ten-thousandths, rounded to hundredths.
fn hundredths(value: &Json, min: f64, max: f64) -> Option<u32> {
    let number = value.number().filter(|number| (min..=max).contains(number))?;
    Some((number * 100.0).round() as u32 * 100)
}

fn integer(value: &Json, min: f64, max: f64) -> Option<u32> {
    value.number().filter(|n| n.fract() == 0.0 && (min..=max).contains(n)).map(|n| n as u32)
}

/// A mask of 3 × 3 numbers.
fn mask(numbers: [i32; 9]) -> Option<Operation> {
    Convolve::new(3, &numbers.map(|n| n * 10_000), None, 0).map(Operation::Convolve)
}

/// A sigma, or an object with one; `true` is sharp's mild blur, the mean of 3 × 3 pixels.
fn blur(value: &Json) -> Filter {
    let wrong = || error::processing("blur", "a sigma from 0.3 to 1000");
    let sigma = match value {
        Json::Flag(false) => return Ok(None),
        Json::Flag(true) | Json::Null | Json::Undefined => return Ok(mask([1; 9])),
        Json::Object(_) => value.get("sigma").ok_or_else(wrong)?,
        other => other,
    };
    let sigma = hundredths(sigma, 0.3, 1_000.0).ok_or_else(wrong)?;
    Ok(Some(Operation::Blur(Blur { sigma })))
}

/// A sigma, or an object with one, `m1` and `m2`; `true` is sharp's mild sharpening, a mask.
fn sharpen(value: &Json) -> Filter {
    let wrong = || error::processing("sharpen", "a sigma up to 10, m1 and m2 up to 100");
    let sigma = match value {
        Json::Flag(false) => return Ok(None),
        Json::Flag(true) | Json::Null | Json::Undefined => return Ok(mask([-1, -1, -1, -1, 32, -1, -1, -1, -1])),
        Json::Object(_) => value.get("sigma").ok_or_else(wrong)?,
        other => other,
    };
    // what is less sharpens no more than this
    let sigma = hundredths(sigma, 0.000_001, 10.0).ok_or_else(wrong)?.max(3_000);
    let mut sharpen = Sharpen::new(sigma);
    let slope = |name: &str, usual: u32| match value.get(name) {
        None => Ok(usual),
        Some(slope) => hundredths(slope, 0.0, 100.0).ok_or_else(wrong),
    };
    sharpen.flat = slope("m1", sharpen.flat)?;
    sharpen.jagged = slope("m2", sharpen.jagged)?;
    let is_usual = ["x1", "y2", "y3"]
        .iter()
        .zip([2.0, 10.0, 20.0])
        .all(|(name, usual)| value.get(name).is_none_or(|given| given.number() == Some(usual)));
    if is_usual { Ok(Some(Operation::Sharpen(sharpen))) } else { Err(wrong()) }
}

/// The side of a square; quirk: `true` is 3.
fn median(value: &Json) -> Filter {
    let size = match value {
        Json::Flag(true) | Json::Null | Json::Undefined => 3,
        other => integer(other, 1.0, 100.0).ok_or_else(|| error::processing("median", "an integer from 1 to 100"))?,
    };
    Ok((size > 1).then_some(Operation::Median(Median { size })))
}

/// Squares of 3, 5 or 7 numbers, divided by their sum.
fn convolve(value: &Json) -> Filter {
    let wrong =
        || error::processing("convolve", "a mask of 3 x 3, 5 x 5 or 7 x 7 numbers from -1000 to 1000, by its sum");
    let side = |name: &str| value.get(name).and_then(|side| integer(side, 3.0, 7.0));
    let (Some(width), Some(height), Some(Json::List(kernel))) = (side("width"), side("height"), value.get("kernel"))
    else {
        return Err(wrong());
    };
    if width != height || width % 2 == 0 || kernel.len() != (width * height) as usize {
        return Err(wrong());
    }
    let number = |number: &Json| {
        let number = number.number().filter(|number| (-1_000.0..=1_000.0).contains(number))?;
        Some((number * 100.0).round() as i32 * 100)
    };
    let kernel = kernel.iter().map(number).collect::<Option<Vec<i32>>>().ok_or_else(wrong)?;
    let sum = f64::from(kernel.iter().sum::<i32>()) / 10_000.0;
    let is_usual = value.get("scale").is_none_or(|scale| scale.number() == Some(sum))
        && value.get("offset").is_none_or(|offset| offset.number() == Some(0.0));
    let operation = Convolve::new(width, &kernel, None, 0).filter(|_| is_usual).map(Operation::Convolve);
    operation.map(Some).ok_or_else(wrong)
}

fn normalise(value: &Json) -> Filter {
    let usual = Normalise::default();
    let wrong = || error::processing("normalize", "the usual lower of 1 and upper of 99");
    let is_usual = |name: &str, usual: u8| value.get(name).is_none_or(|given| given.number() == Some(usual.into()));
    match value {
        Json::Flag(false) => Ok(None),
        _ if is_usual("lower", usual.lower) && is_usual("upper", usual.upper) => Ok(Some(Operation::Normalise(usual))),
        _ => Err(wrong()),
    }
}

fn clahe(value: &Json) -> Filter {
    let wrong = || error::processing("clahe", "width and height from 1 to 1000, maxSlope from 0 to 100");
    let side = |name: &str| value.get(name).and_then(|side| integer(side, 1.0, 1_000.0)).ok_or_else(wrong);
    let slope = match value.get("maxSlope") {
        None => 3,
        Some(slope) => integer(slope, 0.0, 100.0).ok_or_else(wrong)?,
    };
    Ok(Some(Operation::Clahe(Clahe { width: side("width")?, height: side("height")?, slope })))
}
