//! ICO and CUR: icons and cursors of Windows, several pictures of one thing. The largest is used, of those the one with most bits.
//!
//! Each is a PNG or a BMP without the header of a file, whose height counts twice: a mask of what is transparent follows.

use super::bmp::{self, Header};
use super::{Opened, corrupt, png};
use crate::Error;
use crate::image::Format;

const ENTRY: usize = 16;

/// Reads the directory, and the header of the picture that is used.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let count = bytes.get(4..6).map_or(0, |count| usize::from(count[0]) | usize::from(count[1]) << 8);
    let directory = bytes.get(6..).unwrap_or_default();
    let mut best = None;
    for entry in directory.chunks_exact(ENTRY).take(count) {
        let number = |at: usize| entry[at..].first_chunk().copied().map_or(0, u32::from_le_bytes) as usize;
        // its stated length is often wrong, and not needed
        let from = number(12);
        let Some(picture) = bytes.get(from..).filter(|_| from >= 6 + ENTRY) else { continue };
        let Ok(opened) = picture_of(picture) else { continue };
        let rank = (opened.info.size.pixels(), bits(picture));
        if best.as_ref().is_none_or(|(least, _)| rank > *least) {
            best = Some((rank, opened));
        }
    }
    match best {
        Some((_, opened)) => Ok(opened),
        // two bytes of a number begin many a file
        None if count == 0 || directory.len() < ENTRY => Err(Error::NotAnImage),
        None => Err(corrupt("no picture of the icon can be read")),
    }
}

fn bits(picture: &[u8]) -> u16 {
    if Format::sniff(picture) == Some(Format::Png) {
        return 32;
    }
    picture.get(14..).and_then(|rest| rest.first_chunk().copied()).map_or(0, u16::from_le_bytes)
}

fn picture_of(picture: &[u8]) -> Result<Opened<'_>, Error> {
    if Format::sniff(picture) == Some(Format::Png) {
        let mut opened = png::open(picture)?;
        opened.info.format = Format::Ico;
        return Ok(opened);
    }
    let mut header = Header::read(picture, 0)?;
    header.size.height /= 2;
    if header.size.height == 0 {
        return Err(corrupt("the icon has no rows"));
    }
    let rows = header.stride().saturating_mul(header.size.height as usize);
    let after = header.data.saturating_add(rows);
    let pixels = picture.get(header.data..after.min(picture.len())).unwrap_or_default();
    // pixels of 32 bits say themselves how transparent they are, unless none of them is anything but transparent
    if header.bits == 32 && pixels.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != 0) {
        header.masks[3] = 0xff00_0000;
    } else {
        header.mask = Some(after);
    }
    Ok(bmp::opened(picture, header, Format::Ico))
}
