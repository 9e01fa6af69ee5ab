//! Codecs: bytes to header facts, bytes to pixels, pixels to bytes. One file per format; nothing outside this folder
//! knows which crate decodes what.

mod gif;
mod jpeg;
mod planes;
mod png;
mod source;
mod webp;

pub(crate) use jpeg::memory as jpeg_memory;
pub(crate) use planes::{PlaneEncoder, takes_planes};
pub(crate) use source::{Opened, Plane, Source};
pub(crate) use webp::memory as webp_memory;

use crate::Error;
use crate::image::{Format, Info, Pixels};
use crate::plan::Plan;

/// What a header walk finds: the facts, and where the EXIF block lies.
#[derive(Debug)]
struct Header<'a> {
    info: Info,
    /// TIFF bytes, as EXIF 2.32 §4.5 lays them out, without any prefix.
    exif: Option<&'a [u8]>,
}

/// Reads an image's header: no pixel is decoded, nothing larger than the header is allocated.
///
/// # Errors
/// [`Error::NotAnImage`], [`Error::Unsupported`], or [`Error::Corrupt`] when the header contradicts itself.
pub fn probe(bytes: &[u8]) -> Result<Info, Error> {
    header(bytes).map(|header| header.info)
}

/// The source's EXIF block, if it has one.
pub(crate) fn exif(bytes: &[u8]) -> Option<&[u8]> {
    header(bytes).ok()?.exif
}

fn header(bytes: &[u8]) -> Result<Header<'_>, Error> {
    match Format::sniff(bytes).ok_or(Error::NotAnImage)? {
        Format::Jpeg => jpeg::header(bytes),
        Format::Png => png::header(bytes),
        Format::WebP => webp::header(bytes),
        Format::Gif => gif::header(bytes),
    }
}

/// Reads the header once more, to decode. JPEG and PNG are then decoded line by line, the others here and now.
///
/// # Errors
/// [`Error::Corrupt`], also when the data end early; [`Error::Unsupported`].
pub(crate) fn open<'a>(bytes: &'a [u8], info: &Info) -> Result<Opened<'a>, Error> {
    match info.format {
        Format::Jpeg => jpeg::open(bytes).map(Opened::Jpeg),
        Format::Png => png::open(bytes, info),
        Format::WebP => webp::decode(bytes, info),
        Format::Gif => gif::decode(bytes, info),
    }
}

/// Encodes as the plan says, `exif` embedded where the format has a place for it.
///
/// # Errors
/// [`Error::Unsupported`] for pixels that the format cannot hold; a plan asks for none.
pub(crate) fn encode(image: Pixels, plan: &Plan, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    match plan.format {
        Format::Jpeg => jpeg::encode(&image, plan, exif.as_deref()),
        Format::Png => png::encode(&image, exif),
        Format::WebP if plan.lossless => webp::encode_lossless(&image, exif),
        Format::WebP => webp::encode(image, plan, exif.as_deref()),
        Format::Gif => gif::encode(image),
    }
}

#[cold]
pub(crate) fn corrupt(reason: impl Into<String>) -> Error {
    Error::Corrupt { reason: reason.into() }
}

fn unsupported(what: impl Into<String>) -> Error {
    Error::Unsupported { what: what.into() }
}

/// An encoder's refusal; none is known for pixels that fit a plan.
pub(crate) fn unencodable(format: Format, error: impl std::fmt::Display) -> Error {
    unsupported(format!("this image as {} ({error})", format.media_type()))
}

/// An error of the `image` crate in our words.
fn from_image(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Unsupported(error) => unsupported(error.to_string()),
        error => corrupt(error.to_string()),
    }
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

/// A zeroed buffer of a size that a plan has checked.
pub(crate) fn allocate(bytes: u64) -> Result<Vec<u8>, Error> {
    let refuse = || Error::Limit { what: "memory bytes", needed: bytes, limit: u64::from(u32::MAX) };
    let length = usize::try_from(bytes).map_err(|_| refuse())?;
    let mut data = Vec::new();
    data.try_reserve_exact(length).map_err(|_| refuse())?;
    data.resize(length, 0);
    Ok(data)
}
