//! Deckle's core: image request dialects, plan and pixel pipeline. Pure functions on slices; no HTTP, clock, environment or files.

#![forbid(unsafe_code)]

mod codec;
mod colour;
mod error;
mod limits;
mod metadata;
mod op;
mod pipeline;

pub mod edit;
pub mod image;
pub mod plan;
pub mod request;

pub use codec::probe;
pub use error::Error;
pub use limits::Limits;
pub use pipeline::{Output, Stage, transform};
