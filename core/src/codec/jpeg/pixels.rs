//! A JPEG's planes as pixels: chroma brought to luma's size, colour to RGB or CMYK.
//!
//! Source: ITU-T T.871, section 7 (YCbCr); libjpeg's notes on Adobe's CMYK.

use deckle_jpeg::{Color, Decoder, Header, Plane};

use crate::image::{Pixels, Size};

/// One component, whole.
struct Whole {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

/// Decodes all rows. The result has the channels that `header.color` implies.
pub fn collect(decoder: &mut Decoder<'_>, header: &Header<'_>, size: Size) -> Pixels {
    let (width, height) = (size.width as usize, size.height as usize);
    let channels = match header.color {
        Color::Grey => 1,
        Color::Cmyk | Color::Ycck => 4,
        _ => 3,
    };
    let convert = Convert { color: header.color, is_inverted: header.adobe_transform.is_some() };
    let mut data = vec![0; width * height * channels];
    let mut rows_out = data.chunks_exact_mut((width * channels).max(1));
    let mut wholes: Vec<Whole> = Vec::new();
    while let Some(rows) = decoder.next_rows() {
        let planes = rows.planes();
        let is_even = planes.iter().all(|p| p.width == planes[0].width && p.height == planes[0].height);
        if is_even && wholes.is_empty() && planes[0].width == width {
            // all of one size: nothing needs to be kept
            band(planes, &mut rows_out, &convert);
        } else {
            keep(planes, &mut wholes);
        }
    }
    if !wholes.is_empty() {
        resample(&wholes, (width, height), rows_out, &convert);
    }
    Pixels { size, channels: channels as u8, data }
}

fn band<'a>(planes: &[Plane<'_>], rows_out: &mut impl Iterator<Item = &'a mut [u8]>, convert: &Convert) {
    for y in 0..planes[0].height {
        let line = |c: usize| planes.get(c).map_or(&[][..], |p| &p.samples[y * p.stride..][..p.width]);
        if let Some(out) = rows_out.next() {
            convert.row([line(0), line(1), line(2), line(3)], out);
        }
    }
}

fn keep(planes: &[Plane<'_>], wholes: &mut Vec<Whole>) {
    wholes.resize_with(planes.len(), || Whole { width: 0, height: 0, samples: Vec::new() });
    for (plane, whole) in planes.iter().zip(wholes) {
        whole.width = plane.width;
        whole.height += plane.height;
        for line in plane.lines() {
            whole.samples.extend_from_slice(line);
        }
    }
}

/// Brings every component to the image's size by linear interpolation, samples sited in the middle of what they cover.
fn resample<'a>(
    wholes: &[Whole],
    (width, height): (usize, usize),
    rows_out: impl Iterator<Item = &'a mut [u8]>,
    convert: &Convert,
) {
    let across: Vec<Vec<Tap>> = wholes.iter().map(|w| taps(w.width, width)).collect();
    let down: Vec<Vec<Tap>> = wholes.iter().map(|w| taps(w.height, height)).collect();
    let mut lines = vec![vec![0_u8; width]; 4];
    let mut mixed = Vec::new();
    for (y, out) in rows_out.enumerate() {
        for (c, whole) in wholes.iter().enumerate() {
            let row = |at: usize| &whole.samples[at * whole.width..][..whole.width];
            let tap = down[c][y];
            let line = &mut lines[c];
            if whole.width == width && whole.height == height {
                line.copy_from_slice(row(y));
                continue;
            }
            mixed.clear();
            mixed.extend(row(tap.at).iter().zip(row(tap.next)).map(|(&a, &b)| tap.mix(a.into(), b.into())));
            for (sample, tap) in line.iter_mut().zip(&across[c]) {
                // both directions carry 4 bits of weight
                *sample = ((tap.mix(mixed[tap.at], mixed[tap.next]) + 128) >> 8) as u8;
            }
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|c| &lines[c][..]);
        convert.row([a, b, c, d], out);
    }
}

/// Two neighbours and the second one's weight in sixteenths.
#[derive(Clone, Copy)]
struct Tap {
    at: usize,
    next: usize,
    weight: u16,
}

impl Tap {
    fn mix(self, a: u16, b: u16) -> u16 {
        a * (16 - self.weight) + b * self.weight
    }
}

/// Where each of `wanted` samples lies among `have`. Sampling factors make the ratio: `have` is `wanted × k / n` rounded up.
fn taps(have: usize, wanted: usize) -> Vec<Tap> {
    let ratio =
        [(1, 1), (1, 2), (1, 4), (1, 3), (2, 3), (3, 4)].into_iter().find(|&(k, n)| have == (wanted * k).div_ceil(n));
    let (k, n) = ratio.unwrap_or((have, wanted));
    let tap = |i: usize| {
        // in thirty-seconds of a sample: (i + 1/2) · k / n − 1/2
        let at = ((2 * i + 1) * k * 16 / n).saturating_sub(16);
        let first = (at / 32).min(have - 1);
        Tap { at: first, next: (first + 1).min(have - 1), weight: (at % 32 / 2) as u16 }
    };
    (0..wanted).map(tap).collect()
}

struct Convert {
    color: Color,
    /// Adobe's CMYK: 255 is no ink.
    is_inverted: bool,
}

impl Convert {
    /// One row of components to one row of pixels.
    fn row(&self, [a, b, c, d]: [&[u8]; 4], out: &mut [u8]) {
        let flip = if self.is_inverted { 255 } else { 0 };
        match self.color {
            Color::Grey => out.copy_from_slice(a),
            Color::YCbCr => {
                for (((pixel, &y), &cb), &cr) in out.chunks_exact_mut(3).zip(a).zip(b).zip(c) {
                    pixel.copy_from_slice(&rgb(y, cb, cr));
                }
            }
            Color::Ycck => {
                for ((((pixel, &y), &cb), &cr), &k) in out.chunks_exact_mut(4).zip(a).zip(b).zip(c).zip(d) {
                    // YCbCr of the stored inks' complement: 255 − C, …
                    let [r, g, b] = rgb(y, cb, cr);
                    let ink = 255 - flip;
                    pixel.copy_from_slice(&[r ^ ink, g ^ ink, b ^ ink, k ^ flip]);
                }
            }
            Color::Cmyk => {
                for ((((pixel, &c), &m), &y), &k) in out.chunks_exact_mut(4).zip(a).zip(b).zip(c).zip(d) {
                    pixel.copy_from_slice(&[c ^ flip, m ^ flip, y ^ flip, k ^ flip]);
                }
            }
            _ => {
                for (((pixel, &r), &g), &b) in out.chunks_exact_mut(3).zip(a).zip(b).zip(c) {
                    pixel.copy_from_slice(&[r, g, b]);
                }
            }
        }
    }
}

/// T.871's equations in 16-bit fixed point, rounded as libjpeg rounds them.
#[inline]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let r = y + ((91_881 * cr + HALF) >> 16);
    let g = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let b = y + ((116_130 * cb + HALF) >> 16);
    [r, g, b].map(|v| v.clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chroma_of_half_size_is_interpolated_in_quarters() {
        let taps = taps(3, 6);
        let shown: Vec<_> = taps.iter().map(|t| (t.at, t.next, t.weight)).collect();
        assert_eq!(shown, [(0, 1, 0), (0, 1, 4), (0, 1, 12), (1, 2, 4), (1, 2, 12), (2, 2, 4)]);
    }

    #[test]
    fn taps_stay_inside_for_every_size() {
        for have in 1..40 {
            for wanted in have..=have * 4 {
                assert!(taps(have, wanted).iter().all(|t| t.at < have && t.next < have && t.weight < 16));
            }
        }
    }

    #[test]
    fn grey_is_grey_and_the_corners_of_the_cube_are_reached() {
        for v in 0..=255 {
            assert_eq!(rgb(v, 128, 128), [v, v, v]);
        }
        assert_eq!(rgb(76, 85, 255), [254, 0, 0]);
        assert_eq!(rgb(29, 255, 107), [0, 0, 254]);
    }
}
