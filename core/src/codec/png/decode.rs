//! A PNG's pixels, at 8 bits a sample: row by row, or at once where rows are interlaced.

use std::borrow::Cow;
use std::io::Cursor;

use super::colours::Colours;
use crate::Error;
use crate::codec::plane_source::InterleavedRows;
use crate::codec::{Decode, PlaneSource, allocate, corrupt};
use crate::image::{Info, Load, Pixels, Size};

/// A file whose header is read.
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub colours: Colours<'a>,
    pub is_grey: bool,
    /// The grey that is transparent, in files of fewer than 8 bits a sample.
    pub narrow_key: Option<u8>,
}

/// What the decoder may allocate beside the pixels: rows, metadata.
const ASIDE: usize = 1 << 20;

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.colours.meaning.icc(self.is_grey)
    }

    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size) -> Result<PlaneSource<'_>, Error> {
        let room = ASIDE + info.size.width as usize * 16;
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(self.bytes), png::Limits { bytes: room });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(match (self.narrow_key, info.has_alpha) {
            (Some(_), _) => png::Transformations::IDENTITY,
            // also where the decoder refuses the chunk that says so
            (None, true) => png::Transformations::EXPAND | png::Transformations::ALPHA,
            (None, false) => png::Transformations::EXPAND,
        });
        let reader = decoder.read_info().map_err(from_png)?;
        let (colour, depth) = reader.output_color_type();
        let size = Size { width: reader.info().width, height: reader.info().height };
        let channels = if self.narrow_key.is_some() { 1 } else { info.channels };
        if size != info.size || colour.samples() as u8 != channels {
            return Err(corrupt("header and pixels disagree"));
        }
        let is_wide = depth == png::BitDepth::Sixteen;
        let samples = Samples {
            channels: info.channels,
            is_wide,
            key: self.narrow_key.map(|key| (key, info.bit_depth)),
            width: size.width as usize,
            tones: self.colours.transfer.map(|transfer| transfer.table(is_wide)),
        };
        if info.by_rows {
            let rows = Rows { reader, changed: samples.changes().then(Vec::new), samples };
            return Ok(PlaneSource::rows(rows, size, info.channels, load.is_resampled()));
        }
        let data = whole(reader, info, samples)?;
        let pixels = Pixels { size, channels: info.channels, data };
        Ok(PlaneSource::whole(Cow::Owned(pixels), load.is_resampled()))
    }
}

/// All rows at once.
#[inline(never)]
fn whole(mut reader: png::Reader<Cursor<&[u8]>>, info: &Info, samples: Samples) -> Result<Vec<u8>, Error> {
    let pixels = info.size.pixels() * u64::from(info.channels);
    if samples.key.is_none() {
        let mut data = allocate(pixels << u8::from(samples.is_wide))?;
        reader.next_frame(&mut data).map_err(from_png)?;
        samples.change(&mut data);
        return Ok(data);
    }
    let line = packed_line(info);
    let mut packed = allocate(line * u64::from(info.size.height))?;
    reader.next_frame(&mut packed).map_err(from_png)?;
    let mut data = Vec::new();
    data.try_reserve_exact(pixels as usize).map_err(|_| corrupt("the PNG is too large"))?;
    for row in packed.chunks_exact(line as usize) {
        samples.unpack(row, &mut data);
    }
    samples.tone(&mut data);
    Ok(data)
}

/// Bytes of a row of grey, several samples a byte.
pub fn packed_line(info: &Info) -> u64 {
    (u64::from(info.size.width) * u64::from(info.bit_depth)).div_ceil(8)
}

/// What is done to samples as the decoder gives them.
struct Samples {
    channels: u8,
    is_wide: bool,
    /// The transparent grey, and the bits of a sample.
    key: Option<(u8, u8)>,
    width: usize,
    /// sRGB's value of each.
    tones: Option<Vec<u8>>,
}

impl Samples {
    fn changes(&self) -> bool {
        self.is_wide || self.key.is_some() || self.tones.is_some()
    }

    /// Whole rows, in place.
    fn change(&self, data: &mut Vec<u8>) {
        if self.tones.is_some() {
            self.tone(data);
        } else if self.is_wide {
            deckle_pixels::narrow(data);
        }
    }

    fn tone(&self, data: &mut Vec<u8>) {
        if let Some(table) = &self.tones {
            deckle_pixels::tones(data, self.channels, table);
        }
    }

    /// A row of samples of fewer than 8 bits as grey and alpha. Of the transparent grey only as many bits count: PNG, 11.3.1.1.
    #[inline(never)]
    fn unpack(&self, row: &[u8], to: &mut Vec<u8>) {
        let (key, depth) = self.key.unwrap_or((0, 8));
        let most = ((1_u16 << depth) - 1) as u8;
        let key = key & most;
        let samples = row.iter().flat_map(|&byte| (0..8 / depth).rev().map(move |i| (byte >> (i * depth)) & most));
        to.extend(samples.take(self.width).flat_map(|v| [v * (255 / most), if v == key { 0 } else { 255 }]));
    }
}

/// A PNG that is being decoded.
struct Rows<'a> {
    reader: png::Reader<Cursor<&'a [u8]>>,
    samples: Samples,
    /// Where samples are changed, if they are.
    changed: Option<Vec<u8>>,
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        let Some(row) = self.reader.next_row().map_err(from_png)? else {
            return Ok(None);
        };
        let row = row.data();
        let Some(changed) = &mut self.changed else {
            return Ok(Some(row));
        };
        changed.clear();
        if self.samples.key.is_some() {
            self.samples.unpack(row, changed);
            self.samples.tone(changed);
        } else {
            changed.extend_from_slice(row);
            self.samples.change(changed);
        }
        Ok(Some(changed))
    }
}

fn from_png(error: png::DecodingError) -> Error {
    match error {
        png::DecodingError::LimitsExceeded => corrupt("the PNG's chunks are larger than its pixels could need"),
        error => corrupt(error.to_string()),
    }
}
