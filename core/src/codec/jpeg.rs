//! JPEG (ISO/IEC 10918-1): header by a walk over its markers, pixels by `jpeg-decoder`, bytes by `jpeg-encoder`.
//!
//! The seam for another engine is these three functions: [`header`], [`decode`], [`encode`].

use std::io::{self, Read};

use jpeg_decoder::PixelFormat;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, EncodingError, SamplingFactor};

use super::{Decoded, Header, corrupt, orientation, unencodable, unsupported};
use crate::Error;
use crate::image::{Format, Info, Pixels, Size};

/// One marker segment before the first scan.
struct Segment<'a> {
    marker: u8,
    body: &'a [u8],
}

/// The marker segments up to the first scan; stops early where the data contradict themselves.
struct Segments<'a>(&'a [u8]);

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
const APP14: u8 = 0xee;

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            // libjpeg, too, skips anything up to the next marker
            let at = self.0.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff))?;
            let marker = self.0[at + 1];
            self.0 = &self.0[at + 2..];
            match marker {
                SOI | 0x01 | 0xd0..=0xd7 => continue,
                EOI | SOS => return None,
                _ => (),
            }
            let (length, _) = self.0.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let body = self.0.get(2..length)?;
            self.0 = &self.0[length..];
            return Some(Segment { marker, body });
        }
    }
}

/// Reads the header.
pub fn header(bytes: &[u8]) -> Result<Header<'_>, Error> {
    let mut exif = None;
    let mut frame = None;
    for Segment { marker, body } in Segments(bytes) {
        match marker {
            APP1 if exif.is_none() => exif = body.strip_prefix(b"Exif\0\0"),
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && frame.is_none() => {
                frame = Some(Frame::parse(marker, body)?);
            }
            _ => (),
        }
    }
    let frame = frame.ok_or_else(|| corrupt("the JPEG has no frame header"))?;
    let info = Info {
        format: Format::Jpeg,
        size: frame.size,
        orientation: orientation(exif),
        channels: frame.channels,
        has_alpha: false,
        bit_depth: 8,
        progressive: frame.progressive,
        decoder_bytes: if frame.progressive { frame.samples * 2 } else { 0 },
    };
    Ok(Header { info, exif })
}

/// A frame header (B.2.2).
struct Frame {
    size: Size,
    channels: u8,
    progressive: bool,
    /// Samples of all components in whole MCUs.
    samples: u64,
}

impl Frame {
    fn parse(marker: u8, body: &[u8]) -> Result<Self, Error> {
        let (&[precision, h1, h0, w1, w0, channels], components) =
            body.split_first_chunk().ok_or_else(|| corrupt("the JPEG frame header is cut off"))?;
        match marker {
            0xc0..=0xc2 => (),
            0xc3 => return Err(unsupported("lossless JPEG")),
            0xc5..=0xc7 => return Err(unsupported("hierarchical JPEG")),
            _ => return Err(unsupported("JPEG with arithmetic coding")),
        }
        if precision != 8 {
            return Err(unsupported(format!("{precision}-bit JPEG")));
        }
        let size = Size { width: u16::from_be_bytes([w1, w0]).into(), height: u16::from_be_bytes([h1, h0]).into() };
        if size.width == 0 || size.height == 0 {
            return Err(corrupt(format!("the JPEG is {}×{}", size.width, size.height)));
        }
        if !matches!(channels, 1 | 3 | 4) {
            return Err(unsupported(format!("JPEG of {channels} components")));
        }
        let components =
            components.get(..3 * usize::from(channels)).ok_or_else(|| corrupt("the JPEG frame header is cut off"))?;
        let factors: Vec<(u8, u8)> = components.chunks_exact(3).map(|c| (c[1] >> 4, c[1] & 15)).collect();
        if factors.iter().any(|&(h, v)| !(1..=4).contains(&h) || !(1..=4).contains(&v)) {
            return Err(corrupt("the JPEG has an impossible sampling factor"));
        }
        let most = |factor: fn(&(u8, u8)) -> u8| u32::from(factors.iter().map(factor).max().unwrap_or(1));
        let mcus =
            u64::from(size.width.div_ceil(8 * most(|f| f.0))) * u64::from(size.height.div_ceil(8 * most(|f| f.1)));
        let blocks: u64 = factors.iter().map(|&(h, v)| u64::from(h) * u64::from(v)).sum();
        Ok(Self { size, channels, progressive: marker == 0xc2, samples: mcus * blocks * 64 })
    }
}

/// Decodes, scaled on load by 1, 1/2, 1/4 or 1/8 to `wanted`, which is the stored size over one of these, rounded up.
/// Grey stays grey, colour becomes RGB, CMYK and YCCK become CMYK with 255 for full ink.
pub fn decode(bytes: &[u8], wanted: Size) -> Result<Decoded, Error> {
    let mut decoder = jpeg_decoder::Decoder::new(Source { bytes, after: &PADDING });
    // it takes the first scale that reaches either side: let only the longer one decide
    let side = |side: u32| u16::try_from(side).map_err(|_| corrupt("a JPEG side is over 65,535"));
    let (width, height) = (side(wanted.width)?, side(wanted.height)?);
    let asked = if width >= height { (width, u16::MAX) } else { (u16::MAX, height) };
    let (width, height) = decoder.scale(asked.0, asked.1).map_err(from_decoder)?;
    let size = Size { width: width.into(), height: height.into() };
    if size != wanted {
        return Err(corrupt("header and frame disagree"));
    }
    let mut data = decoder.decode().map_err(from_decoder)?;
    let channels = match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8) => 1,
        Some(PixelFormat::RGB24) => 3,
        Some(PixelFormat::CMYK32) => {
            // the decoder takes Adobe's inverted inks for granted
            if !Segments(bytes).any(|s| s.marker == APP14 && s.body.starts_with(b"Adobe")) {
                data.iter_mut().for_each(|ink| *ink = 255 - *ink);
            }
            4
        }
        _ => return Err(unsupported("JPEG of more than 8 bits")),
    };
    Ok(Decoded { pixels: Pixels { size, channels, data }, icc: decoder.icc_profile() })
}

/// After the file: bits that are no Huffman code, so that data cut off in a scan are an error, then the end marker, so that
/// a file that lacks nothing else is whole.
const PADDING: [u8; 64] = {
    let mut padding = [0; 64];
    let mut i = 0;
    while i < 64 {
        padding[i] = 0xff;
        padding[i + 1] = if i < 32 { 0x00 } else { EOI };
        i += 2;
    }
    padding
};

/// The file, then [`PADDING`].
struct Source<'a> {
    bytes: &'a [u8],
    after: &'a [u8],
}

impl Read for Source<'_> {
    #[inline]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() { self.after.read(buf) } else { self.bytes.read(buf) }
    }

    #[inline]
    fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {
        if buf.len() <= self.bytes.len() {
            return self.bytes.read_exact(buf);
        }
        let (from_file, from_padding) = buf.split_at_mut(self.bytes.len());
        self.bytes.read_exact(from_file)?;
        self.after.read_exact(from_padding)
    }
}

fn from_decoder(error: jpeg_decoder::Error) -> Error {
    match error {
        jpeg_decoder::Error::Unsupported(feature) => unsupported(format!("JPEG feature {feature:?}")),
        error => corrupt(error.to_string()),
    }
}

/// Pixels up to which the Huffman tables are made to measure; above, the coefficients would take too much memory.
pub(crate) const MEASURED_HUFFMAN: u64 = 1 << 20;

/// Encodes grey as grey and RGB as YCbCr 4:2:0.
pub fn encode(image: &Pixels, quality: u8, progressive: bool, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let refuse = |error: EncodingError| unencodable(Format::Jpeg, error);
    let side = |side: u32| u16::try_from(side).map_err(|error| unencodable(Format::Jpeg, error));
    let colour = match image.channels {
        1 => ColorType::Luma,
        3 => ColorType::Rgb,
        n => return Err(unencodable(Format::Jpeg, format!("{n} channels"))),
    };
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if image.channels == 1 { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 });
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_progressive(progressive);
    encoder.set_optimized_huffman_tables(image.size.pixels() <= MEASURED_HUFFMAN);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(&exif).map_err(refuse)?;
    }
    encoder.encode(&image.data, side(image.size.width)?, side(image.size.height)?, colour).map_err(refuse)?;
    Ok(bytes)
}
