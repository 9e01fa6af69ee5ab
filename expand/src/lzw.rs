//! LZW as TIFF has it (section 13): codes from the highest bit, which get longer one code early.

use crate::repeat;

const CLEAR: usize = 256;
const END: usize = 257;
const CODES: usize = 4096;

/// Expands into `out`, and answers how far that goes: to its end, that of the codes, or damage. What a code stands for is a stretch of what has been
/// written, so that no chain of codes is followed.
#[inline(never)]
pub fn lzw(coded: &[u8], out: &mut [u8]) -> usize {
    // where each code's bytes are in `out`, and how many
    let mut places = vec![(0_u32, 0_u32); CODES];
    let (mut bits, mut count, mut at, mut made) = (0_u64, 0_u32, 0_usize, 0_usize);
    let (mut width, mut next) = (9_u32, END + 1);
    // what the last code stood for
    let (mut last, mut length) = (0_usize, 0_usize);
    while made < out.len() {
        if count < width {
            match coded.get(at..at + 4).and_then(|bytes| bytes.first_chunk::<4>()) {
                Some(&bytes) => {
                    bits = bits << 32 | u64::from(u32::from_be_bytes(bytes));
                    at += 4;
                    count += 32;
                }
                None => {
                    let Some(&byte) = coded.get(at) else { break };
                    bits = bits << 8 | u64::from(byte);
                    at += 1;
                    count += 8;
                    continue;
                }
            }
        }
        count -= width;
        let code = (bits >> count) as usize & ((1 << width) - 1);
        let start = made;
        if code < CLEAR {
            out[made] = code as u8;
            made += 1;
        } else if code == CLEAR {
            (width, next, length) = (9, END + 1, 0);
            continue;
        } else if code == END {
            break;
        } else {
            // the next code is what comes before it and its own first byte
            let (from, known) = if code < next {
                let (from, known) = places[code];
                (from as usize, known as usize)
            } else if code == next && length > 0 {
                (last, length + 1)
            } else {
                break;
            };
            let known = known.min(out.len() - made);
            if !repeat(out, made, made - from, known) {
                // near the end of `out`
                (0..known).for_each(|i| out[made + i] = out[from + i]);
            }
            made += known;
        }
        if length > 0 && next < CODES {
            places[next] = (last as u32, length as u32 + 1);
            next += 1;
            if next + 1 >= 1 << width && width < 12 {
                width += 1;
            }
        }
        (last, length) = (start, made - start);
    }
    made
}
