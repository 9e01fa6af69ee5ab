//! The frames of an animated PNG (third edition, 4.9 and 11.3.3.1), each laid on the canvas.

use super::Chunks;
use super::decode::{File, from_png};
use crate::Error;
use crate::codec::canvas::{Canvas, Disposal, Place};
use crate::codec::{GiveFrame, allocate};
use crate::error::corrupt;
use crate::image::{Animation, Info, Size};

/// The body of an acTL chunk: how many frames there are, and how often they play.
pub fn control(body: &[u8]) -> Option<(u32, u32)> {
    let (&[frames, plays], []) = body.as_chunks::<4>().0.split_first_chunk::<2>()? else {
        return None;
    };
    Some((u32::from_be_bytes(frames), u32::from_be_bytes(plays)))
}

/// How many frames there are, 1 for a still, and what they take; `channels` and `bit_depth` are of the file.
#[inline(never)]
pub fn count(bytes: &[u8], size: Size, channels: u8, bit_depth: u8, beside: u64) -> (u32, Option<Animation>) {
    let (mut control, mut count, mut pixels) = (None, 0, 0_u64);
    for (name, body) in Chunks(bytes.get(8..).unwrap_or_default()) {
        match (&name, control) {
            (b"acTL", None) => control = self::control(body),
            // it stands before the pixels
            (b"IDAT", None) => return (1, None),
            (b"fcTL", Some((said, _))) if count < said => {
                let Some(place) = place(body, size) else { break };
                count += 1;
                pixels = pixels.saturating_add(place.size.pixels() + size.pixels());
            }
            _ => (),
        }
    }
    let Some((_, plays)) = control.filter(|_| count > 1) else { return (1, None) };
    let samples = u64::from(channels + channels % 2) * u64::from(bit_depth.max(8) / 8);
    // a frame as it is decoded, and rows on their way
    let frame = size.pixels() * samples + u64::from(size.width) * (samples * 4 + 4);
    (count, Some(Animation { plays, pixels, bytes: Canvas::memory(size) + frame + super::WINDOWS + beside }))
}

/// Where a frame lies, by the body of its fcTL chunk; `None` outside of the canvas.
fn place(body: &[u8], canvas: Size) -> Option<Place> {
    let number = |at: usize| body.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    let (width, height, x, y) = (number(4)?, number(8)?, number(12)?, number(16)?);
    let fits = |start: u32, length: u32, side: u32| length > 0 && u64::from(start) + u64::from(length) <= side.into();
    let is_within = fits(x, width, canvas.width) && fits(y, height, canvas.height);
    is_within.then_some(Place { x, y, size: Size { width, height } })
}

/// Decodes them, as far as the file goes.
#[inline(never)]
pub fn decode(file: &File<'_>, info: &Info, give: &mut GiveFrame<'_>) -> Result<f64, Error> {
    let (mut reader, samples) = file.reader(info, true)?;
    let bytes = u64::from(samples.channels) << u8::from(samples.is_wide);
    let mut canvas = Canvas::new(info.size)?;
    let mut frame = allocate(info.size.pixels() * bytes)?;
    let mut row = vec![0; info.size.width as usize * 4];
    if reader.info().frame_control.is_none() {
        // a picture for those who know no animations
        reader.next_frame(&mut frame).map_err(from_png)?;
    }
    let (mut given, mut missing) = (0_u32, 0.0);
    while given < info.frames {
        let decoded = match reader.next_frame(&mut frame) {
            Ok(decoded) => decoded,
            Err(error) if given == 0 => return Err(from_png(error)),
            Err(_) => {
                missing = f64::from(info.frames - given);
                break;
            }
        };
        let control = reader.info().frame_control.ok_or_else(|| corrupt("an APNG's frame has no header"))?;
        let size = Size { width: control.width, height: control.height };
        let place = Place { x: control.x_offset, y: control.y_offset, size };
        let disposal = match control.dispose_op {
            png::DisposeOp::None => Disposal::Keep,
            png::DisposeOp::Background => Disposal::Clear,
            png::DisposeOp::Previous => Disposal::Restore,
        };
        canvas.begin(place, disposal);
        // interlaced rows lie as far apart as those of the canvas
        let stride =
            if reader.info().interlaced { info.size.width as usize * bytes as usize } else { decoded.line_size };
        for y in 0..size.height {
            let from = y as usize * stride;
            let line = frame.get(from..from + size.width as usize * bytes as usize).unwrap_or_default();
            let mut line = line.to_vec();
            samples.change(&mut line);
            let width = size.width as usize * 4;
            to_rgba(&line, samples.channels, &mut row[..width]);
            canvas.draw(place, y, &row[..width], control.blend_op == png::BlendOp::Over);
        }
        given += 1;
        let divisor = if control.delay_den == 0 { 100 } else { control.delay_den };
        if !give(canvas.pixels(), u32::from(control.delay_num) * 1000 / u32::from(divisor))? {
            break;
        }
    }
    Ok(missing / f64::from(info.frames.max(1)))
}

/// A row of grey and alpha, or of RGBA, as RGBA.
fn to_rgba(row: &[u8], channels: u8, out: &mut [u8]) {
    if channels == 2 {
        let pixels = row.as_chunks::<2>().0.iter().zip(out.as_chunks_mut::<4>().0);
        pixels.for_each(|(&[v, a], to)| *to = [v, v, v, a]);
    } else if row.len() == out.len() {
        out.copy_from_slice(row);
    }
}
