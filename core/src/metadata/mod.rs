//! Metadata: what of the source's reaches the output.

mod bare;
mod credentials;
mod exif;
mod segments;

pub(crate) use bare::is_bare;
pub(crate) use credentials::has_credentials;
pub(crate) use exif::Exif;
pub(crate) use segments::{Segment, segments};

use crate::image::{Encoding, Format, Metadata};

/// What an APP1 segment of a JPEG can hold after its length and `Exif\0\0`. No format gets more: blocks are not in a plan's memory.
const APP1_ROOM: usize = 65_535 - 2 - 6;

/// The EXIF block of the output: nothing, a new one of copyright and artist, or the source's with its orientation reset.
/// A block too large for a JPEG's segment gives way to copyright and artist.
pub(crate) fn outgoing(exif: Option<&[u8]>, encoding: &Encoding) -> Option<Vec<u8>> {
    let is_wanted = encoding.metadata != Metadata::Strip || encoding.keeps_orientation;
    if is_wanted && encoding.format != Format::Gif { kept(exif?, encoding) } else { None }
}

#[inline(never)]
fn kept(block: &[u8], encoding: &Encoding) -> Option<Vec<u8>> {
    let exif = Exif::parse(block)?;
    let is_whole = encoding.metadata == Metadata::All && block.len() <= APP1_ROOM;
    match (is_whole, encoding.keeps_orientation) {
        (true, true) => Some(exif.as_stored()),
        (true, false) => Some(exif.upright()),
        (false, true) => exif.orientation_alone(),
        (false, false) => exif.rights(),
    }
}
