//! What a URL means, without an exchange.

use deckle::edit::Device;
use deckle::request::{Request, RequestError, Settings, SettingsSource, Viewer};
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::error::with_code;

/// `{"path","stored","original"}` or `{"error":{"code","parameter","message"}}` as JSON; throws only for unusable settings.
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
    let viewer =
        Viewer { accept: accept.as_deref(), device: device.as_deref().and_then(Device::from_word), seconds: None };
    Ok(answer(Request::parse(path, query, &viewer, &settings)))
}

/// The same for a path that was decided on before: no query, no viewer and no setting counts.
#[wasm_bindgen(js_name = readCanonical)]
pub fn read_canonical(path: &str) -> String {
    answer(Request::parse_canonical(path))
}

fn answer(request: Result<Request, RequestError>) -> String {
    let answer = match request {
        Ok(request) => {
            let original = request.edits.is_empty();
            json!({ "path": request.path(), "stored": request.stored_key(), "original": original })
        }
        Err(error) => json!({
            "error": { "code": error.code(), "parameter": error.name(), "message": error.to_string() }
        }),
    };
    answer.to_string()
}
