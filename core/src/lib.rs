//! Deckle's core: image request dialects, plan and pixel pipeline. Pure functions on slices; no HTTP, clock, environment or files.

mod error;
mod limits;

pub mod edit;
pub mod image;
pub mod plan;
pub mod request;

pub use error::Error;
pub use limits::Limits;
