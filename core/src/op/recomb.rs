//! Colours recombined by a matrix, as sharp's `recomb` has it; grey becomes colour.

use deckle_pixels::{Matrix, Step};

use super::{ONE, decimal, widened};

/// Weights of red, green, blue and alpha for each of the four, in ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recomb {
    /// Rows from the top.
    pub matrix: [[i32; 4]; 4],
}

impl Recomb {
    /// From 9 numbers, which leave alpha as it is, or 16, by rows; `None` for another count.
    pub fn new(numbers: &[i32]) -> Option<Self> {
        let matrix = match numbers.len() {
            9 => {
                let row = |i: usize| [numbers[i], numbers[i + 1], numbers[i + 2], 0];
                [row(0), row(3), row(6), [0, 0, 0, ONE]]
            }
            16 => std::array::from_fn(|i| std::array::from_fn(|j| numbers[4 * i + j])),
            _ => return None,
        };
        Some(Self { matrix })
    }

    /// By rows: 9 numbers where alpha is left as it is.
    pub fn numbers(&self) -> Vec<i32> {
        let [r, g, b, a] = self.matrix;
        match (a, r[3], g[3], b[3]) {
            ([0, 0, 0, ONE], 0, 0, 0) => [&r[..3], &g[..3], &b[..3]].concat(),
            _ => self.matrix.concat(),
        }
    }

    pub(super) fn channels(entering: u8) -> u8 {
        widened(entering, true, false)
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        vec![Step::Matrix(Box::new(Matrix(self.matrix.map(|row| row.map(decimal)))))]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn three_rows_of_three_keep_alpha() {
        let swap = Recomb::new(&[0, ONE, 0, ONE, 0, 0, 0, 0, ONE / 2]).unwrap();
        assert_eq!(pixel(&[10, 20, 30, 9], Operation::Recomb(swap)), [20, 10, 15, 9]);
        assert_eq!(swap.numbers().len(), 9);
        assert_eq!(Recomb::new(&swap.matrix.concat()), Some(swap));
        assert_eq!(Recomb::new(&[1; 10]), None);
    }
}
