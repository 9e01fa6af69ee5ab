//! Errors as JavaScript `Error`s with a `code`.

use wasm_bindgen::prelude::*;

pub fn with_code(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    // setting a property of an object we just made cannot fail
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
