//! Local histogram equalisation with limited contrast, as libvips' `hist_local` has it: each sample becomes its rank among those of a window
//! around it, of which none counts more than the slope says; the picture is mirrored beyond its edges.
//!
//! Each column of the picture has a histogram of as many rows as the window has, which loses a sample and gains one with every row. The window's
//! histogram gains a column and loses one with every sample; what that takes hardly depends on the window (Perreault and Hébert 2007).

use deckle_simd::*;

/// A window and the most that one value may count, 0 for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The most that one value counts.
    pub slope: u32,
}

/// Equalises a plane of rows of `width` samples. The window is no larger than the plane.
#[inline(never)]
pub fn clahe(plane: &mut Vec<u8>, width: usize, window: Window) {
    if width == 0 || plane.len() < width {
        return;
    }
    let rows = plane.len() / width;
    let (across, down) = (window.width.clamp(1, width), window.height.clamp(1, rows));
    let limit = if window.slope == 0 { u32::MAX } else { window.slope };
    let window = (across, down, limit);
    *plane = match (across * down, down) {
        (0..=0x7FFF, 0..=0xFF) => equalised::<u8, i16>(plane, width, window),
        _ => equalised::<u16, u32>(plane, width, window),
    };
}

/// Bytes that it takes beside the plane, at most.
pub fn clahe_memory((width, height): (u64, u64), window: (u64, u64)) -> u64 {
    let column = size_of::<Column<u16>>();
    // the result, a histogram of each column, and where columns are beyond the edges
    width * height + width * column as u64 + (width + window.0.min(width) + 16) * 8 + (8 << 10)
}

/// Values that are worked on together, in vectors, and how many such groups there are.
const GROUP: usize = 16;
const GROUPS: usize = 256 / GROUP;

/// How often each value is in a column.
#[derive(Clone)]
struct Column<C> {
    counts: [[C; GROUP]; GROUPS],
    groups: [C; GROUPS],
    /// A bit for each group of which there are values.
    occupied: u32,
}

/// How often each value is in the window.
#[derive(Clone)]
struct Histogram<W> {
    counts: [[W; GROUP]; GROUPS],
    /// What the values of each group count together, each as much as the limit allows.
    sums: [u32; GROUPS],
    /// The sum of those.
    counted: u32,
    limit: W,
}

#[inline(never)]
fn equalised<C: Count, W: Sum<C>>(plane: &[u8], width: usize, (across, down, limit): (usize, usize, u32)) -> Vec<u8> {
    let rows = plane.len() / width;
    let row = |y: usize| &plane[mirrored(y as isize - (down / 2) as isize, rows) * width..][..width];
    // the column at each place, mirrored at both ends
    let places: Vec<usize> = (0..width + across).map(|x| mirrored(x as isize - (across / 2) as isize, width)).collect();
    let none = Column { counts: [[C::default(); GROUP]; GROUPS], groups: [C::default(); GROUPS], occupied: 0 };
    let mut columns = vec![none; width];
    (0..down).for_each(|y| gain(&mut columns, row(y)));
    // of the window around a row's first sample
    let mut first = Histogram::new(W::limit(limit));
    for y in 0..down {
        places[..across].iter().for_each(|&x| first.gain(row(y)[x]));
    }
    let mut out = vec![0; plane.len()];
    for (y, (out, samples)) in out.chunks_exact_mut(width).zip(plane.chunks_exact(width)).enumerate() {
        if let Some(before) = y.checked_sub(1) {
            let (gone, come) = (row(before), row(before + down));
            for &x in &places[..across] {
                first.lose(gone[x]);
                first.gain(come[x]);
            }
            lose(&mut columns, gone);
            gain(&mut columns, come);
        }
        along(first.clone(), &columns, &places, (across * down) as u32, samples, out);
    }
    out
}

/// A row.
#[inline(never)]
fn along<C: Count, W: Sum<C>>(
    mut window: Histogram<W>,
    columns: &[Column<C>],
    places: &[usize],
    area: u32,
    samples: &[u8],
    out: &mut [u8],
) {
    let across = places.len() - samples.len();
    let steps = places.iter().zip(&places[across..]);
    for ((out, &sample), (&gone, &come)) in out.iter_mut().zip(samples).zip(steps) {
        *out = window.rank(sample, area);
        window.slide(&columns[come], &columns[gone]);
    }
}

/// Each column gains a sample.
#[inline(never)]
fn gain<C: Count>(columns: &mut [Column<C>], row: &[u8]) {
    for (column, &v) in columns.iter_mut().zip(row) {
        let (group, value) = (usize::from(v) / GROUP, usize::from(v) % GROUP);
        column.counts[group][value].more();
        column.groups[group].more();
        column.occupied |= 1 << group;
    }
}

/// Each column loses a sample.
#[inline(never)]
fn lose<C: Count>(columns: &mut [Column<C>], row: &[u8]) {
    for (column, &v) in columns.iter_mut().zip(row) {
        let (group, value) = (usize::from(v) / GROUP, usize::from(v) % GROUP);
        column.counts[group][value].less();
        column.groups[group].less();
        if column.groups[group] == C::default() {
            column.occupied &= !(1 << group);
        }
    }
}

impl<W: Copy + Default> Histogram<W> {
    fn new(limit: W) -> Self {
        Self { counts: [[W::default(); GROUP]; GROUPS], sums: [0; GROUPS], counted: 0, limit }
    }

    fn gain<C>(&mut self, v: u8)
    where
        W: Sum<C>,
    {
        let (group, value) = (usize::from(v) / GROUP, usize::from(v) % GROUP);
        let counts = u32::from(self.counts[group][value].gain(self.limit));
        self.sums[group] += counts;
        self.counted += counts;
    }

    fn lose<C>(&mut self, v: u8)
    where
        W: Sum<C>,
    {
        let (group, value) = (usize::from(v) / GROUP, usize::from(v) % GROUP);
        let counts = u32::from(self.counts[group][value].lose(self.limit));
        self.sums[group] -= counts;
        self.counted -= counts;
    }

    /// Gains a column and loses one.
    #[inline(always)]
    fn slide<C>(&mut self, come: &Column<C>, gone: &Column<C>)
    where
        W: Sum<C>,
    {
        let mut left = come.occupied | gone.occupied;
        while left != 0 {
            let group = left.trailing_zeros() as usize % GROUPS;
            left &= left - 1;
            let sum = W::slide(&mut self.counts[group], &come.counts[group], &gone.counts[group], self.limit);
            self.counted = self.counted + sum - self.sums[group];
            self.sums[group] = sum;
        }
    }

    /// The share of the window that is no greater, of 255. What is over the limit is spread over all values.
    #[inline(always)]
    fn rank<C>(&self, v: u8, area: u32) -> u8
    where
        W: Sum<C>,
    {
        let (group, value) = (usize::from(v) / GROUP, usize::from(v) % GROUP);
        let mut sum = W::up_to(value, &self.counts[group], self.limit);
        for i in 0..GROUPS {
            sum += if i < group { self.sums[i] } else { 0 };
        }
        sum += ((u64::from(v) + 1) * u64::from(area - self.counted) / 256) as u32;
        (u64::from(sum) * 255 / u64::from(area)) as u8
    }
}

/// A number of samples of a column.
trait Count: Copy + Default + PartialEq {
    fn more(&mut self);
    fn less(&mut self);
}

macro_rules! counts {
    ($($count:ty),*) => { $(
        impl Count for $count {
            #[inline(always)]
            fn more(&mut self) {
                *self = self.wrapping_add(1);
            }
            #[inline(always)]
            fn less(&mut self) {
                *self = self.wrapping_sub(1);
            }
        }
    )* };
}
counts!(u8, u16);

/// A number of samples of a window, whose columns have numbers of their own kind.
trait Sum<C>: Copy + Default {
    /// The limit, or as much of it as fits.
    fn limit(limit: u32) -> Self;
    /// One more; whether it counts.
    fn gain(&mut self, limit: Self) -> bool;
    /// One less; whether it counted.
    fn lose(&mut self, limit: Self) -> bool;
    /// Adds the numbers of a column and takes those of another away; what the group counts then.
    fn slide(counts: &mut [Self; GROUP], come: &[C; GROUP], gone: &[C; GROUP], limit: Self) -> u32;
    /// What a group counts up to a value.
    fn up_to(value: usize, counts: &[Self; GROUP], limit: Self) -> u32;
}

/// Windows of no more than fit, eight numbers at once.
impl Sum<u8> for i16 {
    fn limit(limit: u32) -> Self {
        limit.try_into().unwrap_or(Self::MAX)
    }

    #[inline(always)]
    fn gain(&mut self, limit: Self) -> bool {
        *self = self.wrapping_add(1);
        *self <= limit
    }

    #[inline(always)]
    fn lose(&mut self, limit: Self) -> bool {
        *self = self.wrapping_sub(1);
        *self < limit
    }

    #[inline(always)]
    fn slide(counts: &mut [Self; GROUP], come: &[u8; GROUP], gone: &[u8; GROUP], limit: Self) -> u32 {
        let limit = pair(limit.into(), limit.into());
        let mut sums = splat32(0);
        let columns = come.as_chunks().0.iter().zip(gone.as_chunks().0);
        for (counts, (come, gone)) in counts.as_chunks_mut::<8>().0.iter_mut().zip(columns) {
            let moved = sub16(add16(load(counts), load_wide(come)), load_wide(gone));
            store(counts, moved);
            sums = add16(sums, min16(moved, limit));
        }
        total(sums)
    }

    #[inline(always)]
    fn up_to(value: usize, counts: &[Self; GROUP], limit: Self) -> u32 {
        // ones up to the value's, then none
        const ONES: [i16; 2 * GROUP] = {
            let mut ones = [0; 2 * GROUP];
            let mut i = 0;
            while i < GROUP {
                ones[i] = -1;
                i += 1;
            }
            ones
        };
        let limit = pair(limit.into(), limit.into());
        let ones = ONES[GROUP - 1 - value % GROUP..].as_chunks::<8>().0;
        let mut sums = splat32(0);
        for (counts, ones) in counts.as_chunks::<8>().0.iter().zip(ones) {
            sums = add16(sums, and(min16(load(counts), limit), load(ones)));
        }
        total(sums)
    }
}

/// The sum of eight numbers.
#[inline(always)]
fn total(sums: V128) -> u32 {
    let fours = dot(sums, pair(1, 1));
    let two = halves(add32(fours, zip64_high(fours, fours)))[0];
    (two as u32).wrapping_add((two >> 32) as u32)
}

/// Windows of any size.
impl Sum<u16> for u32 {
    fn limit(limit: u32) -> Self {
        limit
    }

    #[inline(always)]
    fn gain(&mut self, limit: Self) -> bool {
        *self = self.wrapping_add(1);
        *self <= limit
    }

    #[inline(always)]
    fn lose(&mut self, limit: Self) -> bool {
        *self = self.wrapping_sub(1);
        *self < limit
    }

    #[inline(always)]
    fn slide(counts: &mut [Self; GROUP], come: &[u16; GROUP], gone: &[u16; GROUP], limit: Self) -> u32 {
        let mut sum = 0;
        for ((count, &come), &gone) in counts.iter_mut().zip(come).zip(gone) {
            *count = count.wrapping_add(come.into()).wrapping_sub(gone.into());
            sum += (*count).min(limit);
        }
        sum
    }

    #[inline(always)]
    fn up_to(value: usize, counts: &[Self; GROUP], limit: Self) -> u32 {
        counts.iter().take(value + 1).map(|count| (*count).min(limit)).sum()
    }
}

/// The sample that is shown at a place beyond the ends.
fn mirrored(at: isize, count: usize) -> usize {
    let place = at.rem_euclid(2 * count as isize) as usize;
    if place < count { place } else { 2 * count - 1 - place }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every window counted anew.
    fn by_the_book(plane: &[u8], width: usize, window: Window) -> Vec<u8> {
        (0..plane.len()).map(|i| exactly(plane, width, window, i)).collect()
    }

    fn exactly(plane: &[u8], width: usize, window: Window, i: usize) -> u8 {
        let rows = plane.len() / width;
        let (x, y) = ((i % width) as isize, (i / width) as isize);
        let mut bins = [0_u64; 256];
        for dy in 0..window.height as isize {
            for dx in 0..window.width as isize {
                let column = mirrored(x + dx - (window.width / 2) as isize, width);
                let row = mirrored(y + dy - (window.height / 2) as isize, rows);
                bins[usize::from(plane[row * width + column])] += 1;
            }
        }
        let limit = if window.slope == 0 { u64::MAX } else { window.slope.into() };
        let over: u64 = bins.iter().map(|&n| n.saturating_sub(limit)).sum();
        let v = usize::from(plane[i]);
        let sum = bins[..=v].iter().map(|&n| n.min(limit)).sum::<u64>() + (v as u64 + 1) * over / 256;
        (255 * sum / (window.width * window.height) as u64) as u8
    }

    #[test]
    fn every_sample_is_its_rank_in_its_window() {
        let plane: Vec<u8> = (0..23 * 17).map(|i| (i * i * 7 % 90 + i % 23 * 5) as u8).collect();
        for slope in [0, 1, 3, 100] {
            for (width, height) in [(3, 3), (8, 5), (23, 17), (1, 1), (22, 2)] {
                let window = Window { width, height, slope };
                let mut out = plane.clone();
                clahe(&mut out, 23, window);
                assert_eq!(out, by_the_book(&plane, 23, window), "{window:?}");
            }
        }
    }

    #[test]
    fn windows_of_many_rows_and_of_many_samples_are_counted_whole() {
        // columns of more than 255 rows, and more than 65,535 samples, most of them of one value
        let plane: Vec<u8> = (0..260_usize * 280).map(|i| if i % 7 > 0 { 9 } else { (i * i % 256) as u8 }).collect();
        for (width, height) in [(3, 270), (255, 270)] {
            for slope in [0, 5] {
                let window = Window { width, height, slope };
                let mut out = plane.clone();
                clahe(&mut out, 260, window);
                for at in [0, 259, 140 * 260 + 130, plane.len() - 1] {
                    assert_eq!(out[at], exactly(&plane, 260, window, at), "{window:?} {at}");
                }
            }
        }
    }

    #[test]
    fn a_window_beyond_the_plane_is_the_plane_and_nothing_stays_nothing() {
        let plane: Vec<u8> = (0..20).map(|i| i * 9).collect();
        let (mut a, mut b) = (plane.clone(), plane);
        clahe(&mut a, 5, Window { width: usize::MAX, height: usize::MAX, slope: 3 });
        clahe(&mut b, 5, Window { width: 5, height: 4, slope: 3 });
        assert_eq!(a, b);
        clahe(&mut Vec::new(), 5, Window { width: 3, height: 3, slope: 3 });
        clahe(&mut a, 0, Window { width: 0, height: 0, slope: 0 });
    }
}
