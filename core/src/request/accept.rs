//! `format=auto`: the best of what the viewer accepts and we can make.

use crate::edit::Edits;
use crate::image::{Format, Scale};

const MAX_CHARS: usize = 512;
const MAX_RANGES: usize = 20;

/// Media types of sources by extension; those we cannot write have no [`Format`].
fn source_format(extension: &str) -> Option<(&'static str, Option<Format>)> {
    match Format::from_extension(extension) {
        Some(format) if format.row().is_written => Some((format.media_type(), Some(format))),
        _ => None,
    }
}

/// Extensions that are never transformed, and so never negotiated.
const FIXED: &[&str] =
    &["svg", "svgz", "ico", "pdf", "mp4", "webm", "mov", "json", "txt", "xml", "html", "css", "js", "woff", "woff2"];

/// The lower-cased extension of a decoded key; empty when there is none.
pub fn extension(key: &str) -> String {
    let name = key.rsplit('/').next().unwrap_or("");
    name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
}

/// Whether a default format applies to this key at all.
pub fn is_negotiable(key: &str) -> bool {
    !FIXED.contains(&extension(key).as_str())
}

/// The format of the source by its name, as far as we write it.
pub fn named_format(key: &str) -> Option<Format> {
    source_format(&extension(key))?.1
}

/// Edits of a dialect in which numbers of quality are on each format's own scale. Where the output is a JPEG, or has no quality, all
/// scales are the same, and the picture is shared with the native dialect.
pub fn on_own_scale(edits: Edits, key: &str) -> Edits {
    let is_same = |format: Format| matches!(format, Format::Jpeg | Format::Png | Format::Gif);
    let scale = match edits.format.or_else(|| named_format(key)) {
        Some(format) if is_same(format) => Scale::Visual,
        _ => Scale::Native,
    };
    if edits.is_empty() { edits } else { Edits { scale, ..edits } }
}

/// Picks among `formats` and the source's own; `None` keeps the source's.
#[inline(never)]
pub fn negotiate(accept: &str, formats: &[Format], key: &str) -> Option<Format> {
    let header: String = accept.chars().take(MAX_CHARS).collect();
    let ranges: Vec<(String, u32)> = header.split(',').take(MAX_RANGES).map(range).collect();
    let q = |wanted: &str| ranges.iter().filter(|r| r.0 == wanted).map(|r| r.1).next();

    let source = source_format(&extension(key));
    let exact = source.and_then(|(mime, _)| q(mime));
    let source_q = exact.or_else(|| q("image/*")).or_else(|| q("*/*")).unwrap_or(0);

    let mut best: Option<(Format, u32)> = None;
    for &format in formats {
        let format_q = q(&format!("image/{}", format.word())).unwrap_or(0);
        if format_q > best.map_or(0, |b| b.1) {
            best = Some((format, format_q));
        }
    }
    let (format, format_q) = best?;
    let is_source = source.and_then(|s| s.1) == Some(format);
    (format_q >= source_q && !is_source).then_some(format)
}

/// A media range and its q in thousandths.
fn range(text: &str) -> (String, u32) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or("").to_ascii_lowercase();
    let q = parts.map(str::to_ascii_lowercase).find_map(|part| part.strip_prefix("q=").map(quality));
    (name, q.unwrap_or(1000))
}

/// `0(\.[0-9]{0,3})?` or `1(\.0{0,3})?`, in thousandths; 0 when malformed.
fn quality(text: &str) -> u32 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    let fraction = if digits { format!("{fraction:0<3}").parse().unwrap_or(0) } else { return 0 };
    match (whole, fraction) {
        ("0", thousandths) => thousandths,
        ("1", 0) => 1000,
        _ => 0,
    }
}
