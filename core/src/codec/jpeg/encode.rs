//! JPEG bytes from planes by rows, or from pixels.

use deckle_jpeg::{EncodeColor, EncodeOptions, Encoder};

use crate::Error;
use crate::codec::unencodable;
use crate::image::{Encoding, Format, Pixels, Size};

/// The effort from which coefficients are chosen by what they cost.
const TRELLIS: u8 = 5;

/// Bytes that encoding takes, from above.
pub fn memory(encoding: &Encoding, size: Size, is_grey: bool) -> u64 {
    options(encoding, size, is_grey, None).memory() as u64
}

/// The same for pixels that hold `held` bytes.
pub fn pixels_memory(encoding: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    held + memory(encoding, size, channels == 1)
}

/// An encoder of luma, and chroma of half the size if not `is_grey`.
#[inline(never)]
pub fn encoder<'m>(
    encoding: &Encoding,
    size: Size,
    is_grey: bool,
    exif: Option<&'m [u8]>,
) -> Result<Encoder<'m>, Error> {
    Encoder::new(&options(encoding, size, is_grey, exif)).map_err(|error| unencodable(Format::Jpeg, error))
}

/// Encodes grey as grey and RGB as YCbCr 4:2:0.
#[inline(never)]
pub fn encode(image: Pixels, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let is_grey = match image.channels {
        1 => true,
        3 => false,
        n => return Err(unencodable(Format::Jpeg, format!("{n} channels"))),
    };
    deckle_jpeg::encode_pixels(&options(encoding, image.size, is_grey, exif.as_deref()), &image.data)
        .map_err(|error| unencodable(Format::Jpeg, error))
}

fn options<'m>(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> EncodeOptions<'m> {
    let color = if is_grey { EncodeColor::Grey } else { EncodeColor::YCbCr };
    let mut options = EncodeOptions::new(size.width, size.height, color);
    options.quality = encoding.quality;
    options.effort = u8::from(encoding.effort >= TRELLIS);
    options.progressive = encoding.progressive;
    options.exif = exif;
    options
}
