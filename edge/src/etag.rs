//! Entity tags (RFC 9110, section 8.8.3).

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

/// 96 bits of a hash over fields, as a strong tag. Fields cannot run into each other: each is hashed with its length.
pub fn of_fields(fields: &[&str]) -> String {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_le_bytes());
        hash.update(field.as_bytes());
    }
    spelled(hash)
}

/// The same over an object's bytes.
pub fn of_bytes(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    spelled(hash)
}

fn spelled(hash: Sha256) -> String {
    format!("\"{}\"", BASE64URL_NOPAD.encode(&hash.finalize()[..12]))
}

/// A derived image's tag, from everything that its bytes depend on: the versions of its parts, the canonical path, and who
/// made it (see [`Config::maker`](crate::Config::maker)).
pub fn derived(source_version: &str, path: &str, maker: &str) -> String {
    of_fields(&[source_version, path, maker])
}

/// Whether an `If-None-Match` names the tag; comparison is weak, as the method asks.
pub fn matches(if_none_match: &str, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if_none_match.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_tag_depends_on_source_path_and_maker() {
        let tag = derived("\"a\"", "/400w/bw/x.jpg", "1.q80");
        assert_eq!(tag.len(), 18);
        assert_ne!(tag, derived("\"b\"", "/400w/bw/x.jpg", "1.q80"));
        assert_ne!(tag, derived("\"a\"", "/401w/bw/x.jpg", "1.q80"));
        assert_ne!(tag, derived("\"a\"", "/400w/bw/x.jpg", "1.q60"));
        assert_ne!(tag, derived("\"a\"/400w", "/bw/x.jpg", "1.q80"));
    }

    #[test]
    fn comparison_is_weak_and_over_a_list() {
        assert!(matches("\"x\", W/\"y\"", "\"y\"") && matches("*", "\"y\"") && matches("\"y\"", "W/\"y\""));
        assert!(!matches("\"x\"", "\"y\"") && !matches("", "\"y\""));
    }
}
