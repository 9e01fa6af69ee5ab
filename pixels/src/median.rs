//! The median of a square around each sample, as libvips' `rank` has it: the edge repeated, the middle of an even square right and below.
//!
//! A square of three is a network of comparisons. Larger ones keep a histogram that moves along the row: Huang, Yang and Tang 1979.

use deckle_simd::*;

/// The median of squares of `size` of a plane of rows of `width` samples.
#[inline(never)]
pub fn median(plane: &mut Vec<u8>, width: usize, size: usize) {
    if width == 0 || plane.len() < width || size < 2 {
        return;
    }
    let rows = plane.len() / width;
    let before = size / 2;
    let mut out = vec![0; plane.len()];
    // rows with their ends repeated
    let long = |y: isize, to: &mut [u8]| {
        let y = y.clamp(0, rows as isize - 1) as usize;
        let row = &plane[y * width..][..width];
        to[..before].fill(row[0]);
        to[before..before + width].copy_from_slice(row);
        to[before + width..].fill(row[width - 1]);
    };
    let mut window: Vec<Vec<u8>> = vec![vec![0; width + size]; size];
    for (i, row) in window.iter_mut().enumerate() {
        long(i as isize - before as isize, row);
    }
    let mut columns = Histogram::default();
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        if y > 0 {
            let next = y as isize + (size - 1 - before) as isize;
            long(next, &mut window[(y - 1) % size]);
        }
        match size {
            3 => three([&window[y % 3], &window[(y + 1) % 3], &window[(y + 2) % 3]], out),
            _ => columns.row(&window, size, out),
        }
    }
    *plane = out;
}

/// Bytes that it takes beside the plane, at most.
pub fn median_memory(width: u64, height: u64, size: u64) -> u64 {
    width * height + (width + size + 32) * size + 4096
}

/// The median of nine by a network of comparisons (Paeth 1990), sixteen pixels at a time.
#[inline(never)]
fn three(rows: [&[u8]; 3], out: &mut [u8]) {
    let sixteen = |at: usize| {
        let mut v = [splat32(0); 9];
        for (v, (row, x)) in v.iter_mut().zip(rows.iter().flat_map(|row| (0..3).map(move |x| (row, x)))) {
            let part = &row[at + x..];
            *v = match part.first_chunk() {
                Some(whole) => load_bytes(whole),
                None => {
                    let mut filled = [0; 16];
                    filled[..part.len()].copy_from_slice(part);
                    load_bytes(&filled)
                }
            };
        }
        middle(v)
    };
    let (sixteens, rest) = out.as_chunks_mut::<16>();
    let whole = sixteens.len();
    sixteens.iter_mut().enumerate().for_each(|(i, out)| store_bytes(out, sixteen(16 * i)));
    if !rest.is_empty() {
        let mut last = [0; 16];
        store_bytes(&mut last, sixteen(16 * whole));
        rest.copy_from_slice(&last[..rest.len()]);
    }
}

#[inline(always)]
fn middle(mut v: [V128; 9]) -> V128 {
    macro_rules! ordered {
        ($($i:literal $j:literal),*) => {$(
            (v[$i], v[$j]) = (min8(v[$i], v[$j]), max8(v[$i], v[$j]));
        )*};
    }
    ordered!(1 2, 4 5, 7 8, 0 1, 3 4, 6 7, 1 2, 4 5, 7 8, 0 3, 5 8, 4 7, 3 6, 1 4, 2 5, 4 7, 4 2, 6 4, 4 2);
    v[4]
}

/// Samples of a square, counted.
struct Histogram {
    counts: [u32; 256],
    /// The median, and how many samples lie below it.
    median: usize,
    below: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; 256], median: 0, below: 0 }
    }
}

impl Histogram {
    #[inline(never)]
    fn row(&mut self, window: &[Vec<u8>], size: usize, out: &mut [u8]) {
        *self = Self::default();
        for row in window {
            row[..size].iter().for_each(|&v| self.counts[usize::from(v)] += 1);
        }
        let rank = (size * size / 2) as u32;
        for (x, out) in out.iter_mut().enumerate() {
            self.settle(rank);
            *out = self.median as u8;
            for row in window {
                let (gone, come) = (usize::from(row[x]), usize::from(row[x + size]));
                self.counts[gone] -= 1;
                self.counts[come] += 1;
                self.below = self.below - u32::from(gone < self.median) + u32::from(come < self.median);
            }
        }
    }

    /// Moves the median to the sample that has so many before it.
    fn settle(&mut self, rank: u32) {
        while self.below > rank {
            self.median -= 1;
            self.below -= self.counts[self.median];
        }
        while self.below + self.counts[self.median & 255] <= rank {
            self.below += self.counts[self.median & 255];
            self.median += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_middle_of_all_samples_sorted() {
        for (width, height) in [(17, 9), (40, 5), (1, 8), (3, 1)] {
            let plane: Vec<u8> = (0..width * height).map(|i| (i * i * 31 % 251) as u8).collect();
            for size in [2, 3, 4, 5, 7, 16] {
                let mut out = plane.clone();
                median(&mut out, width, size);
                let at = |x: isize, y: isize| {
                    let (x, y) = (x.clamp(0, width as isize - 1), y.clamp(0, height as isize - 1));
                    plane[y as usize * width + x as usize]
                };
                for (i, &v) in out.iter().enumerate() {
                    let (x, y) = ((i % width) as isize, (i / width) as isize);
                    let (before, size) = ((size / 2) as isize, size as isize);
                    let offsets = (0..size * size).map(|k| (k % size - before, k / size - before));
                    let mut all: Vec<u8> = offsets.map(|(dx, dy)| at(x + dx, y + dy)).collect();
                    all.sort_unstable();
                    assert_eq!(v, all[all.len() / 2], "{size} at {x}, {y} of {width} × {height}");
                }
            }
        }
    }

    #[test]
    fn nothing_and_a_square_of_one_stay() {
        let mut plane = vec![1, 2, 3];
        median(&mut plane, 3, 1);
        assert_eq!(plane, [1, 2, 3]);
        median(&mut Vec::new(), 3, 3);
        median(&mut plane, 0, 3);
    }
}
