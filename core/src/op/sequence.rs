//! A list of operations carried out in order, and what can be said of it beforehand.
//!
//! Neighbouring operations on single samples are one pass: a strip of rows goes through all of them while it is in the
//! processor's cache. The result is the same to the bit as one operation after the other.

use super::{Canvas, Operation, Reach};
use crate::image::{Pixels, Size};

/// Samples of a strip, at most a row more.
const STRIP: usize = 32 << 10;

/// Carries out all operations in their order.
pub(crate) fn apply(operations: &[Operation], image: Pixels) -> Pixels {
    passes(operations).fold(image, |image, pass| match pass {
        [operation] => operation.apply(image),
        several => together(several, image),
    })
}

/// Operations on single samples that come first, and the others.
pub(crate) fn split(operations: &[Operation]) -> (&[Operation], &[Operation]) {
    let first = operations.iter().take_while(|operation| operation.reach() == Reach::Sample).count();
    operations.split_at(first)
}

/// The canvas, if the operations are one alone: rows can be laid on it as they come.
pub(crate) fn only_canvas(operations: &[Operation]) -> Option<&Canvas> {
    match operations {
        [Operation::Canvas(canvas)] => Some(canvas),
        _ => None,
    }
}

/// Carries out operations on a plane of luma; all of them [`Operation::works_on_luma`].
pub(crate) fn apply_to_luma(operations: &[Operation], luma: Pixels) -> Pixels {
    debug_assert!(operations.iter().all(Operation::works_on_luma));
    apply(operations, luma)
}

/// Neighbours that work on single samples, or one operation that does not.
fn passes(operations: &[Operation]) -> impl Iterator<Item = &[Operation]> {
    operations.chunk_by(|a, b| (a.reach(), b.reach()) == (Reach::Sample, Reach::Sample))
}

#[inline(never)]
fn together(operations: &[Operation], image: Pixels) -> Pixels {
    let Pixels { size, channels, data } = image;
    let leaving = operations.iter().fold(channels, |channels, operation| operation.channels(channels));
    let row = size.width as usize * usize::from(channels);
    let strip = row * STRIP.div_ceil(row.max(1));
    let mut out = Vec::with_capacity(data.len() / usize::from(channels) * usize::from(leaving));
    for rows in data.chunks(strip.max(1)) {
        let size = Size { width: size.width, height: (rows.len() / row.max(1)) as u32 };
        let rows = Pixels { size, channels, data: rows.to_vec() };
        let done = operations.iter().fold(rows, |rows, operation| operation.apply(rows));
        out.extend_from_slice(&done.data);
    }
    Pixels { size, channels: leaving, data: out }
}

/// What leaves a list of operations, and what carrying it out takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaving {
    pub size: Size,
    pub channels: u8,
    /// Bytes that the resulting pixels hold; more than their samples where channels were dropped in place.
    pub held: u64,
    /// Bytes alive at the worst moment, from above.
    pub peak: u64,
}

/// Answers for operations on pixels of this size and so many channels.
pub(crate) fn leaving(operations: &[Operation], size: Size, channels: u8) -> Leaving {
    let held = size.pixels() * u64::from(channels);
    passes(operations).fold(Leaving { size, channels, held, peak: held }, after)
}

fn after(before: Leaving, pass: &[Operation]) -> Leaving {
    let (mut size, mut channels, mut most, mut aside) = (before.size, before.channels, before.channels, 0);
    for operation in pass {
        aside = aside.max(operation.aside(size, channels));
        size = operation.size(size);
        channels = operation.channels(channels);
        most = most.max(channels);
    }
    let is_strip_by_strip = pass.len() > 1;
    if !is_strip_by_strip && pass[0].reach() == Reach::Sample && most == before.channels {
        return Leaving { channels, ..before };
    }
    // a single operation widens the image first, and may then drop channels in place
    let widened = if most > before.channels { before.size.pixels() * u64::from(most) } else { before.held };
    let (held, peak) = if is_strip_by_strip {
        let made = size.pixels() * u64::from(channels);
        (made, before.held + made + 16 * STRIP as u64)
    } else {
        let made = size.pixels() * u64::from(most);
        (made, (before.held + widened).max(widened + made + aside))
    };
    Leaving { size, channels, held, peak: before.peak.max(peak) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Colour;

    fn noise(width: u32, height: u32, channels: u8) -> Pixels {
        let count = width * height * u32::from(channels);
        let data = (0..count).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        Pixels { size: Size { width, height }, channels, data }
    }

    #[test]
    fn one_pass_is_the_same_as_one_operation_after_the_other() {
        let colour = Colour { r: 9, g: 200, b: 30, a: 255 };
        let operations =
            [Operation::Sepia, Operation::Negative, Operation::Flatten(colour), Operation::Greyscale, Operation::Sepia];
        // more than one strip, the last of them shorter
        for channels in 1..=4 {
            let image = noise(211, 301, channels);
            let one_by_one = operations.iter().fold(image.clone(), |image, operation| operation.apply(image));
            assert_eq!(apply(&operations, image), one_by_one);
        }
    }

    #[test]
    fn neighbours_on_single_samples_are_one_pass_and_a_canvas_stands_alone() {
        let size = Size { width: 9, height: 9 };
        let canvas = Operation::Canvas(Canvas { size, x: 0, y: 0, background: Colour::WHITE });
        let operations = [Operation::Sepia, Operation::Negative, canvas, canvas, Operation::Greyscale];
        let lengths: Vec<usize> = passes(&operations).map(<[Operation]>::len).collect();
        assert_eq!(lengths, [2, 1, 1, 1]);
    }

    #[test]
    fn what_leaves_is_known_beforehand() {
        let size = Size { width: 20, height: 10 };
        let canvas = Canvas { size: Size { width: 30, height: 40 }, x: 1, y: 2, background: Colour::TRANSPARENT };
        let operations = [Operation::Greyscale, Operation::Canvas(canvas), Operation::Sepia, Operation::Negative];
        let said = leaving(&operations, size, 3);
        let out = apply(&operations, noise(20, 10, 3));
        assert_eq!((said.size, said.channels), (out.size, out.channels));
        assert!(said.held >= out.data.len() as u64 && said.peak >= said.held);
    }

    #[test]
    fn what_drops_channels_in_place_still_holds_the_bytes_it_was_given() {
        let said = leaving(&[Operation::Greyscale], Size { width: 100, height: 100 }, 3);
        assert_eq!((said.channels, said.held, said.peak), (1, 30_000, 30_000));
    }
}
