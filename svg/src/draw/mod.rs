//! A tree drawn: resvg 0.49's renderer (`crates/resvg/src` of <https://github.com/linebender/resvg>, under MIT or Apache-2.0).
//!
//! What is changed: every canvas, path and filter is charged to a [`crate::budget::Budget`] before it is made, and drawing ends where that is
//! spent; pictures inside are decoded by whoever calls; nothing is logged, and nothing panics for want of memory.
#![allow(
    clippy::all,
    missing_docs,
    unused_qualifications,
    reason = "kept as it is in resvg, so that both can be compared"
)]

mod clip;
mod filter;
mod image;
mod mask;
mod path;
pub mod render;

/// What filters may reach, around a canvas.
pub fn max_filter_bbox(width: u32, height: u32) -> Option<tiny_skia::IntRect> {
    let (width, height) = (i32::try_from(width).ok()?, i32::try_from(height).ok()?);
    tiny_skia::IntRect::from_ltrb(
        width.checked_mul(-2)?,
        height.checked_mul(-2)?,
        width.checked_mul(3)?,
        height.checked_mul(3)?,
    )
}
