//! The segments of a file, in libjpeg's order.

use super::huffman::{Class, Table};
use super::layout::Layout;
use super::{EncodeError, EncodeOptions};
use crate::zigzag::ZIGZAG;

/// Bytes that a segment holds besides its length.
const CONTENT: usize = 65533;
const EXIF: &[u8] = b"Exif\0\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
const ICC_CONTENT: usize = CONTENT - ICC.len() - 2;

/// Whether the metadata fits.
pub(super) fn check(options: &EncodeOptions<'_>) -> Result<(), EncodeError> {
    if let Some(exif) = options.exif
        && exif.len() > CONTENT - EXIF.len()
    {
        return Err(EncodeError::ExifTooLong { bytes: exif.len() });
    }
    match options.icc {
        Some(icc) if icc.len() > 255 * ICC_CONTENT => Err(EncodeError::IccTooLong { bytes: icc.len() }),
        _ => Ok(()),
    }
}

/// From the start of the file to the frame header.
pub(super) fn head(out: &mut Vec<u8>, options: &EncodeOptions<'_>, layout: &Layout, tables: &[[u8; 64]; 2]) {
    out.extend([0xFF, 0xD8]);
    let (unit, x, y) = options.density.map_or((0, 1, 1), |density| (density.unit, density.x, density.y));
    let ([x0, x1], [y0, y1]) = (x.to_be_bytes(), y.to_be_bytes());
    segment(out, 0xE0, &[b"JFIF\0", &[1, 1, unit, x0, x1, y0, y1, 0, 0]]);
    if let Some(exif) = options.exif {
        segment(out, 0xE1, &[EXIF, exif]);
    }
    if let Some(icc) = options.icc {
        let count = icc.len().div_ceil(ICC_CONTENT) as u8;
        for (number, part) in (1..=count).zip(icc.chunks(ICC_CONTENT)) {
            segment(out, 0xE2, &[ICC, &[number, count], part]);
        }
    }
    for part in options.comment.unwrap_or_default().chunks(CONTENT) {
        segment(out, 0xFE, &[part]);
    }
    for (id, table) in (0u8..).zip(tables).take(layout.components.len().min(2)) {
        segment(out, 0xDB, &[&[id], &ZIGZAG.map(|natural| table[usize::from(natural)])]);
    }
    frame(out, options, layout);
}

fn frame(out: &mut Vec<u8>, options: &EncodeOptions<'_>, layout: &Layout) {
    let ([w0, w1], [h0, h1]) = ((options.width as u16).to_be_bytes(), (options.height as u16).to_be_bytes());
    let mut content = vec![8, h0, h1, w0, w1, layout.components.len() as u8];
    for (id, c) in (1..).zip(&layout.components) {
        content.extend([id, (c.h << 4 | c.v) as u8, c.table as u8]);
    }
    segment(out, if options.progressive { 0xC2 } else { 0xC0 }, &[&content]);
}

pub(super) fn huffman(out: &mut Vec<u8>, class: Class, table: &Table) {
    let id = u8::from(class.ac) << 4 | u8::from(class.chroma);
    segment(out, 0xC4, &[&[id], &table.counts, &table.symbols]);
}

/// What a scan header says (T.81, B.2.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    /// The first of the components.
    pub first: usize,
    pub count: usize,
    /// First and last coefficient.
    pub band: (u32, u32),
    /// Bits left out by the scan before, and by this one.
    pub high: u32,
    pub low: u32,
}

pub(super) fn scan(out: &mut Vec<u8>, layout: &Layout, scan: &Scan) {
    let mut content = vec![scan.count as u8];
    for index in scan.first..scan.first + scan.count {
        let table = layout.components[index].table as u8;
        let dc = if scan.band.0 == 0 && scan.high == 0 { table } else { 0 };
        let ac = if scan.band.1 > 0 { table } else { 0 };
        content.extend([index as u8 + 1, dc << 4 | ac]);
    }
    content.extend([scan.band.0 as u8, scan.band.1 as u8, (scan.high << 4 | scan.low) as u8]);
    segment(out, 0xDA, &[&content]);
}

fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length: usize = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    out.extend([0xFF, marker]);
    out.extend((length as u16).to_be_bytes());
    parts.iter().for_each(|part| out.extend_from_slice(part));
}
