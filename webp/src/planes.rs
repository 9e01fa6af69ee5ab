//! Luma and chroma as VP8 defines them (RFC 6386, section 2): 4:2:0, chroma centred in its four pixels, limited range.

use crate::{Error, LONGEST_SIDE};

/// Planes to be encoded. Luma is 16–235, chroma 16–240 with 128 for grey, alpha 0–255.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) y: Vec<u8>,
    pub(crate) u: Vec<u8>,
    pub(crate) v: Vec<u8>,
    /// Empty for an opaque picture.
    pub(crate) a: Vec<u8>,
}

impl Planes {
    /// Black planes, to be filled.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Memory`].
    pub fn new(width: u32, height: u32, has_alpha: bool) -> Result<Self, Error> {
        let (luma, chroma) = (plane(width, height)?, plane(width.div_ceil(2), height.div_ceil(2))?);
        Ok(Self {
            width: width as usize,
            height: height as usize,
            y: filled(luma, LUMA[0])?,
            u: filled(chroma, 128)?,
            v: filled(chroma, 128)?,
            a: filled(if has_alpha { luma } else { 0 }, 255)?,
        })
    }

    /// Planes whose samples are full-range, as a JPEG's are: luma, and both of chroma unless it is grey.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Pixels`] if a plane is not of its size, [`Error::Memory`].
    pub fn of_full_range(width: u32, height: u32, mut y: Vec<u8>, chroma: Option<[Vec<u8>; 2]>) -> Result<Self, Error> {
        let (luma, half) = (plane(width, height)?, plane(width.div_ceil(2), height.div_ceil(2))?);
        limit(&mut y, &LUMA);
        let [u, v] = match chroma {
            Some(mut planes) => {
                planes.iter_mut().for_each(|plane| limit(plane, &CHROMA));
                planes
            }
            None => [filled(half, 128)?, filled(half, 128)?],
        };
        for (plane, length) in [(&y, luma), (&u, half), (&v, half)] {
            if plane.len() != length {
                return Err(Error::Pixels { channels: 1, length: plane.len() });
            }
        }
        Ok(Self { width: width as usize, height: height as usize, y, u, v, a: Vec::new() })
    }

    /// Lets go of colour's alpha where all of it is opaque, as libwebp does.
    pub(crate) fn drop_opaque_alpha(&mut self) {
        if self.a.iter().all(|&a| a == 255) {
            self.a = Vec::new();
        }
    }

    /// Columns of a chroma plane: half of the width, rounded up.
    pub(crate) fn half(&self) -> usize {
        self.width.div_ceil(2)
    }

    /// Calls `line(plane, y, samples)` to fill every line of luma (plane 0), and of chroma (1 and 2) if there is colour. Samples are
    /// full-range as a JPEG's are (ITU-T T.871), and converted here. Lines come in order, chroma's right after the luma lines that
    /// they belong to.
    ///
    /// # Errors
    /// The first error of `line`.
    #[inline(never)]
    pub fn fill<E>(
        &mut self,
        has_colour: bool,
        mut line: impl FnMut(usize, usize, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (width, half) = (self.width, self.half());
        for y in 0..self.height {
            let luma = &mut self.y[y * width..][..width];
            line(0, y, luma)?;
            limit(luma, &LUMA);
            let last_of_two = y % 2 == 1 || y + 1 == self.height;
            if has_colour && last_of_two {
                for (i, plane) in [(1, &mut self.u), (2, &mut self.v)] {
                    let chroma = &mut plane[y / 2 * half..][..half];
                    line(i, y / 2, chroma)?;
                    limit(chroma, &CHROMA);
                }
            }
        }
        Ok(())
    }
}

/// Samples of a plane.
fn plane(width: u32, height: u32) -> Result<usize, Error> {
    let sides = 1..=LONGEST_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(Error::Size { width, height });
    }
    Ok(width as usize * height as usize)
}

fn filled(length: usize, value: u8) -> Result<Vec<u8>, Error> {
    let mut plane = Vec::new();
    plane.try_reserve_exact(length).map_err(|_| Error::Memory)?;
    plane.resize(length, value);
    Ok(plane)
}

/// Full range to limited: 16 for black, 235 for white.
pub(crate) const LUMA: [u8; 256] = scaled(16, 219, 0);
/// Full range to limited: 128 stays, 127 steps to either side become 112.
const CHROMA: [u8; 256] = scaled(128, 224, 128);

/// `offset + (sample − zero) · steps / 255`, rounded to nearest.
const fn scaled(offset: i32, steps: i32, zero: i32) -> [u8; 256] {
    let mut table = [0; 256];
    let mut sample = 0;
    while sample < 256 {
        // the offset makes the dividend positive, because division rounds towards 0
        let twice = 2 * (sample - zero) * steps + 255 + 510 * offset;
        table[sample as usize] = (twice / 510) as u8;
        sample += 1;
    }
    table
}

#[inline(never)]
fn limit(line: &mut [u8], table: &[u8; 256]) {
    for sample in line {
        *sample = table[usize::from(*sample)];
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_vp8() {
        assert_eq!((LUMA[0], LUMA[128], LUMA[255]), (16, 126, 235));
        assert_eq!((CHROMA[0], CHROMA[128], CHROMA[255]), (16, 128, 240));
        for sample in 0..256_i32 {
            let luma = 16.0 + f64::from(sample) * 219.0 / 255.0;
            let chroma = 128.0 + f64::from(sample - 128) * 224.0 / 255.0;
            assert!((f64::from(LUMA[sample as usize]) - luma).abs() <= 0.5);
            assert!((f64::from(CHROMA[sample as usize]) - chroma).abs() <= 0.5);
        }
    }

    #[test]
    fn lines_are_asked_for_in_order_and_chroma_after_its_luma() {
        let mut asked = Vec::new();
        let mut planes = Planes::new(3, 3, false).unwrap();
        let done: Result<(), ()> = planes.fill(true, |plane, y, line| {
            asked.push((plane, y, line.len()));
            Ok(())
        });
        done.unwrap();
        assert_eq!(asked, [(0, 0, 3), (0, 1, 3), (1, 0, 2), (2, 0, 2), (0, 2, 3), (1, 1, 2), (2, 1, 2)]);
    }
}
