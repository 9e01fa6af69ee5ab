//! CCITT's codes of black and white: modified Huffman, group 3 of one or two dimensions, group 4.
//!
//! Source: ITU-T T.4 and T.6; tables by the crate `fax`.

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, Bits};

use super::layout::Compression;

/// Bits of a strip, the highest first; zeros behind its end.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    reversed: bool,
}

impl Reader<'_> {
    fn byte(&self, index: usize) -> u32 {
        let byte = self.bytes.get(index).copied().unwrap_or(0);
        u32::from(if self.reversed { byte.reverse_bits() } else { byte })
    }

    fn is_over(&self) -> bool {
        self.at >= self.bytes.len() * 8
    }
}

impl BitReader for Reader<'_> {
    type Error = ();

    fn peek(&self, bits: u8) -> Option<u16> {
        let first = self.at / 8;
        let three = self.byte(first) << 16 | self.byte(first + 1) << 8 | self.byte(first + 2);
        let bits = u32::from(bits.min(16));
        Some((three >> (24 - bits - (self.at % 8) as u32) & ((1 << bits) - 1)) as u16)
    }

    fn consume(&mut self, bits: u8) -> Result<(), ()> {
        // no code is read that begins behind the end
        if self.is_over() {
            return Err(());
        }
        self.at += usize::from(bits);
        Ok(())
    }

    fn bits_to_byte_boundary(&self) -> u8 {
        ((8 - self.at % 8) % 8) as u8
    }

    fn expect(&mut self, bits: Bits) -> Result<(), Option<Bits>> {
        if self.peek(bits.len) == Some(bits.data) { self.consume(bits.len).map_err(|()| None) } else { Err(None) }
    }
}

/// Decodes rows of so many pixels to bits, black being 1; answers how many bytes were made.
#[inline(never)]
pub fn decode(codes: &[u8], compression: Compression, reversed: bool, width: u32, out: &mut [u8]) -> usize {
    let stride = width.div_ceil(8) as usize;
    let mut reader = Reader { bytes: codes, at: 0, reversed };
    // where colours change, and the row above
    let (mut changes, mut above): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut made = 0;
    for row in out.chunks_exact_mut(stride) {
        changes.clear();
        let read = match compression {
            Compression::Group4 => two_dimensions(&mut reader, width, &above, &mut changes),
            Compression::Group3 { two_dimensions: two } => group_3(&mut reader, width, two, &above, &mut changes),
            _ => {
                reader.at = reader.at.next_multiple_of(8);
                one_dimension(&mut reader, width, &mut changes)
            }
        };
        // a damaged row shows what was read of it; group 4 cannot go on
        if read.is_none() && (compression == Compression::Group4 || reader.is_over()) {
            break;
        }
        fill(row, width, &changes);
        made += stride;
        std::mem::swap(&mut changes, &mut above);
    }
    made
}

/// A row after its end-of-line code, if there is one; a bit says of how many dimensions it is.
fn group_3(reader: &mut Reader<'_>, width: u32, two: bool, above: &[u32], changes: &mut Vec<u32>) -> Option<()> {
    let start = reader.at;
    // at least eleven zeros, then a one
    let mut zeros = 0;
    let mut at = start;
    while at < reader.bytes.len() * 8 && reader.byte(at / 8) >> (7 - at % 8) & 1 == 0 {
        zeros += 1;
        at += 1;
    }
    let has_end = zeros >= 11 && at < reader.bytes.len() * 8;
    if has_end {
        reader.at = at + 1;
    } else if zeros >= 11 {
        reader.at = at;
        return None;
    }
    let is_one = !two || !has_end || {
        let bit = reader.peek(1)?;
        reader.consume(1).ok()?;
        bit == 1
    };
    let read =
        if is_one { one_dimension(reader, width, changes) } else { two_dimensions(reader, width, above, changes) };
    if read.is_none() {
        resynchronise(reader);
    }
    read
}

/// Goes on to the next end of a line.
fn resynchronise(reader: &mut Reader<'_>) {
    while !reader.is_over() && reader.peek(12) != Some(1) {
        reader.at += 1;
    }
}

/// The length of a run: codes of 64 and more, then one below.
fn run(reader: &mut Reader<'_>, is_black: bool) -> Option<u32> {
    let mut length = 0_u32;
    loop {
        let code = if is_black { black::decode(reader)? } else { white::decode(reader)? };
        length = length.saturating_add(code.into());
        if code < 64 {
            return Some(length);
        }
    }
}

fn one_dimension(reader: &mut Reader<'_>, width: u32, changes: &mut Vec<u32>) -> Option<()> {
    let (mut at, mut is_black) = (0, false);
    while at < width {
        if changes.len() > 2 * width as usize {
            return None;
        }
        let length = run(reader, is_black)?;
        at = (at + length.min(width)).min(width);
        changes.push(at);
        is_black = !is_black;
    }
    Some(())
}

fn two_dimensions(reader: &mut Reader<'_>, width: u32, above: &[u32], changes: &mut Vec<u32>) -> Option<()> {
    let (mut at, mut is_black, mut first) = (0_u32, false, true);
    // changes above to the left are passed
    let mut passed = 0;
    while at < width {
        if changes.len() > 2 * width as usize {
            return None;
        }
        // the first change above, right of here, to the other colour; those to black are even
        while passed > 0 && above.get(passed - 1).is_some_and(|&change| change > at) {
            passed -= 1;
        }
        while above.get(passed).is_some_and(|&change| change <= at && !(first && change == 0 && at == 0)) {
            passed += 1;
        }
        let b1 = if passed % 2 == usize::from(is_black) { passed } else { passed + 1 };
        let change = |i: usize| above.get(i).copied().unwrap_or(width).min(width);
        match mode::decode(reader)? {
            Mode::Pass => at = change(b1 + 1),
            Mode::Horizontal => {
                for colour in [is_black, !is_black] {
                    let length = run(reader, colour)?;
                    at = (at + length.min(width)).min(width);
                    changes.push(at);
                }
            }
            Mode::Vertical(by) => {
                let to = i64::from(change(b1)) + i64::from(by);
                let to = u32::try_from(to).ok()?.min(width);
                if to < at {
                    return None;
                }
                at = to;
                changes.push(at);
                is_black = !is_black;
            }
            Mode::Extension | Mode::EOF => return None,
        }
        first = false;
    }
    Some(())
}

/// Runs of white, black, white, … to bits.
fn fill(row: &mut [u8], width: u32, changes: &[u32]) {
    row.fill(0);
    for pair in changes.chunks(2) {
        let from = pair[0];
        let to = pair.get(1).copied().unwrap_or(width);
        let mut at = from;
        while at < to {
            let byte = (at / 8) as usize;
            if at % 8 == 0 && to - at >= 8 {
                row[byte] = 0xff;
                at += 8;
            } else {
                row[byte] |= 0x80 >> (at % 8);
                at += 1;
            }
        }
    }
}
