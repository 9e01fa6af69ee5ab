//! Paths and source keys: decoded once, checked, and spelled in one way.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::RequestError;
use crate::object_name;

pub use crate::object_name::{INDEX, MAX_BYTES as MAX_KEY_BYTES};

/// A canonical path holds a key and at most as many bytes of values; no path that means anything is longer.
const MAX_PATH_BYTES: usize = 4096;

/// What a key's spelling escapes beside everything outside ASCII. `+` is among it because S3 reads a bare one as a space.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Percent-decodes once; `None` when an escape is malformed or the result is not UTF-8. `+` stays.
pub fn percent_decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        if byte == b'%' {
            let digit = |at: usize| bytes.get(at).and_then(|&b| char::from(b).to_digit(16));
            out.push((digit(i + 1)? * 16 + digit(i + 2)?) as u8);
            i += 3;
        } else {
            out.push(byte);
            i += 1;
        }
    }
    String::from_utf8(out).ok()
}

/// Decodes a path as sent, before anything is decided by it.
///
/// # Errors
/// [`RequestError::Key`]: malformed escapes, or longer than any path may be.
pub fn decode_path(path: &str) -> Result<String, RequestError> {
    match percent_decode(path) {
        None => Err(RequestError::Key { reason: "not percent-encoded UTF-8" }),
        Some(decoded) if decoded.len() > MAX_PATH_BYTES => Err(RequestError::Key { reason: "longer than 1024 bytes" }),
        Some(decoded) => Ok(decoded),
    }
}

/// Checks a decoded key. `prefix_bytes` is what the stored name has before it.
///
/// # Errors
/// [`RequestError::Key`]: control characters, `\`, empty or dot segments, too long.
pub fn check(key: &str, prefix_bytes: usize) -> Result<(), RequestError> {
    if let Some(reason) = object_name::fault(key) {
        return Err(RequestError::Key { reason });
    }
    if prefix_bytes + key.len() > MAX_KEY_BYTES {
        return Err(RequestError::Key { reason: "longer than 1024 bytes" });
    }
    Ok(())
}

/// The one spelling of a decoded key in a path.
pub fn encode(key: &str) -> String {
    utf8_percent_encode(key, ESCAPED).to_string()
}
