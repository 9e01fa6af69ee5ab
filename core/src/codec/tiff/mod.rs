//! TIFF 6.0 and BigTIFF: strips and tiles, one after another. Read, never written; the first page.
//!
//! Source: TIFF 6.0 (Adobe, 1992), Technical Notes 1 to 3, BigTIFF.

mod chunk;
mod directory;
mod fax;
mod layout;
mod rows;

use std::borrow::Cow;

use super::{Decode, InterleavedRows, Opened, PlaneSource, corrupt};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Orientation, Size};
use directory::{Directory, File};
use layout::{Alpha, Compression, Layout, Photometric};
use rows::{Rows, WideRows};

/// Reads the first page's tags.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let tags = Directory::read(bytes, 0)?.ok_or_else(|| corrupt("the TIFF has no directory"))?;
    let orientation = Orientation::from_exif(tags.or(274, 1) as u16);
    // JPEG as TIFF 6.0 had it at first: a whole file inside, where there is one
    if tags.or(259, 1) == 6
        && let Some(inside) = tags.first(513).and_then(|at| bytes.get(usize::try_from(at).ok()?..))
    {
        let mut opened = super::jpeg::open(inside)?;
        opened.info.orientation = orientation;
        return Ok(opened);
    }
    let mut layout = Layout::read(&tags)?;
    if layout.compression == Compression::Jpeg {
        layout.jpeg_room = chunk::jpeg_room(&layout, first(&tags.file, &layout));
    }
    let profile = tags.tag(34675).map(|profile| profile.bytes()).filter(|profile| !profile.is_empty());
    let colours = match layout.photometric {
        Photometric::WhiteIsZero | Photometric::BlackIsZero => 1,
        Photometric::Inks => 4,
        _ => 3,
    };
    let has_alpha = layout.alpha != Alpha::None;
    let channels = colours + u8::from(has_alpha);
    // Lab is made sRGB before any profile could be used
    let profile = profile.filter(|_| !matches!(layout.photometric, Photometric::Lab { .. }));
    let profile_bytes = super::profile_bytes(profile.map_or(0, <[u8]>::len));
    let inks = if colours == 4 && profile.is_some() { 2 << 20 } else { 0 };
    let info = Info {
        orientation,
        model: match colours {
            1 => Model::Grey,
            4 => Model::Cmyk,
            _ => Model::Rgb,
        },
        has_alpha,
        has_profile: profile.is_some(),
        bit_depth: layout.bits.min(64) as u8,
        decoder_bytes: decoder_bytes(&layout, channels) + profile_bytes + inks,
        ..Info::of_rows(Format::Tiff, layout.size, channels)
    };
    let file = tags.file;
    Ok(Opened { info, exif: None, decoder: Box::new(Page { file, layout, profile }) })
}

/// Strips or tiles beside each other, rows, and what decompressing takes.
fn decoder_bytes(layout: &Layout<'_>, channels: u8) -> u64 {
    let width = u64::from(layout.size.width);
    let rows = width * (u64::from(layout.samples) + u64::from(channels)) + 4096;
    if layout.is_plain() {
        return rows;
    }
    let tile = if layout.is_tiled { layout.chunk_bytes() } else { 0 };
    let band = layout.band_bytes().saturating_add(tile).saturating_add(layout.row_bytes(layout.chunk.width));
    let aside = match layout.compression {
        Compression::Huffman | Compression::Group3 { .. } | Compression::Group4 => 40 * u64::from(layout.chunk.width),
        Compression::Jpeg => layout.jpeg_room,
        _ => chunk::ASIDE,
    };
    // blocks of chroma, before they are pixels
    let blocks = if layout.chroma == (1, 1) { 0 } else { layout.chunk_bytes().saturating_mul(2) };
    rows.saturating_add(band).saturating_add(aside).saturating_add(blocks)
}

fn first<'a>(file: &File<'a>, layout: &Layout<'_>) -> &'a [u8] {
    let from = layout.offsets.at(0).and_then(|from| usize::try_from(from).ok()).unwrap_or(usize::MAX);
    let rest = file.bytes.get(from..).unwrap_or_default();
    let count = layout.counts.and_then(|counts| counts.at(0)).map_or(rest.len(), |count| count as usize);
    &rest[..count.min(rest.len())]
}

/// A page whose tags are read.
struct Page<'a> {
    file: File<'a>,
    layout: Layout<'a>,
    profile: Option<&'a [u8]>,
}

impl Decode for Page<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.map(Cow::Borrowed)
    }

    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        let rows = Rows::new(self.file, &self.layout, info.channels)?;
        Ok(match info.model {
            Model::Cmyk => PlaneSource::inks(rows, info.size),
            _ => PlaneSource::rows(rows, info.size, info.channels, load.is_resampled()),
        })
    }

    #[inline(never)]
    fn start_wide(&self, info: &Info) -> Result<Option<Box<dyn InterleavedRows + '_>>, Error> {
        WideRows::open(self.file, &self.layout, info.channels)
    }
}
