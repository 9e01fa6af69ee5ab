//! A PNG's pixels, at 8 bits a sample: row by row, or at once where rows are interlaced.

use std::borrow::Cow;
use std::io::Cursor;

use super::colours::Colours;
use super::content::{self, Content};
use crate::Error;
use crate::codec::plane_source::InterleavedRows;
use crate::codec::{MISSING_GREY, PlaneSource, allocate, corrupt, missing_share};
use crate::image::{Info, Load, Pixels, Size};

/// What reads a file's rows.
type Reader<'a> = png::Reader<Cursor<&'a [u8]>>;

/// A file whose header is read.
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub colours: Colours<'a>,
    pub is_grey: bool,
    /// Of 8 bits, in files of fewer bits a sample, whose transparent grey the decoder does not find where it has more bits.
    pub transparent_grey: Option<u8>,
}

impl<'a> File<'a> {
    /// A decoder that has read all before the pixels, and what is done to the samples that it gives.
    #[inline(never)]
    pub fn reader(&self, info: &Info, has_alpha: bool) -> Result<(Reader<'a>, Samples), Error> {
        // each frame counts a row
        let rows = if has_alpha && info.animation.is_some() { info.frames as usize } else { 1 };
        let room = info.size.width as usize * 16;
        let room = ASIDE.saturating_add(room.saturating_mul(rows));
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(self.bytes), png::Limits { bytes: room });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        // with alpha also where the decoder refuses the chunk that says so
        let alpha = if has_alpha { png::Transformations::ALPHA } else { png::Transformations::IDENTITY };
        decoder.set_transformations(png::Transformations::EXPAND | alpha);
        let reader = decoder.read_info().map_err(from_png)?;
        let (colour, depth) = reader.output_color_type();
        let size = Size { width: reader.info().width, height: reader.info().height };
        if size != info.size {
            return Err(corrupt("header and pixels disagree"));
        }
        let is_wide = depth == png::BitDepth::Sixteen;
        let samples = Samples {
            channels: colour.samples() as u8,
            is_wide,
            transparent_grey: self.transparent_grey,
            tones: self.colours.transfer.map(|transfer| transfer.table(is_wide)),
        };
        Ok((reader, samples))
    }
}

/// What the decoder may allocate beside the pixels: rows, metadata.
const ASIDE: usize = 1 << 20;

impl File<'_> {
    /// As [`crate::codec::Decode::start`].
    #[inline(never)]
    pub fn start(&self, info: &Info, load: &Load) -> Result<PlaneSource<'_>, Error> {
        let (mut reader, samples) = self.reader(info, info.has_alpha)?;
        if samples.channels != info.channels {
            return Err(corrupt("header and pixels disagree"));
        }
        let (size, is_wide) = (info.size, samples.is_wide);
        if info.by_rows {
            let reading = match stored(&reader) {
                Some((bytes, step)) => {
                    drop(reader);
                    Reading::Own(Box::new(Content::new(self.bytes, bytes, step)?))
                }
                None => Reading::Crate(Box::new(reader)),
            };
            let rows =
                Rows { reading, samples, size, last: Vec::new(), has_alpha: info.has_alpha, given: 0, missing: 0 };
            return Ok(PlaneSource::rows(rows, size, info.channels, load.is_resampled()));
        }
        let bytes = u64::from(info.channels) << u8::from(is_wide);
        let mut data = allocate(size.pixels() * bytes)?;
        let missing = interlaced(&mut reader, &mut data, size, bytes as usize)?;
        samples.change(&mut data);
        let pixels = Pixels { size, channels: info.channels, data };
        Ok(PlaneSource::damaged(Cow::Owned(pixels), missing, load.is_resampled()))
    }
}

/// Bytes of a row and of a pixel where samples are given as they are stored, in whole bytes.
fn stored(reader: &Reader<'_>) -> Option<(usize, usize)> {
    let info = reader.info();
    let bits = info.bit_depth as usize;
    let is_plain = content::reads(info.color_type as u8, info.bit_depth as u8, info.trns.is_some(), info.interlaced);
    // with `ALPHA`, pixels get one that have none
    let is_given = reader.output_color_type().0 == info.color_type;
    let step = info.color_type.samples() * bits / 8;
    (is_plain && is_given).then_some((info.width as usize * step, step))
}

impl<'a> File<'a> {
    /// As [`crate::codec::Decode::start_wide`].
    #[inline(never)]
    pub fn start_wide(&self, info: &Info) -> Result<Option<Box<dyn InterleavedRows + 'a>>, Error> {
        if !info.by_rows || self.colours.transfer.is_some() {
            return Ok(None);
        }
        let (reader, samples) = self.reader(info, info.has_alpha)?;
        if samples.channels != info.channels || !samples.is_wide {
            return Ok(None);
        }
        // as they are
        let samples = Samples { is_wide: false, ..samples };
        let (size, has_alpha) = (info.size, info.has_alpha);
        Ok(Some(Box::new(Rows {
            reading: Reading::Crate(Box::new(reader)),
            samples,
            size,
            last: Vec::new(),
            has_alpha,
            given: 0,
            missing: 0,
        })))
    }
}

/// What is done to samples as the decoder gives them.
pub struct Samples {
    pub channels: u8,
    pub is_wide: bool,
    transparent_grey: Option<u8>,
    /// sRGB's value of each.
    tones: Option<Vec<u8>>,
}

impl Samples {
    /// Whole rows, in place.
    #[inline(always)]
    pub fn change(&self, data: &mut Vec<u8>) {
        if let Some(grey) = self.transparent_grey {
            make_transparent(data, grey);
        }
        if let Some(table) = &self.tones {
            deckle_pixels::tones(data, self.channels, table);
        } else if self.is_wide {
            deckle_pixels::narrow(data);
        }
    }
}

/// Makes pixels of grey and alpha transparent where they have this grey.
#[inline(never)]
fn make_transparent(data: &mut [u8], transparent: u8) {
    for [grey, alpha] in data.as_chunks_mut().0 {
        if *grey == transparent {
            *alpha = 0;
        }
    }
}

/// Decodes interlaced rows, pixels of `bytes` each, and answers the share that is missing. Each pass fills what later ones would make finer.
#[inline(never)]
fn interlaced(
    reader: &mut png::Reader<Cursor<&[u8]>>,
    data: &mut [u8],
    size: Size,
    bytes: usize,
) -> Result<f64, Error> {
    let stride = size.width as usize * bytes;
    let (mut pixels, mut given) = (0, 0);
    loop {
        match reader.next_interlaced_row() {
            Ok(Some(row)) => {
                if let png::InterlaceInfo::Adam7(info) = row.interlace() {
                    png::splat_interlaced_row(data, stride, row.data(), info, bytes as u8 * 8);
                }
                pixels += (row.data().len() / bytes) as u64;
                given += 1;
            }
            Ok(None) => break,
            Err(error) if given == 0 => return Err(from_png(error)),
            Err(_) => break,
        }
    }
    // the last row of the last pass alone is not missed
    let missing = size.pixels().saturating_sub(pixels);
    Ok(if missing <= u64::from(size.width) && size.height > 1 { 0.0 } else { missing as f64 / size.pixels() as f64 })
}

/// What gives a file's rows.
enum Reading<'a> {
    Crate(Box<Reader<'a>>),
    Own(Box<Content<'a>>),
}

/// A PNG that is being decoded.
struct Rows<'a> {
    reading: Reading<'a>,
    samples: Samples,
    size: Size,
    has_alpha: bool,
    /// Rows given so far, those that are filled among them.
    given: u32,
    /// Rows that are filled.
    missing: u32,
    /// The fill, once there is damage.
    last: Vec<u8>,
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.missing > 0 {
            return Ok(self.fill());
        }
        let row = match &mut self.reading {
            Reading::Own(_) if self.given == self.size.height => return Ok(None),
            Reading::Own(content) => content.next(),
            Reading::Crate(reader) => match reader.next_row() {
                Ok(None) => return Ok(None),
                Ok(Some(row)) => {
                    // the borrow of a row would last beyond the branch that needs no row any more
                    self.last.clear();
                    self.last.extend_from_slice(row.data());
                    Ok(&[][..])
                }
                Err(error) => Err(from_png(error)),
            },
        };
        match row {
            Err(error) if self.given == 0 => return Err(error),
            Err(_) => return Ok(self.fill()),
            Ok([]) => {}
            Ok(row) => {
                self.last.clear();
                self.last.extend_from_slice(row);
            }
        }
        self.given += 1;
        self.samples.change(&mut self.last);
        Ok(Some(&self.last))
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.size.height)
    }
}

impl Rows<'_> {
    /// A row in the place of one that is missing: the last one repeated if no other is, else transparent or grey.
    #[inline(never)]
    fn fill(&mut self) -> Option<&[u8]> {
        if self.given == self.size.height {
            return None;
        }
        self.given += 1;
        self.missing += 1;
        if self.given < self.size.height {
            self.last.fill(if self.has_alpha { 0 } else { MISSING_GREY });
        }
        Some(&self.last)
    }
}

pub fn from_png(error: png::DecodingError) -> Error {
    match error {
        png::DecodingError::LimitsExceeded => corrupt("the PNG's chunks are larger than its pixels could need"),
        error => corrupt(error.to_string()),
    }
}
