//! Pixels at places between those of another image, along straight lines: what turns an image by any angle.
//!
//! Between pixels the value is bilinear, as in libvips' `affine`. Around the image lies a background, and its edge is blended with that
//! over one pixel.

use std::ops::Range;

/// Where output pixels lie in the input, in its pixels: column and row 0 are the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Column and row of the first output pixel.
    pub origin: [f64; 2],
    /// What one pixel to the right adds.
    pub across: [f64; 2],
    /// What one pixel down adds.
    pub down: [f64; 2],
}

/// Bits of a position behind the point.
const FRACTION: u32 = 32;
/// Bits of a weight along one axis: with 8 of a sample, two of them fit into 32.
const WEIGHT: u32 = 12;
const ONE: u32 = 1 << WEIGHT;
/// How near to the edge a position still counts as inside, in pixels: far more than what positions are off by rounding.
const MARGIN: f64 = 0.01;

/// An image over a background.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Its samples; alpha is straight.
    pub image: &'a [u8],
    /// Its width and height.
    pub size: (usize, usize),
    /// Samples of a pixel.
    pub channels: u8,
    /// One pixel of what is around it.
    pub background: &'a [u8],
}

impl Ground<'_> {
    /// Row `y` of an image whose pixels lie in this one as `map` says. Alpha weighs colours.
    #[inline(never)]
    pub fn row(&self, map: &Affine, y: usize, out: &mut [u8]) {
        match self.channels {
            1 => self.row_of::<1>(map, y, out),
            2 => self.row_of::<2>(map, y, out),
            3 => self.row_of::<3>(map, y, out),
            _ => self.row_of::<4>(map, y, out),
        }
    }

    #[inline(never)]
    fn row_of<const N: usize>(&self, map: &Affine, y: usize, out: &mut [u8]) {
        let mut around = [0; N];
        around.copy_from_slice(&self.background[..N]);
        let row = out.as_chunks_mut::<N>().0;
        row.fill(around);
        let start: [f64; 2] = core::array::from_fn(|i| map.origin[i] + map.down[i] * y as f64);
        let touching = columns(start, map.across, self.size, -1.0, row.len());
        if touching.is_empty() {
            return;
        }
        let inside = columns(start, map.across, self.size, MARGIN, row.len());
        let inside = inside.start.clamp(touching.start, touching.end)..inside.end.clamp(touching.start, touching.end);
        let input = Input { pixels: self.image.as_chunks().0, width: self.size.0, height: self.size.1, around };
        let step = map.across.map(fixed);
        let place = |x: usize| core::array::from_fn(|i| fixed(start[i]) + step[i] * x as i64);
        for x in (touching.start..inside.start).chain(inside.end.max(inside.start)..touching.end) {
            row[x] = input.edge(place(x));
        }
        if let Some(row) = row.get_mut(inside.clone()) {
            input.row(place(inside.start), step, row);
        }
    }
}

fn fixed(v: f64) -> i64 {
    (v * (1u64 << FRACTION) as f64).round() as i64
}

/// The columns of an output row that lie in the input with room of `margin` to each side's last pixel; a negative one reaches out.
fn columns(start: [f64; 2], step: [f64; 2], size: (usize, usize), margin: f64, width: usize) -> Range<usize> {
    let (mut first, mut last) = (0.0, width as f64 - 1.0);
    for (i, side) in [size.0, size.1].into_iter().enumerate() {
        let (low, high) = (margin - start[i], side as f64 - 1.0 - margin - start[i]);
        let is_still = step[i].abs() < 1e-9;
        if low > high || is_still && (low > 0.0 || high < 0.0) {
            return 0..0;
        }
        if is_still {
            continue;
        }
        let (a, b) = (low / step[i], high / step[i]);
        first = f64::max(first, a.min(b));
        last = f64::min(last, a.max(b));
    }
    if first > last {
        return 0..0;
    }
    // floats become whole numbers without wrapping
    let (first, last) = (first.ceil() as usize, last.floor() as usize);
    first..(last + 1).max(first)
}

struct Input<'a, const N: usize> {
    pixels: &'a [[u8; N]],
    width: usize,
    height: usize,
    /// What lies around it.
    around: [u8; N],
}

impl<const N: usize> Input<'_, N> {
    /// Pixels whose neighbours are all there.
    #[inline(never)]
    fn row(&self, mut place: [i64; 2], step: [i64; 2], out: &mut [[u8; N]]) {
        for pixel in out {
            let at = (place[1] >> FRACTION) as usize * self.width + (place[0] >> FRACTION) as usize;
            let Some(near) = self.pixels.get(at..at + self.width + 2) else { continue };
            let four = [near[0], near[1], near[self.width], near[self.width + 1]];
            *pixel = blend(four, place.map(weight));
            place = [place[0] + step[0], place[1] + step[1]];
        }
    }

    /// A pixel some of whose neighbours may be background.
    #[inline(never)]
    fn edge(&self, place: [i64; 2]) -> [u8; N] {
        let (x, y) = (place[0] >> FRACTION, place[1] >> FRACTION);
        let at = |x: i64, y: i64| {
            let inside = (0..self.width as i64).contains(&x) && (0..self.height as i64).contains(&y);
            if inside { self.pixels[y as usize * self.width + x as usize] } else { self.around }
        };
        blend([at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)], place.map(weight))
    }
}

/// The weight of the later neighbour.
fn weight(place: i64) -> u32 {
    (place >> (FRACTION - WEIGHT)) as u32 & (ONE - 1)
}

/// The mean of four pixels by weights of the right and the lower ones.
#[inline(always)]
fn blend<const N: usize>(pixels: [[u8; N]; 4], [right, lower]: [u32; 2]) -> [u8; N] {
    let weights = [(ONE - right) * (ONE - lower), right * (ONE - lower), (ONE - right) * lower, right * lower];
    let sum = |c: usize| (0..4).map(|i| weights[i] * u32::from(pixels[i][c])).sum::<u32>();
    let round = |sum: u32| ((sum + (1 << (2 * WEIGHT - 1))) >> (2 * WEIGHT)) as u8;
    let is_opaque = N % 2 == 1 || pixels.iter().all(|pixel| pixel[N - 1] == 255);
    if is_opaque {
        return core::array::from_fn(|c| round(sum(c)));
    }
    let alpha = round(sum(N - 1));
    // colours by how much of each is seen, with 24 bits of it
    let seen: [u32; 4] = core::array::from_fn(|i| (weights[i] >> 8) * u32::from(pixels[i][N - 1]));
    let total = seen.iter().sum::<u32>();
    if alpha == 0 || total == 0 {
        return [0; N];
    }
    core::array::from_fn(|c| {
        if c == N - 1 {
            return alpha;
        }
        let sum: u32 = (0..4).map(|i| seen[i] * u32::from(pixels[i][c])).sum();
        ((sum + total / 2) / total) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize) -> Vec<u8> {
        (0..count as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    fn turned(angle: f64) -> Affine {
        let (sin, cos) = angle.to_radians().sin_cos();
        Affine { origin: [-7.3, 4.1], across: [cos, -sin], down: [sin, cos] }
    }

    fn affine(image: &[u8], size: (usize, usize), n: u8, map: &Affine, around: &[u8], to: (usize, usize)) -> Vec<u8> {
        let ground = Ground { image, size, channels: n, background: around };
        let mut out = vec![0; to.0 * to.1 * usize::from(n)];
        out.chunks_exact_mut(to.0 * usize::from(n)).enumerate().for_each(|(y, row)| ground.row(map, y, row));
        out
    }

    /// The definition, one pixel at a time in floating point.
    fn slow(image: &[u8], size: (usize, usize), n: usize, map: &Affine, around: &[u8], x: usize, y: usize) -> Vec<f64> {
        let place: [f64; 2] =
            core::array::from_fn(|i| map.origin[i] + map.across[i] * x as f64 + map.down[i] * y as f64);
        let (left, top) = (place[0].floor(), place[1].floor());
        let mut sums = vec![0.0; n];
        for (dx, dy) in (0..2).flat_map(|dy| (0..2).map(move |dx| (f64::from(dx), f64::from(dy)))) {
            let (x, y) = (left + dx, top + dy);
            let weight = (1.0 - (place[0] - x).abs()) * (1.0 - (place[1] - y).abs());
            let is_inside = x >= 0.0 && y >= 0.0 && x < size.0 as f64 && y < size.1 as f64;
            let pixel = if is_inside { &image[(y as usize * size.0 + x as usize) * n..][..n] } else { around };
            let seen = if n.is_multiple_of(2) { f64::from(pixel[n - 1]) } else { 255.0 };
            for (c, sum) in sums.iter_mut().enumerate() {
                *sum +=
                    weight * if n.is_multiple_of(2) && c == n - 1 { 255.0 } else { seen } * f64::from(pixel[c]) / 255.0;
            }
        }
        if n.is_multiple_of(2) && sums[n - 1] > 0.0 {
            let alpha = sums[n - 1];
            sums[..n - 1].iter_mut().for_each(|sum| *sum = *sum * 255.0 / alpha);
        }
        sums
    }

    #[test]
    fn every_angle_and_channel_count_is_as_defined() {
        let (size, to) = ((23, 17), (40, 33));
        for n in 1..=4 {
            let image = noise(size.0 * size.1 * n);
            let around = noise(n);
            for angle in [0.0, 0.003, 17.0, 45.0, 90.0, 133.7, 180.0, 269.999, 300.0] {
                let map = turned(angle);
                let out = affine(&image, size, n as u8, &map, &around, to);
                assert_eq!(out.len(), to.0 * to.1 * n);
                for (y, x) in (0..to.1).flat_map(|y| (0..to.0).map(move |x| (y, x))) {
                    let expected = slow(&image, size, n, &map, &around, x, y);
                    let got = &out[(y * to.0 + x) * n..][..n];
                    // colours of what is hardly seen are coarse
                    let coarse = if n.is_multiple_of(2) { 1.0 + 255.0 / expected[n - 1].max(1.0) } else { 1.0 };
                    let near = got.iter().zip(&expected).all(|(a, b)| (f64::from(*a) - b).abs() <= coarse);
                    let is_seen = n % 2 == 1 || expected[n - 1] > 2.0;
                    assert!(near || !is_seen, "{n} {angle} {x},{y}: {got:?}, {expected:?}");
                }
            }
        }
    }

    #[test]
    fn a_shift_by_whole_pixels_is_exact() {
        let image = noise(5 * 4 * 3);
        let map = Affine { origin: [-1.0, -2.0], across: [1.0, 0.0], down: [0.0, 1.0] };
        let out = affine(&image, (5, 4), 3, &map, &[9, 9, 9], (7, 7));
        for (y, x) in (0..7).flat_map(|y| (0..7).map(move |x| (y, x))) {
            let is_inside = (1..6).contains(&x) && (2..6).contains(&y);
            let expected = if is_inside { &image[((y - 2) * 5 + x - 1) * 3..][..3] } else { &[9; 3] };
            assert_eq!(&out[(y * 7 + x) * 3..][..3], expected, "{x},{y}");
        }
    }

    #[test]
    fn an_image_of_one_pixel_and_one_far_away_are_handled() {
        let map = turned(45.0);
        let _ = affine(&[1, 2, 3, 4], (1, 1), 4, &map, &[0; 4], (20, 20));
        let far = Affine { origin: [1e12, -1e12], ..map };
        assert!(affine(&[7; 12], (2, 2), 3, &far, &[5; 3], (9, 9)).iter().all(|&v| v == 5));
    }
}
