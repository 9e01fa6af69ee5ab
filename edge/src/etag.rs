//! Entity tags (RFC 9110, section 8.8.3).

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A strong tag of a derived image: 96 bits of a hash of the source's tag and the canonical path.
pub fn derived(source_etag: &str, path: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(source_etag.as_bytes());
    hash.update([0]);
    hash.update(path.as_bytes());
    let digest = hash.finalize();
    let mut tag = String::from("\"");
    for three in digest[..12].chunks_exact(3) {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for shift in [18, 12, 6, 0] {
            tag.push(char::from(ALPHABET[(bits >> shift) as usize & 63]));
        }
    }
    tag.push('"');
    tag
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
    fn a_derived_tag_depends_on_source_and_path() {
        let tag = derived("\"a\"", "/400w/bw/x.jpg");
        assert_eq!(tag.len(), 18);
        assert_ne!(tag, derived("\"b\"", "/400w/bw/x.jpg"));
        assert_ne!(tag, derived("\"a\"", "/401w/bw/x.jpg"));
    }

    #[test]
    fn comparison_is_weak_and_over_a_list() {
        assert!(matches("\"x\", W/\"y\"", "\"y\"") && matches("*", "\"y\"") && matches("\"y\"", "W/\"y\""));
        assert!(!matches("\"x\"", "\"y\"") && !matches("", "\"y\""));
    }
}
