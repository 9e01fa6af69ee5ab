//! Squares of one colour each, its mean, from the top left on.

/// Pixelates a plane of rows of `width` samples by squares of `side`.
#[inline(never)]
pub fn pixelate(plane: &mut [u8], width: usize, side: usize) {
    if width == 0 || side < 2 {
        return;
    }
    let mut sums = vec![0_u32; width];
    for rows in plane.chunks_mut(width.saturating_mul(side)) {
        sums.fill(0);
        let height = rows.len() / width;
        for row in rows.chunks_exact(width) {
            sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += u32::from(v));
        }
        let Some((first, rest)) = rows.split_at_mut_checked(width) else { return };
        for (out, sums) in first.chunks_mut(side).zip(sums.chunks(side)) {
            let count = (sums.len() * height) as u64;
            let sum: u64 = sums.iter().map(|&sum| u64::from(sum)).sum();
            out.fill(((sum + count / 2) / count) as u8);
        }
        rest.chunks_exact_mut(width).for_each(|row| row.copy_from_slice(first));
    }
}

#[cfg(test)]
mod tests {
    use super::pixelate;

    #[test]
    fn squares_have_their_mean_and_those_at_the_edge_that_of_what_there_is() {
        let mut plane = vec![0, 10, 7, 20, 30, 8, 100, 100, 9];
        pixelate(&mut plane, 3, 2);
        assert_eq!(plane, [15, 15, 8, 15, 15, 8, 100, 100, 9]);
    }

    #[test]
    fn a_side_beyond_the_plane_is_one_square() {
        let mut plane = vec![0, 10, 20, 30];
        pixelate(&mut plane, 2, usize::MAX);
        assert_eq!(plane, [15; 4]);
        pixelate(&mut plane, 0, 9);
        pixelate(&mut [], 2, 9);
    }
}
