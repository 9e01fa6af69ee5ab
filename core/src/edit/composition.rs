//! Edits that bring other things onto the picture.

use super::row::{POSITIONS, Row};
use super::value::{Kind, Place, Value};

/// The most pictures that one request may lay on its source.
pub const MOST_OVERLAYS: usize = 8;

pub const OVERLAY: Row = Row {
    name: "overlay",
    aliases: &["watermark"],
    kind: Kind::Overlays { most: MOST_OVERLAYS, positions: POSITIONS },
    place: Place::Option,
    default: None,
    doc: "Other images of the same store, laid on the result: a key, then as wanted a position or left: and top:, width:, height:, opacity:, a blend mode, tile.",
    set: |edits, value| {
        if let Value::Overlays(overlays) = value {
            edits.overlays = overlays;
        }
    },
    get: |edits| (!edits.overlays.is_empty()).then(|| Value::Overlays(edits.overlays.clone())),
};
