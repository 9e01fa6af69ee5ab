//! Equal meanings have one canonical path: edits are reduced, and the bytes stay what they were.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Random, run, samples};
use deckle::edit::{Edits, Kind, Place, table};
use deckle::request::{Request, Settings, Viewer};

/// A value that a row accepts, for pictures of 61 × 47.
fn value(kind: Kind, random: &mut Random) -> String {
    if let Kind::Quality { min, max, words } = kind {
        return match random.below(3) {
            0 => words[random.below(words.len() as u64) as usize].0.to_owned(),
            _ => random.within(min, max).to_string(),
        };
    }
    let mut number = |from, to| random.within(from, to).to_string();
    match kind {
        Kind::Integer { min, max } => number(min, max.min(110)),
        Kind::Decimal { min, max, .. } => number(min.div_ceil(10_000), (max / 10_000).min(4)),
        Kind::Flag => number(0, 1),
        Kind::Word { words } => words[random.below(words.len() as u64) as usize].0.to_owned(),
        Kind::Colour { names } => match random.below(3) {
            0 => names[random.below(names.len() as u64) as usize].1.to_owned(),
            1 => "ffffff80".to_owned(),
            _ => format!("{:08x}", random.next() as u32),
        },
        Kind::Rectangle { .. } => [number(0, 40), number(0, 40), number(1, 60), number(1, 60)].join(","),
        Kind::Angle => ["90", "180", "270", "-30", "12.5"][random.below(5) as usize].to_owned(),
        Kind::Trim { .. } => number(0, 90),
        Kind::Radius { .. } => ["5", "0.25", "max"][random.below(3) as usize].to_owned(),
        Kind::Ratio { .. } => [number(1, 9), number(1, 9)].join("x"),
        Kind::Sides { .. } => [number(0, 9), number(0, 9)].join(","),
        Kind::Position { words } => match random.below(3) {
            0 => words[random.below(words.len() as u64) as usize].0.to_owned(),
            _ => ["0", "0.5", "1", "0.3"].map(str::to_owned)[random.below(4) as usize].clone() + ",0.5",
        },
        _ => String::new(),
    }
}

/// Random edits; few rows at a time, so that sides, `fit` and `format` are often absent and often there.
fn random_edits(random: &mut Random) -> Edits {
    let mut edits = Edits::default();
    for row in table::ROWS.iter().filter(|row| row.place != Place::None) {
        let is_common = ["width", "height", "fit", "position", "background", "format", "ar"].contains(&row.name);
        if random.below(if is_common { 2 } else { 5 }) > 0 {
            continue;
        }
        if let Some(value) = row.kind.parse(&value(row.kind, random)) {
            (row.set)(&mut edits, value);
        }
    }
    edits
}

#[test]
fn reduced_edits_give_the_same_bytes_for_every_source() {
    let (samples, mut random, mut shorter) = (samples(), Random(20_261_128), 0);
    for _ in 0..1_000 {
        let edits = random_edits(&mut random);
        let reduced = edits.clone().reduced();
        assert_eq!(reduced.clone().reduced(), reduced, "of {edits:?}");
        assert_eq!(reduced.is_empty(), edits.is_empty(), "{edits:?}");
        if reduced == edits {
            continue;
        }
        shorter += 1;
        for (name, source) in &samples {
            let made = |edits| run(source, edits).map(|output| output.bytes).map_err(|error| error.to_string());
            assert!(made(&edits) == made(&reduced), "{name}: {edits:?}\nis not {reduced:?}");
        }
    }
    assert!(shorter > 300, "{shorter} of 1,000 had something to leave out");
}

#[test]
fn spellings_of_one_meaning_have_one_path() {
    let path = |query: &str| Request::parse("/x.jpg", query, &Viewer::default(), &Settings::default()).unwrap().path();
    for (one, others) in [
        ("width=40", &["width=40&fit=cover", "width=40&fit=outside&position=top", "w=40&rotate=180&flip&flop"][..]),
        ("width=40&fit=fill", &["width=40&fit=fill&position=left"]),
        (
            "width=40&ar=2x1&fit=cover",
            &["width=40&ar=4:2&fit=cover", "width=40&ar=0.5x0.25&fit=cover&position=0.5,0.5"],
        ),
        ("width=40&height=30", &["width=40&height=30&ar=2x1"]),
        ("enlarge", &["ar=2x1", "ar=3x1&fit=outside"]),
        ("enlarge", &["position=top", "fit=cover", "enlarge&fit=contain", "rotate=180&flip&flop"]),
        ("flip", &["rotate=180&flop"]),
        ("rotate=180", &["flip&flop"]),
        ("rotate=90&flip", &["rotate=270&flop"]),
        ("width=40&height=40", &["width=40&height=40&position=top", "width=40&height=40&fit=inside"]),
        ("width=40&height=40&fit=cover&position=top", &["width=40&height=40&fit=cover&position=0.5,0"]),
        (
            "format=png",
            &[
                "format=png&quality=100",
                "format=png&animated=false",
                "format=png&effort=2&progressive",
                "format=png&lossless",
            ],
        ),
        ("format=png&quality=75", &["format=png&quality=80", "format=png&quality=99&effort=3"]),
        ("animated=false", &["frame=1", "frame=1&animated=true"]),
        ("frame=3", &["frame=3&animated=false"]),
        ("format=png", &["format=png&background=ff000080", "format=png&background=transparent"]),
        ("format=jpeg", &["format=jpeg&lossless", "format=jpeg&background=white"]),
        ("format=jpeg&effort=4", &["format=jpeg&effort=0", "format=jpeg&effort=3"]),
        ("format=webp&lossless", &["format=webp&lossless&quality=3&effort=6", "format=webp&lossless&progressive"]),
        ("format=gif", &["format=gif&metadata=all", "format=gif&icc=keep", "format=gif&hdr=strip"]),
        ("format=webp&icc=p3", &["format=webp&icc=display-p3&hdr=strip"]),
        ("format=thumbhash", &["format=thumbhash&icc=p3", "format=thumbhash&hdr=strip"]),
    ] {
        for other in others {
            assert_eq!(path(other), path(one), "{other}");
        }
    }
}

#[test]
fn what_depends_on_the_source_or_on_the_configuration_is_kept() {
    let path = |query: &str| Request::parse("/x.jpg", query, &Viewer::default(), &Settings::default()).unwrap().path();
    for (query, token) in [
        ("quality=80", "quality-80"),
        ("format=jpeg&quality=80", "quality-80"),
        ("format=jpeg&effort=4", "effort-4"),
        ("progressive", "progressive"),
        ("lossless", "lossless"),
        ("metadata=all", "metadata-all"),
        ("icc=keep", "icc-keep"),
        ("hdr=strip", "hdr-strip"),
        ("format=jpeg&hdr=strip", "hdr-strip"),
        ("format=json&icc=p3", "icc-p3"),
        ("width=9&light=linear", "light-linear"),
        ("background=white", "background-ffffff"),
        ("format=png&background=white", "background-ffffff"),
        ("format=png&background=00000001&width=9&height=9&fit=contain", "background-00000001"),
        ("width=9&height=9&fit=contain&position=0.5,0.5", "position-0.5x0.5"),
        ("width=9&enlarge", "enlarge"),
        ("width=9&fit=fill", "fit-fill"),
        ("width=9&ar=1x1&fit=cover&position=top", "position-top"),
        ("ar=1x1&fit=contain", "fit-contain"),
        ("format=png&background=ff000080&rotate=5", "background-ff000080"),
        ("format=png&background=ff000080&radius=5", "background-ff000080"),
        ("width=9&height=9&zoom=2&position=top", "position-top"),
        ("format=png&background=ff000080&pad=5", "background-ff000080"),
    ] {
        let path = path(query);
        assert!(path.split(['/', '~']).any(|part| part == token), "{query}: {path}");
    }
}

#[test]
fn a_path_of_another_spelling_is_read_as_the_reduced_one() {
    let read = Request::parse_canonical("/40w/fit-cover~position-top~flip~flop/x.jpg").unwrap();
    assert_eq!((read.path().as_str(), read.stored_key().as_str()), ("/40w/rotate-180/x.jpg", "40w/rotate-180/x.jpg"));
}
