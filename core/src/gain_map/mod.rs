//! The gain map of an Ultra HDR JPEG: a second, smaller JPEG behind the picture that says how much brighter each place is on a screen of
//! high dynamic range, and numbers that say what its samples stand for.
//!
//! Source: Ultra HDR Image Format 1.1 (Android); Gain Map 1.0 (Adobe); ISO 21496-1; CIPA DC-007 (MPF). A map whose picture is the bright
//! one, and Apple's of before ISO 21496-1, are not read.

mod gains;
mod iso;
mod mpf;
mod write;
mod xmp;

pub(crate) use gains::Gains;
pub(crate) use write::{MapFile, after_jfif, beside, segment};

use crate::metadata::{Segment, segments};

pub(crate) const APP1: u8 = 0xe1;
pub(crate) const APP2: u8 = 0xe2;

/// A gain map as it stands in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GainMap<'a> {
    /// The second JPEG.
    pub file: &'a [u8],
    pub gains: Gains,
}

/// The gain map of a JPEG, if it has one: told by the index of its pictures, or by the directory in its XMP.
#[inline(never)]
pub(crate) fn find(bytes: &[u8]) -> Option<GainMap<'_>> {
    for Segment { marker, at, content } in segments(bytes) {
        if marker == APP2
            && let Some(index) = content.strip_prefix(mpf::NAME)
        {
            // places are told from the index's own header on
            let found = mpf::pictures(index, bytes.get(at + 4 + mpf::NAME.len()..)?).find_map(map);
            if found.is_some() {
                return found;
            }
        } else if marker == APP1
            && let Some(length) = xmp::packet(content).and_then(xmp::length_of_map)
        {
            let found = bytes.len().checked_sub(length).and_then(|at| map(bytes.get(at..)?));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// A picture that says that it is a gain map.
fn map(file: &[u8]) -> Option<GainMap<'_>> {
    if !file.starts_with(&[0xff, 0xd8, 0xff]) {
        return None;
    }
    let mut by_xmp = None;
    for Segment { marker, content, .. } in segments(file) {
        let gains = match marker {
            APP2 => content.strip_prefix(iso::NAME).and_then(iso::read),
            APP1 => {
                by_xmp = by_xmp.or_else(|| xmp::packet(content).and_then(xmp::gains));
                None
            }
            _ => None,
        };
        // ISO's goes before Adobe's
        if let Some(gains) = gains {
            return Some(GainMap { file, gains });
        }
    }
    by_xmp.map(|gains| GainMap { file, gains })
}
