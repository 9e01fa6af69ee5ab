//! WebP (RFC 9649): header by a walk over its chunks, pixels by `image`, lossy bytes by `deckle_webp`.

use std::borrow::Cow;
use std::io::Cursor;

use deckle_webp::Options;
use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use super::webp_lossless as lossless;
use super::{Decode, Opened, PixelRows, PlaneSource, corrupt, from_image, no_room, orientation, unencodable};
use crate::Error;
use crate::image::{Encoding, Format, Info, Load, Model, Pixels, Size};

/// RIFF chunks in order, up to the first that is cut off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        // a bitstream that is cut off still shows its size
        let body = &rest[..length.min(rest.len())];
        self.0 = rest.get(length.checked_add(length % 2)?..).unwrap_or_default();
        Some((*name, body))
    }
}

/// Reads the header. Of an animation, the canvas.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let cut_off = cut_off(bytes);
    let mut chunks = Chunks(bytes.get(12..).unwrap_or_default());
    let (name, body) = chunks.next().ok_or_else(|| corrupt("the WebP has no chunk"))?;
    let mut exif = None;
    // planes of 4:2:0, and what an alpha plane or a lossless image is unpacked to
    let (planes, unpacked) = (3, 8);
    let mut first_profile = None;
    let mut profile = 0;
    let mut halves = if name == *b"VP8 " { planes } else { unpacked };
    let (size, has_alpha) = match &name {
        b"VP8 " | b"VP8L" => bitstream(&name, body)?,
        b"VP8X" => {
            let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = body.first_chunk() else {
                return Err(corrupt("the WebP VP8X chunk is cut off"));
            };
            let side = |b: [u8; 3]| u32::from_le_bytes([b[0], b[1], b[2], 0]) + 1;
            let size = Size { width: side([w0, w1, w2]), height: side([h0, h1, h2]) };
            for (name, body) in chunks {
                match &name {
                    b"VP8 " | b"VP8L" => check_frame(&name, body, size)?,
                    b"ICCP" => {
                        first_profile = first_profile.or(Some(body));
                        profile = profile.max(body.len());
                    }
                    b"ALPH" => halves = planes + unpacked + 2,
                    b"ANMF" => {
                        // and the frame, laid on the canvas
                        halves = planes + unpacked + 2 + 8;
                        check_animated(body, size)?;
                    }
                    // some writers put JPEG's prefix before it
                    b"EXIF" => exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body)),
                    _ => (),
                }
            }
            (size, flags & 0x10 != 0)
        }
        _ => return Err(corrupt("the WebP does not start with an image chunk")),
    };
    let info = Info {
        format: Format::WebP,
        size,
        orientation: orientation(exif),
        model: Model::Rgb,
        channels: if has_alpha { 4 } else { 3 },
        has_alpha,
        bit_depth: 8,
        has_profile: first_profile.is_some(),
        progressive: false,
        by_rows: false,
        band: 1,
        frames: 1,
        decoder_bytes: size.pixels() * halves / 2 + super::profile_bytes(profile) + cut_off.unwrap_or(0) as u64,
    };
    Ok(Opened { info, exif, decoder: Box::new(File { bytes, profile: first_profile, cut_off }) })
}

/// The length that a file says it has, where it is shorter and there is enough of it to be worth showing.
fn cut_off(bytes: &[u8]) -> Option<usize> {
    let said = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?) as usize;
    let said = said.checked_add(8)?;
    (bytes.len() < said && said <= bytes.len().saturating_mul(4)).then_some(said)
}

/// Size and alpha of a `VP8 ` (RFC 6386 §9.1) or `VP8L` (RFC 9649 §3.4) bitstream.
fn bitstream(name: &[u8; 4], body: &[u8]) -> Result<(Size, bool), Error> {
    let (size, alpha) = match (name, body) {
        (b"VP8 ", [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..]) if tag & 1 == 0 => {
            let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            (Size { width: side(*w0, *w1), height: side(*h0, *h1) }, false)
        }
        (b"VP8L", [0x2f, b0, b1, b2, b3, ..]) => {
            let bits = u32::from_le_bytes([*b0, *b1, *b2, *b3]);
            let size = Size { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 };
            (size, bits >> 28 & 1 == 1)
        }
        _ => return Err(corrupt("the WebP bitstream has no key frame header")),
    };
    if size.width == 0 || size.height == 0 {
        return Err(corrupt(format!("the WebP is {}×{}", size.width, size.height)));
    }
    Ok((size, alpha))
}

/// The decoder allocates by the bitstream's size, limits are checked by what its container says: they have to be the same.
fn check_frame(name: &[u8; 4], body: &[u8], said: Size) -> Result<(), Error> {
    let (size, _) = bitstream(name, body)?;
    if size == said { Ok(()) } else { Err(corrupt("a WebP bitstream is not of the size that its container says")) }
}

/// A frame of an animation: a header, perhaps alpha, then the bitstream, which the decoder takes for one whatever its name.
/// image-webp 0.2.4 indexes out of bounds when the two sizes differ.
fn check_animated(frame: &[u8], canvas: Size) -> Result<(), Error> {
    let Some((&[x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, _, _, _, _], inner)) = frame.split_first_chunk() else {
        return Err(corrupt("a WebP frame is cut off"));
    };
    let number = |b: [u8; 3]| u32::from_le_bytes([b[0], b[1], b[2], 0]);
    let size = Size { width: number([w0, w1, w2]) + 1, height: number([h0, h1, h2]) + 1 };
    let (right, bottom) = (number([x0, x1, x2]) * 2 + size.width, number([y0, y1, y2]) * 2 + size.height);
    if right > canvas.width || bottom > canvas.height {
        return Err(corrupt("a WebP frame lies outside the canvas"));
    }
    let mut chunks = Chunks(inner).peekable();
    let alpha = chunks.next_if(|(name, _)| name == b"ALPH").is_some();
    match chunks.next() {
        Some((name, body)) if name == *b"VP8 " || name == *b"VP8L" && !alpha => check_frame(&name, body, size),
        _ => Err(corrupt("a WebP frame has no bitstream")),
    }
}

/// A file whose header is read.
struct File<'a> {
    bytes: &'a [u8],
    profile: Option<&'a [u8]>,
    /// As [`cut_off`].
    cut_off: Option<usize>,
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.map(Cow::Borrowed)
    }

    /// Decodes at once; of an animation, the first frame on its canvas.
    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size) -> Result<PlaneSource<'_>, Error> {
        // what is cut off is read as zeros: the decoder then goes on with what its predictions come to
        let mut bytes = Cow::Borrowed(self.bytes);
        let mut missing = 0.0;
        if let Some(said) = self.cut_off {
            let mut whole = super::allocate(said as u64)?;
            whole[..self.bytes.len()].copy_from_slice(self.bytes);
            bytes = Cow::Owned(whole);
            missing = (said - self.bytes.len()) as f64 / said as f64;
        }
        let decoder = WebPDecoder::new(Cursor::new(bytes.as_ref())).map_err(from_image)?;
        let (width, height) = decoder.dimensions();
        if (Size { width, height }, decoder.color_type().channel_count()) != (info.size, info.channels) {
            return Err(corrupt("header and pixels disagree"));
        }
        let mut data = super::allocate(decoder.total_bytes())?;
        decoder.read_image(&mut data).map_err(from_image)?;
        let pixels = Pixels { size: info.size, channels: info.channels, data };
        // a byte or two at the end are padding
        let missing = if missing < 0.001 { 0.0 } else { missing };
        Ok(PlaneSource::damaged(Cow::Owned(pixels), missing, load.is_resampled()))
    }
}

/// Bytes that lossy encoding takes for any picture: before it begins, which are its planes, and then.
pub fn memory(size: Size, has_alpha: bool) -> (u64, u64) {
    let Size { width, height } = size;
    (deckle_webp::planes_memory(width, height, has_alpha), deckle_webp::least_memory(width, height, has_alpha))
}

/// Bytes that encoding pixels takes for any picture, where `held` bytes are held for rows to come.
pub fn pixels_memory(encoding: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    if encoding.lossless {
        // the encoder makes RGBA of them
        return held + size.pixels() * 4;
    }
    // rows are gone when there are planes
    let (planes, encoding) = memory(size, channels.is_multiple_of(2));
    (held + planes + strip_bytes(size, channels)).max(encoding)
}

/// Rows of pixels that become planes together, an even number.
const STRIP: usize = 16;

/// Their bytes, and those of the planes that libwebp makes of them.
fn strip_bytes(size: Size, channels: u8) -> u64 {
    u64::from(size.width) * STRIP as u64 * (u64::from(channels) + 3)
}

/// Luma, and chroma of half the size, on their way to a lossy file.
pub struct Planes<'m> {
    planes: deckle_webp::Planes,
    options: Options<'m>,
    encoding: Encoding,
    is_grey: bool,
}

impl<'m> Planes<'m> {
    #[inline(never)]
    pub fn new(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        let planes = deckle_webp::Planes::new(size.width, size.height, false);
        let options = options(encoding, size, false, exif);
        Ok(Self { planes: planes.map_err(|error| refusal(encoding, error))?, options, encoding: *encoding, is_grey })
    }

    /// Of planes that are there: luma, and chroma of half the size if there is colour.
    #[inline(never)]
    pub fn of(
        encoding: &Encoding,
        size: Size,
        luma: Vec<u8>,
        chroma: Option<[Vec<u8>; 2]>,
        exif: Option<&'m [u8]>,
    ) -> Result<Self, Error> {
        let is_grey = chroma.is_none();
        let planes = deckle_webp::Planes::of_full_range(size.width, size.height, luma, chroma);
        let options = options(encoding, size, false, exif);
        Ok(Self { planes: planes.map_err(|error| refusal(encoding, error))?, options, encoding: *encoding, is_grey })
    }

    pub fn fill(&mut self, line: impl FnMut(usize, usize, &mut [u8]) -> Result<(), Error>) -> Result<(), Error> {
        self.planes.fill(!self.is_grey, line)
    }

    pub fn finish(self) -> Result<Vec<u8>, Error> {
        deckle_webp::encode_planes(&self.options, self.planes).map_err(|error| refusal(&self.encoding, error))
    }
}

/// Encodes; alpha always without loss.
pub fn encode(rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    if encoding.lossless {
        lossless::encode(&rows.collect()?, encoding, exif)
    } else {
        lossy(rows, encoding, exif.as_deref())
    }
}

#[inline(never)]
fn lossy(mut rows: PixelRows<'_>, encoding: &Encoding, exif: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let (size, channels) = (rows.size, rows.channels);
    let refuse = |error| refusal(encoding, error);
    let has_alpha = channels.is_multiple_of(2);
    rows.prepare()?;
    let mut planes = deckle_webp::Planes::new(size.width, size.height, has_alpha).map_err(refuse)?;
    let row = rows.row_bytes();
    let mut strip = super::allocate((row * STRIP) as u64)?;
    for top in (0..size.height as usize).step_by(STRIP) {
        let part = &mut strip[..row * STRIP.min(size.height as usize - top)];
        part.chunks_exact_mut(row).try_for_each(|out| rows.next(out))?;
        planes.import(top, channels, part).map_err(refuse)?;
    }
    drop((rows, strip));
    deckle_webp::encode_planes(&options(encoding, size, has_alpha, exif), planes).map_err(refuse)
}

fn options<'m>(encoding: &Encoding, size: Size, has_alpha: bool, exif: Option<&'m [u8]>) -> Options<'m> {
    let mut options = Options::new();
    options.quality = encoding.quality;
    options.effort = encoding.effort;
    options.exif = exif;
    options.room = encoding.room.saturating_sub(memory(size, has_alpha).0);
    options
}

/// Memory may also run out where the room is more than there is.
fn refusal(encoding: &Encoding, error: deckle_webp::Error) -> Error {
    match error {
        deckle_webp::Error::Memory => no_room(encoding.room.saturating_add(1), encoding.room),
        deckle_webp::Error::Large { bytes, most } => Error::Limit { what: "WebP bytes", needed: bytes, limit: most },
        error => unencodable(Format::WebP, error),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A WebP file of one animated frame, `frame` in its header, `picture` in its bitstream, on a canvas of 16 × 16.
    fn animated(frame: u8, picture: u8) -> Vec<u8> {
        let chunk = |name: &[u8], body: &[u8]| [name, &(body.len() as u32).to_le_bytes(), body].concat();
        let vp8 = chunk(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, picture, 0, picture, 0]);
        let header = [0, 0, 0, 0, 0, 0, frame - 1, 0, 0, frame - 1, 0, 0, 9, 0, 0, 0];
        let canvas = chunk(b"VP8X", &[2, 0, 0, 0, 15, 0, 0, 15, 0, 0]);
        let chunks = [canvas, chunk(b"ANIM", &[0; 6]), chunk(b"ANMF", &[&header, vp8.as_slice()].concat())].concat();
        chunk(b"RIFF", &[b"WEBP", chunks.as_slice()].concat())
    }

    #[test]
    fn a_frame_and_its_bitstream_must_agree_and_lie_on_the_canvas() {
        assert_eq!(open(&animated(16, 16)).unwrap().info.size, Size { width: 16, height: 16 });
        assert!(open(&animated(8, 8)).is_ok());
        assert!(open(&animated(8, 16)).is_err());
        assert!(open(&animated(17, 17)).is_err());
    }
}
