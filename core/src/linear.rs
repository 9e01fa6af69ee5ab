//! Resizing by light: samples become light of 16 bits, are mixed as such, and become sRGB's samples again.
//!
//! All of that is done at the size at which the source is stored, and before it is resampled: chroma is made as large as luma, and colours
//! are converted. Sources of 16 bits that need no conversion are never cut to 8.

use std::borrow::Cow;

use deckle_pixels::{Space, join};
use deckle_resample::{Filter, Span, WideResampler};

use crate::Error;
use crate::codec::{self, Decode, InterleavedRows, Plane, PlaneLines, PlaneSource};
use crate::colour::Conversion;
use crate::image::{Info, Load, Pixels, Region, Size};
use crate::resize::ResampledLines;

/// Tables of light, of its samples, and of the light of 16 bits.
const TABLES: u64 = (64 << 10) + (1 << 10);
const WIDE_TABLE: u64 = 128 << 10;

/// A source at the size that is wanted, in sRGB or whatever its colours are converted to.
///
/// # Errors
/// The decoder's.
#[inline(never)]
pub(crate) fn lines<'a>(
    decoder: &'a dyn Decode,
    info: &Info,
    load: &Load,
    conversion: &'a Conversion,
    spare: u64,
) -> Result<ResampledLines<'a>, Error> {
    if conversion.is_none()
        && load.frame == 0
        && info.bit_depth > 8
        && let Some(rows) = decoder.start_wide(info)?
    {
        let rows = Wide { rows, table: deckle_pixels::to_light(true) };
        return Ok(resampled(Box::new(rows), info.size, info.channels, load, 0));
    }
    let inner = as_stored(info.size, load);
    let source = codec::start(decoder, info, &inner, info.size, spare)?;
    Ok(narrow(source, info.size, load, conversion))
}

/// The same of a picture that is there.
#[inline(never)]
pub(crate) fn of_pixels<'a>(pixels: &'a Pixels, load: &Load, conversion: &'a Conversion) -> ResampledLines<'a> {
    narrow(PlaneSource::whole(Cow::Borrowed(pixels), false), pixels.size, load, conversion)
}

fn narrow<'a>(source: PlaneSource<'a>, size: Size, load: &Load, conversion: &'a Conversion) -> ResampledLines<'a> {
    let lines = ResampledLines::full(source, &as_stored(size, load));
    let (space, width) = (lines.space(), size.width as usize);
    let channels = conversion.channels(space.planes() as u8);
    let beyond = lines.beyond_plan();
    let rows = Narrow {
        lines,
        conversion,
        planes: vec![vec![0; width]; space.planes()],
        joined: vec![0; width * space.planes()],
        row: vec![0; width * usize::from(channels)],
        table: deckle_pixels::to_light(false),
    };
    resampled(Box::new(rows), size, channels, load, beyond)
}

/// Of all of a picture, what is loaded if nothing is done to it.
pub(crate) fn as_stored(size: Size, load: &Load) -> Load {
    let region = Region { x: 0.0, y: 0.0, width: size.width.into(), height: size.height.into() };
    Load { eighths: 8, region, resized: size, is_linear: false, ..*load }
}

fn resampled<'a>(
    rows: Box<dyn LightRows + 'a>,
    size: Size,
    channels: u8,
    load: &Load,
    beyond: u64,
) -> ResampledLines<'a> {
    let channels = usize::from(channels);
    let from = (size.width as usize, size.height as usize);
    let (to, spans) = target(load);
    let resampler = WideResampler::new(from, spans, to, Filter::Lanczos3);
    let lines = LightLines {
        rows,
        resamplers: vec![resampler; channels],
        planes: vec![vec![0; from.0]; channels],
        resized: vec![vec![0; to.0]; channels],
        samples: vec![vec![0; to.0]; channels],
        table: deckle_pixels::of_light(),
        left: to.1,
    };
    let plane = Plane { width: to.0, height: to.1, across: 1.0, down: 1.0, has_headroom: false };
    let source = PlaneSource::new(Space::of(channels as u8, false), vec![plane; channels], Box::new(lines));
    ResampledLines::full(source.beyond_plan(beyond), &as_stored(load.resized, load))
}

fn target(load: &Load) -> ((usize, usize), (Span, Span)) {
    let Region { x, y, width, height } = load.region;
    let spans = (Span { start: x, length: width }, Span { start: y, length: height });
    ((load.resized.width as usize, load.resized.height as usize), spans)
}

/// Bytes that this takes beside the source's own planes at the size that they are stored at.
pub(crate) fn memory(info: &Info, load: &Load) -> u64 {
    // inks are four, and become three
    let channels = u64::from(info.channels);
    let (to, spans) = target(load);
    let from = (info.size.width as usize, info.size.height as usize);
    let resampler = WideResampler::memory(from, spans, to, Filter::Lanczos3) as u64;
    let wide = if info.bit_depth > 8 { WIDE_TABLE + 2 * channels * u64::from(info.size.width) } else { 0 };
    // taken apart, joined, converted, light; resized light and its samples
    let rows = u64::from(info.size.width) * 7 + u64::from(load.resized.width) * 3;
    TABLES + wide + channels * (resampler + rows)
}

/// Rows of light.
trait LightRows {
    /// Fills planes with the next row; `false` after the last.
    fn next(&mut self, planes: &mut [Vec<u16>]) -> Result<bool, Error>;

    /// As [`PlaneLines::missing`].
    fn missing(&self) -> f64;
}

/// Of 8 bits a sample.
struct Narrow<'a> {
    lines: ResampledLines<'a>,
    conversion: &'a Conversion,
    planes: Vec<Vec<u8>>,
    joined: Vec<u8>,
    row: Vec<u8>,
    table: Vec<u16>,
}

impl LightRows for Narrow<'_> {
    #[inline(never)]
    fn next(&mut self, planes: &mut [Vec<u16>]) -> Result<bool, Error> {
        for (i, line) in self.planes.iter_mut().enumerate() {
            self.lines.line(i, line)?;
        }
        join(self.lines.space(), &self.planes, &mut self.joined);
        self.conversion.row(&self.joined, &mut self.row);
        deckle_pixels::split_to_light(&self.row, &self.table, planes);
        Ok(true)
    }

    fn missing(&self) -> f64 {
        self.lines.share_missing()
    }
}

/// Of 16 bits a sample, most significant byte first.
struct Wide<'a> {
    rows: Box<dyn InterleavedRows + 'a>,
    table: Vec<u16>,
}

impl LightRows for Wide<'_> {
    #[inline(never)]
    fn next(&mut self, planes: &mut [Vec<u16>]) -> Result<bool, Error> {
        let Some(row) = self.rows.next()? else { return Ok(false) };
        deckle_pixels::split_wide_to_light(row, &self.table, planes);
        Ok(true)
    }

    fn missing(&self) -> f64 {
        self.rows.missing()
    }
}

/// Lines at their final size, as samples.
struct LightLines<'a> {
    rows: Box<dyn LightRows + 'a>,
    resamplers: Vec<WideResampler>,
    planes: Vec<Vec<u16>>,
    resized: Vec<Vec<u16>>,
    samples: Vec<Vec<u8>>,
    table: Vec<u8>,
    /// Lines that were not given yet.
    left: usize,
}

impl PlaneLines for LightLines<'_> {
    #[inline(never)]
    fn next(&mut self, give: &mut dyn FnMut(usize, &[u8])) -> Result<bool, Error> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        // all planes need the same lines
        loop {
            let all = self.resamplers.iter_mut().zip(&mut self.resized);
            if all.fold(true, |ready, (resampler, line)| resampler.pull(line) && ready) {
                break;
            }
            if !self.rows.next(&mut self.planes)? {
                return Err(crate::error::corrupt("header and pixels disagree"));
            }
            for (resampler, line) in self.resamplers.iter_mut().zip(&self.planes) {
                resampler.push(line);
            }
        }
        deckle_pixels::light_to_samples(&self.resized, &self.table, &mut self.samples);
        self.samples.iter().enumerate().for_each(|(i, line)| give(i, line));
        Ok(true)
    }

    fn missing(&self) -> f64 {
        self.rows.missing()
    }
}
