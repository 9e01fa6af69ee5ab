//! Metadata: what of the source's reaches the output.

mod exif;

pub(crate) use exif::Exif;

use crate::image::{Encoding, Format, Metadata};

/// What an APP1 segment of a JPEG can hold after its length and `Exif\0\0`. No format gets more: blocks are not in a plan's memory.
const APP1_ROOM: usize = 65_535 - 2 - 6;

/// The EXIF block of the output: nothing, a new one of copyright and artist, or the source's with its orientation reset.
/// A block too large for a JPEG's segment gives way to copyright and artist.
pub(crate) fn outgoing(exif: Option<&[u8]>, encoding: &Encoding) -> Option<Vec<u8>> {
    if encoding.metadata == Metadata::Strip || encoding.format == Format::Gif { None } else { kept(exif?, encoding) }
}

#[inline(never)]
fn kept(block: &[u8], encoding: &Encoding) -> Option<Vec<u8>> {
    let exif = Exif::parse(block)?;
    if encoding.metadata == Metadata::All && block.len() <= APP1_ROOM { Some(exif.upright()) } else { exif.rights() }
}
