//! What the colours of a result are, and whether its gain map is kept.

use super::{Facts, Profile};
use crate::edit::Edits;
use crate::embed;
use crate::image::{Colour, Format, Hdr, Icc, Info};
use crate::op::Operation;

/// What is resolved, and in words what is other than was asked for.
pub struct Colours {
    /// Never Display P3 where the source has no colours beyond sRGB.
    pub icc: Icc,
    pub keeps_map: bool,
    pub notes: Vec<&'static str>,
}

/// The colours of a result of this format, by what is known of the source.
pub fn resolve(edits: &Edits, info: &Info, facts: &Facts, format: Format, operations: &[Operation]) -> Colours {
    if edits.icc == Icc::Srgb && !facts.has_gain_map {
        return Colours { icc: Icc::Srgb, keeps_map: false, notes: Vec::new() };
    }
    of_wide(edits, info, facts, format, operations)
}

#[inline(never)]
fn of_wide(edits: &Edits, info: &Info, facts: &Facts, format: Format, operations: &[Operation]) -> Colours {
    let mut notes = Vec::new();
    let keeps_map = facts.has_gain_map
        && match without_map(edits, format, operations) {
            None => true,
            Some(note) => {
                notes.extend(Some(note).filter(|note| !note.is_empty()));
                false
            }
        };
    let asked = match (keeps_map, facts.profile) {
        (false, _) => edits.icc,
        // gains are of the picture's own colours
        (true, Profile::Other { .. }) => {
            notes.push("icc: the profile is kept, as the gain map is of its colours");
            Icc::Keep
        }
        (true, _) => Icc::Srgb,
    };
    let icc = match (asked, as_srgb(asked, info, facts.profile, format, operations)) {
        (_, None) => asked,
        (Icc::Srgb, _) => Icc::Srgb,
        (_, Some(note)) => {
            notes.extend(Some(note).filter(|note| !note.is_empty()));
            Icc::Srgb
        }
    };
    Colours { icc, keeps_map, notes }
}

/// Why a gain map is left out; empty where that was asked for.
fn without_map(edits: &Edits, format: Format, operations: &[Operation]) -> Option<&'static str> {
    if edits.hdr == Hdr::Strip {
        Some("")
    } else if format != Format::Jpeg {
        Some("hdr: the gain map is left out, as only a JPEG holds one")
    } else if !operations.is_empty() {
        Some(
            "hdr: the gain map is left out, as it does not fit a picture that was changed otherwise than by cropping, resizing and turning",
        )
    } else {
        None
    }
}

/// Why colours are sRGB though something else was asked for; empty where they are anyway.
fn as_srgb(
    asked: Icc,
    info: &Info,
    profile: Profile,
    format: Format,
    operations: &[Operation],
) -> Option<&'static str> {
    let entering = info.channels;
    let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
    match (asked, profile) {
        (Icc::Srgb, _) => Some(""),
        _ if info.is_cmyk() => Some("icc: inks become sRGB"),
        (_, Profile::None) => Some(""),
        (Icc::P3, Profile::Srgb) => Some(""),
        (_, Profile::TooLong) => Some("icc: the profile is longer than 1 MiB, and its colours become sRGB"),
        _ if !embed::holds_profile(format) => Some("icc: the format holds no profile, and colours become sRGB"),
        (Icc::P3, _) if entering < 3 => Some("icc: grey becomes sRGB's grey"),
        _ if (entering < 3) != (leaving < 3) => {
            Some("icc: colours become sRGB, as an edit makes grey of colours, or colours of grey")
        }
        _ if operations.iter().any(brings_colours) => {
            Some("icc: colours become sRGB, as an edit brings colours of its own, which are sRGB")
        }
        _ => None,
    }
}

/// Whether an operation has colours that mean something else in another space; greys mean the same in those with sRGB's curve.
fn brings_colours(operation: &Operation) -> bool {
    let is_coloured = |colour: &Colour| colour.r != colour.g || colour.g != colour.b;
    match operation {
        Operation::Sepia | Operation::Tint(_) | Operation::Duotone(_) => true,
        Operation::Overlay(_) | Operation::Text(_) => true,
        Operation::Flatten(colour) => is_coloured(colour),
        Operation::Canvas(canvas) => is_coloured(&canvas.background),
        Operation::Extend(extend) => is_coloured(&extend.background),
        Operation::Round(corners) => is_coloured(&corners.background),
        Operation::Rotate(rotation) => is_coloured(&rotation.background),
        _ => false,
    }
}
