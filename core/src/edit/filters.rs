//! Edits that look at neighbouring pixels.

use super::row::Row;
use super::value::{Kind, Place, Value};
use crate::op::{Operation, Sharpen};

pub const SHARPEN: Row = Row {
    name: "sharpen",
    aliases: &["sharp"],
    kind: Kind::Decimal { min: 3_000, max: 100_000, places: 2 },
    place: Place::Option,
    default: None,
    doc: "Sharpen luma: the sigma of the blur that is compared with, in output pixels.",
    set: |edits, value| {
        if let Value::Decimal(sigma) = value {
            let operation = Operation::Sharpen(Sharpen { sigma });
            edits.put(Some(operation), |other| matches!(other, Operation::Sharpen(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Sharpen(sharpen) => Some(Value::Decimal(sharpen.sigma)),
            _ => None,
        })
    },
};
