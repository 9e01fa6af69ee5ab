//! Whether a file carries content credentials: a C2PA manifest store (C2PA specification 2.1, A.3).

use super::segments::{Segment, segments};
use crate::image::Format;

/// Whether there is a manifest store. What it claims is not verified.
pub(crate) fn has_credentials(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Jpeg => in_jpeg(bytes),
        Format::Png => chunks(bytes, 8, u32::from_be_bytes, false).any(|name| name == *b"caBX"),
        Format::WebP => chunks(bytes, 12, u32::from_le_bytes, true).any(|name| name == *b"C2PA"),
        _ => false,
    }
}

/// An APP11 segment before the first scan that begins a JUMBF box of C2PA's type.
fn in_jpeg(bytes: &[u8]) -> bool {
    segments(bytes).any(|Segment { marker, content, .. }| {
        marker == 0xeb && content.starts_with(b"JP") && content.windows(4).take(64).any(|name| name == b"c2pa")
    })
}

/// The names of a file's chunks: in a PNG the length comes first and a checksum last, in RIFF the name and a byte of padding.
fn chunks(bytes: &[u8], first: usize, number: fn([u8; 4]) -> u32, is_riff: bool) -> impl Iterator<Item = [u8; 4]> {
    let mut at = first;
    std::iter::from_fn(move || {
        let [one, two]: [[u8; 4]; 2] = bytes.get(at..)?.first_chunk::<8>()?.as_chunks().0.try_into().ok()?;
        let (name, length) = if is_riff { (one, number(two)) } else { (two, number(one)) };
        let length = usize::try_from(length).ok()?;
        let beside = if is_riff { 8 + length % 2 } else { 12 };
        at = at.checked_add(length)?.checked_add(beside)?;
        Some(name)
    })
}
