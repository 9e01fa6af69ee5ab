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

/// A sigma, or an object with one and how much is added; `true` is sharp's mild sharpening, a mask.
fn sharpen(value: &Json) -> Filter {
    let wrong = || error::processing("sharpen", "a sigma up to 10; m1, m2, x1, y2 and y3 that are 0 or more");
    let sigma = match value {
        Json::Flag(false) => return Ok(None),
        Json::Flag(true) | Json::Null | Json::Undefined => return Ok(mask([-1, -1, -1, -1, 32, -1, -1, -1, -1])),
        Json::Object(_) => hundredths(value.get("sigma").ok_or_else(wrong)?, 0.000_001, 10.0),
        // quirk: a larger one counts as not given to what sharpens
        Json::Number(sigma) if *sigma > 10.0 && *sigma <= 10_000.0 => Some(5_000),
        other => hundredths(other, 0.01, 10.0),
    };
    // what is less sharpens no more than this
    let mut sharpen = Sharpen::new(sigma.ok_or_else(wrong)?.max(3_000));
    // beyond 1000 each adds as much as there is room for
    let amount = |name: &str, usual: u32| match value.get(name) {
        None => Ok(usual),
        Some(Json::Number(amount)) if (0.0..=1_000_000.0).contains(amount) => {
            Ok((amount.min(1_000.0) * 10_000.0).round() as u32)
        }
        Some(_) => Err(wrong()),
    };
    sharpen.flat = amount("m1", sharpen.flat)?;
    sharpen.jagged = amount("m2", sharpen.jagged)?;
    sharpen.threshold = amount("x1", sharpen.threshold)?;
    sharpen.brighter = amount("y2", sharpen.brighter)?;
    sharpen.darker = amount("y3", sharpen.darker)?;
    Ok(Some(Operation::Sharpen(sharpen)))
}

/// The side of a square.
fn median(value: &Json) -> Filter {
    let size = match value {
        Json::Null | Json::Undefined => 3,
        other => integer(other, 1.0, 100.0).ok_or_else(|| error::processing("median", "an integer from 1 to 100"))?,
    };
    Ok((size > 1).then_some(Operation::Median(Median { size })))
}

/// The most columns and rows of a mask.
const LARGEST_MASK: f64 = 15.0;

/// A rectangle of numbers, divided by `scale` or their sum, and moved by `offset`.
fn convolve(value: &Json) -> Filter {
    let wrong = || error::processing("convolve", "a kernel of 3 x 3 to 15 x 15 numbers from -1000 to 1000");
    let side = |name: &str| value.get(name).and_then(|side| integer(side, 3.0, LARGEST_MASK));
    let (Some(width), Some(height), Some(Json::List(kernel))) = (side("width"), side("height"), value.get("kernel"))
    else {
        return Err(wrong());
    };
    if kernel.len() != (width * height) as usize {
        return Err(wrong());
    }
    let bounded = |number: &Json, most: f64| {
        let number = number.number().filter(|number| number.abs() <= most)?;
        Some((number * 100.0).round() as i32 * 100)
    };
    let kernel = kernel.iter().map(|number| bounded(number, 1_000.0)).collect::<Option<Vec<i32>>>();
    let kernel = kernel.ok_or_else(wrong)?;
    // quirk: what is no integer is not given
    let given = |name: &str| match value.get(name) {
        Some(Json::Number(number)) if number.fract() == 0.0 => {
            bounded(&Json::Number(*number), 10_000.0).map(Some).ok_or_else(wrong)
        }
        _ => Ok(None),
    };
    let sum = kernel.iter().sum::<i32>();
    // quirk: at least 1
    let scale = given("scale")?.unwrap_or(sum).max(10_000);
    let operation = Convolve::new(width, &kernel, Some(scale), given("offset")?.unwrap_or(0));
    operation.map(|convolve| Some(Operation::Convolve(convolve))).ok_or_else(wrong)
}

/// Quirk: whatever is given, `false` as well, asks for it.
fn normalise(value: &Json) -> Filter {
    let wrong = || error::processing("normalize", "lower from 0 to 99, and an upper above it of at most 100");
    let percent = |name: &str, usual: u8, bounds: (f64, f64)| match value.get(name) {
        None | Some(Json::Null) => Ok(usual),
        Some(Json::Number(number)) if (bounds.0..=bounds.1).contains(number) => Ok(number.round() as u8),
        Some(_) => Err(wrong()),
    };
    let usual = Normalise::default();
    let lower = percent("lower", usual.lower, (0.0, 99.0))?;
    let upper = percent("upper", usual.upper, (1.0, 100.0))?;
    if lower < upper { Ok(Some(Operation::Normalise(Normalise { lower, upper }))) } else { Err(wrong()) }
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
