//! What a URL means, without an exchange.

use deckle::edit::Device;
use deckle::edit::table::ROWS;
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
    width: Option<u32>,
    saves_data: Option<bool>,
) -> Result<String, JsValue> {
    let settings = read_settings(settings_json.as_deref())?;
    let device = device.as_deref().and_then(Device::from_word);
    let saves_data = saves_data == Some(true);
    let viewer = Viewer { accept: accept.as_deref(), device, width, saves_data, seconds: None };
    Ok(answer(Request::parse(path, query, &viewer, &settings)))
}

/// The same for a path that was decided on before: no query, no viewer and no setting counts.
#[wasm_bindgen(js_name = readCanonical)]
pub fn read_canonical(path: &str) -> String {
    answer(Request::parse_canonical(path))
}

/// What a URL of any dialect of the settings means, as parameters of the native one: `{"key","bucket","edits":{"width":"400",…},
/// "path","stored","original"}`, or the error as above. What the native dialect has no parameter for stands in the path alone, as
/// its token `ops`. Throws only for unusable settings.
#[wasm_bindgen]
pub fn understand(
    path: &str,
    query: &str,
    accept: Option<String>,
    settings_json: Option<String>,
) -> Result<String, JsValue> {
    let settings = read_settings(settings_json.as_deref())?;
    // a request that ends is understood as on its last day
    let viewer = Viewer { accept: accept.as_deref(), seconds: Some(0), ..Viewer::default() };
    Ok(match Request::parse(path, query, &viewer, &settings) {
        Ok(request) => {
            let edits: serde_json::Map<String, serde_json::Value> = ROWS
                .iter()
                .filter_map(|row| Some((row.name.into(), (row.get)(&request.edits)?.to_string().into())))
                .collect();
            json!({
                "key": request.source, "bucket": request.bucket, "edits": edits,
                "path": request.path(), "stored": request.stored_key(), "original": request.is_original(),
            })
            .to_string()
        }
        refused => answer(refused),
    })
}

fn read_settings(json: Option<&str>) -> Result<Settings, JsValue> {
    let wrong = |message: String| with_code("invalid_configuration", &message);
    let source: SettingsSource = serde_json::from_str(json.unwrap_or("{}")).map_err(|e| wrong(e.to_string()))?;
    Settings::new(&source).map_err(|e| wrong(e.to_string()))
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
