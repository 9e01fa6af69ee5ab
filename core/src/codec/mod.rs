//! Codecs: bytes to header facts, bytes to pixels, pixels to bytes. One folder or file per format; nothing outside this
//! folder knows which crate decodes what.
//!
//! A codec knows [`Info`], [`Load`] and [`Encoding`]; plans and operations are built on top and never seen here.

#[cfg(feature = "avif")]
mod avif;
mod bmp;
mod canvas;
mod gif;
mod growing;
mod ico;
mod jpeg;
#[cfg(feature = "jxl")]
mod jxl;
mod motion;
mod packed;
mod plane_encoder;
mod plane_source;
mod png;
mod png_encode;
mod png_palette;
mod rows;
#[cfg(test)]
mod samples;
#[cfg(feature = "svg")]
mod svg;
mod tiff;
mod webp;

pub(crate) use plane_encoder::{
    Collected, Filling, Lent, PlaneEncoder, PlaneRows, plane_memory, strip_lines, takes_planes,
};
pub(crate) use plane_source::{InterleavedRows, Plane, PlaneLines, PlaneSource};
pub(crate) use png_encode::chunk as png_chunk;
pub(crate) use rows::{PixelRows, Rows};

use std::borrow::Cow;

use crate::Error;
pub(crate) use crate::error::corrupt;
use crate::image::{Encoding, Format, Frame, Info, Load, Pixels, Size};

/// What one parse of a file's header gives.
pub(crate) struct Opened<'a> {
    pub info: Info,
    /// The EXIF block: TIFF bytes, as EXIF 2.32 §4.5 lays them out, without any prefix.
    pub exif: Option<&'a [u8]>,
    pub decoder: Box<dyn Decode + 'a>,
}

/// A file whose header is read. Each call decodes anew; nothing is decoded before.
pub(crate) trait Decode {
    /// The embedded ICC profile; `None` also where it is damaged.
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        None
    }

    /// Who decodes pictures that are inside of this one, if there can be any.
    fn takes_pictures(&mut self, _: DecodeInside) {}

    /// Starts decoding the first frame, scaled as `load` says; `chroma` is the size that chroma will have. What depends on the picture
    /// may take `spare` bytes beyond what [`Info::decoder_bytes`] says.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Unsupported`]; [`Error::Limit`] where that is not enough.
    fn start(&self, info: &Info, load: &Load, chroma: Size, spare: u64) -> Result<PlaneSource<'_>, Error>;

    /// The same with samples of 16 bits, rows of which are interleaved with their most significant byte first; `None` where there are no more
    /// than 8, or they are not given by rows. They mean what those of [`Decode::start`] do.
    ///
    /// # Errors
    /// Those of [`Decode::start`].
    fn start_wide(&self, _: &Info) -> Result<Option<Box<dyn InterleavedRows + '_>>, Error> {
        Ok(None)
    }

    /// Decodes the frames in order, at full size, and hands over what shows, RGBA, and for how many milliseconds; `give` answers
    /// whether it wants another. Pictures may take `spare` bytes beyond what [`crate::image::Animation::bytes`] says. Answers the
    /// share of the frames that was damaged and is filled.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Unsupported`], [`Error::Limit`], and those of `give`.
    fn frames(&self, _: &Info, _spare: u64, _give: &mut GiveFrame<'_>) -> Result<f64, Error> {
        Err(unsupported("animation of this format"))
    }
}

/// Decodes a file that is inside of another to a size, in so many bytes of room: RGBA; `None` for one that shows nothing.
pub(crate) type DecodeInside = fn(&[u8], (u32, u32), u64) -> Result<Option<Pixels>, u64>;

/// Takes a frame of RGBA that shows for so many milliseconds; answers whether another is wanted.
pub(crate) type GiveFrame<'a> = dyn FnMut(&Pixels, u32) -> Result<bool, Error> + 'a;

/// Starts decoding the frame that is to be loaded.
///
/// # Errors
/// Those of [`Decode::start`] and [`Decode::frames`].
pub(crate) fn start<'a>(
    decoder: &'a dyn Decode,
    info: &Info,
    load: &Load,
    chroma: Size,
    spare: u64,
) -> Result<PlaneSource<'a>, Error> {
    if load.frame == 0 { decoder.start(info, load, chroma, spare) } else { later(decoder, info, load, spare) }
}

/// A frame after the first, whole.
#[inline(never)]
fn later<'a>(decoder: &'a dyn Decode, info: &Info, load: &Load, spare: u64) -> Result<PlaneSource<'a>, Error> {
    let (mut at, mut found) = (0, None);
    let missing = decoder.frames(info, spare, &mut |pixels, _| {
        if at == load.frame {
            found = Some(pixels.clone());
        }
        at += 1;
        Ok(found.is_none())
    })?;
    let pixels = found.ok_or_else(|| corrupt("the animation has fewer frames than it says"))?;
    Ok(PlaneSource::damaged(Cow::Owned(pixels), missing, load.is_resampled()))
}

/// A format's functions.
struct Codec {
    /// Reads a header.
    open: for<'a> fn(&'a [u8]) -> Result<Opened<'a>, Error>,
    encode: Encode,
    /// Bytes that encoding takes for any picture: for a size and channels, where so many bytes are held for rows to come. What depends
    /// on the picture is bounded by [`Encoding::room`].
    memory: fn(&Encoding, Size, u8, u64) -> u64,
}

/// Writes pixels of a shape that the format can hold, and the EXIF block where it has a place for it.
type Encode = fn(PixelRows<'_>, &Encoding, Option<Vec<u8>>) -> Result<Vec<u8>, Error>;

/// A format that this build does not read.
#[cfg(not(all(feature = "svg", feature = "jxl")))]
macro_rules! left_out {
    ($name:literal) => {
        Codec { open: |_| Err(Error::Unread { format: $name }), encode: read_only, memory: |_, _, _, held| held }
    };
}

/// The functions of each format: one line each.
fn by_format(format: Format) -> Codec {
    match format {
        Format::Jpeg => Codec { open: jpeg::open, encode: jpeg::encode, memory: jpeg::pixels_memory },
        Format::Png => Codec { open: png::open, encode: png_encode::encode, memory: png_encode::memory },
        Format::WebP => Codec { open: webp::open, encode: webp::encode, memory: webp::pixels_memory },
        Format::Bmp => Codec { open: bmp::open, encode: read_only, memory: |_, _, _, held| held },
        Format::Ico => Codec { open: ico::open, encode: read_only, memory: |_, _, _, held| held },
        Format::Tiff => Codec { open: tiff::open, encode: read_only, memory: |_, _, _, held| held },
        #[cfg(feature = "svg")]
        Format::Svg => Codec { open: svg::open, encode: read_only, memory: |_, _, _, held| held },
        #[cfg(not(feature = "svg"))]
        Format::Svg => left_out!("SVG"),
        #[cfg(feature = "jxl")]
        Format::Jxl => Codec { open: jxl::open, encode: read_only, memory: |_, _, _, held| held },
        #[cfg(not(feature = "jxl"))]
        Format::Jxl => left_out!("JPEG XL"),
        Format::Gif => Codec { open: gif::open, encode: gif::encode, memory: gif::memory },
        #[cfg(feature = "avif")]
        Format::Avif => Codec { open: avif::open, encode: avif::encode, memory: avif::pixels_memory },
        #[cfg(not(feature = "avif"))]
        Format::Avif => Codec { open: |_| left_out("AVIF"), encode: read_only, memory: |_, _, _, held| held },
    }
}

/// Opens no file of a format that this build leaves out.
#[cfg(not(feature = "avif"))]
fn left_out<'a>(format: &'static str) -> Result<Opened<'a>, Error> {
    Err(Error::Unread { format })
}

/// The encoder of a format that is only read. A plan never asks for it.
fn read_only(_: PixelRows<'_>, encoding: &Encoding, _: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    Err(unencodable(encoding.format, "it is only read"))
}

/// Reads an image's header: no pixel is decoded, nothing larger than the header is allocated.
///
/// # Errors
/// [`Error::NotAnImage`], [`Error::Unsupported`], or [`Error::Corrupt`] when the header contradicts itself.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let format = Format::sniff(bytes).ok_or_else(|| match Format::unread(bytes) {
        Some(format) => Error::Unread { format },
        None => Error::NotAnImage,
    });
    (by_format(format?).open)(bytes)
}

/// The eighths of its stored size, 1 to 8, that a decoder gives for a reduction by `factor`.
pub(crate) fn eighths(format: Format, factor: f64) -> u32 {
    match format {
        Format::Jpeg => jpeg::eighths(factor),
        _ => 8,
    }
}

/// Encodes, `exif` embedded where the format has a place for it.
///
/// # Errors
/// [`Error::Unsupported`] for pixels that the format cannot hold. A valid plan never leads here.
pub(crate) fn encode(rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    if is_of_few_colours(encoding) {
        return png_palette::encode(rows, encoding, exif);
    }
    (by_format(encoding.format).encode)(rows, encoding, exif)
}

/// Whether the file is a PNG whose pixels are numbers of colours.
fn is_of_few_colours(encoding: &Encoding) -> bool {
    encoding.format == Format::Png && encoding.colours > 0
}

/// Whether a file of this encoding is made row by row, so that its pixels need not be there at once.
pub(crate) fn takes_rows(encoding: &Encoding) -> bool {
    encoding.is_lossy() || encoding.format == Format::Png && !is_of_few_colours(encoding)
}

/// An encoder of animations, for formats whose row says that they are animated.
pub(crate) enum FrameEncoder {
    Gif(Box<gif::Encoder>),
    WebP(Box<webp::Encoder>),
}

impl FrameEncoder {
    /// For frames of this size; `plays` is how often they are shown, 0 for ever.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for another format.
    pub fn new(encoding: &Encoding, size: Size, plays: u32, exif: Option<Vec<u8>>) -> Result<Self, Error> {
        match encoding.format {
            Format::Gif => Ok(Self::Gif(Box::new(gif::Encoder::new(encoding, size, plays, true)))),
            Format::WebP => Ok(Self::WebP(Box::new(webp::Encoder::new(encoding, size, plays, exif)))),
            format => Err(unsupported(format!("animation as {}", format.media_type()))),
        }
    }

    /// Adds a frame of the whole size.
    ///
    /// # Errors
    /// [`Error::Limit`] where the file gets too large.
    pub fn push(&mut self, frame: Frame) -> Result<(), Error> {
        match self {
            Self::Gif(encoder) => encoder.push(frame),
            Self::WebP(encoder) => encoder.push(frame),
        }
    }

    /// The file.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Gif(encoder) => encoder.finish(),
            Self::WebP(encoder) => encoder.finish(),
        }
    }
}

/// Bytes that encoding an animation takes beside the file, the frame that comes among them.
pub(crate) fn frames_memory(encoding: &Encoding, size: Size, channels: u8) -> u64 {
    match encoding.format {
        Format::WebP => webp::frames_memory(encoding, size, channels),
        _ => gif::frames_memory(size, channels),
    }
}

/// Bytes that encoding takes for any picture, those among them that are held for rows to come.
pub(crate) fn encode_memory(encoding: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    if is_of_few_colours(encoding) {
        return png_palette::memory(size, channels, held);
    }
    (by_format(encoding.format).memory)(encoding, size, channels, held)
}

/// Bytes that rows take between a decoder and the resampler, or the image where it is not given row by row; and the decoder's windows.
pub(crate) fn row_memory(info: &Info) -> u64 {
    let width = u64::from(info.size.width);
    let samples = u64::from(info.channels) * u64::from(info.bit_depth.max(8) / 8);
    // what a row is taken apart to
    let planes = if info.is_planar() { 0 } else { width * u64::from(info.channels) };
    let whole = if info.by_rows { 0 } else { info.size.pixels() * samples };
    planes
        + whole
        + match info.format {
            // an icon may be a PNG
            Format::Png | Format::Ico => png::WINDOW + width * samples * 4,
            _ => 0,
        }
}

/// The share of a picture that is missing when so many rows of all are; the last row alone is not missed.
fn missing_share(missing: u32, rows: u32) -> f64 {
    if missing <= 1 && rows > 1 { 0.0 } else { f64::from(missing) / f64::from(rows.max(1)) }
}

/// Grey, which stands for what is missing of an opaque picture; of others it is transparent.
const MISSING_GREY: u8 = 128;

/// An image decoded elsewhere, by a module of its own, say.
pub(crate) struct Decoded {
    pub pixels: Pixels,
    pub icc: Option<Vec<u8>>,
}

impl Decode for Decoded {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.icc.as_deref().map(Cow::Borrowed)
    }

    fn start(&self, _: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        Ok(PlaneSource::whole(Cow::Borrowed(&self.pixels), load.is_resampled()))
    }
}

fn unsupported(what: impl Into<String>) -> Error {
    Error::Unsupported { what: what.into() }
}

/// Maps an encoder's error. Unreachable for a valid plan; kept so that a fault of ours is a 422 and not a panic.
pub(crate) fn unencodable(format: Format, error: impl std::fmt::Display) -> Error {
    unsupported(format!("this image as {} ({error})", format.media_type()))
}

/// The orientation that a header's EXIF block asks for.
fn orientation(exif: Option<&[u8]>) -> crate::image::Orientation {
    let tag = exif.and_then(crate::metadata::Exif::parse).and_then(|exif| exif.orientation());
    crate::image::Orientation::from_exif(tag.unwrap_or(1))
}

/// Bytes that an ICC profile of a length takes until it is a transform, from above: joined, then its tables as floats, more
/// than once.
fn profile_bytes(length: usize) -> u64 {
    7 * length as u64
}

/// Fails when what is needed is more than there is room for.
pub(crate) fn check_room(needed: u64, room: u64) -> Result<(), Error> {
    crate::limits::check(crate::limits::MEMORY, needed, room)
}

/// The allocator has no such piece.
#[cold]
pub(crate) fn no_room(needed: u64, room: u64) -> Error {
    Error::Limit { what: crate::limits::MEMORY, needed, limit: room.min(u64::from(u32::MAX)) }
}

/// A zeroed buffer of a size that a plan has checked.
pub(crate) fn allocate(bytes: u64) -> Result<Vec<u8>, Error> {
    let refuse = || no_room(bytes, u64::MAX);
    let length = usize::try_from(bytes).map_err(|_| refuse())?;
    let mut data = Vec::new();
    data.try_reserve_exact(length).map_err(|_| refuse())?;
    data.resize(length, 0);
    Ok(data)
}
