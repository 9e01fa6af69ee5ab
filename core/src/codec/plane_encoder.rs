//! Encoders that take luma and chroma as they are, line by line, whichever the format.

use deckle_jpeg::Encoder;

use super::{jpeg, unencodable, webp};
use crate::Error;
use crate::image::{Encoding, Format, Size};

/// An encoder of T.871's luma, and of chroma of half the size if there is colour.
pub(crate) enum PlaneEncoder<'m> {
    Jpeg(Box<Encoder<'m>>),
    WebP(webp::Planes<'m>),
}

impl<'m> PlaneEncoder<'m> {
    /// For an encoding of which [`takes_planes`] is true.
    pub fn new(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        match encoding.format {
            Format::WebP => webp::Planes::new(encoding, size, is_grey, exif).map(Self::WebP),
            _ => jpeg::encoder(encoding, size, is_grey, exif).map(|encoder| Self::Jpeg(Box::new(encoder))),
        }
    }

    /// Asks `line` for every line of every plane: the plane, the line's number, where to put it. The lines of a plane are
    /// asked for in order, and all planes advance together.
    ///
    /// # Errors
    /// The first that `line` answers.
    pub fn fill(&mut self, mut line: impl FnMut(usize, usize, &mut [u8]) -> Result<(), Error>) -> Result<(), Error> {
        match self {
            Self::Jpeg(encoder) => {
                while let Some(mut rows) = encoder.next_rows() {
                    for (i, plane) in rows.planes_mut().iter_mut().enumerate() {
                        let top = plane.top;
                        plane.lines_mut().zip(top..).try_for_each(|(out, y)| line(i, y, out))?;
                    }
                }
                Ok(())
            }
            Self::WebP(planes) => planes.fill(line),
        }
    }

    /// The file, once filled.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Jpeg(encoder) => encoder.finish().map_err(|error| unencodable(Format::Jpeg, error)),
            Self::WebP(planes) => planes.finish(),
        }
    }
}

/// Whether a file of this encoding is made of luma and chroma of half the size.
pub(crate) fn takes_planes(encoding: &Encoding) -> bool {
    match encoding.format {
        Format::Jpeg => true,
        Format::WebP => !encoding.lossless,
        _ => false,
    }
}

/// Bytes alive at the worst moment of encoding planes, from above, where getting the lines takes `filling`.
pub(crate) fn plane_memory(encoding: &Encoding, size: Size, is_grey: bool, filling: u64) -> u64 {
    if encoding.format == Format::WebP {
        // begins when it has all lines, and the decoder is gone by then
        let (planes, encoding) = webp::memory(size, false);
        (filling + planes).max(encoding)
    } else {
        filling + jpeg::memory(encoding, size, is_grey)
    }
}
