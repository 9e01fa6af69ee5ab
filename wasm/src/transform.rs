//! One image, one URL, no exchange.

use deckle::request::{Request, Settings, Viewer};
use deckle::{Image, Limits};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::error::with_code;

/// A transformed image.
#[wasm_bindgen]
pub struct Transformed {
    bytes: Uint8Array,
    content_type: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

#[wasm_bindgen]
impl Transformed {
    /// The encoded image, in JavaScript's memory: the same array each time.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> Uint8Array {
        self.bytes.clone()
    }

    /// Its media type.
    #[wasm_bindgen(getter, js_name = contentType)]
    pub fn content_type(&self) -> String {
        self.content_type.to_owned()
    }
}

/// Does to an image what a URL says (`/400w/bw/x.jpg`, or `/x.jpg?width=400&style=bw`); throws an `Error` with a `code`.
#[wasm_bindgen]
pub fn transform(source: Vec<u8>, url: &str) -> Result<Transformed, JsValue> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let request = Request::parse(path, query, &Viewer::default(), &Settings::default())
        .map_err(|e| with_code(e.code(), &e.to_string()))?;
    let run = || {
        let image = Image::open(&source)?;
        deckle::make(&image, &request.edits, &Limits::default(), &mut |_| ())
    };
    let output = run().map_err(|e| with_code(e.code(), &e.to_string()))?;
    Ok(Transformed {
        content_type: output.media_type,
        width: output.size.width,
        height: output.size.height,
        bytes: Uint8Array::from(output.bytes.as_slice()),
    })
}
