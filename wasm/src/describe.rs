//! What a file's header tells.

use deckle::Image;
use serde_json::json;
use wasm_bindgen::prelude::*;

/// `{"format","contentType","width","height","alpha","frames","progressive"}` of an image, sizes upright; throws an `Error` with a
/// `code` for what is none. Nothing is decoded.
#[wasm_bindgen]
pub fn describe(bytes: &[u8]) -> Result<String, JsValue> {
    let image = Image::open(bytes).map_err(|e| crate::error::with_code(e.code(), &e.to_string()))?;
    let info = image.info();
    let size = info.orientation.apply(info.size);
    Ok(json!({
        "format": info.format.word(), "contentType": info.format.media_type(),
        "width": size.width, "height": size.height,
        "alpha": info.has_alpha, "frames": info.frames, "progressive": info.progressive,
    })
    .to_string())
}
