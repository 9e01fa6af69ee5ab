//! Operations on luma with chroma of half the size: what a JPEG is made of and becomes.
//!
//! A chroma sample stands for four pixels. For operations on single pixels those become RGB, two lines at a time, and then luma and the
//! chroma of their mean again.

use deckle_pixels::{HALVED_TABLE, HalvedRamp, HalvedTable, Planar, Step, from_halved, paired, to_halved};

use super::sequence::{passes, steps};
use super::{Operation, Reach};
use crate::image::{Pixels, Size};

/// Pixels from which on a table of what smooth changes do is made sooner than they are done to each.
const MANY: u64 = 1 << 18;

/// Operations on single pixels, ready to be done to two lines of planes at a time.
pub(crate) struct HalvedSteps {
    change: Change,
    /// Two lines of luma, each as long as its chroma wants it, and the line of each chroma: as they enter, then as they leave.
    luma: [Vec<u8>; 2],
    chroma: [Vec<u8>; 2],
    /// Samples of a line of luma.
    width: usize,
    /// Planes that leave: luma, or luma and chroma.
    leaving: u8,
}

enum Change {
    /// What the steps do, looked up.
    Table(Box<HalvedTable>),
    /// Done to pixels; a ramp that comes last makes luma and chroma of grey without colours in between.
    Steps { steps: Vec<Step>, ramp: Option<Box<HalvedRamp>>, pixels: Planar },
}

impl HalvedSteps {
    /// `entering` is 1 for luma alone, 3 with chroma.
    pub fn new(operations: &[Operation], size: Size, entering: u8) -> Self {
        let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
        let (width, half) = (size.width as usize, size.halved().width as usize);
        let (luma, chroma) = (vec![0; paired(width)], vec![128; half]);
        let change = Change::new(steps(operations), size, entering);
        Self { change, luma: [luma.clone(), luma], chroma: [chroma.clone(), chroma], width, leaving }
    }

    /// Planes that leave.
    pub fn planes(&self) -> usize {
        if self.leaving > 2 { 3 } else { 1 }
    }

    /// One of the two lines of luma, to be written or read.
    pub fn luma(&mut self, which: usize) -> &mut [u8] {
        &mut self.luma[which][..self.width]
    }

    /// The line of one chroma.
    pub fn chroma(&mut self, which: usize) -> &mut [u8] {
        &mut self.chroma[which]
    }

    /// Gives a line of a plane away for another, whose samples are to be written; its end may be beyond the picture.
    pub fn swap(&mut self, plane: usize, which: usize, other: Vec<u8>) -> Vec<u8> {
        let line = if plane == 0 { &mut self.luma[which] } else { &mut self.chroma[plane - 1] };
        let mut other = other;
        other.resize(line.len(), 0);
        std::mem::replace(line, other)
    }

    /// Does it to lines of luma, one or two, and of chroma if there was some. An odd line's last sample is repeated, as is the last of an odd
    /// number of lines.
    pub fn run(&mut self, lines: usize, has_chroma: bool) {
        let Self { luma: [first, second], chroma: [cb, cr], .. } = self;
        if lines == 1 {
            second.copy_from_slice(first);
        }
        if let Some(last) = self.width.checked_sub(1) {
            [&mut *first, &mut *second].into_iter().for_each(|line| {
                let last = line[last];
                line[self.width..].fill(last);
            });
        }
        match &mut self.change {
            Change::Table(table) => table.change([first, second], [cb, cr]),
            Change::Steps { steps, ramp, pixels } => {
                if has_chroma {
                    from_halved([first, second], [cb, cr], pixels);
                } else {
                    pixels.resize(0, 1);
                    pixels.planes[0].extend_from_slice(first);
                    pixels.planes[0].extend_from_slice(second);
                }
                steps.iter().for_each(|step| step.run(pixels));
                match (ramp, pixels.planes.as_slice()) {
                    (None, [_, _, _]) => to_halved(pixels, [first, second], [cb, cr]),
                    (ramp, [grey, ..]) => {
                        for (to, from) in
                            [&mut *first, &mut *second].into_iter().zip(grey.chunks_exact(first_len(grey)))
                        {
                            to.copy_from_slice(from);
                        }
                        if let Some(ramp) = ramp {
                            ramp.run([first, second], [cb, cr]);
                        }
                    }
                    _ => (),
                }
            }
        }
    }

    /// Bytes that one of these takes for operations on pictures of such a size, from above.
    pub fn memory(operations: &[Operation], size: Size) -> u64 {
        let changes = |operation: &Operation| matches!(operation, Operation::Modulate(_) | Operation::Normalise(_));
        let table = if size.pixels() >= MANY && operations.iter().any(changes) { HALVED_TABLE } else { 0 };
        table + super::steps_memory(operations) + (u64::from(size.width) + 2) * 2 * 8
    }
}

/// The length of the first of two lines.
fn first_len(two: &[u8]) -> usize {
    (two.len() / 2).max(1)
}

impl Change {
    fn new(mut steps: Vec<Step>, size: Size, entering: u8) -> Self {
        let is_smooth = !steps.is_empty() && steps.iter().all(|step| matches!(step, Step::Lab(_)));
        if is_smooth && entering == 3 && size.pixels() >= MANY {
            return Self::Table(Box::new(HalvedTable::new(steps)));
        }
        let ramp = match steps.pop() {
            // what comes before has to leave grey
            Some(Step::Ramp(tables))
                if entering == 1 && steps.is_empty() || matches!(steps.last(), Some(Step::Luminance(_))) =>
            {
                Some(Box::new(HalvedRamp::new(&tables)))
            }
            last => {
                steps.extend(last);
                None
            }
        };
        Self::Steps { steps, ramp, pixels: Planar::default() }
    }
}

/// Carries out operations, all of which work in planes, on whole planes: luma, and chroma of half the size if there is colour.
#[inline(never)]
pub(crate) fn apply_to_planes(operations: &[Operation], mut planes: Vec<Pixels>) -> Vec<Pixels> {
    for pass in passes(operations) {
        match pass {
            [Operation::Normalise(normalise)] => {
                if let Some(change) = normalise.for_planes(&planes) {
                    planes = stepped(&[change], planes);
                }
            }
            [one] if one.reach() != Reach::Sample => one.apply_to_planes(&mut planes),
            several => planes = stepped(several, planes),
        }
    }
    planes
}

#[inline(never)]
fn stepped(operations: &[Operation], mut planes: Vec<Pixels>) -> Vec<Pixels> {
    let Some(Size { width, height }) = planes.first().map(|luma| luma.size) else {
        return planes;
    };
    let half = Size { width, height }.halved();
    let mut steps = HalvedSteps::new(operations, Size { width, height }, planes.len() as u8);
    let entering = planes.len();
    if steps.planes() > entering {
        let neutral =
            |_| Pixels { size: half, channels: 1, data: vec![128; half.width as usize * half.height as usize] };
        planes.extend((entering..steps.planes()).map(neutral));
    }
    let (width, half) = (width as usize, half.width as usize);
    if let Some((luma, chroma)) = planes.split_first_mut() {
        for (i, lines) in luma.data.chunks_mut(2 * width).enumerate() {
            let count = lines.len() / width;
            for (which, line) in lines.chunks_exact(width).enumerate() {
                steps.luma(which).copy_from_slice(line);
            }
            for (which, plane) in chroma.iter().enumerate() {
                steps.chroma(which).copy_from_slice(&plane.data[i * half..][..half]);
            }
            steps.run(count, entering == 3);
            for (which, line) in lines.chunks_exact_mut(width).enumerate() {
                line.copy_from_slice(steps.luma(which));
            }
            for (which, plane) in chroma.iter_mut().enumerate() {
                plane.data[i * half..][..half].copy_from_slice(steps.chroma(which));
            }
        }
    }
    planes.truncate(steps.planes());
    planes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Modulate, tests::every};

    fn planes(width: u32, height: u32, count: usize) -> Vec<Pixels> {
        let size = Size { width, height };
        let plane = |i: usize| {
            let size = if i == 0 { size } else { size.halved() };
            let sample = |at: u64| if i == 0 { 60 + (at * 7 % 130) as u8 } else { 110 + (at * 5 % 33) as u8 };
            Pixels { size, channels: 1, data: (0..size.pixels()).map(sample).collect() }
        };
        (0..count).map(plane).collect()
    }

    #[test]
    fn changing_nothing_changes_nothing_but_by_rounding() {
        let nothing = [Operation::Modulate(Modulate::default())];
        for (width, height) in [(1, 1), (2, 2), (9, 5), (16, 7), (33, 4)] {
            for count in [1, 3] {
                let before = planes(width, height, count);
                let after = apply_to_planes(&nothing, before.clone());
                assert_eq!(after.len(), count);
                for (a, b) in before.iter().zip(&after) {
                    assert_eq!(a.size, b.size);
                    let greatest = a.data.iter().zip(&b.data).map(|(a, b)| a.abs_diff(*b)).max();
                    assert!(greatest <= Some(2), "{width} × {height}, {count}: {greatest:?}");
                }
            }
        }
    }

    #[test]
    fn a_large_picture_is_changed_as_a_part_of_it_is() {
        let change = [Operation::Modulate(Modulate { brightness: 12_000, hue: 300_000, ..Modulate::default() })];
        let (size, part) = (Size { width: 801, height: 401 }, Size { width: 801, height: 200 });
        assert!(
            matches!(HalvedSteps::new(&change, size, 3).change, Change::Table(_))
                && matches!(HalvedSteps::new(&change, part, 3).change, Change::Steps { .. })
        );
        assert!(HalvedSteps::memory(&change, size) == HalvedSteps::memory(&change, part) + HALVED_TABLE);
        let whole = apply_to_planes(&change, planes(size.width, size.height, 3));
        let of_part = apply_to_planes(&change, planes(part.width, part.height, 3));
        for (whole, part) in whole.iter().zip(&of_part) {
            assert_eq!(whole.size.width, part.size.width);
            let differences: Vec<u64> =
                whole.data.iter().zip(&part.data).map(|(a, b)| u64::from(a.abs_diff(*b))).collect();
            let mean = differences.iter().sum::<u64>() as f64 / differences.len() as f64;
            assert!(mean < 0.6 && differences.iter().max() <= Some(&6), "{mean} {:?}", differences.iter().max());
        }
    }

    #[test]
    fn as_many_planes_leave_as_there_are_colours() {
        for operation in every() {
            for entering in [1, 3] {
                if !operation.works_in_planes() || operation.channels(entering).is_multiple_of(2) {
                    continue;
                }
                let out = apply_to_planes(std::slice::from_ref(&operation), planes(11, 7, entering.into()));
                assert_eq!(out.len(), usize::from(operation.channels(entering)), "{operation:?}");
                let sizes: Vec<usize> = out.iter().map(|plane| plane.data.len()).collect();
                assert!(sizes[0] == 77 && sizes[1..].iter().all(|&size| size == 24), "{operation:?} {sizes:?}");
            }
        }
    }

    #[test]
    fn an_odd_last_line_is_done_like_the_others() {
        let out = apply_to_planes(&[Operation::Negative], planes(5, 3, 1));
        let before = planes(5, 3, 1);
        assert!(out[0].data.iter().zip(&before[0].data).all(|(a, b)| *a == 255 - *b));
    }
}
