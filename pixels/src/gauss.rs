//! The masks of libvips' `gaussmat`: a Gaussian in twentieths, cut where it falls below a share of its middle.

/// Weights from the middle outwards, cut where they fall below `least` of the first.
pub fn weights(sigma: f32, least: f32) -> Vec<u32> {
    let weight = |x: u32| (-0.5 * (x as f32 / sigma).powi(2)).exp();
    // a sigma that is none has no neighbours
    let most = if sigma > 0.0 { (8.0 * sigma.min(1_000.0)) as u32 } else { 0 };
    let rest = (1..most).map(weight).take_while(|&w| w >= least);
    std::iter::once(1.0).chain(rest).map(|w| (20.0 * w).round() as u32).collect()
}

/// The sum of all weights on both sides.
pub fn total(weights: &[u32]) -> u32 {
    weights[0] + 2 * weights[1..].iter().sum::<u32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_that_of_gaussmat() {
        // by hand: exp(−x² / 2) is 0.61 and 0.135
        assert_eq!(weights(1.0, 0.1), [20, 12, 3]);
        assert_eq!(weights(1.0, 0.2), [20, 12]);
        assert_eq!(weights(0.3, 0.2), [20]);
        assert_eq!(total(&weights(1.0, 0.1)), 50);
    }

    #[test]
    fn a_sigma_beyond_reason_has_a_mask() {
        for sigma in [0.0, -1.0, f32::NAN, 1e-9] {
            assert_eq!(weights(sigma, 0.2), [20], "{sigma}");
        }
        assert!(weights(f32::MAX, 0.2).len() <= 8_000);
    }
}
