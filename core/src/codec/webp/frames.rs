//! The frames of an animated WebP (RFC 9649, section 2.7.1.1), each laid on the canvas. Where a file ends or contradicts itself, so does
//! the animation.

use super::Chunks;
use super::decode::{Picture, Pulled, refusal};
use crate::Error;
use crate::codec::GiveFrame;
use crate::codec::canvas::{Canvas, Disposal, Place};
use crate::error::corrupt;
use crate::image::{Animation, Info, Size};

/// A frame, not yet decoded.
struct Frame<'a> {
    picture: Picture<'a>,
    place: Place,
    /// In milliseconds.
    delay: u32,
    disposal: Disposal,
    /// Whether it is mixed with what is there, or takes its place.
    is_over: bool,
}

/// The frames among the chunks of a file, up to the first that is no frame on this canvas.
fn frames(chunks: &[u8], canvas: Size) -> impl Iterator<Item = Frame<'_>> {
    Chunks(chunks).filter(|(name, _)| name == b"ANMF").map_while(move |(_, body)| {
        let (picture, place) = super::frame(body, canvas).ok()?;
        let &[d0, d1, d2, flags] = body.get(12..)?.first_chunk()?;
        let disposal = if flags & 1 == 0 { Disposal::Keep } else { Disposal::Clear };
        Some(Frame { picture, place, delay: u32::from_le_bytes([d0, d1, d2, 0]), disposal, is_over: flags & 2 == 0 })
    })
}

/// How many frames there are, 1 for a still, and what they take beside so many bytes.
#[inline(never)]
pub fn count(chunks: &[u8], canvas: Size, beside: u64) -> (u32, Option<Animation>) {
    let plays = Chunks(chunks).find(|(name, _)| name == b"ANIM").and_then(|(_, body)| {
        let &[_, _, _, _, low, high] = body.first_chunk()?;
        Some(u32::from(u16::from_le_bytes([low, high])))
    });
    let Some(plays) = plays else { return (1, None) };
    let (mut count, mut pixels, mut most) = (0, 0_u64, 0);
    for Frame { picture, place, .. } in frames(chunks, canvas) {
        count += 1;
        pixels = pixels.saturating_add(place.size.pixels() + canvas.pixels());
        most = most.max(picture.memory(canvas, Some(place)));
    }
    let bytes = Canvas::memory(canvas) + most + u64::from(canvas.width) * 4 + beside;
    if count > 1 { (count, Some(Animation { plays, pixels, bytes })) } else { (1, None) }
}

/// Decodes them; a frame's rows that are missing leave what showed before.
#[inline(never)]
pub fn decode(chunks: &[u8], info: &Info, spare: u64, give: &mut GiveFrame<'_>) -> Result<f64, Error> {
    let mut canvas = Canvas::new(info.size)?;
    let mut wide = vec![0; info.size.width as usize * 4];
    let (mut given, mut missing) = (0_u32, 0.0);
    for frame in frames(chunks, info.size) {
        canvas.begin(frame.place, frame.disposal);
        let left = draw(&mut canvas, &frame, spare, &mut wide)?;
        let rows = frame.place.size.height;
        if given == 0 && left == rows {
            return Err(corrupt("the WebP's first frame has no data"));
        }
        given += 1;
        missing += f64::from(left) / f64::from(rows);
        if !give(canvas.pixels(), frame.delay)? {
            break;
        }
    }
    Ok(missing / f64::from(given.max(1)))
}

/// Draws a frame, and answers how many of its rows are missing; `wide` is for a row of the canvas.
fn draw(canvas: &mut Canvas, frame: &Frame<'_>, spare: u64, wide: &mut [u8]) -> Result<u32, Error> {
    let Place { size, .. } = frame.place;
    let sides = (size.width, size.height);
    let limit = frame.picture.memory(size, Some(frame.place)).saturating_add(spare);
    let pulled = match frame.picture {
        Picture::Lossy(bitstream) => Pulled::lossy(bitstream, None, sides, limit),
        Picture::WithAlpha(bitstream, alpha) => Pulled::lossy(bitstream, Some(alpha), sides, limit),
        Picture::Lossless(bitstream) => {
            let has_alpha = super::bitstream(b"VP8L", bitstream)?.1;
            Pulled::lossless(bitstream, has_alpha, sides, limit)
        }
    };
    let mut pulled = match pulled.map_err(|error| refusal(error, limit)) {
        Ok(pulled) => pulled,
        Err(error @ Error::Limit { .. }) => return Err(error),
        Err(_) => return Ok(size.height),
    };
    // what is opaque needs no mixing
    let is_over = frame.is_over && !matches!(frame.picture, Picture::Lossy(_));
    for y in 0..size.height {
        if !matches!(pulled.advance(), Ok(true)) {
            return Ok(size.height - y);
        }
        let row = pulled.row();
        if row.len() == size.width as usize * 3 {
            let row = row.as_chunks::<3>().0;
            wide.as_chunks_mut::<4>().0.iter_mut().zip(row).for_each(|(to, &[r, g, b])| *to = [r, g, b, 255]);
            canvas.draw(frame.place, y, &wide[..row.len() * 4], false);
        } else {
            canvas.draw(frame.place, y, row, is_over);
        }
    }
    Ok(0)
}
