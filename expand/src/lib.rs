//! What DEFLATE (RFC 1951, in zlib's wrapping) and LZW (TIFF 6.0) have packed.
//!
//! Loops keep what changes in locals, take whole vectors where a match is copied, and look codes up by one load.

mod inflate;
mod lzw;
mod table;

pub use inflate::{Damage, Inflater};
pub use lzw::lzw;

/// Copies `length` bytes from `distance` before `to`, which may overlap; up to 15 more are written. Answers whether there is room.
#[inline(always)]
fn repeat(out: &mut [u8], to: usize, distance: usize, length: usize) -> bool {
    if distance == 0 || distance > to || to + length + 32 > out.len() {
        return false;
    }
    let mut at = to;
    let end = to + length;
    if distance == 1 {
        let step = [out[to - 1]; 16];
        while at < end {
            out[at..at + 16].copy_from_slice(&step);
            at += 16;
        }
        return true;
    }
    // as far apart as a step is wide, by a multiple of the distance
    let apart = if distance >= 16 { distance } else { APART[distance] };
    while at < end && at - to < apart - distance {
        out[at] = out[at - distance];
        at += 1;
    }
    while at < end {
        let mut step = [0; 16];
        step.copy_from_slice(&out[at - apart..at - apart + 16]);
        out[at..at + 16].copy_from_slice(&step);
        at += 16;
    }
    true
}

/// The least multiple of a distance that is 16 or more.
const APART: [usize; 16] = [16, 16, 16, 18, 16, 20, 18, 21, 16, 18, 20, 22, 24, 26, 28, 30];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_may_overlap_what_it_is_repeated_from() {
        for distance in 1..=40 {
            for length in 0..=80 {
                let mut out = vec![0; 200];
                (0..40).for_each(|i| out[i] = i as u8 + 1);
                let mut expected = out.clone();
                (40..40 + length).for_each(|i| expected[i] = expected[i - distance]);
                assert!(repeat(&mut out, 40, distance, length));
                assert_eq!(out[..40 + length], expected[..40 + length], "{distance} {length}");
            }
        }
        assert!(
            !repeat(&mut [0; 99], 40, 41, 3) && !repeat(&mut [0; 99], 40, 0, 3) && !repeat(&mut [0; 99], 40, 1, 40)
        );
    }
}
