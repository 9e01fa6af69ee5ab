//! Finding the marker that an interval starts with, also where markers are damaged, missing, or have something before them.
//!
//! libjpeg's `jpeg_resync_to_restart` looks at one marker. Here the next few are looked at together, because one of them
//! may have the wrong number: what is taken for the truth is the reading that most of them agree with.
//!
//! Source: T.81, B.2.1 and F.2.2.2.

use super::bits::Bits;
use crate::header::{ends_scan, next_marker};

/// Markers that are looked at together.
const WINDOW: usize = 8;

/// The number of a marker that should be RST0 to RST7 and is none of them.
const UNKNOWN: u8 = 8;

/// Where the data goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The interval starts at this position.
    Here(usize),
    /// The interval is missing: the marker of a later one is at this position.
    Later(usize),
    /// There are no more markers.
    Nothing,
}

/// The restarts of a scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Restarts {
    /// MCUs between two restarts, or 0 if there are none.
    pub interval: usize,
    /// MCUs up to the next one.
    pub until: usize,
    number: u8,
    left: usize,
    is_first: bool,
    /// Intervals before markers that too much stood before.
    pub doubtful: u64,
}

/// Bytes between the last code and a marker that may be padding, or something that an encoder left there.
const STRAY_BYTES: usize = 64;

impl Restarts {
    pub fn new(interval: usize, mcus: usize) -> Self {
        Self {
            interval,
            until: if interval > 0 { interval } else { usize::MAX },
            number: 0,
            left: mcus.saturating_sub(1).checked_div(interval).unwrap_or(0),
            is_first: true,
            doubtful: 0,
        }
    }

    /// Goes to where the next interval starts, after one that was decoded to its end or not. `None` if no restart was ever
    /// written, whatever the header says: what follows belongs to the same interval.
    #[cold]
    #[inline(never)]
    pub fn pass(&mut self, bits: &mut Bits<'_>, was_decoded: bool) -> Option<Found> {
        let (data, from, expected) = (bits.data(), bits.position(), self.number);
        let found = match data.get(from..from + 2) {
            Some([0xFF, code]) if *code == 0xD0 + expected => Found::Here(from + 2),
            _ => find(data, from, expected, self.left),
        };
        let is_first = core::mem::replace(&mut self.is_first, false);
        if found == Found::Nothing && is_first && was_decoded && !bits.bad {
            (self.interval, self.until) = (0, usize::MAX);
            return None;
        }
        if was_decoded && matches!(found, Found::Here(_)) && bits.bytes_left() > STRAY_BYTES {
            self.doubtful += 1;
        }
        self.until = self.interval;
        self.number = (expected + 1) & 7;
        self.left = self.left.saturating_sub(1);
        bits.bad = false;
        bits.go_to(match found {
            Found::Here(at) | Found::Later(at) => at,
            Found::Nothing => data.len(),
        });
        Some(found)
    }
}

/// A marker between intervals.
#[derive(Clone, Copy, Debug, Default)]
struct Marker {
    at: usize,
    number: u8,
}

/// The markers that come next.
struct Markers {
    found: [Marker; WINDOW],
    count: usize,
    /// A marker that ends the scan stands behind these.
    at_end: bool,
}

impl Markers {
    fn new(data: &[u8], from: usize, expected: u8) -> Self {
        let mut markers = Self { found: [Marker::default(); WINDOW], count: 0, at_end: false };
        let mut last = expected.wrapping_sub(1) & 7;
        let mut at = from;
        while let Some(next) = next_marker(data, at) {
            let number = match data.get(next + 1) {
                Some(&code @ 0xD0..=0xD7) => code & 7,
                _ if ends_scan(data, next, last) => {
                    markers.at_end = true;
                    break;
                }
                _ => UNKNOWN,
            };
            last = if number == UNKNOWN { last.wrapping_add(1) & 7 } else { number };
            let Some(place) = markers.found.get_mut(markers.count) else {
                break;
            };
            *place = Marker { at: next, number };
            markers.count += 1;
            at = next + 2;
        }
        markers
    }

    fn all(&self) -> &[Marker] {
        &self.found[..self.count]
    }

    /// How well the markers agree with `dropped` of them being spurious and `missing` intervals having none. `None` if there
    /// are more than the `left` that can come.
    fn agreement(&self, expected: u8, dropped: usize, missing: usize, left: usize) -> Option<usize> {
        let rest = self.all().get(dropped..).filter(|rest| !rest.is_empty())?;
        let all_seen = self.count < WINDOW;
        if all_seen && missing + rest.len() > left {
            return None;
        }
        let numbers = (expected as usize + missing..).map(|number| (number & 7) as u8);
        let agreeing = rest.iter().zip(numbers).filter(|(marker, number)| marker.number == *number).count();
        let as_many_as_expected = self.at_end && all_seen && missing + rest.len() == left;
        Some(2 * agreeing + usize::from(as_many_as_expected))
    }
}

/// Finds where the interval that is to start with the marker of number `expected` starts, from the position `from` on.
/// `left` markers can come, this one included.
#[cold]
#[inline(never)]
pub(crate) fn find(data: &[u8], from: usize, expected: u8, left: usize) -> Found {
    if let Some(at) = next_marker(data, from)
        && data.get(at + 1) == Some(&(0xD0 + expected))
    {
        return Found::Here(at + 2);
    }
    let markers = Markers::new(data, from, expected);
    let Some(first) = markers.all().first() else {
        return Found::Nothing;
    };
    // spurious markers before the interval, intervals that are missing: what is likelier comes first
    const READINGS: [(usize, usize); 12] =
        [(0, 0), (0, 1), (1, 0), (0, 2), (2, 0), (0, 3), (1, 1), (0, 4), (0, 5), (3, 0), (0, 6), (0, 7)];
    let mut best = (0, (0, 0));
    for (dropped, missing) in READINGS {
        if let Some(agreement) = markers.agreement(expected, dropped, missing, left)
            && agreement > best.0
        {
            best = (agreement, (dropped, missing));
        }
    }
    let (dropped, missing) = best.1;
    let at = markers.all().get(dropped).unwrap_or(first).at;
    if missing > 0 { Found::Later(at) } else { Found::Here(at + 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Intervals of four bytes, each after a marker with one of these numbers (8: FF 33), then EOI.
    fn data(numbers: &[u8]) -> Vec<u8> {
        let mut data = Vec::new();
        for &number in numbers {
            data.extend([0xFF, if number == UNKNOWN { 0x33 } else { 0xD0 + number }, 1, 2, 3, 4]);
        }
        data.extend([0xFF, 0xD9]);
        data
    }

    #[test]
    fn the_expected_marker_is_taken() {
        assert_eq!(find(&data(&[3, 4]), 0, 3, 2), Found::Here(2));
        assert_eq!(find(&[&[9; 5][..], &data(&[3, 4])].concat(), 0, 3, 2), Found::Here(7));
    }

    #[test]
    fn a_wrong_number_is_seen_by_those_that_follow() {
        for wrong in [0, 1, 2, 4, 5, 6, 7, UNKNOWN] {
            assert_eq!(find(&data(&[wrong, 4, 5, 6, 7]), 0, 3, 5), Found::Here(2), "{wrong}");
            assert_eq!(find(&data(&[wrong, 4]), 0, 3, 2), Found::Here(2), "{wrong}, second to last");
            assert_eq!(find(&data(&[wrong]), 0, 3, 1), Found::Here(2), "{wrong}, last");
        }
    }

    #[test]
    fn missing_intervals_are_counted() {
        for missing in 1..8 {
            let numbers: Vec<u8> = (0..5).map(|i| (3 + missing + i) & 7).collect();
            assert_eq!(find(&data(&numbers), 0, 3, 5 + usize::from(missing)), Found::Later(0), "{missing}");
        }
    }

    #[test]
    fn spurious_markers_are_passed_over() {
        assert_eq!(find(&data(&[7, 3, 4, 5]), 0, 3, 3), Found::Here(8));
        assert_eq!(find(&data(&[2, UNKNOWN, 3, 4, 5]), 0, 3, 3), Found::Here(14));
    }

    #[test]
    fn an_end_that_should_be_a_restart_is_one() {
        let mut data = data(&[3, 4, 5, 6]);
        data[1] = 0xD9;
        assert_eq!(find(&data, 0, 3, 4), Found::Here(2));
    }

    #[test]
    fn nothing_is_found_behind_the_end() {
        assert_eq!(find(&[1, 2, 0xFF, 0xD9, 0xFF, 0xD8, 0xFF, 0xD3], 0, 3, 5), Found::Nothing);
        assert_eq!(find(&[1, 2, 3], 9, 3, 5), Found::Nothing);
    }
}
