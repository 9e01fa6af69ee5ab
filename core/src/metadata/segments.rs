//! The segments of a JPEG before its first scan (T.81, B.1.1), where metadata stand.

/// A marker and its content.
pub(crate) struct Segment<'a> {
    pub marker: u8,
    /// Where the marker stands.
    pub at: usize,
    pub content: &'a [u8],
}

/// Segments in their order, until the first scan or what is none.
pub(crate) fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut at = 2;
    std::iter::from_fn(move || {
        loop {
            let [0xff, marker] = *bytes.get(at..)?.first_chunk()? else { return None };
            match marker {
                0xff => at += 1,
                0xda | 0xd9 => return None,
                _ => {
                    let length = usize::from(u16::from_be_bytes(*bytes.get(at + 2..)?.first_chunk()?)).max(2);
                    let content = bytes.get(at + 4..at + 2 + length)?;
                    let segment = Segment { marker, at, content };
                    at += 2 + length;
                    return Some(segment);
                }
            }
        }
    })
}
