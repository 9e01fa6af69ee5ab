//! A plan carried out: the source becomes planes, pixels or frames, and those become bytes.
//!
//! Rows flow: asking for one makes the decoder go on as far as that row needs. A JPEG that becomes a JPEG or a lossy WebP without
//! an operation on colours stays in its planes, and is written while it is read.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use deckle_pixels::{Strips, Texture, Textures};

use crate::codec::{self, Collected, FrameEncoder, PixelRows, PlaneEncoder, PlaneRows, Rows};
use crate::colour::Conversion;
use crate::flow::{self, CollectedRows, FlowingPlanes, FlowingRows, StepPlanes};
use crate::gain_map::MapFile;
use crate::image::{Encoding, Format, Frame, Icc, Pixels, Size};
use crate::op::{self, Operation, Overlay};
use crate::open::Image;
use crate::plan::{Path, Plan};
use crate::resize::ResampledLines;
use crate::{Error, linear, metadata, quality, search};

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
    /// The format of the image; of the source where a report is answered.
    pub format: Format,
    /// The media type of the bytes.
    pub media_type: &'static str,
    /// Its size, upright; of a report, that of the picture it was made from.
    pub size: Size,
    /// The share of the source picture, 0 to 1, that was damaged and is filled.
    pub missing: f64,
    /// The quality of a file with loss, on its format's own scale.
    pub quality: Option<u8>,
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
/// The bytes are those of [`render`], then [`encode`], in less memory: rows flow from the decoder to the encoder, and what has to be
/// collected before is let go of in strips as it is used up.
///
/// # Errors
/// [`Error::Corrupt`] or [`Error::Unsupported`] when the source turns out so only beyond its header; [`Error::Limit`] when the
/// encoder takes more memory for this picture than its plan leaves.
pub fn transform(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Output, Error> {
    if plan.encoding.icc != Icc::Srgb || plan.gain_map.is_some() {
        return with_attached(image, plan, observe);
    }
    alone(image, plan, observe)
}

/// The same with what is put into the file beside the picture.
#[inline(never)]
fn with_attached(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Output, Error> {
    let mut attached = image.attached_profile(plan);
    attached.map = gain_map(image, plan)?;
    let Encoding { room, max_bytes, format, .. } = plan.encoding;
    let bytes = attached.bytes();
    let max_bytes = match max_bytes {
        Some(most) => match u32::try_from(bytes).ok().and_then(|bytes| most.checked_sub(bytes)) {
            Some(left) => Some(left.max(1)),
            None => return Err(search::impossible(most, bytes as usize, "beside the picture")),
        },
        None => None,
    };
    let encoding = Encoding { room: room.saturating_sub(bytes), max_bytes, ..plan.encoding };
    let output = alone(image, &Plan { encoding, ..plan.clone() }, observe)?;
    let bytes = attached.put(output.bytes, format, output.size, room).map_err(|error| image.beside_source(error))?;
    Ok(Output { bytes, ..output })
}

/// The gain map's file; `None` also where it turns out to be damaged.
fn gain_map(image: &Image<'_>, plan: &Plan) -> Result<Option<MapFile>, Error> {
    let (Some(plan), Some((map, gains))) = (&plan.gain_map, image.gain_map()) else { return Ok(None) };
    match alone(map, plan, &mut |_| ()) {
        Ok(output) if output.missing == 0.0 => Ok(Some(MapFile::new(&output.bytes, gains))),
        Err(error @ Error::Limit { .. }) => Err(image.beside_source(error)),
        _ => Ok(None),
    }
}

fn alone(image: &Image<'_>, plan: &Plan, observe: &mut dyn FnMut(Stage)) -> Result<Output, Error> {
    let exif = metadata::outgoing(image.exif(), &plan.encoding);
    // told once, though a PNG may have its rows made a second time
    let missing = Cell::new(None);
    let observe = RefCell::new(observe);
    let resized = |share: f64| {
        if missing.replace(Some(share)).is_none() {
            observe.borrow_mut()(Stage::Resized);
        }
    };
    let made = encoded(image, plan, exif.clone(), &resized)
        .and_then(|made| match plan.encoding.max_bytes {
            Some(most) if made.bytes.len() as u64 > u64::from(most) => within(image, plan, exif, made, most),
            _ => Ok(made),
        })
        .map_err(|error| image.beside_source(error))?;
    observe.borrow_mut()(Stage::Encoded);
    let missing = missing.get().unwrap_or_default();
    let format = plan.encoding.format;
    let (bytes, quality) = match missing {
        0.0 => fewest(image, plan, made),
        _ => (made.bytes, Some(made.quality)),
    };
    let quality = quality.filter(|_| plan.encoding.is_lossy());
    Ok(Output { bytes, format, media_type: format.media_type(), size: plan.output, missing, quality })
}

/// A file and the quality that it was made with.
struct Made {
    bytes: Vec<u8>,
    quality: u8,
}

/// The source where writing it anew has only added to it.
fn fewest(image: &Image<'_>, plan: &Plan, made: Made) -> (Vec<u8>, Option<u8>) {
    let source = image.bytes();
    let is_larger = plan.is_rewritten && !source.is_empty() && source.len() < made.bytes.len();
    if is_larger && metadata::is_bare(plan.encoding.format, source) {
        drop(made);
        return (source.to_vec(), None);
    }
    (made.bytes, Some(made.quality))
}

/// The file with as much less quality as it takes to have so many bytes; `first` has more.
#[inline(never)]
fn within(image: &Image<'_>, plan: &Plan, exif: Option<Vec<u8>>, first: Made, most: u32) -> Result<Made, Error> {
    let (quality, length) = (first.quality, first.bytes.len());
    let encoding = Encoding { quality, aim: None, ..plan.encoding };
    drop(first);
    if !encoding.is_lossy() {
        return Err(search::impossible(most, length, "in a format without loss"));
    }
    if plan.load.frames > 1 {
        // frames are not kept: each quality makes them anew
        return search::search((encoding.quality, length), most, &mut |quality, held| {
            let encoding = Encoding { quality, room: encoding.room.saturating_sub(held), ..encoding };
            moving(image, plan, &encoding, exif.clone(), &|_| ()).map(|made| made.bytes)
        })
        .map(of_search);
    }
    // the picture stays, so that it is made once more and not for every quality
    let picture = render(image, plan)?.picture;
    let bytes = match &picture {
        Picture::Planes(planes) => planes.iter().map(|plane| plane.data.capacity()).sum(),
        Picture::Pixels(pixels) => pixels.data.capacity(),
        Picture::Frames(_) => 0,
    };
    let room = encoding.room.saturating_sub(bytes as u64);
    let with = |quality, held| Encoding { quality, room: room.saturating_sub(held), ..encoding };
    let first = (encoding.quality, length);
    let found = match picture {
        Picture::Planes(planes) => search::search(first, most, &mut |quality, held| {
            codec::Lent::encode(&planes, &with(quality, held), exif.as_deref())
        }),
        Picture::Pixels(pixels) => {
            let pixels = Rc::new(pixels);
            search::search(first, most, &mut |quality, held| {
                codec::encode(PixelRows::lent(&pixels), &with(quality, held), exif.clone())
            })
        }
        Picture::Frames(_) => Err(search::impossible(most, length, "in a format without loss")),
    };
    found.map(of_search)
}

fn of_search((quality, bytes): (u8, Vec<u8>)) -> Made {
    Made { bytes, quality }
}

/// The file; `resized` is told the share that was missing when the source has given its last row.
fn encoded(image: &Image<'_>, plan: &Plan, exif: Option<Vec<u8>>, resized: &dyn Fn(f64)) -> Result<Made, Error> {
    let mut quality = plan.encoding.quality;
    let bytes = match plan.path {
        Path::Planes if plan.flows() => flow_planes(image, plan, exif.as_deref(), resized),
        Path::Planes => {
            let (planes, missing) = planes(image, plan, codec::strip_lines(&plan.encoding))?;
            resized(missing);
            let encoding = settled(&plan.encoding, || texture_of_planes(&planes));
            quality = encoding.quality;
            planes.encode(&encoding, exif.as_deref())
        }
        Path::Pixels if plan.load.frames > 1 => moving(image, plan, &plan.encoding, exif, resized).map(|made| {
            quality = made.quality;
            made.bytes
        }),
        Path::Pixels if plan.encoding.looks() => {
            let pixels = pixels(image, plan, resized)?;
            let encoding = settled(&plan.encoding, || texture_of(&pixels));
            quality = encoding.quality;
            codec::encode(PixelRows::whole(pixels), &encoding, exif)
        }
        Path::Pixels => codec::encode(rows(image, plan, resized)?, &plan.encoding, exif),
    };
    Ok(Made { bytes: bytes?, quality })
}

/// An encoding with the quality that a look at the picture picks, where it has an aim.
fn settled(encoding: &Encoding, look: impl FnOnce() -> Texture) -> Encoding {
    match encoding.aim {
        Some(aim) if encoding.is_lossy() => {
            let quality = quality::picked(encoding.format, aim, &look());
            Encoding { quality, aim: None, ..*encoding }
        }
        _ => *encoding,
    }
}

#[inline(never)]
fn texture_of(pixels: &Pixels) -> Texture {
    let Pixels { size, channels, data } = pixels;
    let mut textures = Textures::new(size.width as usize, *channels);
    data.chunks_exact((size.width as usize * usize::from(*channels)).max(1)).for_each(|row| textures.push(row));
    textures.finish()
}

#[inline(never)]
fn texture_of_planes(picture: &Collected) -> Texture {
    let mut textures = Textures::new(picture.size.width as usize, 1);
    let [luma, chroma @ ..] = picture.planes.as_slice() else { return Texture::default() };
    luma.rows().for_each(|row| textures.push(row));
    if let [cb, cr] = chroma {
        cb.rows().zip(cr.rows()).for_each(|(cb, cr)| textures.push_chroma(cb, cr));
    }
    textures.finish()
}

/// The quality that a picture is written with, as [`transform`] finds it.
///
/// # Errors
/// Those of [`render`].
pub(crate) fn quality_of(image: &Image<'_>, plan: &Plan) -> Result<u8, Error> {
    if !plan.encoding.looks() {
        return Ok(plan.encoding.quality);
    }
    Ok(match render(image, plan)?.picture {
        Picture::Planes(planes) => {
            let collected = collected(planes).ok_or_else(|| codec::unencodable(plan.encoding.format, "no plane"))?;
            settled(&plan.encoding, || texture_of_planes(&collected)).quality
        }
        Picture::Pixels(pixels) => settled(&plan.encoding, || texture_of(&pixels)).quality,
        Picture::Frames(frames) => match frames.first() {
            Some(frame) => settled(&plan.encoding, || texture_of(&frame.pixels)).quality,
            None => plan.encoding.quality,
        },
    })
}

fn collected(planes: Vec<Pixels>) -> Option<Collected> {
    let size = planes.first()?.size;
    let strips = planes.into_iter().map(|plane| Strips::whole(plane.data, plane.size.width as usize));
    Some(Collected { size, planes: strips.collect() })
}

/// Carries out a plan up to the encoder.
///
/// # Errors
/// [`Error::Corrupt`] or [`Error::Unsupported`] when the source turns out so only beyond its header.
pub fn render(image: &Image<'_>, plan: &Plan) -> Result<Rendered, Error> {
    let (picture, missing) = match plan.path {
        Path::Planes => {
            let (Collected { size, planes }, missing) = planes(image, plan, WHOLE)?;
            let planes = planes.into_iter().zip([size, size.halved(), size.halved()]);
            let planes = planes.map(|(plane, size)| Pixels { size, channels: 1, data: plane.into_whole() });
            (Picture::Planes(planes.collect()), missing)
        }
        Path::Pixels if plan.load.frames > 1 => {
            let mut all = Vec::new();
            let missing = frames(image, plan, &mut |frame| {
                all.push(frame);
                Ok(())
            })?;
            (Picture::Frames(all), missing)
        }
        Path::Pixels => {
            let missing = Cell::new(0.0);
            let pixels = pixels(image, plan, &|share| missing.set(share))?;
            (Picture::Pixels(pixels), missing.get())
        }
    };
    Ok(Rendered { picture, missing })
}

/// Encodes what was rendered; the EXIF block is embedded where the format has a place for it.
///
/// # Errors
/// [`Error::Limit`] when the picture takes more memory than the encoding has room for; [`Error::Unsupported`] for what the format
/// cannot hold. What a plan rendered always fits.
pub fn encode(picture: Picture, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    match picture {
        Picture::Planes(planes) => {
            let collected = collected(planes).ok_or_else(|| codec::unencodable(encoding.format, "no plane"))?;
            let encoding = settled(encoding, || texture_of_planes(&collected));
            collected.encode(&encoding, exif.as_deref())
        }
        Picture::Pixels(pixels) => {
            let encoding = settled(encoding, || texture_of(&pixels));
            codec::encode(PixelRows::whole(pixels), &encoding, exif)
        }
        Picture::Frames(frames) => {
            let first = frames.first().ok_or_else(|| codec::unencodable(encoding.format, "no frame"))?;
            let encoding = settled(encoding, || texture_of(&first.pixels));
            let mut encoder = FrameEncoder::new(&encoding, first.pixels.size, 0, exif)?;
            frames.into_iter().try_for_each(|frame| encoder.push(frame))?;
            encoder.finish()
        }
    }
}

/// Rows of a strip that encoders of rows use up together.
const STRIP_ROWS: usize = 16;

/// Rows of a strip that is the whole picture.
const WHOLE: usize = usize::MAX / 2;

/// Luma and chroma straight to the encoder.
#[inline(never)]
fn flow_planes(image: &Image<'_>, plan: &Plan, exif: Option<&[u8]>, resized: &dyn Fn(f64)) -> Result<Vec<u8>, Error> {
    let lines = FlowingPlanes { lines: lines(image, plan)?, decoding: plan.decoding };
    if plan.operations.is_empty() {
        let planes = lines.lines.sizes().len();
        return fill(lines, planes, plan, exif, resized, |rows| rows.lines);
    }
    let lines = StepPlanes::new(lines, &plan.operations);
    let planes = lines.planes();
    fill(lines, planes, plan, exif, resized, StepPlanes::into_lines)
}

fn fill<'i, R: PlaneRows>(
    mut rows: R,
    planes: usize,
    plan: &Plan,
    exif: Option<&[u8]>,
    resized: &dyn Fn(f64),
    into_lines: impl Fn(R) -> ResampledLines<'i>,
) -> Result<Vec<u8>, Error> {
    let mut encoder = PlaneEncoder::new(&plan.encoding, plan.output, planes == 1, exif)?;
    encoder.fill(&mut rows)?;
    let lines = into_lines(rows);
    let missing = lines.missing()?;
    drop(lines);
    resized(missing);
    encoder.finish()
}

fn lines<'i>(image: &'i Image<'_>, plan: &Plan) -> Result<ResampledLines<'i>, Error> {
    debug_assert!(image.info().is_planar() && image.conversion_for(&plan.load).is_none());
    let source = codec::start(image.decoder(), image.info(), &plan.load, plan.load.resized.halved(), plan.spare())?;
    Ok(ResampledLines::halved(source, &plan.load))
}

/// Luma and chroma, laid upright and as asked, in strips where no operation needs them whole.
#[inline(never)]
fn planes(image: &Image<'_>, plan: &Plan, strip_lines: usize) -> Result<(Collected, f64), Error> {
    let strip_lines = if plan.operations.is_empty() { strip_lines } else { WHOLE };
    let (mut planes, missing) = flow::collected_planes(lines(image, plan)?, &plan.load, strip_lines)?;
    let size = plan.load.size();
    if !plan.operations.is_empty() {
        let sizes = [size, size.halved(), size.halved()];
        let whole =
            planes.drain(..).zip(sizes).map(|(plane, size)| Pixels { size, channels: 1, data: plane.into_whole() });
        let whole = op::apply_to_planes(&plan.operations, whole.collect());
        planes.extend(whole.into_iter().map(|plane| Strips::whole(plane.data, plane.size.width as usize)));
    }
    Ok((Collected { size, planes }, missing))
}

/// Pixels on their way to the encoder: made as they are asked for where that is possible.
fn rows<'i>(image: &'i Image<'_>, plan: &'i Plan, resized: &'i dyn Fn(f64)) -> Result<PixelRows<'i>, Error> {
    let (first, rest) = op::split(&plan.operations);
    if !plan.gives_rows() {
        return pixels(image, plan, resized).map(PixelRows::whole);
    }
    let channels = first.iter().fold(channels(image, plan), |channels, operation| operation.channels(channels));
    let start = move || -> Result<Box<dyn Rows + 'i>, Error> {
        let rows = flowing(image, plan, first, resized)?;
        let rows: Box<dyn Rows + 'i> = if plan.load.turn.is_identity() {
            Box::new(rows)
        } else {
            Box::new(CollectedRows(flow::collected(rows, &plan.load, STRIP_ROWS)?))
        };
        let start = (rows, plan.load.size(), channels);
        let (rows, ..) = rest.iter().fold(start, |(rows, size, channels), operation| {
            let (leaving, wider) = (operation.size(size), operation.channels(channels));
            (flow::laid(operation, rows, size, channels), leaving, wider)
        });
        Ok(rows)
    };
    let channels = rest.iter().fold(channels, |channels, operation| operation.channels(channels));
    Ok(PixelRows::flow(plan.output, channels, Box::new(start)))
}

/// Samples of a pixel in sRGB.
fn channels(image: &Image<'_>, plan: &Plan) -> u8 {
    image.conversion_for(&plan.load).channels(image.info_for(&plan.load).channels)
}

fn flowing<'i>(
    image: &'i Image<'_>,
    plan: &'i Plan,
    operations: &'i [Operation],
    resized: &'i dyn Fn(f64),
) -> Result<FlowingRows<'i>, Error> {
    if plan.mixes_light() {
        let (info, conversion) = (image.info_for(&plan.load), image.conversion_for(&plan.load));
        let lines = linear::lines(image.decoder(), info, &plan.load, conversion, plan.spare())?;
        return Ok(FlowingRows::new(lines, &Conversion::None, operations, plan.decoding, resized));
    }
    let source = codec::start(image.decoder(), image.info(), &plan.load, plan.load.resized, plan.spare())?; // shrunk on load
    let lines = ResampledLines::full(source, &plan.load); // with the crop
    Ok(FlowingRows::new(lines, image.conversion_for(&plan.load), operations, plan.decoding, resized)) // made sRGB
}

/// Pixels as they are to be shown.
#[inline(never)]
fn pixels(image: &Image<'_>, plan: &Plan, resized: &dyn Fn(f64)) -> Result<Pixels, Error> {
    let (first, rest) = op::split(&plan.operations);
    let rows = flowing(image, plan, first, resized)?;
    let (_, channels) = rows.shape();
    let data = flow::collected(rows, &plan.load, WHOLE)?.into_whole();
    let pixels = Pixels { size: plan.load.size(), channels, data };
    operated(rest, pixels, &|index| layer(image, plan, index).map(|layer| layer.map(Rc::new)))
}

/// The picture that an operation lays, if there is one.
fn layer(image: &Image<'_>, plan: &Plan, index: usize) -> Result<Option<Pixels>, Error> {
    let (Some(layer), Some(plan)) = (image.layer(index), plan.layers.get(index)) else { return Ok(None) };
    let layer = pixels(layer, plan, &|_| ()).map_err(Error::of_overlay)?;
    Ok(Some(Overlay::ready(layer)))
}

/// Carries out operations, with the pictures that some of them lay.
fn operated(
    operations: &[Operation],
    mut pixels: Pixels,
    layer: &dyn Fn(usize) -> Result<Option<Rc<Pixels>>, Error>,
) -> Result<Pixels, Error> {
    for part in operations.split_inclusive(|operation| matches!(operation, Operation::Overlay(_))) {
        pixels = op::apply(part, pixels);
        if let Some(Operation::Overlay(overlay)) = part.last()
            && let Some(layer) = layer(overlay.layer)?
        {
            pixels = overlay.lay(pixels, &layer);
        }
    }
    Ok(pixels)
}

/// An animation, each frame encoded before the next is decoded.
#[inline(never)]
fn moving(
    image: &Image<'_>,
    plan: &Plan,
    encoding: &Encoding,
    exif: Option<Vec<u8>>,
    resized: &dyn Fn(f64),
) -> Result<Made, Error> {
    let plays = image.info().animation.map_or(0, |animation| animation.plays);
    // what is held beside: the canvas and what decodes it
    let room = encoding.room.saturating_sub(image.info_for(&plan.load).decoder_bytes);
    let mut encoding = Encoding { room, ..*encoding };
    let (mut encoder, mut exif) = (None, exif);
    let missing = frames(image, plan, &mut |frame| {
        let encoder = match &mut encoder {
            Some(encoder) => encoder,
            none => {
                // the first frame stands for all
                encoding = settled(&encoding, || texture_of(&frame.pixels));
                none.insert(FrameEncoder::new(&encoding, plan.output, plays, exif.take())?)
            }
        };
        encoder.push(frame)
    })?;
    resized(missing);
    let encoder = encoder.ok_or_else(|| codec::unencodable(encoding.format, "no frame"))?;
    Ok(Made { bytes: encoder.finish()?, quality: encoding.quality })
}

/// Every frame of an animation as it is to be shown, handed over in order; and the share that was missing.
#[inline(never)]
fn frames(image: &Image<'_>, plan: &Plan, give: &mut dyn FnMut(Frame) -> Result<(), Error>) -> Result<f64, Error> {
    let (first, rest) = op::split(&plan.operations);
    let mut left = plan.load.frames;
    // the same for all frames
    let layers = (0..plan.layers.len()).map(|index| layer(image, plan, index).map(|layer| layer.map(Rc::new)));
    let layers = layers.collect::<Result<Vec<_>, Error>>()?;
    let laid = |index: usize| Ok(layers.get(index).cloned().flatten());
    image.decoder().frames(image.info(), plan.spare(), &mut |pixels, delay| {
        let conversion = image.conversion_for(&plan.load);
        let (lines, conversion) = if plan.mixes_light() {
            (linear::of_pixels(pixels, &plan.load, conversion), &Conversion::None)
        } else {
            let source = codec::PlaneSource::whole(Cow::Borrowed(pixels), plan.load.is_resampled());
            (ResampledLines::full(source, &plan.load), conversion)
        };
        let rows = FlowingRows::new(lines, conversion, first, plan.decoding, &|_| ());
        let (_, channels) = rows.shape();
        let data = flow::collected(rows, &plan.load, WHOLE)?.into_whole();
        let pixels = operated(rest, Pixels { size: plan.load.size(), channels, data }, &laid)?;
        give(Frame { pixels, delay })?;
        left -= 1;
        Ok(left > 0)
    })
}
