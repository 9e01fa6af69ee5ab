//! Operations on every pixel, on rows of 8-bit samples: interleaved, 1 channel for grey, 2 for grey and alpha, 3 for RGB,
//! 4 for RGB and alpha; alpha is straight unless stated otherwise.
//!
//! A crate of its own because it is compiled for speed, as the codecs and the resampler are. `deckle` itself, which decides what is
//! done, is compiled for size.

mod affine;
mod blend;
mod blur;
mod clahe;
mod convolve;
mod edges;
mod ellipse;
mod filter;
mod gauss;
mod halved;
mod ink_table;
mod join;
mod lab;
mod lay;
mod lightness;
mod luminance;
mod matrix;
mod median;
mod naive_cmyk;
mod narrow;
mod normalise;
mod palette;
mod pixelate;
mod planar;
mod range;
mod round;
mod salience;
mod sharpen;
mod space;
mod split;
mod srgb;
mod stamp;
mod step;
mod sums;
mod tint;
mod tones;
mod turn;
mod widen;

pub use affine::{Affine, Ground};
pub use blend::Blend;
pub use blur::{blur, blur_memory};
pub use clahe::{Window, clahe, clahe_memory};
pub use convolve::{Mask, convolve, convolve_memory};
pub use edges::{Background, Edges};
pub use ellipse::{Ellipse, ellipse};
pub use filter::filter;
pub use halved::{from_halved, paired, to_halved};
pub use ink_table::{FULL, InkTable};
pub use join::join;
pub use lab::Lab;
pub use lay::{Laid, lay};
pub use luminance::Luminance;
pub use matrix::Matrix;
pub use median::{median, median_memory};
pub use naive_cmyk::naive_cmyk;
pub use narrow::narrow;
pub use normalise::Lightnesses;
pub use palette::{Exact, Histogram, MOST_COLOURS, Palette, exact, histogram_memory, indexed};
pub use pixelate::pixelate;
pub use planar::Planar;
pub use range::full_range;
pub use round::round_row;
pub use salience::{Salience, focus};
pub use sharpen::{Curve, sharpen, sharpen_luma, sharpen_memory, sharpen_reach};
pub use space::Space;
pub use split::split;
pub use stamp::{Stamp, stamp};
pub use step::{Step, Tones};
pub use tint::tinted;
pub use tones::tones;
pub use turn::{NoMemory, Strips, Turner};
pub use widen::{widen, widened};
