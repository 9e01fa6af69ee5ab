//! Deckle's edge: one HTTP exchange as a state machine, without I/O.
//!
//! A host begins an [`Exchange`], does what each [`Step`] says, and answers. Which object to load, what to store, status,
//! headers and error bodies are decided here, once, for every host.
#![forbid(unsafe_code)]

mod answer;
mod condition;
mod config;
mod detection;
mod dialect;
mod error;
mod etag;
mod exchange;
mod head;
mod index;
mod made;
mod media_type;
mod object;
mod part;
mod timing;
mod warm_up;

pub use answer::{Answer, ByteRange, Put, Send};
pub use config::{CacheControl, Config, ConfigError, Damaged};
pub use detection::{Bounds, Detect, Detected, Label};
pub use exchange::{Exchange, Start, Step, Store};
pub use head::Head;
pub use index::IndexEntry;
pub use object::{Failure, Object};
pub use warm_up::warm_up;
