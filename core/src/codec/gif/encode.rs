//! GIF written frame by frame: of each, the rectangle that has changed, what has not changed in it clear, with as few colours as it takes.
//!
//! A frame waits until the next is known, because it states itself whether it is to be cleared before that.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use deckle_pixels::{Histogram, Palette, exact, indexed};

use super::codes;
use crate::Error;
use crate::codec::growing::Growing;
use crate::codec::motion::{changed, cut, joined};
use crate::codec::{PixelRows, check_room, unencodable};
use crate::image::{Encoding, Format, Frame, Pixels, Rect, Size};

/// Mean square of the differences that a frame may have in the palette of the first, before it gets one of its own.
const ALIKE: f32 = 12.0;

/// Pixels that a colour of a later frame's own table should be there for.
const PIXELS_PER_COLOUR: usize = 16;

/// Pixels whose colours are counted at most, evenly spread.
const COUNTED: usize = 1 << 20;

/// Bytes of the table of codes, of cells to count colours in, and what is rounded.
const TABLES: u64 = 240 << 10;

/// Encodes one frame: exact up to 256 colours, else quantised and dithered; alpha below half is transparent, the rest opaque.
#[inline(never)]
pub fn encode(rows: PixelRows<'_>, encoding: &Encoding, _: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let mut animation = Animation::new(encoding, rows.size, 1, false);
    animation.push(Frame { pixels: rows.collect()?, delay: 0 })?;
    animation.finish()
}

/// Bytes that encoding a still takes for any picture: RGBA next to what it is made from, then with indices.
pub fn memory(_: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    let pixels = size.pixels();
    TABLES + if channels == 4 { held + pixels } else { held + pixels * 4 }
}

/// Bytes that encoding an animation takes beside the file, the frame that comes among them: it and the one before as RGBA, and the indices
/// of both.
pub fn frames_memory(size: Size, channels: u8) -> u64 {
    TABLES + size.pixels() * (if channels == 4 { 14 } else { 10 + u64::from(channels) })
}

/// A colour table, and the number in it that stands for what is clear.
#[derive(Clone, PartialEq)]
struct Table {
    colours: Vec<[u8; 3]>,
    clear: Option<u8>,
}

/// A frame that is not written yet.
struct Waiting {
    rect: Rect,
    indices: Vec<u8>,
    /// `None` for the global one.
    table: Option<Table>,
    delay: u16,
    is_cleared: bool,
}

/// A file that grows frame by frame.
pub struct Animation {
    size: Size,
    plays: u32,
    is_moving: bool,
    room: u64,
    /// Once the first frame is known, whose colours are the global ones.
    file: Option<(gif::Encoder<Growing>, Rc<Cell<usize>>)>,
    global: Table,
    /// What it maps with.
    palette: Option<Palette>,
    waiting: Option<Waiting>,
    /// The last frame, RGBA, opaque or clear.
    last: Vec<u8>,
    /// Milliseconds of all frames, and the hundredths that were written of them.
    time: (u64, u64),
}

impl Animation {
    /// For frames of this size; `is_moving` for several of them.
    pub fn new(encoding: &Encoding, size: Size, plays: u32, is_moving: bool) -> Self {
        Self {
            size,
            plays,
            is_moving,
            room: encoding.room,
            file: None,
            global: Table { colours: Vec::new(), clear: None },
            palette: None,
            waiting: None,
            last: Vec::new(),
            time: (0, 0),
        }
    }

    /// Adds a frame of the whole size.
    ///
    /// # Errors
    /// [`Error::Limit`] where the file gets too large.
    #[inline(never)]
    pub fn push(&mut self, frame: Frame) -> Result<(), Error> {
        let delay = self.hundredths(frame.delay);
        let new = to_two_alphas(frame.pixels);
        let Some(mut before) = self.waiting.take() else {
            let whole = Rect { x: 0, y: 0, size: self.size };
            let (table, indices) = self.quantised(&new, whole)?;
            self.global = table.unwrap_or_else(|| Table { colours: vec![[0; 3]], clear: None });
            self.last = new;
            self.waiting = Some(Waiting { rect: whole, indices, table: None, delay, is_cleared: false });
            return self.begin();
        };
        let old = std::mem::take(&mut self.last);
        let vanished = vanished(&old, &new, self.size);
        if let Some(vanished) = vanished {
            before.is_cleared = true;
            if joined(before.rect, vanished) != before.rect {
                // only a frame's own place is cleared: the one before becomes as large as it takes
                let rect = joined(before.rect, vanished);
                let pixels = cut(old.clone(), &old, self.size, rect, |_, _, _| false);
                let (table, indices) = self.quantised(&pixels, rect)?;
                before = Waiting { rect, indices, table, ..before };
            }
        }
        let cleared = vanished.map(|_| before.rect);
        self.write(before, old.capacity() + new.capacity())?;
        let size = self.size;
        let is_cleared = |at: usize| {
            cleared.is_some_and(|Rect { x, y, size: inner }| {
                let (left, top) = (at as u32 % size.width, at as u32 / size.width);
                (x..x + inner.width).contains(&left) && (y..y + inner.height).contains(&top)
            })
        };
        // what was cleared has to be drawn again
        let part = [changed(&old, &new, size), cleared].into_iter().flatten().reduce(joined);
        let part = part.unwrap_or(Rect { x: 0, y: 0, size: Size { width: 1, height: 1 } });
        let pixels = cut(old, &new, size, part, |at, was, is| was == is && !is_cleared(at));
        let (table, indices) = self.quantised(&pixels, part)?;
        self.last = new;
        self.waiting = Some(Waiting { rect: part, indices, table, delay, is_cleared: false });
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.last = Vec::new();
        if let Some(waiting) = self.waiting.take() {
            self.write(waiting, 0)?;
        }
        let (encoder, _) = self.file.ok_or_else(|| unencodable(Format::Gif, "no frame"))?;
        let file = encoder.into_inner().map_err(|error| unencodable(Format::Gif, error))?;
        file.joined(&[], &[])
    }

    /// Starts the file.
    fn begin(&mut self) -> Result<(), Error> {
        let refuse = |error: gif::EncodingError| unencodable(Format::Gif, error);
        let side = |side: u32| u16::try_from(side).map_err(|error| unencodable(Format::Gif, error));
        let file = Growing::new(self.room);
        let reserved = file.reserved();
        let (width, height) = (side(self.size.width)?, side(self.size.height)?);
        let colours = self.global.colours.as_flattened();
        let mut encoder = gif::Encoder::new(file, width, height, colours).map_err(refuse)?;
        match self.plays {
            _ if !self.is_moving => (),
            0 => encoder.set_repeat(gif::Repeat::Infinite).map_err(refuse)?,
            // what it says is how often it is repeated
            1 => (),
            plays => {
                let again = u16::try_from(plays - 1).unwrap_or(u16::MAX);
                encoder.set_repeat(gif::Repeat::Finite(again)).map_err(refuse)?;
            }
        }
        self.file = Some((encoder, reserved));
        Ok(())
    }

    /// A delay in hundredths of a second, so that frames show when they should, and not only as long.
    fn hundredths(&mut self, delay: u32) -> u16 {
        let (time, written) = &mut self.time;
        *time += u64::from(delay);
        let delay = ((*time + 5) / 10).saturating_sub(*written).min(u16::MAX.into());
        *written += delay;
        delay as u16
    }

    /// The table for pixels that are opaque or clear, `None` for the global one, and their indices.
    fn quantised(&mut self, pixels: &[u8], rect: Rect) -> Result<(Option<Table>, Vec<u8>), Error> {
        let reserved = self.file.as_ref().map_or(0, |(_, reserved)| reserved.get());
        let count = pixels.len() as u64 / 4;
        let held = reserved as u64 + self.last.capacity() as u64 + pixels.len() as u64;
        let has_clear = pixels.as_chunks::<4>().0.iter().any(|pixel| pixel[3] == 0);
        // a later frame may have clear pixels where this has none
        let most = if has_clear || self.is_moving { 255 } else { 256 };
        if let Some(found) = exact(pixels, most + usize::from(has_clear)) {
            let opaque: Vec<[u8; 3]> =
                found.colours().iter().filter(|colour| colour[3] > 0).map(|&[r, g, b, _]| [r, g, b]).collect();
            let known = |colour: &[u8; 3]| self.global.colours.iter().position(|other| other == colour);
            let global = opaque.iter().map(known).collect::<Option<Vec<usize>>>();
            if let Some(numbers) = global.filter(|_| self.file.is_some() && (!has_clear || self.global.clear.is_some()))
            {
                return Ok((None, renumbered(pixels, &found, &numbers, self.global.clear)));
            }
            let numbers: Vec<usize> = (0..opaque.len()).collect();
            let table = self.table(opaque, has_clear);
            let indices = renumbered(pixels, &found, &numbers, table.clear);
            return Ok((Some(table), indices));
        }
        check_room(held + count + deckle_pixels::histogram_memory(count, false), self.room)?;
        let mut histogram = Histogram::new(false);
        histogram.add(pixels, (pixels.len() / 4).div_ceil(COUNTED));
        if let (Some(palette), Some(clear)) = (&self.palette, self.global.clear)
            && histogram.error(palette) <= ALIKE
        {
            drop(histogram);
            return Ok((None, indexed(pixels, rect.size.width as usize, palette, clear, true)));
        }
        // a table of its own should not take more than what it is for
        let drawn = pixels.as_chunks::<4>().0.iter().filter(|pixel| pixel[3] > 0).count();
        let worth = (drawn / PIXELS_PER_COLOUR).next_power_of_two().max(16) - usize::from(has_clear);
        let palette = histogram.palette(if self.file.is_some() { most.min(worth) } else { most });
        let table = self.table(palette.colours().iter().map(|&[r, g, b, _]| [r, g, b]).collect(), has_clear);
        let indices = indexed(pixels, rect.size.width as usize, &palette, table.clear.unwrap_or(0), true);
        if self.file.is_none() {
            self.palette = Some(palette);
        }
        Ok((Some(table), indices))
    }

    /// With a colour for what is clear, if that is needed; the global one always has one, for later frames.
    fn table(&self, mut colours: Vec<[u8; 3]>, has_clear: bool) -> Table {
        let is_global = self.file.is_none() && self.is_moving;
        let clear = (has_clear || is_global).then(|| {
            colours.push([0; 3]);
            (colours.len() - 1) as u8
        });
        Table { colours, clear }
    }

    /// Writes a frame while so many bytes are held.
    fn write(&mut self, frame: Waiting, held: usize) -> Result<(), Error> {
        let Some((encoder, reserved)) = &mut self.file else { return Ok(()) };
        let beside = (held + reserved.get()) as u64;
        let codes = codes::coded(&frame.indices, beside, self.room)?;
        // they are stored in blocks of 255
        let stored = codes.len() + codes.len() / 255 + 1;
        Growing::check(reserved.get() + stored, (held + codes.capacity()) as u64, self.room)?;
        let table = frame.table.as_ref().unwrap_or(&self.global);
        let side = |side: u32| side as u16;
        let written = gif::Frame {
            delay: frame.delay,
            dispose: match (frame.is_cleared, self.is_moving) {
                (true, _) => gif::DisposalMethod::Background,
                (false, _) => gif::DisposalMethod::Keep,
            },
            transparent: table.clear,
            left: side(frame.rect.x),
            top: side(frame.rect.y),
            width: side(frame.rect.size.width),
            height: side(frame.rect.size.height),
            palette: frame.table.as_ref().map(|table| table.colours.as_flattened().to_vec()),
            buffer: Cow::Owned(codes),
            ..gif::Frame::default()
        };
        encoder.write_lzw_pre_encoded_frame(&written).map_err(|error| unencodable(Format::Gif, error))
    }
}

/// Where what was opaque is clear.
fn vanished(old: &[u8], new: &[u8], size: Size) -> Option<Rect> {
    let (old, new) = (old.as_chunks::<4>().0, new.as_chunks::<4>().0);
    let mut bounds: Option<Rect> = None;
    for (at, (was, is)) in old.iter().zip(new).enumerate() {
        if was[3] > is[3] {
            let (x, y) = (at as u32 % size.width, at as u32 / size.width);
            let pixel = Rect { x, y, size: Size { width: 1, height: 1 } };
            bounds = Some(bounds.map_or(pixel, |bounds| joined(bounds, pixel)));
        }
    }
    bounds
}

/// The numbers of pixels' colours: `numbers` of those that were found, in their order, what is clear left out.
fn renumbered(pixels: &[u8], found: &deckle_pixels::Exact, numbers: &[usize], clear: Option<u8>) -> Vec<u8> {
    let mut next = numbers.iter();
    let numbers = found.colours().iter().map(|colour| match colour[3] {
        0 => clear.unwrap_or(0),
        _ => next.next().map_or(0, |&number| number as u8),
    });
    let numbers: Vec<u8> = numbers.collect();
    let number = |&pixel: &[u8; 4]| numbers.get(usize::from(found.index(pixel))).copied().unwrap_or(0);
    pixels.as_chunks::<4>().0.iter().map(number).collect()
}

/// RGBA of which each pixel is opaque, or clear and black.
fn to_two_alphas(image: Pixels) -> Vec<u8> {
    let mut rgba = match image.channels {
        1 => image.data.iter().flat_map(|&v| [v, v, v, 255]).collect(),
        2 => image.data.as_chunks::<2>().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
        3 => image.data.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => image.data,
    };
    for pixel in rgba.as_chunks_mut::<4>().0 {
        *pixel = if pixel[3] < 128 { [0; 4] } else { [pixel[0], pixel[1], pixel[2], 255] };
    }
    rgba
}
