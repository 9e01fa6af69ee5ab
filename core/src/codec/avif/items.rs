//! The items of a file and what is said of them: the `meta` box.
//!
//! Source: ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12 (HEIF), 6 and 9. Nothing is kept but where the boxes are: a question walks through them.

use std::borrow::Cow;

use super::boxes::{Boxes, Reader};
use crate::Error;
use crate::codec::{corrupt, unsupported};
use crate::limits::check;

/// Items that a file may have, properties, those of one item, and pieces that its bytes may lie in.
const MOST_ITEMS: u64 = 4096;
const MOST_PROPERTIES: usize = 1024;
const MOST_OF_ONE: usize = 32;
const MOST_PIECES: u64 = 256;

/// The file's `meta` box.
#[derive(Clone, Copy)]
pub struct Items<'a> {
    file: &'a [u8],
    /// The item that is the picture.
    pub primary: u32,
    entries: &'a [u8],
    places: &'a [u8],
    properties: &'a [u8],
    /// The boxes that say which item has which property.
    owners: Boxes<'a>,
    references: &'a [u8],
    data: &'a [u8],
}

impl<'a> Items<'a> {
    /// Reads the body of a `meta` box; `None` where it has no items.
    pub fn read(file: &'a [u8], meta: &'a [u8]) -> Result<Option<Self>, Error> {
        let boxes = Boxes(meta.get(4..).unwrap_or_default());
        let Some(primary) = boxes.find(b"pitm").and_then(|body| id(&mut Reader(body))) else { return Ok(None) };
        let of = |name: &[u8; 4]| boxes.find(name).unwrap_or_default();
        let about = Boxes(of(b"iprp"));
        let items = Self {
            file,
            primary,
            entries: of(b"iinf"),
            places: of(b"iloc"),
            properties: about.find(b"ipco").unwrap_or_default(),
            owners: about,
            references: of(b"iref"),
            data: of(b"idat"),
        };
        let count = |body: &[u8], at: usize, bytes: usize| {
            Reader(body.get(at..).unwrap_or_default()).number(bytes).unwrap_or_default()
        };
        let entries = count(items.entries, 4, if items.entries.first() == Some(&0) { 2 } else { 4 });
        let places = count(items.places, 6, if items.places.first() == Some(&2) { 4 } else { 2 });
        let owned = items.owner_boxes().map(|body| count(body, 4, 4)).fold(0, u64::saturating_add);
        check("items", entries.max(places).max(owned), MOST_ITEMS)?;
        Ok(Some(items))
    }

    /// The type of an item.
    pub fn kind(&self, wanted: u32) -> Option<[u8; 4]> {
        let mut reader = Reader(self.entries);
        let (version, _) = reader.version()?;
        reader.number(if version == 0 { 2 } else { 4 })?;
        Boxes(reader.0).filter(|(name, _)| name == b"infe").take(MOST_ITEMS as usize).find_map(|(_, body)| {
            let mut reader = Reader(body);
            let (version, _) = reader.version()?;
            let id = reader.number(if version < 3 { 2 } else { 4 })?;
            reader.number(2)?;
            let kind = reader.take(4)?.first_chunk()?;
            (version >= 2 && id == u64::from(wanted)).then_some(*kind)
        })
    }

    /// The bytes of an item; a copy where they lie in pieces.
    #[inline(never)]
    pub fn bytes(&self, wanted: u32) -> Result<Cow<'a, [u8]>, Error> {
        let cut = || corrupt("the bytes of an AVIF item are cut off");
        let (source, pieces) = self.pieces(wanted).ok_or_else(|| corrupt("an AVIF item has no place"))??;
        let part = |&(from, length): &(u64, u64)| {
            let from = usize::try_from(from).ok()?;
            let rest = source.get(from..)?;
            // a length of 0 is all there is
            if length == 0 { Some(rest) } else { rest.get(..usize::try_from(length).ok()?) }
        };
        if let [one] = pieces.as_slice() {
            return part(one).map(Cow::Borrowed).ok_or_else(cut);
        }
        let mut whole = Vec::new();
        for piece in &pieces {
            let part = part(piece).ok_or_else(cut)?;
            if whole.len() + part.len() > self.file.len() {
                return Err(corrupt("the pieces of an AVIF item overlap"));
            }
            whole.extend_from_slice(part);
        }
        Ok(Cow::Owned(whole))
    }

    /// What the bytes of an item are a part of, and where in it: offsets and lengths.
    #[expect(clippy::type_complexity, reason = "a place that is named and cannot be used is an error")]
    fn pieces(&self, wanted: u32) -> Option<Result<(&'a [u8], Vec<(u64, u64)>), Error>> {
        let mut reader = Reader(self.places);
        let (version, _) = reader.version()?;
        let sizes = reader.number(2)?;
        let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| (sizes >> shift & 15) as usize);
        let index = if version == 0 { 0 } else { index };
        if [offset, length, base, index].iter().any(|size| ![0, 4, 8].contains(size)) {
            return None;
        }
        let count = reader.number(if version < 2 { 2 } else { 4 })?;
        for _ in 0..count.min(MOST_ITEMS) {
            let id = reader.number(if version < 2 { 2 } else { 4 })?;
            let method = if version == 0 { 0 } else { reader.number(2)? & 15 };
            let elsewhere = reader.number(2)?;
            let base = reader.number(base)?;
            let count = reader.number(2)?;
            if id != u64::from(wanted) {
                reader.take(count as usize * (index + offset + length))?;
                continue;
            }
            if method > 1 || elsewhere != 0 {
                return Some(Err(unsupported("AVIF whose bytes are in another item or file")));
            }
            if let Err(error) = check("pieces of an item", count, MOST_PIECES) {
                return Some(Err(error));
            }
            let mut pieces = Vec::with_capacity(count as usize);
            for _ in 0..count {
                reader.take(index)?;
                pieces.push((base.saturating_add(reader.number(offset)?), reader.number(length)?));
            }
            return Some(Ok((if method == 1 { self.data } else { self.file }, pieces)));
        }
        None
    }

    /// The properties of an item, by name.
    pub fn properties(&self, wanted: u32) -> Properties<'a> {
        Properties { all: self.properties, numbers: self.numbers(wanted).unwrap_or_default(), at: 0 }
    }

    fn owner_boxes(&self) -> impl Iterator<Item = &'a [u8]> {
        self.owners.filter(|(name, _)| name == b"ipma").take(MOST_ITEMS as usize).map(|(_, body)| body)
    }

    fn numbers(&self, wanted: u32) -> Option<Vec<u16>> {
        self.owner_boxes().find_map(|body| Self::numbers_in(body, wanted))
    }

    fn numbers_in(body: &[u8], wanted: u32) -> Option<Vec<u16>> {
        let mut reader = Reader(body);
        let (version, flags) = reader.version()?;
        let bytes = if flags & 1 == 1 { 2 } else { 1 };
        for _ in 0..reader.number(4)?.min(MOST_ITEMS) {
            let id = reader.number(if version == 0 { 2 } else { 4 })?;
            let count = reader.number(1)? as usize;
            let mut own = Reader(reader.take(count * bytes)?);
            if id == u64::from(wanted) {
                // the highest bit says that the property is essential
                let most = (1 << (8 * bytes - 1)) - 1;
                let number = || own.number(bytes).map(|number| number as u16 & most);
                return Some(std::iter::from_fn(number).take(MOST_OF_ONE).collect());
            }
        }
        None
    }

    /// The items that one refers to in some way, in order.
    pub fn referred(&self, kind: &[u8; 4], from: u32) -> Vec<u32> {
        let mut found = self.links(kind).filter(|(item, _)| *item == from);
        found.next().map_or_else(Vec::new, |(_, to)| to.collect())
    }

    /// The items that refer to one in some way.
    pub fn referring<'s>(&'s self, kind: &'s [u8; 4], to: u32) -> impl Iterator<Item = u32> + use<'a, 's> {
        self.links(kind).filter(move |(_, ends)| ends.clone().any(|end| end == to)).map(|(from, _)| from)
    }

    fn links<'s>(&'s self, kind: &'s [u8; 4]) -> impl Iterator<Item = (u32, Ends<'a>)> + use<'a, 's> {
        let mut reader = Reader(self.references);
        let bytes = if reader.version().is_some_and(|(version, _)| version > 0) { 4 } else { 2 };
        let boxes = Boxes(reader.0).take(MOST_ITEMS as usize).filter(move |(name, _)| name == kind);
        boxes.filter_map(move |(_, body)| {
            let mut reader = Reader(body);
            let from = reader.number(bytes)? as u32;
            let left = reader.number(2)?;
            Some((from, Ends { reader, bytes, left }))
        })
    }
}

/// An item's number, after a version.
fn id(reader: &mut Reader<'_>) -> Option<u32> {
    let (version, _) = reader.version()?;
    reader.number(if version == 0 { 2 } else { 4 }).map(|id| id as u32)
}

/// Where references of one kind lead.
#[derive(Clone)]
struct Ends<'a> {
    reader: Reader<'a>,
    bytes: usize,
    left: u64,
}

impl Iterator for Ends<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        self.reader.number(self.bytes).map(|end| end as u32)
    }
}

/// Properties of an item, in the order in which they are said.
pub struct Properties<'a> {
    all: &'a [u8],
    numbers: Vec<u16>,
    at: usize,
}

impl<'a> Iterator for Properties<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let number = usize::from(*self.numbers.get(self.at)?);
            self.at += 1;
            // 0 is none
            if let Some(index) = number.checked_sub(1)
                && let Some(property) = Boxes(self.all).take(MOST_PROPERTIES).nth(index)
            {
                return Some(property);
            }
        }
    }
}
