//! What is said of a picture: its size, which part is shown and how it is laid, and its colours.
//!
//! Source: ISO/IEC 23008-12, 6.5; ISO/IEC 14496-12, 12.1.4 and 12.1.5.

use super::boxes::Reader;
use super::sequence::Numbers;
use crate::image::{Orientation, Size};

/// The properties that matter, of each the first.
#[derive(Default)]
pub struct Said<'a> {
    pub size: Option<Size>,
    pub numbers: Option<Numbers>,
    pub profile: Option<&'a [u8]>,
    pub is_alpha: bool,
    /// Which of the pictures is meant that data of several resolutions hold.
    pub point: u8,
    /// Width, height, and how far the middle lies right of and below that of the picture: numerators and denominators.
    clean: Option<[i64; 8]>,
    /// Quarters of a turn against the clock.
    turns: Option<u8>,
    /// Whether left and right change places, and not top and bottom.
    mirror: Option<bool>,
}

impl<'a> Said<'a> {
    pub fn of(properties: impl Iterator<Item = ([u8; 4], &'a [u8])>) -> Self {
        let mut said = Self::default();
        for (name, body) in properties {
            match &name {
                b"ispe" => said.size = said.size.or_else(|| size(body)),
                b"colr" => said.colour(body),
                b"auxC" => said.is_alpha = said.is_alpha || is_alpha(body),
                b"a1op" => said.point = body.first().map_or(0, |point| point & 31),
                b"clap" => said.clean = said.clean.or_else(|| clean(body)),
                b"irot" => said.turns = said.turns.or_else(|| body.first().map(|angle| angle & 3)),
                b"imir" => said.mirror = said.mirror.or_else(|| body.first().map(|axis| axis & 1 == 1)),
                _ => (),
            }
        }
        said
    }

    fn colour(&mut self, body: &'a [u8]) {
        match body.split_first_chunk::<4>() {
            Some((b"nclx", &[p1, p0, t1, t0, m1, m0, range, ..])) => {
                let number = |high: u8, low: u8| if high == 0 { low } else { 2 };
                let is_full = range & 128 != 0;
                let (primaries, transfer, matrix) = (number(p1, p0), number(t1, t0), number(m1, m0));
                self.numbers = self.numbers.or(Some(Numbers { primaries, transfer, matrix, is_full }));
            }
            Some((b"prof" | b"rICC", profile)) if !profile.is_empty() => {
                self.profile = self.profile.or(Some(profile));
            }
            _ => (),
        }
    }

    /// What makes the picture upright: it is turned, then mirrored.
    pub fn orientation(&self) -> Orientation {
        let turns = (4 - self.turns.unwrap_or(0)) % 4;
        match self.mirror {
            None => Orientation { mirror: false, turns },
            // an orientation mirrors first, and then turns: the other way round
            Some(true) => Orientation { mirror: true, turns: (4 - turns) % 4 },
            Some(false) => Orientation { mirror: true, turns: (6 - turns) % 4 },
        }
    }

    /// The corner and the size of what is shown of a picture; all of it where what is said makes no sense.
    pub fn shown(&self, size: Size) -> ((u32, u32), Size) {
        let part = |[width, of_width, height, of_height, x, of_x, y, of_y]: [i64; 8]| {
            let axis = |side: u32, length: i64, of_length: i64, middle: i64, of_middle: i64| {
                let length = length.checked_div(of_length).filter(|_| length % of_length == 0)?;
                let length = u32::try_from(length).ok().filter(|length| (1..=side).contains(length))?;
                // where it begins, in halves of a pixel
                let twice = i64::from(side - length) + (2 * middle).checked_div(of_middle)?;
                let start = u32::try_from(twice.div_euclid(2)).ok().filter(|start| start + length <= side)?;
                Some((start, length))
            };
            let (left, width) = axis(size.width, width, of_width, x, of_x)?;
            let (top, height) = axis(size.height, height, of_height, y, of_y)?;
            Some(((left, top), Size { width, height }))
        };
        self.clean.and_then(part).unwrap_or(((0, 0), size))
    }
}

fn size(body: &[u8]) -> Option<Size> {
    let mut reader = Reader(body);
    reader.version()?;
    Some(Size { width: reader.word()?, height: reader.word()? })
}

fn is_alpha(body: &[u8]) -> bool {
    let name = body.get(4..).unwrap_or_default();
    let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
    name == b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" || name == b"urn:mpeg:hevc:2015:auxid:1"
}

fn clean(body: &[u8]) -> Option<[i64; 8]> {
    let mut reader = Reader(body);
    let mut numbers = [0; 8];
    for (i, number) in numbers.iter_mut().enumerate() {
        let word = reader.word()?;
        // the middle may lie on either side
        *number = if i == 4 || i == 6 { i64::from(word as i32) } else { i64::from(word) };
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_lies_around_a_middle() {
        let said = |clean: [i64; 8]| Said { clean: Some(clean), ..Said::default() };
        let size = Size { width: 10, height: 8 };
        let all = ((0, 0), size);
        assert_eq!(said([4, 1, 8, 2, 0, 1, 0, 1]).shown(size), ((3, 2), Size { width: 4, height: 4 }));
        assert_eq!(said([4, 1, 4, 1, -3, 1, 4, 2]).shown(size), ((0, 4), Size { width: 4, height: 4 }));
        for senseless in [
            [4, 0, 4, 1, 0, 1, 0, 1],
            [11, 1, 4, 1, 0, 1, 0, 1],
            [4, 1, 4, 1, 4, 1, 0, 1],
            [5, 2, 4, 1, 0, 1, 0, 1],
            [0, 1, 4, 1, 0, 1, 0, 1],
            [4, 1, 4, 1, i64::from(i32::MIN), 1, 0, 0],
        ] {
            assert_eq!(said(senseless).shown(size), all, "{senseless:?}");
        }
    }

    #[test]
    fn turned_and_then_mirrored_is_mirrored_and_then_turned_back() {
        let of = |turns, mirror| Said { turns, mirror, ..Said::default() }.orientation();
        assert_eq!(of(None, None), Orientation::default());
        // a quarter against the clock is three with it
        assert_eq!(of(Some(1), None), Orientation { mirror: false, turns: 3 });
        assert_eq!(of(None, Some(true)), Orientation { mirror: true, turns: 0 });
        assert_eq!(of(None, Some(false)), Orientation { mirror: true, turns: 2 });
        // left column up, then left and right change places: along the diagonal from the top right
        assert_eq!(of(Some(1), Some(true)), Orientation { mirror: true, turns: 1 });
    }
}
