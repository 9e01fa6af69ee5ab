//! What is put into a file beside its picture once it is encoded: a colour profile, and a gain map behind a JPEG.

mod jpeg;
mod png;
mod webp;

use std::borrow::Cow;

use crate::Error;
use crate::codec::{check_room, no_room};
use crate::gain_map::MapFile;
use crate::image::{Format, Size};

/// The longest profile that is kept: real ones have up to some 600 KB.
pub(crate) const LONGEST_PROFILE: usize = 1 << 20;

/// Whether files of a format can say by a profile what their colours are.
pub(crate) fn holds_profile(format: Format) -> bool {
    matches!(format, Format::Jpeg | Format::Png | Format::WebP)
}

/// What is put into a file.
#[derive(Debug, Default)]
pub(crate) struct Attached<'a> {
    pub profile: Option<Cow<'a, [u8]>>,
    /// Whether that is Display P3, which a PNG says by four numbers, too.
    pub is_p3: bool,
    pub map: Option<MapFile>,
}

impl Attached<'_> {
    pub fn is_empty(&self) -> bool {
        self.profile.is_none() && self.map.is_none()
    }

    /// Bytes by which it makes a file longer, at most.
    pub fn bytes(&self) -> u64 {
        let profile = self.profile.as_ref().map_or(0, |profile| profile.len() + profile.len() / 1000 + 1_000);
        let map = self.map.as_ref().map_or(0, |map| map.bytes().len() + 2_000);
        (profile + map) as u64
    }

    /// The file with it, where the file, what is put into it, and both together may have so many bytes.
    ///
    /// # Errors
    /// [`Error::Limit`].
    #[inline(never)]
    pub fn put(&self, file: Vec<u8>, format: Format, size: Size, room: u64) -> Result<Vec<u8>, Error> {
        if self.is_empty() {
            return Ok(file);
        }
        check_room(2 * (file.len() as u64 + self.bytes()), room)?;
        match format {
            Format::Jpeg => jpeg::put(&file, self),
            Format::Png => png::put(&file, self),
            Format::WebP => webp::put(&file, self, size),
            Format::Avif | Format::Gif | Format::Bmp | Format::Ico | Format::Tiff | Format::Svg | Format::Jxl => {
                Ok(file)
            }
        }
    }
}

/// Parts as one, allocated once.
fn joined(parts: &[&[u8]]) -> Result<Vec<u8>, Error> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::new();
    out.try_reserve_exact(length).map_err(|_| no_room(length as u64, u64::MAX))?;
    parts.iter().for_each(|part| out.extend(*part));
    Ok(out)
}
