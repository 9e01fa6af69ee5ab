//! Markers and their segments (T.81, B.1.1).

/// A cursor over the file's markers.
#[derive(Clone, Debug)]
pub(crate) struct Segments<'a> {
    pub data: &'a [u8],
    pub position: usize,
}

/// A marker and its content (empty for those that have none).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    pub marker: u8,
    pub content: &'a [u8],
    /// Where the content starts.
    pub offset: usize,
    /// The file ended inside.
    pub cut: bool,
}

impl<'a> Segments<'a> {
    /// The next segment; bytes that are no marker are passed over, as are fill
    /// bytes. `None` at the end of the file.
    pub fn next_segment(&mut self) -> Option<Segment<'a>> {
        let marker = self.next_marker()?;
        let offset = self.position;
        if matches!(marker, 0x01 | 0xD0..=0xD9) {
            return Some(Segment { marker, content: &[], offset, cut: false });
        }
        let rest = self.data.get(offset..)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length)).saturating_sub(2);
        let content = rest.get(..length).unwrap_or(rest);
        self.position = offset + 2 + content.len();
        Some(Segment { marker, content, offset: offset + 2, cut: content.len() < length })
    }

    fn next_marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.data.get(self.position..)?;
            self.position += rest.iter().position(|&byte| byte == 0xFF)? + 1;
            let rest = self.data.get(self.position..)?;
            let fill = rest.iter().position(|&byte| byte != 0xFF)?;
            self.position += fill + 1;
            if rest[fill] != 0 {
                return Some(rest[fill]);
            }
        }
    }

    /// Passes over entropy-coded data, to the marker that ends it. Returns it.
    pub fn skip_scan(&mut self) -> &'a [u8] {
        let start = self.position.min(self.data.len());
        let rest = &self.data[start..];
        let mut at = 0;
        let end = loop {
            at += find_ff(&rest[at..]);
            match rest.get(at + 1) {
                None => break rest.len(),
                Some(0x00 | 0xD0..=0xD7) => at += 2,
                Some(0xFF) => at += 1,
                Some(_) => break at,
            }
        };
        self.position = start + end;
        &rest[..end]
    }
}

/// Index of the first `FF`, or the length.
fn find_ff(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<16>() {
        if chunk.iter().fold(false, |any, &byte| any | (byte == 0xFF)) {
            break;
        }
        at += 16;
    }
    let tail = &bytes[at..];
    at + tail.iter().position(|&byte| byte == 0xFF).unwrap_or(tail.len())
}
