//! The header of AV1's data, which says how large pictures are and what their samples mean.
//!
//! Source: AV1 Bitstream & Decoding Process Specification, 5.3 to 5.5.

use crate::image::Size;

/// What the numbers of ITU-T H.273 say of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    /// Whether black is 0, and not 16 of 8 bits.
    pub is_full: bool,
}

/// What every picture of the data has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequence {
    pub size: Size,
    /// Bits a sample: 8, 10 or 12.
    pub depth: u8,
    pub is_grey: bool,
    /// How many pixels across and down a sample of chroma stands for, 1 or 2.
    pub chroma: [u8; 2],
    pub numbers: Numbers,
    /// Whether noise is added to what was decoded.
    pub has_grain: bool,
}

/// The first header, and how many pictures there are, shown or not; `None` if there is no header.
pub fn read(data: &[u8]) -> Option<(Sequence, u32)> {
    let (mut sequence, mut pictures, mut rest) = (None, 0_u32, data);
    while let Some((kind, body, after)) = unit(rest) {
        match kind {
            1 => sequence = sequence.or_else(|| header(body)),
            3 | 6 => pictures = pictures.saturating_add(1),
            _ => (),
        }
        rest = after;
    }
    Some((sequence?, pictures))
}

/// The first unit's kind and body, and what follows.
fn unit(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&head, mut rest) = data.split_first()?;
    if head & 4 != 0 {
        rest = rest.get(1..)?;
    }
    let mut length = rest.len();
    if head & 2 != 0 {
        let mut value = 0_u64;
        for i in 0..8 {
            let (&byte, after) = rest.split_first()?;
            rest = after;
            value |= u64::from(byte & 127) << (7 * i);
            if byte & 128 == 0 {
                break;
            }
        }
        length = usize::try_from(value).ok()?;
    }
    let (body, after) = rest.split_at_checked(length)?;
    Some((head >> 3 & 15, body, after))
}

/// Bits from the front, the highest first; zeros beyond the end.
struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn get(&mut self, count: usize) -> u32 {
        (0..count).fold(0, |value, _| {
            let byte = self.data.get(self.at / 8).copied().unwrap_or(0);
            let bit = byte >> (7 - self.at % 8) & 1;
            self.at += 1;
            value << 1 | u32::from(bit)
        })
    }

    fn flag(&mut self) -> bool {
        self.get(1) == 1
    }
}

fn header(body: &[u8]) -> Option<Sequence> {
    let bits = &mut Bits { data: body, at: 0 };
    let profile = bits.get(3);
    bits.flag();
    let is_reduced = bits.flag();
    if is_reduced {
        bits.get(5);
    } else {
        operating_points(bits);
    }
    let (across, down) = (bits.get(4) as usize + 1, bits.get(4) as usize + 1);
    let size = Size { width: bits.get(across) + 1, height: bits.get(down) + 1 };
    if !is_reduced && bits.flag() {
        bits.get(7);
    }
    bits.get(3);
    if !is_reduced {
        tools(bits);
    }
    bits.get(3);
    let (depth, is_grey, chroma, numbers) = colours(bits, profile);
    let has_grain = bits.flag();
    (bits.at <= 8 * body.len()).then_some(Sequence { size, depth, is_grey, chroma, numbers, has_grain })
}

fn operating_points(bits: &mut Bits<'_>) {
    let mut delay = None;
    if bits.flag() {
        bits.get(32);
        bits.get(32);
        if bits.flag() {
            let zeros = (0..32).take_while(|_| !bits.flag()).count();
            bits.get(zeros);
        }
        if bits.flag() {
            delay = Some(bits.get(5) as usize + 1);
            bits.get(32);
            bits.get(10);
        }
    }
    let has_display_delay = bits.flag();
    for _ in 0..=bits.get(5) {
        bits.get(12);
        if bits.get(5) > 7 {
            bits.get(1);
        }
        if let Some(delay) = delay
            && bits.flag()
        {
            bits.get(delay);
            bits.get(delay);
            bits.get(1);
        }
        if has_display_delay && bits.flag() {
            bits.get(4);
        }
    }
}

/// What pictures that are made from others may use.
fn tools(bits: &mut Bits<'_>) {
    bits.get(4);
    let has_order = bits.flag();
    if has_order {
        bits.get(2);
    }
    let screen = if bits.flag() { 2 } else { bits.get(1) };
    if screen > 0 && !bits.flag() {
        bits.get(1);
    }
    if has_order {
        bits.get(3);
    }
}

fn colours(bits: &mut Bits<'_>, profile: u32) -> (u8, bool, [u8; 2], Numbers) {
    let is_deep = bits.flag();
    let depth = match (is_deep, profile) {
        (true, 2) => 10 + 2 * bits.get(1) as u8,
        (true, _) => 10,
        _ => 8,
    };
    let is_grey = profile != 1 && bits.flag();
    let [primaries, transfer, matrix] =
        if bits.flag() { [bits.get(8), bits.get(8), bits.get(8)] } else { [2; 3] }.map(|number| number as u8);
    let numbers = |is_full| Numbers { primaries, transfer, matrix, is_full };
    if is_grey {
        return (depth, true, [1, 1], numbers(bits.flag()));
    }
    if (primaries, transfer, matrix) == (1, 13, 0) {
        bits.flag();
        return (depth, false, [1, 1], numbers(true));
    }
    let is_full = bits.flag();
    let chroma = match (profile, depth) {
        (0, _) => [2, 2],
        (1, _) => [1, 1],
        (_, 12) => {
            let across = bits.get(1) as u8;
            [1 + across, if across == 1 { 1 + bits.get(1) as u8 } else { 1 }]
        }
        _ => [2, 1],
    };
    if chroma == [2, 2] {
        bits.get(2);
    }
    bits.flag();
    (depth, false, chroma, numbers(is_full))
}
