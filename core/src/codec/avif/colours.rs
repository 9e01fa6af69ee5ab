//! What the samples of an AVIF mean: a profile, or numbers of ITU-T H.273, table 2 to 4.

use std::borrow::Cow;

use deckle_pixels::Chroma;

use super::sequence::Numbers;
use crate::Error;
use crate::codec::unsupported;
use crate::colour::{Curve, Primaries, Transfer};

/// How samples become red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Matrix {
    /// They are green, blue and red.
    Identity,
    /// Luma and chroma of T.871, which is BT.601's matrix.
    T871,
    /// Luma and chroma by other factors.
    Other(Chroma),
}

/// A file's colours.
#[derive(Clone, Copy)]
pub struct Colours<'a> {
    pub matrix: Matrix,
    pub is_full: bool,
    /// What makes each sample of red, green and blue sRGB's; `None` changes nothing.
    pub transfer: Option<Transfer>,
    pub profile: Option<&'a [u8]>,
    /// Where they are not sRGB's, and there is no profile.
    pub primaries: Option<Primaries>,
}

impl<'a> Colours<'a> {
    /// By the profile, if there is one, and by what the file or else the data say in numbers.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for matrices that are not linear.
    pub fn new(numbers: Numbers, profile: Option<&'a [u8]>) -> Result<Self, Error> {
        let primaries = Primaries::of_h273(numbers.primaries).filter(|primaries| !primaries.are_srgb());
        let matrix = matrix(numbers.matrix, primaries.unwrap_or(Primaries::SRGB))?;
        // BT.709's curve, and those that are alike, stand for sRGB's in pictures, as browsers have it
        let curve = match numbers.transfer {
            1 | 6 | 11..=15 => None,
            number => Curve::of_h273(number),
        };
        let transfer = curve.map(|curve| Transfer { curve, is_narrow: false }).filter(|_| profile.is_none());
        let primaries = primaries.filter(|_| profile.is_none());
        Ok(Self { matrix, is_full: numbers.is_full, transfer, profile, primaries })
    }

    /// The profile that says what colours mean; `None` for sRGB.
    pub fn icc(&self, is_grey: bool) -> Option<Cow<'_, [u8]>> {
        match (self.profile, self.primaries) {
            (Some(profile), _) => Some(Cow::Borrowed(profile)),
            // grey has no primaries
            (None, Some(primaries)) if !is_grey => primaries.profile("Colours of the source").map(Cow::Owned),
            _ => None,
        }
    }
}

fn matrix(number: u8, primaries: Primaries) -> Result<Matrix, Error> {
    let (red, blue) = match number {
        0 => return Ok(Matrix::Identity),
        // the matrix that is meant where none is named
        2 | 3 | 5 | 6 => return Ok(Matrix::T871),
        1 => (0.2126, 0.0722),
        4 => (0.30, 0.11),
        7 => (0.212, 0.087),
        8 => return Ok(Matrix::Other(Chroma([[-1.0, 1.0], [1.0, 0.0], [-1.0, -1.0]]))),
        9 | 10 => (0.2627, 0.0593),
        12 | 13 => primaries.luma_weights().unwrap_or((0.2126, 0.0722)),
        _ => return Err(unsupported(format!("AVIF with matrix coefficients {number}"))),
    };
    Ok(Matrix::Other(Chroma::of_weights(red, blue)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(primaries: u8, transfer: u8, matrix: u8) -> Colours<'static> {
        Colours::new(Numbers { primaries, transfer, matrix, is_full: true }, None).unwrap()
    }

    #[test]
    fn what_says_srgb_or_nothing_changes_nothing() {
        for (primaries, transfer, matrix) in [(1, 13, 6), (2, 2, 2), (1, 1, 5), (0, 0, 6)] {
            let colours = of(primaries, transfer, matrix);
            assert_eq!(colours.matrix, Matrix::T871);
            assert!(colours.transfer.is_none() && colours.icc(false).is_none());
        }
    }

    #[test]
    fn wide_primaries_are_a_profile_and_high_range_is_a_table() {
        let colours = of(9, 16, 9);
        assert!(matches!(colours.matrix, Matrix::Other(_)) && colours.transfer.is_some());
        assert!(colours.icc(false).is_some() && colours.icc(true).is_none());
        // a profile says it better
        let numbers = Numbers { primaries: 9, transfer: 16, matrix: 9, is_full: false };
        let colours = Colours::new(numbers, Some(b"profile")).unwrap();
        assert!(colours.transfer.is_none() && colours.primaries.is_none());
        assert_eq!(colours.icc(true).as_deref(), Some(&b"profile"[..]));
    }

    #[test]
    fn weights_that_follow_from_the_primaries_are_those_of_their_own_matrix() {
        for (primaries, matrix) in [(1, 1), (9, 9)] {
            let (Matrix::Other(Chroma(a)), Matrix::Other(Chroma(b))) =
                (of(primaries, 13, 12).matrix, of(primaries, 13, matrix).matrix)
            else {
                unreachable!()
            };
            assert!(a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() < 0.002), "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_matrix_that_is_not_linear_is_refused() {
        for matrix in [11, 14, 15, 16, 17, 200] {
            let numbers = Numbers { primaries: 1, transfer: 13, matrix, is_full: true };
            assert!(Colours::new(numbers, None).is_err());
        }
    }
}
