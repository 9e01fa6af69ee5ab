//! A source as lines of planes: what every decoder gives and the resampler takes.
//!
//! Planes, because a JPEG's components come apart and in sizes of their own, and because one channel is all a resampling
//! kernel then has to know. Lines, because that is all the memory there is for an image of any height.

use std::borrow::Cow;

use super::{corrupt, jpeg, png};
use crate::Error;
use crate::image::{Pixels, Size};
use crate::plan::Plan;

/// What the planes' samples mean, and how many planes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Grey,
    GreyAlpha {
        premultiplied: bool,
    },
    Rgb,
    Rgba {
        premultiplied: bool,
    },
    /// T.871's, full range.
    YCbCr,
    /// Inks; `inverted` where 255 is none of it.
    Cmyk {
        inverted: bool,
    },
    /// The inks' complement as YCbCr, and black.
    Ycck {
        inverted: bool,
    },
}

impl Space {
    /// Of interleaved pixels that are not inks.
    fn of(channels: u8, premultiplied: bool) -> Self {
        match channels {
            1 => Self::Grey,
            2 => Self::GreyAlpha { premultiplied },
            3 => Self::Rgb,
            _ => Self::Rgba { premultiplied },
        }
    }

    pub fn planes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha { .. } => 2,
            Self::Rgb | Self::YCbCr => 3,
            Self::Rgba { .. } | Self::Cmyk { .. } | Self::Ycck { .. } => 4,
        }
    }
}

/// One plane's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    /// Samples for a pixel of the stored image, across and down.
    pub across: f64,
    pub down: f64,
}

/// A source whose header is read.
pub(crate) enum Opened<'a> {
    Jpeg(jpeg::Opened<'a>),
    Png(Box<png::Rows<'a>>),
    /// Decoded at once; the profile.
    Whole(Pixels, Option<Vec<u8>>),
}

impl<'a> Opened<'a> {
    /// The embedded ICC profile.
    pub fn icc(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Jpeg(opened) => opened.icc(),
            Self::Png(rows) => rows.icc().map(Cow::Borrowed),
            Self::Whole(_, icc) => icc.as_deref().map(Cow::Borrowed),
        }
    }

    /// Whether the samples are what a JPEG's are: luma, or luma and chroma.
    pub fn is_ycc(&self) -> bool {
        matches!(self, Self::Jpeg(opened) if opened.is_ycc())
    }

    /// Starts decoding, scaled as the plan needs it; `chroma` is the size that chroma will have.
    pub fn start(self, plan: &Plan, chroma: Size) -> Result<Source<'a>, Error> {
        match self {
            Self::Jpeg(opened) => opened.start(plan, chroma),
            Self::Png(rows) => {
                let split = Split::new(rows.channels(), rows.size(), plan);
                Ok(Source { space: split.space, planes: split.planes(rows.size()), lines: Lines::Png(rows, split) })
            }
            Self::Whole(pixels, _) => {
                let split = Split::new(pixels.channels, pixels.size, plan);
                let (space, planes) = (split.space, split.planes(pixels.size));
                Ok(Source { space, planes, lines: Lines::Whole { pixels, next: 0, split } })
            }
        }
    }
}

/// A source that is being decoded.
pub(crate) struct Source<'a> {
    pub space: Space,
    pub planes: Vec<Plane>,
    lines: Lines<'a>,
}

enum Lines<'a> {
    Jpeg(jpeg::Rows<'a>),
    Png(Box<png::Rows<'a>>, Split),
    Whole { pixels: Pixels, next: usize, split: Split },
}

impl<'a> Source<'a> {
    pub fn jpeg(space: Space, planes: Vec<Plane>, rows: jpeg::Rows<'a>) -> Self {
        Self { space, planes, lines: Lines::Jpeg(rows) }
    }

    /// Decodes some more lines, and hands each over with its plane's number.
    ///
    /// # Errors
    /// [`Error::Corrupt`], also when there are no more.
    pub fn next(&mut self, mut give: impl FnMut(usize, &[u8])) -> Result<(), Error> {
        let given = match &mut self.lines {
            Lines::Jpeg(rows) => rows.next(give)?,
            Lines::Png(rows, split) => rows.next()?.map(|row| split.row(row, give)).is_some(),
            Lines::Whole { pixels, next, split } => {
                let length = pixels.size.width as usize * usize::from(pixels.channels);
                let row = pixels.data.get(*next..*next + length);
                *next += length;
                row.map(|row| split.row(row, &mut give)).is_some()
            }
        };
        if given { Ok(()) } else { Err(corrupt("header and pixels disagree")) }
    }
}

/// Takes interleaved pixels apart, colours premultiplied where there is alpha.
struct Split {
    space: Space,
    lines: Vec<Vec<u8>>,
}

impl Split {
    /// Premultiplied only where samples are mixed: it cannot be undone to the bit.
    fn new(channels: u8, size: Size, plan: &Plan) -> Self {
        let space = Space::of(channels, plan.is_resampled());
        let lines = if space == Space::Grey { 0 } else { space.planes() };
        Self { space, lines: vec![vec![0; size.width as usize]; lines] }
    }

    fn planes(&self, Size { width, height }: Size) -> Vec<Plane> {
        let plane = Plane { width: width as usize, height: height as usize, across: 1.0, down: 1.0 };
        vec![plane; self.space.planes()]
    }

    #[inline(never)]
    fn row(&mut self, row: &[u8], mut give: impl FnMut(usize, &[u8])) {
        match (self.space, self.lines.as_mut_slice()) {
            (Space::GreyAlpha { premultiplied }, [v, a]) => {
                let (pixels, _) = row.as_chunks();
                let planes = v.iter_mut().zip(a);
                for ((v, a), &[value, alpha]) in planes.zip(pixels) {
                    *v = if premultiplied { times(value, alpha) } else { value };
                    *a = alpha;
                }
            }
            (Space::Rgb, [r, g, b]) => {
                let (pixels, _) = row.as_chunks();
                let planes = r.iter_mut().zip(g).zip(b);
                for (((r, g), b), pixel) in planes.zip(pixels) {
                    [*r, *g, *b] = *pixel;
                }
            }
            (space, [r, g, b, a]) => {
                let premultiplied = space == Space::Rgba { premultiplied: true };
                let (pixels, _) = row.as_chunks();
                let planes = r.iter_mut().zip(g).zip(b).zip(a);
                if !premultiplied || pixels.iter().all(|pixel: &[u8; 4]| pixel[3] == 255) {
                    for ((((r, g), b), a), pixel) in planes.zip(pixels) {
                        [*r, *g, *b, *a] = *pixel;
                    }
                } else {
                    for ((((r, g), b), a), &[red, green, blue, alpha]) in planes.zip(pixels) {
                        *a = alpha;
                        [*r, *g, *b] = [red, green, blue].map(|v| times(v, alpha));
                    }
                }
            }
            _ => give(0, row),
        }
        for (i, line) in self.lines.iter().enumerate() {
            give(i, line);
        }
    }
}

/// `value · alpha / 255`, rounded to nearest.
fn times(value: u8, alpha: u8) -> u8 {
    let product = u32::from(value) * u32::from(alpha) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn premultiplied_is_the_rounded_quotient() {
        for value in 0..=255 {
            for alpha in 0..=255 {
                let exact = (u32::from(value) * u32::from(alpha) * 2 + 255) / 510;
                assert_eq!(u32::from(times(value, alpha)), exact, "{value} {alpha}");
            }
        }
    }

    #[test]
    fn pixels_are_taken_apart_in_order() {
        let apart = |channels: u8, row: &[u8]| {
            let space = Space::of(channels, true);
            let lines =
                vec![vec![0; row.len() / usize::from(channels)]; if channels == 1 { 0 } else { space.planes() }];
            let mut given = Vec::new();
            Split { space, lines }.row(row, |i, line| given.push((i, line.to_vec())));
            given
        };
        assert_eq!(apart(1, &[1, 2]), [(0, vec![1, 2])]);
        assert_eq!(apart(2, &[9, 255, 200, 51]), [(0, vec![9, 40]), (1, vec![255, 51])]);
        assert_eq!(apart(3, &[1, 2, 3, 4, 5, 6]), [(0, vec![1, 4]), (1, vec![2, 5]), (2, vec![3, 6])]);
        let rgba = apart(4, &[1, 2, 3, 255, 100, 50, 25, 51]);
        assert_eq!(rgba, [(0, vec![1, 20]), (1, vec![2, 10]), (2, vec![3, 5]), (3, vec![255, 51])]);
    }
}
