//! Edits that bring other things onto the picture.

use super::row::{COLOURS, POSITIONS, Row};
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

/// The most texts that one request may write.
pub const MOST_TEXTS: usize = 4;

pub const TEXT: Row = Row {
    name: "text",
    aliases: &[],
    kind: Kind::Lettering { most: MOST_TEXTS, positions: POSITIONS, names: COLOURS },
    place: Place::Option,
    default: None,
    doc: "Text on the result: what is written, then as wanted size:, colour:, a position or left: and top:, width: to wrap at, opacity:, outline:, outline-colour:.",
    set: |edits, value| {
        if let Value::Lettering(texts) = value {
            edits.lettering = texts;
        }
    },
    get: |edits| (!edits.lettering.is_empty()).then(|| Value::Lettering(edits.lettering.clone())),
};
