//! A list of operations carried out in order, and what can be said of it beforehand.
//!
//! Neighbouring operations on single samples are one pass: a strip of rows goes through all of them while it is in the
//! processor's cache. The result is the same to the bit as one operation after the other.

use deckle_pixels::{Planar, Step};

use super::{Operation, Reach};
use crate::image::{Pixels, Size};

/// Pixels of a strip.
const STRIP: usize = 8 << 10;

/// Bytes of the largest tables that an operation has.
const TABLES: u64 = 12 << 10;

/// Carries out all operations in their order.
pub(crate) fn apply(operations: &[Operation], image: Pixels) -> Pixels {
    passes(operations).fold(image, |image, pass| match pass {
        [operation] => operation.apply(image),
        several => apply_steps(several, image),
    })
}

/// Operations on single samples that come first, and the others.
pub(crate) fn split(operations: &[Operation]) -> (&[Operation], &[Operation]) {
    let first = operations.iter().take_while(|operation| operation.reach() == Reach::Sample).count();
    operations.split_at(first)
}

/// Whether operations can be carried out on planes of which so many enter, and are left without alpha whenever they are planes.
pub(crate) fn work_in_planes(operations: &[Operation], entering: u8) -> bool {
    let mut channels = entering;
    operations.iter().all(Operation::works_in_planes)
        && passes(operations).all(|pass| {
            channels = pass.iter().fold(channels, |channels, operation| operation.channels(channels));
            !channels.is_multiple_of(2)
        })
}

/// Whether operations can be done on rows as they come: they are laid on a canvas, or have their corners rounded.
pub(crate) fn by_rows(operations: &[Operation]) -> bool {
    operations.iter().all(|operation| matches!(operation, Operation::Canvas(_) | Operation::Round(_)))
}

/// Neighbours that work on single samples, or one operation that does not.
pub(super) fn passes(operations: &[Operation]) -> impl Iterator<Item = &[Operation]> {
    operations.chunk_by(|a, b| (a.reach(), b.reach()) == (Reach::Sample, Reach::Sample))
}

/// What operations on single samples do, in as few steps as do the same.
pub(super) fn steps(operations: &[Operation]) -> Vec<Step> {
    Step::merged(operations.iter().flat_map(Operation::steps))
}

/// Bytes that the steps of operations on single samples take, from above.
pub(crate) fn steps_memory(operations: &[Operation]) -> u64 {
    operations.len() as u64 * TABLES
}

/// Operations on single samples in one pass: in place where no channels are added.
#[inline(never)]
pub(super) fn apply_steps(operations: &[Operation], image: Pixels) -> Pixels {
    let Pixels { size, channels: entering, mut data } = image;
    let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
    let mut strip = PixelSteps::new(operations);
    if leaving > entering {
        let mut out = vec![0; data.len() / usize::from(entering) * usize::from(leaving)];
        for (from, to) in data.chunks(STRIP * usize::from(entering)).zip(out.chunks_mut(STRIP * usize::from(leaving))) {
            strip.run(from, entering).join(to);
        }
        return Pixels { size, channels: leaving, data: out };
    }
    let pixels = data.len() / usize::from(entering);
    for at in (0..pixels).step_by(STRIP) {
        let end = (at + STRIP).min(pixels);
        let done = strip.run(&data[at * usize::from(entering)..end * usize::from(entering)], entering);
        done.join(&mut data[at * usize::from(leaving)..end * usize::from(leaving)]);
    }
    data.truncate(pixels * usize::from(leaving));
    Pixels { size, channels: leaving, data }
}

/// Operations on single samples, ready to be done to pixels.
pub(crate) struct PixelSteps {
    steps: Vec<Step>,
    pixels: Planar,
}

impl PixelSteps {
    pub fn new(operations: &[Operation]) -> Self {
        Self { steps: steps(operations), pixels: Planar::default() }
    }

    /// Does them to interleaved pixels.
    pub fn run(&mut self, pixels: &[u8], channels: u8) -> &Planar {
        self.pixels.part(pixels, channels);
        self.steps.iter().for_each(|step| step.run(&mut self.pixels));
        &self.pixels
    }
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
    let made = size.pixels() * u64::from(channels);
    if pass.iter().all(|operation| operation.reach() == Reach::Sample) {
        // planes of a strip, a copy for what compares with it, and tables
        let beside = STRIP as u64 * u64::from(most.max(3)) * 2 + steps_memory(pass);
        let in_place = channels <= before.channels;
        let held = if in_place { before.held } else { made };
        let peak = before.held + beside + if in_place { 0 } else { made };
        return Leaving { size, channels, held, peak: before.peak.max(peak) };
    }
    // an operation may widen the image first
    let widened = if most > before.channels { before.size.pixels() * u64::from(most) } else { before.held };
    let made = size.pixels() * u64::from(most);
    let peak = (before.held + widened).max(widened + made + aside);
    Leaving { size, channels, held: made, peak: before.peak.max(peak) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Colour;
    use crate::op::Canvas;

    fn noise(width: u32, height: u32, channels: u8) -> Pixels {
        let count = width * height * u32::from(channels);
        let data = (0..count).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        Pixels { size: Size { width, height }, channels, data }
    }

    #[test]
    fn one_pass_is_the_same_as_one_operation_after_the_other() {
        let colour = Colour { r: 9, g: 200, b: 30, a: 255 };
        let mut operations = crate::op::tests::every();
        operations.retain(|operation| operation.reach() == Reach::Sample);
        operations.extend([Operation::Flatten(colour), Operation::Sepia]);
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
        let operations = [Operation::Sepia, Operation::Negative, canvas.clone(), canvas, Operation::Greyscale];
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
        assert_eq!((said.channels, said.held), (1, 30_000));
        assert!(said.peak < 30_000 + 100_000);
    }
}
