//! Edits: what a request asks to be done to an image, as written, before the image is known.
//!
//! [`table::ROWS`] is the only list of edits. [`Edits`] is its typed form.

mod reduced;
mod types;
mod value;

mod alpha;
mod colours;
mod filters;
mod row;
pub mod table;

pub use types::{Crop, Device, Edits, Fit, Point, Position, Ratio, Rotate, Trim, Unit};
pub use value::{Kind, Place, Value};
