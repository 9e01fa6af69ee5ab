//! The dialect of AWS's Serverless Image Handler, version 7: JSON in base64, Thumbor's paths, query edits.
//!
//! [`reading`] says what a request means in the handler's own terms, [`edits`] makes edits of ours of that.

mod colour;
mod detection;
mod edits;
mod error;
mod filters;
mod format;
mod headers;
mod json;
mod looks;
mod overlay;
mod reading;
mod resize;
mod seal;
mod settings;
mod settled;
mod thumbor;

pub(super) use colour::of_filter as colour_of;
pub(super) use error::bucket;
pub use error::{FACE_INDEX, FACE_PADDING, MODERATION_FAILED, OVERLAY, SMART_CROP_FAILED};
pub use seal::WORDS;
pub use settings::{ObjectSource, SihSource};

pub(super) use json::{Json, Members};
pub(super) use reading::{Kind, Kinds, Sent, decoded, is_marked, read};
pub(super) use settings::Sih;

use super::accept::on_own_scale;
use super::{Asked, Request, RequestError};

/// A request of this dialect.
pub(super) fn request(sent: &Sent<'_>, kinds: Kinds, settings: &Sih) -> Result<Request, RequestError> {
    let reading = read(sent, kinds, settings)?;
    // no object has an empty name: it is not found
    let source = reading.key.clone().unwrap_or_default();
    let edits = on_own_scale(edits::edits(&reading, settings)?, &source).reduced();
    let is_first = settings.source_buckets.first() == Some(&reading.bucket);
    let asked = Asked { headers: reading.headers, seconds_left: reading.seconds_left };
    // what a path cannot say would be lost behind it
    let said = super::beyond::says(&edits);
    if !said {
        return Err(error::processing("edits", "values that a path can hold"));
    }
    // a path does not name the first bucket
    let bucket = (!is_first).then_some(reading.bucket);
    super::canonical::check_length(&edits, bucket.as_deref(), &source)?;
    Ok(Request {
        edits,
        key: super::key::encode(&source),
        source,
        negotiated: reading.negotiated,
        hinted: false,
        saves_data: false,
        bucket,
        asked: Some(asked),
    })
}
