//! A strip or tile: compressed bytes to samples.

use deckle_jpeg::{ChromaScale, Color, Decoder, Header, Limits, Options, Reduction, Scale};

use super::fax;
use super::layout::{Compression, Layout, Photometric};
use crate::Error;
use crate::codec::allocate;

/// Bytes that decompressing takes beside its result: codes of LZW, the tables of inflating.
pub const ASIDE: u64 = deckle_expand::Inflater::MEMORY + (8 << 10);

/// Makes samples of a strip or tile of so many rows; answers how many bytes there are. Damage ends it early.
///
/// # Errors
/// Where there is no memory.
#[inline(never)]
pub fn decode(
    layout: &Layout<'_>,
    coded: &[u8],
    rows: u32,
    is_big_endian: bool,
    out: &mut [u8],
    aside: &mut [u8],
) -> Result<usize, Error> {
    if layout.chroma != (1, 1) {
        return subsampled(layout, coded, rows, out);
    }
    let made = match layout.compression {
        Compression::Jpeg => return jpeg(layout, coded, out),
        Compression::Huffman | Compression::Group3 { .. } | Compression::Group4 => {
            fax::decode(coded, layout.compression, layout.reversed, layout.chunk.width, out)
        }
        _ => expand(layout, coded, out),
    };
    if matches!(layout.compression, Compression::Lzw | Compression::Deflate) {
        let stride = layout.row_bytes(layout.chunk.width) as usize;
        let together = layout.samples_together() as usize;
        for row in out.chunks_exact_mut(stride.max(1)) {
            match layout.predictor {
                2 => deckle_pixels::sum_differences(row, layout.bits, together, is_big_endian),
                3 => deckle_pixels::sum_float_bytes(row, layout.bits, together, is_big_endian, aside),
                _ => {}
            }
        }
    }
    Ok(made)
}

/// All but pictures' own codings.
fn expand(layout: &Layout<'_>, coded: &[u8], out: &mut [u8]) -> usize {
    let turned: Vec<u8>;
    let coded = if layout.reversed && layout.bits < 8 && layout.compression == Compression::None {
        turned = coded.iter().take(out.len()).map(|byte| byte.reverse_bits()).collect();
        &turned
    } else {
        coded
    };
    match layout.compression {
        Compression::Lzw => lzw(coded, out),
        Compression::Deflate => inflate(coded, out),
        Compression::PackBits => pack_bits(coded, out),
        _ => {
            let length = coded.len().min(out.len());
            out[..length].copy_from_slice(&coded[..length]);
            length
        }
    }
}

fn lzw(coded: &[u8], out: &mut [u8]) -> usize {
    use weezl::{BitOrder, LzwStatus, decode::Decoder};
    // before TIFF 6.0 codes began with the lowest bit
    let is_old = matches!(coded, [0, second, ..] if second & 1 == 1);
    if !is_old {
        return deckle_expand::lzw(coded, out);
    }
    let mut decoder = Decoder::new(BitOrder::Lsb, 8);
    let (mut read, mut made) = (0, 0);
    while made < out.len() {
        let step = decoder.decode_bytes(&coded[read..], &mut out[made..]);
        read += step.consumed_in;
        made += step.consumed_out;
        if step.consumed_out == 0 && step.consumed_in == 0 || !matches!(step.status, Ok(LzwStatus::Ok)) {
            break;
        }
    }
    made
}

fn inflate(coded: &[u8], out: &mut [u8]) -> usize {
    let mut inflater = deckle_expand::Inflater::new(std::iter::once(coded));
    let mut made = 0;
    while made < out.len()
        && let Ok(count @ 1..) = inflater.read(&mut out[made..])
    {
        made += count;
    }
    made
}

fn pack_bits(coded: &[u8], out: &mut [u8]) -> usize {
    let (mut coded, mut made) = (coded, 0);
    while let [count, rest @ ..] = coded {
        let left = out.len() - made;
        if left == 0 {
            break;
        }
        match *count {
            128 => coded = rest,
            literal @ 0..=127 => {
                let length = (usize::from(literal) + 1).min(rest.len()).min(left);
                out[made..made + length].copy_from_slice(&rest[..length]);
                made += length;
                coded = &rest[length..];
            }
            repeated => {
                let [value, rest @ ..] = rest else { break };
                let length = (257 - usize::from(repeated)).min(left);
                out[made..made + length].fill(*value);
                made += length;
                coded = rest;
            }
        }
    }
    made
}

/// Blocks of luma, each followed by its two samples of chroma, to pixels.
fn subsampled(layout: &Layout<'_>, coded: &[u8], rows: u32, out: &mut [u8]) -> Result<usize, Error> {
    let (across, down) = (layout.chroma.0 as usize, layout.chroma.1 as usize);
    let width = layout.chunk.width as usize;
    let block = across * down + 2;
    let blocks = width.div_ceil(across);
    let mut stored = allocate((blocks * block) as u64 * u64::from(rows.div_ceil(layout.chroma.1)))?;
    let length = expand(layout, coded, &mut stored);
    if matches!(layout.compression, Compression::Lzw | Compression::Deflate) && layout.predictor == 2 {
        stored.chunks_exact_mut(blocks * block).for_each(|row| deckle_pixels::sum_differences(row, 8, 3, false));
    }
    let mut made = 0;
    for (strip, line) in stored[..length].chunks_exact(blocks * block).zip(0..) {
        for y in (0..down).filter(|y| line * down + y < rows as usize) {
            let row = &mut out[(line * down + y) * width * 3..][..width * 3];
            for (x, pixel) in row.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                let block = &strip[x / across * block..][..block];
                *pixel = [block[y * across + x % across], block[across * down], block[across * down + 1]];
            }
            made += width * 3;
        }
    }
    Ok(made)
}

/// Bytes that decoding the JPEGs inside takes, by the first of them and the longest.
pub fn jpeg_room(layout: &Layout<'_>, first: &[u8]) -> u64 {
    let longest = layout.counts.and_then(|counts| (0..counts.count).filter_map(|i| counts.at(i)).max());
    let longest = longest.unwrap_or(first.len() as u64).max(first.len() as u64) + layout.jpeg_tables.len() as u64;
    let file = joined(layout, first);
    Header::parse(&file).map_or(0, |header| decoding(&header)).saturating_add(longest.saturating_mul(2))
}

fn decoding(header: &Header<'_>) -> u64 {
    deckle_jpeg::decoder_memory(header, Scale::of_eighths(8), &options()) as u64
}

fn options() -> Options {
    Options {
        chroma: ChromaScale::Match,
        reduction: Reduction::Triangle,
        headroom: false,
        coarse: false,
        limits: Limits { pixels: u64::MAX, memory: usize::MAX, ..Limits::default() },
    }
}

/// The tables that all share, then what a strip has of its own.
fn joined(layout: &Layout<'_>, coded: &[u8]) -> Vec<u8> {
    let tables = layout.jpeg_tables;
    match (tables, coded) {
        ([0xff, 0xd8, tables @ .., 0xff, 0xd9], [0xff, 0xd8, rest @ ..]) => [&[0xff, 0xd8], tables, rest].concat(),
        _ => coded.to_vec(),
    }
}

fn jpeg(layout: &Layout<'_>, coded: &[u8], out: &mut [u8]) -> Result<usize, Error> {
    // one that takes more than the first is not decoded
    if coded.len() as u64 * 2 > layout.jpeg_room {
        return Ok(0);
    }
    let file = joined(layout, coded);
    let Ok(mut header) = Header::parse(&file) else { return Ok(0) };
    let together = layout.samples_together() as usize;
    let width = layout.chunk.width as usize;
    if header.components.len() != together
        || header.width as usize > width.max(1)
        || header.height > layout.chunk.height
    {
        return Ok(0);
    }
    // the TIFF says what samples mean, a marker inside does not
    header.color = if header.color == Color::YCbCr && layout.photometric != Photometric::YCbCr {
        Color::Rgb
    } else {
        header.color
    };
    let scale = Scale::of_eighths(8);
    let sizes = deckle_jpeg::plane_sizes(&header, scale, &options());
    let most = |f: fn(&deckle_jpeg::Component) -> u8| header.components.iter().map(f).max().unwrap_or(1) as usize;
    let (across, down) = (most(|c| c.horizontal), most(|c| c.vertical));
    let ratio = |i: usize| {
        let c = &header.components[i];
        let wide = sizes.get(i).is_some_and(|size| size.width as usize >= header.width as usize);
        let high = sizes.get(i).is_some_and(|size| size.height as usize >= header.height as usize);
        (
            if wide { 1 } else { across / usize::from(c.horizontal).max(1) },
            if high { 1 } else { down / usize::from(c.vertical).max(1) },
        )
    };
    let ratios: Vec<(usize, usize)> = (0..together).map(ratio).collect();
    let Ok(mut decoder) = Decoder::new(&header, scale, &options()) else { return Ok(0) };
    let (picture, height) = (header.width as usize, header.height as usize);
    while let Some(rows) = decoder.next_rows() {
        for (i, plane) in rows.planes().iter().enumerate() {
            let (across, down) = ratios[i];
            for (line, y) in plane.lines().zip(plane.top..) {
                for y in (y * down..(y + 1) * down).take_while(|&y| y < height) {
                    let Some(row) = out.get_mut(y * width * together..(y + 1) * width * together) else { break };
                    let pixels = row.chunks_exact_mut(together).take(picture);
                    pixels.enumerate().for_each(|(x, pixel)| pixel[i] = line.get(x / across).copied().unwrap_or(0));
                }
            }
        }
    }
    Ok(height * width * together)
}
