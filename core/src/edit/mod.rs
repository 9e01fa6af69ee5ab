//! Edits: what a request asks to be done to an image, as written, before the image is known.
//!
//! [`table::ROWS`] is the only list of edits. [`Edits`] is its typed form.

mod colour;
mod types;
mod value;

pub mod table;

pub use colour::Colour;
pub use types::{Crop, Device, Edits, Fit, Metadata, OutputFormat, Point, Position, Rotate, Style};
pub use value::{Kind, Place, Value};
