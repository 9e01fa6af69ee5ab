//! A file that grows piece by piece up to a limit.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use crate::Error;

/// Bytes of a piece.
pub(crate) const PIECE: usize = 64 << 10;

/// Bytes in pieces that are never moved to grow. Writing never fails, as some encoders cannot bear that: beyond the limit bytes are
/// dropped, and [`Segments::check`] says so.
pub(crate) struct Segments {
    full: Vec<Vec<u8>>,
    last: Vec<u8>,
    /// Bytes of the full pieces, those that were dropped among them.
    written: Rc<Cell<usize>>,
    room: u64,
}

impl Segments {
    /// For a file that, with the pieces it is joined of, takes at most `room` bytes.
    pub fn new(room: u64) -> Self {
        Self { full: Vec::new(), last: Vec::with_capacity(PIECE), written: Rc::default(), room }
    }

    /// Bytes written so far, in steps of a piece: for those who have lent the file to an encoder.
    pub fn progress(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.written)
    }

    /// Bytes written, those that were dropped among them.
    pub fn len(&self) -> usize {
        self.written.get() + self.last.len()
    }

    /// Whether a file of `length` bytes fits: it, and the pieces that it is joined of.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn check(length: usize, room: u64) -> Result<(), Error> {
        super::check_room(2 * length as u64 + PIECE as u64, room)
    }

    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.full.iter().chain([&self.last]).map(Vec::as_slice)
    }

    /// The file, as one piece between others; the pieces are freed as they are copied.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn joined(self, before: &[u8], after: &[u8]) -> Result<Vec<u8>, Error> {
        let length = before.len() + self.len() + after.len();
        Self::check(length, self.room)?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).map_err(|_| super::no_room(length as u64, self.room))?;
        bytes.extend_from_slice(before);
        for piece in self.full.into_iter().chain([self.last]) {
            bytes.extend_from_slice(&piece);
        }
        bytes.extend_from_slice(after);
        Ok(bytes)
    }

    /// Takes what the last piece has no place for.
    #[cold]
    #[inline(never)]
    fn write_on(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at((PIECE - self.last.len()).min(bytes.len()));
            self.last.extend_from_slice(now);
            bytes = later;
            if self.last.len() == PIECE {
                self.written.set(self.written.get() + PIECE);
                if Self::check(self.len() + PIECE, self.room).is_ok() {
                    self.full.push(std::mem::replace(&mut self.last, Vec::with_capacity(PIECE)));
                } else {
                    self.last.clear();
                }
            }
        }
    }
}

impl Write for Segments {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() < PIECE - self.last.len() {
            self.last.extend_from_slice(bytes);
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
    fn pieces_are_joined_in_order_between_what_is_around_them() {
        let mut file = Segments::new(u64::MAX);
        let bytes: Vec<u8> = (0..300_000u32).map(|i| (i % 251) as u8).collect();
        for part in bytes.chunks(999) {
            assert!(file.write_all(part).is_ok());
        }
        assert_eq!(file.len(), bytes.len());
        assert_eq!(file.pieces().map(<[u8]>::len).sum::<usize>(), bytes.len());
        assert_eq!(file.joined(b"head", b"tail"), Ok([b"head", bytes.as_slice(), b"tail"].concat()));
    }

    #[test]
    fn what_is_beyond_the_room_is_dropped_and_said() {
        let mut file = Segments::new(300_000);
        for _ in 0..400 {
            assert!(file.write_all(&[7; 1000]).is_ok());
        }
        assert!(file.pieces().map(|piece| piece.len()).sum::<usize>() <= 150_000);
        let refused = file.joined(&[], &[]);
        assert!(matches!(refused, Err(Error::Limit { needed, limit: 300_000, .. }) if needed >= 800_000));
    }
}
