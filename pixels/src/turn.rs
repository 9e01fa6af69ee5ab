//! Mirroring and quarter turns.

/// Side of the squares that a quarter turn works in, so that the rows read and the rows written both stay in cache.
const BLOCK: usize = 32;

/// Lays rows of `width` pixels: mirrored left to right first if `mirror`, then turned clockwise by `turns` quarter turns, 0 to
/// 3. In place unless width and height change places.
#[inline(never)]
pub fn turn(data: Vec<u8>, width: usize, channels: u8, mirror: bool, turns: u8) -> Vec<u8> {
    match channels {
        1 => lay::<1>(data, width, mirror, turns),
        2 => lay::<2>(data, width, mirror, turns),
        3 => lay::<3>(data, width, mirror, turns),
        _ => lay::<4>(data, width, mirror, turns),
    }
}

#[inline(never)]
fn lay<const N: usize>(mut data: Vec<u8>, width: usize, mirror: bool, turns: u8) -> Vec<u8> {
    if turns % 2 == 1 {
        return quarter::<N>(&data, width, mirror, turns);
    }
    let (pixels, _) = data.as_chunks_mut::<N>();
    match (mirror, turns) {
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
    data
}

/// A quarter turn: columns become rows. Clockwise a column is read upwards, and the left one comes first; mirroring exchanges
/// left and right.
fn quarter<const N: usize>(data: &[u8], height: usize, mirror: bool, turns: u8) -> Vec<u8> {
    let (source, _) = data.as_chunks::<N>();
    let width = source.len() / height;
    let mut out = vec![0; data.len()];
    let (turned, _) = out.as_chunks_mut::<N>();
    let upwards = turns == 1;
    let from_right = (turns == 3) != mirror;
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
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Image {
        width: usize,
        height: usize,
        data: Vec<u8>,
    }

    /// The definition, one pixel at a time: mirrored, then turned clockwise.
    fn slow(image: &Image, n: usize, mirror: bool, turns: u8) -> Image {
        let map = |(width, height): (usize, usize), image: &Image, from: &dyn Fn(usize, usize) -> (usize, usize)| {
            let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
            let pixel = |(x, y): (usize, usize)| image.data[(y * image.width + x) * n..][..n].to_vec();
            Image { width, height, data: places.flat_map(|(x, y)| pixel(from(x, y))).collect() }
        };
        let mut out = image.clone();
        if mirror {
            out = map((out.width, out.height), &out, &|x, y| (out.width - 1 - x, y));
        }
        for _ in 0..turns {
            out = map((out.height, out.width), &out, &|x, y| (y, out.height - 1 - x));
        }
        out
    }

    #[test]
    fn every_way_is_as_defined_for_every_channel_count() {
        for n in 1..=4 {
            for (width, height) in [(1, 1), (1, 5), (7, 1), (3, 4), (33, 70), (64, 32)] {
                let image =
                    Image { width, height, data: (0..width * height * n).map(|i| (i * 7 % 251) as u8).collect() };
                for turns in 0..4 {
                    for mirror in [false, true] {
                        let turned = turn(image.data.clone(), width, n as u8, mirror, turns);
                        assert_eq!(
                            turned,
                            slow(&image, n, mirror, turns).data,
                            "{n} {width}×{height} {mirror} {turns}"
                        );
                    }
                }
            }
        }
    }
}
