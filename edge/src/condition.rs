//! Conditional and range requests (RFC 9110, sections 13 and 14).

use crate::{Head, Object, etag};

/// The conditions of a request.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    if_none_match: Option<String>,
    if_modified_since: Option<String>,
    range: Option<String>,
    if_range: Option<String>,
}

/// Part of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it: no range was asked for, or one that may be ignored.
    Whole,
    /// `length` bytes from `first` on; `length` is at least 1.
    Bytes { first: u64, length: u64 },
    /// The range begins after the end.
    Unsatisfiable,
}

impl Conditions {
    pub fn of(head: &Head) -> Self {
        let header = |name| head.header(name).map(str::to_owned);
        Self {
            if_none_match: header("if-none-match"),
            if_modified_since: header("if-modified-since"),
            // RFC 9110, 14.2: only GET has ranges
            range: header("range").filter(|_| head.method == "GET"),
            if_range: header("if-range"),
        }
    }

    /// Whether the viewer has what carries this tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.if_none_match.as_deref().is_some_and(|tags| etag::matches(tags, tag))
    }

    /// Whether the viewer has this object already. `If-Modified-Since` counts only without `If-None-Match`.
    pub fn has(&self, object: &Object) -> bool {
        match (&self.if_none_match, &object.etag) {
            (Some(_), Some(tag)) => self.has_tag(tag),
            (Some(_), None) => false,
            (None, _) => {
                let date = |text: &Option<String>| httpdate::parse_http_date(text.as_deref()?).ok();
                matches!(
                    (date(&object.last_modified), date(&self.if_modified_since)),
                    (Some(modified), Some(since)) if modified <= since
                )
            }
        }
    }

    /// Which part of the object to send. Several ranges at once are ignored, as RFC 9110 allows.
    pub fn part(&self, object: &Object) -> Part {
        let (Some(range), Some(size)) = (&self.range, object.size) else {
            return Part::Whole;
        };
        if !object.ranges || !self.is_same_version(object) {
            return Part::Whole;
        }
        let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
            return Part::Whole;
        };
        let bounds = match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Some((first, last)),
            (Some(first), None) if last.trim().is_empty() => Some((first, u64::MAX)),
            (None, Some(0)) if first.trim().is_empty() => return Part::Unsatisfiable,
            (None, Some(length)) if first.trim().is_empty() => Some((size.saturating_sub(length), u64::MAX)),
            _ => None,
        };
        match bounds {
            None => Part::Whole,
            Some((first, _)) if first >= size => Part::Unsatisfiable,
            Some((first, last)) => Part::Bytes { first, length: last.min(size - 1) - first + 1 },
        }
    }

    /// `If-Range`: a strong tag or the exact date.
    fn is_same_version(&self, object: &Object) -> bool {
        let Some(version) = self.if_range.as_deref().map(str::trim) else {
            return true;
        };
        let is_strong = version.starts_with('"');
        (is_strong && object.etag.as_deref() == Some(version)) || object.last_modified.as_deref() == Some(version)
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 22 Nov 2026 10:00:00 GMT";

    fn conditions(headers: &[(&str, &str)]) -> Conditions {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Conditions::of(&Head { method: "GET".into(), headers, ..Head::default() })
    }

    fn object() -> Object {
        let text = |text: &str| Some(text.to_owned());
        Object { etag: text("\"1\""), last_modified: text(DATE), size: Some(100), ranges: true, ..Object::default() }
    }

    #[test]
    fn a_date_counts_only_without_a_tag() {
        let has = |headers: &[(&str, &str)]| conditions(headers).has(&object());
        assert!(has(&[("if-modified-since", DATE)]));
        assert!(has(&[("if-modified-since", "Mon, 23 Nov 2026 10:00:00 GMT")]));
        assert!(!has(&[("if-modified-since", "Sat, 21 Nov 2026 10:00:00 GMT")]));
        assert!(!has(&[("if-modified-since", "yesterday")]));
        assert!(!has(&[("if-modified-since", DATE), ("if-none-match", "\"2\"")]));
        assert!(has(&[("if-none-match", "\"1\"")]));
        assert!(!has(&[]));
    }

    #[test]
    fn a_range_is_cut_to_the_object() {
        let part = |range: &str| conditions(&[("range", range)]).part(&object());
        assert_eq!(part("bytes=0-9"), Part::Bytes { first: 0, length: 10 });
        assert_eq!(part("bytes=90-"), Part::Bytes { first: 90, length: 10 });
        assert_eq!(part("bytes=-30"), Part::Bytes { first: 70, length: 30 });
        assert_eq!(part("bytes=-300"), Part::Bytes { first: 0, length: 100 });
        assert_eq!(part("bytes=99-99999999999999999999999"), Part::Bytes { first: 99, length: 1 });
        assert_eq!(part("bytes=100-"), Part::Unsatisfiable);
        assert_eq!(part("bytes=-0"), Part::Unsatisfiable);
        for ignored in ["bytes=9-3", "bytes=0-1,5-6", "bytes=-", "lines=0-1", "bytes=a-b", "bytes=+1-2", ""] {
            assert_eq!(part(ignored), Part::Whole, "{ignored}");
        }
    }

    #[test]
    fn a_range_of_another_version_or_of_a_store_without_ranges_is_ignored() {
        let asked = |version: &str| conditions(&[("range", "bytes=0-9"), ("if-range", version)]);
        for (version, is_same) in [("\"1\"", true), (DATE, true), ("\"2\"", false), ("W/\"1\"", false)] {
            assert_eq!(asked(version).part(&object()) != Part::Whole, is_same, "{version}");
        }
        let whole = Object { ranges: false, ..object() };
        assert_eq!(conditions(&[("range", "bytes=0-9")]).part(&whole), Part::Whole);
    }
}
