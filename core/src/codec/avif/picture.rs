//! A picture of AV1 data, or of a grid of them, line by line.

use std::borrow::Cow;

use rusty_av1d::Rav1dError;
use rusty_av1d::rust_api::{Decoder, Picture as Decoded, PixelLayout, PlanarImageComponent, Settings};

use super::sequence::Sequence;
use crate::Error;
use crate::codec::corrupt;
use crate::image::Size;

/// Where a picture's data are, and what they are.
pub struct Picture<'a> {
    /// What is shown of the tiles together.
    pub size: Size,
    /// Of each tile; all of them are alike. Its size is what a tile shows.
    pub sequence: Sequence,
    /// The largest that a tile's data are.
    pub coded: Size,
    /// Which of the pictures that data of several resolutions hold is meant.
    pub point: u8,
    /// Pictures that the data of a tile hold, shown or not: each may be made from the others, and all are kept.
    pub pictures: u32,
    /// Tiles side by side.
    pub columns: u32,
    /// The data of each, from the top left.
    pub tiles: Vec<Cow<'a, [u8]>>,
}

/// What the decoder's own tables take.
const DECODER: u64 = 256 << 10;

impl Picture<'_> {
    /// Bytes that decoding it takes, from above: data as they are handed over, a row of tiles, what decoding one takes beside.
    pub fn memory(&self) -> u64 {
        let (Sequence { depth, is_grey, chroma: [across, down], has_grain, .. }, size) = (self.sequence, self.coded);
        // samples are laid in blocks of 128, and a little more
        let side = |side: u32| u64::from(side).next_multiple_of(128);
        let luma = side(size.width) * side(size.height);
        let samples = luma + if is_grey { 0 } else { 2 * luma / (u64::from(across) * u64::from(down)) };
        let picture = samples * if depth > 8 { 2 } else { 1 } + 8192;
        let kept_pictures = u64::from(self.pictures.max(1));
        let held = u64::from(self.columns) + u64::from(has_grain) + kept_pictures - 1;
        // blocks, their filters, and what a later picture could be predicted from
        let aside = kept_pictures * luma * PER_PIXEL.0 / PER_PIXEL.1 + side(size.width) * PER_COLUMN;
        let data = self.tiles.iter().map(|tile| tile.len()).max().unwrap_or(0) as u64;
        let kept: usize = self.tiles.iter().map(|tile| if let Cow::Owned(tile) = tile { tile.len() } else { 0 }).sum();
        held * picture + aside + data + kept as u64 + DECODER
    }

    /// Its size as samples of luma, or of chroma.
    pub fn samples(&self, plane: usize) -> Size {
        samples(self.size, self.sequence, plane)
    }
}

/// Bytes for so many pixels, and for a column of them.
const PER_PIXEL: (u64, u64) = (3, 4);
const PER_COLUMN: u64 = 1024;

/// Samples of a plane of a picture of some size.
fn samples(size: Size, sequence: Sequence, plane: usize) -> Size {
    let [across, down] = if plane == 0 { [1, 1] } else { sequence.chroma.map(u32::from) };
    Size { width: size.width.div_ceil(across), height: size.height.div_ceil(down) }
}

/// A picture that is being decoded. All planes are to advance together: a row of tiles is held at a time.
pub struct Lines<'a> {
    picture: &'a Picture<'a>,
    tiles: Vec<Decoded>,
    /// The row that they are.
    row: Option<u32>,
    /// A line of several tiles, and one whose samples have 8 bits.
    joined: Vec<u8>,
    narrow: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub fn new(picture: &'a Picture<'a>) -> Self {
        Self { picture, tiles: Vec::new(), row: None, joined: Vec::new(), narrow: Vec::new() }
    }

    /// A line of a plane as it is stored: one byte a sample, or two, the lowest first.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn stored(&mut self, plane: usize, y: u32) -> Result<&[u8], Error> {
        let picture = self.picture;
        let sequence = picture.sequence;
        let tile = samples(sequence.size, sequence, plane);
        let row = y / tile.height;
        if self.row != Some(row) {
            self.tiles.clear();
            self.row = Some(row);
            let from = row as usize * picture.columns as usize;
            for data in picture.tiles.iter().skip(from).take(picture.columns as usize) {
                self.tiles.push(decode(data, picture)?);
            }
        }
        let bytes = if sequence.depth > 8 { 2 } else { 1 };
        let line = |decoded: &Decoded| -> Option<(usize, usize)> {
            let stride = decoded.stride(component(plane)) as usize;
            let from = (y % tile.height) as usize * stride;
            Some((from, from + tile.width as usize * bytes))
        };
        let none = || corrupt("an AVIF tile is missing");
        if picture.columns == 1 {
            let decoded = self.tiles.first().ok_or_else(none)?;
            let (from, to) = line(decoded).ok_or_else(none)?;
            return decoded.plane(component(plane)).get(from..to).ok_or_else(none);
        }
        self.joined.clear();
        for decoded in &self.tiles {
            let (from, to) = line(decoded).ok_or_else(none)?;
            self.joined.extend_from_slice(decoded.plane(component(plane)).get(from..to).ok_or_else(none)?);
        }
        self.joined.get(..picture.samples(plane).width as usize * bytes).ok_or_else(none)
    }

    /// The same with 8 bits a sample; `is_full` says which range it has.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn line(&mut self, plane: usize, y: u32, is_full: bool) -> Result<&[u8], Error> {
        let bits = u32::from(self.picture.sequence.depth);
        if bits == 8 {
            return self.stored(plane, y);
        }
        let mut narrow = std::mem::take(&mut self.narrow);
        let stored = self.stored(plane, y)?;
        narrow.resize(stored.len() / 2, 0);
        deckle_pixels::Deep { bits, is_full }.narrow(stored, &mut narrow);
        self.narrow = narrow;
        Ok(&self.narrow)
    }
}

fn component(plane: usize) -> PlanarImageComponent {
    match plane {
        0 => PlanarImageComponent::Y,
        1 => PlanarImageComponent::U,
        _ => PlanarImageComponent::V,
    }
}

/// The first picture that the data show.
#[inline(never)]
fn decode(data: &[u8], picture: &Picture<'_>) -> Result<Decoded, Error> {
    let wrong = |error: Rav1dError| corrupt(format!("AV1: {error}"));
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_operating_point(picture.point);
    settings.set_frame_size_limit(u32::try_from(picture.coded.pixels()).unwrap_or(u32::MAX));
    let mut decoder = Decoder::with_settings(&settings).map_err(wrong)?;
    let mut sent = decoder.send_data(data.into(), None, None, None);
    loop {
        let waits = match sent {
            Ok(()) => false,
            Err(Rav1dError::TryAgain) => true,
            Err(error) => return Err(wrong(error)),
        };
        match decoder.get_picture() {
            Ok(decoded) => return check(decoded, &picture.sequence),
            Err(Rav1dError::TryAgain) if waits => sent = decoder.send_pending_data(),
            Err(Rav1dError::TryAgain) => return Err(corrupt("the AV1 data show no picture")),
            Err(error) => return Err(wrong(error)),
        }
    }
}

/// What was decoded has to be what its header said, by which limits were checked.
fn check(picture: Decoded, sequence: &Sequence) -> Result<Decoded, Error> {
    let chroma = match picture.pixel_layout() {
        PixelLayout::I400 => None,
        PixelLayout::I420 => Some([2, 2]),
        PixelLayout::I422 => Some([2, 1]),
        PixelLayout::I444 => Some([1, 1]),
    };
    let is_same = picture.width() == sequence.size.width
        && picture.height() == sequence.size.height
        && picture.bit_depth() == usize::from(sequence.depth)
        && chroma == (!sequence.is_grey).then_some(sequence.chroma);
    if is_same { Ok(picture) } else { Err(corrupt("an AV1 picture is not what its header says")) }
}
