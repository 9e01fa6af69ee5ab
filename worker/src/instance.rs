//! The WebAssembly instance: its memory, and when it is replaced.

/// Linear memory never shrinks. An instance with more than this is replaced when it has nothing to do.
const LARGE_BYTES: usize = 32 << 20;

/// Linear memory, in bytes.
pub fn memory_bytes() -> usize {
    #[cfg(target_arch = "wasm32")]
    return core::arch::wasm32::memory_size::<0>() << 16;
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// To be called when no task is left. The next call into WebAssembly makes a new instance of the same module, which is
/// compiled already; the old one's memory goes with it.
pub fn replace_if_large() {
    if memory_bytes() > LARGE_BYTES {
        wasm_bindgen::handler::schedule_reinit();
    }
}
