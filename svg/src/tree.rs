//! A file's text becomes a tree, once it is known to be small enough.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use roxmltree::{Document, ParsingOptions};
use usvg::{ImageHrefResolver, ImageKind, Options, Tree};

use crate::lettering::lettered;
use crate::scan::{Counted, counted};
use crate::size::{self, DPI};
use crate::styles::Styles;
use crate::survey::grown;
use crate::{Error, Facts, document};

/// Bytes that XML may take to be parsed.
const MOST_XML: u64 = 24 << 20;

/// Bytes that trees of drawings inside may take beside the tree of the file.
const MOST_INSIDE: u64 = 4 << 20;

/// What is known before there is a tree.
struct Known {
    size: Option<(f32, f32)>,
    memory: u64,
}

/// The text of a file, its letters made paths.
fn prepared(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let text = document::text(bytes)?;
    if !text.contains("text") {
        return Ok(text);
    }
    let counted = checked(&text)?;
    let document = parsed(&text)?;
    let styles = Styles::of(&document, counted.nodes)?;
    match lettered(&text, &document, &styles)? {
        Cow::Borrowed(_) => {
            drop(document);
            Ok(text)
        }
        Cow::Owned(made) => Ok(Cow::Owned(made)),
    }
}

/// What is in a text, small enough to be parsed.
fn checked(text: &str) -> Result<Counted, Error> {
    let counted = counted(text)?;
    let bytes = counted.bytes();
    if bytes > MOST_XML {
        return Err(Error::Limit { what: "SVG elements, in bytes that they take", needed: bytes, limit: MOST_XML });
    }
    Ok(counted)
}

fn known(text: &str, is_own: bool) -> Result<Known, Error> {
    let counted = checked(text)?;
    // what letters were before they were paths is kept beside them for a while
    let owned = if is_own { 2 * text.len() as u64 } else { 0 };
    let xml = counted.bytes() + owned;
    let document = parsed(text)?;
    let styles = Styles::of(&document, counted.nodes)?;
    let grown = grown(&document, &styles)?;
    let inside = if text.contains("data:") { MOST_INSIDE } else { 0 };
    let memory = xml
        .saturating_add(styles.memory())
        .saturating_add(grown.memory())
        .saturating_add(inside)
        .saturating_add(64 << 10);
    Ok(Known { size: size::stated(document.root_element()), memory })
}

fn parsed(text: &str) -> Result<Document<'_>, Error> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| Error::Corrupt(error.to_string()))
}

/// What a file states.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Unsupported`], [`Error::Limit`].
pub fn facts(bytes: &[u8]) -> Result<Facts, Error> {
    let text = prepared(bytes)?;
    let known = known(&text, matches!(text, Cow::Owned(_)))?;
    let (width, height) = match known.size {
        Some(size) => size,
        None if known.memory > MOST_XML => {
            return Err(Error::Limit { what: "SVG elements without a size", needed: known.memory, limit: MOST_XML });
        }
        None => {
            let size = of_text(&text)?.size();
            (size.width(), size.height())
        }
    };
    Ok(Facts { width, height, memory: known.memory })
}

/// The tree of a file.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Unsupported`], [`Error::Limit`].
pub fn read(bytes: &[u8]) -> Result<Tree, Error> {
    of_text(&prepared(bytes)?)
}

fn of_text(text: &str) -> Result<Tree, Error> {
    let left = AtomicU64::new(MOST_INSIDE);
    let options = Options {
        dpi: DPI,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, data, _| inside(data, &left)),
            // nothing outside of the file is loaded
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let document = parsed(text)?;
    Tree::from_xmltree(&document, &options).map_err(|error| match error {
        usvg::Error::InvalidSize => Error::corrupt("its size is not above 0"),
        error => Error::Corrupt(error.to_string()),
    })
}

/// A picture inside, told by its bytes; of drawings no more than there is room left for.
fn inside(data: Arc<Vec<u8>>, left: &AtomicU64) -> Option<ImageKind> {
    match data.as_slice() {
        [0xff, 0xd8, 0xff, ..] => Some(ImageKind::JPEG(data)),
        [0x89, b'P', b'N', b'G', ..] => Some(ImageKind::PNG(data)),
        [b'G', b'I', b'F', b'8', ..] => Some(ImageKind::GIF(data)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageKind::WEBP(data)),
        bytes if document::is_svg(bytes) => {
            let text = prepared(bytes).ok()?;
            let memory = known(&text, true).ok()?.memory;
            let before = left.load(Ordering::Relaxed);
            left.store(before.checked_sub(memory)?, Ordering::Relaxed);
            let options = Options {
                dpi: DPI,
                image_href_resolver: ImageHrefResolver {
                    // pictures in drawings in drawings are left out
                    resolve_data: Box::new(|_, _, _| None),
                    resolve_string: Box::new(|_, _| None),
                },
                ..Options::default()
            };
            Tree::from_xmltree(&parsed(&text).ok()?, &options).ok().map(ImageKind::SVG)
        }
        _ => None,
    }
}
