//! The first picture of a moving AVIF that has no still one: that of its track.
//!
//! Source: ISO/IEC 14496-12, 8.3 to 8.7.

use super::boxes::{Boxes, Reader};

/// A track's first picture.
pub struct First<'a> {
    pub data: &'a [u8],
    /// What is said of it: boxes as of an item's properties.
    pub properties: Boxes<'a>,
    /// Whether it is the alpha of another.
    pub is_alpha: bool,
}

/// Tracks that are looked at.
const MOST: usize = 16;

/// The first picture of each track of the `moov` box.
pub fn firsts<'a>(file: &'a [u8], moov: &'a [u8]) -> impl Iterator<Item = First<'a>> {
    Boxes(moov).filter(|(name, _)| name == b"trak").take(MOST).filter_map(move |(_, track)| first(file, track))
}

fn first<'a>(file: &'a [u8], track: &'a [u8]) -> Option<First<'a>> {
    let media = Boxes(Boxes(track).find(b"mdia")?);
    // a version, four bytes, then the kind
    let kind = media.find(b"hdlr")?.get(8..12)?;
    if ![b"pict", b"auxv", b"vide"].iter().any(|name| kind == *name) {
        return None;
    }
    let table = Boxes(Boxes(media.find(b"minf")?).find(b"stbl")?);
    let entry = Boxes(table.find(b"stsd")?.get(8..)?).find(b"av01")?;
    let offset = match (table.find(b"stco"), table.find(b"co64")) {
        (Some(offsets), _) => Reader(offsets.get(8..)?).number(4)?,
        (None, offsets) => Reader(offsets?.get(8..)?).number(8)?,
    };
    let sizes = table.find(b"stsz")?;
    // of all, or each
    let length = match Reader(sizes.get(4..)?).number(4)? {
        0 => Reader(sizes.get(12..)?).number(4)?,
        length => length,
    };
    let from = usize::try_from(offset).ok()?;
    let data = file.get(from..from.checked_add(usize::try_from(length).ok()?)?)?;
    Some(First { data, properties: Boxes(entry.get(78..)?), is_alpha: kind == b"auxv" })
}
