//! JPEG decoding and encoding for machines with little memory and no threads.
//!
//! The decoder reads a [`Header`] first (sizes, tables, metadata, and from these the memory to come), then gives one row of
//! MCUs at a time as planes, as stored, scaled by 1/8 to 8/8 while decoding, and does no more work than the scale needs.
//! It reads baseline, extended and progressive files, with Huffman or arithmetic coding, and lossless ones. Damage costs as
//! little of the picture as possible, and [`Decoder::damage`] says how much.
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
//! The encoder works the other way round: it gives out rows of planes to fill,
//! and makes the very file that libjpeg-turbo makes of the same pixels with
//! optimised Huffman tables, baseline or progressive; with `effort`, a smaller
//! file of the same quality.
//!
//! ```
//! # fn main() -> Result<(), deckle_jpeg::EncodeError> {
//! # let (width, height) = (20, 10);
//! # let rgb = vec![200; width * height * 3];
//! use deckle_jpeg::{EncodeColor, EncodeOptions, Encoder};
//!
//! let options = EncodeOptions::new(width as u32, height as u32, EncodeColor::YCbCr);
//! let mut encoder = Encoder::new(&options)?;
//! while let Some(mut rows) = encoder.next_rows() {
//!     let luma = &rows.planes_mut()[0];
//!     let lines = luma.top..luma.top + luma.height;
//!     rows.fill_rgb(0, &rgb[lines.start * width * 3..lines.end * width * 3]);
//! }
//! let file = encoder.finish()?;
//! # assert!(file.len() < options.memory());
//! # Ok(())
//! # }
//! ```
//!
//! Source: ITU-T T.81 (JPEG), T.871 (JFIF), T.872 (Adobe segment).

mod decode;
mod encode;
mod error;
mod fix;
mod header;
mod limits;
mod zigzag;

pub use decode::{ChromaScale, Damage, Decoder, Options, Plane, Reduction, Rows, decoder_memory, plane_sizes};
pub use encode::{EncodeColor, EncodeError, EncodeOptions, Encoder, PlaneMut, RowsMut, Sampling, encode_pixels};
pub use error::{Error, Unsupported};
pub use header::{Color, Component, Density, Frame, Header, PlaneSize, Scale};
pub use limits::Limits;
