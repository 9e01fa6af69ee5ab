//! A row of the edits table, and the colours that have names.

use super::types::Edits;
use super::value::{Kind, Place, Value, Word};

/// One edit.
pub struct Row {
    /// Full name, as in the query and the canonical path.
    pub name: &'static str,
    /// Other names in the query, strongest first.
    pub aliases: &'static [&'static str],
    /// What its value may be.
    pub kind: Kind,
    /// Where it stands in the canonical path.
    pub place: Place,
    /// The value that leaves no trace in the canonical path.
    pub default: Option<&'static str>,
    /// One line of documentation.
    pub doc: &'static str,
    /// Writes a value of `kind` into the typed form.
    pub set: fn(&mut Edits, Value),
    /// Reads it back; `None` when it has the default value.
    pub get: fn(&Edits) -> Option<Value>,
}

impl Row {
    /// What is accepted, as the end of the sentence "expected …".
    #[cold]
    #[inline(never)]
    pub fn expected(&self) -> String {
        match self.name {
            "style" => format!("{}, or a style of the configuration", self.kind.expected()),
            "format" => format!("{}, auto", self.kind.expected()),
            _ => self.kind.expected(),
        }
    }
}

pub(super) const POSITIONS: &[Word] = &[
    ("centre", &["center"]),
    ("top", &["north"]),
    ("top-right", &["right-top", "northeast"]),
    ("right", &["east"]),
    ("bottom-right", &["right-bottom", "southeast"]),
    ("bottom", &["south"]),
    ("bottom-left", &["left-bottom", "southwest"]),
    ("left", &["west"]),
    ("top-left", &["left-top", "northwest"]),
    ("attention", &["smart"]),
    ("entropy", &[]),
];

pub(super) const COLOURS: &[(&str, &str)] = &[
    ("transparent", "00000000"),
    ("black", "000000"),
    ("white", "ffffff"),
    ("grey", "808080"),
    ("gray", "808080"),
    ("silver", "c0c0c0"),
    ("red", "ff0000"),
    ("green", "008000"),
    ("blue", "0000ff"),
    ("yellow", "ffff00"),
    ("orange", "ffa500"),
    ("purple", "800080"),
    ("navy", "000080"),
    ("teal", "008080"),
    ("maroon", "800000"),
];
