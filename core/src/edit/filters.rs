//! Edits that look at neighbouring pixels.

use super::row::Row;
use super::value::{Kind, Place, Value};
use crate::op::{Blur, Convolve, Median, Operation, Pixelate, Sharpen};

/// 1 in ten-thousandths.
const ONE: i32 = 10_000;

pub const MEDIAN: Row = Row {
    name: "median",
    aliases: &[],
    kind: Kind::Integer { min: 2, max: 100 },
    place: Place::Option,
    default: None,
    doc: "Removes specks: the median of a square of so many pixels around each.",
    set: |edits, value| {
        if let Value::Integer(size) = value {
            edits.put(Some(Operation::Median(Median { size })), |other| matches!(other, Operation::Median(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Median(median) => Some(Value::Integer(median.size)),
            _ => None,
        })
    },
};

pub const BLUR: Row = Row {
    name: "blur",
    aliases: &[],
    kind: Kind::Decimal { min: 3_000, max: 10_000_000, places: 2 },
    place: Place::Option,
    default: None,
    doc: "Gaussian blur, by its sigma in output pixels.",
    set: |edits, value| {
        if let Value::Decimal(sigma) = value {
            edits.put(Some(Operation::Blur(Blur { sigma })), |other| matches!(other, Operation::Blur(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Blur(blur) => Some(Value::Decimal(blur.sigma)),
            _ => None,
        })
    },
};

pub const PIXELATE: Row = Row {
    name: "pixelate",
    aliases: &["px"],
    kind: Kind::Integer { min: 2, max: 1_000 },
    place: Place::Option,
    default: None,
    doc: "Squares of one colour, so many output pixels wide.",
    set: |edits, value| {
        if let Value::Integer(side) = value {
            edits.put(Some(Operation::Pixelate(Pixelate { side })), |other| matches!(other, Operation::Pixelate(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Pixelate(pixelate) => Some(Value::Integer(pixelate.side)),
            _ => None,
        })
    },
};

pub const CONVOLVE: Row = Row {
    name: "convolve",
    aliases: &[],
    kind: Kind::Numbers { counts: &[9, 25, 49], bounds: &[(-1_000 * ONE, 1_000 * ONE)], places: 2 },
    place: Place::Option,
    default: None,
    doc: "A mask of 3 × 3, 5 × 5 or 7 × 7 numbers, by rows, divided by their sum.",
    set: |edits, value| {
        if let Value::Numbers(numbers) = value {
            let width = numbers.len().isqrt() as u32;
            let operation = Convolve::new(width, &numbers, None, 0).map(Operation::Convolve);
            edits.put(operation, |other| matches!(other, Operation::Convolve(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Convolve(convolve) => convolve.plain_square().map(|numbers| Value::Numbers(numbers.to_vec())),
            _ => None,
        })
    },
};

pub const SHARPEN: Row = Row {
    name: "sharpen",
    aliases: &["sharp"],
    kind: Kind::Numbers { counts: &[1, 2, 3], bounds: &[(3_000, 10 * ONE), (0, 100 * ONE)], places: 2 },
    place: Place::Option,
    default: None,
    doc: "Sharpen lightness: the sigma of the blur that is compared with, in output pixels, and how much of small and of large differences is added (1 and 2).",
    set: |edits, value| {
        let number = |n: i32| u32::try_from(n).unwrap_or(0);
        if let Value::Numbers(numbers) = value
            && let [sigma, rest @ ..] = numbers.as_slice()
        {
            let mut sharpen = Sharpen::new(number(*sigma));
            if let [flat, ..] = rest {
                sharpen.flat = number(*flat);
            }
            if let [_, jagged] = rest {
                sharpen.jagged = number(*jagged);
            }
            edits.put(Some(Operation::Sharpen(sharpen)), |other| matches!(other, Operation::Sharpen(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Sharpen(sharpen) => {
                let usual = Sharpen::new(sharpen.sigma);
                let all = [sharpen.sigma, sharpen.flat, sharpen.jagged].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
                let count = match (sharpen.flat == usual.flat, sharpen.jagged == usual.jagged) {
                    (true, true) => 1,
                    (false, true) => 2,
                    _ => 3,
                };
                Some(Value::Numbers(all[..count].to_vec()))
            }
            _ => None,
        })
    },
};
