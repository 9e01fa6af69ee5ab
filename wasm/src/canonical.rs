//! What a URL means, without an exchange.

use deckle::edit::Device;
use deckle::request::{Request, Settings, SettingsSource, Viewer};
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::error::with_code;

/// `{"path","stored"}` or `{"error":{"code","parameter","message"}}` as JSON; throws only for unusable settings.
#[wasm_bindgen]
pub fn canonical(
    path: &str,
    query: &str,
    accept: Option<String>,
    device: Option<String>,
    settings_json: Option<String>,
) -> Result<String, JsValue> {
    let wrong = |message: String| with_code("invalid_configuration", &message);
    let source: SettingsSource =
        serde_json::from_str(settings_json.as_deref().unwrap_or("{}")).map_err(|e| wrong(e.to_string()))?;
    let settings = Settings::new(&source).map_err(|e| wrong(e.to_string()))?;
    let viewer = Viewer { accept: accept.as_deref(), device: device.as_deref().and_then(Device::from_word) };
    let answer = match Request::parse(path, query, &viewer, &settings) {
        Ok(request) => json!({ "path": request.path(), "stored": request.stored_key() }),
        Err(error) => json!({
            "error": { "code": error.code(), "parameter": error.name(), "message": error.to_string() }
        }),
    };
    Ok(answer.to_string())
}
