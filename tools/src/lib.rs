//! The two tools of wasm-bindgen that Deckle's build runs, `wasm-bindgen` and `wasm-bindgen-test-runner`.
//!
//! Both take the options of the originals that the Makefile uses, under the same names, so that the originals can stand in for
//! them. Compiling the originals (`wasm-bindgen-cli`) takes several times as long, because they bring an HTTP client, a web server
//! and a WebDriver client for tests in browsers, which Deckle has none of. The bindings are made by the same library.

pub mod bindings;
pub mod test_options;
pub mod test_script;
pub mod tests;

/// The version of wasm-bindgen whose modules these tools read.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
