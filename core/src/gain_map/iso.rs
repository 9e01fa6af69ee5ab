//! Gains as ISO 21496-1 has them: binary, in an APP2 segment of the map. The picture has a segment of the version alone.

use super::Gains;

pub const NAME: &[u8] = b"urn:iso:std:iso:ts:21496:-1\0";

/// The least version that a reader needs, and the writer's.
pub const VERSION: [u8; 4] = [0; 4];

const IS_OF_THREE: u8 = 1 << 7;
const OF_OWN_COLOURS: u8 = 1 << 6;
/// Of drafts, which files have.
const HAS_ONE_DENOMINATOR: u8 = 1 << 3;

/// Denominator of all that is written.
const PARTS: f64 = 1_000_000.0;

struct Reader<'a> {
    rest: &'a [u8],
    /// Where one stands for all.
    denominator: Option<u32>,
}

impl Reader<'_> {
    fn u32(&mut self) -> Option<u32> {
        let (bytes, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*bytes))
    }

    fn fraction(&mut self, numerator: f64) -> Option<f64> {
        let denominator = match self.denominator {
            Some(one) => one,
            None => self.u32()?,
        };
        (denominator != 0).then(|| numerator / f64::from(denominator))
    }

    fn unsigned(&mut self) -> Option<f64> {
        let numerator = self.u32()?;
        self.fraction(numerator.into())
    }

    fn signed(&mut self) -> Option<f64> {
        let numerator = self.u32()? as i32;
        self.fraction(numerator.into())
    }
}

/// `None` too where there is a version alone, where a newer reader is needed, and where the picture is the bright one.
pub fn read(bytes: &[u8]) -> Option<Gains> {
    let ([0, 0, _, _, flags], rest) = bytes.split_first_chunk::<5>()? else {
        return None;
    };
    let mut reader = Reader { rest, denominator: None };
    if flags & HAS_ONE_DENOMINATOR != 0 {
        reader.denominator = Some(reader.u32()?);
    }
    let (from_headroom, to_headroom) = (reader.unsigned()?, reader.unsigned()?);
    let count = if flags & IS_OF_THREE == 0 { 1 } else { 3 };
    let mut values = [[0.0; 3]; 5];
    for channel in 0..count {
        for (which, value) in values.iter_mut().enumerate() {
            // the third is a power
            value[channel] = if which == 2 { reader.unsigned()? } else { reader.signed()? };
        }
    }
    let [least, most, gamma, offset, bright_offset] = values.map(|v| if count == 1 { [v[0]; 3] } else { v });
    let of_own_colours = flags & OF_OWN_COLOURS != 0;
    Gains { least, most, gamma, offset, bright_offset, from_headroom, to_headroom, of_own_colours }.checked()
}

/// The content of the map's segment after its name.
pub fn written(gains: &Gains) -> Vec<u8> {
    let count = if gains.are_alike() { 1 } else { 3 };
    let flags = if count == 3 { IS_OF_THREE } else { 0 } | if gains.of_own_colours { OF_OWN_COLOURS } else { 0 };
    let mut out = [&VERSION[..], &[flags]].concat();
    let mut put = |value: f64| {
        // as two's complement where it may be negative
        out.extend(((value * PARTS).round() as i32).to_be_bytes());
        out.extend((PARTS as u32).to_be_bytes());
    };
    put(gains.from_headroom);
    put(gains.to_headroom);
    for i in 0..count {
        [gains.least, gains.most, gains.gamma, gains.offset, gains.bright_offset].iter().for_each(|v| put(v[i]));
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    pub fn gains() -> Gains {
        Gains {
            least: [-0.5; 3],
            most: [3.25; 3],
            gamma: [1.0; 3],
            offset: [0.015_625; 3],
            bright_offset: [0.015_625; 3],
            from_headroom: 0.0,
            to_headroom: 3.25,
            of_own_colours: true,
        }
    }

    #[test]
    fn what_is_written_is_read_again_of_one_colour_and_of_three() {
        let three = Gains { most: [1.0, 2.0, 3.0], of_own_colours: false, ..gains() };
        for gains in [gains(), three] {
            assert_eq!(read(&written(&gains)), Some(gains));
        }
        assert_eq!(written(&gains()).len(), 5 + 16 + 40);
    }

    #[test]
    fn one_denominator_for_all_is_read_as_drafts_had_it() {
        let numbers = [1000, 0, 3250, -500_i32 as u32, 3250, 1000, 16, 16].map(u32::to_be_bytes).concat();
        let read = read(&[&[0, 0, 0, 0, 0x48][..], &numbers].concat()).unwrap();
        assert_eq!((read.least, read.most, read.offset), ([-0.5; 3], [3.25; 3], [0.016; 3]));
    }

    #[test]
    fn what_makes_no_sense_is_none() {
        let whole = written(&gains());
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end]), None, "{end}");
        }
        // a denominator of 0; a version to come; the picture is the bright one
        let mut zero = whole.clone();
        zero[9..13].fill(0);
        let mut newer = whole.clone();
        newer[1] = 1;
        let bright = Gains { from_headroom: 3.0, to_headroom: 0.0, ..gains() };
        assert_eq!((read(&zero), read(&newer), read(&written(&bright))), (None, None, None));
    }
}
