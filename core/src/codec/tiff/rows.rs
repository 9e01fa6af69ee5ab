//! A page's rows, at 8 bits a sample: strip by strip, or one row of tiles after another.

use super::chunk;
use super::directory::File;
use super::layout::{Alpha, Layout, Photometric};
use deckle_pixels::Depth;

use crate::Error;
use crate::codec::plane_source::InterleavedRows;
use crate::codec::{MISSING_GREY, allocate, missing_share};

/// A page that is being decoded.
pub struct Rows<'a> {
    file: File<'a>,
    layout: &'a Layout<'a>,
    channels: u8,
    /// Decoded strips or tiles beside each other, for each plane that stands apart; nothing where rows are read where they stand.
    bands: Vec<Vec<u8>>,
    /// Rows that are there, of those in `bands`.
    whole: u32,
    tile: Vec<u8>,
    aside: Vec<u8>,
    /// Samples of a row, at 8 bits.
    samples: Vec<u8>,
    out: Vec<u8>,
    given: u32,
    missing: u32,
}

impl<'a> Rows<'a> {
    pub fn new(file: File<'a>, layout: &'a Layout<'a>, channels: u8) -> Result<Self, Error> {
        let (width, planes) = (u64::from(layout.size.width), layout.planes());
        let mut bands = Vec::new();
        if !layout.is_plain() {
            for _ in 0..planes {
                bands.push(allocate(layout.band_bytes() / planes)?);
            }
        }
        let tile = if layout.is_tiled { layout.chunk_bytes() } else { 0 };
        let aside = if layout.predictor == 3 { layout.row_bytes(layout.chunk.width) } else { 0 };
        Ok(Self {
            file,
            layout,
            channels,
            bands,
            whole: 0,
            tile: allocate(tile)?,
            aside: allocate(aside)?,
            samples: allocate(width * u64::from(layout.samples))?,
            out: allocate(width * u64::from(channels))?,
            given: 0,
            missing: 0,
        })
    }

    /// A strip or tile as it is stored.
    fn coded(&self, plane: u64, down: u32, across: u32) -> &'a [u8] {
        let layout = self.layout;
        let each = u64::from(layout.across()) * u64::from(layout.down());
        let index = plane * each + u64::from(down) * u64::from(layout.across()) + u64::from(across);
        let from = layout.offsets.at(index).and_then(|from| usize::try_from(from).ok());
        let Some(rest) = from.and_then(|from| self.file.bytes.get(from..)) else { return &[] };
        let count = layout.counts.and_then(|counts| counts.at(index)).and_then(|count| usize::try_from(count).ok());
        // some writers state no count, or 0
        let count = count.filter(|&count| count > 0).unwrap_or(rest.len());
        &rest[..count.min(rest.len())]
    }

    /// Decodes the strips or tiles of a row of them.
    #[inline(never)]
    fn load(&mut self, down: u32) -> Result<(), Error> {
        let layout = self.layout;
        let rows = layout.chunk.height.min(layout.size.height - down * layout.chunk.height);
        let stride = layout.row_bytes(layout.chunk.width) as usize;
        let wide = stride * layout.across() as usize;
        self.whole = rows;
        for plane in 0..layout.planes() {
            for across in 0..layout.across() {
                let coded = self.coded(plane, down, across);
                let is_big_endian = self.file.is_big_endian;
                let band = &mut self.bands[plane as usize];
                let to = if layout.is_tiled { &mut self.tile[..] } else { &mut band[..stride * rows as usize] };
                // what is left out shows nothing of the strip before
                to.fill(0);
                let made = chunk::decode(layout, coded, rows, is_big_endian, to, &mut self.aside)?;
                self.whole = self.whole.min((made / stride.max(1)) as u32);
                if layout.is_tiled {
                    let rows = band.chunks_exact_mut(wide).zip(self.tile.chunks_exact(stride));
                    rows.for_each(|(row, tile)| row[across as usize * stride..][..stride].copy_from_slice(tile));
                }
            }
        }
        Ok(())
    }
}

impl InterleavedRows for Rows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        let layout = self.layout;
        if self.given == layout.size.height {
            return Ok(None);
        }
        let (down, y) = (self.given / layout.chunk.height, self.given % layout.chunk.height);
        self.given += 1;
        let is_plain = self.bands.is_empty();
        if y == 0 && !is_plain {
            self.load(down)?;
        }
        let bytes = layout.row_bytes(layout.size.width) as usize;
        let stride =
            if is_plain { bytes } else { layout.row_bytes(layout.chunk.width) as usize * layout.across() as usize };
        let planes = layout.planes() as usize;
        let width = layout.size.width as usize;
        let mut is_there = is_plain || y < self.whole;
        let mut colours = std::mem::take(&mut self.samples);
        for plane in 0..planes {
            let from = y as usize * stride;
            let row = if is_plain {
                self.coded(plane as u64, down, 0).get(from..from + bytes)
            } else {
                self.bands[plane].get(from..from + bytes)
            };
            let Some(row) = row else {
                is_there = false;
                continue;
            };
            match (planes, layout.photometric) {
                (1, Photometric::Palette) => {}
                (1, _) => layout.depth.row(row, self.file.is_big_endian, &mut colours),
                _ => {
                    // the first samples of `out` are free until the row is made
                    layout.depth.row(row, self.file.is_big_endian, &mut self.out[..width]);
                    let stored = self.out[..width].iter();
                    colours
                        .chunks_exact_mut(usize::from(layout.samples))
                        .zip(stored)
                        .for_each(|(pixel, &v)| pixel[plane] = v);
                }
            }
            if layout.photometric == Photometric::Palette && plane == 0 {
                index(row, layout, &mut self.out);
            }
        }
        if !is_there {
            self.missing += 1;
            let fill = if layout.alpha != Alpha::None { 0 } else { MISSING_GREY };
            self.out.fill(fill);
        } else if layout.photometric != Photometric::Palette {
            self.finish(&mut colours);
        }
        self.samples = colours;
        Ok(Some(&self.out))
    }

    fn missing(&self) -> f64 {
        missing_share(self.missing, self.layout.size.height)
    }
}

/// Colours of indices. Of several samples, the first is the index.
fn index(row: &[u8], layout: &Layout<'_>, out: &mut [u8]) {
    if layout.samples_together() == 1 {
        return deckle_pixels::of_indices(row, layout.bits as u8, &layout.palette, 3, out);
    }
    let together = layout.samples_together() as usize;
    for (pixel, stored) in out.as_chunks_mut::<3>().0.iter_mut().zip(row.chunks_exact(together)) {
        *pixel = layout.palette.get(usize::from(stored[0])).copied().unwrap_or_default();
    }
}

impl Rows<'_> {
    /// Samples of a row to what is given out.
    fn finish(&mut self, samples: &mut [u8]) {
        let layout = self.layout;
        let (count, channels) = (usize::from(layout.samples), usize::from(self.channels));
        match layout.photometric {
            Photometric::WhiteIsZero => samples.chunks_exact_mut(count).for_each(|pixel| pixel[0] = !pixel[0]),
            Photometric::YCbCr => deckle_pixels::from_ycbcr(samples, count),
            Photometric::Lab { is_signed } => {
                if is_signed {
                    samples.chunks_exact_mut(count).for_each(|pixel| pixel[1..3].iter_mut().for_each(|v| *v ^= 0x80));
                }
                deckle_pixels::from_lab(samples, count);
            }
            // what comes from a JPEG is inverted, and what follows takes that for given
            Photometric::Inks => samples.iter_mut().for_each(|v| *v = !*v),
            _ => {}
        }
        if count == channels {
            self.out.copy_from_slice(samples);
        } else {
            let pixels = samples.chunks_exact(count).zip(self.out.chunks_exact_mut(channels));
            pixels.for_each(|(from, to)| to.copy_from_slice(&from[..channels]));
        }
        if layout.alpha == Alpha::Associated {
            deckle_pixels::straight(&mut self.out, channels);
        }
    }
}

/// Rows of 16 bits a sample, of grey or RGB, with their most significant byte first.
pub struct WideRows<'a> {
    rows: Rows<'a>,
    out: Vec<u8>,
}

impl<'a> WideRows<'a> {
    /// `None` where samples are of another kind, or planes stand apart.
    pub fn open(
        file: File<'a>,
        layout: &'a Layout<'a>,
        channels: u8,
    ) -> Result<Option<Box<dyn InterleavedRows + 'a>>, Error> {
        let is_plain = matches!(layout.photometric, Photometric::BlackIsZero | Photometric::Rgb);
        let is_wide = layout.depth == Depth::Unsigned(16);
        if !is_plain || !is_wide || layout.planes() != 1 || layout.alpha == Alpha::Associated {
            return Ok(None);
        }
        let out = allocate(u64::from(layout.size.width) * u64::from(channels) * 2)?;
        Ok(Some(Box::new(Self { rows: Rows::new(file, layout, channels)?, out })))
    }
}

impl InterleavedRows for WideRows<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        let Self { rows, out } = self;
        let layout = rows.layout;
        if rows.given == layout.size.height {
            return Ok(None);
        }
        let (down, y) = (rows.given / layout.chunk.height, rows.given % layout.chunk.height);
        rows.given += 1;
        let bytes = layout.row_bytes(layout.size.width) as usize;
        let row = if rows.bands.is_empty() {
            let from = y as usize * bytes;
            rows.coded(0, down, 0).get(from..from + bytes)
        } else {
            if y == 0 {
                rows.load(down)?;
            }
            let from = y as usize * layout.row_bytes(layout.chunk.width) as usize * layout.across() as usize;
            rows.bands[0].get(from..from + bytes).filter(|_| y < rows.whole)
        };
        let Some(row) = row else {
            rows.missing += 1;
            out.fill(if layout.alpha == Alpha::None { MISSING_GREY } else { 0 });
            return Ok(Some(out));
        };
        let pixels = out.chunks_exact_mut(2 * usize::from(rows.channels));
        for (to, from) in pixels.zip(row.chunks_exact(2 * usize::from(layout.samples))) {
            to.copy_from_slice(&from[..to.len()]);
        }
        if !rows.file.is_big_endian {
            out.as_chunks_mut::<2>().0.iter_mut().for_each(|sample| sample.reverse());
        }
        Ok(Some(out))
    }

    fn missing(&self) -> f64 {
        self.rows.missing()
    }
}
