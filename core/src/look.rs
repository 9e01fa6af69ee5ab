//! Looks at pixels before there is a plan.

use deckle_pixels::{Background, Edges, Salience};

use crate::Error;
use crate::codec::{self, Decode, Rows};
use crate::colour::Conversion;
use crate::edit::{Point, Trim};
use crate::flow::{self, FlowingRows};
use crate::image::{Colour, Info, Load, Rect, Region, Size};
use crate::plan::Sight;
use crate::resize::ResampledLines;

/// An image that is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub decoder: &'a dyn Decode,
    pub info: &'a Info,
    pub conversion: &'a Conversion,
    pub sight: Sight,
}

impl<'a> Source<'a> {
    /// Rows in sRGB.
    fn rows(self, load: &Load) -> Result<FlowingRows<'a>, Error> {
        let source = codec::start(self.decoder, self.info, load, load.resized, self.sight.spare)?;
        Ok(FlowingRows::new(ResampledLines::full(source, load), self.conversion, &[], 0, &|_| ()))
    }
}

/// The rectangle of the stored image that holds whatever is not background; all of it where nothing does, or where it is too small
/// to tell. Without a given colour, `corner` has that of the background.
///
/// # Errors
/// The decoder's.
#[inline(never)]
pub(crate) fn edges(source: Source<'_>, trim: Trim, corner: Rect) -> Result<Rect, Error> {
    let whole = Rect { x: 0, y: 0, size: source.info.size };
    if whole.size.width < 3 && whole.size.height < 3 {
        return Ok(whole);
    }
    // before the rows are started, so that one decoder is alive at a time
    let known = match trim.background {
        None if corner.y > 0 => Some(pixel(source, corner)?),
        background => background,
    };
    let mut rows = source.rows(&source.sight.load)?;
    let (size, channels) = rows.shape();
    let mut row = vec![0; size.width as usize * usize::from(channels)];
    rows.next(&mut row)?;
    let first = corner.x as usize * usize::from(channels);
    let Colour { r, g, b, a } = known.unwrap_or_else(|| colour(&row[first..][..usize::from(channels)]));
    let background = Background { colour: [r, g, b, a], tolerance: trim.tolerance, is_line_art: trim.is_line_art };
    let mut edges = Edges::new(size.width as usize, channels, background);
    edges.push(&row);
    for _ in 1..size.height {
        rows.next(&mut row)?;
        edges.push(&row);
    }
    let Some((columns, rows)) = edges.finish() else { return Ok(whole) };
    let side = |range: &std::ops::Range<usize>| range.len() as u32;
    let size = Size { width: side(&columns), height: side(&rows) };
    Ok(Rect { x: columns.start as u32, y: rows.start as u32, size })
}

/// The point that a part of so many pixels is to be centred on.
///
/// # Errors
/// The decoder's.
#[inline(never)]
pub(crate) fn focus(source: Source<'_>, salience: Salience, part: Size) -> Result<Point, Error> {
    let load = &source.sight.load;
    let rows = source.rows(load)?;
    let (_, channels) = rows.shape();
    let data = flow::collected(rows, load, usize::MAX / 2)?.into_whole();
    let size = load.size();
    let pair = |size: Size| (size.width as usize, size.height as usize);
    let (x, y) = deckle_pixels::focus(&data, channels, pair(size), pair(part), salience);
    let fraction = |at: f32, side: u32| (at / side as f32 * 10_000.0).round().clamp(0.0, 10_000.0) as u32;
    Ok(Point { x: fraction(x, size.width), y: fraction(y, size.height) })
}

/// A pixel of the stored image.
fn pixel(source: Source<'_>, place: Rect) -> Result<Colour, Error> {
    let Rect { x, y, size } = place;
    let region = Region { x: x.into(), y: y.into(), width: 1.0, height: 1.0 };
    let mut rows = source.rows(&Load { region, resized: size, ..source.sight.load })?;
    let mut pixel = vec![0; usize::from(rows.shape().1)];
    rows.next(&mut pixel)?;
    Ok(colour(&pixel))
}

fn colour(pixel: &[u8]) -> Colour {
    match *pixel {
        [v] => Colour { r: v, g: v, b: v, a: 255 },
        [v, a] => Colour { r: v, g: v, b: v, a },
        [r, g, b] => Colour { r, g, b, a: 255 },
        [r, g, b, a, ..] => Colour { r, g, b, a },
        [] => Colour::TRANSPARENT,
    }
}
