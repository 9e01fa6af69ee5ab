//! What a page's tags say of its samples and of the strips or tiles that they are in.

use deckle_pixels::Depth;

use super::directory::{Directory, Numbers};
use crate::Error;
use crate::codec::{corrupt, unsupported};
use crate::image::Size;

/// How a strip or tile is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    /// Modified Huffman codes, rows beginning at bytes.
    Huffman,
    /// Group 3, of two dimensions or one.
    Group3 {
        two_dimensions: bool,
    },
    Group4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

/// What samples mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Inks,
    YCbCr,
    /// L* and, of two's complement or from 128, a* and b*.
    Lab {
        is_signed: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alpha {
    None,
    Associated,
    Straight,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    pub size: Size,
    pub depth: Depth,
    pub bits: u16,
    pub samples: u16,
    /// Of these, colours and alpha.
    pub shown: u16,
    /// What decoding a JPEG inside may take.
    pub jpeg_room: u64,
    pub photometric: Photometric,
    pub alpha: Alpha,
    pub is_planar: bool,
    pub compression: Compression,
    pub predictor: u64,
    pub reversed: bool,
    pub is_tiled: bool,
    /// Of a strip or tile.
    pub chunk: Size,
    /// Pixels for a chroma sample, of YCbCr that is not in a JPEG.
    pub chroma: (u32, u32),
    pub offsets: Numbers<'a>,
    pub counts: Option<Numbers<'a>>,
    pub palette: Vec<[u8; 3]>,
    /// What comes before each JPEG: tables.
    pub jpeg_tables: &'a [u8],
}

impl<'a> Layout<'a> {
    /// # Errors
    /// [`Error::Corrupt`] and [`Error::Unsupported`].
    pub fn read(tags: &Directory<'a>) -> Result<Self, Error> {
        let side = |tag, name: &str| {
            let side =
                tags.first(tag).and_then(|side| u32::try_from(side).ok()).filter(|side| (1..1 << 31).contains(side));
            side.ok_or_else(|| corrupt(format!("the TIFF has no {name}")))
        };
        let size = Size { width: side(256, "width")?, height: side(257, "height")? };
        let photometric = match tags.or(262, 1) {
            0 => Photometric::WhiteIsZero,
            1 | 4 => Photometric::BlackIsZero,
            2 => Photometric::Rgb,
            3 => Photometric::Palette,
            5 => Photometric::Inks,
            6 => Photometric::YCbCr,
            8 => Photometric::Lab { is_signed: true },
            9 => Photometric::Lab { is_signed: false },
            other => return Err(unsupported(format!("TIFF of photometric interpretation {other}"))),
        };
        let compression = match tags.or(259, 1) {
            1 => Compression::None,
            2 => Compression::Huffman,
            3 => Compression::Group3 { two_dimensions: tags.or(292, 0) & 1 != 0 },
            4 => Compression::Group4,
            5 => Compression::Lzw,
            7 => Compression::Jpeg,
            8 | 32946 => Compression::Deflate,
            32773 => Compression::PackBits,
            other => return Err(unsupported(format!("TIFF of compression {}", name(other)))),
        };
        let colours = match photometric {
            Photometric::WhiteIsZero | Photometric::BlackIsZero | Photometric::Palette => 1,
            Photometric::Inks => 4,
            _ => 3,
        };
        // some writers leave the count out, and state the bits of each
        let samples = tags.first(277).or_else(|| tags.tag(258).map(|bits| bits.count)).unwrap_or(1);
        let samples = u16::try_from(samples).ok().filter(|&samples| samples >= colours && samples <= 64);
        let samples = samples.ok_or_else(|| corrupt("the TIFF has too few samples for its colours, or too many"))?;
        let bits = tags.tag(258);
        let stated = |i: u16| bits.and_then(|bits| bits.at(i.into()));
        let first = stated(0).unwrap_or(1);
        if (1..samples).any(|i| stated(i).is_some_and(|bits| bits != first)) {
            return Err(unsupported("TIFF whose samples differ in bits"));
        }
        let bits = u16::try_from(first).unwrap_or(0);
        let depth = Depth::new(bits, tags.or(339, 1), colours == 3)
            .ok_or_else(|| unsupported(format!("TIFF of {first} bits a sample, sample format {}", tags.or(339, 1))))?;
        let is_fax = matches!(compression, Compression::Huffman | Compression::Group3 { .. } | Compression::Group4);
        if is_fax && (bits, samples) != (1, 1) || compression == Compression::Jpeg && bits != 8 {
            return Err(unsupported(format!("TIFF of {bits} bits a sample that is coded as others are")));
        }
        let is_tiled = tags.tag(322).is_some();
        let chunk = if is_tiled {
            Size { width: side(322, "width of tiles")?, height: side(323, "height of tiles")? }
        } else {
            let rows = tags.or(278, u64::MAX).clamp(1, size.height.into()) as u32;
            Size { width: size.width, height: rows }
        };
        if is_tiled && u64::from(chunk.width) * u64::from(bits) * u64::from(samples) % 8 != 0 {
            return Err(unsupported("TIFF whose tiles end within a byte"));
        }
        let offsets = tags.tag(324).or_else(|| tags.tag(273)).ok_or_else(|| corrupt("the TIFF has no pixels"))?;
        let chroma = match (photometric, compression) {
            (Photometric::YCbCr, Compression::Jpeg) => (1, 1),
            (Photometric::YCbCr, _) => {
                let factor = |i| tags.tag(530).and_then(|factors| factors.at(i)).unwrap_or(2);
                (factor(0) as u32, factor(1) as u32)
            }
            _ => (1, 1),
        };
        let is_planar = tags.or(284, 1) == 2 && samples > 1;
        if !matches!(chroma, (1 | 2 | 4, 1 | 2 | 4)) || chroma != (1, 1) && (bits != 8 || samples != 3 || is_planar) {
            return Err(unsupported("TIFF of such chroma"));
        }
        let reversed = tags.or(266, 1) == 2;
        let palette = if photometric == Photometric::Palette { palette(tags, bits)? } else { Vec::new() };
        let alpha = match tags.tag(338).and_then(|extra| extra.at(0)) {
            Some(1) if samples > colours && photometric != Photometric::Palette => Alpha::Associated,
            Some(2) if samples > colours && photometric != Photometric::Palette => Alpha::Straight,
            // some writers do not say that a fourth sample is alpha; where one says that it is something, it is
            None if samples == 4 && photometric == Photometric::Rgb && tags.tag(338).is_none() => Alpha::Straight,
            _ => Alpha::None,
        };
        let alpha = if photometric == Photometric::Inks { Alpha::None } else { alpha };
        Ok(Self {
            size,
            depth,
            bits,
            samples,
            shown: colours + u16::from(alpha != Alpha::None),
            jpeg_room: 0,
            photometric,
            alpha,
            is_planar,
            compression,
            predictor: tags.or(317, 1),
            reversed,
            is_tiled,
            chunk,
            chroma,
            offsets,
            counts: tags.tag(325).or_else(|| tags.tag(279)),
            palette,
            jpeg_tables: tags.tag(347).map(|tables| tables.bytes()).unwrap_or_default(),
        })
    }

    /// Samples that stand together.
    pub fn samples_together(&self) -> u64 {
        if self.is_planar { 1 } else { self.samples.into() }
    }

    /// Planes that stand apart.
    pub fn planes(&self) -> u64 {
        if self.is_planar { self.shown.into() } else { 1 }
    }

    /// Strips or tiles beside each other.
    pub fn across(&self) -> u32 {
        self.size.width.div_ceil(self.chunk.width)
    }

    pub fn down(&self) -> u32 {
        self.size.height.div_ceil(self.chunk.height)
    }

    /// Bytes of so many pixels that stand together.
    pub fn row_bytes(&self, pixels: u32) -> u64 {
        (u64::from(pixels) * self.samples_together() * u64::from(self.bits)).div_ceil(8)
    }

    /// Bytes of a strip or tile, and of those beside each other.
    pub fn chunk_bytes(&self) -> u64 {
        self.row_bytes(self.chunk.width).saturating_mul(self.chunk.height.into())
    }

    pub fn band_bytes(&self) -> u64 {
        let stride = self.row_bytes(self.chunk.width).saturating_mul(self.across().into());
        stride.saturating_mul(self.chunk.height.into()).saturating_mul(self.planes())
    }

    /// Whether rows can be read where they stand.
    pub fn is_plain(&self) -> bool {
        self.compression == Compression::None && !self.is_tiled && !self.reversed && self.chroma == (1, 1)
    }
}

/// Red, green and blue, 16 bits each.
fn palette(tags: &Directory<'_>, bits: u16) -> Result<Vec<[u8; 3]>, Error> {
    let missing = || corrupt("the TIFF has no palette");
    if bits > 8 {
        return Err(unsupported("TIFF of a palette of more than 256 colours"));
    }
    let map = tags.tag(320).ok_or_else(missing)?;
    let count = 1_u64 << bits;
    let value = |i: u64| map.at(i);
    // some writers use 8 bits
    let is_narrow = (0..3 * count).all(|i| value(i).is_none_or(|v| v < 256));
    let colour = |i: u64| {
        [0, 1, 2].map(|c| value(c * count + i).map_or(0, |v| if is_narrow { v as u8 } else { (v >> 8) as u8 }))
    };
    if map.count < 3 * count {
        return Err(missing());
    }
    Ok((0..count).map(colour).collect())
}

fn name(compression: u64) -> String {
    match compression {
        6 => "6 (JPEG of TIFF 6.0)".into(),
        34712 => "34712 (JPEG 2000)".into(),
        34925 => "34925 (LZMA)".into(),
        50000 => "50000 (Zstandard)".into(),
        50001 => "50001 (WebP)".into(),
        other => other.to_string(),
    }
}
