//! The pipeline: a plan becomes pixels, pixels become bytes. The order of operations is the body of [`transform`].

use crate::codec::{self, Decoded};
use crate::image::{Format, Info, Size};
use crate::metadata;
use crate::op::{canvas, flatten, resize, style, turn};
use crate::plan::Plan;
use crate::{Error, colour};

/// A part of the work that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Bytes are pixels.
    Decoded,
    /// Pixels have their final size and are sRGB.
    Resized,
    /// Everything else is done and pixels are bytes.
    Encoded,
}

/// An encoded image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Its size, upright.
    pub size: Size,
}

/// Carries out a plan. `info` is what [`crate::probe`] said of `source`, and what the plan was made from; `observe` is told
/// of each stage as it ends.
///
/// # Errors
/// [`Error::Corrupt`] or [`Error::Unsupported`] when the source turns out so only beyond its header.
pub fn transform(source: &[u8], info: &Info, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Output, Error> {
    let Decoded { pixels, icc } = codec::decode(source, info, plan)?; // shrunk on load
    observe(Stage::Decoded);

    let image = resize::apply(pixels, plan, info.has_alpha)?; // with the crop
    let image = colour::to_srgb(image, icc.as_deref(), info.is_cmyk());
    observe(Stage::Resized);

    let image = turn::apply(image, plan.turn); // upright, then as asked
    let image = style::apply(image, plan.style);
    let image = flatten::apply(image, plan.flatten); // after style: a background is shown as given,
    let image = canvas::apply(image, plan.canvas); // here and there alike

    let size = image.size;
    let exif = metadata::outgoing(source, plan);
    let bytes = codec::encode(image, plan, exif)?;
    observe(Stage::Encoded);
    Ok(Output { bytes, format: plan.format, size })
}
