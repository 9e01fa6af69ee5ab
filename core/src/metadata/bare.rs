//! Whether a file holds its picture and nothing beside: no metadata, no profile, no comment, nothing after its end. Files in which
//! something is not understood count as holding more.

use crate::image::Format;

/// Whether there is nothing in the file that stripping it would take away.
pub(crate) fn is_bare(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::WebP => webp(bytes),
        Format::Gif => gif(bytes),
        _ => None,
    }
    .unwrap_or(false)
}

/// Segments, then scans with tables between them.
fn jpeg(bytes: &[u8]) -> Option<bool> {
    let mut at = 2;
    loop {
        // coded data up to the next marker: a stuffed byte and restarts are of them
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            0xd9 => return Some(at + 2 == bytes.len()),
            _ => {
                let length = usize::from(u16::from_be_bytes(*bytes.get(at + 2..)?.first_chunk()?));
                let segment = bytes.get(at + 4..at + 2 + length)?;
                let is_known = match marker {
                    0xe0 => segment.starts_with(b"JFIF\0"),
                    0xee => segment.starts_with(b"Adobe"),
                    0xe1..=0xef | 0xfe => false,
                    _ => true,
                };
                if !is_known {
                    return Some(false);
                }
                at += 2 + length;
            }
        }
    }
}

/// Chunks that say how samples are to be understood count as more, but for a palette and its alpha: programs differ on odd ones.
fn png(bytes: &[u8]) -> Option<bool> {
    let (mut at, mut has_palette) = (8, false);
    loop {
        let length = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?) as usize;
        let name: &[u8; 4] = bytes.get(at + 4..)?.first_chunk()?;
        bytes.get(at + 8..)?.get(..length)?;
        match name {
            b"IHDR" | b"IDAT" | b"pHYs" => (),
            b"PLTE" => has_palette = true,
            b"tRNS" if has_palette => (),
            b"IEND" => return Some(at + 12 + length == bytes.len()),
            _ => return Some(false),
        }
        at += 12 + length;
    }
}

fn webp(bytes: &[u8]) -> Option<bool> {
    let size = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?) as usize;
    let (mut at, end) = (12, size.checked_add(8)?);
    if end != bytes.len() {
        return Some(false);
    }
    while at < end {
        let name: &[u8; 4] = bytes.get(at..)?.first_chunk()?;
        if ![b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"].contains(&name) {
            return Some(false);
        }
        let length = u32::from_le_bytes(*bytes.get(at + 4..)?.first_chunk()?) as usize;
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
    }
    Some(at == end)
}

fn gif(bytes: &[u8]) -> Option<bool> {
    let table = |packed: u8| if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        at = match *bytes.get(at)? {
            0x21 => match *bytes.get(at + 1)? {
                0xf9 => after_blocks(bytes, at + 2)?,
                // how often it plays
                0xff if [b"NETSCAPE2.0", b"ANIMEXTS1.0"].contains(&bytes.get(at + 3..)?.first_chunk()?) => {
                    after_blocks(bytes, at + 2)?
                }
                _ => return Some(false),
            },
            0x2c => after_blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?,
            0x3b => return Some(at + 1 == bytes.len()),
            _ => return Some(false),
        };
    }
}

/// What follows blocks of data, of which one of no length is the last.
fn after_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            length => at += 1 + usize::from(length),
        }
    }
}
