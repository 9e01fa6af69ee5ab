//! PNG's filters undone (ISO/IEC 15948, clause 9). A row is one chain of sums, so that what is before stays in registers.

/// Undoes a row's filter; `above` is the row before, of zeros before the first, and `step` the bytes of a pixel. Answers whether there is such a filter.
#[inline(never)]
pub fn unfilter(filter: u8, step: usize, above: &[u8], row: &mut [u8]) -> bool {
    match filter {
        0 => {}
        1 => sums(step, row),
        2 => row.iter_mut().zip(above).for_each(|(v, above)| *v = v.wrapping_add(*above)),
        3 => by_step(step, row, above, averages),
        4 => by_step(step, row, above, paeths),
        _ => return false,
    }
    true
}

/// Makes bytes of a row of their differences to those `step` before.
#[inline(never)]
pub fn sums(step: usize, row: &mut [u8]) {
    match step {
        1 => sums_of::<1>(row),
        2 => sums_of::<2>(row),
        3 => sums_of::<3>(row),
        4 => sums_of::<4>(row),
        6 => sums_of::<6>(row),
        8 => sums_of::<8>(row),
        _ => (step..row.len()).for_each(|i| row[i] = row[i].wrapping_add(row[i - step])),
    }
}

#[inline(always)]
fn sums_of<const N: usize>(row: &mut [u8]) {
    let mut left = [0_u8; N];
    for pixel in row.as_chunks_mut::<N>().0 {
        left = std::array::from_fn(|c| pixel[c].wrapping_add(left[c]));
        *pixel = left;
    }
}

/// What predicts a byte: those to the left, above, and above to the left.
trait Predictor {
    fn of(left: u8, above: u8, corner: u8) -> u8;
}

struct Average;
struct Paeth;

impl Predictor for Average {
    #[inline(always)]
    fn of(left: u8, above: u8, _: u8) -> u8 {
        ((u16::from(left) + u16::from(above)) / 2) as u8
    }
}

impl Predictor for Paeth {
    /// As Fabian Giesen has it in stb_image: without branches, and little of it waits for `left`.
    #[inline(always)]
    fn of(left: u8, above: u8, corner: u8) -> u8 {
        let (a, b, c) = (i32::from(left), i32::from(above), i32::from(corner));
        let threshold = c * 3 - (a + b);
        let (low, high) = (a.min(b), a.max(b));
        let nearest = if high <= threshold { low } else { c };
        (if threshold <= low { high } else { nearest }) as u8
    }
}

type Kernel = [fn(&mut [u8], &[u8]); 6];

fn by_step(step: usize, row: &mut [u8], above: &[u8], kernel: Kernel) {
    let number = match step {
        1..=4 => step - 1,
        6 => 4,
        _ => 5,
    };
    kernel[number](row, above);
}

macro_rules! kernels {
    ($name:ident, $predictor:ty) => {
        #[allow(non_upper_case_globals)]
        const $name: Kernel = [
            predicted::<1, $predictor>,
            predicted::<2, $predictor>,
            predicted::<3, $predictor>,
            predicted::<4, $predictor>,
            predicted::<6, $predictor>,
            predicted::<8, $predictor>,
        ];
    };
}
kernels!(averages, Average);
kernels!(paeths, Paeth);

#[inline(never)]
fn predicted<const N: usize, P: Predictor>(row: &mut [u8], above: &[u8]) {
    let (mut left, mut corner) = ([0_u8; N], [0_u8; N]);
    for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(above.as_chunks::<N>().0) {
        left = std::array::from_fn(|c| pixel[c].wrapping_add(P::of(left[c], above[c], corner[c])));
        corner = *above;
        *pixel = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_is_undone_at_any_step() {
        let mut state = 1_u32;
        let mut noise = |n: usize| -> Vec<u8> {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            };
            (0..n).map(|_| next()).collect()
        };
        for step in [1, 2, 3, 4, 6, 8] {
            for width in [1, 2, 33] {
                let (above, row) = (noise(width * step), noise(width * step));
                for filter in 0..=4 {
                    let filtered: Vec<u8> = (0..row.len())
                        .map(|i| {
                            let (a, c) = i.checked_sub(step).map_or((0, 0), |j| (row[j], above[j]));
                            let b = above[i];
                            let near = |v: u8| (i32::from(a) + i32::from(b) - i32::from(c) - i32::from(v)).abs();
                            let paeth = if near(a) <= near(b) && near(a) <= near(c) {
                                a
                            } else if near(b) <= near(c) {
                                b
                            } else {
                                c
                            };
                            let mean = ((u16::from(a) + u16::from(b)) / 2) as u8;
                            row[i].wrapping_sub([0, a, b, mean, paeth][filter])
                        })
                        .collect();
                    let mut restored = filtered;
                    assert!(unfilter(filter as u8, step, &above, &mut restored));
                    assert_eq!(restored, row, "filter {filter}, {step} bytes, {width} pixels");
                }
            }
        }
        assert!(!unfilter(5, 3, &[0; 3], &mut [0; 3]));
    }

    #[test]
    fn the_predictor_is_paeths_for_every_three_bytes_of_a_grid() {
        for (a, b) in (0..=255_u8).flat_map(|a| (0..=255_u8).map(move |b| (a, b))) {
            for c in (0..=255_u8).step_by(5) {
                let from = |v: u8| (i32::from(a) + i32::from(b) - i32::from(c) - i32::from(v)).abs();
                let expected = if from(a) <= from(b) && from(a) <= from(c) {
                    a
                } else if from(b) <= from(c) {
                    b
                } else {
                    c
                };
                assert_eq!(Paeth::of(a, b, c), expected, "{a} {b} {c}");
            }
        }
    }
}
