//! PNG (ISO/IEC 15948): header by a walk over its chunks, pixels by `png`.

use std::borrow::Cow;
use std::io::Cursor;

use super::plane_source::InterleavedRows;
use super::{Decode, Opened, PlaneSource, corrupt, orientation};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Pixels, Size};

/// The chunks in order, up to the first that is cut off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (name, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let body = rest.get(..length)?;
        // past the checksum; a missing one ends the walk
        self.0 = rest.get(length.checked_add(4)?..).unwrap_or_default();
        Some((*name, body))
    }
}

/// Reads the header. A palette counts as the colours it stands for.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let mut chunks = Chunks(bytes.get(8..).unwrap_or_default());
    let first = chunks.next().filter(|(name, _)| name == b"IHDR").map(|(_, body)| body);
    let Some(&[w3, w2, w1, w0, h3, h2, h1, h0, bit_depth, kind, _, _, interlace]) = first else {
        return Err(corrupt("the PNG has no IHDR chunk"));
    };
    let size = Size { width: u32::from_be_bytes([w3, w2, w1, w0]), height: u32::from_be_bytes([h3, h2, h1, h0]) };
    let sides = 1..=i32::MAX as u32;
    if !sides.contains(&size.width) || !sides.contains(&size.height) {
        return Err(corrupt(format!("the PNG is {}×{}", size.width, size.height)));
    }
    let (colours, alpha) = match (kind, bit_depth) {
        (0, 1 | 2 | 4 | 8 | 16) => (1, false),
        (2, 8 | 16) | (3, 1 | 2 | 4 | 8) => (3, false),
        (4, 8 | 16) => (1, true),
        (6, 8 | 16) => (3, true),
        _ => return Err(corrupt(format!("the PNG has colour type {kind} at {bit_depth} bits"))),
    };
    let (mut exif, mut profile) = (None, None);
    let mut transparent = false;
    for (name, body) in chunks {
        match &name {
            // transparency after the pixels has no effect; metadata may stand there, and is not worth the walk
            b"IDAT" => break,
            b"tRNS" => transparent = !alpha,
            b"eXIf" => exif = Some(body),
            // of several, the first
            b"iCCP" => profile = profile.or(Some(body)),
            _ => (),
        }
    }
    let has_alpha = alpha || transparent;
    let info = Info {
        format: Format::Png,
        size,
        orientation: orientation(exif),
        model: if colours == 1 { Model::Grey } else { Model::Rgb },
        channels: colours + u8::from(has_alpha),
        has_alpha,
        bit_depth,
        has_profile: profile.is_some(),
        progressive: interlace != 0,
        by_rows: interlace == 0,
        band: 1,
        frames: 1,
        decoder_bytes: super::profile_bytes(profile.map_or(0, profile_room)),
    };
    Ok(Opened { info, exif, decoder: Box::new(File { bytes, profile }) })
}

/// A file whose header is read.
struct File<'a> {
    bytes: &'a [u8],
    /// The body of the chunk that holds a profile.
    profile: Option<&'a [u8]>,
}

/// What the decoder may allocate beside the pixels: rows, metadata.
const ASIDE: usize = 1 << 20;

/// The most bytes that a profile may have once inflated; a larger one is left out, and its colours are taken for sRGB's. Real
/// profiles are a few times as long as their chunk; one of zeros is a thousand times as long.
fn profile_room(chunk: &[u8]) -> usize {
    chunk.len().saturating_mul(16).saturating_add(64 << 10).min(4 << 20)
}

/// The profile, inflated; `None` if it is damaged or larger than [`profile_room`].
#[inline(never)]
fn profile(chunk: &[u8]) -> Option<Vec<u8>> {
    let name = chunk.iter().take(80).position(|&byte| byte == 0)?;
    let (0, deflated) = chunk.get(name + 1..)?.split_first()? else {
        return None;
    };
    fdeflate::decompress_to_vec_bounded(deflated, profile_room(chunk)).ok()
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.and_then(profile).map(Cow::Owned)
    }

    /// Decodes to 8 bits a sample: row by row, or at once where rows are interlaced.
    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size) -> Result<PlaneSource<'_>, Error> {
        let room = ASIDE + info.size.width as usize * 16;
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(self.bytes), png::Limits { bytes: room });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().map_err(from_png)?;
        let (colour, depth) = reader.output_color_type();
        let size = Size { width: reader.info().width, height: reader.info().height };
        if (size, colour.samples() as u8) != (info.size, info.channels) {
            return Err(corrupt("header and pixels disagree"));
        }
        let is_wide = depth == png::BitDepth::Sixteen;
        if info.by_rows {
            let rows = Rows { reader, narrowed: is_wide.then(Vec::new) };
            return Ok(PlaneSource::rows(rows, size, info.channels, load.is_resampled()));
        }
        let mut data = super::allocate((size.pixels() * u64::from(info.channels)) << u8::from(is_wide))?;
        reader.next_frame(&mut data).map_err(from_png)?;
        if is_wide {
            deckle_pixels::narrow(&mut data);
        }
        let pixels = Pixels { size, channels: info.channels, data };
        Ok(PlaneSource::whole(Cow::Owned(pixels), load.is_resampled()))
    }
}

/// A PNG that is being decoded.
struct Rows<'a> {
    reader: png::Reader<Cursor<&'a [u8]>>,
    /// Where samples of two bytes are made one.
    narrowed: Option<Vec<u8>>,
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        let Some(row) = self.reader.next_row().map_err(from_png)? else {
            return Ok(None);
        };
        let row = row.data();
        Ok(Some(match &mut self.narrowed {
            Some(narrowed) => {
                narrowed.clear();
                narrowed.extend_from_slice(row);
                deckle_pixels::narrow(narrowed);
                narrowed
            }
            None => row,
        }))
    }
}

fn from_png(error: png::DecodingError) -> Error {
    match error {
        png::DecodingError::LimitsExceeded => corrupt("the PNG's chunks are larger than its pixels could need"),
        error => corrupt(error.to_string()),
    }
}
