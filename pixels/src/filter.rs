//! PNG's filters (ISO/IEC 15948, clause 9): for each row the one whose differences are smallest.
//!
//! The choice, its ties and its approximation of Paeth's predictor are those of the `png` crate's encoder, so that files are the same.

/// Writes a filter's number and a filtered row to `out`, which is 1 byte longer than the rows; `above` is the row before, of zeros
/// before the first.
#[inline(never)]
pub fn filter(channels: u8, above: &[u8], row: &[u8], out: &mut [u8]) {
    let Some((chosen, out)) = out.split_first_mut() else { return };
    let step = usize::from(channels);
    let mut least = u64::MAX;
    // of equals the last
    for (number, by) in FILTERS {
        by(step, above, row, out);
        let sum = differences(out);
        if sum <= least {
            (least, *chosen) = (sum, number);
            if sum == 0 {
                return;
            }
        }
    }
    if let Some((_, by)) = FILTERS.iter().take(3).find(|(number, _)| number == chosen) {
        by(step, above, row, out);
    }
}

type Filter = fn(usize, &[u8], &[u8], &mut [u8]);

const FILTERS: [(u8, Filter); 4] = [(2, up), (1, sub), (3, average), (4, paeth)];

#[inline(never)]
fn up(_: usize, above: &[u8], row: &[u8], out: &mut [u8]) {
    for ((out, &v), &b) in out.iter_mut().zip(row).zip(above) {
        *out = v.wrapping_sub(b);
    }
}

#[inline(never)]
fn sub(step: usize, _: &[u8], row: &[u8], out: &mut [u8]) {
    out[..step].copy_from_slice(&row[..step]);
    for ((out, &v), &a) in out[step..].iter_mut().zip(&row[step..]).zip(row) {
        *out = v.wrapping_sub(a);
    }
}

#[inline(never)]
fn average(step: usize, above: &[u8], row: &[u8], out: &mut [u8]) {
    for ((out, &v), &b) in out.iter_mut().zip(row).zip(above).take(step) {
        *out = v.wrapping_sub(b / 2);
    }
    for (((out, &v), &a), &b) in out[step..].iter_mut().zip(&row[step..]).zip(row).zip(&above[step..]) {
        // their mean, in 8 bits
        *out = v.wrapping_sub((a & b) + ((a ^ b) >> 1));
    }
}

#[inline(never)]
fn paeth(step: usize, above: &[u8], row: &[u8], out: &mut [u8]) {
    for ((out, &v), &b) in out.iter_mut().zip(row).zip(above).take(step) {
        *out = v.wrapping_sub(predicted(0, b, 0));
    }
    let left = row.iter().zip(above);
    for (((out, &v), (&a, &c)), &b) in out[step..].iter_mut().zip(&row[step..]).zip(left).zip(&above[step..]) {
        *out = v.wrapping_sub(predicted(a, b, c));
    }
}

/// Paeth's predictor as Luca Versari's FPNGE has it: whichever of left, above and above left is nearest to left + above − above left,
/// in 8 bits throughout.
#[inline(always)]
fn predicted(a: u8, b: u8, c: u8) -> u8 {
    let from_a = b.max(c) - c.min(b);
    let from_b = a.max(c) - c.min(a);
    // where c is below or above both, it is farthest
    let from_c = if (a < c) == (c < b) { from_a.max(from_b) - from_a.min(from_b) } else { 255 };
    if from_a <= from_b && from_a <= from_c {
        a
    } else if from_b <= from_c {
        b
    } else {
        c
    }
}

/// The sum of bytes as signed differences from 0.
#[inline(never)]
fn differences(row: &[u8]) -> u64 {
    let (chunks, rest) = row.as_chunks::<32>();
    let of = |bytes: &[u8]| bytes.iter().map(|&byte| u32::from((byte as i8).unsigned_abs())).sum::<u32>();
    chunks.iter().map(|chunk| u64::from(of(chunk))).sum::<u64>() + u64::from(of(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(channels: u8, above: &[u8], row: &[u8]) -> Vec<u8> {
        let mut out = vec![9; row.len() + 1];
        filter(channels, above, row, &mut out);
        out
    }

    #[test]
    fn the_filter_with_the_smallest_differences_is_taken() {
        // by hand: equal to the row above; rising by 1; halfway between left and above
        assert_eq!(filtered(1, &[5, 6, 9], &[5, 6, 9]), [2, 0, 0, 0]);
        assert_eq!(filtered(1, &[90, 3, 200, 77], &[1, 2, 3, 4]), [1, 1, 1, 1, 1]);
        assert_eq!(filtered(1, &[0, 100, 0, 100], &[0, 50, 25, 62]), [3, 0, 0, 0, 0]);
        // one that no other predicts: left, above, above left by turns
        assert_eq!(filtered(1, &[10, 10, 90, 90], &[10, 90, 90, 90])[0], 4);
    }

    #[test]
    fn what_is_filtered_can_be_restored() {
        let noise = |seed: u32, n: usize| -> Vec<u8> {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 26) as u8
            };
            (0..n).map(|_| next()).collect()
        };
        for channels in 1..=4_u8 {
            for width in [1, 2, 33, 100] {
                let n = width * usize::from(channels);
                let (above, row) = (noise(1 + width as u32, n), noise(77, n));
                let out = filtered(channels, &above, &row);
                let mut restored = Vec::new();
                for i in 0..n {
                    let before = i.checked_sub(channels.into());
                    let (a, c) = before.map_or((0, 0), |j| (restored[j], above[j]));
                    let b = above[i];
                    let guess = match out[0] {
                        1 => a,
                        2 => b,
                        3 => ((u16::from(a) + u16::from(b)) / 2) as u8,
                        _ => paeth_by_the_book(a, b, c),
                    };
                    restored.push(out[1 + i].wrapping_add(guess));
                }
                assert_eq!(restored, row, "{channels} {width}");
            }
        }
    }

    fn paeth_by_the_book(a: u8, b: u8, c: u8) -> u8 {
        let p = i32::from(a) + i32::from(b) - i32::from(c);
        let from = |v: u8| (p - i32::from(v)).abs();
        if from(a) <= from(b) && from(a) <= from(c) {
            a
        } else if from(b) <= from(c) {
            b
        } else {
            c
        }
    }

    #[test]
    fn the_predictor_is_paeths_for_every_three_bytes_of_a_grid() {
        for (a, b) in (0..=255).flat_map(|a| (0..=255).map(move |b| (a, b))) {
            for c in (0..=255).step_by(5) {
                assert_eq!(predicted(a, b, c), paeth_by_the_book(a, b, c), "{a} {b} {c}");
            }
        }
    }
}
