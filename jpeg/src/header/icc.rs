//! ICC profiles in APP2 segments, numbered from 1 (ICC.1, B.4).

use std::borrow::Cow;

/// One segment's part of the profile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk<'a> {
    number: u8,
    count: u8,
    bytes: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// `None` if the segment is something else.
    pub fn parse(segment: &'a [u8]) -> Option<Self> {
        match segment.strip_prefix(b"ICC_PROFILE\0")? {
            [number, count, bytes @ ..] => Some(Self { number: *number, count: *count, bytes }),
            _ => None,
        }
    }
}

/// Bytes of all parts.
pub(crate) fn bytes(chunks: &[Chunk<'_>]) -> usize {
    chunks.iter().map(|chunk| chunk.bytes.len()).sum()
}

/// The whole profile, or `None` if a part is missing or there twice.
pub(crate) fn join<'a>(chunks: &[Chunk<'a>]) -> Option<Cow<'a, [u8]>> {
    let count = chunks.first()?.count;
    if chunks.len() != usize::from(count) {
        return None;
    }
    if let [only] = chunks {
        return (only.number == 1).then_some(Cow::Borrowed(only.bytes));
    }
    let mut profile = Vec::with_capacity(bytes(chunks));
    for number in 1..=count {
        let chunk = chunks.iter().find(|c| c.number == number && c.count == count)?;
        profile.extend_from_slice(chunk.bytes);
    }
    Some(Cow::Owned(profile))
}
