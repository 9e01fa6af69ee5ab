//! The index of the derived store: for every image an object under `_i/` and the key of each source it was made from, so that
//! those of one source are found without a look at all others. An image's own key has its size before the source's name.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::part::Part;

/// The folder of the derived store that holds the index. No source is served from it.
pub use deckle::request::INDEX as FOLDER;

/// The longest name of an object, in bytes.
const MAX_NAME_BYTES: usize = deckle::request::MAX_KEY_BYTES;

/// One object of the index, to be stored before the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexEntry {
    /// Its name: `_i/{source}/{dims}~{options}`, or `_i/{source}/={hash}` where that does not tell the image's key.
    pub key: String,
    /// Its content: nothing, or with a hash the image's key.
    pub body: String,
}

/// The entries of an image: one for each source and overlay that it is made of.
pub fn entries(stored_key: &str, parts: &[Part]) -> Vec<IndexEntry> {
    let mut entries: Vec<IndexEntry> = Vec::new();
    for part in parts {
        let entry = entry(stored_key, &part.key);
        if entry.key.len() <= MAX_NAME_BYTES && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// Where the entries of a source are.
pub fn folder(source: &str) -> String {
    format!("{FOLDER}{source}/")
}

fn entry(stored_key: &str, source: &str) -> IndexEntry {
    let edits = stored_key.strip_suffix(source).and_then(|edits| edits.strip_suffix('/')?.split_once('/'));
    if let Some((dims, options)) = edits.filter(|edits| !edits.1.contains('/')) {
        let key = format!("{FOLDER}{source}/{dims}~{options}");
        if key.len() <= MAX_NAME_BYTES {
            return IndexEntry { key, body: String::new() };
        }
    }
    let hash = Sha256::digest(stored_key.as_bytes());
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    IndexEntry { key: format!("{FOLDER}{source}/={hash}"), body: stored_key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(key: &str) -> Part {
        Part { key: key.into(), ..Part::default() }
    }

    fn names(stored_key: &str, sources: &[&str]) -> Vec<(String, String)> {
        let parts: Vec<Part> = sources.iter().map(|key| part(key)).collect();
        entries(stored_key, &parts).into_iter().map(|entry| (entry.key, entry.body)).collect()
    }

    #[test]
    fn an_image_is_found_under_its_source_by_its_edits() {
        let found = names("400h200w/bw~quality-70/a/b c.jpg", &["a/b c.jpg"]);
        assert_eq!(found, [("_i/a/b c.jpg/400h200w~bw~quality-70".into(), String::new())]);
        let found = names("default/bw/400h/bw/x.jpg", &["400h/bw/x.jpg"]);
        assert_eq!(found, [("_i/400h/bw/x.jpg/default~bw".into(), String::new())]);
    }

    #[test]
    fn an_image_is_found_under_each_of_its_overlays_which_keep_its_key() {
        let stored = "default/overlay_bG9nby5wbmc/a.jpg";
        let found = names(stored, &["a.jpg", "logo.png", "logo.png"]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0, "_i/a.jpg/default~overlay_bG9nby5wbmc");
        assert!(found[1].0.starts_with("_i/logo.png/="), "{found:?}");
        assert_eq!(found[1].1, stored);
        // an overlay whose name ends the source's does not look like the source
        let found = names("default/bw/folder/logo.png", &["folder/logo.png", "logo.png"]);
        assert!(found[1].0.starts_with("_i/logo.png/="), "{found:?}");
    }

    #[test]
    fn a_name_that_would_be_too_long_is_a_hash() {
        let source = "s".repeat(970);
        let stored = format!("400h200w/bw~{}/{source}", "q".repeat(40));
        let found = names(&stored, &[&source]);
        assert!(found[0].0.len() <= 1024 && found[0].0.contains("/="), "{found:?}");
        assert_eq!(found[0].1, stored);
        assert_eq!(names("1w/bw/k", &[&"s".repeat(1020)]), []);
    }
}
