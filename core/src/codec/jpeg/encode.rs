//! JPEG bytes from planes or pixels, by rows.

use deckle_jpeg::{EncodeColor, EncodeError, EncodeOptions, Encoder, RowsMut, Sampling};

use crate::Error;
use crate::codec::{PixelRows, check_room, no_room, unencodable};
use crate::image::{Chroma, Encoding, Format, Size};

/// The effort from which coefficients are chosen by what they cost.
const TRELLIS: u8 = 5;

/// Bytes that encoding takes for any picture, but for a row of MCUs of what is kept of it and the file.
pub fn memory(encoding: &Encoding, size: Size, is_grey: bool) -> u64 {
    options(encoding, size, is_grey, None).least_memory()
}

/// The same for pixels, where `held` bytes are held for rows to come.
pub fn pixels_memory(encoding: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    held + memory(encoding, size, channels == 1) + strip_bytes(size, channels)
}

/// Rows of pixels that are taken together: those of an MCU.
fn strip_bytes(size: Size, channels: u8) -> u64 {
    if channels == 1 { 0 } else { u64::from(size.width) * u64::from(channels) * 16 }
}

/// An encoder that stops where a picture takes more memory than there is room for.
pub struct Bounded<'m> {
    encoder: Encoder<'m>,
    /// Bytes that may depend on the picture.
    room: u64,
    /// Bytes by which it may take more with every row of MCUs.
    row: u64,
}

impl<'m> Bounded<'m> {
    /// An encoder of luma, and chroma of half the size if not `is_grey`.
    #[inline(never)]
    pub fn new(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        let options = options(encoding, size, is_grey, exif);
        let room = encoding.room.saturating_sub(options.least_memory());
        Ok(Self { encoder: Encoder::new(&options).map_err(refuse)?, room, row: options.row_memory() })
    }

    /// The next row of MCUs to fill, while so many bytes are held for what is to come.
    ///
    /// # Errors
    /// [`Error::Limit`] if it could pass the room.
    pub fn next_rows(&mut self, held: u64) -> Result<Option<RowsMut<'_>>, Error> {
        check_room(held + self.encoder.held() + self.row, self.room)?;
        Ok(self.encoder.next_rows())
    }

    /// The file, once filled.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        self.encoder.finish_within(self.room).map_err(refuse)
    }
}

fn refuse(error: EncodeError) -> Error {
    match error {
        EncodeError::Memory { needed, room } => no_room(needed, room),
        error => unencodable(Format::Jpeg, error),
    }
}

/// Encodes grey as grey and RGB as YCbCr.
#[inline(never)]
pub fn encode(mut rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let is_grey = match rows.channels {
        1 => true,
        3 => false,
        n => return Err(unencodable(Format::Jpeg, format!("{n} channels"))),
    };
    rows.prepare()?;
    let strip = strip_bytes(rows.size, rows.channels);
    let encoding = Encoding { room: encoding.room.saturating_sub(strip), ..*encoding };
    let mut encoder = Bounded::new(&encoding, rows.size, is_grey, exif.as_deref())?;
    let mut strip = crate::codec::allocate(strip)?;
    let row = rows.row_bytes();
    while let Some(mut mcus) = encoder.next_rows(rows.held())? {
        let Some(luma) = mcus.planes_mut().first_mut() else { continue };
        if is_grey {
            luma.lines_mut().try_for_each(|line| rows.next(line))?;
        } else {
            let part = &mut strip[..luma.height * row];
            part.chunks_exact_mut(row).try_for_each(|out| rows.next(out))?;
            mcus.fill_rgb(0, part);
        }
    }
    drop((rows, strip));
    encoder.finish()
}

fn options<'m>(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> EncodeOptions<'m> {
    let color = if is_grey { EncodeColor::Grey } else { EncodeColor::YCbCr };
    let mut options = EncodeOptions::new(size.width, size.height, color);
    options.quality = encoding.quality;
    options.effort = u8::from(encoding.effort >= TRELLIS);
    options.progressive = encoding.progressive;
    options.sampling = match encoding.chroma {
        Chroma::Quarter => Sampling::S420,
        Chroma::Full => Sampling::S444,
    };
    options.exif = exif;
    options
}
