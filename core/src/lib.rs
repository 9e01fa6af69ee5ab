//! Deckle's core: image request dialects, plan and pixel pipeline. Pure functions on slices; no HTTP, clock, environment or files.

pub mod edit;
pub mod request;
