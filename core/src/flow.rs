//! Rows from the decoder to whatever takes them: at their final size, in sRGB, and with those operations done that need no more than
//! their own pixel.

use std::collections::VecDeque;

use deckle_pixels::{Space, Strips, Turner, join};

use crate::Error;
use crate::codec::{PlaneRows, Rows};
use crate::colour::Conversion;
use crate::image::{Load, Size};
use crate::op::{self, Canvas, Corners, HalvedSteps, Operation, PixelSteps};
use crate::resize::ResampledLines;

/// Samples of a strip that operations work on at once, at most a row more.
const STRIP: usize = 32 << 10;

/// Told the share that was missing when a source has given its last row.
pub(crate) type AtEnd<'a> = &'a dyn Fn(f64);

/// Rows of pixels in their stored orientation. The decoder is let go of after the last.
pub(crate) struct FlowingRows<'a> {
    lines: Option<ResampledLines<'a>>,
    conversion: &'a Conversion,
    space: Space,
    /// One line of each plane.
    planes: Vec<Vec<u8>>,
    /// A row before it is converted.
    stored: Vec<u8>,
    size: Size,
    /// Samples of a pixel once converted, and after the operations.
    converted: u8,
    leaving: u8,
    /// What the operations do, if there are any.
    steps: Option<PixelSteps>,
    /// Rows that operations are done with, and how much of them was given.
    strip: Vec<u8>,
    at: usize,
    /// Rows that were asked of the decoder.
    taken: usize,
    /// Bytes that the decoder and the resampler hold, by the plan.
    decoding: u64,
    at_end: AtEnd<'a>,
}

impl<'a> FlowingRows<'a> {
    /// `operations` work on samples alone.
    pub fn new(
        lines: ResampledLines<'a>,
        conversion: &'a Conversion,
        operations: &'a [Operation],
        decoding: u64,
        at_end: AtEnd<'a>,
    ) -> Self {
        let (space, size) = (lines.space(), lines.sizes()[0]);
        let decoding = decoding + lines.beyond_plan();
        let width = size.width as usize;
        let joined = space.planes() as u8;
        let converted = conversion.channels(joined);
        Self {
            conversion,
            space,
            planes: vec![vec![0; width]; space.planes()],
            stored: vec![0; if conversion.is_none() { 0 } else { width * usize::from(joined) }],
            size,
            converted,
            leaving: operations.iter().fold(converted, |channels, operation| operation.channels(channels)),
            steps: if operations.is_empty() { None } else { Some(PixelSteps::new(operations)) },
            strip: Vec::new(),
            at: 0,
            taken: 0,
            decoding,
            at_end,
            lines: Some(lines),
        }
    }

    /// The size and channels of what is given.
    pub fn shape(&self) -> (Size, u8) {
        (self.size, self.leaving)
    }

    /// A row of the decoder, converted.
    fn take(&mut self, out: &mut [u8]) -> Result<(), Error> {
        let Some(lines) = &mut self.lines else {
            return Err(crate::error::corrupt("header and pixels disagree"));
        };
        for (i, line) in self.planes.iter_mut().enumerate() {
            lines.line(i, line)?;
        }
        let joined = if self.conversion.is_none() { &mut *out } else { &mut self.stored };
        match lines.chroma() {
            None => join(self.space, &self.planes, joined),
            Some(chroma) => chroma.join(&self.planes, joined),
        }
        if !self.conversion.is_none() {
            self.conversion.row(&self.stored, out);
        }
        self.taken += 1;
        if self.taken == self.size.height as usize {
            let missing = lines.missing()?;
            self.lines = None;
            (self.at_end)(missing);
        }
        Ok(())
    }

    /// The next strip, with the operations done.
    #[inline(never)]
    fn operate(&mut self) -> Result<(), Error> {
        let row = self.size.width as usize * usize::from(self.converted);
        let rows = STRIP.div_ceil(row.max(1)).min(self.size.height as usize - self.taken);
        let mut data = vec![0; rows * row];
        data.chunks_exact_mut(row).try_for_each(|out| self.take(out))?;
        if let Some(steps) = &mut self.steps {
            let done = steps.run(&data, self.converted);
            self.strip.resize(data.len() / usize::from(self.converted) * usize::from(self.leaving), 0);
            done.join(&mut self.strip);
        }
        self.at = 0;
        Ok(())
    }
}

impl Rows for FlowingRows<'_> {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        if self.steps.is_none() {
            return self.take(out);
        }
        if self.at == self.strip.len() {
            self.operate()?;
        }
        let row = self.strip.get(self.at..self.at + out.len());
        out.copy_from_slice(row.ok_or_else(|| crate::error::corrupt("header and pixels disagree"))?);
        self.at += out.len();
        Ok(())
    }

    fn held(&self) -> u64 {
        if self.lines.is_some() { self.decoding } else { 0 }
    }
}

/// Bytes that [`FlowingRows`] hold beside the decoder and the resampler: lines, a row, and two strips.
pub(crate) fn rows_memory(size: Size, planes: u8, operations: &[Operation]) -> u64 {
    let row = u64::from(size.width) * u64::from(planes);
    let most = operations.iter().scan(planes, |channels, operation| {
        *channels = operation.channels(*channels);
        Some(*channels)
    });
    let most = most.max().unwrap_or(0).max(planes);
    let strip = (STRIP as u64 / u64::from(planes) + u64::from(size.width)).min(size.pixels());
    // taken, by planes, a copy for what compares with it, and given
    2 * row + if operations.is_empty() { 0 } else { 4 * strip * u64::from(most.max(3)) + op::steps_memory(operations) }
}

/// Rows that were collected and are used up from the top.
pub(crate) struct CollectedRows(pub Strips);

impl Rows for CollectedRows {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        if self.0.next(out) { Ok(()) } else { Err(crate::error::corrupt("header and pixels disagree")) }
    }

    fn held(&self) -> u64 {
        self.0.held() as u64
    }
}

/// Rows of an image of this size with an operation done that [`op::by_rows`] is true of.
pub(crate) fn laid<'a>(
    operation: &'a Operation,
    rows: Box<dyn Rows + 'a>,
    size: Size,
    channels: u8,
) -> Box<dyn Rows + 'a> {
    match operation {
        Operation::Canvas(canvas) => Box::new(CanvasRows::new(rows, size, channels, canvas)),
        Operation::Round(corners) => Box::new(RoundRows::new(rows, size, channels, corners)),
        _ => rows,
    }
}

/// Bytes that rows of operations that [`op::by_rows`] is true of take beside the rows they come from, from above: a row that enters,
/// a copy of it and one that is widened, and a row of a canvas alone.
pub(crate) fn laid_memory(operations: &[Operation], size: Size, channels: u8) -> u64 {
    let row = |size: Size, channels: u8| u64::from(size.width) * u64::from(channels);
    let (bytes, ..) = operations.iter().fold((0, size, channels), |(bytes, size, channels), operation| {
        let (leaving, wider) = (operation.size(size), operation.channels(channels));
        (bytes + 2 * row(size, channels) + row(size, wider) + row(leaving, wider), leaving, wider)
    });
    bytes
}

/// Rows of an image whose corners are rounded.
struct RoundRows<'a> {
    rows: Box<dyn Rows + 'a>,
    size: Size,
    channels: u8,
    corners: &'a Corners,
    /// A row before channels are added; empty where none are.
    row: Vec<u8>,
    given: u32,
}

impl<'a> RoundRows<'a> {
    fn new(rows: Box<dyn Rows + 'a>, size: Size, channels: u8, corners: &'a Corners) -> Self {
        let is_wider = Operation::Round(*corners).channels(channels) != channels;
        let row = vec![0; if is_wider { size.width as usize * usize::from(channels) } else { 0 }];
        Self { rows, size, channels, corners, row, given: 0 }
    }
}

impl Rows for RoundRows<'_> {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        if self.row.is_empty() {
            self.rows.next(out)?;
        } else {
            self.rows.next(&mut self.row)?;
            self.corners.widen_row(&self.row, self.channels, out);
        }
        self.corners.round(out, self.given, self.size, Operation::Round(*self.corners).channels(self.channels));
        self.given += 1;
        Ok(())
    }

    fn held(&self) -> u64 {
        self.rows.held() + self.row.len() as u64
    }
}

/// Rows of an image on a larger canvas.
struct CanvasRows<'a> {
    rows: Box<dyn Rows + 'a>,
    /// Of the image.
    size: Size,
    channels: u8,
    canvas: &'a Canvas,
    /// A row of the image before channels are added, empty where none are; and one of the canvas alone.
    row: Vec<u8>,
    empty: Vec<u8>,
    /// Rows that were given.
    given: u32,
}

impl<'a> CanvasRows<'a> {
    fn new(rows: Box<dyn Rows + 'a>, size: Size, channels: u8, canvas: &'a Canvas) -> Self {
        let is_wider = Operation::Canvas(*canvas).channels(channels) != channels;
        let row = vec![0; if is_wider { size.width as usize * usize::from(channels) } else { 0 }];
        let empty = canvas.empty_row(channels);
        Self { rows, size, channels, canvas, row, empty, given: 0 }
    }
}

impl Rows for CanvasRows<'_> {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        let has_image = self.given >= self.canvas.y && self.given - self.canvas.y < self.size.height;
        self.given += 1;
        if !has_image {
            out.copy_from_slice(&self.empty);
            return Ok(());
        }
        if !self.row.is_empty() {
            self.rows.next(&mut self.row)?;
            out.copy_from_slice(&self.empty);
            self.canvas.lay(&self.row, self.channels, out);
            return Ok(());
        }
        // the image's own part of the row needs nothing under it
        let left = self.canvas.x as usize * usize::from(self.channels);
        let end = left + self.size.width as usize * usize::from(self.channels);
        let image = out.get_mut(left..end).ok_or_else(|| crate::error::corrupt("header and pixels disagree"))?;
        self.rows.next(image)?;
        out[..left].copy_from_slice(&self.empty[..left]);
        out[end..].copy_from_slice(&self.empty[end..]);
        Ok(())
    }

    fn held(&self) -> u64 {
        self.rows.held() + (self.row.len() + self.empty.len()) as u64
    }
}

/// Lines of planes that flow from a decoder, which holds so many bytes by the plan.
pub(crate) struct FlowingPlanes<'a> {
    pub lines: ResampledLines<'a>,
    pub decoding: u64,
}

impl PlaneRows for FlowingPlanes<'_> {
    fn line(&mut self, plane: usize, out: &mut [u8]) -> Result<(), Error> {
        self.lines.line(plane, out)
    }

    fn held(&self) -> u64 {
        self.decoding + self.lines.beyond_plan()
    }
}

/// The same with operations on single pixels done, two lines of luma and one of chroma at a time.
pub(crate) struct StepPlanes<'a> {
    lines: FlowingPlanes<'a>,
    steps: HalvedSteps,
    /// Lines of luma that were taken.
    taken: u32,
    /// Bytes that this takes beside the lines it comes from, by the plan.
    beside: u64,
    /// Lines of each plane that leave, until they are asked for, and those that were given and are used again.
    ready: Vec<VecDeque<Vec<u8>>>,
    given: Vec<Vec<Vec<u8>>>,
}

impl<'a> StepPlanes<'a> {
    pub fn new(lines: FlowingPlanes<'a>, operations: &[Operation]) -> Self {
        let sizes = lines.lines.sizes();
        let steps = HalvedSteps::new(operations, sizes[0], sizes.len() as u8);
        let (ready, given) = (vec![VecDeque::new(); steps.planes()], vec![Vec::new(); steps.planes()]);
        let beside = Self::memory(operations, sizes[0]);
        Self { lines, steps, taken: 0, beside, ready, given }
    }

    /// Planes that leave.
    pub fn planes(&self) -> usize {
        self.steps.planes()
    }

    /// What the lines come from.
    pub fn into_lines(self) -> ResampledLines<'a> {
        self.lines.lines
    }

    #[inline(never)]
    fn advance(&mut self) -> Result<(), Error> {
        let Self { lines, steps, taken, ready, given, .. } = self;
        let (height, has_chroma) = (lines.lines.sizes()[0].height, lines.lines.sizes().len() > 1);
        let count = (height - *taken).min(2);
        for i in 0..count as usize {
            lines.line(0, steps.luma(i))?;
        }
        *taken += count;
        if has_chroma {
            lines.line(1, steps.chroma(0))?;
            lines.line(2, steps.chroma(1))?;
        }
        steps.run(count as usize, has_chroma);
        for (plane, (ready, given)) in ready.iter_mut().zip(given).enumerate() {
            for i in 0..if plane == 0 { count as usize } else { 1 } {
                ready.push_back(steps.swap(plane, i, given.pop().unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// Bytes that it takes beside the lines it comes from, for operations on pictures of such a size.
    pub fn memory(operations: &[Operation], size: Size) -> u64 {
        // an encoder takes sixteen lines of luma before the chroma of them
        HalvedSteps::memory(operations, size) + (u64::from(size.width) + 16) * 24
    }
}

impl PlaneRows for StepPlanes<'_> {
    fn line(&mut self, plane: usize, out: &mut [u8]) -> Result<(), Error> {
        loop {
            if let Some(line) = self.ready[plane].pop_front() {
                let shown = line.get(..out.len());
                out.copy_from_slice(shown.ok_or_else(|| crate::error::corrupt("header and pixels disagree"))?);
                self.given[plane].push(line);
                return Ok(());
            }
            if self.taken == self.lines.lines.sizes()[0].height {
                return Err(crate::error::corrupt("header and pixels disagree"));
            }
            self.advance()?;
        }
    }

    fn held(&self) -> u64 {
        self.lines.held() + self.beside
    }
}

/// All rows, laid upright and as asked, in strips of so many rows.
#[inline(never)]
pub(crate) fn collected(mut rows: FlowingRows<'_>, load: &Load, strip_rows: usize) -> Result<Strips, Error> {
    let (size, channels) = rows.shape();
    let mut turner = turner(size, channels, load, strip_rows)?;
    for _ in 0..size.height {
        turner.row(|out| rows.next(out))?;
    }
    Ok(turner.finish())
}

/// All lines of each plane, laid upright and as asked, in strips of so many lines of the first plane and half as many of the others.
/// Also the share that was missing.
#[inline(never)]
pub(crate) fn collected_planes(
    mut lines: ResampledLines<'_>,
    load: &Load,
    strip_lines: usize,
) -> Result<(Vec<Strips>, f64), Error> {
    let sizes = lines.sizes().to_vec();
    let strip = |i: usize| if i == 0 { strip_lines } else { strip_lines.div_ceil(2) };
    let turners = sizes.iter().enumerate().map(|(i, &size)| turner(size, 1, load, strip(i)));
    let mut turners = turners.collect::<Result<Vec<_>, Error>>()?;
    // all planes advance together: a plane that ran ahead would make the decoder fill the windows of the others
    let rows = u64::from(sizes[0].height);
    for y in 0..rows {
        for (i, turner) in turners.iter_mut().enumerate() {
            let height = u64::from(sizes[i].height);
            for _ in y * height / rows..(y + 1) * height / rows {
                turner.row(|out| lines.line(i, out))?;
            }
        }
    }
    let missing = lines.missing()?;
    Ok((turners.into_iter().map(Turner::finish).collect(), missing))
}

fn turner(size: Size, channels: u8, load: &Load, strip_rows: usize) -> Result<Turner, Error> {
    let turn = (load.turn.mirror, load.turn.turns);
    Turner::new((size.width as usize, size.height as usize), channels, turn, strip_rows)
        .map_err(|none| crate::codec::no_room(none.bytes as u64, u64::MAX))
}

/// Bytes that a picture of this stored size takes while it is collected, and beside it the rows on their way.
pub(crate) fn collecting_memory(size: Size, channels: u8, load: &Load) -> (u64, u64) {
    let held = size.pixels() * u64::from(channels);
    let stored = (u64::from(size.width), u64::from(size.height));
    (held, Turner::memory(stored, channels, load.turn.turns) - held)
}
