//! The pipeline: a plan becomes pixels, pixels become bytes. The order of operations is the body of [`pixels`].
//!
//! Rows flow: whoever wants one makes the decoder go on as far as that row needs. A JPEG that becomes a JPEG or a lossy WebP
//! without a look at its colours never leaves its planes.

use crate::Error;
use crate::codec::{self, Opened, PlaneEncoder};
use crate::colour::Conversion;
use crate::image::{Format, Info, Pixels, Size};
use crate::metadata;
use crate::op::resize::{self, Lines};
use crate::op::{canvas, flatten, style, turn};
use crate::plan::Plan;

/// A part of the work that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The source is decoded and has its final size, row by row.
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
    let opened = codec::open(source, info)?;
    let conversion = Conversion::new(opened.icc().as_deref(), info.channels, info.is_cmyk());
    let exif = metadata::outgoing(source, plan);
    let bytes = if plan.keeps_planes(info) && opened.is_ycc() && conversion.is_none() {
        planes(opened, plan, exif.as_deref(), observe)?
    } else {
        let image = pixels(opened, plan, &conversion, observe)?;
        codec::encode(image, plan, exif)?
    };
    observe(Stage::Encoded);
    Ok(Output { bytes, format: plan.format, size: plan.output })
}

/// Pixels as they are to be shown.
#[inline(never)]
fn pixels(
    opened: Opened<'_>,
    plan: &Plan,
    conversion: &Conversion,
    observe: &mut dyn FnMut(Stage),
) -> Result<Pixels, Error> {
    let source = opened.start(plan, plan.resized)?; // shrunk on load
    let image = Lines::full(source, plan).pixels(conversion)?; // with the crop, made sRGB
    observe(Stage::Resized);

    let image = turn::apply(image, plan.turn); // upright, then as asked
    let image = style::apply(image, plan.style);
    let image = flatten::apply(image, plan.flatten); // after style: a background is shown as given,
    Ok(canvas::apply(image, plan.canvas)) // here and there alike
}

/// Luma and chroma to the encoder, without a detour by pixels.
#[inline(never)]
fn planes(
    opened: Opened<'_>,
    plan: &Plan,
    exif: Option<&[u8]>,
    observe: &mut dyn FnMut(Stage),
) -> Result<Vec<u8>, Error> {
    let source = opened.start(plan, resize::halved(plan.resized))?;
    let mut lines = Lines::halved(source, plan);
    let mut encoder = PlaneEncoder::new(plan, lines.sizes().len() == 1, exif)?;
    if plan.turn.is_identity() {
        encoder.fill(|plane, _, out| lines.line(plane, out))?;
        drop(lines);
    } else {
        let planes = turned(lines, plan)?;
        encoder.fill(|plane, y, out| {
            let from = &planes[plane];
            let width = from.size.width as usize;
            out.copy_from_slice(&from.data[y * width..][..width]);
            Ok(())
        })?;
    }
    observe(Stage::Resized);
    encoder.finish(plan)
}

#[inline(never)]
fn turned(lines: Lines<'_>, plan: &Plan) -> Result<Vec<Pixels>, Error> {
    Ok(lines.planes()?.into_iter().map(|plane| turn::apply(plane, plan.turn)).collect())
}
