//! Mirroring and quarter turns.

use crate::image::{Orientation, Pixels, Size};

/// Side of the squares that a quarter turn works in, so that the rows read and the rows written both stay in cache.
const BLOCK: usize = 32;

/// Lays the image as `turn` says. In place unless width and height change places.
#[inline(never)]
pub fn apply(image: Pixels, turn: Orientation) -> Pixels {
    match image.channels {
        1 => lay::<1>(image, turn),
        2 => lay::<2>(image, turn),
        3 => lay::<3>(image, turn),
        _ => lay::<4>(image, turn),
    }
}

fn lay<const N: usize>(mut image: Pixels, turn: Orientation) -> Pixels {
    let width = image.size.width as usize;
    if turn.is_turned() {
        return quarter::<N>(&image, turn);
    }
    let (pixels, _) = image.data.as_chunks_mut::<N>();
    match (turn.mirror, turn.turns % 4) {
        (false, 0) => (),
        (true, 0) => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
        (false, _) => pixels.reverse(),
        (true, _) => {
            // mirrored and turned by half: the rows in reverse order
            let rows = pixels.len() / width;
            let (top, bottom) = pixels.split_at_mut(rows.div_ceil(2) * width);
            top.chunks_exact_mut(width)
                .zip(bottom.chunks_exact_mut(width).rev())
                .for_each(|(a, b)| a.swap_with_slice(b));
        }
    }
    image
}

/// A quarter turn: columns become rows. Clockwise a column is read upwards, and the left one comes first; mirroring exchanges
/// left and right.
fn quarter<const N: usize>(image: &Pixels, turn: Orientation) -> Pixels {
    let size: Size = turn.apply(image.size);
    let (width, height) = (size.width as usize, size.height as usize);
    let (source, _) = image.data.as_chunks::<N>();
    let mut data = vec![0; image.data.len()];
    let (turned, _) = data.as_chunks_mut::<N>();
    let upwards = turn.turns == 1;
    let from_right = (turn.turns == 3) != turn.mirror;
    for top in (0..height).step_by(BLOCK) {
        for left in (0..width).step_by(BLOCK) {
            for y in top..height.min(top + BLOCK) {
                let column = if from_right { height - 1 - y } else { y };
                let row = &mut turned[y * width..][..width];
                for (x, pixel) in row.iter_mut().enumerate().take(left + BLOCK).skip(left) {
                    let line = if upwards { width - 1 - x } else { x };
                    *pixel = source[line * height + column];
                }
            }
        }
    }
    Pixels { size, channels: image.channels, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pixel at a time, by the definition: mirrored, then turned clockwise.
    fn slow(image: &Pixels, turn: Orientation) -> Pixels {
        let n = usize::from(image.channels);
        let pixel =
            |image: &Pixels, x: u32, y: u32| image.data[(y * image.size.width + x) as usize * n..][..n].to_vec();
        let map = |size: Size, image: &Pixels, from: &dyn Fn(u32, u32) -> (u32, u32)| {
            let places = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
            let data = places.flat_map(|(x, y)| pixel(image, from(x, y).0, from(x, y).1)).collect();
            Pixels { size, channels: image.channels, data }
        };
        let mut out = image.clone();
        if turn.mirror {
            out = map(out.size, &out, &|x, y| (out.size.width - 1 - x, y));
        }
        for _ in 0..turn.turns {
            out = map(out.size.turned(), &out, &|x, y| (y, out.size.height - 1 - x));
        }
        out
    }

    #[test]
    fn every_way_is_as_defined_for_every_channel_count() {
        for channels in 1..=4_u8 {
            for (width, height) in [(1, 1), (1, 5), (7, 1), (3, 4), (33, 70), (64, 32)] {
                let size = Size { width, height };
                let data = (0..width * height * u32::from(channels)).map(|i| (i * 7 % 251) as u8).collect();
                let image = Pixels { size, channels, data };
                for turns in 0..4 {
                    for mirror in [false, true] {
                        let turn = Orientation { mirror, turns };
                        assert_eq!(apply(image.clone(), turn), slow(&image, turn), "{channels} {size:?} {turn:?}");
                    }
                }
            }
        }
    }
}
