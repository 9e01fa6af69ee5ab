//! Media types of objects, by what the store says, else by name.

use deckle::image::Format;

/// Media types of objects that are passed through; those of formats that are read are in their rows.
const BY_EXTENSION: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("pdf", "application/pdf"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("html", "text/html"),
    ("txt", "text/plain"),
    ("xml", "application/xml"),
];

const VAGUE: &[&str] = &["application/octet-stream", "binary/octet-stream"];

/// A media type without parameters, in lower case.
fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

fn by_name(key: &str) -> Option<&'static str> {
    let name = key.rsplit('/').next().unwrap_or("");
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let of_format = Format::from_extension(&extension).map(Format::media_type);
    of_format.or_else(|| BY_EXTENSION.iter().find(|e| e.0 == extension).map(|e| e.1))
}

/// What to answer for an object that is passed through.
pub fn of_object(content_type: Option<&str>, key: &str) -> String {
    match content_type {
        Some(given) if !VAGUE.contains(&essence(given).as_str()) => given.to_owned(),
        given => by_name(key).or(given).unwrap_or("application/octet-stream").to_owned(),
    }
}

/// What an object claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// An image of a kind we transform: by type or by name.
    Image,
    /// Something else: by a definite type, or by name.
    Other,
    /// Nothing; its bytes must tell.
    Nothing,
}

/// Type and name, the type first unless it is vague; a name that claims an image makes the bytes worth a look.
pub fn claim(content_type: Option<&str>, key: &str) -> Claim {
    // what is not read is refused by its bytes, which have to be looked at
    let transformed =
        |mime: &str| Format::from_media_type(mime).is_some() || matches!(mime, "image/heic" | "image/heif");
    let named = by_name(key);
    let stated = content_type.map(essence).filter(|mime| !mime.is_empty() && !VAGUE.contains(&mime.as_str()));
    match (stated, named) {
        (Some(mime), _) if transformed(&mime) => Claim::Image,
        (_, Some(mime)) if transformed(mime) => Claim::Image,
        (Some(_), _) | (None, Some(_)) => Claim::Other,
        (None, None) => Claim::Nothing,
    }
}

/// Whether an object claims to be an SVG.
pub fn is_svg(content_type: Option<&str>, key: &str) -> bool {
    Format::from_media_type(&essence(&of_object(content_type, key))) == Some(Format::Svg)
}

/// Whether no browser runs script in a document of this type: rasters, sound, moving pictures and fonts. Everything else might be
/// shown as a page, now or by the next browser.
pub fn is_scriptless(content_type: &str) -> bool {
    let essence = essence(content_type);
    let is_media = ["image/", "audio/", "video/", "font/"].iter().any(|kind| essence.starts_with(kind));
    is_media && !essence.contains("xml") && !essence.contains("svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vague_type_gives_way_to_the_name() {
        assert_eq!(of_object(Some("binary/octet-stream"), "a/b.SVG"), "image/svg+xml");
        assert_eq!(of_object(Some("text/plain; charset=utf-8"), "b.svg"), "text/plain; charset=utf-8");
        assert_eq!(of_object(None, "b"), "application/octet-stream");
    }

    #[test]
    fn an_image_by_type_or_by_name_is_worth_a_look() {
        assert_eq!(claim(Some("image/png"), "x.txt"), Claim::Image);
        assert_eq!(claim(Some("text/plain"), "x.jpg"), Claim::Image);
        assert_eq!(claim(Some("image/svg+xml"), "x"), Claim::Image);
        assert_eq!(claim(None, "x.pdf"), Claim::Other);
        assert_eq!(claim(Some("application/octet-stream"), "x"), Claim::Nothing);
    }

    #[test]
    fn only_media_are_known_to_run_no_script() {
        for media in ["image/jpeg", "image/avif", "IMAGE/PNG; x=y", "audio/mpeg", "video/mp4", "font/woff2"] {
            assert!(is_scriptless(media), "{media}");
        }
        for page in [
            "image/svg+xml",
            "image/svg",
            "image/x+xml",
            "text/html",
            "text/plain",
            "text/xml",
            "application/rss+xml",
            "application/atom+xml",
            "application/mathml+xml",
            "application/xhtml+xml; charset=utf-8",
            "application/pdf",
            "application/octet-stream",
            "multipart/related",
            "",
        ] {
            assert!(!is_scriptless(page), "{page}");
        }
    }
}
