//! CMYK to RGB by a table: colours of the nodes of a grid over the inks, and between nodes the mean of five of them.
//!
//! Source: the simplex interpolation of Kasson, Nin, Plouffe and Hafner, "Performing color space conversions with
//! three-dimensional linear interpolation" (1995), in four dimensions.

/// A node's sample that stands for 255. Samples may lie beyond 0 and this: what is between nodes is clipped, nodes are not.
pub const FULL: i16 = 255 << 6;

/// Steps between two nodes.
const STEPS: u32 = 256;

/// Where an ink's value lies in the grid.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Index of the node at or before it, of the first node of all other inks.
    node: u32,
    /// How far it is towards the next node, of [`STEPS`].
    step: u32,
}

/// Colours over a grid of inks.
pub struct InkTable {
    places: [[Place; 256]; 4],
    strides: [u32; 4],
    nodes: Vec<[i16; 3]>,
}

impl InkTable {
    /// `grid` is the number of nodes along each ink, `nodes` the RGB of each, the last ink fastest; `place` tells where an ink's value
    /// (0 to 3 for C, M, Y, K; 255 for full) lies in its grid, from 0 for the first node to 1 for the last. `None` if the grid has other nodes.
    pub fn new(grid: [usize; 4], nodes: Vec<[i16; 3]>, place: impl Fn(usize, u8) -> f32) -> Option<Self> {
        let count = grid.iter().try_fold(1_usize, |count, &sides| count.checked_mul(sides))?;
        if count == 0 || count != nodes.len() || u32::try_from(count).is_err() {
            return None;
        }
        let mut places = [[Place::default(); 256]; 4];
        let mut strides = [0; 4];
        let mut stride = 1;
        for ink in (0..4).rev() {
            let last = grid[ink] as u32 - 1;
            for (value, to) in (0..=255).zip(&mut places[ink]) {
                let at = (place(ink, value).clamp(0.0, 1.0) * (last * STEPS) as f32).round() as u32;
                // the last node is the end of the step before it
                let node = (at / STEPS).min(last.saturating_sub(1));
                *to = Place { node: node * stride, step: at - node * STEPS };
            }
            // a grid of one node has no next one
            strides[ink] = if last == 0 { 0 } else { stride };
            stride *= last + 1;
        }
        Some(Self { places, strides, nodes })
    }

    /// A row of CMYK, 255 for full ink, to RGB: as many pixels as both hold.
    #[inline(never)]
    pub fn row(&self, inks: &[u8], rgb: &mut [u8]) {
        for (rgb, &inks) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(inks.as_chunks::<4>().0) {
            *rgb = self.colour(inks);
        }
    }

    /// The path from the first corner of a cell to the last goes along the inks in order of their steps; the five corners on it are weighted.
    #[inline(always)]
    fn colour(&self, inks: [u8; 4]) -> [u8; 3] {
        let [c, m, y, k] = [0, 1, 2, 3].map(|ink| self.places[ink][usize::from(inks[ink])]);
        let [sc, sm, sy, sk] = self.strides;
        let (c, m) = descending((c.step, sc), (m.step, sm));
        let (y, k) = descending((y.step, sy), (k.step, sk));
        let (first, y) = descending(c, y);
        let (m, last) = descending(m, k);
        let (second, third) = descending(m, y);

        let mut node =
            [0, 1, 2, 3].iter().map(|&ink: &usize| self.places[ink][usize::from(inks[ink])].node).sum::<u32>() as usize;
        let mut sum = [1 << 13; 3];
        let mut before = STEPS;
        for (step, stride) in [first, second, third, last] {
            self.add(&mut sum, node, before - step);
            before = step;
            node += stride as usize;
        }
        self.add(&mut sum, node, before);
        sum.map(|v| (v >> 14).clamp(0, 255) as u8)
    }

    #[inline(always)]
    fn add(&self, sum: &mut [i32; 3], node: usize, weight: u32) {
        let colour = self.nodes[node];
        for (sum, sample) in sum.iter_mut().zip(colour) {
            *sum += i32::from(sample) * weight as i32;
        }
    }
}

#[inline(always)]
fn descending(a: (u32, u32), b: (u32, u32)) -> ((u32, u32), (u32, u32)) {
    if a.0 >= b.0 { (a, b) } else { (b, a) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn even(_: usize, value: u8) -> f32 {
        f32::from(value) / 255.0
    }

    fn nodes(grid: [usize; 4], colour: impl Fn([f32; 4]) -> [f32; 3]) -> Vec<[i16; 3]> {
        let at = |i: usize, sides: usize| if sides == 1 { 0.0 } else { i as f32 / (sides - 1) as f32 };
        let all = (0..grid.iter().product()).map(|i: usize| {
            let y = i / grid[3];
            let m = y / grid[2];
            let inks = [m / grid[1], m % grid[1], y % grid[2], i % grid[3]];
            let inks = [0, 1, 2, 3].map(|ink| at(inks[ink], grid[ink]));
            colour(inks).map(|v| (v * f32::from(FULL)).round() as i16)
        });
        all.collect()
    }

    fn colour(table: &InkTable, inks: [u8; 4]) -> [u8; 3] {
        let mut rgb = [0; 3];
        table.row(&inks, &mut rgb);
        rgb
    }

    #[test]
    fn what_is_linear_in_each_ink_is_exact_in_a_grid_of_any_shape() {
        let linear = |[c, m, y, k]: [f32; 4]| [1.0 - c, 1.0 - 0.5 * m - 0.5 * k, 1.0 - 0.25 * (c + m + y + k)];
        for grid in [[2, 2, 2, 2], [3, 9, 5, 17], [9, 2, 3, 4]] {
            let table = InkTable::new(grid, nodes(grid, linear), even).unwrap();
            for i in 0..2000_u32 {
                let inks = i.wrapping_mul(2_654_435_761).to_be_bytes();
                let expected = linear(inks.map(|v| f32::from(v) / 255.0)).map(|v| (v * 255.0).round() as u8);
                let colour = colour(&table, inks);
                assert!(
                    colour.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1),
                    "{inks:?} {colour:?} {expected:?}"
                );
            }
            assert_eq!(colour(&table, [0; 4]), [255; 3]);
            assert_eq!(colour(&table, [255; 4]), [0; 3]);
        }
    }

    #[test]
    fn nodes_beyond_the_range_are_clipped_after_and_not_before() {
        // halfway between −1 and 1.5 there is a quarter
        let table = InkTable::new([2, 1, 1, 1], vec![[-FULL; 3], [FULL / 2 * 3; 3]], even).unwrap();
        assert_eq!(colour(&table, [0, 9, 9, 9]), [0; 3]);
        assert_eq!(colour(&table, [255, 0, 0, 0]), [255; 3]);
        assert!(colour(&table, [128, 255, 0, 0])[0].abs_diff(64) <= 2);
    }

    #[test]
    fn inks_lie_where_their_place_says() {
        let square = |_: usize, value: u8| (f32::from(value) / 255.0).powi(2);
        let grid = [5, 5, 5, 5];
        let table = InkTable::new(grid, nodes(grid, |[c, m, ..]| [c, m, 0.0]), square).unwrap();
        assert!(colour(&table, [128, 200, 0, 0])[0].abs_diff(64) <= 1);
        assert!(colour(&table, [128, 200, 0, 0])[1].abs_diff(157) <= 1);
        // what is no number, or lies outside
        for place in [f32::NAN, -3.0, 7.0] {
            let table = InkTable::new(grid, nodes(grid, |[c, ..]| [c; 3]), |_, _| place).unwrap();
            assert_eq!(colour(&table, [77; 4])[0], if place > 0.0 { 255 } else { 0 });
        }
    }

    #[test]
    fn a_table_that_is_not_the_grids_is_refused() {
        assert!(InkTable::new([2, 2, 2, 2], vec![[0; 3]; 15], even).is_none());
        assert!(InkTable::new([0, 2, 2, 2], vec![], even).is_none());
        assert!(InkTable::new([usize::MAX, 2, 2, 2], vec![], even).is_none());
    }
}
