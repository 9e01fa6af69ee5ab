//! Lossless files (T.81, annex H): samples predicted from their neighbours, with no transform.
//!
//! Rare, so that nothing here is made for speed. A decoder's row is as high as that of other files, 8 lines for each unit of
//! vertical sampling, and its buffer of coefficients holds the samples.

mod output;
mod scan;

use super::damage::Losses;
use super::huffman::DcTable;
use super::layout::Layout;
use super::standard;
use crate::Error;
use crate::header::{Frame, Header};
use scan::{Plane, Scan};
use std::sync::Arc;

/// The scans of a lossless file.
#[derive(Debug)]
pub(crate) struct Lossless<'a> {
    scans: Vec<Scan<'a>>,
    /// Bits of a sample.
    precision: u32,
    /// Of each component: bits that were cut off its samples.
    shifts: [u32; 4],
}

impl<'a> Lossless<'a> {
    /// `None` for other files.
    ///
    /// # Errors
    /// A Huffman table that is missing or impossible, or restarts within lines, which T.81 does not allow.
    #[inline(never)]
    pub fn new(header: &Header<'a>, layout: &Layout) -> Result<Option<Self>, Error> {
        if header.frame != Frame::Lossless {
            return Ok(None);
        }
        let mut tables: Vec<(*const u8, Arc<DcTable>)> = Vec::with_capacity(4 * header.scans.len());
        let mut lossless = Self {
            scans: Vec::with_capacity(header.scans.len()),
            precision: u32::from(header.precision),
            shifts: [0; 4],
        };
        for scan in &header.scans {
            let mut planes = Vec::with_capacity(scan.components.len());
            for (&index, &(id, _)) in scan.components.iter().zip(&scan.tables) {
                let spec = scan.huffman[0][usize::from(id)].or_else(|| standard::table(0, id));
                let spec = spec.ok_or(Error::MissingTable { marker: 0xC4, id })?;
                let known = tables.iter().find(|(at, _)| *at == spec.as_ptr()).map(|(_, table)| table.clone());
                let table = match known {
                    Some(table) => table,
                    None => {
                        let impossible = Error::BadSegment { marker: 0xC4, offset: 0 };
                        let table = Arc::new(DcTable::of_samples(spec).ok_or(impossible)?);
                        tables.push((spec.as_ptr(), table.clone()));
                        table
                    }
                };
                let c = layout.components[usize::from(index)];
                planes.push(Plane::new(c, layout, scan.components.len() == 1, table));
                lossless.shifts[usize::from(index & 3)] = u32::from(scan.low);
            }
            lossless.scans.push(Scan::new(scan, header, layout, planes)?);
        }
        Ok(Some(lossless))
    }

    /// Bytes that the scans and tables of a lossless file take besides the buffers, at most.
    pub fn memory(header: &Header<'_>) -> usize {
        if header.frame != Frame::Lossless {
            return 0;
        }
        let components: usize = header.scans.iter().map(|scan| scan.components.len()).sum();
        let list = 4 * header.scans.len() * size_of::<(*const u8, Arc<DcTable>)>();
        list + header.scans.len() * size_of::<Scan<'_>>() + components * size_of::<Plane>()
    }

    /// Decodes row `row` to `values` (what other files keep coefficients in), and makes `samples` of it.
    #[cold]
    #[inline(never)]
    pub fn next_row(&mut self, layout: &Layout, row: usize, values: &mut [i16], samples: &mut [u8]) {
        let is_last = row + 1 == layout.down;
        for scan in &mut self.scans {
            scan.decode(values, is_last);
        }
        for (c, shift) in layout.components.iter().zip(self.shifts) {
            output::plane(c, layout.across, values, samples, shift, self.precision);
        }
    }

    /// Samples of each scan, and those that it has lost.
    pub fn losses(&self) -> impl Iterator<Item = (u64, Losses)> {
        self.scans.iter().map(Scan::losses)
    }
}
