//! Black below a level, white from it on; alpha is kept.

use deckle_pixels::{Step, Tones};

use super::greyscale;

/// Where black ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Threshold {
    /// The least sample that becomes white.
    pub level: u8,
    /// Whether the image is made grey first; else it is done to each colour.
    pub greyscale: bool,
}

impl Threshold {
    pub(super) fn channels(self, entering: u8) -> u8 {
        if self.greyscale { greyscale::channels(entering) } else { entering }
    }

    pub(super) fn steps(self) -> Vec<Step> {
        let table = std::array::from_fn(|v| if v >= usize::from(self.level) { 255 } else { 0 });
        let mut steps = if self.greyscale { greyscale::steps() } else { Vec::new() };
        steps.push(Step::Tones(Tones::of_colours(table)));
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Operation, tests::pixel};

    #[test]
    fn the_level_itself_is_white() {
        let grey = |level| Operation::Threshold(Threshold { level, greyscale: true });
        assert_eq!(pixel(&[128, 128, 128, 3], grey(128)), [255, 3]);
        assert_eq!(pixel(&[127], grey(128)), [0]);
        let each = Operation::Threshold(Threshold { level: 100, greyscale: false });
        assert_eq!(pixel(&[99, 100, 255, 3], each), [0, 255, 255, 3]);
    }
}
