//! Scan headers (T.81, B.2.3) with the tables in force where they stand.

use super::{Component, Frame};
use crate::Error;

/// Contents of a Huffman table segment: 16 counts, then the symbols.
pub(crate) type HuffmanSpec<'a> = &'a [u8];

/// Tables in force: `[class][id]`, class 0 for DC.
pub(crate) type HuffmanSpecs<'a> = [[Option<HuffmanSpec<'a>>; 4]; 2];

/// What arithmetic coding goes by, for each of the tables (T.81, B.2.4.3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditioning {
    /// Bounds of small DC differences: L and U, 0 to 15.
    pub dc: [(u8, u8); 4],
    /// The last AC coefficient of the low ones, Kx.
    pub ac: [u8; 4],
}

impl Default for Conditioning {
    fn default() -> Self {
        Self { dc: [(0, 1); 4], ac: [5; 4] }
    }
}

/// What is in force where a scan starts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct InForce<'a> {
    pub restart_interval: u16,
    pub huffman: HuffmanSpecs<'a>,
    /// For arithmetic-coded files.
    pub arithmetic: Option<Conditioning>,
}

/// One scan: what it codes, by which tables, and where its data is.
#[derive(Clone, Debug)]
pub(crate) struct ScanHeader<'a> {
    /// Indices into the frame's components.
    pub components: Vec<u8>,
    /// Table of each component: DC, AC.
    pub tables: Vec<(u8, u8)>,
    /// First and last coefficient of the band, in zigzag order.
    pub band: (u8, u8),
    /// Successive approximation: bit position before (0 in a first scan) and now.
    pub high: u8,
    /// Bit position now; in lossless files, bits that were cut off samples.
    pub low: u8,
    /// Of lossless files, 1 to 7.
    pub predictor: u8,
    pub restart_interval: u16,
    pub huffman: HuffmanSpecs<'a>,
    /// For arithmetic-coded scans.
    pub arithmetic: Option<Conditioning>,
    /// Entropy-coded data, with what follows where the end is not known yet.
    pub data: &'a [u8],
}

impl<'a> ScanHeader<'a> {
    /// `segment` is the content of SOS; `offset` is for the error.
    pub fn parse(
        segment: &[u8],
        offset: usize,
        frame: Frame,
        components: &[Component],
        in_force: InForce<'a>,
    ) -> Result<Self, Error> {
        let bad = Error::BadSegment { marker: 0xDA, offset };
        let (&count, rest) = segment.split_first().ok_or(bad)?;
        let count = usize::from(count);
        if count == 0 || count > 4 || rest.len() < 2 * count + 3 {
            return Err(bad);
        }
        let (named, rest) = rest.split_at(2 * count);
        let mut scan = Self {
            components: Vec::with_capacity(count),
            tables: Vec::with_capacity(count),
            band: (rest[0], rest[1]),
            high: rest[2] >> 4,
            low: rest[2] & 15,
            predictor: 0,
            restart_interval: in_force.restart_interval,
            huffman: in_force.huffman,
            arithmetic: in_force.arithmetic,
            data: &[],
        };
        for pair in named.chunks_exact(2) {
            // a repeated id means the next component that has it
            let index = (0..components.len() as u8)
                .filter(|i| !scan.components.contains(i))
                .find(|&i| components[usize::from(i)].id == pair[0])
                .ok_or(bad)?;
            let (dc, ac) = (pair[1] >> 4, pair[1] & 15);
            if dc > 3 || ac > 3 {
                return Err(bad);
            }
            scan.components.push(index);
            scan.tables.push((dc, ac));
        }
        if frame == Frame::Lossless {
            (scan.predictor, scan.band, scan.high) = (rest[0], (0, 63), 0);
            return if (1..=7).contains(&scan.predictor) { Ok(scan) } else { Err(bad) };
        }
        if frame != Frame::Progressive {
            // some files have nonsense here, and nothing depends on it
            (scan.band, scan.high, scan.low) = ((0, 63), 0, 0);
            return Ok(scan);
        }
        let (start, end) = scan.band;
        let band_is_good = if start == 0 { end == 0 } else { start <= end && end < 64 && count == 1 };
        let bits_are_good = scan.low <= 13 && (scan.high == 0 || scan.high == scan.low + 1);
        if !band_is_good || !bits_are_good {
            return Err(bad);
        }
        Ok(scan)
    }

    /// Whether this scan refines what an earlier one coded.
    pub fn refines(&self) -> bool {
        self.high > 0
    }
}
