//! An AVIF's planes, or rows of pixels where there is alpha or what samples mean cannot wait until they are resampled.

use deckle_pixels::{Chroma, Deep, Space, full_range, join, straight};
use deckle_resample::{Filter, Resampler, Span};

use super::File;
use super::colours::Matrix;
use super::picture::Lines;
use crate::Error;
use crate::codec::PlaneSource;
use crate::codec::plane_source::{InterleavedRows, Plane, PlaneLines};
use crate::image::{Info, Load, Size};

impl File<'_> {
    /// As [`crate::codec::Decode::start`].
    #[inline(never)]
    pub fn start(&self, info: &Info, load: &Load) -> PlaneSource<'_> {
        if self.alpha.is_some() || self.colours.transfer.is_some() {
            return PlaneSource::rows(Pixels::new(self, info), info.size, info.channels, load.is_resampled());
        }
        let sequence = self.picture.sequence;
        let [across, down] = sequence.chroma.map(u32::from);
        let plane = |across: u32, down: u32| Plane {
            width: info.size.width.div_ceil(across) as usize,
            height: info.size.height.div_ceil(down) as usize,
            across: 1.0 / f64::from(across),
            down: 1.0 / f64::from(down),
            has_headroom: false,
        };
        let chroma = plane(across, down);
        let (space, planes) = match self.colours.matrix {
            _ if sequence.is_grey => (Space::Grey, vec![plane(1, 1)]),
            Matrix::Identity => (Space::Rgb, vec![plane(1, 1), chroma, chroma]),
            _ => (Space::YCbCr, vec![plane(1, 1), chroma, chroma]),
        };
        let lines = Lines::new(&self.picture);
        let source = PlaneSource::new(space, planes, Box::new(Planes { file: self, size: info.size, lines, next: 0 }));
        let source = match self.colours.matrix {
            Matrix::Other(chroma) if !sequence.is_grey => source.of_chroma(chroma),
            _ => source,
        };
        if self.colours.is_full || space == Space::Rgb { source } else { source.of_limited_range() }
    }
}

/// The samples of a line that are used: from which on, and how many.
fn used(from: u32, count: u32, across: u32) -> std::ops::Range<usize> {
    let from = (from / across) as usize;
    from..from + count.div_ceil(across) as usize
}

/// Planes as they are stored, some lines at a time.
struct Planes<'a> {
    file: &'a File<'a>,
    size: Size,
    lines: Lines<'a>,
    /// Lines of luma that were given.
    next: u32,
}

impl PlaneLines for Planes<'_> {
    fn next(&mut self, give: &mut dyn FnMut(usize, &[u8])) -> Result<bool, Error> {
        let Self { file, size, lines, next } = self;
        let (sequence, colours, (left, top)) = (file.picture.sequence, &file.colours, file.corner);
        let [across, down] = sequence.chroma.map(u32::from);
        if *next >= size.height {
            return Ok(false);
        }
        let is_rgb = colours.matrix == Matrix::Identity && !sequence.is_grey;
        let first = *next;
        let last = (first + down).min(size.height);
        *next = last;
        let mut line = |plane: usize, y: u32, across: u32| -> Result<(), Error> {
            let line = lines.line(plane, y, colours.is_full)?.get(used(left, size.width, across)).unwrap_or_default();
            if !is_rgb {
                give(plane, line);
            } else if colours.is_full {
                // green, blue and red
                give((plane + 1) % 3, line);
            } else {
                let mut full = line.to_vec();
                full_range(&mut full, false);
                give((plane + 1) % 3, &full);
            }
            Ok(())
        };
        for y in first..last {
            line(0, top + y, 1)?;
        }
        if !sequence.is_grey {
            line(1, (top + first) / down, across)?;
            line(2, (top + first) / down, across)?;
        }
        Ok(true)
    }
}

/// Rows of pixels.
struct Pixels<'a> {
    file: &'a File<'a>,
    size: Size,
    channels: u8,
    lines: Lines<'a>,
    alpha: Option<Lines<'a>>,
    /// What brings chroma to luma's size, and lines of chroma that were pushed; none where it has it.
    larger: Option<[Resampler; 2]>,
    pushed: u32,
    /// What makes samples sRGB's; empty where nothing does.
    table: Vec<u8>,
    /// A line of each plane, then a row of colours, and one with alpha.
    planes: [Vec<u8>; 3],
    stored: [Vec<u8>; 3],
    colours: Vec<u8>,
    row: Vec<u8>,
    next: u32,
}

impl<'a> Pixels<'a> {
    fn new(file: &'a File<'a>, info: &Info) -> Self {
        let (sequence, size) = (file.picture.sequence, info.size);
        let [across, down] = sequence.chroma.map(u32::from);
        let is_deep = sequence.depth > 8 && !sequence.is_grey;
        let table = file.colours.transfer.map_or_else(Vec::new, |transfer| transfer.table(is_deep));
        let (left, top) = file.corner;
        let span = |from: u32, count: u32, step: u32| Span {
            start: f64::from(from % step) / f64::from(step),
            length: f64::from(count) / f64::from(step),
        };
        let larger = (!sequence.is_grey && sequence.chroma != [1, 1]).then(|| {
            let from = (size.width.div_ceil(across) as usize, size.height.div_ceil(down) as usize);
            let spans = (span(left, size.width, across), span(top, size.height, down));
            let to = (size.width as usize, size.height as usize);
            let resampler = Resampler::new(from, spans, to, Filter::Linear);
            [resampler.clone(), resampler]
        });
        Self {
            file,
            size,
            channels: info.channels,
            lines: Lines::new(&file.picture),
            alpha: file.alpha.as_ref().map(Lines::new),
            larger,
            pushed: 0,
            table,
            planes: [0; 3].map(|_: u8| vec![0; size.width as usize]),
            stored: Default::default(),
            colours: Vec::new(),
            row: vec![0; size.width as usize * usize::from(info.channels)],
            next: 0,
        }
    }

    /// Makes a row of colours of the planes.
    fn colour(&mut self) -> Result<(), Error> {
        let sequence = self.file.picture.sequence;
        let width = self.size.width as usize;
        let is_grey = sequence.is_grey;
        self.colours.resize(width * if is_grey { 1 } else { 3 }, 0);
        if self.table.len() > 256 {
            return self.looked_up();
        }
        let colours = &self.file.colours;
        let y = self.file.corner.1 + self.next;
        let across = used(self.file.corner.0, self.size.width, 1);
        for plane in 0..if is_grey { 1 } else { 3 } {
            if plane == 0 || self.larger.is_none() {
                let line = self.lines.line(plane, y, colours.is_full)?;
                self.planes[plane].copy_from_slice(line.get(across.clone()).unwrap_or_default());
            }
        }
        self.enlarge()?;
        let is_rgb = colours.matrix == Matrix::Identity;
        if !colours.is_full {
            let lines = self.planes.iter_mut().take(if is_grey { 1 } else { 3 }).enumerate();
            lines.for_each(|(plane, line)| full_range(line, plane > 0 && !is_rgb));
        }
        match colours.matrix {
            _ if is_grey => self.colours.copy_from_slice(&self.planes[0]),
            Matrix::Identity => {
                self.planes.rotate_right(1);
                join(Space::Rgb, &self.planes, &mut self.colours);
            }
            Matrix::T871 => join(Space::YCbCr, &self.planes, &mut self.colours),
            Matrix::Other(chroma) => chroma.join(&self.planes, &mut self.colours),
        }
        if !self.table.is_empty() {
            let table = &self.table;
            self.colours.iter_mut().for_each(|v| *v = table.get(usize::from(*v)).copied().unwrap_or(*v));
        }
        Ok(())
    }

    /// Brings chroma to luma's size.
    fn enlarge(&mut self) -> Result<(), Error> {
        let Some(resamplers) = &mut self.larger else { return Ok(()) };
        let [across, down] = self.file.picture.sequence.chroma.map(u32::from);
        let (left, top) = self.file.corner;
        let part = used(left, self.size.width, across);
        let last = self.size.height.div_ceil(down);
        let [_, planes @ ..] = &mut self.planes;
        loop {
            let pulled = [0, 1].map(|i: usize| resamplers[i].pull(&mut planes[i]));
            if pulled == [true, true] || self.pushed >= last {
                return Ok(());
            }
            for (i, resampler) in resamplers.iter_mut().enumerate() {
                let line = self.lines.line(i + 1, top / down + self.pushed, self.file.colours.is_full)?;
                resampler.push(line.get(part.clone()).unwrap_or_default());
            }
            self.pushed += 1;
        }
    }

    /// Samples of more than 8 bits, before they lose what they have more.
    fn looked_up(&mut self) -> Result<(), Error> {
        let sequence = self.file.picture.sequence;
        let [across, down] = sequence.chroma.map(u32::from);
        let (left, y) = (self.file.corner.0, self.file.corner.1 + self.next);
        for (plane, stored) in self.stored.iter_mut().enumerate() {
            let (across, y) = if plane == 0 { (1, y) } else { (across, y / down) };
            let part = used(left, self.size.width, across);
            let line = self.lines.stored(plane, y)?;
            stored.clear();
            stored.extend_from_slice(line.get(2 * part.start..2 * part.end).unwrap_or_default());
        }
        let deep = Deep { bits: sequence.depth.into(), is_full: self.file.colours.is_full };
        let chroma = match self.file.colours.matrix {
            Matrix::Identity => None,
            Matrix::T871 => Some(Chroma::T871),
            Matrix::Other(chroma) => Some(chroma),
        };
        let [a, b, c] = &self.stored;
        deep.looked_up([a, b, c], across as usize, chroma, &self.table, &mut self.colours);
        Ok(())
    }
}

impl InterleavedRows for Pixels<'_> {
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.next >= self.size.height {
            return Ok(None);
        }
        self.colour()?;
        let y = self.file.corner.1 + self.next;
        self.next += 1;
        let Some(alpha) = &mut self.alpha else { return Ok(Some(&self.colours)) };
        let is_full = self.file.alpha.as_ref().is_none_or(|alpha| alpha.sequence.numbers.is_full);
        let part = used(self.file.corner.0, self.size.width, 1);
        let mut line = alpha.line(0, y, is_full)?.get(part).unwrap_or_default().to_vec();
        if !is_full {
            full_range(&mut line, false);
        }
        let samples = usize::from(self.channels);
        let pixels = self.row.chunks_exact_mut(samples).zip(self.colours.chunks_exact(samples - 1)).zip(&line);
        for ((pixel, colours), &alpha) in pixels {
            pixel[..samples - 1].copy_from_slice(colours);
            pixel[samples - 1] = alpha;
        }
        if self.file.is_premultiplied {
            straight(&mut self.row, samples);
        }
        Ok(Some(&self.row))
    }
}
