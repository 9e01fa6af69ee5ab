//! What a PNG's colours mean, by its chunks.
//!
//! Source: PNG, third edition, 4.3 (which chunk goes before which) and 11.3.2 (cHRM, cICP, gAMA, iCCP, sRGB).

use std::borrow::Cow;

use crate::colour::{Curve, Primaries, Transfer};

/// gAMA of files that mean sRGB, whose curve is near a power of 2.2, if they name no other primaries.
const NEAR_SRGB: std::ops::RangeInclusive<u32> = 45_000..=45_910;

/// gAMA, in 100,000ths, that can be meant.
const GAMMAS: std::ops::RangeInclusive<u32> = 5_000..=2_000_000;

/// The chunks that say it; of each the first.
#[derive(Default)]
pub struct ColourChunks<'a> {
    cicp: Option<&'a [u8]>,
    iccp: Option<&'a [u8]>,
    srgb: Option<&'a [u8]>,
    gama: Option<&'a [u8]>,
    chrm: Option<&'a [u8]>,
}

/// How they are converted.
pub struct Colours<'a> {
    /// What makes each sample sRGB's, before pixels are resampled; `None` changes nothing.
    pub transfer: Option<Transfer>,
    /// What the samples mean then.
    pub meaning: Meaning<'a>,
}

pub enum Meaning<'a> {
    Srgb,
    /// The body of an iCCP chunk.
    Profile(&'a [u8]),
    Primaries(Primaries),
}

impl<'a> ColourChunks<'a> {
    /// Takes a chunk, if it is one of them.
    pub fn take(&mut self, name: [u8; 4], body: &'a [u8]) {
        let place = match &name {
            b"cICP" => &mut self.cicp,
            b"iCCP" => &mut self.iccp,
            b"sRGB" => &mut self.srgb,
            b"gAMA" => &mut self.gama,
            b"cHRM" => &mut self.chrm,
            _ => return,
        };
        *place = place.or(Some(body));
    }

    /// cICP goes before iCCP, that before sRGB, and that before gAMA and cHRM. A chunk that makes no sense counts as none.
    #[inline(never)]
    pub fn resolve(&self) -> Colours<'a> {
        if let Some(colours) = self.cicp.and_then(by_numbers) {
            return colours;
        }
        match (self.iccp, self.srgb) {
            (Some(profile), _) => Colours { transfer: None, meaning: Meaning::Profile(profile) },
            (None, Some(_)) => Colours { transfer: None, meaning: Meaning::Srgb },
            (None, None) => {
                let meaning = self.chrm.and_then(chromaticities).map_or(Meaning::Srgb, meaning);
                let is_srgb = matches!(meaning, Meaning::Srgb);
                Colours { transfer: self.gama.and_then(|chunk| gamma(chunk, is_srgb)), meaning }
            }
        }
    }
}

impl Meaning<'_> {
    /// The profile that says it; `None` for sRGB, and where the profile is damaged.
    pub fn icc(&self, is_grey: bool) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Srgb => None,
            Self::Profile(chunk) => super::profile(chunk).map(Cow::Owned),
            // grey has no primaries
            Self::Primaries(_) if is_grey => None,
            Self::Primaries(primaries) => primaries.profile("Colours of the source").map(Cow::Owned),
        }
    }
}

fn meaning(primaries: Primaries) -> Meaning<'static> {
    if primaries.are_srgb() { Meaning::Srgb } else { Meaning::Primaries(primaries) }
}

fn by_numbers(chunk: &[u8]) -> Option<Colours<'static>> {
    // a PNG's pixels are RGB: matrix 0
    let &[primaries, curve, 0, is_full @ 0..=1] = chunk else {
        return None;
    };
    let transfer = Transfer { curve: Curve::of_h273(curve)?, is_narrow: is_full == 0 };
    let changes = transfer != Transfer { curve: Curve::Srgb, is_narrow: false };
    Some(Colours { transfer: changes.then_some(transfer), meaning: meaning(Primaries::of_h273(primaries)?) })
}

fn gamma(chunk: &[u8], is_srgb: bool) -> Option<Transfer> {
    let gamma = u32::from_be_bytes(chunk.try_into().ok()?);
    let changes = GAMMAS.contains(&gamma) && !(is_srgb && NEAR_SRGB.contains(&gamma));
    changes.then(|| Transfer { curve: Curve::Power(100_000.0 / f64::from(gamma)), is_narrow: false })
}

/// White, red, green and blue, x and y of each in 100,000ths.
fn chromaticities(chunk: &[u8]) -> Option<Primaries> {
    let (values, []) = chunk.as_chunks::<4>() else {
        return None;
    };
    let (&[white, red, green, blue], []) = values.as_chunks::<2>().0.split_first_chunk::<4>()? else {
        return None;
    };
    let primaries =
        Primaries([white, red, green, blue].map(|xy| xy.map(|v| f64::from(u32::from_be_bytes(v)) / 100_000.0)));
    primaries.0.as_flattened().iter().all(|v| (0.0..=2.0).contains(v)).then_some(primaries)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISPLAY_P3: &[u8] = &[12, 13, 0, 1];
    const LINEAR: [u8; 4] = 100_000_u32.to_be_bytes();

    fn of<'a>(chunks: &[(&[u8; 4], &'a [u8])]) -> Colours<'a> {
        let mut colours = ColourChunks::default();
        chunks.iter().for_each(|&(name, body)| colours.take(*name, body));
        colours.resolve()
    }

    fn adobe() -> Vec<u8> {
        [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000_u32].map(u32::to_be_bytes).concat()
    }

    #[test]
    fn the_chunk_that_says_most_goes_first() {
        let adobe = adobe();
        let gama = (b"gAMA", &LINEAR[..]);
        let all: [(&[u8; 4], &[u8]); 5] =
            [gama, (b"cHRM", &adobe), (b"sRGB", &[0]), (b"iCCP", b"x"), (b"cICP", DISPLAY_P3)];
        let by_numbers = of(&all);
        assert!(by_numbers.transfer.is_none() && matches!(by_numbers.meaning, Meaning::Primaries(_)));
        let profile = of(&all[..4]);
        assert!(profile.transfer.is_none() && matches!(profile.meaning, Meaning::Profile(b"x")));
        let srgb = of(&all[..3]);
        assert!(srgb.transfer.is_none() && matches!(srgb.meaning, Meaning::Srgb));
        let measured = of(&all[..2]);
        assert!(measured.transfer.is_some() && matches!(measured.meaning, Meaning::Primaries(_)));
    }

    #[test]
    fn what_says_srgb_in_other_words_changes_nothing() {
        let srgb = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000_u32].map(u32::to_be_bytes).concat();
        let gamma = 45_455_u32.to_be_bytes();
        for chunks in [&[(b"gAMA", &gamma[..]), (b"cHRM", &srgb)][..], &[(b"cICP", &[1, 13, 0, 1])], &[]] {
            let colours = of(chunks);
            assert!(colours.transfer.is_none() && matches!(colours.meaning, Meaning::Srgb));
        }
    }

    #[test]
    fn what_makes_no_sense_counts_as_not_there() {
        let zero = 0_u32.to_be_bytes();
        let far = [400_000_u32; 8].map(u32::to_be_bytes).concat();
        let wrong: [(&[u8; 4], &[u8]); 9] = [
            (b"gAMA", &zero),
            (b"gAMA", &[0, 0, 1]),
            (b"gAMA", &[0xff; 4]),
            (b"cHRM", &far),
            (b"cHRM", &far[..31]),
            (b"cICP", &[9, 16, 9, 1]),
            (b"cICP", &[2, 2, 0, 1]),
            (b"cICP", &[12, 13, 0, 2]),
            (b"cICP", &[12, 13, 0]),
        ];
        for chunk in wrong {
            let colours = of(&[chunk]);
            assert!(colours.transfer.is_none() && matches!(colours.meaning, Meaning::Srgb), "{chunk:?}");
        }
        // and the next in line says what colours mean
        assert!(of(&[(b"cICP", &[2, 2, 0, 1]), (b"gAMA", &LINEAR)]).transfer.is_some());
    }
}
