//! WebP encoded: lossy by `deckle_webp`, without loss by `image`.

use deckle_webp::Options;

use super::lossless;
use crate::Error;
use crate::codec::{PixelRows, allocate, no_room, unencodable};
use crate::image::{Encoding, Format, Size};

/// Bytes that lossy encoding takes for any picture: before it begins, which are its planes, and then.
pub fn memory(size: Size, has_alpha: bool) -> (u64, u64) {
    let Size { width, height } = size;
    (deckle_webp::planes_memory(width, height, has_alpha), deckle_webp::least_memory(width, height, has_alpha))
}

/// Bytes that encoding pixels takes for any picture, where `held` bytes are held for rows to come.
pub fn pixels_memory(encoding: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    if encoding.lossless {
        // the encoder makes RGBA of them
        return held + size.pixels() * 4 + (16 << 10);
    }
    // rows are gone when there are planes
    let (planes, encoding) = memory(size, channels.is_multiple_of(2));
    (held + planes + strip_bytes(size, channels)).max(encoding)
}

/// Rows of pixels that become planes together, an even number.
const STRIP: usize = 16;

/// Their bytes, and those of the planes that libwebp makes of them.
fn strip_bytes(size: Size, channels: u8) -> u64 {
    u64::from(size.width) * STRIP as u64 * (u64::from(channels) + 3)
}

/// Luma, and chroma of half the size, on their way to a lossy file.
pub struct Planes<'m> {
    planes: deckle_webp::Planes,
    options: Options<'m>,
    encoding: Encoding,
    is_grey: bool,
}

impl<'m> Planes<'m> {
    #[inline(never)]
    pub fn new(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        let planes = deckle_webp::Planes::new(size.width, size.height, false);
        let options = options(encoding, size, false, exif);
        Ok(Self { planes: planes.map_err(|error| refusal(encoding, error))?, options, encoding: *encoding, is_grey })
    }

    /// Of planes that are there: luma, and chroma of half the size if there is colour.
    #[inline(never)]
    pub fn of(
        encoding: &Encoding,
        size: Size,
        luma: Vec<u8>,
        chroma: Option<[Vec<u8>; 2]>,
        exif: Option<&'m [u8]>,
    ) -> Result<Self, Error> {
        let is_grey = chroma.is_none();
        let planes = deckle_webp::Planes::of_full_range(size.width, size.height, luma, chroma);
        let options = options(encoding, size, false, exif);
        Ok(Self { planes: planes.map_err(|error| refusal(encoding, error))?, options, encoding: *encoding, is_grey })
    }

    pub fn fill(&mut self, line: impl FnMut(usize, usize, &mut [u8]) -> Result<(), Error>) -> Result<(), Error> {
        self.planes.fill(!self.is_grey, line)
    }

    pub fn finish(self) -> Result<Vec<u8>, Error> {
        deckle_webp::encode_planes(&self.options, self.planes).map_err(|error| refusal(&self.encoding, error))
    }
}

/// Encodes; alpha always without loss.
pub fn encode(rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    if encoding.lossless {
        lossless::encode(&rows.collect()?, encoding, exif)
    } else {
        lossy(rows, encoding, exif.as_deref())
    }
}

#[inline(never)]
fn lossy(mut rows: PixelRows<'_>, encoding: &Encoding, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let (size, channels) = (rows.size, rows.channels);
    let refuse = |error| refusal(encoding, error);
    let has_alpha = channels.is_multiple_of(2);
    rows.prepare()?;
    let mut planes = deckle_webp::Planes::new(size.width, size.height, has_alpha).map_err(refuse)?;
    let row = rows.row_bytes();
    let mut strip = allocate((row * STRIP) as u64)?;
    for top in (0..size.height as usize).step_by(STRIP) {
        let part = &mut strip[..row * STRIP.min(size.height as usize - top)];
        part.chunks_exact_mut(row).try_for_each(|out| rows.next(out))?;
        planes.import(top, channels, part).map_err(refuse)?;
    }
    drop((rows, strip));
    deckle_webp::encode_planes(&options(encoding, size, has_alpha, exif), planes).map_err(refuse)
}

fn options<'m>(encoding: &Encoding, size: Size, has_alpha: bool, exif: Option<&'m [u8]>) -> Options<'m> {
    let mut options = Options::new();
    options.quality = encoding.quality;
    options.effort = encoding.effort;
    options.exif = exif;
    options.room = encoding.room.saturating_sub(memory(size, has_alpha).0);
    options
}

/// Memory may also run out where the room is more than there is.
fn refusal(encoding: &Encoding, error: deckle_webp::Error) -> Error {
    match error {
        deckle_webp::Error::Memory => no_room(encoding.room.saturating_add(1), encoding.room),
        deckle_webp::Error::Large { bytes, most } => Error::Limit { what: "WebP bytes", needed: bytes, limit: most },
        error => unencodable(Format::WebP, error),
    }
}
