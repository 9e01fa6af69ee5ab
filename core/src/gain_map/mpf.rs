//! The index of a file's pictures: CIPA DC-007, 5.2.

pub const NAME: &[u8] = b"MPF\0";

/// Tags of the index, and bytes of an entry.
const VERSION: u16 = 0xb000;
const COUNT: u16 = 0xb001;
const ENTRIES: u16 = 0xb002;
const ENTRY: usize = 16;

/// More pictures are not looked at.
const MOST: usize = 16;

/// The first picture is what is shown, and a JPEG; nothing is said of the second but that it is a JPEG.
const BASELINE: u32 = 0x03_0000;
const UNDEFINED: u32 = 0;

/// The pictures after the first that an index tells of; `bytes` are those of the file from the index's own header on.
pub fn pictures<'a>(index: &'a [u8], bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let entries = entries(index).unwrap_or_default();
    entries.into_iter().filter_map(move |(length, at)| bytes.get(at..)?.get(..length))
}

/// Lengths and places.
fn entries(index: &[u8]) -> Option<Vec<(usize, usize)>> {
    let is_big_endian = match index.first_chunk::<4>()? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let u16 = |at: usize| {
        let bytes = *index.get(at..)?.first_chunk()?;
        Some(if is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let u32 = |at: usize| {
        let bytes = *index.get(at..)?.first_chunk()?;
        Some(if is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) } as usize)
    };
    let ifd = u32(4)?;
    let count = usize::from(u16(ifd)?).min(64);
    let tag = (0..count).map(|i| ifd + 2 + 12 * i).find(|&at| u16(at) == Some(ENTRIES))?;
    let (length, at) = (u32(tag + 4)?, u32(tag + 8)?);
    let entry = |i: usize| {
        let entry = at.checked_add(ENTRY * i)?;
        Some((u32(entry.checked_add(4)?)?, u32(entry.checked_add(8)?)?))
    };
    let found = (1..(length / ENTRY).min(MOST)).filter_map(entry);
    // the first picture lies at 0, and no other
    Some(found.filter(|&(_, at)| at != 0).collect())
}

/// The content of a segment for two pictures: their lengths, and where the second lies from the index's own header on.
pub fn written(first: u32, second: u32, at: u32) -> Vec<u8> {
    let mut out = [NAME, b"MM\0*\0\0\0\x08\0\x03"].concat();
    let mut put = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        out.extend(tag.to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(count.to_be_bytes());
        out.extend(value);
    };
    // undefined bytes are type 7, a long is 4; entries follow the three tags and the end of them
    put(VERSION, 7, 4, *b"0100");
    put(COUNT, 4, 1, 2_u32.to_be_bytes());
    put(ENTRIES, 7, 2 * ENTRY as u32, 50_u32.to_be_bytes());
    out.extend([0; 4]);
    for entry in [[BASELINE, first, 0], [UNDEFINED, second, at]] {
        out.extend(entry.map(u32::to_be_bytes).as_flattened());
        // nothing depends on it
        out.extend([0; 4]);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_second_picture_is_where_the_index_says() {
        let segment = written(1000, 5, 90);
        let mut file = segment[NAME.len()..].to_vec();
        file.resize(90, 0);
        file.extend(b"photo and more");
        assert_eq!(pictures(&file[..82], &file).collect::<Vec<_>>(), [b"photo"]);
    }

    #[test]
    fn no_cut_and_no_flipped_byte_panics_or_reads_beyond() {
        let index = &written(1000, 5, 20)[NAME.len()..];
        for end in 0..index.len() {
            let _ = pictures(&index[..end], index).count();
        }
        for at in 0..index.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut index = index.to_vec();
                index[at] = value;
                assert!(pictures(&index, &index).all(|picture| picture.len() <= index.len()));
            }
        }
    }
}
