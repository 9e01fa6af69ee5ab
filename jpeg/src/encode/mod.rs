//! Encoding by rows of MCUs.
//!
//! Each row is transformed and quantised at once, with effort a second time for
//! fewer bits, and only what Huffman coding will need is kept: its tables are
//! made to measure, so that codes are not known before the last row.

mod baseline;
mod bits;
mod error;
mod fdct;
mod huffman;
mod layout;
mod memory;
mod options;
mod pixels;
mod progressive;
mod quality;
mod rows;
mod segments;
mod tokens;
mod trellis;
mod zigzag;

pub use error::EncodeError;
pub use options::{EncodeColor, EncodeOptions, Sampling};
pub use rows::{PlaneMut, RowsMut};

use baseline::Blocks;
use bits::Bits;
use fdct::Quantizer;
use huffman::{CLASSES, Codes};
use layout::{Component, Layout};
use progressive::Kept;
use segments::Scan;
use tokens::{LIMIT, Tokens, WINDOW};
use trellis::Trellis;

/// Encodes one image, top to bottom.
#[derive(Debug)]
pub struct Encoder<'m> {
    options: EncodeOptions<'m>,
    layout: Layout,
    tables: [[u8; 64]; 2],
    quantizers: [Quantizer; 2],
    samples: Vec<u8>,
    coefficients: Vec<i16>,
    nonzero: Vec<u64>,
    trellis: Option<Box<Trellis>>,
    /// Coefficients before quantisation, as far as they are wanted.
    exact: Vec<i16>,
    process: Process,
    /// Rows of MCUs that were given out.
    given: usize,
    /// Whether the last one of them is still to be encoded.
    filled: bool,
    /// Whether it has its samples beyond the right edge.
    right_is_filled: bool,
}

#[derive(Debug)]
enum Process {
    Baseline { tokens: Box<Tokens>, predictions: [i32; 3] },
    Progressive(Kept),
}

impl<'m> Encoder<'m> {
    /// Prepares encoding.
    ///
    /// # Errors
    /// A side of 0 or beyond 65535, metadata that does not fit.
    pub fn new(options: &EncodeOptions<'m>) -> Result<Self, EncodeError> {
        options.check_sides()?;
        segments::check(options)?;
        let layout = Layout::new(options);
        let tables = quality::tables(options.quality);
        let process = if options.progressive {
            Process::Progressive(Kept::new(&layout))
        } else {
            Process::Baseline { tokens: Box::new(Tokens::new(usize::MAX)), predictions: [0; 3] }
        };
        Ok(Self {
            options: *options,
            quantizers: [Quantizer::new(&tables[0]), Quantizer::new(&tables[1])],
            trellis: (options.effort > 0).then(|| Box::new(Trellis::new(options, &tables))),
            exact: vec![0; if options.effort > 0 { layout.blocks * 64 } else { 0 }],
            tables,
            samples: vec![0; layout.samples],
            coefficients: vec![0; layout.blocks * 64],
            nonzero: vec![0; layout.blocks],
            process,
            given: 0,
            filled: false,
            right_is_filled: false,
            layout,
        })
    }

    /// The next row of MCUs to fill, or `None` after the last. Encodes the one
    /// before. What is beyond the image's edges is made by the encoder.
    pub fn next_rows(&mut self) -> Option<RowsMut<'_>> {
        self.encode();
        if self.given == self.layout.down {
            return None;
        }
        self.given += 1;
        self.filled = true;
        let kind = (self.options.color, self.options.sampling);
        let row = self.given - 1;
        Some(RowsMut::new(&self.layout, kind, &mut self.samples, row, &mut self.right_is_filled))
    }

    /// Bytes held that depend on the picture: what [`EncodeOptions::least_memory`] does not count. After the last row, the file comes
    /// to it.
    pub fn held(&self) -> u64 {
        let held = match &self.process {
            Process::Baseline { tokens, .. } => tokens.held(),
            Process::Progressive(kept) => kept.held(),
        };
        held as u64
    }

    /// The file.
    ///
    /// # Errors
    /// [`EncodeError::Incomplete`] if rows were left.
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        self.finish_within(u64::MAX)
    }

    /// The file, if what depends on the picture takes no more than `room` bytes: what is [`held`](Self::held), and the file.
    ///
    /// # Errors
    /// [`EncodeError::Memory`], and [`EncodeError::Incomplete`] if rows were left.
    pub fn finish_within(mut self, room: u64) -> Result<Vec<u8>, EncodeError> {
        self.encode();
        if self.given < self.layout.down {
            return Err(EncodeError::Incomplete { rows: self.layout.down - self.given });
        }
        let (options, layout) = (self.options, self.layout);
        // no longer needed, and the file is to come
        drop((self.samples, self.coefficients, self.nonzero, self.exact, self.trellis));
        let mut out = Vec::new();
        segments::head(&mut out, &options, &layout, &self.tables);
        let mut file = File { out, room };
        match self.process {
            Process::Baseline { mut tokens, .. } => {
                tokens.flush();
                let scan = Scan { first: 0, count: layout.components.len(), band: (0, 63), high: 0, low: 0 };
                file.write(&layout, &scan, *tokens, 0)?;
            }
            Process::Progressive(kept) => {
                for scan in progressive::script(layout.components.len()) {
                    let left = file.left(kept.held());
                    let tokens = progressive::tokens(&kept, &layout, scan, usize::try_from(left).unwrap_or(usize::MAX));
                    file.write(&layout, scan, tokens, kept.held())?;
                }
            }
        }
        file.out.extend([0xFF, 0xD9]);
        Ok(file.out)
    }

    /// Encodes the row that was given out.
    #[inline(never)]
    fn encode(&mut self) {
        if !core::mem::take(&mut self.filled) {
            return;
        }
        let row = self.given - 1;
        for (index, c) in self.layout.components.iter().enumerate() {
            pad(c, &mut self.samples[c.samples_at..][..8 * c.v * c.stride], row, self.right_is_filled);
            for y in (0..c.v).filter(|y| row * c.v + y < c.down) {
                let at = c.blocks_at + y * c.across;
                let blocks = &mut self.coefficients[at * 64..][..c.across * 64];
                let nonzero = &mut self.nonzero[at..][..c.across];
                let exact = self.exact.get_mut(at * 64..).unwrap_or_default();
                let samples = &self.samples[c.samples_at + 8 * y * c.stride..][..8 * c.stride];
                fdct::rows(samples, c.stride, &self.quantizers[c.table], blocks, nonzero, exact);
                if let Some(trellis) = &mut self.trellis {
                    trellis.row((index, c), exact, blocks, nonzero);
                }
            }
        }
        let blocks = Blocks { coefficients: &self.coefficients, nonzero: &self.nonzero };
        match &mut self.process {
            Process::Baseline { tokens, predictions } => {
                baseline::row(tokens, &self.layout, blocks, row, predictions);
            }
            Process::Progressive(kept) => kept.row(&self.layout, blocks, row),
        }
    }
}

/// Repeats the last column and line of the image, to the end of their blocks.
#[inline(never)]
fn pad(c: &Component, samples: &mut [u8], row: usize, right_is_filled: bool) {
    let lines = (8 * c.v).min(c.height.saturating_sub(8 * c.v * row)).max(1);
    if !right_is_filled && c.width < c.across * 8 {
        for line in samples.chunks_mut(c.stride).take(lines) {
            let last = line[c.width - 1];
            line[c.width..c.across * 8].fill(last);
        }
    }
    let last = (lines - 1) * c.stride;
    for y in lines..8 * c.v {
        samples.copy_within(last..last + c.stride, y * c.stride);
    }
}

/// Bytes of a piece of tokens, each of at most 23 bits.
const MOST_STUFFED: usize = (LIMIT + WINDOW) * 3;

/// The file as far as it is written.
struct File {
    out: Vec<u8>,
    /// Bytes that it, and all that it is made from, may take.
    room: u64,
}

impl File {
    /// Bytes of the room that are left beside `held`.
    fn left(&self, held: usize) -> u64 {
        self.room.saturating_sub((self.out.capacity() + held) as u64)
    }

    /// Writes a scan with the tables it needs, and lets go of its tokens; `kept` are bytes that something else holds.
    #[inline(never)]
    fn write(&mut self, layout: &Layout, scan: &Scan, tokens: Tokens, kept: usize) -> Result<(), EncodeError> {
        let mut codes = Codes::new(&tokens.counts);
        for class in CLASSES {
            if let Some(table) = class.table(&tokens.counts) {
                segments::huffman(&mut self.out, class, &table);
                codes.add(class, &table, &tokens.counts);
            }
        }
        segments::scan(&mut self.out, layout, scan);
        if tokens.are_cut_off() {
            return Err(self.refusal(kept + tokens.held()));
        }
        let mut held = kept + tokens.held();
        let bytes = (codes.bits / 8) as usize + 64;
        // stuffed bytes are about one of 256; at worst one follows each byte of a piece
        let stuffed = |left: usize| left.min(MOST_STUFFED);
        self.reserve(bytes + bytes / 128 + stuffed(bytes), held)?;
        let mut bits = Bits::new();
        for piece in tokens.pieces {
            let left = bytes - bits.written().min(bytes);
            if self.out.capacity() - self.out.len() < left + stuffed(left) {
                self.reserve(left + left / 16 + stuffed(left), held)?;
            }
            bits = bits.write(&piece, &codes.entries, &mut self.out);
            held -= 2 * piece.len();
        }
        bits.finish(&mut self.out);
        Ok(())
    }

    /// Makes room for `more` bytes of the file; growing may move what is there.
    fn reserve(&mut self, more: usize, held: usize) -> Result<(), EncodeError> {
        let missing = more.saturating_sub(self.out.capacity() - self.out.len());
        if missing == 0 {
            return Ok(());
        }
        let grown = self.out.len() + more;
        if grown as u64 > self.left(held) || self.out.try_reserve_exact(more).is_err() {
            return Err(self.refusal(held + grown));
        }
        Ok(())
    }

    fn refusal(&self, more: usize) -> EncodeError {
        EncodeError::Memory { needed: (self.out.capacity() + more) as u64, room: self.room }
    }
}

/// Encodes pixels: 1 byte each for grey, else RGB of 3.
///
/// # Errors
/// As [`Encoder::new`], or pixels that are not as many as the options say.
pub fn encode_pixels(options: &EncodeOptions<'_>, pixels: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let bytes = match options.color {
        EncodeColor::Grey => 1,
        EncodeColor::YCbCr => 3,
    };
    options.check_sides()?;
    let expected = u64::from(options.width) * u64::from(options.height) * bytes as u64;
    if pixels.len() as u64 != expected {
        let expected = usize::try_from(expected).unwrap_or(usize::MAX);
        return Err(EncodeError::BadPixels { bytes: pixels.len(), expected });
    }
    let mut encoder = Encoder::new(options)?;
    let stride = options.width as usize * bytes;
    while let Some(mut rows) = encoder.next_rows() {
        let [luma, ..] = rows.planes_mut() else { continue };
        let part = &pixels[luma.top * stride..][..luma.height * stride];
        if bytes == 1 {
            luma.lines_mut().zip(part.chunks(stride)).for_each(|(line, pixels)| line.copy_from_slice(pixels));
        } else {
            rows.fill_rgb(0, part);
        }
    }
    encoder.finish()
}
