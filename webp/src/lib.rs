//! WebP encoding (RFC 9649) by libwebp 1.6, natively and in WebAssembly, from planes or from pixels.
//!
//! The unit of work is a picture. libwebp is C, by way of `libwebp-sys`; on wasm32 its SSE2 code runs on 128-bit vectors by the headers
//! in `wasm32/include`, the few functions it wants of a C library are in `libc.rs`, and nothing is imported. Its output is the
//! same to the byte as natively, as long as libwebp has the memory that it wants: natively there is no limit.
//!
//! Every call to C is in this crate. Nothing here panics or aborts for want of memory: in WebAssembly
//! libwebp gets no more than [`memory`] says or [`Options::room`] leaves, and does with less effort what it cannot do with that.

mod container;
mod encode;
mod error;
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
mod libc;
mod memory;
mod options;
#[allow(unsafe_code)]
mod picture;
mod planes;

pub use encode::{encode_pixels, encode_planes};
pub use error::Error;
pub use memory::{least_memory, memory, planes_memory};
pub use options::Options;
pub use planes::Planes;

/// The longest side of a WebP.
pub const LONGEST_SIDE: u32 = (1 << 14) - 1;
