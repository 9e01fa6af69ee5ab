//! Boxes of ISO base media files, and the numbers in them.
//!
//! Source: ISO/IEC 14496-12, 4.2.

/// The boxes that stand in a stretch of bytes, in order, each with its name; the last may be cut off.
#[derive(Clone, Copy)]
pub struct Boxes<'a>(pub &'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = Reader(self.0);
        let length = reader.number(4)?;
        let name = *reader.take(4)?.first_chunk()?;
        let length = match length {
            0 => self.0.len() as u64,
            1 => reader.number(8)?,
            length => length,
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(self.0.len());
        let head = self.0.len() - reader.0.len();
        let body = self.0.get(head..length)?;
        self.0 = &self.0[length..];
        Some((name, body))
    }
}

impl<'a> Boxes<'a> {
    /// The first box of a name.
    pub fn find(mut self, wanted: &[u8; 4]) -> Option<&'a [u8]> {
        Iterator::find(&mut self, |(name, _)| name == wanted).map(|(_, body)| body)
    }
}

/// Bytes that are read from the front.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of so many bytes, 8 at most.
    pub fn number(&mut self, bytes: usize) -> Option<u64> {
        Some(self.take(bytes)?.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    /// A number of 32 bits.
    pub fn word(&mut self) -> Option<u32> {
        self.number(4).map(|number| number as u32)
    }

    /// Version and flags, with which a full box begins.
    pub fn version(&mut self) -> Option<(u8, u32)> {
        let word = self.word()?;
        Some(((word >> 24) as u8, word & 0x00ff_ffff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_each_other_in_every_way_that_lengths_are_written() {
        let bytes = b"\0\0\0\x09aaaa1\0\0\0\x01bbbb\0\0\0\0\0\0\0\x1222\0\0\0\0cccc333";
        let all: Vec<_> = Boxes(bytes).collect();
        assert_eq!(all, [(*b"aaaa", &b"1"[..]), (*b"bbbb", b"22"), (*b"cccc", b"333")]);
        assert_eq!(Boxes(bytes).find(b"bbbb"), Some(&b"22"[..]));
        // one that is shorter than its head ends the walk, one that is cut off has what is there
        assert_eq!(Boxes(b"\0\0\0\x07aaaa").next(), None);
        assert_eq!(Boxes(b"\0\0\0\x09aaaa").next(), Some((*b"aaaa", &b""[..])));
        for length in 0..bytes.len() {
            let _ = Boxes(&bytes[..length]).count();
        }
    }
}
