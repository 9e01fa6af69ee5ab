//! EXIF (CIPA DC-008, 2.32): the few tags that matter here, read from and written to the TIFF structure of §4.5.2.

/// Tags of the 0th IFD (§4.6.4).
const ORIENTATION: u16 = 0x0112;
const ARTIST: u16 = 0x013b;
const COPYRIGHT: u16 = 0x8298;

/// Tags of the 1st IFD, which describes a thumbnail.
const THUMBNAIL: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

/// Types (§4.6.2), and TIFF's signed ones.
const BYTE: u16 = 1;
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const SBYTE: u16 = 6;
const SSHORT: u16 = 8;
const SLONG: u16 = 9;

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
    /// Reads the TIFF header; `None` if this is not a TIFF structure.
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

    /// The orientation tag, stored as any type of integer; `None` unless it is 1–8.
    pub fn orientation(&self) -> Option<u16> {
        let tag = self.integer(&self.entry(ORIENTATION, self.ifd)?)?;
        u16::try_from(tag).ok().filter(|tag| (1..=8).contains(tag))
    }

    /// The block with orientation 1 and without its thumbnail, which shows the picture as it was before a crop.
    pub fn upright(&self) -> Vec<u8> {
        let mut tiff = self.tiff.to_vec();
        if let Some(entry) = self.entry(ORIENTATION, self.ifd)
            && let Some(value) = tiff.get_mut(entry.at + 8..entry.at + 12)
        {
            let one = match (entry.kind, self.big_endian) {
                (SHORT | SSHORT, true) => [0, 1, 0, 0],
                (LONG | SLONG, true) => [0, 0, 0, 1],
                _ => [1, 0, 0, 0],
            };
            value.copy_from_slice(&one);
        }
        self.drop_thumbnail(&mut tiff);
        tiff
    }

    /// The block as it is, without its thumbnail.
    pub fn as_stored(&self) -> Vec<u8> {
        let mut tiff = self.tiff.to_vec();
        self.drop_thumbnail(&mut tiff);
        tiff
    }

    /// A new block of only the orientation; `None` where the picture is upright as it is stored.
    pub fn orientation_alone(&self) -> Option<Vec<u8>> {
        let orientation = self.orientation().filter(|tag| *tag != 1)?;
        let entry = [ORIENTATION, SHORT, 1, 0, orientation, 0].map(u16::to_le_bytes);
        Some([b"II*\0\x08\0\0\0\x01\0".as_slice(), entry.as_flattened(), &[0; 4]].concat())
    }

    /// Takes the link to the 1st IFD away and the thumbnail's bytes with it: cut off where they are the last, else zeroed.
    fn drop_thumbnail(&self, tiff: &mut Vec<u8>) {
        let Some(link) = self.link() else { return };
        let Some(ifd) = self.u32(link).map(|at| at as usize).filter(|&at| at != 0) else { return };
        let value = |tag| self.entry(tag, ifd).and_then(|entry| self.integer(&entry)).map(|value| value as usize);
        if let (Some(at), Some(length)) = (value(THUMBNAIL), value(THUMBNAIL_LENGTH)) {
            let end = at.saturating_add(length).min(tiff.len());
            if let Some(bytes) = tiff.get_mut(at..end) {
                bytes.fill(0);
            }
            // never into the 0th IFD, wherever a hostile block says that its thumbnail lies
            if end == tiff.len() && at > link + 4 {
                tiff.truncate(at);
            }
        }
        if let Some(link) = tiff.get_mut(link..link + 4) {
            link.fill(0);
        }
    }

    /// Where the offset of the 1st IFD stands.
    fn link(&self) -> Option<usize> {
        let count = usize::from(self.u16(self.ifd)?);
        self.ifd.checked_add(2 + 12 * count)
    }

    /// The first value of an entry whose type is an integer.
    fn integer(&self, entry: &Entry) -> Option<u32> {
        match entry.kind {
            _ if entry.count == 0 => None,
            BYTE | SBYTE => self.tiff.get(entry.at + 8).copied().map(u32::from),
            SHORT | SSHORT => self.u16(entry.at + 8).map(u32::from),
            LONG | SLONG => self.u32(entry.at + 8),
            _ => None,
        }
    }

    /// A new block of only artist and copyright; `None` when the source has neither.
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

    /// An ASCII value with its closing 0; `None` when it is empty or longer than 4,096 bytes.
    fn text(&self, tag: u16) -> Option<Vec<u8>> {
        const LONGEST: u32 = 4096;
        let entry = self.entry(tag, self.ifd).filter(|entry| entry.kind == ASCII && entry.count <= LONGEST)?;
        let at = if entry.count <= 4 { entry.at + 8 } else { self.u32(entry.at + 8)? as usize };
        let text = self.tiff.get(at..at.checked_add(entry.count as usize)?)?;
        // a copyright can hold two texts, 0 between them
        let length = text.iter().rposition(|&b| b != 0 && b != b' ')? + 1;
        let mut text = text.get(..length)?.to_vec();
        text.push(0);
        Some(text)
    }

    /// The entry of a tag in the IFD at `ifd`.
    fn entry(&self, tag: u16, ifd: usize) -> Option<Entry> {
        let count = usize::from(self.u16(ifd)?);
        let first = ifd.checked_add(2)?;
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

    /// A block whose orientation is 6, stored as `kind`.
    fn oriented(kind: u16, value: [u8; 4], big_endian: bool) -> Vec<u8> {
        let u16 = |v: u16| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        let u32 = |v: u32| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        let head: &[u8] = if big_endian { b"MM\0*" } else { b"II*\0" };
        [head, &u32(8), &u16(1), &u16(ORIENTATION), &u16(kind), &u32(1), &value, &u32(0)].concat()
    }

    #[test]
    fn the_orientation_may_be_any_type_of_integer() {
        for big_endian in [false, true] {
            let short = if big_endian { [0, 6, 0, 0] } else { [6, 0, 0, 0] };
            let long = if big_endian { [0, 0, 0, 6] } else { [6, 0, 0, 0] };
            for (kind, value) in [
                (BYTE, [6, 0, 0, 0]),
                (SBYTE, [6, 0, 0, 0]),
                (SHORT, short),
                (SSHORT, short),
                (LONG, long),
                (SLONG, long),
            ] {
                let block = oriented(kind, value, big_endian);
                let exif = Exif::parse(&block).unwrap();
                assert_eq!(exif.orientation(), Some(6), "type {kind}");
                assert_eq!(Exif::parse(&exif.upright()).unwrap().orientation(), Some(1), "type {kind}");
            }
            assert_eq!(Exif::parse(&oriented(ASCII, *b"6\0\0\0", big_endian)).unwrap().orientation(), None);
            assert_eq!(Exif::parse(&oriented(SHORT, [9, 9, 0, 0], big_endian)).unwrap().orientation(), None);
        }
    }

    #[test]
    fn a_thumbnail_never_leaves() {
        let mut block = block(false);
        let (link, ifd) = (8 + 2 + 3 * 12, block.len() as u32);
        block[link..link + 4].copy_from_slice(&ifd.to_le_bytes());
        let thumbnail = ifd + 2 + 2 * 12 + 4;
        block.extend(2_u16.to_le_bytes());
        for (tag, value) in [(THUMBNAIL, thumbnail), (THUMBNAIL_LENGTH, 6)] {
            block.extend([tag.to_le_bytes(), LONG.to_le_bytes()].concat());
            block.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
        }
        block.extend([0; 4]);
        block.extend(b"secret");
        for more in ["", "trailing"] {
            let block = [&block, more.as_bytes()].concat();
            let upright = Exif::parse(&block).unwrap().upright();
            assert!(!upright.windows(6).any(|bytes| bytes == b"secret"));
            assert_eq!(upright.len(), block.len() - if more.is_empty() { 6 } else { 0 });
            let exif = Exif::parse(&upright).unwrap();
            assert_eq!((exif.orientation(), exif.text(COPYRIGHT).unwrap().len()), (Some(1), 11));
            assert_eq!(exif.u32(exif.link().unwrap()), Some(0));
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
