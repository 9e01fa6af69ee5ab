//! The scans that a scale needs, with their Huffman tables built, each once.

use super::huffman::{AcTable, DcTable};
use super::layout::Layout;
use super::scan::Scan;
use super::{select, standard};
use crate::Error;
use crate::header::{Frame, Header, ScanHeader};
use std::sync::Arc;

/// Tables built so far, by where their definition stands.
struct Cache<T>(Vec<(*const u8, Arc<T>)>);

impl<T> Cache<T> {
    fn get(&mut self, spec: &[u8], build: impl Fn(&[u8]) -> Option<T>) -> Option<Arc<T>> {
        let key = spec.as_ptr();
        if let Some((_, table)) = self.0.iter().find(|(at, _)| *at == key) {
            return Some(table.clone());
        }
        let table = Arc::new(build(spec)?);
        self.0.push((key, table.clone()));
        Some(table)
    }
}

struct Tables {
    dc: Cache<DcTable>,
    ac: Cache<AcTable>,
    /// Whether to build the tables that pass over coefficients.
    skip: bool,
}

/// The scans, and whether an unusable one was left out.
///
/// # Errors
/// The first scan is unusable.
pub(crate) fn scans<'a>(header: &Header<'a>, layout: &Layout, coarse: bool) -> Result<(Vec<Scan<'a>>, bool), Error> {
    let progressive = header.frame == Frame::Progressive;
    let mut tables = Tables {
        dc: Cache(Vec::new()),
        ac: Cache(Vec::new()),
        skip: !progressive && !header.arithmetic && layout.components.iter().any(|c| c.last < 63),
    };
    let needed = if progressive { select::needed(header, layout, coarse) } else { vec![true; header.scans.len()] };
    let mut scans = Vec::with_capacity(needed.len());
    let mut damaged = false;
    for (scan, _) in header.scans.iter().zip(&needed).filter(|(_, needed)| **needed) {
        match tables.of(scan, progressive) {
            Ok(built) => scans.push(Scan::new(scan, layout, progressive, &built)),
            Err(error) if scans.is_empty() => return Err(error),
            Err(_) => damaged = true,
        }
    }
    Ok((scans, damaged))
}

type Pair = (Arc<DcTable>, Arc<AcTable>);

impl Tables {
    fn of(&mut self, scan: &ScanHeader<'_>, progressive: bool) -> Result<Vec<Pair>, Error> {
        // a table that the scan does not use need not be there
        let uses_dc = scan.arithmetic.is_none() && scan.band.0 == 0 && !scan.refines();
        let uses_ac = scan.arithmetic.is_none() && (!progressive || scan.band.0 > 0);
        let pick = |class: usize, id: u8, used: bool| -> Result<&[u8], Error> {
            let spec = scan.huffman[class][usize::from(id)].or_else(|| standard::table(class, id));
            match spec {
                Some(spec) if used => Ok(spec),
                None if used => Err(Error::MissingTable { marker: 0xC4, id }),
                _ if class == 0 => Ok(standard::DC_LUMA),
                _ => Ok(standard::AC_LUMA),
            }
        };
        let mut pairs = Vec::with_capacity(scan.tables.len());
        for &(dc, ac) in &scan.tables {
            let impossible = Error::BadSegment { marker: 0xC4, offset: 0 };
            let (pairs_too, skip) = (!progressive, self.skip);
            pairs.push((
                self.dc.get(pick(0, dc, uses_dc)?, DcTable::new).ok_or(impossible)?,
                self.ac.get(pick(1, ac, uses_ac)?, |spec| AcTable::new(spec, pairs_too, skip)).ok_or(impossible)?,
            ));
        }
        Ok(pairs)
    }
}
