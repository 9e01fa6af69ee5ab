//! Samples of 8 bits at the scale asked for.

use super::super::layout::ComponentLayout;

/// Makes a row of one component: each tile of 8 × 8 values becomes as many samples as the scale has, each the mean of the
/// area that it covers. At full size, values of 8 bits stay as they are.
pub(super) fn plane(
    c: &ComponentLayout,
    across: usize,
    values: &[i16],
    samples: &mut [u8],
    shift: u32,
    precision: u32,
) {
    let (side, stride) = (c.kernel.side(), across * c.h * 8);
    let largest = (1u32 << precision) - 1;
    let value = |y: usize, x: usize| {
        let stored = values.get(c.coefficients_at + y * stride + x).map_or(0, |value| u32::from(*value as u16));
        (stored << shift).min(largest)
    };
    let weights = weights(side);
    for y in 0..c.v * side {
        let Some(line) = samples.get_mut(c.samples_at + y * c.stride..).and_then(|rest| rest.get_mut(..c.stride))
        else {
            return;
        };
        if side == 8 {
            for (x, sample) in line.iter_mut().enumerate() {
                *sample = ((value(y, x) * 255 + largest / 2) / largest) as u8;
            }
            continue;
        }
        let (tile_y, rows) = (y / side * 8, &weights[y % side]);
        for (x, sample) in line.iter_mut().enumerate() {
            let (tile_x, columns) = (x / side * 8, &weights[x % side]);
            let mut sum = 0;
            for (dy, &down) in rows.iter().enumerate().filter(|(_, weight)| **weight > 0) {
                for (dx, &right) in columns.iter().enumerate().filter(|(_, weight)| **weight > 0) {
                    sum += down * right * value(tile_y + dy, tile_x + dx);
                }
            }
            // weights sum up to 8 in either direction
            *sample = ((sum * 255 + 32 * largest) / (64 * largest)) as u8;
        }
    }
}

/// How much of each of the 8 values is in each of `side` samples, in units of 1 / `side`.
fn weights(side: usize) -> [[u32; 8]; 8] {
    let mut weights = [[0; 8]; 8];
    for (sample, weights) in weights.iter_mut().enumerate().take(side) {
        let (start, end) = (8 * sample, 8 * (sample + 1));
        for (value, weight) in weights.iter_mut().enumerate() {
            let overlap = end.min((value + 1) * side).saturating_sub(start.max(value * side));
            *weight = overlap as u32;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_cover_each_value_once() {
        for side in 1..=8 {
            let weights = weights(side);
            for sample in &weights[..side] {
                assert_eq!(sample.iter().sum::<u32>(), 8, "{side}");
            }
            for value in 0..8 {
                assert_eq!(weights.iter().map(|sample| sample[value]).sum::<u32>(), side as u32);
            }
        }
    }
}
