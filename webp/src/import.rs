//! Pixels become planes, some rows at a time, so that a picture is never there as both.

use crate::picture::Picture;
use crate::planes::LUMA;
use crate::{Error, Planes};

impl Planes {
    /// Fills the rows from `top` on, which is even, with `rows`: sRGB with straight alpha, 1 to 4 channels. All but the last are an even
    /// number of rows.
    ///
    /// # Errors
    /// [`Error::Pixels`] if they are not whole rows within the picture, [`Error::Memory`].
    #[inline(never)]
    pub fn import(&mut self, top: usize, channels: u8, rows: &[u8]) -> Result<(), Error> {
        let (width, half) = (self.width, self.half());
        let count = rows.len() / (width * usize::from(channels)).max(1);
        let is_whole = rows.len() == count * width * usize::from(channels);
        let is_even = top.is_multiple_of(2) && (count.is_multiple_of(2) || top + count == self.height);
        if !is_whole || !is_even || top + count > self.height || !(1..=4).contains(&channels) {
            return Err(Error::Pixels { channels, length: rows.len() });
        }
        let y = &mut self.y[top * width..][..count * width];
        let a = self.a.get_mut(top * width..).unwrap_or_default();
        if channels < 3 {
            let pixels = rows.chunks_exact(channels.into());
            y.iter_mut().zip(pixels.clone()).for_each(|(y, pixel)| *y = LUMA[usize::from(pixel[0])]);
            a.iter_mut().zip(pixels).for_each(|(a, pixel)| *a = pixel[pixel.len() - 1]);
            return Ok(());
        }
        let chroma = top / 2 * half..(top + count).div_ceil(2) * half;
        let (u, v) = (&mut self.u[chroma.clone()], &mut self.v[chroma]);
        let picture = Picture::of_pixels(width as u32, count as u32, channels, rows)?;
        picture.copy_to([y, u, v, a]);
        Ok(())
    }
}
