//! The WebAssembly instance: its memory, and when it is replaced.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::task;

/// Linear memory never shrinks. An instance with more than this is replaced when it has nothing to do.
const LARGE_BYTES: usize = 32 << 20;

/// Linear memory, in bytes.
pub fn memory_bytes() -> usize {
    #[cfg(target_arch = "wasm32")]
    return core::arch::wasm32::memory_size::<0>() << 16;
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// Says whose image is being made from now on, for `entry.js` to know whose a trap is.
pub fn at_work(request: Option<&web_sys::Request>) {
    let request = request.map_or(JsValue::UNDEFINED, JsValue::from);
    // setting a property of the global object cannot fail
    let _ = js_sys::Reflect::set(&js_sys::global(), &"deckleAtWork".into(), &request);
}

/// Whether the instance holds too much for having nothing to do. `entry.js` asks between two calls into WebAssembly, as an instance
/// cannot be replaced while one of its functions runs.
#[wasm_bindgen(js_name = shouldBeReplaced)]
pub fn should_be_replaced() -> bool {
    task::count() == 0 && memory_bytes() > LARGE_BYTES
}
