//! PNG (ISO/IEC 15948): header by a walk over its chunks, pixels by `png`.

mod colours;
mod content;
mod decode;
mod frames;

use std::borrow::Cow;

use colours::{ColourChunks, Meaning};
use decode::File;

use super::{Decode, GiveFrame, InterleavedRows, Opened, PlaneSource, corrupt, orientation};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Size};

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

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.colours.meaning.icc(self.is_grey)
    }

    fn start(&self, info: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        Self::start(self, info, load)
    }

    fn start_wide(&self, info: &Info) -> Result<Option<Box<dyn InterleavedRows + '_>>, Error> {
        File::start_wide(self, info)
    }

    fn frames(&self, info: &Info, _: u64, give: &mut GiveFrame<'_>) -> Result<f64, Error> {
        frames::decode(self, info, give)
    }
}

/// What inflating takes at least: its window, and what is inflated ahead of the rows.
pub const WINDOW: u64 = deckle_expand::Inflater::MEMORY + (40 << 10);

/// What it takes where `png` does it.
const WINDOWS: u64 = 440 << 10;

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
    let (mut exif, mut transparency) = (None, None);
    let mut colour_chunks = ColourChunks::default();
    for (name, body) in chunks {
        match &name {
            // transparency after the pixels has no effect; metadata may stand there, and is not worth the walk
            b"IDAT" => break,
            b"tRNS" if !alpha => transparency = transparency.or(Some(body)),
            b"eXIf" => exif = Some(body),
            _ => colour_chunks.take(name, body),
        }
    }
    let meant = colour_chunks.resolve();
    let has_alpha = alpha || transparency.is_some();
    let transparent_grey = match (kind, bit_depth, transparency) {
        // only as many bits count as samples have (11.3.1.1)
        (0, 1 | 2 | 4, Some(&[_, grey, ..])) => {
            let most = (1 << bit_depth) - 1;
            Some((grey & most) * (255 / most))
        }
        _ => None,
    };
    let profile = match meant.meaning {
        Meaning::Profile(chunk) => Some(chunk),
        _ => None,
    };
    let decoder_bytes = super::profile_bytes(profile.map_or(0, profile_room));
    let (frames, animation) = frames::count(bytes, size, colours + u8::from(has_alpha), bit_depth, decoder_bytes);
    let is_own = content::reads(kind, bit_depth, transparency.is_some(), interlace != 0);
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
        is_vector: false,
        band: 1,
        frames,
        animation,
        decoder_bytes: decoder_bytes + if is_own { 0 } else { WINDOWS - WINDOW },
        scaled_bytes: [0; 8],
        sampling: [[1, 1]; 4],
    };
    let is_grey = info.model == Model::Grey;
    Ok(Opened { info, exif, decoder: Box::new(File { bytes, colours: meant, is_grey, transparent_grey }) })
}

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
