//! Source keys: decoded once, and never anything a path could climb out of.

use super::RequestError;

/// S3's and R2's limit on an object's name.
const MAX_BYTES: usize = 1024;

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

/// Decodes and checks a key as sent. `prefix_bytes` is what the stored name has before it.
///
/// # Errors
/// [`RequestError::Key`]: malformed escapes, control characters, `\`, empty or dot segments, too long.
pub fn decode(key: &str, prefix_bytes: usize) -> Result<String, RequestError> {
    let error = |reason| Err(RequestError::Key { reason });
    let Some(decoded) = percent_decode(key) else {
        return error("not percent-encoded UTF-8");
    };
    if decoded.chars().any(|c| c <= '\u{1f}' || c == '\u{7f}' || c == '\\') {
        return error("holding a control character or a backslash");
    }
    if decoded.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return error("holding an empty, . or .. segment");
    }
    if prefix_bytes + decoded.len() > MAX_BYTES {
        return error("longer than 1024 bytes");
    }
    Ok(decoded)
}
