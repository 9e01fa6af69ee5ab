//! Local histogram equalisation with limited contrast, as libvips' `hist_local` has it: each sample becomes its rank among those of a window
//! around it, of which none counts more than the slope says; the picture is mirrored beyond its edges.
//!
//! The window's histogram moves along the row. Sums of sixteen neighbouring counts are kept with it, so that a rank takes 30 additions at most.

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
    let mut counts = Counts { limit, bins: [0; 256], sums: [0; 16] };
    let area = (across * down) as u64;
    let mut out = vec![0; plane.len()];
    // each row of the window, mirrored at both ends
    let columns: Vec<usize> =
        (0..width + across).map(|x| mirrored(x as isize - (across / 2) as isize, width)).collect();
    let mut long = vec![vec![0; width + across]; down];
    let fill = |y: usize, long: &mut [u8]| {
        let row = mirrored(y as isize - (down / 2) as isize, rows) * width;
        long.iter_mut().zip(&columns).for_each(|(to, &x)| *to = plane[row + x]);
    };
    for (y, row) in long.iter_mut().enumerate() {
        fill(y, row);
    }
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        if y > 0 {
            fill(y + down - 1, &mut long[(y - 1) % down]);
        }
        counts.clear();
        long.iter().for_each(|row| row[..across].iter().for_each(|&v| counts.add(v)));
        for (x, (out, &sample)) in out.iter_mut().zip(&plane[y * width..]).enumerate() {
            *out = counts.rank(sample, area);
            for row in &long {
                counts.remove(row[x]);
                counts.add(row[x + across]);
            }
        }
    }
    *plane = out;
}

/// Bytes that it takes beside the plane, at most.
pub fn clahe_memory((width, height): (u64, u64), window: (u64, u64)) -> u64 {
    width * height + (width + window.0.min(width) + 32) * (window.1.min(height) + 10) + 4096
}

/// The sample that is shown at a place beyond the ends.
fn mirrored(at: isize, count: usize) -> usize {
    let place = at.rem_euclid(2 * count as isize) as usize;
    if place < count { place } else { 2 * count - 1 - place }
}

struct Counts {
    limit: u32,
    bins: [u32; 256],
    /// What sixteen bins count together, each as much as the limit allows.
    sums: [u32; 16],
}

impl Counts {
    fn clear(&mut self) {
        self.bins.fill(0);
        self.sums.fill(0);
    }

    #[inline(always)]
    fn add(&mut self, v: u8) {
        let bin = &mut self.bins[usize::from(v)];
        self.sums[usize::from(v >> 4)] += u32::from(*bin < self.limit);
        *bin += 1;
    }

    #[inline(always)]
    fn remove(&mut self, v: u8) {
        let bin = &mut self.bins[usize::from(v)];
        *bin -= 1;
        self.sums[usize::from(v >> 4)] -= u32::from(*bin < self.limit);
    }

    /// The share of the window that is no greater, of 255. What is over the limit is spread over all values.
    #[inline(always)]
    fn rank(&self, v: u8, area: u64) -> u8 {
        let group = usize::from(v >> 4);
        let of_groups: u32 = self.sums[..group].iter().sum();
        let bins = &self.bins[group * 16..=usize::from(v)];
        let sum = of_groups + bins.iter().map(|&count| count.min(self.limit)).sum::<u32>();
        let counted: u32 = self.sums.iter().sum();
        let over = area - u64::from(counted);
        let sum = u64::from(sum) + (u64::from(v) + 1) * over / 256;
        (255 * sum / area) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every window counted anew.
    fn by_the_book(plane: &[u8], width: usize, window: Window) -> Vec<u8> {
        let rows = plane.len() / width;
        let of = |i: usize| {
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
        };
        (0..plane.len()).map(of).collect()
    }

    #[test]
    fn every_sample_is_its_rank_in_its_window() {
        let plane: Vec<u8> = (0..23 * 17).map(|i| (i * i * 7 % 90 + i % 23 * 5) as u8).collect();
        for slope in [0, 1, 3, 100] {
            for (width, height) in [(3, 3), (8, 5), (23, 17), (1, 1)] {
                let window = Window { width, height, slope };
                let mut out = plane.clone();
                clahe(&mut out, 23, window);
                assert_eq!(out, by_the_book(&plane, 23, window), "{window:?}");
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
