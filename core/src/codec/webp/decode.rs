//! A WebP's rows, as they are decoded; an animation's first frame at once.

use std::borrow::Cow;
use std::io::Cursor;

use deckle_pixels::Space;
use deckle_webp::{DecodeError, LosslessRows, LossyRows, RgbaRows, lossless_memory, lossy_memory, rgba_memory};
use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use crate::Error;
use crate::codec::plane_source::{InterleavedRows, Plane, PlaneLines};
use crate::codec::{Decode, MISSING_GREY, PlaneSource, allocate, corrupt, from_image, missing_share, no_room};
use crate::image::{Info, Load, Pixels, Size};

/// What a file shows.
#[derive(Clone, Copy)]
pub enum Picture<'a> {
    /// A `VP8 ` bitstream.
    Lossy(&'a [u8]),
    /// A `VP8 ` bitstream, and the body of the `ALPH` chunk before it.
    WithAlpha(&'a [u8], &'a [u8]),
    /// A `VP8L` bitstream.
    Lossless(&'a [u8]),
    /// Frames, of which the first is shown; and how long the file says that it is, where it is shorter.
    Animated(Option<usize>),
}

impl Picture<'_> {
    /// Bytes that decoding takes for any picture of a size.
    pub fn memory(self, size: Size) -> u64 {
        let Size { width, height } = size;
        match self {
            // with the fill of what is missing
            Self::Lossy(_) => lossy_memory(width) + u64::from(width) * 2,
            Self::WithAlpha(_, alpha) => rgba_memory(width, height, alpha) + u64::from(width) * 4,
            Self::Lossless(_) => lossless_memory(width, height) + u64::from(width) * 4,
            // planes of 4:2:0, what an alpha plane or a lossless frame is unpacked to, and the frame, laid on the canvas
            Self::Animated(said) => size.pixels() * (3 + 8 + 2 + 8) / 2 + said.unwrap_or(0) as u64,
        }
    }
}

/// A file whose header is read.
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub profile: Option<&'a [u8]>,
    pub picture: Picture<'a>,
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.map(Cow::Borrowed)
    }

    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size, spare: u64) -> Result<PlaneSource<'_>, Error> {
        let size = (info.size.width, info.size.height);
        let limit = self.picture.memory(info.size).saturating_add(spare);
        let refuse = |error| refusal(error, limit);
        match self.picture {
            Picture::Lossy(bitstream) => {
                let rows = LossyRows::new(bitstream, size, limit).map_err(refuse)?;
                Ok(Lines::source(rows, info.size))
            }
            Picture::WithAlpha(bitstream, alpha) => {
                let rows = RgbaRows::new(bitstream, alpha, size, limit).map_err(refuse)?;
                Ok(Rows::source(Pulled::WithAlpha(Box::new(rows)), info, load))
            }
            Picture::Lossless(bitstream) => {
                let rows = LosslessRows::new(Cow::Borrowed(bitstream), size, info.has_alpha, limit).map_err(refuse)?;
                Ok(Rows::source(Pulled::Lossless(Box::new(rows)), info, load))
            }
            Picture::Animated(said) => first_frame(self.bytes, said, info, load),
        }
    }
}

#[cold]
fn refusal(error: DecodeError, limit: u64) -> Error {
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
enum Pulled<'a> {
    WithAlpha(Box<RgbaRows<'a>>),
    Lossless(Box<LosslessRows<'a>>),
}

impl Pulled<'_> {
    fn advance(&mut self) -> Result<bool, DecodeError> {
        match self {
            Self::WithAlpha(rows) => rows.advance(),
            Self::Lossless(rows) => rows.advance(),
        }
    }

    fn row(&self) -> &[u8] {
        match self {
            Self::WithAlpha(rows) => rows.row(),
            Self::Lossless(rows) => rows.row(),
        }
    }

    fn beyond(&self) -> u64 {
        match self {
            Self::WithAlpha(rows) => rows.beyond(),
            Self::Lossless(rows) => rows.beyond(),
        }
    }
}

/// Rows of pixels.
struct Rows<'a> {
    pulled: Pulled<'a>,
    height: u32,
    has_alpha: bool,
    row: usize,
    given: u32,
    missing: u32,
    /// The last row that was decoded, or the fill once there is damage. Kept where the last row of all may have to repeat it.
    last: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn source(pulled: Pulled<'a>, info: &Info, load: &Load) -> PlaneSource<'a> {
        let beyond = pulled.beyond();
        let row = info.size.width as usize * usize::from(info.channels);
        let (height, has_alpha) = (info.size.height, info.has_alpha);
        let rows = Self { pulled, height, has_alpha, row, given: 0, missing: 0, last: Vec::new() };
        PlaneSource::rows(rows, info.size, info.channels, load.is_resampled()).beyond_plan(beyond)
    }
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.given == self.height {
            return Ok(None);
        }
        self.given += 1;
        if self.missing == 0 {
            match self.pulled.advance() {
                Ok(true) => {
                    if self.given + 1 == self.height {
                        self.last = self.pulled.row().to_vec();
                    }
                    return Ok(Some(self.pulled.row()));
                }
                Ok(false) => return Ok(None),
                Err(error) if self.given == 1 => return Err(refusal(error, 0)),
                Err(_) => (),
            }
        }
        self.missing += 1;
        if self.missing > 1 || self.given < self.height {
            self.last.clear();
            self.last.resize(self.row, if self.has_alpha { 0 } else { MISSING_GREY });
        }
        Ok(Some(&self.last))
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.height)
    }
}

/// The first frame of an animation on its canvas, by `image`.
#[inline(never)]
fn first_frame<'a>(bytes: &'a [u8], said: Option<usize>, info: &Info, load: &Load) -> Result<PlaneSource<'a>, Error> {
    // what is cut off is read as zeros: the decoder then goes on with what its predictions come to
    let mut bytes = Cow::Borrowed(bytes);
    let mut missing = 0.0;
    if let Some(said) = said {
        let mut whole = allocate(said as u64)?;
        whole[..bytes.len()].copy_from_slice(&bytes);
        missing = (said - bytes.len()) as f64 / said as f64;
        bytes = Cow::Owned(whole);
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes.as_ref())).map_err(from_image)?;
    let (width, height) = decoder.dimensions();
    if (Size { width, height }, decoder.color_type().channel_count()) != (info.size, info.channels) {
        return Err(corrupt("header and pixels disagree"));
    }
    let mut data = allocate(decoder.total_bytes())?;
    decoder.read_image(&mut data).map_err(from_image)?;
    let pixels = Pixels { size: info.size, channels: info.channels, data };
    // a byte or two at the end are padding
    let missing = if missing < 0.001 { 0.0 } else { missing };
    Ok(PlaneSource::damaged(Cow::Owned(pixels), missing, load.is_resampled()))
}
