//! What `bench/scores` has measured. Written by `bench/scores/fit.mjs`: do not edit.

use super::{Aims, Row};

/// Qualities of JPEG, and those of this format that look alike.
pub const WEBP_ALIKE: &[(u8, u8)] = &[
    (1, 1),
    (10, 10),
    (20, 12),
    (30, 25),
    (42, 40),
    (54, 53),
    (64, 63),
    (72, 75),
    (80, 81),
    (86, 86),
    (91, 91),
    (95, 98),
    (98, 98),
    (100, 100),
];

/// Low, medium, high, best.
pub const JPEG: Aims = Aims {
    usual: [40, 57, 76, 89],
    rows: [
        Row { weights: [-4.2341, 0.3334, 6.2095, 0.129, 1.159, 1.9203, -1.102], least: 20, most: 77 },
        Row { weights: [-4.0587, 2.388, 0.1354, 0.139, 2.0102, 1.7876, -0.9491], least: 33, most: 90 },
        Row { weights: [-3.5943, 3.9166, -4.5538, -0.0689, 1.0623, 1.4656, -0.6699], least: 51, most: 96 },
        Row { weights: [-2.9405, 5.4911, -10.2496, -0.3568, -0.3327, 0.5668, -0.1062], least: 74, most: 96 },
    ],
};

/// Low, medium, high, best.
pub const WEBP: Aims = Aims {
    usual: [39, 58, 79, 91],
    rows: [
        Row { weights: [-4.22, -2.356, 12.8763, 0.3928, -2.7423, 1.8358, -0.7194], least: 12, most: 77 },
        Row { weights: [-4.0327, -1.3178, 11.5517, 0.723, -4.1074, 1.634, -0.5806], least: 17, most: 86 },
        Row { weights: [-3.6263, 1.0554, 6.9596, 0.6287, -5.5743, 1.2934, -0.4399], least: 32, most: 96 },
        Row { weights: [-2.8285, 4.7191, -5.4125, -0.0244, -5.3309, 0.6826, -0.279], least: 72, most: 96 },
    ],
};
