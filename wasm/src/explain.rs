//! A request of AWS's dialect in that dialect's own terms.

use deckle::edit::Device;
use deckle::request::{Settings, SettingsSource, Viewer};
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::error::with_code;

/// What AWS's handler would make of a request: `{"requestType","bucket","key","edits",…}`, or `{"error":{"code","message"}}`; throws
/// only for unusable settings. `seconds` is the time, `content_type` and `bytes` the source's media type and first bytes.
#[wasm_bindgen(js_name = explainSih)]
pub fn explain_sih(
    path: &str,
    query: &str,
    accept: Option<String>,
    seconds: f64,
    settings_json: &str,
    content_type: Option<String>,
    bytes: &[u8],
) -> Result<String, JsValue> {
    let wrong = |message: String| with_code("invalid_configuration", &message);
    let source: SettingsSource = serde_json::from_str(settings_json).map_err(|e| wrong(e.to_string()))?;
    let settings = Settings::new(&source).map_err(|e| wrong(e.to_string()))?;
    let viewer = Viewer { accept: accept.as_deref(), seconds: Some(seconds as u64), ..Viewer::default() };
    let explained = deckle::request::explain((path, query), &viewer, &settings, (content_type.as_deref(), bytes));
    Ok(explained
        .unwrap_or_else(|error| json!({ "error": { "code": error.code(), "message": error.to_string() } }).to_string()))
}
