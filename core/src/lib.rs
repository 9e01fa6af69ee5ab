//! Deckle's core: image request dialects, plan and pixel pipeline. Pure functions on slices; no HTTP, clock, environment or
//! files.
//!
//! ```no_run
//! use deckle::{Image, Limits, edit::Edits, transform};
//!
//! # fn main() -> Result<(), deckle::Error> {
//! # let bytes = Vec::new();
//! let image = Image::open(&bytes)?;
//! let plan = image.plan(&Edits { width: Some(400), ..Edits::default() }, &Limits::default())?;
//! let output = transform(&image, &plan, &mut |_| ())?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod codec;
mod colour;
mod embed;
mod error;
mod flow;
mod gain_map;
mod inside;
mod limits;
mod linear;
mod look;
mod metadata;
mod object_name;
mod open;
mod quality;
mod render;
mod report;
mod resize;
mod search;
mod words;

pub mod edit;
pub mod image;
pub mod op;
pub mod plan;
pub mod request;

/// Raised whenever the same plan begins to give other bytes, so that what was made before is told from what is made now.
pub const ENGINE_VERSION: u32 = 5;

pub use error::Error;
pub use limits::Limits;
pub use open::Image;
pub use render::{Output, Picture, Rendered, Stage, encode, render, transform};
pub use report::make;
