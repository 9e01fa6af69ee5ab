//! The native dialect: a query, or a path that is canonical already. Specified in `docs/url.md`.

use crate::edit::{Device, Edits, Fit, Kind, Value, table};

use super::accept::{is_negotiable, named_format, negotiate};
use super::canonical::{Parts, Path};
use super::parameters::{ParameterSet, Parsed, Texts};
use super::settings::{AUTO, SAVING};
use super::{Request, RequestError, Settings, Viewer, edits_json};

pub fn parse(path: &str, query: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Request, RequestError> {
    let path = Path::read(path)?;
    match path.parts() {
        Some(parts) => match of_parts(&path, &parts)? {
            original if settings.only_presets && original.is_original() => Err(only_presets("dimensions", "missing")),
            request => Ok(request),
        },
        None => of_query(&path, query, viewer, settings),
    }
}

pub fn parse_canonical(path: &str) -> Result<Request, RequestError> {
    let path = Path::read(path)?;
    match path.parts() {
        Some(parts) => of_parts(&path, &parts),
        None => path.request(Edits::default(), None),
    }
}

fn of_parts(path: &Path, parts: &Parts<'_>) -> Result<Request, RequestError> {
    let (edits, bucket) = parts.edits()?;
    path.request(edits, bucket)
}

fn of_query(path: &Path, query: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Request, RequestError> {
    let texts = read(query)?;
    let key = path.key();
    if key.is_empty() && !texts.is_empty() {
        return Err(RequestError::Key { reason: "holding an empty, . or .. segment" });
    }
    let own = texts.check(&|row, text| settings.has_name(row, text))?;
    if settings.only_presets && !key.is_empty() {
        check_only_preset(&own)?;
    }
    let names_width = own.get("width").is_some();
    let given = named(own, settings);
    let mut edits = typed(&given);
    if let Some(ratio) = ratio(&given) {
        edits = multiplied(edits, ratio)?;
    }
    if names_width && let Some(width) = edits.width {
        edits = widened(edits, width, settings.snapped(width));
    }
    let is_image = is_negotiable(key) && !key.is_empty();
    let hinted = settings.client_hints && is_image && device(&given).is_none();
    let by_hint = viewer.width.filter(|_| hinted).map(|width| settings.snapped(width));
    let by_headers = viewer.device.filter(|_| settings.device_headers && is_image);
    let by_device = || device(&given).or(by_headers).and_then(|device| settings.device_cap(device));
    let mut edits = capped(edits, by_hint.or_else(by_device));

    let auto = match given.get("format") {
        Some(Parsed::Auto) => true,
        None if is_image => {
            edits.format = settings.format.filter(|format| named_format(key) != Some(*format));
            settings.auto
        }
        _ => false,
    };
    let negotiated = auto && is_negotiable(key);
    if negotiated {
        edits.format = negotiate(viewer.accept.unwrap_or(""), &settings.auto_formats, key);
    }
    let saves_data = is_auto_quality(&given)
        || settings.saves_data() && given.get("quality").is_none() && is_image && asks_anything(&given);
    if saves_data && viewer.saves_data {
        edits.aim = Some(SAVING);
    }
    Ok(Request { negotiated, hinted, saves_data, ..path.request(edits, None)? })
}

/// The query's values, then those of its `edits`. What counts is not decided by whether it is good.
fn read(query: &str) -> Result<Texts, RequestError> {
    let mut texts = Texts::of_query(query, |_| true)?.without_nothings();
    if let Some(text) = texts.get("edits") {
        let members = edits_json::parse(text)?.without_nothings();
        texts = texts.or(members);
    }
    texts.check_length()?;
    Ok(texts)
}

/// With what a named preset and a named style stand for.
#[inline(never)]
pub(super) fn named(mut given: ParameterSet, settings: &Settings) -> ParameterSet {
    if let Some(Parsed::Named(preset)) = given.get("dimensions")
        && let Some(preset) = settings.presets.get(preset)
    {
        given = given.or(preset);
    }
    if let Some(Parsed::Named(style)) = given.get("style")
        && let Some(values) = settings.styles.get(style)
    {
        // a named style gives way to its own values, among them perhaps a built-in style
        given = given.without("style").or(values);
    }
    given
}

/// The values in their typed form, dpr and the device's cap not yet looked at.
pub(super) fn typed(given: &ParameterSet) -> Edits {
    let mut edits = Edits::default();
    for (row, given) in given.values() {
        if let Parsed::Value(value) = given {
            (row.set)(&mut edits, value.clone());
        }
    }
    if is_auto_quality(given) {
        edits.aim = Some(AUTO);
    }
    edits
}

/// Whether anything is asked for, be it what is so without it. The CloudFront Function asks the same.
fn asks_anything(given: &ParameterSet) -> bool {
    given.values().any(|(row, _)| row.name != "dimensions")
}

pub(super) fn is_auto_quality(given: &ParameterSet) -> bool {
    given.get("quality") == Some(&Parsed::Auto)
}

/// dpr in hundredths.
pub(super) fn ratio(given: &ParameterSet) -> Option<u64> {
    match given.get("dpr") {
        Some(Parsed::Value(Value::Decimal(dpr))) => Some(u64::from(dpr / 100)),
        _ => None,
    }
}

/// A side times dpr.
pub(super) fn times(side: u32, hundredths: u64) -> u64 {
    ((u64::from(side) * hundredths + 50) / 100).max(1)
}

/// Multiplies dpr into width and height.
#[inline(never)]
pub(super) fn multiplied(edits: Edits, hundredths: u64) -> Result<Edits, RequestError> {
    let scale = |name: &'static str, side: Option<u32>| -> Result<Option<u32>, RequestError> {
        let Some(side) = side else {
            return Ok(None);
        };
        let product = times(side, hundredths);
        match u32::try_from(product) {
            Ok(n) if n <= table::MAX_SIDE => Ok(Some(n)),
            _ => {
                let expected = Kind::Integer { min: 1, max: table::MAX_SIDE }.expected();
                Err(RequestError::Product { name, value: product, expected })
            }
        }
    };
    let (width, height) = (scale("width", edits.width)?, scale("height", edits.height)?);
    Ok(Edits { width, height, ..edits })
}

fn device(given: &ParameterSet) -> Option<Device> {
    match given.get("device-type") {
        Some(Parsed::Value(Value::Word(word))) => Device::from_word(word),
        _ => None,
    }
}

/// What may be asked for where only presets may: a preset, and a kind of device.
fn check_only_preset(own: &ParameterSet) -> Result<(), RequestError> {
    let other = own.values().find(|(row, _)| !["dimensions", "device-type"].contains(&row.name));
    match (other, own.get("dimensions")) {
        (Some((row, _)), _) => Err(only_presets(row.name, "given")),
        (None, None) => Err(only_presets("dimensions", "missing")),
        (None, Some(_)) => Ok(()),
    }
}

/// The refusal of everything else.
pub(super) fn only_presets(name: &'static str, value: &str) -> RequestError {
    RequestError::parameter(name, value, "a preset of the configuration, and nothing else".into())
}

/// A box with another width, of the same shape.
fn widened(edits: Edits, from: u32, to: u32) -> Edits {
    let height = edits.height.filter(|_| from != to).map(|height| height_under(from, height, to).min(table::MAX_SIDE));
    Edits { width: Some(to), height: height.or(edits.height), ..edits }
}

/// Caps the width.
pub(super) fn capped(edits: Edits, cap: Option<u32>) -> Edits {
    let Some(cap) = cap else {
        return edits;
    };
    match (edits.width, edits.height) {
        (Some(width), height) if width > cap => {
            let height = height.map(|height| height_under(width, height, cap));
            Edits { width: Some(cap), height, ..edits }
        }
        (None, None) => Edits { width: Some(cap), ..edits },
        (None, Some(_)) if edits.fit == Fit::Inside => Edits { width: Some(cap), ..edits },
        _ => edits,
    }
}

/// The height of a box whose width becomes another.
pub(super) fn height_under(width: u32, height: u32, cap: u32) -> u32 {
    let shrunk = (u64::from(height) * u64::from(cap) * 2 + u64::from(width)) / (2 * u64::from(width).max(1));
    u32::try_from(shrunk).unwrap_or(height).max(1)
}
