//! The order in which a block's coefficients are stored (T.81, figure A.6).

/// Row-major place of the n-th coefficient of the zigzag.
pub(crate) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// Place of the n-th zigzag coefficient in a block that keeps those of the low
/// `side` × `side` coefficients, row-major, that come no later than `last`. What is not kept goes to place 0,
/// where the DC is written last; neither does what is beyond 63.
pub(crate) const fn places(side: usize, last: usize) -> [u8; 128] {
    let mut places = [0; 128];
    let mut k = 0;
    while k < 128 {
        let natural = ZIGZAG[k & 63] as usize;
        let (row, column) = (natural / 8, natural % 8);
        if k <= last && row < side && column < side {
            places[k] = (row * side + column) as u8;
        }
        k += 1;
    }
    places
}

/// Last zigzag index that falls into the low `side` × `side` coefficients.
pub(crate) const fn last_needed(side: usize) -> usize {
    let mut k = 63;
    loop {
        let natural = ZIGZAG[k] as usize;
        if natural / 8 < side && natural % 8 < side {
            return k;
        }
        k -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_needed_coefficient_is_the_corner() {
        assert_eq!(last_needed(1), 0);
        assert_eq!(last_needed(2), 4);
        assert_eq!(last_needed(4), 24);
        assert_eq!(last_needed(8), 63);
    }

    #[test]
    fn kept_places_are_each_used_once() {
        for side in [1, 2, 4, 8] {
            let mut seen = vec![0; side * side];
            for &place in &places(side, 63)[..64] {
                seen[place as usize] += 1;
            }
            assert!(seen[1..].iter().all(|&n| n == 1));
        }
    }
}
