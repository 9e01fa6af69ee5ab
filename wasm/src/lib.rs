//! Deckle's core and edge for JavaScript hosts. See `wasm/README.md` for the exchange's protocol.
#![forbid(unsafe_code)]
// what wasm-bindgen expands to is its own affair
#![allow(missing_docs)]

mod canonical;
mod describe;
mod error;
mod exchange;
mod explain;
mod transform;

pub use canonical::{canonical, understand};
pub use describe::describe;
pub use exchange::{Deckle, Exchange};
pub use explain::explain_sih;
pub use transform::{Transformed, transform};

use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Makes V8 compile the common path before the first request does.
#[wasm_bindgen(js_name = warmUp)]
pub fn warm_up() {
    deckle_edge::warm_up();
}

/// Linear memory in bytes. It never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
pub fn memory_bytes() -> f64 {
    use wasm_bindgen::JsCast;
    let memory = wasm_bindgen::memory().dyn_into::<js_sys::WebAssembly::Memory>();
    let buffer = memory.map(|memory| memory.buffer().unchecked_into::<js_sys::ArrayBuffer>());
    buffer.map_or(0.0, |buffer| f64::from(buffer.byte_length()))
}
