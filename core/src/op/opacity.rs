//! Opacity: alpha multiplied; what has none gains it.

use deckle_pixels::{Step, Tones};

use super::{decimal, table, widened};

pub fn channels(entering: u8) -> u8 {
    widened(entering, false, true)
}

/// `factor` is in ten-thousandths.
pub fn steps(factor: i32) -> Vec<Step> {
    let factor = decimal(factor);
    let alpha = Some(Box::new(table(|v| v * factor)));
    vec![Step::AddAlpha(255), Step::Tones(Tones { tables: [None, None, None, alpha] })]
}

#[cfg(test)]
mod tests {
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn alpha_is_multiplied_and_added_where_there_is_none() {
        assert_eq!(pixel(&[1, 2, 3, 100], Operation::Opacity(5_000)), [1, 2, 3, 50]);
        assert_eq!(pixel(&[9], Operation::Opacity(2_000)), [9, 51]);
    }
}
