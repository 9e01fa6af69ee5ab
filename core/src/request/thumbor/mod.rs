//! Thumbor's own URLs, with its prefix: `/unsafe/…` or a signature. What AWS's handler makes of paths without one is `sih/`.
//!
//! [`path`] takes a URL apart as Thumbor does, [`filters`] has its filters, [`edits`] makes edits of ours of both.

mod edits;
mod filters;
mod frame;
mod path;
mod settings;

pub use settings::{Thumbor, ThumborSource};

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::accept::on_own_scale;
use super::canonical::check_length;
use super::error::Refusal;
use super::key::{self, decode_path, percent_decode};
use super::{Request, RequestError, beyond};

/// Characters of a signature, base64url of 20 bytes, but its `=`.
const CODE_CHARS: usize = 27;

/// The first segment and what is behind it, where the first is a prefix of Thumbor's. The CloudFront Function asks the same.
pub fn prefixed(path: &str) -> Option<(&str, &str)> {
    let (prefix, rest) = path.strip_prefix('/')?.split_once('/')?;
    (prefix.eq_ignore_ascii_case(UNSAFE) || code(prefix).is_some()).then_some((prefix, rest))
}

const UNSAFE: &str = "unsafe";

/// A signature without the `=` at its end, which may be escaped.
fn code(prefix: &str) -> Option<&str> {
    let code = ["=", "%3D", "%3d"].iter().find_map(|end| prefix.strip_suffix(end))?;
    let is_code = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    (code.len() == CODE_CHARS && code.bytes().all(is_code)).then_some(code)
}

/// A request for a path that has a prefix.
///
/// # Errors
/// It is not signed, or asks for what is not there.
pub fn request((prefix, rest): (&str, &str), settings: &Thumbor) -> Result<Request, RequestError> {
    check_prefix(prefix, rest, settings)?;
    let decoded = decode_path(rest)?;
    let asked = path::read(&decoded)?;
    let edits = on_own_scale(edits::edits(&asked)?, asked.image).reduced();
    if asked.image.is_empty() {
        return Err(RequestError::Key { reason: "empty" });
    }
    key::check(asked.image, 0)?;
    if !beyond::says(&edits) {
        return Err(RequestError::parameter("filters", "too many", "as many as a path can hold".into()));
    }
    check_length(&edits, None, asked.image)?;
    Ok(Request {
        edits,
        key: key::encode(asked.image),
        source: asked.image.to_owned(),
        negotiated: false,
        hinted: false,
        saves_data: false,
        bucket: None,
        asked: None,
    })
}

/// A path without a prefix, where nothing else is read.
pub fn no_prefix(path: &str) -> RequestError {
    RequestError::parameter("path", path, "a URL of Thumbor's: /unsafe/… or its signature first".into())
}

/// Thumbor signs what is behind the prefix, by HMAC-SHA1.
fn check_prefix(prefix: &str, rest: &str, settings: &Thumbor) -> Result<(), RequestError> {
    if prefix.eq_ignore_ascii_case(UNSAFE) {
        return if settings.allows_unsafe {
            Ok(())
        } else {
            Err(unsigned("this configuration reads no /unsafe/ URLs"))
        };
    }
    let wrong = || unsigned("the signature is not that of the URL");
    let key = settings.key.as_deref().ok_or_else(|| unsigned("there is no thumbor.securityKey to check one with"))?;
    let sent = code(prefix).and_then(|code| BASE64URL_NOPAD.decode(code.as_bytes()).ok()).ok_or_else(wrong)?;
    // a client signs what it sends, or what it means
    let decoded = percent_decode(rest);
    let is_signed = [Some(rest), decoded.as_deref()].into_iter().flatten().any(|rest| {
        Hmac::<Sha1>::new_from_slice(key.as_bytes()).is_ok_and(|mut mac| {
            mac.update(rest.as_bytes());
            mac.verify_slice(&sent).is_ok()
        })
    });
    if is_signed { Ok(()) } else { Err(wrong()) }
}

#[cold]
fn unsigned(message: &str) -> RequestError {
    let message = message.to_owned();
    RequestError::Dialect { kind: Refusal::Forbidden, code: "invalid_signature", message }
}
