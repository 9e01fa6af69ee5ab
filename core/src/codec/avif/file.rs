//! Coded pictures put into a file: the boxes around them.
//!
//! Source: AV1 Image File Format 1.1, 2 and 4; ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, 6.5.

use crate::image::{Orientation, Size};

/// What a file is made of.
pub struct Parts<'a> {
    pub size: Size,
    pub is_grey: bool,
    /// Whether there is as much chroma as luma.
    pub has_full_chroma: bool,
    /// AV1 data.
    pub colour: &'a [u8],
    pub alpha: Option<&'a [u8]>,
    pub exif: Option<&'a [u8]>,
    /// What makes the picture upright.
    pub orientation: Orientation,
}

/// The numbers of the items.
const COLOUR: u16 = 1;
const ALPHA: u16 = 2;
const EXIF: u16 = 3;

const ESSENTIAL: u8 = 0x80;

/// The file.
pub fn write(parts: &Parts<'_>) -> Vec<u8> {
    let exif = parts.exif.map(|exif| [&[0; 4], exif].concat());
    let items: Vec<(u16, &[u8; 4], &[u8])> = [
        Some((COLOUR, b"av01", parts.colour)),
        parts.alpha.map(|alpha| (ALPHA, b"av01", alpha)),
        exif.as_deref().map(|exif| (EXIF, b"Exif", exif)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let profile = if parts.has_full_chroma && !parts.is_grey { *b"MA1A" } else { *b"MA1B" };
    let head = framed(b"ftyp", &[b"avif\0\0\0\0avifmif1miaf", &profile]);
    // the places of the items depend on the length of what names them
    let length = meta(parts, &items, 0).len();
    let from = head.len() + length + 8;
    let data: usize = items.iter().map(|(.., data)| data.len()).sum();
    let mut file = Vec::with_capacity(from + data);
    file.extend(head);
    file.extend(meta(parts, &items, from as u32));
    file.extend((data as u32 + 8).to_be_bytes());
    file.extend(b"mdat");
    items.iter().for_each(|(.., data)| file.extend_from_slice(data));
    file
}

fn meta(parts: &Parts<'_>, items: &[(u16, &[u8; 4], &[u8])], from: u32) -> Vec<u8> {
    let count = (items.len() as u16).to_be_bytes();
    let (mut entries, mut places, mut at) = (Vec::new(), Vec::new(), from);
    for (id, kind, data) in items {
        let id = id.to_be_bytes();
        entries.extend(framed(b"infe", &[&[2, 0, 0, 0], &id, &[0, 0], *kind, &[0]]));
        // in the file, whole
        places.extend([&id[..], &[0, 0, 0, 1], &at.to_be_bytes(), &(data.len() as u32).to_be_bytes()].concat());
        at += data.len() as u32;
    }
    let refers = |kind: &[u8; 4], from: u16| framed(kind, &[&from.to_be_bytes(), &[0, 1], &COLOUR.to_be_bytes()]);
    let mut references = Vec::new();
    if parts.alpha.is_some() {
        references.extend(refers(b"auxl", ALPHA));
    }
    if parts.exif.is_some() {
        references.extend(refers(b"cdsc", EXIF));
    }
    let references = if references.is_empty() { references } else { framed(b"iref", &[&[0; 4], &references]) };
    let body: [&[u8]; 7] = [
        &[0; 4],
        &framed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"]),
        &framed(b"pitm", &[&[0; 4], &COLOUR.to_be_bytes()]),
        // offsets and lengths of four bytes
        &framed(b"iloc", &[&[0, 0, 0, 0, 0x44, 0], &count, &places]),
        &framed(b"iinf", &[&[0; 4], &count, &entries]),
        &references,
        &properties(parts),
    ];
    framed(b"meta", &body)
}

/// Properties, and which item has which.
fn properties(parts: &Parts<'_>) -> Vec<u8> {
    let Size { width, height } = parts.size;
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut add = |property: Vec<u8>| {
        all.push(property);
        all.len() as u8
    };
    let size = add(framed(b"ispe", &[&[0; 4], &width.to_be_bytes(), &height.to_be_bytes()]));
    let depths: &[u8] = if parts.is_grey { &[1, 8] } else { &[3, 8, 8, 8] };
    let (colour_bits, coding) =
        (add(framed(b"pixi", &[&[0; 4], depths])), coding(parts.is_grey, parts.has_full_chroma));
    let coding = add(coding);
    // sRGB, by BT.601's matrix, full range
    let numbers = add(framed(b"colr", &[b"nclx\0\x01\0\x0d\0\x06\x80"]));
    let mut colour = vec![size, colour_bits, coding | ESSENTIAL, numbers];
    let Orientation { mirror, turns } = parts.orientation;
    // what is mirrored and then turned is turned the other way and then mirrored, and that is against the clock
    let turns = if mirror { turns % 4 } else { (4 - turns % 4) % 4 };
    if turns != 0 {
        colour.push(add(framed(b"irot", &[&[turns]])) | ESSENTIAL);
    }
    if mirror {
        colour.push(add(framed(b"imir", &[&[1]])) | ESSENTIAL);
    }
    let laid: Vec<u8> = colour.split_off(4);
    colour.extend(&laid);
    let mut owned = entry(COLOUR, &colour);
    if parts.alpha.is_some() {
        let bits = add(framed(b"pixi", &[&[0; 4], &[1, 8]]));
        let coding = add(self::coding(true, false));
        let kind = add(framed(b"auxC", &[&[0; 4], b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"]));
        owned.extend(entry(ALPHA, &[&[size, bits, coding | ESSENTIAL, kind], laid.as_slice()].concat()));
    }
    let count = 1 + u32::from(parts.alpha.is_some());
    let owners = framed(b"ipma", &[&[0; 4], &count.to_be_bytes(), &owned]);
    framed(b"iprp", &[&framed(b"ipco", &[&all.concat()]), &owners])
}

fn entry(id: u16, properties: &[u8]) -> Vec<u8> {
    [&id.to_be_bytes()[..], &[properties.len() as u8], properties].concat()
}

/// How a picture of 8 bits a sample is coded: profile, level and layout.
fn coding(is_grey: bool, has_full_chroma: bool) -> Vec<u8> {
    let (profile, layout) = match (is_grey, has_full_chroma) {
        (true, _) => (0, 0b0001_1100),
        (false, true) => (1, 0),
        (false, false) => (0, 0b0000_1100),
    };
    // a level without limits
    framed(b"av1C", &[&[0x81, profile << 5 | 31, layout, 0]])
}

fn framed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut all = Vec::with_capacity(length + 8);
    all.extend((length as u32 + 8).to_be_bytes());
    all.extend(name);
    parts.iter().for_each(|part| all.extend_from_slice(part));
    all
}
