//! The edits table: the one list of what can be asked for.
//!
//! The parser, the canonical spelling, `core/edits.json` and with it the CloudFront Function's parameter table, the JSON
//! Schema and the README's table are made from [`ROWS`]. Its order is the order of tokens in the canonical path, and of errors.

use serde_json::{Map, Value as Json, json};

pub use super::row::Row;
use super::row::{COLOURS, POSITIONS};
use super::types::*;
use super::value::{Kind, Place, Value, Word};
use super::{alpha, colours, composition, filters};
use crate::image::{Aim, Chroma, FORMATS, Format, Hdr, Icc, Metadata, Scale, WRITTEN};
use crate::op::Operation;

/// Greatest width or height that can be asked for.
pub const MAX_SIDE: u32 = 8192;

const FITS: &[Word] = &[
    ("inside", &["scale-down"]),
    ("cover", &["crop"]),
    ("contain", &["pad"]),
    ("fill", &["stretch"]),
    ("outside", &[]),
];
const CHROMAS: &[Word] = &[("420", &["4:2:0"]), ("444", &["4:4:4"])];
const AIMS: &[Word] = &[("low", &[]), ("medium", &[]), ("high", &["auto"]), ("best", &[])];
const SCALES: &[Word] = &[("visual", &[]), ("native", &[])];
const ANIMATED: &[Word] = &[("true", &["1", "yes", "on"]), ("false", &["0", "no", "off"])];
const METADATA: &[Word] = &[("strip", &["none"]), ("copyright", &[]), ("all", &["keep"])];
const ICCS: &[Word] = &[("srgb", &[]), ("p3", &["display-p3"]), ("keep", &[])];
const HDRS: &[Word] = &[("keep", &[]), ("strip", &["none"])];
const LIGHTS: &[Word] = &[("gamma", &[]), ("linear", &[])];
const DEVICES: &[Word] = &[("mobile", &["phone"]), ("tablet", &[]), ("desktop", &[])];

/// What can be answered in place of an image.
const REPORTS: [Word; 4] =
    [("json", &["info"]), ("thumbhash", &[]), ("blurhash", &[]), ("avgcolor", &["avg-color", "avgcolour"])];

/// The formats that we write, then reports.
const OUTPUTS: &[Word] = &{
    let mut words = [("", &[] as &[&str]); WRITTEN.len() + REPORTS.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = if i < WRITTEN.len() { WRITTEN[i] } else { REPORTS[i - WRITTEN.len()] };
        i += 1;
    }
    words
};

/// A row that is folded into others before an [`Edits`] is made.
macro_rules! query_only {
    ($name:literal, $aliases:expr, $kind:expr, $doc:literal) => {
        Row {
            name: $name,
            aliases: $aliases,
            kind: $kind,
            place: Place::None,
            default: None,
            doc: $doc,
            set: |_, _| (),
            get: |_| None,
        }
    };
}

/// A row whose field holds a value of the given kind, with a default.
macro_rules! row {
    ($name:literal, $aliases:expr, $kind:expr, $place:ident, $default:expr, $doc:literal,
     $field:ident: $value:ident($v:pat) => $set:expr, $f:pat => $get:expr) => {
        Row {
            name: $name,
            aliases: $aliases,
            kind: $kind,
            place: Place::$place,
            default: $default,
            doc: $doc,
            set: |edits, value| {
                if let Value::$value($v) = value {
                    edits.$field = $set;
                }
            },
            get: |edits| {
                let $f = edits.$field;
                let value: Option<Value> = $get;
                value.filter(|_| edits.$field != Edits::default().$field)
            },
        }
    };
}

/// Every edit, in canonical order.
pub const ROWS: &[Row] = &[
    row!("width", &["w"], Kind::Integer { min: 1, max: MAX_SIDE }, Dims, None,
        "Width of the box, in pixels before dpr.",
        width: Integer(n) => Some(n), w => w.map(Value::Integer)),
    row!("height", &["h"], Kind::Integer { min: 1, max: MAX_SIDE }, Dims, None,
        "Height of the box, in pixels before dpr.",
        height: Integer(n) => Some(n), h => h.map(Value::Integer)),
    row!("ar", &["aspect-ratio"], Kind::Ratio { min: 100, max: 100_000_000 }, Option, None,
        "Width to height of the box: completes a missing side; without either, cover crops and contain pads to it.",
        ratio: Ratio(r) => Some(r), r => r.map(Value::Ratio)),
    query_only!(
        "dpr",
        &[],
        Kind::Decimal { min: 1_000, max: 80_000, places: 2 },
        "Device pixel ratio: multiplies width and height."
    ),
    query_only!("dimensions", &["preset"], Kind::Name, "A named preset of the configuration."),
    query_only!(
        "device-type",
        &["device"],
        Kind::Word { words: DEVICES },
        "Caps the width at the configuration's figure for this kind of device."
    ),
    query_only!("edits", &[], Kind::Json, "The same options as one base64 or base64url JSON object."),
    row!("trim", &[], Kind::Trim { names: COLOURS }, Option, None,
        "Cut off edges of one colour, at most so far from the top left pixel's or the given one; line: without smoothing.",
        trim: Trim(t) => Some(t), t => t.map(Value::Trim)),
    row!("crop", &[], Kind::Rectangle { max: 65_535 }, Option, None,
        "Region of the upright source (once trimmed) to use: x,y,width,height in its pixels, or as fractions of it.",
        crop: Rectangle(c) => Some(c), c => c.map(Value::Rectangle)),
    row!("fit", &[], Kind::Word { words: FITS }, Option, Some("inside"),
        "How the image meets the box when both sides are given.",
        fit: Word(w) => Fit::from_word(w).unwrap_or(Fit::Inside), f => Some(Value::Word(f.word()))),
    row!("zoom", &[], Kind::Decimal { min: 10_000, max: 1_000_000, places: 2 }, Option, Some("1"),
        "Use a part of the image so many times smaller, around position.",
        zoom: Decimal(z) => z, z => Some(Value::Decimal(z))),
    row!("position", &["g", "gravity", "focal"], Kind::Position { words: POSITIONS }, Option, Some("centre"),
        "What a cover crop or a zoom keeps, or where contain puts the image: a place, a focal point, or what draws the eye (attention) or tells most (entropy).",
        position: Position(p) => p, p => Some(Value::Position(p))),
    row!("enlarge", &[], Kind::Flag, Option, Some("0"),
        "Allow an output larger than the source.",
        enlarge: Flag(yes) => yes, yes => Some(Value::Flag(yes))),
    row!("light", &[], Kind::Word { words: LIGHTS }, Option, Some("gamma"),
        "How samples are mixed in resizing: as they are encoded, or linear, as the light they stand for, by 16 bits.",
        light: Word(w) => Light::from_word(w).unwrap_or(Light::Gamma), l => Some(Value::Word(l.word()))),
    row!("rotate", &["rot"], Kind::Angle, Option, Some("0"),
        "Degrees clockwise, after EXIF orientation. What a turned image leaves free has the background.",
        rotate: Angle(angle) => Rotate::from_angle(angle), r => Some(Value::Angle(r.angle()))),
    row!("flip", &[], Kind::Flag, Option, Some("0"),
        "Mirror top to bottom.",
        flip: Flag(yes) => yes, yes => Some(Value::Flag(yes))),
    row!("flop", &[], Kind::Flag, Option, Some("0"),
        "Mirror left to right.",
        flop: Flag(yes) => yes, yes => Some(Value::Flag(yes))),
    colours::NORMALISE,
    colours::CLAHE,
    colours::GAMMA,
    colours::BRIGHTNESS,
    colours::SATURATION,
    colours::HUE,
    colours::LIGHTNESS,
    colours::CONTRAST,
    colours::LINEAR,
    colours::RECOMB,
    colours::STYLE,
    colours::TINT,
    colours::DUOTONE,
    colours::THRESHOLD,
    filters::MEDIAN,
    filters::BLUR,
    filters::PIXELATE,
    filters::CONVOLVE,
    filters::SHARPEN,
    alpha::UNFLATTEN,
    alpha::OPACITY,
    alpha::ALPHA,
    row!("background", &["bg"], Kind::Colour { names: COLOURS }, Option, None,
        "Colour of padding and under transparency.",
        background: Colour(c) => Some(c), c => c.map(Value::Colour)),
    row!("radius", &["corner-radius"], Kind::Radius { max: MAX_SIDE }, Option, Some("0"),
        "Round the corners, in pixels or as a fraction of each side; max makes an ellipse. Outside is the background.",
        radius: Radius(r) => r, r => Some(Value::Radius(r))),
    row!("pad", &["extend", "padding"], Kind::Sides { max: MAX_SIDE }, Option, Some("0"),
        "Pixels of background around the result, beyond the box: all sides, or top,right,bottom,left.",
        pad: Sides(s) => s, s => Some(Value::Sides(s))),
    composition::OVERLAY,
    composition::TEXT,
    Row {
        name: "format",
        aliases: &["f", "fm", "output"],
        kind: Kind::Word { words: OUTPUTS },
        place: Place::Option,
        default: None,
        doc: "Output format, or auto to choose by the Accept header (query only); or something about the image: json, thumbhash, blurhash, avgcolor.",
        set: |edits, value| {
            if let Value::Word(word) = value {
                (edits.format, edits.report) = (Format::from_word(word), Report::from_word(word));
            }
        },
        get: |edits| {
            let word = edits.report.map(Report::word).or_else(|| edits.format.map(Format::word));
            word.map(Value::Word)
        },
    },
    Row {
        name: "quality",
        aliases: &["q"],
        kind: Kind::Quality { min: 1, max: 100, words: AIMS },
        place: Place::Option,
        default: None,
        doc: "Quality of lossy formats: a number, which looks alike in all of them, or what the file is to look like, for which the picture is looked at; auto is high, or medium with Save-Data. A number below 100 gives a PNG at most 256 colours, dithered: from 75 on as many, fewer below.",
        set: |edits, value| {
            (edits.quality, edits.aim) = match value {
                Value::Integer(n) => (u8::try_from(n).ok(), None),
                Value::Word(word) => (None, Aim::from_word(word)),
                _ => return,
            };
        },
        get: |edits| {
            let word = edits.aim.map(|aim| Value::Word(aim.word()));
            edits.quality.map(|q| Value::Integer(q.into())).or(word)
        },
    },
    row!("scale", &[], Kind::Word { words: SCALES }, Option, Some("visual"),
        "What numbers of quality mean: the same to the eye in every format, as on JPEG's scale; or each format's own scale, as with sharp.",
        scale: Word(w) => Scale::from_word(w).unwrap_or(Scale::Visual), s => Some(Value::Word(s.word()))),
    row!("lossless", &[], Kind::Flag, Option, Some("0"),
        "WebP without loss.",
        lossless: Flag(yes) => yes, yes => Some(Value::Flag(yes))),
    row!("effort", &[], Kind::Integer { min: 0, max: 6 }, Option, None,
        "How hard lossy encoders try: WebP's method, at most 2 beyond 5 MP; AVIF's speed; JPEG from 5 on quantises for the fewest bytes.",
        effort: Integer(n) => u8::try_from(n).ok(), e => e.map(|e| Value::Integer(e.into()))),
    row!("progressive", &[], Kind::Flag, Option, Some("0"),
        "Progressive JPEG.",
        progressive: Flag(yes) => yes, yes => Some(Value::Flag(yes))),
    row!("chroma", &[], Kind::Word { words: CHROMAS }, Option, Some("420"),
        "Size of a JPEG's or an AVIF's colours: 420 is half as wide and high, 444 keeps red text and fine lines.",
        chroma: Word(w) => Chroma::from_word(w).unwrap_or(Chroma::Quarter), c => Some(Value::Word(c.word()))),
    row!("max-bytes", &["maxbytes"], Kind::Integer { min: 1, max: 999_999_999 }, Option, None,
        "Lower the quality of a JPEG, WebP or AVIF until the file has no more bytes, in six encodings at most; a 422 where none has.",
        max_bytes: Integer(n) => Some(n), n => n.map(Value::Integer)),
    row!("animated", &[], Kind::Word { words: ANIMATED }, Option, Some("true"),
        "Whether an animation stays one where the output can be: GIF and WebP. Else its first frame is used.",
        animated: Word(w) => w != "false", yes => Some(Value::Word(if yes { "true" } else { "false" }))),
    row!("frame", &[], Kind::Integer { min: 1, max: 9_999 }, Option, None,
        "The one frame of an animation to use, counted from 1.",
        frame: Integer(n) => Some(n), n => n.map(Value::Integer)),
    row!("metadata", &[], Kind::Word { words: METADATA }, Option, Some("strip"),
        "What to keep of EXIF: nothing, copyright and artist, or all of it, GPS included; a thumbnail never.",
        metadata: Word(w) => Metadata::from_word(w).unwrap_or(Metadata::Strip), m => Some(Value::Word(m.word()))),
    row!("icc", &["profile"], Kind::Word { words: ICCS }, Option, Some("srgb"),
        "Colours of a JPEG, PNG or WebP: sRGB; Display P3 where the source has more than sRGB; or the source's own, by its profile.",
        icc: Word(w) => Icc::from_word(w).unwrap_or(Icc::Srgb), i => Some(Value::Word(i.word()))),
    row!("hdr", &[], Kind::Word { words: HDRS }, Option, Some("keep"),
        "The gain map of an Ultra HDR JPEG: cropped and resized with it, or left out.",
        hdr: Word(w) => Hdr::from_word(w).unwrap_or(Hdr::Keep), h => Some(Value::Word(h.word()))),
];

/// The value of a token of a canonical path, `name-value` or a bare word, if it is this row's.
pub fn in_row(row: &Row, token: &str) -> Option<Value> {
    match (row.place, row.kind) {
        (Place::Bare, kind) => kind.parse(token),
        (Place::Option, Kind::Flag) if row.name == token => Some(Value::Flag(true)),
        (Place::Option, kind) => kind.parse(token.strip_prefix(row.name)?.strip_prefix('-')?),
        _ => None,
    }
}

/// The tokens of a canonical path that stand for an operation, joined by `~`; empty for one that no row asks for.
pub fn operation_tokens(operation: &Operation) -> String {
    let edits = Edits { operations: vec![operation.clone()], ..Edits::default() };
    let tokens = ROWS.iter().filter_map(|row| match (row.place, (row.get)(&edits)?) {
        (Place::Bare, value) => Some(value.to_string()),
        (Place::Option, Value::Flag(true)) => Some(row.name.to_owned()),
        (Place::Option, value) => Some(format!("{}-{value}", row.name)),
        _ => None,
    });
    tokens.collect::<Vec<_>>().join("~")
}

/// Whether these operations, spelled as tokens of a canonical path, are read as the same in the same order.
pub fn is_in_order(operations: &[Operation]) -> bool {
    let edits = Edits { operations: operations.to_vec(), ..Edits::default() };
    let mut read = Edits::default();
    for row in ROWS.iter().filter(|row| row.place != Place::None) {
        if let Some(value) = (row.get)(&edits) {
            (row.set)(&mut read, value);
        }
    }
    read == edits
}

/// The row of a full name.
pub fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

/// The table as data, and the formats by their extensions, for tools in other languages: `core/edits.json`.
pub fn to_json() -> Json {
    let rows = ROWS.iter().map(|row| {
        let mut out = Map::new();
        out.insert("name".into(), json!(row.name));
        out.insert("aliases".into(), json!(row.aliases));
        if let Ok(Json::Object(kind)) = serde_json::to_value(row.kind) {
            out.extend(kind);
        }
        out.insert("place".into(), json!(row.place));
        out.insert("default".into(), json!(row.default));
        out.insert("expected".into(), json!(row.expected()));
        out.insert("doc".into(), json!(row.doc));
        Json::Object(out)
    });
    // how a source's format is told by its key, for those we write
    let written = FORMATS.iter().filter(|format| format.is_written);
    let formats: Vec<Json> = written
        .map(|format| {
            let word = format.word.0;
            let others: Vec<&str> = format.extensions.iter().copied().filter(|extension| *extension != word).collect();
            json!([word, others])
        })
        .collect();
    json!({ "maxSide": MAX_SIDE, "rows": rows.collect::<Vec<_>>(), "formats": formats })
}
