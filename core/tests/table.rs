//! The edits table is well formed, and its exported form is current.

#![allow(clippy::unwrap_used, clippy::panic)]

use deckle::edit::{Edits, Kind, Place, table};

#[test]
fn edits_json_is_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/edits.json");
    let text = format!("{:#}\n", table::to_json());
    if std::env::var_os("DECKLE_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
        panic!("wrote edits.json; run again without DECKLE_BLESS");
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == text, "core/edits.json is out of date: run `make generate`");
}

#[test]
fn presets_json_is_what_the_catalogue_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/presets.json");
    let text = format!("{:#}\n", deckle::request::catalogue::to_json());
    if std::env::var_os("DECKLE_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
        panic!("wrote presets.json; run again without DECKLE_BLESS");
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == text, "core/presets.json is out of date: run `make generate`");
}

#[test]
fn no_name_or_alias_stands_twice() {
    let mut names: Vec<&str> =
        table::ROWS.iter().flat_map(|r| std::iter::once(r.name).chain(r.aliases.iter().copied())).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_default_leaves_no_trace() {
    for row in table::ROWS {
        let Some(default) = row.default else { continue };
        let value = row.kind.parse(default).unwrap_or_else(|| panic!("{} has a default it would refuse", row.name));
        let mut edits = Edits::default();
        (row.set)(&mut edits, value);
        assert!(edits.is_empty(), "{}={default} is not the default", row.name);
    }
}

#[test]
fn every_word_is_its_own_canonical_value_and_reaches_the_typed_form() {
    for row in table::ROWS {
        if let Kind::Word { words } | Kind::Position { words } = row.kind {
            for (word, aliases) in words {
                for spelling in std::iter::once(word).chain(*aliases) {
                    let value = row.kind.parse(spelling).unwrap();
                    assert_eq!(value.to_string(), *word);
                    let mut edits = Edits::default();
                    (row.set)(&mut edits, value);
                    let shown = (row.get)(&edits).map(|v| v.to_string());
                    let expected = (row.place != Place::None && row.default != Some(word)).then(|| (*word).to_string());
                    assert_eq!(shown, expected, "{}={spelling}", row.name);
                }
            }
        }
    }
}

/// A token of the canonical path is a name, `-` or `_`, and a value: no name may begin with another and its separator.
#[test]
fn no_token_can_be_read_in_two_ways() {
    let options: Vec<&str> = table::ROWS.iter().filter(|row| row.place == Place::Option).map(|row| row.name).collect();
    for name in options.iter().chain([&"ops"]) {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
        for other in &options {
            let rest = name.strip_prefix(other).unwrap_or("");
            assert!(!rest.starts_with('-'), "{name} could be {other} with a value");
        }
        for row in table::ROWS.iter().filter(|row| row.place == Place::Bare) {
            assert!(row.kind.parse(name).is_none(), "{name} is a bare word, too");
        }
    }
}

/// `ops` is for paths only, and the others are of the signature.
#[test]
fn no_edit_has_a_name_that_is_taken() {
    for row in table::ROWS {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            assert!(!["ops", "kid", "exp", "sig"].contains(name), "{name}");
        }
    }
}
