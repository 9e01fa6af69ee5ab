//! Arithmetic-coded scans (T.81, annex D, F.1.4, F.2.4 and G.1.3): rare, so that nothing here is made for speed.

mod blocks;
mod coder;
mod states;

use super::progressive::Band;
use super::unit::Unit;
use crate::header::Conditioning;
use coder::Coder;

/// Statistics bins of a DC and of an AC table (T.81, tables F.4 and F.5), rounded up.
const DC_BINS: usize = 64;
const AC_BINS: usize = 256;

/// What an arithmetic-coded scan remembers.
#[derive(Clone, Debug)]
pub(crate) struct Arithmetic<'a> {
    coder: Coder<'a>,
    data: &'a [u8],
    dc: [[u8; DC_BINS]; 4],
    ac: [[u8; AC_BINS]; 4],
    /// Of each component of the scan: the class of its last DC difference, as the first of its bins.
    contexts: [u8; 4],
    conditioning: Conditioning,
}

/// The passes, with what each needs besides the blocks.
#[derive(Clone, Copy)]
pub(crate) enum Pass {
    Sequential,
    DcFirst { low: u32 },
    DcRefine { low: u32 },
    AcFirst(Band),
    AcRefine(Band),
}

impl<'a> Arithmetic<'a> {
    pub fn new(data: &'a [u8], conditioning: Conditioning) -> Self {
        Self::at(data, 0, conditioning)
    }

    fn at(data: &'a [u8], position: usize, conditioning: Conditioning) -> Self {
        let (dc, ac) = ([[0; DC_BINS]; 4], [[0; AC_BINS]; 4]);
        Self { coder: Coder::new(data, position), data, dc, ac, contexts: [0; 4], conditioning }
    }

    /// Starts an interval at `position`: all that was learnt is forgotten.
    #[cold]
    pub fn restart(&mut self, position: usize) {
        *self = Self::at(self.data, position, self.conditioning);
    }

    /// The first byte that is not read.
    pub fn position(&self) -> usize {
        self.coder.position
    }

    /// Decodes MCUs `from..to`. Returns the MCU at which the data ended or made no sense, or `to`.
    #[cold]
    #[inline(never)]
    pub fn decode(
        &mut self,
        pass: Pass,
        predictions: &mut [i32; 4],
        units: &[Unit],
        coefficients: &mut [i16],
        from: usize,
        to: usize,
    ) -> usize {
        for mcu in from..to {
            for unit in units {
                let Some(block) = coefficients.get_mut(unit.at + mcu * unit.step..) else {
                    return mcu;
                };
                let Some(block) = block.get_mut(..unit.store) else {
                    return mcu;
                };
                let prediction = &mut predictions[unit.slot & 3];
                match pass {
                    Pass::Sequential => {
                        *prediction = prediction.wrapping_add(self.difference(unit));
                        self.sequential(unit, block, *prediction as i16);
                    }
                    Pass::DcFirst { low } => {
                        *prediction = prediction.wrapping_add(self.difference(unit));
                        block[0] = (*prediction << low) as i16;
                    }
                    Pass::DcRefine { low } => block[0] |= i16::from(self.coder.even()) << low,
                    Pass::AcFirst(band) => self.ac_first(unit, block, band),
                    Pass::AcRefine(band) => self.ac_refine(unit, block, band),
                }
            }
            if self.coder.is_lost() {
                return mcu;
            }
        }
        to
    }
}
