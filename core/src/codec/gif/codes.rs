//! Colour indices packed to LZW codes, by `weezl`: what the gif crate makes of them, to a buffer that is counted as it grows.

use weezl::{BitOrder, LzwStatus, encode::Encoder};

use crate::Error;
use crate::codec::{check_room, no_room, unencodable};
use crate::image::Format;

/// Bytes that are packed at a time.
const PIECE: usize = 4096;

/// Bytes of what is packed at a time, of the table of codes, and of the piece of the file that is open.
const TABLES: u64 = 176 << 10;

/// The size of the first codes, then codes, where so many bytes are held beside the indices.
///
/// # Errors
/// [`Error::Limit`] where that becomes more than there is room for.
#[inline(never)]
pub fn coded(indices: &[u8], beside: u64, room: u64) -> Result<Vec<u8>, Error> {
    let most = indices.iter().copied().max().unwrap_or(0);
    // at least 2 (GIF89a, appendix F)
    let size = (u32::from(most) + 1).max(4).next_power_of_two().trailing_zeros() as u8;
    let beside = beside + indices.len() as u64 + TABLES;
    let mut codes = vec![size];
    let mut encoder = Encoder::new(BitOrder::Lsb, size);
    encoder.finish();
    let (mut rest, mut piece) = (indices, [0; PIECE]);
    loop {
        let done = encoder.encode_bytes(rest, &mut piece);
        rest = &rest[done.consumed_in..];
        let made = &piece[..done.consumed_out];
        let length = codes.len() + made.len();
        // a buffer that grows is copied into one twice as large
        let grown = if length > codes.capacity() { 2 * length + codes.capacity() } else { codes.capacity() };
        check_room(beside + grown as u64, room)?;
        if codes.try_reserve(made.len()).is_err() {
            return Err(no_room(grown as u64, room));
        }
        codes.extend_from_slice(made);
        match done.status {
            Ok(LzwStatus::Done) => return Ok(codes),
            Ok(LzwStatus::Ok) => (),
            Ok(LzwStatus::NoProgress) => return Err(unencodable(Format::Gif, "no progress")),
            Err(error) => return Err(unencodable(Format::Gif, error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_gif_crate_and_stop_at_the_limit() {
        for (length, colours) in [(0, 1), (1, 1), (5, 2), (70_000, 3), (70_000, 17), (70_000, 256)] {
            let indices: Vec<u8> = (0..length).map(|i: u32| (i.wrapping_mul(i) / 7 % colours) as u8).collect();
            let mut frame = gif::Frame { buffer: (&indices).into(), ..gif::Frame::default() };
            frame.make_lzw_pre_encoded();
            assert!(coded(&indices, 0, u64::MAX).unwrap() == *frame.buffer, "{length} {colours}");
            let enough = u64::from(length) + TABLES + 3 * frame.buffer.len() as u64 + 3;
            assert!(coded(&indices, 100, enough + 100).is_ok(), "{length} {colours}");
            if frame.buffer.len() > 10_000 {
                assert!(matches!(coded(&indices, 0, u64::from(length) + TABLES + 9_000), Err(Error::Limit { .. })));
            }
        }
    }
}
