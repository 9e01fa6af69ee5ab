//! BMP: Microsoft's device-independent bitmaps with every header since OS/2, with the header of a file or without. Read, never
//! written. Rows are read where they stand; run-length codes become indices first.
//!
//! Source: Microsoft, `BITMAPFILEHEADER` to `BITMAPV5HEADER`; OS/2 2.0, `BITMAPINFOHEADER2`.

mod header;
mod rle;
mod rows;

use std::borrow::Cow;

use super::{Decode, Opened, PlaneSource, corrupt, unsupported};
use crate::Error;
use crate::image::{Format, Info, Load};
pub(super) use header::Header;
use header::{Coding, FILE_HEADER};
use rows::Rows;

/// Reads the header. A picture that is a whole JPEG or PNG inside is opened as that.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let has_file_header = bytes.starts_with(b"BM");
    let header = Header::read(bytes, if has_file_header { FILE_HEADER } else { 0 })?;
    if header.coding == Coding::Inside {
        let inside = bytes.get(header.data..).unwrap_or_default();
        return match Format::sniff(inside) {
            Some(Format::Jpeg | Format::Png) => super::open(inside),
            _ => Err(corrupt("the BMP says that a JPEG or PNG is inside, and none is")),
        };
    }
    Ok(opened(bytes, header, Format::Bmp))
}

/// What a header tells, of a BMP or of an icon's entry that is one.
pub(super) fn opened(bytes: &[u8], header: Header, format: Format) -> Opened<'_> {
    let profile = header.profile.clone().and_then(|range| bytes.get(range));
    let channels = if header.has_alpha() { 4 } else { 3 };
    let info = Info {
        has_profile: profile.is_some(),
        decoder_bytes: header.decoder_bytes() + super::profile_bytes(profile.map_or(0, <[u8]>::len)),
        ..Info::of_rows(format, header.size, channels)
    };
    Opened { info, exif: None, decoder: Box::new(File { bytes, header, profile }) }
}

/// A file whose header is read.
struct File<'a> {
    bytes: &'a [u8],
    header: Header,
    profile: Option<&'a [u8]>,
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.map(Cow::Borrowed)
    }

    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: crate::image::Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        let rows = Rows::new(self.bytes, &self.header)?;
        Ok(PlaneSource::rows(rows, info.size, info.channels, load.is_resampled()))
    }
}
