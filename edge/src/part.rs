//! The numbered parts that an answer is made from: part 0 is the source, then come overlays.

use deckle::request::Request;

use crate::{Object, etag};

/// Where a part lies, and what is known of it so far.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// `None` for the first bucket of sources.
    pub bucket: Option<String>,
    /// The object's name.
    pub key: String,
    /// Its head, once found.
    pub object: Object,
    /// Its body, once read.
    pub bytes: Option<Vec<u8>>,
}

/// A request's parts in their order.
pub fn of_request(request: &Request) -> Vec<Part> {
    let source = Part { bucket: request.bucket.clone(), key: request.source.clone(), ..Part::default() };
    let overlays = request.edits.beyond.overlays();
    let overlays = overlays.map(|o| Part { bucket: o.bucket.clone(), key: o.key.clone(), ..Part::default() });
    std::iter::once(source).chain(overlays).collect()
}

impl Part {
    /// What tells this version of the part from others: its ETag, else a hash of its bytes; `None` while neither is known.
    fn version(&self) -> Option<String> {
        self.object.etag.clone().or_else(|| self.bytes.as_deref().map(etag::of_bytes))
    }
}

/// What tells these versions of all parts from others, kept with a derived object as `source-etag`: of one part its own
/// version, of several a hash over buckets, keys and versions. `None` while a version is not known.
pub fn version(parts: &[Part]) -> Option<String> {
    if let [part] = parts {
        return part.version();
    }
    let mut fields = Vec::new();
    for part in parts {
        let version = part.version()?;
        fields.extend([part.bucket.clone().unwrap_or_default(), part.key.clone(), version]);
    }
    Some(etag::of_fields(&fields.iter().map(String::as_str).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(bucket: Option<&str>, key: &str, etag: Option<&str>) -> Part {
        let object = Object { etag: etag.map(str::to_owned), ..Object::default() };
        Part { bucket: bucket.map(str::to_owned), key: key.to_owned(), object, bytes: None }
    }

    #[test]
    fn one_part_has_its_own_version_and_several_have_one_over_everything() {
        assert_eq!(version(&[part(None, "a", Some("\"1\""))]).as_deref(), Some("\"1\""));
        let of = |bucket, key, etag| version(&[part(None, "a", Some("\"1\"")), part(bucket, key, Some(etag))]);
        let known = of(None, "b", "\"2\"");
        assert!(known.is_some());
        assert_ne!(known, of(None, "b", "\"3\""));
        assert_ne!(known, of(None, "c", "\"2\""));
        assert_ne!(known, of(Some("other"), "b", "\"2\""));
    }

    #[test]
    fn a_part_without_an_etag_is_known_by_its_bytes() {
        let mut unknown = part(None, "a", None);
        assert_eq!(version(&[unknown.clone()]), None);
        unknown.bytes = Some(vec![1, 2, 3]);
        let first = version(&[unknown.clone()]);
        unknown.bytes = Some(vec![1, 2, 4]);
        assert!(first.is_some() && first != version(&[unknown]));
    }
}
