//! What becomes of a reading once the source's media type is known.

use super::error;
use super::json::Members;
use super::reading::{Kind, Reading};
use crate::request::RequestError;

/// Media types of sources that the handler believes.
const TYPES: &[&str] =
    &["image/png", "image/jpeg", "image/webp", "image/tiff", "image/gif", "image/svg+xml", "image/avif"];

/// Formats with a quality of their own.
pub const QUALITIES: &[&str] = &["jpeg", "png", "webp", "tiff", "heif", "gif", "avif"];

/// A reading with its output decided.
#[derive(Clone, Debug)]
pub struct Settled {
    pub edits: Option<Members>,
    pub output_format: Option<String>,
    pub effort: Option<u8>,
    pub content_type: String,
}

impl Reading {
    /// Decides the output for a source of this media type and these first bytes.
    ///
    /// # Errors
    /// The media type is not believed, and the bytes are no image.
    pub fn settled(&self, stored: Option<&str>, bytes: &[u8]) -> Result<Settled, RequestError> {
        let content_type = match stored {
            // quirk
            None => "image".to_owned(),
            Some(stored) if TYPES.contains(&stored) => stored.to_owned(),
            Some(_) => inferred(bytes).ok_or_else(error::unknown_type)?.to_owned(),
        };
        let is_svg = content_type == "image/svg+xml";
        let to_format = self.to_format();
        let has_edits = self.edits.as_ref().is_some_and(|edits| !edits.is_empty());
        let default = (is_svg && has_edits && to_format.is_none()).then(|| "png".to_owned());
        let is_decided = !is_svg || to_format.is_some() || default.is_some();
        let output_format = match to_format {
            _ if !is_decided => None,
            Some(format) => Some(format),
            None => self.output_format.clone().or(default),
        };
        let content_type = output_format.as_ref().map_or(content_type, |format| format!("image/{format}"));
        let edits = self.edits.clone().map(|edits| self.with_quality(edits, output_format.as_deref()));
        Ok(Settled { edits, output_format, effort: self.effort.filter(|_| is_decided), content_type })
    }

    /// The format that the edits state.
    pub fn to_format(&self) -> Option<String> {
        let format = self.edits.as_ref()?.get("toFormat")?;
        match format.text() {
            Some(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
            None => Some(format.to_string()).filter(|_| format.is_truthy()),
        }
    }

    /// The output's format as far as the request decides it.
    pub fn output(&self) -> Option<String> {
        self.to_format().or_else(|| self.output_format.clone())
    }

    /// Quirk: the first quality of a path becomes that of the output's format; one in JSON stays that of its own.
    pub fn with_quality(&self, mut edits: Members, output: Option<&str>) -> Members {
        let Some(output) = output.filter(|output| QUALITIES.contains(output)) else {
            return edits;
        };
        let stated = edits.iter().map(|(name, _)| name).find(|name| QUALITIES.contains(name)).map(str::to_owned);
        if let Some(stated) = stated.filter(|stated| self.kind != Kind::Default && stated != output)
            && let Some(options) = edits.remove(&stated)
        {
            edits.set(output, options);
        }
        edits
    }
}

/// By the first bytes.
fn inferred(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        // quirk: any RIFF file
        [b'R', b'I', b'F', b'F', ..] => Some("image/webp"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some("image/tiff"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [0xff, 0xd8, ..] => Some("image/jpeg"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Some("image/avif"),
        _ => None,
    }
}
