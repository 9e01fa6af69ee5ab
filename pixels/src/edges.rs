//! The box around whatever is not background, row by row: libvips' `find_trim`, as sharp uses it.
//!
//! A pixel counts if a sample of it, after a median of 3 × 3, is further from the background than a tolerance. A median is above a
//! value if five of nine samples are, so samples above and below are counted and nothing is sorted. Alpha counts like a colour;
//! colours are looked at as they lie on the background.

use std::ops::Range;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Background {
    /// Red, green, blue and alpha.
    pub colour: [u8; 4],
    /// How far a sample may be from it.
    pub tolerance: u8,
    /// Whether single pixels count: no median.
    pub is_line_art: bool,
}

/// A sample above the range of the background counts in the low half of a byte, one below it in the high half.
const ABOVE: u8 = 1;
const BELOW: u8 = 16;
/// Of nine.
const MOST: u8 = 5;

/// Rows of an image that are looked at from the top.
#[derive(Debug)]
pub struct Edges {
    background: Background,
    channels: usize,
    width: usize,
    /// Least and greatest value of each channel that is background.
    ranges: [(u8, u8); 4],
    /// Marks of the last row, the one before and the one before that.
    marks: [Vec<u8>; 3],
    /// Their sums, for each sample.
    sums: Vec<u8>,
    /// A row on the background.
    flat: Vec<u8>,
    /// Rows that were looked at, and those that were given.
    seen: usize,
    given: usize,
    columns: Range<usize>,
    rows: Range<usize>,
}

impl Edges {
    /// For rows of `width` pixels of 1 to 4 channels.
    pub fn new(width: usize, channels: u8, background: Background) -> Self {
        let Background { colour: [r, g, b, a], tolerance, .. } = background;
        let range = |least: u8, most: u8| (least.saturating_sub(tolerance), most.saturating_add(tolerance));
        let grey = range(r.max(g).max(b), r.min(g).min(b));
        let ranges = match channels {
            1 | 2 => [grey, range(a, a), (0, 255), (0, 255)],
            _ => [range(r, r), range(g, g), range(b, b), range(a, a)],
        };
        let row = vec![0; width * usize::from(channels)];
        Self {
            background,
            channels: channels.into(),
            width,
            ranges,
            marks: [row.clone(), row.clone(), row.clone()],
            sums: row.clone(),
            flat: row,
            seen: 0,
            given: 0,
            columns: width..0,
            rows: 0..0,
        }
    }

    /// Bytes that it holds.
    pub fn memory(width: u64, channels: u8) -> u64 {
        5 * width * u64::from(channels)
    }

    /// Takes the next row.
    #[inline(never)]
    pub fn push(&mut self, row: &[u8]) {
        self.marks.rotate_right(1);
        let flat = if self.channels.is_multiple_of(2) {
            self.flat.copy_from_slice(row);
            flatten(&mut self.flat, self.channels, self.background.colour);
            &self.flat
        } else {
            row
        };
        match self.channels {
            1 => mark::<1>(flat, &self.ranges, &mut self.marks[0]),
            2 => mark::<2>(flat, &self.ranges, &mut self.marks[0]),
            3 => mark::<3>(flat, &self.ranges, &mut self.marks[0]),
            _ => mark::<4>(flat, &self.ranges, &mut self.marks[0]),
        }
        self.given += 1;
        if self.background.is_line_art {
            self.sums.copy_from_slice(&self.marks[0]);
            self.look();
        } else if self.given == 1 {
            // the first row has itself above
            let [last, before, _] = &mut self.marks;
            before.copy_from_slice(last);
        } else {
            self.add();
            self.look();
        }
    }

    /// The columns and rows in which there is something; `None` if it is all background.
    #[inline(never)]
    pub fn finish(mut self) -> Option<(Range<usize>, Range<usize>)> {
        if self.seen < self.given {
            // the last row has itself below
            let last = self.marks[0].clone();
            self.marks.rotate_right(1);
            self.marks[0] = last;
            self.add();
            self.look();
        }
        (!self.rows.is_empty()).then_some((self.columns, self.rows))
    }

    #[inline(never)]
    fn add(&mut self) {
        let [a, b, c] = &self.marks;
        for (((sum, a), b), c) in self.sums.iter_mut().zip(a).zip(b).zip(c) {
            *sum = a + b + c;
        }
    }

    /// Looks at the row whose sums are there, outside of the columns that are known, and for one pixel inside.
    #[inline(never)]
    fn look(&mut self) {
        let y = self.seen;
        self.seen += 1;
        let known = self.columns.clone();
        let left = (0..known.start.min(self.width)).find(|&x| self.counts(x));
        let right = (known.end..self.width).rev().find(|&x| self.counts(x));
        if let Some(x) = left {
            self.columns.start = x;
        }
        if let Some(x) = right {
            self.columns.end = x + 1;
        }
        if left.is_some() || right.is_some() || known.into_iter().any(|x| self.counts(x)) {
            self.rows = if self.rows.is_empty() { y..y + 1 } else { self.rows.start..y + 1 };
        }
    }

    fn counts(&self, x: usize) -> bool {
        let n = self.channels;
        let at = |x: usize, c: usize| self.sums[x * n + c];
        if self.background.is_line_art {
            return (0..n).any(|c| at(x, c) != 0);
        }
        let (before, after) = (x.saturating_sub(1), (x + 1).min(self.width - 1));
        (0..n).any(|c| {
            let sum = at(before, c) + at(x, c) + at(after, c);
            sum % BELOW >= MOST || sum / BELOW >= MOST
        })
    }
}

/// Colours as they lie on the background; alpha is kept.
fn flatten(row: &mut [u8], channels: usize, [r, g, b, _]: [u8; 4]) {
    let under = if channels == 2 { [r; 3] } else { [r, g, b] };
    for pixel in row.chunks_exact_mut(channels) {
        let alpha = u32::from(pixel[channels - 1]);
        for (v, under) in pixel[..channels - 1].iter_mut().zip(under) {
            *v = ((u32::from(*v) * alpha + u32::from(under) * (255 - alpha) + 127) / 255) as u8;
        }
    }
}

#[inline(never)]
fn mark<const N: usize>(row: &[u8], ranges: &[(u8, u8); 4], marks: &mut [u8]) {
    let (pixels, _) = row.as_chunks::<N>();
    for (pixel, marks) in pixels.iter().zip(marks.as_chunks_mut::<N>().0) {
        for c in 0..N {
            let (least, most) = ranges[c];
            marks[c] = ABOVE * u8::from(pixel[c] > most) + BELOW * u8::from(pixel[c] < least);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: [u8; 4] = [255; 4];

    fn edges(data: &[u8], width: usize, channels: u8, background: Background) -> Option<(Range<usize>, Range<usize>)> {
        let mut edges = Edges::new(width, channels, background);
        data.chunks(width * usize::from(channels)).for_each(|row| edges.push(row));
        edges.finish()
    }

    /// The definition for one channel: a sorted median, then a comparison.
    fn slow(data: &[u8], width: usize, background: Background) -> Option<(Range<usize>, Range<usize>)> {
        let height = data.len() / width;
        let at = |x: isize, y: isize| {
            data[y.clamp(0, height as isize - 1) as usize * width + x.clamp(0, width as isize - 1) as usize]
        };
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (cx, cy) = (x as isize, y as isize);
            let mut nine: Vec<u8> =
                (-1..2).flat_map(|dy| (-1..2).map(move |dx| (dx, dy))).map(|(dx, dy)| at(cx + dx, cy + dy)).collect();
            nine.sort_unstable();
            let value = if background.is_line_art { at(cx, cy) } else { nine[4] };
            if value.abs_diff(background.colour[0]) > background.tolerance {
                found.push((x, y));
            }
        }
        let range = |values: Vec<usize>| Some(*values.iter().min()?..values.iter().max()? + 1);
        Some((range(found.iter().map(|f| f.0).collect())?, range(found.iter().map(|f| f.1).collect())?))
    }

    #[test]
    fn random_images_have_the_box_of_the_definition() {
        let mut state = 1u32;
        let mut random = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % n
        };
        for _ in 0..2_000 {
            let (width, height) = (1 + random(9) as usize, 1 + random(9) as usize);
            let dark = random(9) + 1;
            let data: Vec<u8> =
                (0..width * height).map(|_| if random(10) < dark { 255 - random(40) as u8 } else { 40 }).collect();
            for is_line_art in [false, true] {
                let tolerance = random(45) as u8;
                let background = Background { colour: WHITE, tolerance, is_line_art };
                assert_eq!(
                    edges(&data, width, 1, background),
                    slow(&data, width, background),
                    "{width} {data:?} {tolerance}"
                );
            }
        }
    }

    #[test]
    fn all_background_has_no_box() {
        let background = Background { colour: [9, 8, 7, 255], tolerance: 0, is_line_art: false };
        assert_eq!(edges(&[9, 8, 7].repeat(30), 5, 3, background), None);
    }

    #[test]
    fn a_colour_counts_on_any_channel_and_alpha_alone_does_too() {
        let mut data = [9, 8, 7, 255].repeat(49);
        let background = Background { colour: [9, 8, 7, 255], tolerance: 10, is_line_art: true };
        data[(3 * 7 + 2) * 4 + 1] = 19;
        assert_eq!(edges(&data, 7, 4, background), Some((2..3, 3..4)));
        data[(5 * 7 + 6) * 4 + 3] = 244;
        assert_eq!(edges(&data, 7, 4, background), Some((2..7, 3..6)));
    }

    #[test]
    fn what_cannot_be_seen_is_background() {
        // colours of clear pixels do not count
        let mut data = [0, 0, 0, 0].repeat(49);
        data[(3 * 7 + 2) * 4] = 200;
        let background = Background { colour: [0; 4], tolerance: 10, is_line_art: true };
        assert_eq!(edges(&data, 7, 4, background), None);
    }

    #[test]
    fn a_grey_image_is_compared_with_every_colour_of_the_background() {
        let background = Background { colour: [100, 110, 120, 255], tolerance: 10, is_line_art: true };
        assert_eq!(edges(&[110, 110, 111, 110], 4, 1, background), Some((2..3, 0..1)));
    }
}
