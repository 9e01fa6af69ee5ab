//! A WebP's rows, as they are decoded: of a picture, or of an animation's first frame on its canvas.

use std::borrow::Cow;

use deckle_pixels::Space;
use deckle_webp::{DecodeError, LosslessRows, LossyRows, RgbaRows, lossless_memory, lossy_memory, rgba_memory};

use crate::Error;
use crate::codec::canvas::Place;
use crate::codec::plane_source::{InterleavedRows, Plane, PlaneLines};
use crate::codec::{MISSING_GREY, PlaneSource, corrupt, missing_share, no_room};
use crate::image::{Info, Load, Size};

/// What a file shows.
#[derive(Clone, Copy)]
pub enum Picture<'a> {
    /// A `VP8 ` bitstream.
    Lossy(&'a [u8]),
    /// A `VP8 ` bitstream, and the body of the `ALPH` chunk before it.
    WithAlpha(&'a [u8], &'a [u8]),
    /// A `VP8L` bitstream.
    Lossless(&'a [u8]),
}

impl<'a> Picture<'a> {
    /// By the name of its bitstream.
    pub fn of(name: &[u8; 4], bitstream: &'a [u8], alpha: Option<&'a [u8]>) -> Self {
        match (name, alpha) {
            (b"VP8L", _) => Self::Lossless(bitstream),
            (_, Some(alpha)) => Self::WithAlpha(bitstream, alpha),
            _ => Self::Lossy(bitstream),
        }
    }

    /// Bytes that decoding takes for any picture of a size, or on a canvas of it.
    pub fn memory(self, size: Size, place: Option<Place>) -> u64 {
        let Size { width, height } = place.map_or(size, |place| place.size);
        // a row of the canvas, or the fill of what is missing
        let row = u64::from(size.width) * 4;
        row + match (self, place) {
            (Self::Lossy(_), None) => lossy_memory(width),
            (Self::Lossy(_), Some(_)) => rgba_memory(width, height, &[]),
            (Self::WithAlpha(_, alpha), _) => rgba_memory(width, height, alpha),
            (Self::Lossless(bitstream), _) => lossless_memory(width, height, bitstream),
        }
    }
}

/// A file whose header is read.
pub struct File<'a> {
    pub profile: Option<&'a [u8]>,
    pub picture: Picture<'a>,
    /// Of the first frame, if it does not fill the canvas.
    pub place: Option<Place>,
    /// The chunks after the first, for those who want all frames.
    pub chunks: &'a [u8],
}

impl File<'_> {
    /// As [`crate::codec::Decode::start`].
    #[inline(never)]
    pub fn start(&self, info: &Info, load: &Load, spare: u64) -> Result<PlaneSource<'_>, Error> {
        let size = self.place.map_or(info.size, |place| place.size);
        let sides = (size.width, size.height);
        let limit = self.picture.memory(info.size, self.place).saturating_add(spare);
        let pulled = match (self.picture, self.place) {
            (Picture::Lossy(bitstream), None) => {
                return LossyRows::new(bitstream, sides, limit)
                    .map(|rows| Lines::source(rows, size))
                    .map_err(|error| refusal(error, limit));
            }
            (Picture::Lossy(bitstream), Some(_)) => Pulled::lossy(bitstream, None, sides, limit),
            (Picture::WithAlpha(bitstream, alpha), _) => Pulled::lossy(bitstream, Some(alpha), sides, limit),
            (Picture::Lossless(bitstream), _) => Pulled::lossless(bitstream, info.has_alpha, sides, limit),
        };
        let pulled = pulled.map_err(|error| refusal(error, limit))?;
        Ok(Rows::source(pulled, info, load, self.place))
    }
}

#[cold]
pub fn refusal(error: DecodeError, limit: u64) -> Error {
    match error {
        DecodeError::Memory => no_room(limit.saturating_add(1), limit),
        error => corrupt(error.to_string()),
    }
}

/// A lossy picture's planes.
struct Lines<'a> {
    rows: LossyRows<'a>,
    height: u32,
    /// Lines of luma that were given, and those of them that are filled.
    given: u32,
    missing: u32,
    /// The fill of luma and of chroma, once there is damage.
    fill: [Vec<u8>; 2],
}

impl<'a> Lines<'a> {
    fn source(rows: LossyRows<'a>, size: Size) -> PlaneSource<'a> {
        let plane = |size: Size, scale| Plane {
            width: size.width as usize,
            height: size.height as usize,
            across: scale,
            down: scale,
            has_headroom: false,
        };
        let half = plane(size.halved(), 0.5);
        let lines = Self { rows, height: size.height, given: 0, missing: 0, fill: [Vec::new(), Vec::new()] };
        PlaneSource::new(Space::YCbCr, vec![plane(size, 1.0), half, half], Box::new(lines)).of_limited_range()
    }

    /// Grey lines in the place of two that are missing, or one.
    #[inline(never)]
    fn fill(&mut self, size: [usize; 2], give: &mut dyn FnMut(usize, &[u8])) {
        // VP8's grey
        const GREY: [u8; 2] = [126, 128];
        for ((line, length), grey) in self.fill.iter_mut().zip(size).zip(GREY) {
            line.resize(length, grey);
        }
        let lines = 2.min(self.height - self.given);
        (0..lines).for_each(|_| give(0, &self.fill[0]));
        [1, 2].into_iter().for_each(|plane| give(plane, &self.fill[1]));
        self.given += lines;
        self.missing += lines;
    }
}

impl PlaneLines for Lines<'_> {
    #[inline(never)]
    fn next(&mut self, give: &mut dyn FnMut(usize, &[u8])) -> Result<bool, Error> {
        if self.given == self.height {
            return Ok(false);
        }
        let width = self.rows.width();
        match self.rows.next_lines() {
            Ok(Some(lines)) => {
                for line in lines.luma.chunks_exact(width) {
                    give(0, line);
                    self.given += 1;
                }
                give(1, lines.u);
                give(2, lines.v);
            }
            Ok(None) => return Ok(false),
            Err(error) if self.given == 0 => return Err(refusal(error, 0)),
            Err(_) => self.fill([width, width.div_ceil(2)], give),
        }
        Ok(true)
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.height)
    }
}

/// What gives rows of pixels.
pub enum Pulled<'a> {
    Lossy(Box<RgbaRows<'a>>),
    Lossless(Box<LosslessRows<'a>>),
}

impl<'a> Pulled<'a> {
    pub fn lossy(
        bitstream: &'a [u8],
        alpha: Option<&'a [u8]>,
        size: (u32, u32),
        limit: u64,
    ) -> Result<Self, DecodeError> {
        RgbaRows::new(bitstream, alpha, size, limit).map(|rows| Self::Lossy(Box::new(rows)))
    }

    pub fn lossless(bitstream: &'a [u8], alpha: bool, size: (u32, u32), limit: u64) -> Result<Self, DecodeError> {
        LosslessRows::new(Cow::Borrowed(bitstream), size, alpha, limit).map(|rows| Self::Lossless(Box::new(rows)))
    }

    pub fn advance(&mut self) -> Result<bool, DecodeError> {
        match self {
            Self::Lossy(rows) => rows.advance(),
            Self::Lossless(rows) => rows.advance(),
        }
    }

    pub fn row(&self) -> &[u8] {
        match self {
            Self::Lossy(rows) => rows.row(),
            Self::Lossless(rows) => rows.row(),
        }
    }

    fn beyond(&self) -> u64 {
        match self {
            Self::Lossy(rows) => rows.beyond(),
            Self::Lossless(rows) => rows.beyond(),
        }
    }
}

/// Rows of pixels.
struct Rows<'a> {
    pulled: Pulled<'a>,
    has_alpha: bool,
    channels: usize,
    /// Of what is decoded.
    height: u32,
    /// On the canvas.
    place: Option<Place>,
    canvas: Size,
    /// Rows that were given.
    given: u32,
    /// Rows that are filled.
    missing: u32,
    /// A row of the canvas; the fill once there is damage. Before the last row, which may have to repeat it, the one that was decoded.
    row: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn source(pulled: Pulled<'a>, info: &Info, load: &Load, place: Option<Place>) -> PlaneSource<'a> {
        let beyond = pulled.beyond();
        let rows = Self {
            pulled,
            has_alpha: info.has_alpha,
            channels: info.channels.into(),
            height: place.map_or(info.size, |place| place.size).height,
            place,
            canvas: info.size,
            given: 0,
            missing: 0,
            row: Vec::new(),
        };
        PlaneSource::rows(rows, info.size, info.channels, load.is_resampled()).beyond_plan(beyond)
    }

    /// Decodes row `y` of the picture, or fills it; the row is where `true` says: with the decoder.
    #[inline(always)]
    fn decode(&mut self, y: u32) -> Result<bool, Error> {
        if self.missing == 0 {
            match self.pulled.advance() {
                Ok(true) => return Ok(true),
                Ok(false) => return Err(corrupt("header and pixels disagree")),
                Err(error) if y == 0 => return Err(refusal(error, 0)),
                Err(_) => (),
            }
        }
        self.missing += 1;
        Ok(false)
    }

    /// A row of the canvas.
    #[inline(never)]
    fn placed(&mut self, place: Place) -> Result<(), Error> {
        self.row.clear();
        self.row.resize(self.canvas.width as usize * self.channels, 0);
        let y = (self.given - 1).checked_sub(place.y).filter(|&y| y < place.size.height);
        if let Some(y) = y
            && self.decode(y)?
        {
            let from = place.x as usize * self.channels;
            let row = self.pulled.row();
            self.row[from..from + row.len()].copy_from_slice(row);
        }
        Ok(())
    }
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.given == self.canvas.height {
            return Ok(None);
        }
        self.given += 1;
        if let Some(place) = self.place {
            self.placed(place)?;
            return Ok(Some(&self.row));
        }
        if self.decode(self.given - 1)? {
            if self.given + 1 == self.height {
                self.row = self.pulled.row().to_vec();
            }
            return Ok(Some(self.pulled.row()));
        }
        if self.missing > 1 || self.given < self.height {
            self.row.clear();
            self.row.resize(self.canvas.width as usize * self.channels, if self.has_alpha { 0 } else { MISSING_GREY });
        }
        Ok(Some(&self.row))
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.height)
    }
}
