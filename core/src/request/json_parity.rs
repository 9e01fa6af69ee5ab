//! JSON as the CloudFront Function's runtime reads it, where serde_json would read it otherwise.
//!
//! The function decides what most requests mean, so what its `JSON.parse` refuses is refused here, and what it cannot tell apart
//! is refused by both.

/// The runtime's `JSON.parse` refuses deeper nesting. A limit is needed here too: reading is recursive.
pub const MAX_DEPTH: usize = 31;

/// Whether arrays and objects are nested deeper than [`MAX_DEPTH`].
pub fn is_too_deep(json: &str) -> bool {
    let (mut in_string, mut is_escaped, mut depth) = (false, false, 0_usize);
    json.bytes().any(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_string,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => (),
        }
        depth > MAX_DEPTH
    })
}

/// Whether `\ud800`–`\udfff` stands in the text as an escape. Half of a pair is a string in JavaScript and an error in Rust, so
/// neither side takes any.
pub fn has_surrogate_escape(json: &str) -> bool {
    let mut rest = json.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'\\', [b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]) => return true,
            (b'\\', [_, tail @ ..]) => tail,
            _ => tail,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_counted_outside_strings() {
        let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(!is_too_deep(&nested(31)));
        assert!(is_too_deep(&nested(32)));
        assert!(!is_too_deep(&format!("\"\\\"{}\"", nested(40))));
        assert!(!is_too_deep(&"[]".repeat(40)));
    }

    #[test]
    fn an_escaped_backslash_begins_no_surrogate() {
        assert!(has_surrogate_escape(r#""\uD83D\ude00""#));
        assert!(has_surrogate_escape(r#""\\\ud800""#));
        assert!(!has_surrogate_escape(r#""\\ud800""#));
        assert!(!has_surrogate_escape(r#""\u00d8""#));
    }
}
