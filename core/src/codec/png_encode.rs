//! PNG from rows: filtered and deflated one by one, at 8 bits a sample, never interlaced.
//!
//! Of photos the bytes are those of the `png` crate's encoder at `Compression::Fast`, which takes a whole picture and holds the file twice. What
//! may be a drawing is also deflated as it is by what finds what repeats, until it shows which is shorter.

use std::cell::Cell;
use std::io::{self, Cursor, Write};
use std::rc::Rc;

use fdeflate::{Compressor, StoredOnlyCompressor};

use super::growing::{Growing, PIECE};
use super::packed::Packed;
use super::{PixelRows, check_room, no_room, unencodable};
use crate::Error;
use crate::image::{Encoding, Format, Size};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Encodes. Where deflating makes the file larger than the pixels are, these are stored as they are, for which they are made again.
#[inline(never)]
pub fn encode(mut rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    rows.prepare()?;
    let head = head(&rows, exif.as_deref())?;
    drop(exif);
    let room = encoding.room.saturating_sub(least(rows.row_bytes()) + head.len() as u64);
    let stored = (rows.row_bytes() + 1) * rows.size.height as usize;
    match deflated(&mut rows, StoredOnlyCompressor::<()>::compressed_size(stored), room)? {
        Some(file) => {
            drop(rows);
            finish(&head, file)
        }
        None => {
            rows.restart();
            rows.prepare()?;
            uncompressed(&mut rows, head, room)
        }
    }
}

/// The file's start, up to the pixels.
fn head(rows: &PixelRows<'_>, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let colour_type = match rows.channels {
        1 => 0,
        2 => 4,
        3 => 2,
        _ => 6,
    };
    Head { size: rows.size, bits: 8, colour_type, table: &[], alphas: &[], exif }.bytes()
}

/// What a file says before its pixels.
pub struct Head<'a> {
    pub size: Size,
    pub bits: u8,
    pub colour_type: u8,
    /// Colours of indices, RGB, and the alpha of the first of them.
    pub table: &'a [u8],
    pub alphas: &'a [u8],
    pub exif: Option<&'a [u8]>,
}

impl Head<'_> {
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let Size { width, height } = self.size;
        let kind = [self.bits, self.colour_type, 0, 0, 0];
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &kind].concat();
        let mut head = SIGNATURE.to_vec();
        chunk(&mut head, b"IHDR", &header)?;
        for (name, body) in [(b"PLTE", self.table), (b"tRNS", self.alphas)] {
            if !body.is_empty() {
                chunk(&mut head, name, body)?;
            }
        }
        if let Some(exif) = self.exif {
            head.reserve_exact(exif.len() + 12);
            chunk(&mut head, b"eXIf", exif)?;
        }
        Ok(head)
    }
}

/// A chunk with its checksum.
pub fn chunk(out: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) -> Result<(), Error> {
    out.extend(length(body.len())?);
    out.extend(name);
    out.extend(body);
    out.extend(checksum(name, [body].into_iter()));
    Ok(())
}

/// As a chunk states it: at most 2³¹ − 1.
fn length(bytes: usize) -> Result<[u8; 4], Error> {
    let length = i32::try_from(bytes).map_err(|error| unencodable(Format::Png, error))?;
    Ok(length.to_be_bytes())
}

fn checksum<'a>(name: &[u8; 4], body: impl Iterator<Item = &'a [u8]>) -> [u8; 4] {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(name);
    body.for_each(|part| checksum.update(part));
    checksum.finalize().to_be_bytes()
}

/// Bytes of the first rows, which show whether a picture may be a drawing.
const SHOWN: usize = 64 << 10;

/// The most that is new of a drawing.
const NEW: f32 = 0.5;

/// Bytes of rows that are deflated in both ways, at least; of a large picture a third.
const TRIED: usize = 128 << 10;

/// The content of IDAT; `None` as soon as it has more than `most` bytes.
#[inline(never)]
fn deflated(rows: &mut PixelRows<'_>, most: usize, room: u64) -> Result<Option<Growing>, Error> {
    let (length, height) = (rows.row_bytes(), rows.size.height as usize);
    let (mut above, mut row, mut filtered) = (vec![0; length], vec![0; length + 1], vec![0; length + 1]);
    let shown = (SHOWN / length).clamp(1, height);
    let mut first = vec![0; shown * length];
    first.chunks_exact_mut(length).try_for_each(|row| rows.next(row))?;
    let mut fast = Some(Fast::new(room)?);
    let is_drawing = deckle_pixels::novelty(&first, rows.size.width as usize, rows.channels) < NEW;
    let mut packed = is_drawing.then(|| Packed::new(room));
    let tried = (TRIED / length).max(height / 3).max(1);
    // a file that may still be small enough has no more than this
    let hopeless = most + most / 16 + 2 * PIECE;
    for y in 0..height {
        if y < shown {
            row[1..].copy_from_slice(&first[y * length..][..length]);
        } else {
            first = Vec::new();
            rows.next(&mut row[1..])?;
        }
        if let Some(fast) = &mut fast {
            deckle_pixels::filter(rows.channels, &above, &row[1..], &mut filtered);
            fast.compressor.write_data(&filtered).map_err(refuse)?;
        }
        if let Some(packed) = &mut packed {
            packed.put(&row)?;
        }
        above.copy_from_slice(&row[1..]);
        if y + 1 == tried.min(height)
            && let (Some(one), Some(other)) = (&fast, &mut packed)
        {
            if other.flushed()? < one.length.get() {
                fast = None;
            } else {
                packed = None;
            }
        }
        let reserved = [fast.as_ref().map(|fast| fast.reserved.get()), packed.as_ref().map(|packed| packed.reserved())];
        let reserved = reserved.into_iter().flatten().sum();
        if reserved > 2 * hopeless || reserved > hopeless && y >= tried {
            return Ok(None);
        }
        Growing::check(reserved, rows.held(), room)?;
    }
    let file = match (fast, packed) {
        (_, Some(packed)) => packed.finish()?,
        (Some(fast), None) => fast.compressor.finish().map_err(refuse)?.file,
        (None, None) => return Ok(None),
    };
    Ok((file.len() <= most).then_some(file))
}

/// A stream by `fdeflate`.
struct Fast {
    compressor: Compressor<Counted>,
    reserved: Rc<Cell<usize>>,
    /// Bytes that it has.
    length: Rc<Cell<usize>>,
}

impl Fast {
    fn new(room: u64) -> Result<Self, Error> {
        let (file, length) = (Growing::new(room), Rc::default());
        let reserved = file.reserved();
        let counted = Counted { file, length: Rc::clone(&length) };
        Ok(Self { compressor: Compressor::new(counted).map_err(refuse)?, reserved, length })
    }
}

/// A file that says how long it is while it is lent.
struct Counted {
    file: Growing,
    length: Rc<Cell<usize>>,
}

impl Write for Counted {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.length.set(self.length.get() + bytes.len());
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The file of a head and the content of IDAT.
pub fn finish(head: &[u8], file: Growing) -> Result<Vec<u8>, Error> {
    let checksum = checksum(b"IDAT", [file.bytes()].into_iter());
    let before = [head, &length(file.len())?, b"IDAT"].concat();
    let mut after = checksum.to_vec();
    chunk(&mut after, b"IEND", &[])?;
    file.joined(&before, &after)
}

/// The file with its pixels as they are, whose length is known.
#[inline(never)]
fn uncompressed(rows: &mut PixelRows<'_>, head: Vec<u8>, room: u64) -> Result<Vec<u8>, Error> {
    let mut row = vec![0; rows.row_bytes() + 1];
    let content = StoredOnlyCompressor::<()>::compressed_size(row.len() * rows.size.height as usize);
    let mut bytes = head;
    bytes.extend(length(content)?);
    bytes.extend(b"IDAT");
    let start = bytes.len();
    // the next checksum and IEND
    let whole = content + 4 + 12;
    check_room((start + whole) as u64, room)?;
    bytes.try_reserve_exact(whole).map_err(|_| no_room(whole as u64, room))?;
    let mut cursor = Cursor::new(bytes);
    cursor.set_position(start as u64);
    let mut compressor = StoredOnlyCompressor::new(cursor).map_err(refuse)?;
    for _ in 0..rows.size.height {
        rows.next(&mut row[1..])?;
        check_room(rows.held() + (start + whole) as u64, room)?;
        compressor.write_data(&row).map_err(refuse)?;
    }
    let mut bytes = compressor.finish().map_err(refuse)?.into_inner();
    let checksum = checksum(b"IDAT", bytes.get(start..).into_iter());
    bytes.extend(checksum);
    chunk(&mut bytes, b"IEND", &[])?;
    Ok(bytes)
}

fn refuse(error: io::Error) -> Error {
    unencodable(Format::Png, error)
}

/// Bytes that encoding takes for any picture of this size, but for the file.
pub fn memory(_: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    held + least(size.width as usize * usize::from(channels))
}

/// Three rows and the first ones, a piece of the file, and what finds what repeats.
fn least(row: usize) -> u64 {
    4 * (row as u64 + 1) + (PIECE + SHOWN) as u64 + Packed::MEMORY
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::codec::samples::{self, noisy};
    use crate::image::Pixels;

    /// What the `png` crate makes of it.
    fn by_crate(image: &Pixels, exif: Option<&[u8]>) -> Vec<u8> {
        let mut info = png::Info::with_size(image.size.width, image.size.height);
        info.bit_depth = png::BitDepth::Eight;
        info.color_type = match image.channels {
            1 => png::ColorType::Grayscale,
            2 => png::ColorType::GrayscaleAlpha,
            3 => png::ColorType::Rgb,
            _ => png::ColorType::Rgba,
        };
        info.exif_metadata = exif.map(Into::into);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::with_info(&mut bytes, info).unwrap();
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&image.data).unwrap();
        writer.finish().unwrap();
        bytes
    }

    fn encoding(room: u64) -> Encoding {
        Encoding { lossless: false, ..samples::encoding(Format::Png, room) }
    }

    #[test]
    fn files_of_noise_are_those_of_the_png_crate() {
        for channels in 1..=4 {
            for bits in [6, 8] {
                for (width, height) in [(7, 30), (300, 200)] {
                    let image = noisy(width, height, channels, bits);
                    for exif in [None, Some(b"MM\0*1234567".to_vec())] {
                        let expected = by_crate(&image, exif.as_deref());
                        let made = encode(PixelRows::whole(image.clone()), &encoding(u64::MAX), exif).unwrap();
                        assert!(made == expected, "{width}×{height}, {channels} channels, {bits} bits of noise");
                    }
                }
            }
        }
    }

    /// Strokes that repeat, on nothing.
    fn drawing(width: u32, height: u32, channels: u8) -> Pixels {
        let at = |x: u32, y: u32, c: u32| {
            let (letter, row) = ((x / 9 * 5 + y / 11 * 3) % 7, y % 11);
            if row < 7 && (x % 9 * letter + row * 3 + c) % 4 == 1 { (letter * 30 + row * 9) as u8 } else { 250 }
        };
        let data = (0..width * height)
            .flat_map(|i| (0..u32::from(channels)).map(move |c| at(i % width, i / width, c)))
            .collect();
        Pixels { size: Size { width, height }, channels, data }
    }

    #[test]
    fn drawings_are_shorter_than_by_the_png_crate_and_the_same_to_the_bit() {
        for channels in 1..=4 {
            for (width, height) in [(1, 1), (40, 3), (300, 200), (700, 900)] {
                let image = drawing(width, height, channels);
                let exif = Some(b"MM\0*1234567".to_vec());
                let made = encode(PixelRows::whole(image.clone()), &encoding(u64::MAX), exif).unwrap();
                let mut reader = png::Decoder::new(Cursor::new(&made)).read_info().unwrap();
                let mut data = vec![0; reader.output_buffer_size().unwrap()];
                reader.next_frame(&mut data).unwrap();
                assert!(data == image.data, "{width}×{height}, {channels} channels");
                let by_crate = by_crate(&image, None).len();
                assert!(height < 200 || made.len() * 2 < by_crate, "{channels}: {} of {by_crate}", made.len());
            }
        }
    }

    #[test]
    fn a_file_that_passes_the_room_is_refused() {
        for bits in [0, 5, 8] {
            let image = noisy(700, 500, 3, bits);
            let length = by_crate(&image, None).len() as u64;
            let held = image.data.len() as u64;
            let made = |room| encode(PixelRows::whole(image.clone()), &encoding(room), None);
            assert!(made(held + 9 * length / 4 + 1_000_000).is_ok());
            assert!(matches!(made(held + length / 2), Err(Error::Limit { what: "memory bytes", .. })), "{bits}");
        }
    }
}
