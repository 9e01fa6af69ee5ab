//! WebP (RFC 9649) by libwebp 1.6, natively and in WebAssembly: encoded from planes or from pixels, decoded by rows.
//!
//! The unit of work is a picture, or a row of one that is read. libwebp is C, by way of `libwebp-sys`. On wasm32, `wasm32/include` maps its SSE2 intrinsics to 128-bit
//! vectors, and `libc.rs` has the few functions that it needs of a C library, so the module imports nothing. Files are the same to the
//! byte as natively, unless memory makes libwebp use less effort: natively it has no limit.
//!
//! All calls to C are in `picture` and `decode`. Lack of memory is an error: in WebAssembly libwebp may allocate no more than [`memory`] says and
//! [`Options::room`] leaves, and a picture that needs more is encoded with less effort.

mod container;
mod decode;
mod encode;
mod error;
mod import;
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
mod libc;
mod limit;
mod memory;
mod options;
#[allow(unsafe_code)]
mod picture;
mod planes;

pub use decode::{DecodeError, Lines, LosslessRows, LossyRows, RgbaRows, lossless_memory, lossy_memory, rgba_memory};
pub use encode::{encode_pixels, encode_planes};
pub use error::Error;
pub use memory::{least_memory, memory, planes_memory};
pub use options::Options;
pub use planes::Planes;

/// The longest side of a WebP.
pub const LONGEST_SIDE: u32 = (1 << 14) - 1;
