//! An animated WebP written frame by frame: of each, the rectangle that has changed.

use std::io::Write;

use super::{encode, lossless, pixels_memory};
use crate::Error;
use crate::codec::growing::Growing;
use crate::codec::motion::{changed, cut};
use crate::codec::{PixelRows, corrupt};
use crate::image::{Encoding, Frame, Pixels, Rect, Size};

/// Flags of the file: what it has.
const ANIMATED: u8 = 0x02;
const EXIF: u8 = 0x08;
const ALPHA: u8 = 0x10;

/// Flag of a frame: it takes the place of what is there.
const REPLACES: u8 = 0x02;

/// Bytes that encoding takes beside the file, the frame that comes among them.
pub fn frames_memory(encoding: &Encoding, size: Size, channels: u8) -> u64 {
    // the frame and what it is compared with
    let held = size.pixels() * (8 + if channels == 4 { 0 } else { u64::from(channels) });
    held.max(size.pixels() * 4 + pixels_memory(encoding, size, 4, size.pixels() * 4))
}

/// A file that grows frame by frame.
pub struct Animation {
    encoding: Encoding,
    size: Size,
    exif: Option<Vec<u8>>,
    file: Growing,
    has_alpha: bool,
    /// The last frame, RGBA; empty before the first.
    last: Vec<u8>,
    plays: u32,
}

impl Animation {
    pub fn new(encoding: &Encoding, size: Size, plays: u32, exif: Option<Vec<u8>>) -> Self {
        let file = Growing::new(encoding.room);
        Self { encoding: *encoding, size, exif, file, has_alpha: false, last: Vec::new(), plays }
    }

    /// Adds a frame of the whole size.
    ///
    /// # Errors
    /// [`Error::Limit`] where the file gets too large.
    #[inline(never)]
    pub fn push(&mut self, frame: Frame) -> Result<(), Error> {
        let new = deckle_pixels::widen(frame.pixels.data, frame.pixels.channels, true, true).0;
        let old = std::mem::take(&mut self.last);
        let (part, pixels, is_over) = if old.is_empty() {
            self.last.clone_from(&new);
            (Rect { x: 0, y: 0, size: self.size }, new, false)
        } else {
            let part = changed(&old, &new, self.size);
            let part = part.map_or(Rect { x: 0, y: 0, size: Size { width: 1, height: 1 } }, at_even_places);
            // without loss, what has not changed is best left out
            let is_over = self.encoding.lossless && is_drawn_over(&old, &new);
            let pixels = cut(old, &new, self.size, part, |_, was, is| is_over && was == is);
            self.last = new;
            (part, pixels, is_over)
        };
        let made = self.encoded(Pixels { size: part.size, channels: 4, data: pixels })?;
        let chunks = picture(&made).ok_or_else(|| corrupt("an encoder made no WebP"))?;
        self.has_alpha |= has_alpha(chunks);
        let small = |v: u32| -> [u8; 3] { [v as u8, (v >> 8) as u8, (v >> 16) as u8] };
        let Rect { x, y, size: Size { width, height } } = part;
        let delay = frame.delay.min((1 << 24) - 1);
        let head = [small(x / 2), small(y / 2), small(width - 1), small(height - 1), small(delay)].concat();
        let flags = if is_over { 0 } else { REPLACES };
        self.write(b"ANMF", &[&head, &[flags], chunks])
    }

    /// The file.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.last = Vec::new();
        let exif = self.exif.take();
        if let Some(exif) = &exif {
            self.write(b"EXIF", &[exif])?;
        }
        let flags = ANIMATED | if exif.is_some() { EXIF } else { 0 } | if self.has_alpha { ALPHA } else { 0 };
        let Size { width, height } = self.size;
        let mut head = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
        head.extend([flags, 0, 0, 0]);
        head.extend(&(width - 1).to_le_bytes()[..3]);
        head.extend(&(height - 1).to_le_bytes()[..3]);
        head.extend(b"ANIM\x06\0\0\0\0\0\0\0");
        head.extend(u16::try_from(self.plays).unwrap_or(u16::MAX).to_le_bytes());
        let length = (head.len() - 8 + self.file.len()) as u32;
        head[4..8].copy_from_slice(&length.to_le_bytes());
        self.file.joined(&head, &[])
    }

    /// The picture as a file of its own.
    fn encoded(&self, pixels: Pixels) -> Result<Vec<u8>, Error> {
        let held = (self.file.reserved().get() + self.last.capacity()) as u64;
        let encoding = Encoding { room: self.encoding.room.saturating_sub(held), ..self.encoding };
        if encoding.lossless {
            lossless::encode(&pixels, &encoding, None)
        } else {
            encode(PixelRows::whole(pixels), &encoding, None)
        }
    }

    fn write(&mut self, name: &[u8; 4], parts: &[&[u8]]) -> Result<(), Error> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        Growing::check(
            self.file.reserved().get() + length,
            (self.last.capacity() + length) as u64,
            self.encoding.room,
        )?;
        let length = (length as u32).to_le_bytes();
        let pad: &[u8] = if length[0] % 2 == 1 { &[0] } else { &[] };
        for part in [&name[..], &length].iter().chain(parts).chain([&pad]) {
            // it never fails
            drop(self.file.write_all(part));
        }
        Ok(())
    }
}

/// The least rectangle around one whose left and top are even.
fn at_even_places(Rect { x, y, size: Size { width, height } }: Rect) -> Rect {
    Rect { x: x & !1, y: y & !1, size: Size { width: width + x % 2, height: height + y % 2 } }
}

/// Whether all that has changed is opaque.
fn is_drawn_over(old: &[u8], new: &[u8]) -> bool {
    let (old, new) = (old.as_chunks::<4>().0, new.as_chunks::<4>().0);
    old.iter().zip(new).all(|(was, is)| was == is || is[3] == 255)
}

/// The chunks of a file that make its picture: its bitstream, and alpha before it.
fn picture(file: &[u8]) -> Option<&[u8]> {
    let chunks = file.get(12..)?;
    if chunks.starts_with(b"VP8X") { chunks.get(18..) } else { Some(chunks) }
}

fn has_alpha(chunks: &[u8]) -> bool {
    match chunks {
        [b'A', b'L', b'P', b'H', ..] => true,
        // the flag follows two times 14 bits
        [b'V', b'P', b'8', b'L', _, _, _, _, _, _, _, _, bits, ..] => bits >> 4 & 1 == 1,
        _ => false,
    }
}
