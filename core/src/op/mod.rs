//! Operations: one file each, one `apply` each, pixels in, pixels out. What they do is decided; see [`crate::plan`]. What is
//! done to each pixel is in `deckle_pixels`.

pub(crate) mod canvas;
pub(crate) mod flatten;
pub(crate) mod resize;
pub(crate) mod style;
pub(crate) mod turn;

use crate::edit::Colour;
use crate::image::Pixels;

/// The same pixels with more channels: grey becomes colour, what has no alpha becomes opaque.
fn widen(image: Pixels, colour: bool, alpha: bool) -> Pixels {
    let (data, channels) = deckle_pixels::widen(image.data, image.channels, colour, alpha);
    Pixels { size: image.size, channels, data }
}

/// Whether a grey channel is enough for a colour.
fn is_grey(colour: Colour) -> bool {
    colour.r == colour.g && colour.g == colour.b
}
