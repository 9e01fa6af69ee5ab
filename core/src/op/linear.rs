//! A straight line for each channel: samples multiplied, then moved.

use deckle_pixels::{Step, Tones};

use super::{ONE, decimal, table, widened};

/// `factor` × sample + `offset`, for red, green, blue and alpha, in ten-thousandths; samples are 0 to 255. Of grey, red's count, unless
/// the colours differ: then it becomes colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Linear {
    /// Multiplied by.
    pub factor: [i32; 4],
    /// Then added.
    pub offset: [i32; 4],
}

impl Linear {
    /// The same line for all colours; alpha is kept.
    pub fn of_colours(factor: i32, offset: i32) -> Self {
        Self { factor: [factor, factor, factor, ONE], offset: [offset, offset, offset, 0] }
    }

    fn is_grey(&self) -> bool {
        [&self.factor, &self.offset].iter().all(|v| v[0] == v[1] && v[1] == v[2])
    }

    pub(super) fn channels(&self, entering: u8) -> u8 {
        widened(entering, !self.is_grey(), false)
    }

    pub(super) fn steps(self) -> Vec<Step> {
        let line = |i: usize| {
            let (factor, offset) = (decimal(self.factor[i]), decimal(self.offset[i]));
            Some(Box::new(table(|v| factor * v + offset)))
        };
        let alpha = if (self.factor[3], self.offset[3]) == (ONE, 0) { None } else { line(3) };
        let tones = Step::Tones(Tones { tables: [line(0), line(1), line(2), alpha] });
        if self.is_grey() { vec![tones] } else { vec![Step::Widen, tones] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn a_line_for_all_keeps_grey_and_alpha() {
        let line = Operation::Linear(Linear::of_colours(15_000, -100_000));
        assert_eq!(pixel(&[100, 2, 255, 9], line.clone()), [140, 0, 255, 9]);
        assert_eq!(pixel(&[100, 9], line), [140, 9]);
    }

    #[test]
    fn a_line_for_each_makes_colour_of_grey_and_may_change_alpha() {
        let line = Linear { factor: [ONE, 0, -ONE, -ONE], offset: [0, 70_000, 2_550_000, 2_550_000] };
        assert_eq!(pixel(&[100], Operation::Linear(line)), [100, 7, 155]);
        assert_eq!(pixel(&[100, 20, 30, 9], Operation::Linear(line)), [100, 7, 225, 246]);
    }
}
