//! Encoders that take luma and chroma as they are, line by line, whichever the format.

use deckle_jpeg::Encoder;

use super::{jpeg, unencodable, webp};
use crate::Error;
use crate::image::Format;
use crate::plan::Plan;

/// An encoder of T.871's luma, and of chroma of half the size if there is colour.
pub(crate) enum PlaneEncoder<'m> {
    Jpeg(Box<Encoder<'m>>),
    WebP(webp::Planes<'m>),
}

impl<'m> PlaneEncoder<'m> {
    /// For a format of which [`takes_planes`] is true.
    pub fn new(plan: &Plan, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        match plan.format {
            Format::WebP => webp::Planes::new(plan, is_grey, exif).map(Self::WebP),
            _ => jpeg::encoder(plan, plan.output, is_grey, exif).map(|encoder| Self::Jpeg(Box::new(encoder))),
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
    pub fn finish(self, plan: &Plan) -> Result<Vec<u8>, Error> {
        match self {
            Self::Jpeg(encoder) => encoder.finish().map_err(|error| unencodable(Format::Jpeg, error)),
            Self::WebP(planes) => planes.finish(plan),
        }
    }
}

/// Whether the plan's format is made of luma and chroma of half the size.
pub(crate) fn takes_planes(plan: &Plan) -> bool {
    match plan.format {
        Format::Jpeg => true,
        Format::WebP => !plan.lossless,
        Format::Png | Format::Gif => false,
    }
}
