//! The viewer, who may leave before there is an answer.

use futures_util::future::AbortHandle;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::AbortSignal;

/// Drops a request's task when the viewer leaves; forgets about it when dropped itself.
pub struct Watch {
    signal: AbortSignal,
    _left: Closure<dyn FnMut()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.signal.set_onabort(None);
    }
}

pub fn watch(signal: AbortSignal, handle: AbortHandle) -> Watch {
    let left = Closure::new(move || handle.abort());
    signal.set_onabort(Some(left.as_ref().unchecked_ref()));
    Watch { signal, _left: left }
}
