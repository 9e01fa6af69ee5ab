//! Edits of alpha.

use super::row::Row;
use super::value::{Kind, Place, Value, Word};
use crate::op::{Alpha, Operation};

const FATES: &[Word] = &[("keep", &[]), ("remove", &["off"])];

pub const UNFLATTEN: Row = Row {
    name: "unflatten",
    aliases: &[],
    kind: Kind::Flag,
    place: Place::Option,
    default: Some("0"),
    doc: "White becomes transparent.",
    set: |edits, value| {
        let operation = Operation::Alpha(Alpha::FromWhite);
        edits.put(Some(operation).filter(|_| value == Value::Flag(true)), |other| {
            matches!(other, Operation::Alpha(Alpha::FromWhite))
        });
    },
    get: |edits| edits.operations.contains(&Operation::Alpha(Alpha::FromWhite)).then_some(Value::Flag(true)),
};

pub const OPACITY: Row = Row {
    name: "opacity",
    aliases: &[],
    kind: Kind::Decimal { min: 0, max: 10_000, places: 2 },
    place: Place::Option,
    default: Some("1"),
    doc: "Alpha, multiplied; what has none gains it.",
    set: |edits, value| {
        if let Value::Decimal(n) = value
            && let Ok(n) = i32::try_from(n)
        {
            let operation = Some(Operation::Opacity(n)).filter(|_| n != 10_000);
            edits.put(operation, |other| matches!(other, Operation::Opacity(_)));
        }
    },
    get: |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Opacity(n) => u32::try_from(*n).ok().map(Value::Decimal),
            _ => None,
        })
    },
};

pub const ALPHA: Row = Row {
    name: "alpha",
    aliases: &[],
    kind: Kind::Word { words: FATES },
    place: Place::Option,
    default: Some("keep"),
    doc: "Whether alpha is kept, or dropped so that what lies under it shows.",
    set: |edits, value| {
        let operation = Operation::Alpha(Alpha::Remove);
        edits.put(Some(operation).filter(|_| value == Value::Word("remove")), |other| {
            matches!(other, Operation::Alpha(Alpha::Remove))
        });
    },
    get: |edits| edits.operations.contains(&Operation::Alpha(Alpha::Remove)).then_some(Value::Word("remove")),
};
