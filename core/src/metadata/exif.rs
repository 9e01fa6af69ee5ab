//! EXIF (CIPA DC-008, 2.32): the few tags that matter here, read from and written to the TIFF structure of §4.5.2.

/// Tags of the 0th IFD (§4.6.4).
const ORIENTATION: u16 = 0x0112;
const ARTIST: u16 = 0x013b;
const COPYRIGHT: u16 = 0x8298;

/// Types (§4.6.2).
const ASCII: u16 = 2;
const SHORT: u16 = 3;

/// An EXIF block whose header and 0th IFD are in order; every offset in it is checked when it is followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exif<'a> {
    tiff: &'a [u8],
    big_endian: bool,
    /// Of the 0th IFD.
    ifd: usize,
}

/// A directory entry: 12 bytes at `at`.
struct Entry {
    at: usize,
    kind: u16,
    count: u32,
}

impl<'a> Exif<'a> {
    /// Reads the TIFF header; `None` when it is none.
    pub fn parse(tiff: &'a [u8]) -> Option<Self> {
        let big_endian = match tiff.first_chunk::<4>()? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        let mut exif = Self { tiff, big_endian, ifd: 0 };
        exif.ifd = exif.u32(4)? as usize;
        exif.u16(exif.ifd)?;
        Some(exif)
    }

    /// 1 to 8; anything else is none.
    pub fn orientation(&self) -> Option<u16> {
        let entry = self.entry(ORIENTATION)?;
        (entry.kind == SHORT && entry.count == 1)
            .then(|| self.u16(entry.at + 8))
            .flatten()
            .filter(|tag| (1..=8).contains(tag))
    }

    /// The block with orientation 1.
    pub fn upright(&self) -> Vec<u8> {
        let mut tiff = self.tiff.to_vec();
        if let Some(entry) = self.entry(ORIENTATION).filter(|entry| entry.kind == SHORT)
            && let Some(value) = tiff.get_mut(entry.at + 8..entry.at + 10)
        {
            value.copy_from_slice(if self.big_endian { &[0, 1] } else { &[1, 0] });
        }
        tiff
    }

    /// A new block that holds nothing but artist and copyright; `None` when the source has neither.
    pub fn rights(&self) -> Option<Vec<u8>> {
        let tags: Vec<(u16, Vec<u8>)> =
            [ARTIST, COPYRIGHT].into_iter().filter_map(|tag| Some((tag, self.text(tag)?))).collect();
        if tags.is_empty() {
            return None;
        }
        let mut tiff = b"II*\0\x08\0\0\0".to_vec();
        tiff.extend((tags.len() as u16).to_le_bytes());
        let mut values = Vec::new();
        let start = tiff.len() + 12 * tags.len() + 4;
        for (tag, text) in tags {
            tiff.extend(tag.to_le_bytes());
            tiff.extend(ASCII.to_le_bytes());
            tiff.extend((text.len() as u32).to_le_bytes());
            if let (true, Some(value)) = (text.len() <= 4, text.first_chunk::<4>().copied().or_else(|| padded(&text))) {
                tiff.extend(value);
            } else {
                tiff.extend(((start + values.len()) as u32).to_le_bytes());
                values.extend(&text);
                values.resize(values.len().next_multiple_of(2), 0);
            }
        }
        tiff.extend([0; 4]);
        tiff.extend(values);
        Some(tiff)
    }

    /// An ASCII value with its closing 0; `None` when empty or longer than any that is meant.
    fn text(&self, tag: u16) -> Option<Vec<u8>> {
        const LONGEST: u32 = 4096;
        let entry = self.entry(tag).filter(|entry| entry.kind == ASCII && entry.count <= LONGEST)?;
        let at = if entry.count <= 4 { entry.at + 8 } else { self.u32(entry.at + 8)? as usize };
        let text = self.tiff.get(at..at.checked_add(entry.count as usize)?)?;
        // a copyright can hold two texts, 0 between them
        let length = text.iter().rposition(|&b| b != 0 && b != b' ')? + 1;
        let mut text = text.get(..length)?.to_vec();
        text.push(0);
        Some(text)
    }

    fn entry(&self, tag: u16) -> Option<Entry> {
        let count = usize::from(self.u16(self.ifd)?);
        let first = self.ifd.checked_add(2)?;
        (0..count).map_while(|i| first.checked_add(12 * i)).find_map(|at| {
            let entry = Entry { at, kind: self.u16(at.checked_add(2)?)?, count: self.u32(at.checked_add(4)?)? };
            (self.u16(at)? == tag && at.checked_add(12)? <= self.tiff.len()).then_some(entry)
        })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = *self.tiff.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = *self.tiff.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

/// A value of at most 4 bytes, which stands in the entry itself.
fn padded(text: &[u8]) -> Option<[u8; 4]> {
    let mut value = [0; 4];
    value.get_mut(..text.len())?.copy_from_slice(text);
    Some(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A block with an orientation and a copyright, in either byte order.
    fn block(big_endian: bool) -> Vec<u8> {
        let u16 = |v: u16| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        let u32 = |v: u32| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        let mut tiff = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        tiff.extend(u32(8));
        tiff.extend(u16(3));
        for (tag, kind, count, value) in [(ORIENTATION, SHORT, 1, u16(6)), (ARTIST, ASCII, 3, *b"Al")] {
            tiff.extend([u16(tag), u16(kind)].concat());
            tiff.extend(u32(count));
            tiff.extend([value[0], value[1], 0, 0]);
        }
        tiff.extend([u16(COPYRIGHT), u16(ASCII)].concat());
        tiff.extend(u32(10));
        tiff.extend(u32(50));
        tiff.extend([0; 4]);
        tiff.extend(b"(c) Deckle");
        tiff
    }

    #[test]
    fn both_byte_orders_are_read() {
        for big_endian in [false, true] {
            let block = block(big_endian);
            let exif = Exif::parse(&block).unwrap();
            assert_eq!(exif.orientation(), Some(6));
            assert_eq!(exif.text(COPYRIGHT).unwrap(), b"(c) Deckle\0");
            assert_eq!(exif.text(ARTIST).unwrap(), b"Al\0");
        }
    }

    #[test]
    fn rights_survive_alone() {
        let block = block(true);
        let rights = Exif::parse(&block).unwrap().rights().unwrap();
        let exif = Exif::parse(&rights).unwrap();
        assert_eq!(exif.text(COPYRIGHT).unwrap(), b"(c) Deckle\0");
        assert_eq!(exif.text(ARTIST).unwrap(), b"Al\0");
        assert_eq!(exif.orientation(), None);
    }

    #[test]
    fn upright_changes_the_orientation_and_nothing_else() {
        for big_endian in [false, true] {
            let block = block(big_endian);
            let upright = Exif::parse(&block).unwrap().upright();
            assert_eq!(Exif::parse(&upright).unwrap().orientation(), Some(1));
            assert_eq!(block.iter().zip(&upright).filter(|(a, b)| a != b).count(), 1);
        }
    }

    #[test]
    fn no_cut_and_no_flipped_byte_panics() {
        let whole = block(false);
        let read = |bytes: &[u8]| {
            if let Some(exif) = Exif::parse(bytes) {
                let _ = (exif.orientation(), exif.upright(), exif.rights());
            }
        };
        for end in 0..whole.len() {
            read(&whole[..end]);
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                read(&bytes);
            }
        }
    }
}
