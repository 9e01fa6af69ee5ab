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
}

impl<'a> Segments<'a> {
    /// The next segment; bytes that are no marker are passed over, as are fill
    /// bytes. `None` at the end of the file.
    pub fn next_segment(&mut self) -> Option<Segment<'a>> {
        let marker = self.next_marker()?;
        let offset = self.position;
        if matches!(marker, 0x01 | 0xD0..=0xD9) {
            return Some(Segment { marker, content: &[], offset });
        }
        let rest = self.data.get(offset..)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length)).saturating_sub(2);
        let content = rest.get(..length).unwrap_or(rest);
        self.position = offset + 2 + content.len();
        Some(Segment { marker, content, offset: offset + 2 })
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

    /// Passes over entropy-coded data, to the marker that ends it. Returns the data with that marker's two bytes: a scan
    /// without them was cut off. Where there are restarts, a marker may be a damaged one of them.
    pub fn skip_scan(&mut self, has_restarts: bool) -> &'a [u8] {
        let start = self.position.min(self.data.len());
        let rest = &self.data[start..];
        let (mut at, mut last) = (0, 7);
        let end = loop {
            at += find_ff(&rest[at..]);
            match rest.get(at + 1) {
                None => break rest.len(),
                Some(0x00) => at += 2,
                Some(0xFF) => at += 1,
                Some(&code @ 0xD0..=0xD7) => {
                    last = code & 7;
                    at += 2;
                }
                Some(_) if !has_restarts || ends_scan(rest, at, last) => break at,
                Some(_) => {
                    last = (last + 1) & 7;
                    at += 2;
                }
            }
        };
        self.position = start + end;
        &rest[..rest.len().min(end + 2)]
    }
}

/// Whether the marker at `at`, none of RST0 to RST7, ends a scan that has restarts. If not, it is a restart marker that was
/// damaged, or part of damaged data. `last` is the number of the restart before.
#[cold]
#[inline(never)]
pub(crate) fn ends_scan(data: &[u8], at: usize, last: u8) -> bool {
    let rest = data.get(at..).unwrap_or(&[]);
    match rest.get(1) {
        // the data of a scan that others follow are kept with the marker that ends them
        _ if rest.len() <= 2 => true,
        Some(0xD8) | None => true,
        // a restart by one bit, if the number after the next one follows
        Some(0xD9) => {
            let next = next_marker(rest, 2).and_then(|at| rest.get(at + 1));
            next.is_none_or(|code| *code != 0xD0 + (last.wrapping_add(2) & 7))
        }
        Some(0xDA) => matches!(rest, [_, _, 0, length, count @ 1..=4, ..] if *length == 6 + 2 * count),
        // a segment ends where the next marker is
        Some(0xC0..=0xFE) => {
            let length = rest.get(2..4).map_or(0, |bytes| usize::from(u16::from_be_bytes([bytes[0], bytes[1]])));
            let next = rest.get(2 + length..).unwrap_or(&[]);
            length >= 2 && matches!(next, [0xFF, 0xC0..=0xCF | 0xD8..=0xFF, ..])
        }
        Some(_) => false,
    }
}

/// Where the next marker starts: an FF that neither 00 nor another FF follows.
pub(crate) fn next_marker(data: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += find_ff(data.get(at..)?);
        match data.get(at + 1)? {
            0x00 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
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
