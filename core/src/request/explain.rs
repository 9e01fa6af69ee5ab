//! A request of AWS's dialect in its handler's own terms, as JSON: for tests, and for whoever moves URLs.

use super::sih::{Json, Kind, Kinds, Members, Sent, Sih, read};
use super::{Asked, RequestError, Settings, Viewer};

/// `{"requestType","bucket","key","edits","outputFormat","effort","headers","contentType"}` of a request for a source of this
/// media type and these first bytes; `expires` is the time that is left, in seconds.
///
/// # Errors
/// Those of the request.
pub fn explain(
    (path, query): (&str, &str),
    viewer: &Viewer<'_>,
    settings: &Settings,
    (content_type, bytes): (Option<&str>, &[u8]),
) -> Result<String, RequestError> {
    let sih: &Sih = &settings.sih;
    let reading =
        read(&Sent { path, query, is_sorted: false, viewer: *viewer }, Kinds { json: true, thumbor: true }, sih)?;
    let settled = reading.settled(content_type, bytes)?;
    let kind = match reading.kind {
        Kind::Default => "Default",
        Kind::Custom => "Custom",
        Kind::Thumbor => "Thumbor",
    };
    let mut out = Members::default();
    let text = |text: &str| Json::Text(text.to_owned());
    out.set("requestType", text(kind));
    out.set("bucket", text(&reading.bucket));
    if let Some(key) = &reading.key {
        out.set("key", text(key));
    }
    if let Some(edits) = &settled.edits {
        out.set("edits", Json::Object(edits.clone()));
    }
    if let Some(format) = &settled.output_format {
        out.set("outputFormat", text(format));
    }
    if let Some(effort) = settled.effort {
        out.set("effort", Json::Number(effort.into()));
    }
    if !reading.headers.is_empty() {
        let headers = out.object("headers");
        for (name, value) in &reading.headers {
            headers.set(name, text(value));
        }
    }
    if let Some(seconds) = reading.seconds_left {
        out.set("expires", Json::Number(seconds as f64));
    }
    out.set("contentType", text(&settled.content_type));
    // what headers of the request and its end take the place of
    out.set("cacheControl", text(&Asked::default().cache_control(None)));
    Ok(Json::Object(out).to_string())
}
