//! A file's text: inflated, in UTF-8, without its document type.

use std::borrow::Cow;

use crate::{Error, MOST_BYTES};

/// Bytes that are looked at to tell what a file is.
const LOOKED_AT: usize = 64 << 10;
/// Entities of a document type, and bytes of one.
const MOST_ENTITIES: usize = 256;
const LONGEST_ENTITY: usize = 4096;

/// Whether the bytes are an SVG: XML whose root is `svg`, perhaps deflated as gzip does.
pub fn is_svg(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let Some(body) = deflated(bytes) else { return false };
        let text = match miniz_oxide::inflate::decompress_to_vec_with_limit(body, 4096) {
            Ok(text) => text,
            Err(cut) => cut.output,
        };
        return has_root(&text);
    }
    match wide(bytes) {
        Some(is_big_endian) => has_root(narrow(bytes, is_big_endian).as_bytes()),
        None => has_root(bytes),
    }
}

/// Whether text begins with an element `svg`, after whatever may stand before it.
fn has_root(text: &[u8]) -> bool {
    let mut rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    loop {
        rest = rest.trim_ascii_start();
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            let Some(end) = find(comment, b"-->") else { return false };
            rest = &comment[end + 3..];
        } else if rest.starts_with(b"<?") {
            let Some(end) = find(rest, b"?>") else { return false };
            rest = &rest[end + 2..];
        } else if rest.starts_with(b"<!DOCTYPE") {
            let Some(end) = end_of_type(rest) else { return false };
            rest = &rest[end..];
        } else {
            let Some(tag) = rest.strip_prefix(b"<") else { return false };
            let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
            let name = &tag[..end.unwrap_or(0)];
            return name == b"svg" || name.ends_with(b":svg");
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// Where a document type ends that the text begins with: brackets, quotes and comments closed.
fn end_of_type(text: &[u8]) -> Option<usize> {
    let (mut at, mut is_inside) = (2, false);
    loop {
        match text.get(at)? {
            quote @ (b'"' | b'\'') => at += 1 + text[at + 1..].iter().position(|byte| byte == quote)?,
            b'<' if text[at..].starts_with(b"<!--") => at += 3 + find(&text[at + 3..], b"-->")? + 2,
            b'[' => is_inside = true,
            b']' => is_inside = false,
            b'>' if !is_inside => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
}

/// What gzip (RFC 1952) has deflated.
fn deflated(bytes: &[u8]) -> Option<&[u8]> {
    let flags = *bytes.get(3)?;
    let mut rest = bytes.get(10..)?;
    if bytes[2] != 8 {
        return None;
    }
    if flags & 4 != 0 {
        let length = usize::from(u16::from_le_bytes(*rest.first_chunk()?));
        rest = rest.get(2 + length..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            rest = &rest[rest.iter().position(|&byte| byte == 0)? + 1..];
        }
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

/// Whether text has two bytes a character: the first has a mark, or is `<`.
fn wide(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(false),
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some(true),
        _ => None,
    }
}

fn narrow(bytes: &[u8], is_big_endian: bool) -> String {
    let units = bytes.as_chunks::<2>().0.iter();
    let units = units.map(|&pair| if is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) });
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).filter(|&c| c != '\u{feff}').collect()
}

/// The text of a file.
///
/// # Errors
/// Bytes that are no text, or more of it than may be.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let text = if bytes.starts_with(&[0x1f, 0x8b]) {
        let body = deflated(bytes).ok_or_else(|| Error::corrupt("its gzip header is cut off"))?;
        let text = miniz_oxide::inflate::decompress_to_vec_with_limit(body, MOST_BYTES).map_err(|error| match error
            .status
        {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => too_long(MOST_BYTES as u64 + 1),
            _ => Error::corrupt("it cannot be inflated"),
        })?;
        Cow::Owned(decoded(Cow::Owned(text))?.into_owned())
    } else {
        if bytes.len() > MOST_BYTES {
            return Err(too_long(bytes.len() as u64));
        }
        decoded(Cow::Borrowed(bytes))?
    };
    without_type(text)
}

fn too_long(needed: u64) -> Error {
    Error::Limit { what: "SVG bytes", needed, limit: MOST_BYTES as u64 }
}

fn decoded(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Error> {
    if let Some(is_big_endian) = wide(&bytes) {
        let text = narrow(&bytes, is_big_endian);
        return if text.len() > MOST_BYTES { Err(too_long(text.len() as u64)) } else { Ok(Cow::Owned(text)) };
    }
    let bytes = match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
        Cow::Owned(bytes) if bytes.starts_with(b"\xef\xbb\xbf") => Cow::Owned(bytes[3..].to_vec()),
        owned => owned,
    };
    let is_latin = {
        let head = &bytes[..bytes.len().min(200)];
        let head = head.to_ascii_lowercase();
        ["iso-8859-1", "iso-8859-15", "latin1", "windows-1252"]
            .iter()
            .any(|name| find(&head, name.as_bytes()).is_some())
    };
    let not_text = || Error::corrupt("it is not UTF-8");
    match bytes {
        bytes if is_latin && std::str::from_utf8(&bytes).is_err() => {
            Ok(Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()))
        }
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| not_text()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| not_text()),
    }
}

/// The text without its document type, the entities that this names put in their places: then no parser expands any.
fn without_type(text: Cow<'_, str>) -> Result<Cow<'_, str>, Error> {
    let Some(start) = text.find("<!DOCTYPE") else { return Ok(text) };
    // what only looks like one, in a comment or behind the root, is the parser's to tell
    if text[..start].contains("<svg") {
        return Ok(text);
    }
    let cut_off = || Error::corrupt("its document type does not end");
    let length = end_of_type(&text.as_bytes()[start..]).ok_or_else(cut_off)?;
    let declared = &text[start..start + length];
    let rest = &text[start + length..];
    let entities = entities(declared)?;
    let mut made = String::with_capacity(text.len());
    made.push_str(&text[..start]);
    let mut parts = rest.split('&');
    made.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let named = part
            .split_once(';')
            .and_then(|(name, after)| entities.iter().find(|entity| entity.0 == name).map(|entity| (entity.1, after)));
        match named {
            Some((value, after)) => {
                made.push_str(value);
                made.push_str(after);
            }
            None => {
                made.push('&');
                made.push_str(part);
            }
        }
        if made.len() > MOST_BYTES {
            return Err(too_long(made.len() as u64));
        }
    }
    Ok(Cow::Owned(made))
}

/// Names and values of entities: text, without markup or other entities.
fn entities(declared: &str) -> Result<Vec<(&str, &str)>, Error> {
    let mut all = Vec::new();
    for part in declared.split("<!ENTITY").skip(1) {
        let part = part.trim_start();
        let Some((name, rest)) = part.split_once(|c: char| c.is_whitespace()) else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(value) = rest[1..].split(quote).next() else { continue };
        if value.contains(['<', '&']) {
            return Err(Error::Unsupported("an entity that holds markup or entities".into()));
        }
        if value.len() > LONGEST_ENTITY || all.len() == MOST_ENTITIES {
            return Err(Error::Limit {
                what: "SVG entities",
                needed: value.len().max(all.len() + 1) as u64,
                limit: if value.len() > LONGEST_ENTITY { LONGEST_ENTITY as u64 } else { MOST_ENTITIES as u64 },
            });
        }
        all.push((name, value));
    }
    Ok(all)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_root_tells_what_a_file_is() {
        for yes in [
            "<svg/>",
            "<svg xmlns='x'>",
            "\u{feff}<?xml version='1.0'?>\n<!-- <html> -->\n<svg>",
            "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://x/>\" [ <!ENTITY a \"]>\"> <!-- ] --> ]><svg>",
            "<?xml version='1.0'?><?xml-stylesheet href='a.css'?><s:svg xmlns:s='http://www.w3.org/2000/svg'>",
        ] {
            assert!(is_svg(yes.as_bytes()), "{yes}");
            let wide: Vec<u8> = yes.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(is_svg(&wide), "{yes}");
        }
        for no in ["", "<", "<html><svg>", "svg", "<svgz>", "<!-- <svg>", "<!DOCTYPE svg", "<?xml <svg>", "\0<svg>"] {
            assert!(!is_svg(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn entities_are_put_in_and_none_grows() {
        let of = |declared: &str, body: &str| {
            let file = format!("<!DOCTYPE svg [{declared}]><svg>{body}</svg>");
            text(file.as_bytes()).map(Cow::into_owned)
        };
        assert_eq!(of("<!ENTITY a \"b\">", "&a;&amp;&c;").unwrap(), "<svg>b&amp;&c;</svg>");
        assert!(matches!(of("<!ENTITY a \"&b;\">", ""), Err(Error::Unsupported(_))));
        let long = "x".repeat(4000);
        let many = "&a;".repeat(4000);
        assert!(matches!(of(&format!("<!ENTITY a '{long}'>"), &many), Err(Error::Limit { .. })));
    }

    #[test]
    fn what_inflates_without_end_is_refused() {
        let zeros = miniz_oxide::deflate::compress_to_vec(&vec![b' '; MOST_BYTES + 9], 9);
        let file = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &zeros].concat();
        assert!(matches!(text(&file), Err(Error::Limit { .. })));
    }
}
