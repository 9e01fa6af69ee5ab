//! HTTP origins: prefixes of source keys, and the URLs that take their place.

use worker::Url;

/// An HTTP server that holds the sources under a prefix.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Ends in `/`.
    prefix: String,
    /// Its path ends in `/`; it has no user, query or fragment.
    base: Url,
}

impl Origin {
    /// Reads a member of `worker.origins`.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that begins with its name.
    pub fn new(prefix: &str, base: &str) -> Result<Self, String> {
        if !prefix.ends_with('/') {
            return Err("has a prefix that does not end in /".into());
        }
        let base = Url::parse(base).map_err(|error| format!("is not a URL: {error}"))?;
        let wrong = if !matches!(base.scheme(), "http" | "https") {
            "is neither an http nor an https URL"
        } else if !base.username().is_empty() || base.password().is_some() {
            "names a user"
        } else if base.query().is_some() || base.fragment().is_some() {
            "has a query or a fragment"
        } else if !base.path().ends_with('/') {
            "has a path that does not end in /"
        } else {
            return Ok(Self { prefix: prefix.to_owned(), base });
        };
        Err(wrong.into())
    }

    /// The origin of a key: the one with the longest prefix.
    pub fn of<'a>(key: &str, origins: &'a [Self]) -> Option<&'a Self> {
        let fitting = origins.iter().filter(|origin| key.starts_with(&origin.prefix));
        fitting.max_by_key(|origin| origin.prefix.len())
    }

    /// Where a key is; `None` where it would not be under the base.
    pub fn url(&self, key: &str) -> Option<Url> {
        let rest = key.strip_prefix(&self.prefix)?;
        let url = self.base.join(&encode(rest)).ok()?;
        let is_under = url.origin() == self.base.origin() && url.path().starts_with(self.base.path());
        is_under.then_some(url)
    }
}

/// Percent-encodes a decoded key for a URL's path.
fn encode(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn url(base: &str, key: &str) -> Option<String> {
        Origin::new("ext/", base).unwrap().url(key).map(String::from)
    }

    #[test]
    fn a_key_is_under_the_base_and_escaped_again() {
        let base = "https://cdn.example.com/media/";
        assert_eq!(url(base, "ext/a b/ü?.jpg").as_deref(), Some("https://cdn.example.com/media/a%20b/%C3%BC%3F.jpg"));
        assert_eq!(url(base, "ext/a:b@c").as_deref(), Some("https://cdn.example.com/media/a%3Ab%40c"));
        assert_eq!(url(base, "other/a"), None);
    }

    #[test]
    fn no_key_leads_to_another_host_or_above_the_base() {
        let base = "https://cdn.example.com/media/";
        for key in ["ext/.evil.com/x", "ext///evil.com/x", "ext/../x", "ext/a/../../x", "ext/@evil.com/x", "ext/:80/x"]
        {
            let url = url(base, key);
            assert!(url.as_deref().is_none_or(|url| url.starts_with(base)), "{key}: {url:?}");
        }
    }

    #[test]
    fn a_base_that_could_be_continued_is_refused() {
        for (prefix, base) in [
            ("ext/", "https://cdn.example.com/media"),
            ("ext", "https://cdn.example.com/"),
            ("ext/", "https://user@cdn.example.com/"),
            ("ext/", "https://user:word@cdn.example.com/"),
            ("ext/", "https://cdn.example.com/?x=/"),
            ("ext/", "https://cdn.example.com/#/"),
            ("ext/", "ftp://cdn.example.com/"),
            ("ext/", "file:///"),
            ("ext/", "cdn.example.com/"),
            ("ext/", ""),
        ] {
            assert!(Origin::new(prefix, base).is_err(), "{prefix} {base}");
        }
        assert!(Origin::new("ext/", "https://cdn.example.com").is_ok(), "a host alone has the path /");
    }

    #[test]
    fn the_longest_prefix_wins() {
        let origins = ["a/", "a/b/"].map(|prefix| Origin::new(prefix, "https://x.example/").unwrap());
        assert_eq!(Origin::of("a/b/c", &origins).unwrap().prefix, "a/b/");
        assert_eq!(Origin::of("a/c", &origins).unwrap().prefix, "a/");
        assert!(Origin::of("ab", &origins).is_none());
    }
}
