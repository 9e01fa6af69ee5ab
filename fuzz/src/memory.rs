//! Bytes that a thread has allocated.

pub use deckle_testkit::peak;
