//! Operations on luma with chroma of half the size: what a JPEG is made of and becomes.
//!
//! A chroma sample stands for four pixels. For operations on single pixels those become RGB, two lines at a time, and then luma and the
//! chroma of their mean again.

use deckle_pixels::{HALVED_TABLE, HalvedTable, Planar, Step, from_halved, paired, to_halved};

use super::sequence::{passes, steps};
use super::{Operation, Reach};
use crate::image::{Pixels, Size};

/// Pixels from which on a table of what smooth changes do is made sooner than they are done to each.
const MANY: u64 = 1 << 18;

/// Operations on single pixels, ready to be done to two lines of planes at a time.
pub(crate) struct HalvedSteps {
    steps: Vec<Step>,
    /// What the steps do, where that is looked up: in place of `pixels`, luma and chroma are changed.
    table: Option<Box<HalvedTable>>,
    chroma: [Vec<u8>; 2],
    pixels: Planar,
    /// Two lines of luma, each as long as its chroma wants it.
    luma: [Vec<u8>; 2],
    /// Planes that leave: luma, or luma and chroma.
    leaving: u8,
}

impl HalvedSteps {
    /// `entering` is 1 for luma alone, 3 with chroma.
    pub fn new(operations: &[Operation], size: Size, entering: u8) -> Self {
        let leaving = operations.iter().fold(entering, |channels, operation| operation.channels(channels));
        let luma = std::array::from_fn(|_| vec![0; paired(size.width as usize)]);
        let steps = steps(operations);
        let is_smooth = !steps.is_empty() && steps.iter().all(|step| matches!(step, Step::Lab(_)));
        let table = (is_smooth && entering == 3 && size.pixels() >= MANY)
            .then(|| Box::new(HalvedTable::new(|pixels| steps.iter().for_each(|step| step.run(pixels)))));
        Self { steps, table, chroma: Default::default(), pixels: Planar::default(), luma, leaving }
    }

    /// Planes that leave.
    pub fn planes(&self) -> usize {
        if self.leaving > 2 { 3 } else { 1 }
    }

    /// Does it to lines that were put with [`Self::set`]; what leaves is got with [`Self::get`].
    pub fn run(&mut self, chroma: Option<[&[u8]; 2]>) {
        if let (Some(table), Some(chroma)) = (&self.table, chroma) {
            for (own, line) in self.chroma.iter_mut().zip(chroma) {
                own.clear();
                own.extend_from_slice(line);
            }
            let ([first, second], [cb, cr]) = (&mut self.luma, &mut self.chroma);
            return table.change([first, second], [cb, cr]);
        }
        let [first, second] = &self.luma;
        match chroma {
            Some(chroma) => from_halved([first, second], chroma, &mut self.pixels),
            None => {
                self.pixels.resize(0, 1);
                self.pixels.planes[0].extend_from_slice(first);
                self.pixels.planes[0].extend_from_slice(second);
            }
        }
        self.steps.iter().for_each(|step| step.run(&mut self.pixels));
    }

    /// Sets one of the two lines of luma. An odd line's last sample is repeated, as is the last of an odd number of lines.
    pub fn set(&mut self, which: usize, line: &[u8]) {
        let to = &mut self.luma[which];
        let count = line.len().min(to.len());
        to[..count].copy_from_slice(&line[..count]);
        if let Some(last) = line.last() {
            to[count..].fill(*last);
        }
    }

    /// Writes two lines of luma, and of chroma if there is some.
    pub fn get(&mut self, luma: [&mut [u8]; 2], chroma: Option<[&mut [u8]; 2]>) {
        if self.table.is_some() {
            let lines = luma.into_iter().zip(&self.luma);
            let lines = lines.chain(chroma.into_iter().flatten().zip(&self.chroma));
            return lines.for_each(|(to, from)| to.iter_mut().zip(from).for_each(|(to, from)| *to = *from));
        }
        match (chroma, self.pixels.planes.as_slice()) {
            (Some(chroma), [_, _, _]) => to_halved(&mut self.pixels, luma, chroma),
            (_, [grey, ..]) => {
                let start = self.luma[0].len();
                let lines = [grey.get(..start), grey.get(start..)];
                for (to, from) in luma.into_iter().zip(lines) {
                    let count = to.len();
                    if let Some(from) = from.and_then(|from| from.get(..count)) {
                        to.copy_from_slice(from);
                    }
                }
            }
            _ => (),
        }
    }

    /// Bytes that one of these takes for operations on pictures of such a size, from above.
    pub fn memory(operations: &[Operation], size: Size) -> u64 {
        let changes = |operation: &Operation| matches!(operation, Operation::Modulate(_) | Operation::Normalise(_));
        let table = if size.pixels() >= MANY && operations.iter().any(changes) { HALVED_TABLE } else { 0 };
        table + super::steps_memory(operations) + (u64::from(size.width) + 2) * 2 * 8
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
    let mut spare = vec![0; width];
    if let Some((luma, chroma)) = planes.split_first_mut() {
        for (i, lines) in luma.data.chunks_mut(2 * width).enumerate() {
            let (first, second) = lines.split_at_mut(width);
            let second = if second.is_empty() { &mut spare } else { second };
            if lines_are_one(height as usize, i) {
                second.copy_from_slice(first);
            }
            steps.set(0, first);
            steps.set(1, second);
            let mut of = chroma.iter_mut().filter_map(|plane| plane.data.get_mut(i * half..(i + 1) * half));
            match (of.next(), of.next()) {
                (Some(cb), Some(cr)) => {
                    steps.run(if entering == 3 { Some([&*cb, &*cr]) } else { None });
                    steps.get([first, second], Some([cb, cr]));
                }
                _ => {
                    steps.run(None);
                    steps.get([first, second], None);
                }
            }
        }
    }
    planes.truncate(steps.planes());
    planes
}

/// Whether the pair of lines has one only, the last of an odd number.
fn lines_are_one(height: usize, pair: usize) -> bool {
    2 * pair + 1 == height
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
            HalvedSteps::new(&change, size, 3).table.is_some() && HalvedSteps::new(&change, part, 3).table.is_none()
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
