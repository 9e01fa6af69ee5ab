//! A plan carried out: the source becomes planes, pixels or frames, and those become bytes.
//!
//! Rows flow: asking for one makes the decoder go on as far as that row needs. A JPEG that becomes a JPEG or a lossy WebP without
//! an operation on colours stays in its planes, and is written while it is read.

use crate::codec::{self, PlaneEncoder};
use crate::image::{Encoding, Format, Frame, Pixels, Size};
use crate::open::Image;
use crate::plan::{Path, Plan};
use crate::resize::ResampledLines;
use crate::{Error, metadata, op};

/// A part of the work that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The source is decoded and has its final size.
    Resized,
    /// Everything else is done and pixels are bytes.
    Encoded,
}

/// An encoded image.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Its size, upright.
    pub size: Size,
    /// The share of the source picture, 0 to 1, that was damaged and is filled.
    pub missing: f64,
}

/// An image as it is to be shown, not yet encoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// What there is to see.
    pub picture: Picture,
    /// The share of the source picture, 0 to 1, that was damaged and is filled.
    pub missing: f64,
}

/// A rendered picture in the form that its plan's path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Luma, and chroma of half the size if there is colour; one channel each.
    Planes(Vec<Pixels>),
    /// Pixels in sRGB.
    Pixels(Pixels),
    /// An animation's frames in sRGB with straight alpha.
    Frames(Vec<Frame>),
}

/// Carries out a plan made from this image, from decoding to the file; `observe` is told of each stage as it ends.
///
/// The same as [`render`], then [`encode`]; planes that need no more than resampling flow by rows from the decoder to the encoder.
///
/// # Errors
/// [`Error::Corrupt`] or [`Error::Unsupported`] when the source turns out so only beyond its header.
pub fn transform(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Output, Error> {
    let exif = metadata::outgoing(image.exif(), &plan.encoding);
    let flows = plan.path == Path::Planes && plan.load.turn.is_identity() && plan.operations.is_empty();
    let (bytes, missing) = if flows {
        flow(image, plan, exif.as_deref(), observe)?
    } else {
        let Rendered { picture, missing } = render_observed(image, plan, observe)?;
        (encode(picture, &plan.encoding, exif)?, missing)
    };
    observe(Stage::Encoded);
    Ok(Output { bytes, format: plan.encoding.format, size: plan.output, missing })
}

/// Carries out a plan up to the encoder.
///
/// # Errors
/// [`Error::Corrupt`] or [`Error::Unsupported`] when the source turns out so only beyond its header.
pub fn render(image: &Image<'_>, plan: &Plan) -> Result<Rendered, Error> {
    render_observed(image, plan, &mut |_| ())
}

#[inline(never)]
fn render_observed(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Rendered, Error> {
    match plan.path {
        Path::Planes => planes(image, plan, observe),
        Path::Pixels if plan.load.frames > 1 => frames(image, plan),
        Path::Pixels => pixels(image, plan, observe),
    }
}

/// Encodes what was rendered; the EXIF block is embedded where the format has a place for it.
///
/// # Errors
/// [`Error::Unsupported`] for what the format cannot hold. What a plan rendered always fits.
pub fn encode(picture: Picture, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    match picture {
        Picture::Planes(planes) => encode_planes(&planes, encoding, exif.as_deref()),
        Picture::Pixels(pixels) => codec::encode(pixels, encoding, exif),
        Picture::Frames(frames) => codec::encode_frames(frames, encoding),
    }
}

/// Pixels as they are to be shown.
#[inline(never)]
fn pixels(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Rendered, Error> {
    let source = image.decoder().start(image.info(), &plan.load, plan.load.resized)?; // shrunk on load
    let mut lines = ResampledLines::full(source, &plan.load);
    let pixels = lines.pixels(image.conversion_for(&plan.load))?; // with the crop, made sRGB
    let missing = lines.missing()?;
    drop(lines);
    observe(Stage::Resized);
    let upright = op::turn(pixels, plan.load.turn); // and as asked
    Ok(Rendered { picture: Picture::Pixels(op::apply(&plan.operations, upright)), missing })
}

/// Luma and chroma straight to the encoder.
#[inline(never)]
fn flow(
    image: &Image<'_>,
    plan: &Plan,
    exif: Option<&[u8]>,
    observe: &mut dyn FnMut(Stage),
) -> Result<(Vec<u8>, f64), Error> {
    let mut lines = lines(image, plan)?;
    let mut encoder = PlaneEncoder::new(&plan.encoding, plan.output, lines.sizes().len() == 1, exif)?;
    encoder.fill(|plane, _, out| lines.line(plane, out))?;
    let missing = lines.missing()?;
    drop(lines);
    observe(Stage::Resized);
    Ok((encoder.finish()?, missing))
}

fn lines<'i>(image: &'i Image<'_>, plan: &Plan) -> Result<ResampledLines<'i>, Error> {
    debug_assert!(image.info().is_planar() && image.conversion_for(&plan.load).is_none());
    let source = image.decoder().start(image.info(), &plan.load, plan.load.resized.halved())?;
    Ok(ResampledLines::halved(source, &plan.load))
}

/// Luma and chroma, laid upright and as asked.
#[inline(never)]
fn planes(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Rendered, Error> {
    let mut lines = lines(image, plan)?;
    let collected = lines.planes()?;
    let missing = lines.missing()?;
    drop(lines);
    let mut planes: Vec<Pixels> = collected.into_iter().map(|plane| op::turn(plane, plan.load.turn)).collect();
    observe(Stage::Resized);
    if let Some(luma) = planes.first_mut() {
        let Pixels { size, channels, data } = luma;
        let entering = Pixels { size: *size, channels: *channels, data: std::mem::take(data) };
        *luma = op::apply_to_luma(&plan.operations, entering);
    }
    Ok(Rendered { picture: Picture::Planes(planes), missing })
}

#[inline(never)]
fn encode_planes(planes: &[Pixels], encoding: &Encoding, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let [luma, ..] = planes else {
        return Err(codec::corrupt("header and pixels disagree"));
    };
    let mut encoder = PlaneEncoder::new(encoding, luma.size, planes.len() == 1, exif)?;
    encoder.fill(|plane, y, out| {
        let from = &planes[plane];
        let width = from.size.width as usize;
        out.copy_from_slice(&from.data[y * width..][..width]);
        Ok(())
    })?;
    encoder.finish()
}

/// Every frame of an animation as it is to be shown.
#[inline(never)]
fn frames(image: &Image<'_>, plan: &Plan) -> Result<Rendered, Error> {
    let mut frames = Vec::new();
    let missing = image.decoder().frames(image.info(), &mut |frame| {
        let source = codec::PlaneSource::whole(std::borrow::Cow::Owned(frame.pixels), plan.load.is_resampled());
        let pixels = ResampledLines::full(source, &plan.load).pixels(image.conversion_for(&plan.load))?;
        let pixels = op::apply(&plan.operations, op::turn(pixels, plan.load.turn));
        frames.push(Frame { pixels, delay: frame.delay });
        Ok(frames.len() < plan.load.frames as usize)
    })?;
    Ok(Rendered { picture: Picture::Frames(frames), missing })
}
