//! Rows added to rows, weighted, in vectors: what blurs and masks are made of.

use deckle_simd::F4;

/// Each sum becomes the row's value times the weight.
#[inline(never)]
pub fn set(sums: &mut [f32], row: &[f32], weight: f32) {
    let (fours, rest) = sums.as_chunks_mut::<4>();
    let (rows, tail) = row.as_chunks::<4>();
    let by = F4::splat(weight);
    fours.iter_mut().zip(rows).for_each(|(sum, v)| (F4::load(v) * by).store(sum));
    let tail = rows.get(fours.len()).map_or(tail, |chunk| chunk.as_slice());
    rest.iter_mut().zip(tail).for_each(|(sum, v)| *sum = v * weight);
}

/// The row's value times the weight is added to each sum.
#[inline(never)]
pub fn add(sums: &mut [f32], row: &[f32], weight: f32) {
    let (fours, rest) = sums.as_chunks_mut::<4>();
    let (rows, tail) = row.as_chunks::<4>();
    let by = F4::splat(weight);
    fours.iter_mut().zip(rows).for_each(|(sum, v)| (F4::load(sum) + F4::load(v) * by).store(sum));
    let tail = rows.get(fours.len()).map_or(tail, |chunk| chunk.as_slice());
    rest.iter_mut().zip(tail).for_each(|(sum, v)| *sum += v * weight);
}

/// The same for the values of two rows.
#[inline(never)]
pub fn add_both(sums: &mut [f32], a: &[f32], b: &[f32], weight: f32) {
    let (fours, rest) = sums.as_chunks_mut::<4>();
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let by = F4::splat(weight);
    for ((sum, a), b) in fours.iter_mut().zip(a).zip(b) {
        (F4::load(sum) + (F4::load(a) + F4::load(b)) * by).store(sum);
    }
    let a_rest = a.get(fours.len()).map_or(a_rest, |chunk| chunk.as_slice());
    let b_rest = b.get(fours.len()).map_or(b_rest, |chunk| chunk.as_slice());
    rest.iter_mut().zip(a_rest).zip(b_rest).for_each(|((sum, a), b)| *sum += (a + b) * weight);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_length_are_added_whole_though_others_are_longer() {
        for count in 0..14 {
            for longer in [0, 1, 3, 7] {
                let row: Vec<f32> = (0..count + longer).map(|i| i as f32).collect();
                let mut sums = vec![9.0; count];
                set(&mut sums, &row, 2.0);
                add(&mut sums, &row, 3.0);
                add_both(&mut sums, &row, &row, 0.5);
                let expected: Vec<f32> = (0..count).map(|i| i as f32 * 6.0).collect();
                assert_eq!(sums, expected, "{count} of {longer} more");
            }
        }
    }
}
