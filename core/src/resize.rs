//! Resampling: a region to a size, by Lanczos with three lobes, in gamma-encoded samples as sharp does.
//!
//! Lines are pulled: asking for the next one makes the decoder go on as far as that line needs, and no further.

use deckle_pixels::{Chroma, Space};
use deckle_resample::{Filter, Resampler, Span};

use crate::Error;
use crate::codec::{Plane, PlaneSource};
use crate::error::corrupt;
use crate::image::{Load, Orientation, Region, Size};

/// A source at the size that is wanted, still in its stored orientation, line by line.
pub(crate) struct ResampledLines<'a> {
    source: PlaneSource<'a>,
    resamplers: Vec<Resampler>,
    sizes: Vec<Size>,
}

impl<'a> ResampledLines<'a> {
    /// Every plane at the size that is wanted.
    pub fn full(source: PlaneSource<'a>, load: &Load) -> Self {
        let drawn;
        let load = if source.is_drawn {
            drawn = load.drawn();
            &drawn
        } else {
            load
        };
        let filter = |plane: &Plane| match load.is_resampled() {
            // chroma is brought to luma's size as decoders do that
            false if plane.across < 1.0 || plane.down < 1.0 => Filter::Linear,
            _ => Filter::Lanczos3,
        };
        let wanted = |plane: &Plane| (load.region, load.resized, filter(plane));
        let resamplers = resamplers(&source.planes, |_, plane| wanted(plane));
        let sizes = vec![load.resized; source.planes.len()];
        Self { source, resamplers, sizes }
    }

    /// The first plane at the size that is wanted, the others at half of it: what 4:2:0 is made of.
    pub fn halved(source: PlaneSource<'a>, load: &Load) -> Self {
        let half = load.resized.halved();
        let region = halved_region(load, half);
        let wanted = |i: usize| if i == 0 { (load.region, load.resized) } else { (region, half) };
        let resamplers = resamplers(&source.planes, |i, _| (wanted(i).0, wanted(i).1, Filter::Lanczos3));
        let sizes = (0..source.planes.len()).map(|i| wanted(i).1).collect();
        Self { source, resamplers, sizes }
    }

    /// What the planes are together.
    pub fn space(&self) -> Space {
        self.source.space
    }

    /// What makes colours of YCbCr that is not T.871's.
    pub fn chroma(&self) -> Option<Chroma> {
        self.source.chroma
    }

    /// Size of each plane.
    pub fn sizes(&self) -> &[Size] {
        &self.sizes
    }

    /// The next line of a plane.
    ///
    /// # Errors
    /// The decoder's.
    pub fn line(&mut self, plane: usize, out: &mut [u8]) -> Result<(), Error> {
        while !self.resamplers[plane].pull(out) {
            self.source.next(|i, line| self.resamplers[i].push(line))?;
        }
        if self.source.has_limited_range {
            deckle_pixels::full_range(out, plane > 0);
        }
        Ok(())
    }

    /// Bytes that the decoder holds beyond what the plan says.
    pub fn beyond_plan(&self) -> u64 {
        self.source.beyond
    }

    /// The share of the source that was missing among the lines given so far.
    pub fn share_missing(&self) -> f64 {
        self.source.missing()
    }

    /// The same, of a source that has something.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when that is all of it.
    pub fn missing(&self) -> Result<f64, Error> {
        let missing = self.source.missing();
        if missing >= 1.0 { Err(corrupt("no part of it can be decoded")) } else { Ok(missing) }
    }
}

/// The region that `half` samples stand for: two pixels each, from the edge that will be the left or top one. An odd side
/// leaves the last sample half over the other edge.
fn halved_region(load: &Load, half: Size) -> Region {
    let Orientation { mirror, turns } = load.turn;
    let from_right = mirror != matches!(turns % 4, 2 | 3);
    let from_bottom = matches!(turns % 4, 1 | 2);
    let axis = |start: f64, length: f64, full: u32, half: u32, from_end: bool| {
        let pixel = length / f64::from(full);
        let over = f64::from(2 * half - full) * pixel;
        (if from_end { start - over } else { start }, length + over)
    };
    let Region { x, y, width, height } = load.region;
    let (x, width) = axis(x, width, load.resized.width, half.width, from_right);
    let (y, height) = axis(y, height, load.resized.height, half.height, from_bottom);
    Region { x, y, width, height }
}

fn spans(plane: &Plane, region: Region) -> (Span, Span) {
    let columns = Span { start: region.x * plane.across, length: region.width * plane.across };
    let lines = Span { start: region.y * plane.down, length: region.height * plane.down };
    (columns, lines)
}

/// A resampler for each plane; planes that are alike share what was computed.
fn resamplers(planes: &[Plane], wanted: impl Fn(usize, &Plane) -> (Region, Size, Filter)) -> Vec<Resampler> {
    let mut all: Vec<Resampler> = Vec::with_capacity(planes.len());
    for (i, plane) in planes.iter().enumerate() {
        let (region, size, filter) = wanted(i, plane);
        let alike = i > 0 && planes[i - 1] == *plane && wanted(i - 1, &planes[i - 1]) == (region, size, filter);
        all.push(match all.last() {
            Some(before) if alike => before.clone(),
            _ => {
                let to = (size.width as usize, size.height as usize);
                let resampler = Resampler::new((plane.width, plane.height), spans(plane, region), to, filter);
                if plane.has_headroom { resampler.with_headroom() } else { resampler }
            }
        });
    }
    all
}

/// Bytes that resampling one plane takes where the decoder gives `band` lines at once and `pulled` lines are taken together,
/// from above.
pub(crate) fn memory(plane: &Plane, region: Region, size: Size, band: usize, pulled: usize) -> u64 {
    let (columns, lines) = spans(plane, region);
    let to = (size.width as usize, size.height as usize);
    let ahead = band + (pulled as f64 * lines.length / f64::from(size.height)).ceil() as usize;
    Resampler::memory((plane.width, plane.height), (columns, lines), to, Filter::Lanczos3, ahead) as u64
}
