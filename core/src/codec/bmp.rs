//! BMP (Microsoft's device-independent bitmaps, all headers since OS/2): header and pixels by `image`. Read, never written.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::{ColorType, ImageDecoder};

use super::{Decode, Opened, PlaneSource, corrupt, from_image, unsupported};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Orientation, Pixels, Size};

/// Reads the header.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(from_image)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(corrupt(format!("the BMP is {width}×{height}")));
    }
    let (channels, has_alpha) = match decoder.color_type() {
        ColorType::Rgb8 => (3, false),
        ColorType::Rgba8 => (4, true),
        other => return Err(unsupported(format!("BMP of {other:?}"))),
    };
    let info = Info {
        format: Format::Bmp,
        size: Size { width, height },
        orientation: Orientation::default(),
        model: Model::Rgb,
        channels,
        has_alpha,
        bit_depth: 8,
        has_profile: false,
        progressive: false,
        by_rows: false,
        band: 1,
        frames: 1,
        animation: None,
        // a row and a palette
        decoder_bytes: u64::from(width) * 4 + 4096,
        scaled_bytes: [0; 8],
        sampling: [[1, 1]; 4],
    };
    Ok(Opened { info, exif: None, decoder: Box::new(File { bytes }) })
}

/// A file whose header is read.
struct File<'a> {
    bytes: &'a [u8],
}

impl Decode for File<'_> {
    /// Decodes at once.
    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        let decoder = BmpDecoder::new(Cursor::new(self.bytes)).map_err(from_image)?;
        let mut data = super::allocate(decoder.total_bytes())?;
        decoder.read_image(&mut data).map_err(from_image)?;
        let pixels = Pixels { size: info.size, channels: info.channels, data };
        Ok(PlaneSource::whole(Cow::Owned(pixels), load.is_resampled()))
    }
}
