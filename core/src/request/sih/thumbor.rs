//! Thumbor's paths as AWS's handler reads them: independent searches over the whole path, not a grammar.
//!
//! URLs that work today depend on what those searches find, so they are kept, each quirk with a line of its own.

use super::colour;
use super::error;
use super::json::{Json, Members, number, whole_number};
use crate::request::RequestError;
use crate::request::key::percent_decode;

/// What filters are, and the fit that some of them set.
const FILTERS: &str = "filters";
const INSIDE: &str = "inside";

/// The edits of a path: crop, then resize, then filters by name, whatever their order in the path.
pub fn edits(path: &str) -> Result<Members, RequestError> {
    let mut edits = Members::default();
    if let Some([left, top, right, bottom]) = crop(path) {
        let crop = edits.object("crop");
        // quirk: may be negative, and is refused later
        for (name, value) in [("left", left), ("top", top), ("width", right - left), ("height", bottom - top)] {
            crop.set(name, Json::Number(value));
        }
    }
    if let Some((width, height)) = size(path) {
        let resize = edits.object("resize");
        if width == 0.0 || height == 0.0 {
            resize.set("fit", text(INSIDE));
        }
        let side = |side: f64| if side == 0.0 { Json::Null } else { Json::Number(side) };
        resize.set("width", side(width));
        resize.set("height", side(height));
    }
    // quirk: anywhere in the path, be it in the file's name
    if path.contains("fit-in") {
        edits.object("resize").set("fit", text(INSIDE));
    }
    let extension = path.rsplit('.').next().unwrap_or(path);
    for filter in filters(path) {
        apply(&filter, extension, &mut edits)?;
    }
    Ok(edits)
}

/// The source key of a path; `None` where an escape is malformed.
pub fn key(path: &str, bucket: &str) -> Option<String> {
    let path = without_segments(path, is_crop);
    let path = without_segments(&path, |segment| sides(segment).is_some());
    // quirk: up to the last parenthesis of the path
    let path = match (path.find("filters:watermark("), path.rfind(')')) {
        (Some(start), Some(end)) if end > start => format!("{}{}", &path[..start], &path[end + 1..]),
        _ => path,
    };
    let path = without_filters(&path);
    let path = without_segments(&path, |segment| segment == "fit-in");
    let path = path.replacen(&format!("s3:{bucket}/"), "", 1);
    percent_decode(path.trim_start_matches('/'))
}

/// `/{segment}` is left out wherever another segment follows it.
fn without_segments(path: &str, is_dropped: impl Fn(&str) -> bool) -> String {
    let segments: Vec<&str> = path.split('/').collect();
    let last = segments.len() - 1;
    let kept = segments.iter().enumerate().filter(|(i, segment)| *i == 0 || *i == last || !is_dropped(segment));
    kept.map(|(_, segment)| *segment).collect::<Vec<_>>().join("/")
}

/// From each `filters:` to the end of its segment.
fn without_filters(path: &str) -> String {
    let start = format!("{FILTERS}:");
    let cut = |segment: &str| match segment.split_once(&start) {
        Some((before, filter)) if !filter.is_empty() => before.to_owned(),
        _ => segment.to_owned(),
    };
    path.split('/').map(cut).collect::<Vec<_>>().join("/")
}

/// `{digits}x{digits}`.
fn sides(text: &str) -> Option<(&str, &str)> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('x').filter(|(width, height)| is_digits(width) && is_digits(height))
}

fn is_crop(segment: &str) -> bool {
    segment.split_once(':').is_some_and(|(start, end)| sides(start).is_some() && sides(end).is_some())
}

/// The first size that is a segment of its own, neither the first nor the last.
fn size(path: &str) -> Option<(f64, f64)> {
    let segments: Vec<&str> = path.split('/').collect();
    let inner = segments.get(1..segments.len() - 1)?;
    let (width, height) = inner.iter().find_map(|segment| sides(segment))?;
    Some((whole_number(width), whole_number(height)))
}

/// Left, top, right and bottom of the first `{L}x{T}:{R}x{B}` anywhere. Quirk: of more than six digits the last six count, and
/// where that cannot be, there is no crop.
fn crop(path: &str) -> Option<[f64; 4]> {
    let starts = path.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i);
    starts.into_iter().find_map(|start| crop_at(&path[start..]))
}

fn crop_at(text: &str) -> Option<[f64; 4]> {
    let mut rest = text;
    let mut values = [0.0; 4];
    for (i, value) in values.iter_mut().enumerate() {
        // seven tell that there are too many
        let run = rest.bytes().take(7).take_while(u8::is_ascii_digit).count();
        let taken = if i == 3 { run.min(6) } else { run };
        if !(1..=6).contains(&taken) {
            return None;
        }
        *value = number(&rest[..taken]);
        rest = &rest[taken..];
        match i {
            0 | 2 => rest = rest.strip_prefix('x')?,
            1 => rest = rest.strip_prefix(':')?,
            _ => (),
        }
    }
    Some(values)
}

/// All filters of `/filters:a():b()/filters:c()`, sorted. Quirk: a `:` in an argument makes two pieces of it.
fn filters(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find(FILTERS) {
        rest = &rest[at + FILTERS.len()..];
        let mut chain = String::new();
        while rest.starts_with(':')
            && let Some(end) = rest.find(')')
        {
            chain.push_str(&rest[..=end]);
            rest = &rest[end + 1..];
        }
        found.extend(chain.split(':').skip(1).map(str::to_owned));
    }
    found.sort();
    found
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

/// One filter. One that is not known is ignored: implementing it would change what URLs show today.
fn apply(filter: &str, extension: &str, edits: &mut Members) -> Result<(), RequestError> {
    let close = filter.rfind(')').ok_or_else(error::edits)?;
    let open = filter[..close].rfind('(').filter(|open| *open > 0).ok_or_else(error::edits)?;
    let (name, value) = (&filter[..open], &filter[open + 1..close]);
    match name {
        "autojpg" => edits.set("toFormat", text("jpeg")),
        "background_color" => {
            edits.object("flatten").set("background", colour::object(value)?);
        }
        "blur" => {
            // an empty argument is none
            let mut values = value.split(',').map(|v| if v.is_empty() { f64::NAN } else { number(v) });
            let (radius, sigma) = (values.next().unwrap_or(f64::NAN), values.next().unwrap_or(f64::NAN));
            edits.set("blur", Json::Number(if sigma.is_nan() { radius / 2.0 } else { sigma }));
        }
        "convolution" => convolution(value, edits),
        "equalize" => edits.set("normalize", Json::Flag(true)),
        "fill" => {
            let background = colour::object(value)?;
            let resize = edits.object("resize");
            resize.set("fit", text("contain"));
            resize.set("background", background);
        }
        "format" => format(value, edits),
        "grayscale" => edits.set("grayscale", Json::Flag(true)),
        "no_upscale" => edits.object("resize").set("withoutEnlargement", Json::Flag(true)),
        "proportion" => proportion(number(value), edits.object("resize")),
        "quality" => quality(value, extension, edits),
        "rgb" => {
            let mut values = value.split(',').map(|percent| Json::Number(255.0 * (number(percent) / 100.0)));
            let tint = edits.object("tint");
            for name in ["r", "g", "b"] {
                tint.set(name, values.next().unwrap_or(Json::Undefined));
            }
        }
        // without an angle: what EXIF asks for
        "rotate" if value.is_empty() => edits.set("rotate", Json::Undefined),
        "rotate" => edits.set("rotate", Json::Number(number(value))),
        "sharpen" => {
            let radius = value.split(',').nth(1).map_or(f64::NAN, number);
            edits.set("sharpen", Json::Number(1.0 + radius / 2.0));
        }
        "stretch" => {
            let resize = edits.object("resize");
            if resize.get("fit").and_then(Json::text) != Some(INSIDE) {
                resize.set("fit", text("fill"));
            }
        }
        "strip_exif" => edits.set("stripExif", Json::Flag(true)),
        "strip_icc" => edits.set("stripIcc", Json::Flag(true)),
        "upscale" => edits.object("resize").set("fit", text(INSIDE)),
        "watermark" => watermark(value, edits),
        "animated" => edits.set("animated", Json::Flag(!value.eq_ignore_ascii_case("false"))),
        "smart_crop" => {
            let mut values = value.split(',');
            let mut next = || match values.next() {
                None | Some("") => Json::Undefined,
                Some(text) => Json::Number(whole_number(text)),
            };
            let (index, padding) = (next(), next());
            let mut crop = Members::default();
            crop.set("faceIndex", index);
            crop.set("padding", padding);
            edits.set("smartCrop", Json::Object(crop));
        }
        _ => (),
    }
    Ok(())
}

fn convolution(value: &str, edits: &mut Members) {
    let mut values = value.split(',');
    let kernel: Vec<f64> = values.next().unwrap_or_default().split(';').map(number).collect();
    let width = values.next().map_or(f64::NAN, number);
    let height = (kernel.len() as f64 / width).ceil();
    let mut convolve = Members::default();
    convolve.set("width", Json::Number(width));
    convolve.set("height", Json::Number(height));
    convolve.set("kernel", Json::List(kernel.into_iter().map(Json::Number).collect()));
    edits.set("convolve", Json::Object(convolve));
}

/// Formats that `format()` takes. Quirk: in lower case only, but for `jpg` in any.
const OUTPUTS: &[&str] = &["heic", "heif", "jpeg", "png", "raw", "tiff", "webp", "gif", "avif"];

fn format(value: &str, edits: &mut Members) {
    let word: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let jpg = word.to_ascii_lowercase().find("jpg");
    let word = match jpg {
        Some(at) => format!("{}jpeg{}", &word[..at], &word[at + 3..]),
        None if word == "tif" => "tiff".to_owned(),
        None => word,
    };
    if OUTPUTS.contains(&word.as_str()) {
        edits.set("toFormat", Json::Text(word));
    }
}

/// Quirk: both sides are multiplied and not yet rounded; with one of them, or none, the ratio is the source's.
fn proportion(ratio: f64, resize: &mut Members) {
    let side = |resize: &Members, name| resize.get(name).filter(|side| side.is_truthy()).map(Json::to_number);
    match (side(resize, "width"), side(resize, "height")) {
        (Some(width), Some(height)) => {
            resize.set("width", Json::Number(width * ratio));
            resize.set("height", Json::Number(height * ratio));
        }
        _ => resize.set("ratio", Json::Number(ratio)),
    }
}

/// Quirk: the quality of the format that the file's name states, in lower case, else of `format()`, else of none.
fn quality(value: &str, extension: &str, edits: &mut Members) {
    let named = |name: &str| match name {
        "jpg" | "jpeg" => Some("jpeg"),
        "tif" | "tiff" => Some("tiff"),
        "png" => Some("png"),
        "webp" => Some("webp"),
        "heif" => Some("heif"),
        "gif" => Some("gif"),
        "avif" => Some("avif"),
        _ => None,
    };
    let asked = || edits.get("toFormat").and_then(Json::text).and_then(named);
    if let Some(format) = named(extension).or_else(asked) {
        let mut options = Members::default();
        options.set("quality", Json::Number(number(value)));
        edits.set(format, Json::Object(options));
    }
}

fn watermark(value: &str, edits: &mut Members) {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let mut values = value.split(',');
    let mut next = || values.next();
    let (bucket, key, x, y, alpha, across, down) = (next(), next(), next(), next(), next(), next(), next());
    let given = |value: Option<&str>| value.map_or(Json::Undefined, text);
    let mut overlay = Members::default();
    for (name, value) in [("bucket", bucket), ("key", key), ("alpha", alpha), ("wRatio", across), ("hRatio", down)] {
        overlay.set(name, given(value));
    }
    let mut options = Members::default();
    for (name, value) in [("left", x), ("top", y)] {
        // quirk: what is no place is left out, and so in the middle
        if let Some(place) = value.filter(|place| is_percent(place) || !number(place).is_nan()) {
            options.set(name, text(place));
        }
    }
    overlay.set("options", Json::Object(options));
    edits.set("overlayWith", Json::Object(overlay));
}

/// `/^(100|[1-9]?\d|-(100|[1-9]\d?))p$/`
fn is_percent(text: &str) -> bool {
    let Some(digits) = text.strip_suffix('p') else {
        return false;
    };
    match digits.strip_prefix('-') {
        Some(digits) => is_hundred(digits) && digits != "0",
        None => is_hundred(digits),
    }
}

/// `/^(100|[1-9]?\d)$/`
pub fn is_hundred(digits: &str) -> bool {
    match digits.as_bytes() {
        b"100" => true,
        [digit] => digit.is_ascii_digit(),
        [b'1'..=b'9', digit] => digit.is_ascii_digit(),
        _ => false,
    }
}
