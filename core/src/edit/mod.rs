//! Edits: what a request asks to be done to an image, as written, before the image is known.
//!
//! [`table::ROWS`] is the only list of edits. [`Edits`] is its typed form.

mod beyond;
mod detected;
mod detection;
mod reduced;
mod region;
mod types;
mod value;

mod alpha;
mod colours;
mod composition;
mod filters;
mod items;
mod lettering;
mod lettering_text;
mod number;
mod overlay;
mod overlay_text;
mod row;
pub mod table;

pub use beyond::{Beyond, Round, Step};
pub use composition::{MOST_OVERLAYS, MOST_TEXTS};
pub use deckle_pixels::Blend;
pub use detection::{FACE, Face, FaceBox, Moderation, PADDING};
pub use lettering::Lettering;
pub use overlay::{Distance, Extent, Overlay};
pub(crate) use overlay_text::{blend_mode, blend_word};
pub use region::{Crop, Unit};
pub use types::{Device, Edits, Fit, Light, MANY_COLOURS, Point, Position, Ratio, Report, Rotate, Trim};
pub use value::{Kind, Place, Value};
