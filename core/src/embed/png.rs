//! A profile in chunks that stand before all others but the first (PNG, third edition, 11.3.2).

use super::{Attached, joined};
use crate::Error;
use crate::codec::png_chunk;

/// The signature and IHDR.
const HEAD: usize = 33;

/// Display P3's primaries, sRGB's curve, RGB, all of the range (ITU-T H.273).
const P3: [u8; 4] = [12, 13, 0, 1];

pub fn put(file: &[u8], attached: &Attached<'_>) -> Result<Vec<u8>, Error> {
    let Some((head, rest)) = file.split_at_checked(HEAD) else { return Ok(file.to_vec()) };
    let mut added = Vec::new();
    if attached.is_p3 {
        png_chunk(&mut added, b"cICP", &P3)?;
    }
    if let Some(profile) = &attached.profile {
        let body = [&b"icc\0\0"[..], &fdeflate::compress_to_vec(profile)].concat();
        png_chunk(&mut added, b"iCCP", &body)?;
    }
    joined(&[head, &added, rest])
}
