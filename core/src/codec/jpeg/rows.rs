//! A JPEG's components as lines, each at the scale that leaves the resampler what it needs and no more.

use std::borrow::Cow;

use deckle_jpeg::{ChromaScale, Color, Component, Decoder, Header, Limits, Options, Reduction, Scale};
use deckle_pixels::Space;

use super::from_decoder;
use super::scale::{self, eighths};
use crate::Error;
use crate::codec::Decode;
use crate::codec::plane_source::{Plane, PlaneLines, PlaneSource};
use crate::image::{Info, Load, Size};

/// A file whose header is read.
pub struct File<'a> {
    header: Header<'a>,
}

impl<'a> File<'a> {
    pub fn new(header: Header<'a>) -> Self {
        Self { header }
    }
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.header.icc_profile()
    }

    #[inline(never)]
    fn start(&self, _: &Info, load: &Load, chroma: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        let header = &self.header;
        let space = match header.color {
            Color::Grey => Space::Grey,
            Color::YCbCr => Space::YCbCr,
            Color::Cmyk => Space::Cmyk,
            Color::Ycck => Space::Ycck,
            _ => Space::Rgb,
        };
        let scale = Scale::of_eighths(load.eighths);
        let chroma = match space {
            Space::YCbCr => ChromaScale::At(chroma_scale(header, load, chroma)),
            _ => ChromaScale::Match,
        };
        let options = options(load.eighths, chroma);
        let sizes = deckle_jpeg::plane_sizes(header, scale, &options);
        let (most_across, most_down) = sampling(&header.components);
        let planes = header.components.iter().zip(sizes).map(|(c, size)| Plane {
            width: size.width as usize,
            height: size.height as usize,
            across: f64::from(c.horizontal) / most_across * f64::from(size.scale.side()) / 8.0,
            down: f64::from(c.vertical) / most_down * f64::from(size.scale.side()) / 8.0,
            has_headroom: size.has_headroom,
        });
        let planes = planes.collect();
        let decoder = Decoder::new(header, scale, &options).map_err(from_decoder)?;
        Ok(PlaneSource::new(space, planes, Box::new(Rows { decoder })))
    }
}

fn options(eighths: u32, chroma: ChromaScale) -> Options {
    Options {
        chroma,
        reduction: Reduction::Triangle,
        headroom: true,
        coarse: eighths <= scale::COARSE,
        // the plan has checked pixels and memory against limits of its own
        limits: Limits { pixels: u64::MAX, memory: usize::MAX, ..Limits::default() },
    }
}

/// Bytes that the decoder takes when it gives all planes at 1 to 8 eighths of their size.
pub fn scaled_bytes(header: &Header<'_>) -> [u64; 8] {
    let mut bytes = [0; 8];
    for (bytes, eighths) in bytes.iter_mut().zip(1..) {
        let scale = Scale::of_eighths(eighths);
        // where chroma is to match, it is as large as luma at most
        let chroma = if header.color == Color::YCbCr { ChromaScale::At(scale) } else { ChromaScale::Match };
        *bytes = deckle_jpeg::decoder_memory(header, scale, &options(eighths, chroma)) as u64;
    }
    bytes
}

/// The largest sampling factors.
fn sampling(components: &[Component]) -> (f64, f64) {
    let largest = |factor: fn(&Component) -> u8| components.iter().map(factor).max().unwrap_or(1).into();
    (largest(|c| c.horizontal), largest(|c| c.vertical))
}

/// The scale of both chroma planes, by how much the one that is reduced less is reduced.
fn chroma_scale(header: &Header<'_>, load: &Load, wanted: Size) -> Scale {
    let (most_across, most_down) = sampling(&header.components);
    let ratios = header.components.iter().skip(1).map(|c| {
        // half of an odd side is rounded up; without that, the reduction is luma's
        let wanted = (f64::from(wanted.width) - 0.5, f64::from(wanted.height) - 0.5);
        let across = load.region.width * f64::from(c.horizontal) / most_across / wanted.0;
        let down = load.region.height * f64::from(c.vertical) / most_down / wanted.1;
        across.min(down)
    });
    Scale::of_eighths(eighths(ratios.fold(f64::INFINITY, f64::min)))
}

/// A file being decoded.
struct Rows<'a> {
    decoder: Decoder<'a>,
}

impl PlaneLines for Rows<'_> {
    /// Decodes a row of MCUs.
    #[inline(never)]
    fn next(&mut self, give: &mut dyn FnMut(usize, &[u8])) -> Result<bool, Error> {
        let Some(rows) = self.decoder.next_rows() else { return Ok(false) };
        for (i, plane) in rows.planes().iter().enumerate() {
            plane.lines().for_each(|line| give(i, line));
        }
        Ok(true)
    }

    fn missing(&self) -> f64 {
        // what lacks detail everywhere is still a picture
        self.decoder.damage().map_or(0.0, |damage| damage.missing.max(damage.degraded.min(0.99)).into())
    }
}
