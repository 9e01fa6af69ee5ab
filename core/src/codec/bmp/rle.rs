//! Run-length codes: RLE8, RLE4 and OS/2's RLE24 to indices or pixels, rows in the file's order.

use super::header::Header;
use crate::Error;
use crate::codec::allocate;

/// Indices, or blue, green and red, and how many rows from the first were reached. Pixels that codes leave out are of index 0.
///
/// # Errors
/// Where there is no such piece of memory.
#[inline(never)]
pub fn decode(codes: &[u8], header: &Header) -> Result<(Vec<u8>, usize), Error> {
    let unit = header.run_bytes() as usize;
    let mut out = allocate(header.size.pixels() * unit as u64)?;
    let (width, height) = (header.size.width as usize, header.size.height as usize);
    let mut codes = codes;
    let (mut x, mut y) = (0_usize, 0_usize);
    let mut ended = false;
    while let Some((&[count, value], rest)) = codes.split_first_chunk::<2>() {
        codes = rest;
        if y >= height {
            ended = true;
            break;
        }
        let row = &mut out[y * width * unit..(y + 1) * width * unit];
        match (count, value) {
            (0, 0) => (x, y) = (0, y + 1),
            (0, 1) => {
                ended = true;
                break;
            }
            (0, 2) => {
                let Some((&[right, up], rest)) = codes.split_first_chunk::<2>() else { break };
                codes = rest;
                (x, y) = ((x + usize::from(right)).min(width), y + usize::from(up));
            }
            (0, literal) => {
                let literal = usize::from(literal);
                let bytes = (literal * usize::from(header.bits)).div_ceil(8);
                let taken = &codes[..bytes.min(codes.len())];
                write(row, x * unit, taken, header.bits, literal);
                x = (x + literal).min(width);
                codes = codes.get(bytes.next_multiple_of(2)..).unwrap_or_default();
            }
            (count, value) => {
                let count = usize::from(count).min(width.saturating_sub(x));
                if unit == 3 {
                    let Some((&[green, red], rest)) = codes.split_first_chunk::<2>() else { break };
                    codes = rest;
                    let run = row[x * 3..(x + count) * 3].as_chunks_mut().0;
                    run.fill([value, green, red]);
                } else if header.bits == 4 {
                    let pair = [value >> 4, value & 15];
                    row[x..x + count].iter_mut().enumerate().for_each(|(i, out)| *out = pair[i % 2]);
                } else {
                    row[x..x + count].fill(value);
                }
                x += count;
            }
        }
    }
    Ok((out, if ended { height } else { (y + usize::from(x > 0)).min(height) }))
}

/// So many pixels that stand in full, as far as the row goes.
fn write(row: &mut [u8], at: usize, taken: &[u8], bits: u16, count: usize) {
    let room = row.get_mut(at..).unwrap_or_default();
    match bits {
        4 => {
            let nibbles = taken.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            room.iter_mut().zip(nibbles.take(count)).for_each(|(out, index)| *out = index);
        }
        _ => room.iter_mut().zip(taken).for_each(|(out, sample)| *out = *sample),
    }
}
