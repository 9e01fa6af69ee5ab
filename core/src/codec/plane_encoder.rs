//! Encoders that take luma and chroma as they are, line by line, whichever the format.

use deckle_pixels::Strips;

#[cfg(feature = "avif")]
use super::avif;
use super::{jpeg, webp};
use crate::Error;
use crate::image::{Chroma, Encoding, Format, Pixels, Size};

/// What planes come from, line by line.
pub(crate) trait PlaneRows {
    /// Fills `out` with the next line of a plane.
    ///
    /// # Errors
    /// The decoder's.
    fn line(&mut self, plane: usize, out: &mut [u8]) -> Result<(), Error>;

    /// Bytes held for the lines that are still to come.
    fn held(&self) -> u64;
}

/// An encoder of T.871's luma, and of chroma of half the size if there is colour.
pub(crate) enum PlaneEncoder<'m> {
    Jpeg(Box<jpeg::Bounded<'m>>),
    WebP(webp::Planes<'m>),
    #[cfg(feature = "avif")]
    Avif(Box<avif::Planes<'m>>),
}

impl<'m> PlaneEncoder<'m> {
    /// For an encoding of which [`takes_planes`] is true.
    pub fn new(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        match encoding.format {
            Format::WebP => webp::Planes::new(encoding, size, is_grey, exif).map(Self::WebP),
            #[cfg(feature = "avif")]
            Format::Avif => avif::Planes::new(encoding, size, is_grey, exif).map(|planes| Self::Avif(Box::new(planes))),
            _ => jpeg::Bounded::new(encoding, size, is_grey, exif).map(|encoder| Self::Jpeg(Box::new(encoder))),
        }
    }

    /// Asks for every line of every plane. The lines of a plane are asked for in order, and all planes advance together.
    ///
    /// # Errors
    /// The first that `lines` answer; [`Error::Limit`].
    pub fn fill(&mut self, lines: &mut dyn PlaneRows) -> Result<(), Error> {
        match self {
            Self::Jpeg(encoder) => {
                while let Some(mut rows) = encoder.next_rows(lines.held())? {
                    for (i, plane) in rows.planes_mut().iter_mut().enumerate() {
                        plane.lines_mut().try_for_each(|out| lines.line(i, out))?;
                    }
                }
                Ok(())
            }
            Self::WebP(planes) => planes.fill(|plane, _, out| lines.line(plane, out)),
            #[cfg(feature = "avif")]
            Self::Avif(planes) => planes.fill(|plane, out| lines.line(plane, out)),
        }
    }

    /// The file, once filled.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Jpeg(encoder) => encoder.finish(),
            Self::WebP(planes) => planes.finish(),
            #[cfg(feature = "avif")]
            Self::Avif(planes) => planes.finish(),
        }
    }
}

/// Whether a file of this encoding is made of luma and chroma of half the size.
pub(crate) fn takes_planes(encoding: &Encoding) -> bool {
    encoding.is_lossy() && (encoding.format == Format::WebP || encoding.chroma == Chroma::Quarter)
}

/// Planes that stay where they are, to be encoded more than once: luma, then chroma of half the size.
pub(crate) struct Lent<'a> {
    planes: &'a [Pixels],
    /// Samples of each that were given.
    at: [usize; 3],
}

impl<'a> Lent<'a> {
    /// The file.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn encode(planes: &'a [Pixels], encoding: &Encoding, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
        let size = planes.first().map_or(Size { width: 1, height: 1 }, |luma| luma.size);
        let mut encoder = PlaneEncoder::new(encoding, size, planes.len() == 1, exif)?;
        encoder.fill(&mut Self { planes, at: [0; 3] })?;
        encoder.finish()
    }
}

impl PlaneRows for Lent<'_> {
    fn line(&mut self, plane: usize, out: &mut [u8]) -> Result<(), Error> {
        let at = self.at[plane];
        let line = self.planes.get(plane).and_then(|plane| plane.data.get(at..at + out.len()));
        out.copy_from_slice(line.ok_or_else(|| crate::error::corrupt("header and pixels disagree"))?);
        self.at[plane] += out.len();
        Ok(())
    }

    /// They are held in any case.
    fn held(&self) -> u64 {
        0
    }
}

/// Planes that are all there, at their final size and as they are to be shown.
pub(crate) struct Collected {
    pub size: Size,
    pub planes: Vec<Strips>,
}

impl Collected {
    /// The file.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn encode(mut self, encoding: &Encoding, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
        if encoding.format != Format::WebP {
            let mut encoder = PlaneEncoder::new(encoding, self.size, self.planes.len() == 1, exif)?;
            encoder.fill(&mut self)?;
            drop(self);
            return encoder.finish();
        }
        let mut planes = self.planes.into_iter().map(Strips::into_whole);
        let luma = planes.next().unwrap_or_default();
        let chroma = planes.next().zip(planes.next()).map(|(cb, cr)| [cb, cr]);
        webp::Planes::of(encoding, self.size, luma, chroma, exif)?.finish()
    }
}

impl PlaneRows for Collected {
    fn line(&mut self, plane: usize, out: &mut [u8]) -> Result<(), Error> {
        self.planes[plane].next(out);
        Ok(())
    }

    fn held(&self) -> u64 {
        self.planes.iter().map(|plane| plane.held() as u64).sum()
    }
}

/// Lines of a strip of luma, and of half of it of chroma, that an encoder uses up together; all of them where it takes planes whole.
pub(crate) fn strip_lines(encoding: &Encoding) -> usize {
    if encoding.format == Format::WebP { usize::MAX / 2 } else { 16 }
}

/// Bytes alive at the worst moment of encoding planes for any picture: where lines flow while `flowing` bytes are held, or where the
/// planes are there, for which so many bytes were held beside them.
pub(crate) fn plane_memory(encoding: &Encoding, size: Size, is_grey: bool, filling: Filling) -> u64 {
    let half = size.halved().pixels();
    let planes = size.pixels() + if is_grey { 0 } else { 2 * half };
    match (encoding.format, filling) {
        // libwebp begins when it has all lines, and the decoder is gone by then
        (Format::WebP, Filling::Flowing(bytes)) => {
            (bytes + webp::memory(size, false).0).max(webp::memory(size, false).1)
        }
        (Format::WebP, Filling::Collected(bytes)) => (bytes + planes).max(webp::memory(size, false).1),
        // the same, but the lines' own are gone when it begins
        #[cfg(feature = "avif")]
        (Format::Avif, Filling::Flowing(bytes)) => {
            let (filling, coding) = avif::planes_memory(size, is_grey, encoding.quality);
            (bytes + filling).max(coding)
        }
        #[cfg(feature = "avif")]
        (Format::Avif, Filling::Collected(bytes)) => {
            planes + bytes.max(avif::planes_memory(size, is_grey, encoding.quality).1)
        }
        (_, Filling::Flowing(bytes)) => bytes + jpeg::memory(encoding, size, is_grey),
        (_, Filling::Collected(bytes)) => planes + bytes.max(jpeg::memory(encoding, size, is_grey)),
    }
}

/// How an encoder gets its lines.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Filling {
    /// From a decoder that holds so many bytes.
    Flowing(u64),
    /// From planes for which so many bytes were held beside them.
    Collected(u64),
}
