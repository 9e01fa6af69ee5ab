//! WebP (RFC 9649): header by a walk over its chunks, pixels and lossy bytes by `deckle_webp`, bytes without loss by `image`.

mod animation;
mod decode;
mod encode;
mod frames;
mod lossless;

pub use animation::{Animation as Encoder, frames_memory};
pub use encode::{Planes, encode, memory, pixels_memory};

use std::borrow::Cow;

use decode::{File, Picture};

use super::canvas::Place;
use super::{Decode, GiveFrame, Opened, PlaneSource, corrupt, orientation};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Size};

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.map(Cow::Borrowed)
    }

    fn start(&self, info: &Info, load: &Load, _: Size, spare: u64) -> Result<PlaneSource<'_>, Error> {
        Self::start(self, info, load, spare)
    }

    fn frames(&self, info: &Info, spare: u64, give: &mut GiveFrame<'_>) -> Result<f64, Error> {
        frames::decode(self.chunks, info, spare, give)
    }
}

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

/// Reads the header. Of an animation, the canvas and the first frame.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let mut chunks = Chunks(bytes.get(12..).unwrap_or_default());
    let (name, body) = chunks.next().ok_or_else(|| corrupt("the WebP has no chunk"))?;
    let rest = chunks.0;
    let mut exif = None;
    let mut profile = None;
    let mut longest_profile = 0;
    let mut place = None;
    let (size, has_alpha, picture) = match &name {
        b"VP8 " | b"VP8L" => {
            let (size, has_alpha) = bitstream(&name, body)?;
            (size, has_alpha, if name == *b"VP8 " { Picture::Lossy(body) } else { Picture::Lossless(body) })
        }
        b"VP8X" => {
            let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = body.first_chunk() else {
                return Err(corrupt("the WebP VP8X chunk is cut off"));
            };
            let side = |b: [u8; 3]| u32::from_le_bytes([b[0], b[1], b[2], 0]) + 1;
            let size = Size { width: side([w0, w1, w2]), height: side([h0, h1, h2]) };
            let (mut alpha, mut picture) = (None, None);
            for (name, body) in chunks {
                match &name {
                    b"VP8 " | b"VP8L" => {
                        check_frame(&name, body, size)?;
                        let alpha = alpha.filter(|_| flags & ALPHA != 0);
                        picture = picture.or(Some(Picture::of(&name, body, alpha)));
                    }
                    b"ICCP" => {
                        profile = profile.or(Some(body));
                        longest_profile = longest_profile.max(body.len());
                    }
                    b"ALPH" => alpha = alpha.or(Some(body)),
                    b"ANMF" if picture.is_none() => {
                        let (found, at) = frame(body, size)?;
                        place = (at.size != size).then_some(at);
                        picture = Some(match found {
                            // as of a still picture, alpha counts where the file says that there is some
                            Picture::WithAlpha(bitstream, _) if flags & ALPHA == 0 && place.is_none() => {
                                Picture::Lossy(bitstream)
                            }
                            found => found,
                        });
                    }
                    // some writers put JPEG's prefix before it
                    b"EXIF" => exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body)),
                    _ => (),
                }
            }
            let picture = picture.ok_or_else(|| corrupt("the WebP has no picture"))?;
            let is_opaque = flags & ALPHA == 0 || matches!(picture, Picture::Lossy(_));
            (size, place.is_some() || !is_opaque, picture)
        }
        _ => return Err(corrupt("the WebP does not start with an image chunk")),
    };
    let is_planar = place.is_none() && matches!(picture, Picture::Lossy(_));
    let profile_bytes = super::profile_bytes(longest_profile);
    let (frames, animation) = frames::count(rest, size, profile_bytes);
    let info = Info {
        format: Format::WebP,
        size,
        orientation: orientation(exif),
        model: if is_planar { Model::YCbCr } else { Model::Rgb },
        channels: if has_alpha { 4 } else { 3 },
        has_alpha,
        bit_depth: 8,
        has_profile: profile.is_some(),
        progressive: false,
        by_rows: true,
        is_vector: false,
        band: if is_planar { 2 } else { 1 },
        frames,
        animation,
        decoder_bytes: picture.memory(size, place) + profile_bytes,
        scaled_bytes: [0; 8],
        sampling: if is_planar { [[2, 2], [1, 1], [1, 1], [1, 1]] } else { [[1, 1]; 4] },
    };
    Ok(Opened { info, exif, decoder: Box::new(File { profile, picture, place, chunks: rest }) })
}

/// The flag of alpha in a `VP8X` chunk.
const ALPHA: u8 = 0x10;

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

/// A frame of an animation: a header, perhaps alpha, then the bitstream; and where it lies on the canvas.
pub fn frame(frame: &[u8], canvas: Size) -> Result<(Picture<'_>, Place), Error> {
    let Some((&[x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, _, _, _, _], inner)) = frame.split_first_chunk() else {
        return Err(corrupt("a WebP frame is cut off"));
    };
    let number = |b: [u8; 3]| u32::from_le_bytes([b[0], b[1], b[2], 0]);
    let size = Size { width: number([w0, w1, w2]) + 1, height: number([h0, h1, h2]) + 1 };
    let (x, y) = (number([x0, x1, x2]) * 2, number([y0, y1, y2]) * 2);
    if x + size.width > canvas.width || y + size.height > canvas.height {
        return Err(corrupt("a WebP frame lies outside the canvas"));
    }
    let mut chunks = Chunks(inner).peekable();
    let alpha = chunks.next_if(|(name, _)| name == b"ALPH").map(|(_, body)| body);
    match chunks.next() {
        Some((name, body)) if name == *b"VP8 " || name == *b"VP8L" => {
            check_frame(&name, body, size)?;
            Ok((Picture::of(&name, body, alpha), Place { x, y, size }))
        }
        _ => Err(corrupt("a WebP frame has no bitstream")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn animated(frame: u8, picture: u8) -> Vec<u8> {
        animated_with(frame, picture, &[])
    }

    /// A WebP file of one animated frame, `frame` in its header, `picture` in its bitstream, on a canvas of 16 × 16; `before` stands
    /// before its bitstream.
    fn animated_with(frame: u8, picture: u8, before: &[u8]) -> Vec<u8> {
        let chunk = |name: &[u8], body: &[u8]| [name, &(body.len() as u32).to_le_bytes(), body].concat();
        let vp8 = chunk(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, picture, 0, picture, 0]);
        let header = [0, 0, 0, 0, 0, 0, frame - 1, 0, 0, frame - 1, 0, 0, 9, 0, 0, 0];
        let canvas = chunk(b"VP8X", &[2, 0, 0, 0, 15, 0, 0, 15, 0, 0]);
        let chunks =
            [canvas, chunk(b"ANIM", &[0; 6]), chunk(b"ANMF", &[&header, before, vp8.as_slice()].concat())].concat();
        chunk(b"RIFF", &[b"WEBP", chunks.as_slice()].concat())
    }

    #[test]
    fn alpha_that_the_file_does_not_speak_of_is_none() {
        let alpha = animated_with(16, 16, b"ALPH\x02\0\0\0\0\0");
        assert_eq!(open(&alpha).unwrap().info.model, Model::YCbCr);
    }

    #[test]
    fn a_frame_and_its_bitstream_must_agree_and_lie_on_the_canvas() {
        assert_eq!(open(&animated(16, 16)).unwrap().info.size, Size { width: 16, height: 16 });
        assert!(open(&animated(8, 8)).is_ok());
        assert!(open(&animated(8, 16)).is_err());
        assert!(open(&animated(17, 17)).is_err());
    }
}
