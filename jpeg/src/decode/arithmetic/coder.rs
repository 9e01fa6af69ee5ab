//! The arithmetic decoder (T.81, D.2).

use super::states::{EVEN, STATES};

/// A decoder's registers and its place in the data.
#[derive(Clone, Debug)]
pub(super) struct Coder<'a> {
    data: &'a [u8],
    pub position: usize,
    /// Size of the interval, 0x8000 to 0x10000.
    interval: u32,
    /// The code register: what the spec calls Cx is its upper half.
    code: u32,
    /// Shifts until the next byte is needed.
    shifts: u32,
    /// Bytes that were needed beyond the end of a file that was cut off.
    missing: u32,
    /// A sequence of decisions that no encoder makes was met.
    pub bad: bool,
}

/// Bytes that the registers hold ahead of the decisions.
const AHEAD: u32 = 3;

impl<'a> Coder<'a> {
    pub fn new(data: &'a [u8], position: usize) -> Self {
        let mut coder = Self { data, position, interval: 0x1_0000, code: 0, shifts: 0, missing: 0, bad: false };
        for _ in 0..2 {
            coder.byte_in();
            coder.code <<= 8;
        }
        coder
    }

    /// Whether the decisions cannot be trusted any more. Zeros are taken after a marker, because encoders leave out those
    /// that data end with, but not after the end of the file.
    pub fn is_lost(&self) -> bool {
        self.bad || self.missing > AHEAD
    }

    /// One decision, by a statistics bin: an index of [`STATES`], and the more probable symbol as the highest bit.
    pub fn decide(&mut self, bin: &mut u8) -> bool {
        let state = STATES[usize::from(*bin & 0x7F).min(usize::from(EVEN))];
        let qe = u32::from(state.qe);
        let more = *bin >> 7 != 0;
        self.interval -= qe;
        let is_less = if self.code >> 16 < self.interval {
            if self.interval >= 0x8000 {
                return more;
            }
            self.interval < qe
        } else {
            let is_less = self.interval >= qe;
            self.code -= self.interval << 16;
            self.interval = qe;
            is_less
        };
        *bin = match is_less {
            true => u8::from(more != state.switches) << 7 | state.next_if_less,
            false => u8::from(more) << 7 | state.next_if_more,
        };
        self.renormalize();
        more != is_less
    }

    /// One decision whose outcomes are equally probable.
    pub fn even(&mut self) -> bool {
        self.decide(&mut { EVEN })
    }

    fn renormalize(&mut self) {
        while self.interval < 0x8000 {
            if self.shifts == 0 {
                self.byte_in();
                self.shifts = 8;
            }
            self.interval <<= 1;
            self.code <<= 1;
            self.shifts -= 1;
        }
    }

    fn byte_in(&mut self) {
        while let Some([0xFF, 0xFF, ..]) = self.data.get(self.position..) {
            self.position += 1;
        }
        let byte = match self.data.get(self.position..) {
            Some([0xFF, 0x00, ..]) => {
                self.position += 2;
                0xFF
            }
            Some([0xFF, _, ..]) => 0,
            Some([0xFF] | []) | None => {
                self.missing = self.missing.saturating_add(1);
                0
            }
            Some([byte, ..]) => {
                self.position += 1;
                u32::from(*byte)
            }
        };
        self.code += byte << 8;
    }
}
