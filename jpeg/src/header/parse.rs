//! The walk over a file's segments.

use super::scan::{Conditioning, HuffmanSpecs, InForce};
use super::segment::{Segment, Segments};
use super::{Color, Component, Density, Frame, Header, ScanHeader, icc};
use crate::zigzag::ZIGZAG;
use crate::{Error, Unsupported};

/// Scans beyond these are not kept, whatever the limit.
const MAX_SCANS: usize = 1000;

/// What the segments so far have defined.
#[derive(Default)]
struct Tables<'a> {
    quantization: [Option<[u16; 64]>; 4],
    huffman: HuffmanSpecs<'a>,
    restart_interval: u16,
    conditioning: Conditioning,
}

/// Contents of SOF.
struct FrameHeader {
    frame: Frame,
    arithmetic: bool,
    precision: u8,
    width: u32,
    height: u32,
    components: Vec<Component>,
}

/// Everything read before the first scan.
#[derive(Default)]
struct Preamble<'a> {
    tables: Tables<'a>,
    frame: Option<FrameHeader>,
    jfif: Option<Density>,
    adobe: Option<u8>,
    exif: Option<&'a [u8]>,
    icc: Vec<icc::Chunk<'a>>,
}

pub(super) fn header(data: &[u8]) -> Result<Header<'_>, Error> {
    if !data.starts_with(&[0xFF, 0xD8]) {
        return Err(Error::NotJpeg);
    }
    let mut segments = Segments { data, position: 2 };
    let mut preamble = Preamble::default();
    loop {
        let Some(segment) = segments.next_segment() else {
            return Err(Error::Truncated { offset: data.len() });
        };
        match segment.marker {
            0xDA => return first_scan(preamble, segments, segment),
            0xD9 => {
                return Err(Error::Truncated { offset: segment.offset });
            }
            _ => preamble.read(segment)?,
        }
    }
}

impl<'a> Preamble<'a> {
    fn read(&mut self, segment: Segment<'a>) -> Result<(), Error> {
        let content = segment.content;
        match segment.marker {
            0xC0..=0xC3 | 0xC9 | 0xCA if self.frame.is_none() => self.frame = Some(read_frame(segment)?),
            0xC0..=0xC3 | 0xC9 | 0xCA => return Err(bad(segment)),
            0xCB => return Err(Error::Unsupported(Unsupported::Arithmetic)),
            0xC5..=0xC7 | 0xCD..=0xCF | 0xDE => {
                return Err(Error::Unsupported(Unsupported::Hierarchical));
            }
            0xE0 => {
                if let [b'J', b'F', b'I', b'F', 0, _, _, unit, x0, x1, y0, y1, ..] = *content {
                    self.jfif =
                        Some(Density { unit, x: u16::from_be_bytes([x0, x1]), y: u16::from_be_bytes([y0, y1]) });
                }
            }
            0xE1 if self.exif.is_none() => {
                self.exif = content.strip_prefix(b"Exif\0\0").or_else(|| content.strip_prefix(b"Exif\0\xFF"));
            }
            0xE2 if self.icc.len() < 256 => self.icc.extend(icc::Chunk::parse(content)),
            0xEE => {
                if let [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..] = *content {
                    self.adobe = Some(transform);
                }
            }
            _ => self.tables.read(segment)?,
        }
        Ok(())
    }
}

impl<'a> Tables<'a> {
    fn read(&mut self, segment: Segment<'a>) -> Result<(), Error> {
        match segment.marker {
            0xDB => self.read_quantization(segment),
            0xC4 => self.read_huffman(segment),
            0xCC => self.read_conditioning(segment),
            0xDD => {
                let interval = segment.content.first_chunk().ok_or(bad(segment))?;
                self.restart_interval = u16::from_be_bytes(*interval);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn read_quantization(&mut self, segment: Segment<'_>) -> Result<(), Error> {
        let mut rest = segment.content;
        while let Some((&head, values)) = rest.split_first() {
            let wide = head >> 4 != 0;
            let length = if wide { 128 } else { 64 };
            let id = usize::from(head & 15);
            if id > 3 || values.len() < length {
                return Err(bad(segment));
            }
            let (values, next) = values.split_at(length);
            let mut table = [0; 64];
            for (k, &place) in ZIGZAG.iter().enumerate() {
                table[usize::from(place)] =
                    if wide { u16::from_be_bytes([values[2 * k], values[2 * k + 1]]) } else { u16::from(values[k]) };
            }
            self.quantization[id] = Some(table);
            rest = next;
        }
        Ok(())
    }

    #[cold]
    fn read_conditioning(&mut self, segment: Segment<'a>) -> Result<(), Error> {
        for pair in segment.content.chunks_exact(2) {
            let (class, id, value) = (pair[0] >> 4, usize::from(pair[0] & 3), pair[1]);
            match (class, value) {
                _ if pair[0] & 15 > 3 => return Err(bad(segment)),
                (0, _) if value & 15 <= value >> 4 => self.conditioning.dc[id] = (value & 15, value >> 4),
                (1, 1..=63) => self.conditioning.ac[id] = value,
                _ => return Err(bad(segment)),
            }
        }
        Ok(())
    }

    fn read_huffman(&mut self, segment: Segment<'a>) -> Result<(), Error> {
        let mut rest = segment.content;
        while let Some((&head, spec)) = rest.split_first() {
            let (class, id) = (usize::from(head >> 4), usize::from(head & 15));
            let counts = spec.get(..16).ok_or(bad(segment))?;
            let symbols: usize = counts.iter().map(|&n| usize::from(n)).sum();
            if class > 1 || id > 3 || symbols > 256 || spec.len() < 16 + symbols {
                return Err(bad(segment));
            }
            let (spec, next) = spec.split_at(16 + symbols);
            self.huffman[class][id] = Some(spec);
            rest = next;
        }
        Ok(())
    }
}

fn bad(segment: Segment<'_>) -> Error {
    Error::BadSegment { marker: segment.marker, offset: segment.offset }
}

fn read_frame(segment: Segment<'_>) -> Result<FrameHeader, Error> {
    let frame = match segment.marker {
        0xC0 => Frame::Baseline,
        0xC1 | 0xC9 => Frame::Extended,
        0xC3 => Frame::Lossless,
        _ => Frame::Progressive,
    };
    let [precision, h0, h1, w0, w1, count, rest @ ..] = segment.content else {
        return Err(bad(segment));
    };
    let is_supported = if frame == Frame::Lossless { (2..=16).contains(precision) } else { *precision == 8 };
    if !is_supported {
        return Err(Error::Unsupported(Unsupported::Precision(*precision)));
    }
    if !matches!(count, 1 | 3 | 4) {
        return Err(Error::Unsupported(Unsupported::Components(*count)));
    }
    let width = u32::from(u16::from_be_bytes([*w0, *w1]));
    let height = u32::from(u16::from_be_bytes([*h0, *h1]));
    let count = usize::from(*count);
    if width == 0 || rest.len() < 3 * count {
        return Err(bad(segment));
    }
    let mut components = Vec::with_capacity(count);
    for entry in rest[..3 * count].chunks_exact(3) {
        let (mut horizontal, mut vertical) = (entry[1] >> 4, entry[1] & 15);
        if !(1..=4).contains(&horizontal) || !(1..=4).contains(&vertical) || entry[2] > 3 {
            return Err(bad(segment));
        }
        if count == 1 {
            // factors are relative: alone, they mean nothing
            (horizontal, vertical) = (1, 1);
        }
        components.push(Component {
            id: entry[0],
            horizontal,
            vertical,
            quantization_id: entry[2],
            quantization: [0; 64],
            width: 0,
            height: 0,
        });
    }
    Ok(FrameHeader { frame, arithmetic: segment.marker >= 0xC9, precision: *precision, width, height, components })
}

/// The first scan is found: the rest of the header follows from it.
fn first_scan<'a>(
    preamble: Preamble<'a>,
    mut segments: Segments<'a>,
    segment: Segment<'a>,
) -> Result<Header<'a>, Error> {
    let FrameHeader { frame, arithmetic, precision, width, height, components } = preamble.frame.ok_or(bad(segment))?;
    let ids: Vec<u8> = components.iter().map(|c| c.id).collect();
    let mut header = Header {
        frame,
        arithmetic,
        precision,
        width,
        height,
        color: Color::detect(&ids, preamble.jfif.is_some(), preamble.adobe, frame == Frame::Lossless),
        components,
        adobe_transform: preamble.adobe,
        density: preamble.jfif,
        exif: preamble.exif,
        icc: preamble.icc,
        scans: Vec::new(),
        scan_count: 0,
        damaged: false,
        has_end: true,
    };
    let mut tables = preamble.tables;
    add_scan(&mut header, &tables, segment)?;
    let single = frame != Frame::Progressive && header.scans[0].components.len() == ids.len();
    if single && height > 0 {
        header.scans[0].data = segments.data.get(segments.position..).unwrap_or(&[]);
    } else {
        header.scans[0].data = segments.skip_scan(tables.restart_interval > 0);
        later_scans(&mut header, &mut tables, segments, single);
    }
    if header.height == 0 {
        return Err(Error::BadSegment { marker: 0xDC, offset: segment.offset });
    }
    let (max_h, max_v) = header.max_sampling();
    for c in &mut header.components {
        c.width = (header.width * u32::from(c.horizontal)).div_ceil(max_h);
        c.height = (header.height * u32::from(c.vertical)).div_ceil(max_v);
    }
    Ok(header)
}

/// Walks to the end of the file, or to DNL if only the `height` is missing.
/// Nothing here is fatal: an image whose later scans are unusable is damaged.
#[inline(never)]
fn later_scans<'a>(header: &mut Header<'a>, tables: &mut Tables<'a>, mut segments: Segments<'a>, only_height: bool) {
    while let Some(segment) = segments.next_segment() {
        let result = match segment.marker {
            0xD9 => return,
            0xDC => match (segment.content, header.height) {
                ([h0, h1, ..], 0) => {
                    header.height = u32::from(u16::from_be_bytes([*h0, *h1]));
                    Ok(())
                }
                _ => Ok(()),
            },
            0xDA if header.scan_count >= MAX_SCANS => {
                header.scan_count += 1;
                segments.skip_scan(tables.restart_interval > 0);
                Ok(())
            }
            0xDA => {
                let added = add_scan(header, tables, segment);
                let data = segments.skip_scan(tables.restart_interval > 0);
                if let (Ok(()), Some(scan)) = (&added, header.scans.last_mut()) {
                    scan.data = data;
                }
                added
            }
            _ => tables.read(segment),
        };
        header.damaged |= result.is_err();
        if only_height && header.height > 0 {
            return;
        }
    }
    header.has_end = false;
}

fn add_scan<'a>(header: &mut Header<'a>, tables: &Tables<'a>, segment: Segment<'a>) -> Result<(), Error> {
    header.scan_count += 1;
    let scan = ScanHeader::parse(
        segment.content,
        segment.offset,
        header.frame,
        &header.components,
        InForce {
            restart_interval: tables.restart_interval,
            huffman: tables.huffman,
            arithmetic: header.arithmetic.then_some(tables.conditioning),
        },
    )?;
    if header.frame == Frame::Lossless && scan.low >= header.precision {
        return Err(bad(segment));
    }
    for &index in &scan.components {
        let seen = header.scans.iter().any(|s| s.components.contains(&index));
        let component = &mut header.components[usize::from(index)];
        let id = component.quantization_id;
        if !seen && header.frame != Frame::Lossless {
            component.quantization =
                tables.quantization[usize::from(id)].ok_or(Error::MissingTable { marker: 0xDB, id })?;
        }
    }
    header.scans.push(scan);
    Ok(())
}
