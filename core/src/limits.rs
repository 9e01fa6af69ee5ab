//! Limits on work, safe by default, checked on the header and the plan before the first large allocation.

use serde::{Deserialize, Serialize};

use crate::Error;

/// What one transformation may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the encoded source.
    pub source_bytes: u64,
    /// Pixels of the source, width × height.
    pub source_pixels: u64,
    /// Pixels of the output, padding included.
    pub output_pixels: u64,
    /// Frames of an animation that stays one, or up to the one that is asked for.
    pub frames: u32,
    /// Pixels of all frames of an animation that stays one: as stored and of the canvas together, and of the output.
    pub animation_pixels: u64,
    /// Everything that is held at the worst moment of a transformation, in bytes: the source, what it is decoded to, what the encoder
    /// keeps, and the result.
    pub memory_bytes: u64,
    /// Images that may be stored of one source, 1,000 at most; 0 for as many as are asked for.
    pub variants: u32,
}

impl Default for Limits {
    /// For an isolate of 128 MB: `memory_bytes` of its own linear memory, and 48 MB for the engine, the host, what the allocator loses
    /// between its pieces, and the copies of source and result that the host holds in JavaScript.
    fn default() -> Self {
        Self {
            source_bytes: 32 << 20,
            source_pixels: 120_000_000,
            output_pixels: 25_000_000,
            frames: 1_000,
            animation_pixels: 200_000_000,
            memory_bytes: 80 << 20,
            variants: 0,
        }
    }
}

/// How errors name [`Limits::memory_bytes`].
pub(crate) const MEMORY: &str = "memory bytes";

/// Fails when `needed` is over `limit`.
pub(crate) fn check(what: &'static str, needed: u64, limit: u64) -> Result<(), Error> {
    if needed > limit { Err(Error::Limit { what, needed, limit }) } else { Ok(()) }
}
