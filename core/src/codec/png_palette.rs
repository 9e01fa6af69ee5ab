//! PNG of at most 256 colours: exact where the picture has no more, else quantised and dithered, alpha among the colours. Of
//! indices few are runs, so that they are deflated by what finds what repeats.

use deckle_pixels::{Histogram, exact, histogram_memory, indexed};

use super::growing::{Growing, PIECE};
use super::packed::Packed;
use super::png_encode::{Head, finish};
use super::{PixelRows, check_room};
use crate::Error;
use crate::image::{Encoding, Size};

/// Pixels whose colours are counted at most, evenly spread.
const COUNTED: usize = 1 << 20;

/// Bytes that encoding takes for any picture: RGBA next to what it is made from, then with indices.
pub fn memory(size: Size, channels: u8, held: u64) -> u64 {
    let pixels = size.pixels();
    Packed::MEMORY + if channels == 4 { held + pixels } else { held + pixels * 4 }
}

/// A picture's colours, those that are not opaque first, and the indices of its pixels.
struct Indexed {
    colours: Vec<[u8; 4]>,
    indices: Vec<u8>,
}

/// Encodes with the encoding's number of colours.
#[inline(never)]
pub fn encode(rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let pixels = rows.collect()?;
    let size = pixels.size;
    let data = deckle_pixels::widen(pixels.data, pixels.channels, true, true).0;
    let Indexed { colours, indices } = quantised(&data, size, encoding)?;
    drop(data);
    let bits = match colours.len() {
        ..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    };
    let alphas: Vec<u8> = colours.iter().map(|colour| colour[3]).take_while(|&alpha| alpha < 255).collect();
    let table: Vec<u8> = colours.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let head = Head { size, bits, colour_type: 3, table: &table, alphas: &alphas, exif: exif.as_deref() }.bytes()?;
    let room = encoding.room.saturating_sub(Packed::MEMORY + (head.len() + indices.len()) as u64);
    let file = deflated(&indices, size, bits, room)?;
    drop(indices);
    finish(&head, file)
}

fn quantised(data: &[u8], size: Size, encoding: &Encoding) -> Result<Indexed, Error> {
    let most = usize::from(encoding.colours);
    let mut found = match exact(data, most) {
        Some(found) => {
            let indices = data.as_chunks::<4>().0.iter().map(|&pixel| found.index(pixel)).collect();
            Indexed { colours: found.colours().to_vec(), indices }
        }
        None => {
            let has_alpha = data.as_chunks::<4>().0.iter().any(|pixel| pixel[3] < 255);
            let held = (data.len() + data.len() / 4) as u64;
            check_room(held + histogram_memory(size.pixels(), has_alpha), encoding.room)?;
            let mut histogram = Histogram::new(has_alpha);
            histogram.add(data, (data.len() / 4).div_ceil(COUNTED));
            let palette = histogram.palette(most);
            let indices = indexed(data, size.width as usize, &palette, 0, true);
            Indexed { colours: palette.colours().to_vec(), indices }
        }
    };
    // a chunk says the alpha of the first ones
    let mut order: Vec<u8> = (0..found.colours.len()).map(|i| i as u8).collect();
    order.sort_by_key(|&i| found.colours[usize::from(i)][3] == 255);
    let mut places = [0; 256];
    order.iter().enumerate().for_each(|(to, &from)| places[usize::from(from)] = to as u8);
    found.indices.iter_mut().for_each(|index| *index = places[usize::from(*index)]);
    found.colours = order.iter().map(|&i| found.colours[usize::from(i)]).collect();
    Ok(found)
}

/// Rows of indices, so many bits each, none of them filtered.
#[inline(never)]
fn deflated(indices: &[u8], size: Size, bits: u8, room: u64) -> Result<Growing, Error> {
    let mut file = Packed::new(room);
    let width = size.width as usize;
    let a_byte = 8 / usize::from(bits);
    let row_bytes = width.div_ceil(a_byte) + 1;
    let strip = PIECE.div_ceil(row_bytes).max(1);
    let mut packed = Vec::with_capacity(strip * row_bytes);
    for rows in indices.chunks(width * strip) {
        packed.clear();
        for row in rows.chunks_exact(width) {
            packed.push(0);
            if bits == 8 {
                packed.extend_from_slice(row);
            } else {
                let byte = |part: &[u8]| {
                    part.iter().enumerate().fold(0, |byte, (i, &v)| byte | v << (8 - usize::from(bits) * (i + 1)))
                };
                packed.extend(row.chunks(a_byte).map(byte));
            }
        }
        file.put(&packed)?;
    }
    file.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::codec::samples::{self, noisy};
    use crate::image::{Format, Pixels};

    fn made(image: &Pixels, colours: u16) -> Vec<u8> {
        let encoding = Encoding { colours, lossless: false, ..samples::encoding(Format::Png, u64::MAX) };
        encode(PixelRows::whole(image.clone()), &encoding, None).unwrap()
    }

    fn read(bytes: &[u8]) -> (png::ColorType, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let kind = reader.info().color_type;
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut data).unwrap();
        (kind, data)
    }

    #[test]
    fn few_colours_are_kept_to_the_bit_whatever_their_number() {
        for count in [1, 2, 3, 4, 5, 16, 17, 200, 256] {
            for (width, height) in [(1, 1), (7, 5), (61, 40)] {
                let pixel = |i: u32| {
                    let v = (i * 7 % count) as u8;
                    [v, 255 - v, v / 3, if v % 5 == 1 { v } else { 255 }]
                };
                let data = (0..width * height).flat_map(pixel).collect();
                let image = Pixels { size: Size { width, height }, channels: 4, data };
                let (kind, data) = read(&made(&image, 256));
                assert_eq!((kind, data), (png::ColorType::Indexed, image.data), "{count} colours, {width}×{height}");
            }
        }
    }

    #[test]
    fn many_colours_become_as_many_as_asked_for_and_fewer_bytes() {
        for channels in 1..=4 {
            let image = noisy(120, 90, channels, 5);
            let whole = made(&image, 256).len();
            let (_, data) = read(&made(&image, 16));
            let colours: std::collections::BTreeSet<[u8; 4]> = data.as_chunks::<4>().0.iter().copied().collect();
            assert!(colours.len() <= 16, "{channels}: {}", colours.len());
            assert!(made(&image, 16).len() < whole);
        }
    }
}
