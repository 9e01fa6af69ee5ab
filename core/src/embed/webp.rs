//! A profile in its chunk, the first of an extended file (RFC 9649, section 2.7).

use super::{Attached, joined};
use crate::Error;
use crate::image::Size;

const HAS_PROFILE: u8 = 0x20;
const HAS_ALPHA: u8 = 0x10;

/// Bytes before the first chunk, and of the chunk that makes a file extended.
const HEAD: usize = 12;
const EXTENDED: usize = 18;

pub fn put(file: &[u8], attached: &Attached<'_>, size: Size) -> Result<Vec<u8>, Error> {
    let (Some(profile), Some((_, rest))) = (&attached.profile, file.split_at_checked(HEAD)) else {
        return Ok(file.to_vec());
    };
    let mut first = *b"VP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let rest = match rest.first_chunk::<EXTENDED>() {
        Some(chunk) if chunk.starts_with(b"VP8X") => {
            first = *chunk;
            &rest[EXTENDED..]
        }
        _ => {
            // a lossless picture says whether it has alpha in a bit after its sizes
            let has_alpha = rest.starts_with(b"VP8L") && rest.get(12).is_some_and(|byte| byte & 0x10 != 0);
            first[8] = if has_alpha { HAS_ALPHA } else { 0 };
            first[12..15].copy_from_slice(&(size.width - 1).to_le_bytes()[..3]);
            first[15..].copy_from_slice(&(size.height - 1).to_le_bytes()[..3]);
            rest
        }
    };
    first[8] |= HAS_PROFILE;
    let padding = &[0][..profile.len() % 2];
    let length = 4 + EXTENDED + 8 + profile.len() + padding.len() + rest.len();
    let head = [&b"RIFF"[..], &(length as u32).to_le_bytes(), b"WEBP", &first].concat();
    let name = [&b"ICCP"[..], &(profile.len() as u32).to_le_bytes()].concat();
    joined(&[&head, &name, profile, padding, rest])
}
