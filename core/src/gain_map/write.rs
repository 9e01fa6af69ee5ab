//! A picture and its gain map as one file.

use super::{APP1, APP2, Gains, iso, mpf, xmp};
use crate::metadata::{Segment, segments};

/// A gain map's JPEG with what its samples stand for.
#[derive(Clone, Debug)]
pub(crate) struct MapFile(Vec<u8>);

impl MapFile {
    /// The JPEG has no metadata.
    pub fn new(jpeg: &[u8], gains: &Gains) -> Self {
        let packet = xmp::of_map(gains);
        let at = after_jfif(jpeg);
        let mut file = jpeg[..at].to_vec();
        segment(&mut file, APP1, &[xmp::NAME, packet.as_bytes()]);
        segment(&mut file, APP2, &[iso::NAME, &iso::written(gains)]);
        file.extend(&jpeg[at..]);
        Self(file)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The segments of a picture that tell of a gain map, which follows it: to be put into a JPEG of `length` bytes at `at`.
pub(crate) fn beside(length: usize, at: usize, map: &MapFile) -> Vec<u8> {
    let mut out = Vec::new();
    segment(&mut out, APP1, &[xmp::NAME, xmp::of_picture(map.0.len()).as_bytes()]);
    segment(&mut out, APP2, &[iso::NAME, &iso::VERSION]);
    let index = mpf::written(0, 0, 0);
    let first = length + out.len() + 4 + index.len();
    // from the index's own header on
    let header = at + out.len() + 4 + mpf::NAME.len();
    segment(&mut out, APP2, &[&mpf::written(first as u32, map.0.len() as u32, (first - header) as u32)]);
    out
}

/// Where segments can be added: after JFIF's and Exif's, which have to be the first.
pub(crate) fn after_jfif(jpeg: &[u8]) -> usize {
    let is_first = |segment: &Segment<'_>| {
        segment.marker == 0xe0 || segment.marker == APP1 && segment.content.starts_with(b"Exif\0\0")
    };
    let end = segments(jpeg).take_while(is_first).last().map(|segment| segment.at + 4 + segment.content.len());
    end.unwrap_or(2).min(jpeg.len())
}

/// A segment of parts that are short enough together.
pub(crate) fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    out.extend([0xff, marker]);
    out.extend((length as u16 + 2).to_be_bytes());
    parts.iter().for_each(|part| out.extend(*part));
}
