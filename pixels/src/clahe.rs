//! Local histogram equalisation with limited contrast, as libvips' `hist_local` has it: each sample becomes its rank among those of a window
//! around it, of which none counts more than the slope says; the picture is mirrored beyond its edges.
//!
//! Each column of the picture has a histogram of as many rows as the window has, which loses a sample and gains one with every row. The window's
//! histogram gains a column and loses one with every sample; what that takes hardly depends on the window (Perreault and Hébert 2007).

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
        (0..=0xFFFF, 0..=0xFF) => equalised::<u8, u16>(plane, width, window),
        (0..=0xFFFF, _) => equalised::<u16, u16>(plane, width, window),
        _ => equalised::<u16, u32>(plane, width, window),
    };
}

/// Bytes that it takes beside the plane, at most.
pub fn clahe_memory((width, height): (u64, u64), window: (u64, u64)) -> u64 {
    let count = if window.1.min(height) > 0xFF { 2 } else { 1 };
    // the result, a histogram of each column, and where columns are beyond the edges
    width * height + width * VALUES as u64 * count + (width + window.0.min(width) + 16) * 8 + (8 << 10)
}

/// Values that a sample may have.
const VALUES: usize = 256;

/// How often each value is in a column, or in the window.
type Histogram<T> = [T; VALUES];

/// Values that are worked on together, in vectors.
const GROUP: usize = 16;

#[inline(never)]
fn equalised<C: Count, W: Sum<C>>(plane: &[u8], width: usize, (across, down, limit): (usize, usize, u32)) -> Vec<u8> {
    let rows = plane.len() / width;
    let row = |y: isize| &plane[mirrored(y, rows) * width..][..width];
    let (left, top) = ((across / 2) as isize, (down / 2) as isize);
    // the column at each place, mirrored at both ends
    let places: Vec<usize> = (0..width + across).map(|x| mirrored(x as isize - left, width)).collect();
    let mut columns = vec![[C::default(); VALUES]; width];
    for y in 0..down as isize {
        gain(&mut columns, row(y - top));
    }
    // of the window around a row's first sample
    let mut first = [W::default(); VALUES];
    places[..across].iter().for_each(|&x| add(&mut first, &columns[x]));
    let (limit, area) = (W::limit(limit), (across * down) as u64);
    let mut out = vec![0; plane.len()];
    for (y, (out, samples)) in out.chunks_exact_mut(width).zip(plane.chunks_exact(width)).enumerate() {
        if y > 0 {
            let (gone, come) = (row(y as isize - 1 - top), row(y as isize - 1 - top + down as isize));
            for &x in &places[..across] {
                first[usize::from(gone[x])].less();
                first[usize::from(come[x])].more();
            }
            lose(&mut columns, gone);
            gain(&mut columns, come);
        }
        let mut histogram = first;
        for ((out, &sample), step) in out.iter_mut().zip(samples).zip(places.windows(across + 1)) {
            let (lower, all) = counted(&histogram, sample, limit);
            *out = rank(lower, all, sample, area);
            if step[0] != step[across] {
                slide(&mut histogram, &columns[step[across]], &columns[step[0]]);
            }
        }
    }
    out
}

/// The share of the window that is no greater, of 255. What is over the limit is spread over all values.
#[inline(always)]
fn rank(lower: u32, all: u32, sample: u8, area: u64) -> u8 {
    let over = area - u64::from(all);
    let sum = u64::from(lower) + (u64::from(sample) + 1) * over / 256;
    (255 * sum / area) as u8
}

/// Each column gains a sample.
#[inline(never)]
fn gain<C: Count>(columns: &mut [Histogram<C>], row: &[u8]) {
    columns.iter_mut().zip(row).for_each(|(column, &v)| column[usize::from(v)].more());
}

/// Each column loses a sample.
#[inline(never)]
fn lose<C: Count>(columns: &mut [Histogram<C>], row: &[u8]) {
    columns.iter_mut().zip(row).for_each(|(column, &v)| column[usize::from(v)].less());
}

#[inline(never)]
fn add<C: Count, W: Sum<C>>(histogram: &mut Histogram<W>, column: &Histogram<C>) {
    histogram.iter_mut().zip(column).for_each(|(sum, &count)| *sum = sum.moved(count, C::default()));
}

/// The window loses a column and gains one.
#[inline(never)]
fn slide<C: Count, W: Sum<C>>(histogram: &mut Histogram<W>, come: &Histogram<C>, gone: &Histogram<C>) {
    let columns = come.as_chunks::<GROUP>().0.iter().zip(gone.as_chunks::<GROUP>().0);
    for (sums, (come, gone)) in histogram.as_chunks_mut::<GROUP>().0.iter_mut().zip(columns) {
        for i in 0..GROUP {
            sums[i] = sums[i].moved(come[i], gone[i]);
        }
    }
}

/// How many samples count, of those up to `sample` and of all.
#[inline(never)]
fn counted<C: Count, W: Sum<C>>(histogram: &Histogram<W>, sample: u8, limit: W) -> (u32, u32) {
    let groups = histogram.as_chunks::<GROUP>().0;
    let (lower, higher) = groups.split_at(usize::from(sample) / GROUP);
    let below = W::total(lower, limit);
    let own: u32 = higher[0].iter().take(usize::from(sample) % GROUP + 1).map(|sum| sum.at_most(limit).into()).sum();
    (below + own, below + W::total(higher, limit))
}

/// A number of samples of a column.
trait Count: Copy + Default {
    fn more(&mut self);
    fn less(&mut self);
}

/// A number of samples of a window.
trait Sum<C>: Copy + Default + Into<u32> {
    fn more(&mut self);
    fn less(&mut self);
    /// The limit, as large as fits.
    fn limit(limit: u32) -> Self;
    fn moved(self, come: C, gone: C) -> Self;
    fn at_most(self, limit: Self) -> Self;
    /// Of all, each no more than the limit.
    fn total(groups: &[[Self; GROUP]], limit: Self) -> u32;
}

macro_rules! counts {
    ($($count:ty),*) => { $(
        impl Count for $count {
            fn more(&mut self) {
                *self = self.wrapping_add(1);
            }
            fn less(&mut self) {
                *self = self.wrapping_sub(1);
            }
        }
    )* };
}
counts!(u8, u16);

macro_rules! sums {
    ($($count:ty => $sum:ty),*) => { $(
        impl Sum<$count> for $sum {
            fn more(&mut self) {
                *self = self.wrapping_add(1);
            }
            fn less(&mut self) {
                *self = self.wrapping_sub(1);
            }
            fn limit(limit: u32) -> Self {
                limit.try_into().unwrap_or(Self::MAX)
            }
            #[inline(always)]
            fn moved(self, come: $count, gone: $count) -> Self {
                self.wrapping_add(Self::from(come)).wrapping_sub(Self::from(gone))
            }
            #[inline(always)]
            fn at_most(self, limit: Self) -> Self {
                self.min(limit)
            }
            /// Sums of lanes: all together are no more than the window has.
            #[inline(always)]
            fn total(groups: &[[Self; GROUP]], limit: Self) -> u32 {
                let mut lanes = [0; GROUP];
                for group in groups {
                    for (lane, sum) in lanes.iter_mut().zip(group) {
                        *lane += (*sum).min(limit);
                    }
                }
                lanes.iter().map(|&lane: &Self| u32::from(lane)).sum()
            }
        }
    )* };
}
sums!(u8 => u16, u16 => u16, u16 => u32);

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
