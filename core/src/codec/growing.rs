//! A file that grows up to a limit.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use crate::Error;

/// Bytes that a file grows by, at least.
pub(crate) const PIECE: usize = 64 << 10;

/// Bytes in one block that grows by a sixteenth. In WebAssembly it mostly grows where it is, into what pictures leave that are used up from
/// their top; if not, it is moved, and both blocks are there for a moment. Writing never fails, as some encoders cannot bear that: beyond
/// the limit bytes are dropped, and [`Growing::joined`] says so.
pub(crate) struct Growing {
    bytes: Vec<u8>,
    dropped: usize,
    reserved: Rc<Cell<usize>>,
    room: u64,
}

impl Growing {
    /// For a file that, while it grows, takes at most `room` bytes.
    pub fn new(room: u64) -> Self {
        Self { bytes: Vec::with_capacity(PIECE), dropped: 0, reserved: Rc::new(Cell::new(PIECE)), room }
    }

    /// Bytes that the file has or has place for, those that were dropped among them: for those who have lent it to an encoder.
    pub fn reserved(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.reserved)
    }

    /// Bytes written, those that were dropped among them.
    pub fn len(&self) -> usize {
        self.bytes.len() + self.dropped
    }

    /// The next size of a block of `reserved` bytes.
    fn grown(reserved: usize) -> usize {
        reserved + (reserved / 16).max(PIECE)
    }

    /// Whether a block of `reserved` bytes may grow while so many bytes are held beside it.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn check(reserved: usize, held: u64, room: u64) -> Result<(), Error> {
        super::check_room(held + (reserved + Self::grown(reserved)) as u64, room)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, between what comes before and after it.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn joined(self, before: &[u8], after: &[u8]) -> Result<Vec<u8>, Error> {
        let Self { mut bytes, dropped, room, .. } = self;
        let (length, added) = (bytes.len(), before.len() + after.len());
        let whole = (length + dropped + added) as u64;
        let moved = if added > bytes.capacity() - length { bytes.capacity() as u64 } else { 0 };
        super::check_room(whole + moved, room)?;
        if dropped > 0 || bytes.try_reserve_exact(added).is_err() {
            return Err(super::no_room(whole, room));
        }
        bytes.resize(length + before.len(), 0);
        bytes.copy_within(..length, before.len());
        bytes[..before.len()].copy_from_slice(before);
        bytes.extend_from_slice(after);
        Ok(bytes)
    }

    /// Takes what there is no place for yet.
    #[cold]
    #[inline(never)]
    fn write_on(&mut self, bytes: &[u8]) {
        let capacity = self.bytes.capacity();
        let wanted = Self::grown(capacity).max(self.bytes.len() + bytes.len());
        let fits = self.dropped == 0 && super::check_room((capacity + wanted) as u64, self.room).is_ok();
        if fits && self.bytes.try_reserve_exact(wanted - self.bytes.len()).is_ok() {
            self.bytes.extend_from_slice(bytes);
        } else {
            self.dropped += bytes.len();
        }
        self.reserved.set(self.bytes.capacity() + self.dropped);
    }
}

impl Write for Growing {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() <= self.bytes.capacity() - self.bytes.len() && self.dropped == 0 {
            self.bytes.extend_from_slice(bytes);
        } else {
            self.write_on(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_between_what_is_around_it() {
        for length in [0, 1, PIECE, 300_000] {
            let mut file = Growing::new(u64::MAX);
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            for part in bytes.chunks(999) {
                assert!(file.write_all(part).is_ok());
            }
            assert_eq!((file.len(), file.bytes()), (bytes.len(), bytes.as_slice()));
            assert!(file.reserved().get() >= bytes.len());
            assert_eq!(file.joined(b"head", b"tail"), Ok([b"head", bytes.as_slice(), b"tail"].concat()));
        }
    }

    #[test]
    fn what_is_beyond_the_room_is_dropped_and_said() {
        let mut file = Growing::new(300_000);
        for _ in 0..400 {
            assert!(file.write_all(&[7; 1000]).is_ok());
        }
        assert!(file.bytes().len() <= 150_000 && file.len() == 400_000);
        assert!(matches!(file.joined(&[], &[]), Err(Error::Limit { needed, limit: 300_000, .. }) if needed >= 400_000));
    }
}
