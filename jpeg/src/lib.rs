//! JPEG decoding and encoding for machines with little memory and no threads.
//!
//! The decoder answers [`Header`] first (sizes, tables, metadata, memory to
//! come), then rows: one MCU row at a time as planes, as stored, scaled by 1,
//! 1/2, 1/4 or 1/8 while decoding, doing only the work the scale needs.
//!
//! ```no_run
//! # fn main() -> Result<(), deckle_jpeg::Error> {
//! # let bytes: &[u8] = &[];
//! use deckle_jpeg::{Decoder, Header, Options, Scale};
//!
//! let header = Header::parse(bytes)?;
//! let mut decoder = Decoder::new(&header, Scale::Eighth, &Options::default())?;
//! while let Some(rows) = decoder.next_rows() {
//!     for plane in rows.planes() {
//!         for line in plane.lines() {
//!             // `line` is `plane.width` samples of one component
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Source: ITU-T T.81 (JPEG), T.871 (JFIF), T.872 (Adobe segment).

mod decode;
mod error;
mod header;
mod limits;
mod simd;
mod zigzag;

pub use decode::{ChromaScale, Decoder, Options, Plane, Reduction, Rows};
pub use error::{Error, Unsupported};
pub use header::{Color, Component, Density, Frame, Header, PlaneSize, Scale};
pub use limits::Limits;
