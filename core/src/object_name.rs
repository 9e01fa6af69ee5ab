//! What an object in a store of sources cannot be named.

/// S3's and R2's limit on an object's name.
pub const MAX_BYTES: usize = 1024;

/// The folder of the derived store that holds the index of images by their sources. With one bucket for all it lies beside sources.
pub const INDEX: &str = "_i/";

/// What is wrong with a decoded name, as the end of the sentence "key is …".
pub fn fault(name: &str) -> Option<&'static str> {
    if name.chars().any(|c| c <= '\u{1f}' || c == '\u{7f}' || c == '\\') {
        return Some("holding a control character or a backslash");
    }
    if name.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Some("holding an empty, . or .. segment");
    }
    if name.starts_with(INDEX) {
        return Some("in the reserved folder _i/");
    }
    (name.len() > MAX_BYTES).then_some("longer than 1024 bytes")
}
