//! Pixels on their way to an encoder, row by row.

use std::rc::Rc;

use crate::Error;
use crate::image::{Pixels, Size};

/// Something that gives rows of pixels from the top.
pub(crate) trait Rows {
    /// Fills `out` with the next row.
    ///
    /// # Errors
    /// The decoder's.
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error>;

    /// Bytes held for the rows that are still to come.
    fn held(&self) -> u64;
}

/// Starts from the first row, as often as it is called.
type Start<'a> = Box<dyn Fn() -> Result<Box<dyn Rows + 'a>, Error> + 'a>;

enum Origin<'a> {
    Whole(Rc<Pixels>),
    Flow(Start<'a>),
}

/// Pixels of a known shape, whole or still to be made: rows top to bottom, straight alpha.
pub(crate) struct PixelRows<'a> {
    pub size: Size,
    pub channels: u8,
    origin: Origin<'a>,
    started: Option<Box<dyn Rows + 'a>>,
}

impl<'a> PixelRows<'a> {
    /// Pixels that are all there.
    pub fn whole(pixels: Pixels) -> Self {
        let (size, channels) = (pixels.size, pixels.channels);
        Self { size, channels, origin: Origin::Whole(Rc::new(pixels)), started: None }
    }

    /// Pixels that stay where they are, to be encoded more than once.
    pub fn lent(pixels: &Rc<Pixels>) -> Self {
        let (size, channels, pixels) = (pixels.size, pixels.channels, Rc::clone(pixels));
        let start = move || -> Result<Box<dyn Rows + 'a>, Error> {
            Ok(Box::new(WholeRows { pixels: Rc::clone(&pixels), at: 0 }))
        };
        Self::flow(size, channels, Box::new(start))
    }

    /// Rows that are made as they are asked for.
    pub fn flow(size: Size, channels: u8, start: Start<'a>) -> Self {
        Self { size, channels, origin: Origin::Flow(start), started: None }
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> usize {
        self.size.width as usize * usize::from(self.channels)
    }

    /// Fills `out` with the next row.
    ///
    /// # Errors
    /// The decoder's.
    pub fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        match &mut self.started {
            Some(rows) => rows.next(out),
            None => self.start()?.next(out),
        }
    }

    #[inline(never)]
    fn start(&mut self) -> Result<&mut Box<dyn Rows + 'a>, Error> {
        let rows = match &self.origin {
            Origin::Whole(pixels) => Box::new(WholeRows { pixels: Rc::clone(pixels), at: 0 }),
            Origin::Flow(start) => start()?,
        };
        Ok(self.started.insert(rows))
    }

    /// Does what has to be done before the first row, which may be all of the decoding: to be called before the encoder allocates.
    ///
    /// # Errors
    /// The decoder's.
    pub fn prepare(&mut self) -> Result<(), Error> {
        if self.started.is_none() {
            self.start()?;
        }
        Ok(())
    }

    /// Goes back to the first row, for which everything is done once more.
    pub fn restart(&mut self) {
        self.started = None;
    }

    /// Bytes held for the rows that are still to come.
    pub fn held(&self) -> u64 {
        match (&self.origin, &self.started) {
            (Origin::Whole(pixels), _) => pixels.data.capacity() as u64,
            (_, Some(rows)) => rows.held(),
            (_, None) => 0,
        }
    }

    /// All rows as pixels, for an encoder that needs them at once.
    ///
    /// # Errors
    /// The decoder's.
    pub fn collect(mut self) -> Result<Pixels, Error> {
        if let Origin::Whole(pixels) = self.origin {
            drop(self.started);
            return Ok(Rc::unwrap_or_clone(pixels));
        }
        let mut data = super::allocate(self.size.pixels() * u64::from(self.channels))?;
        let row = self.row_bytes();
        data.chunks_exact_mut(row).try_for_each(|out| self.next(out))?;
        Ok(Pixels { size: self.size, channels: self.channels, data })
    }
}

struct WholeRows {
    pixels: Rc<Pixels>,
    at: usize,
}

impl Rows for WholeRows {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        let row = self.pixels.data.get(self.at..self.at + out.len());
        out.copy_from_slice(row.ok_or_else(|| crate::error::corrupt("header and pixels disagree"))?);
        self.at += out.len();
        Ok(())
    }

    /// Whoever has the pixels counts them.
    fn held(&self) -> u64 {
        0
    }
}
