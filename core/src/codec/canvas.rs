//! The canvas of an animation: what shows, and how each frame changes it. GIF, WebP and APNG have the same ways to.

use deckle_pixels::{Blend, Laid, lay};

use super::allocate;
use crate::Error;
use crate::image::{Pixels, Size};

/// How the canvas changes before the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposal {
    /// The frame stays.
    Keep,
    /// Its place becomes transparent.
    Clear,
    /// What showed before it shows again.
    Restore,
}

/// Where a frame lies, which may be beyond the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub x: u32,
    pub y: u32,
    pub size: Size,
}

impl Place {
    /// Pixels of its rows that lie on a canvas of this size.
    pub fn shown(self, canvas: Size) -> Size {
        let part = |start: u32, length: u32, side: u32| length.min(side.saturating_sub(start));
        Size {
            width: part(self.x, self.size.width, canvas.width),
            height: part(self.y, self.size.height, canvas.height),
        }
    }
}

/// RGBA that frames are laid on one after another.
pub struct Canvas {
    pixels: Pixels,
    /// What showed before a frame that is to be taken away again.
    before: Vec<u8>,
    last: Option<(Place, Disposal)>,
}

impl Canvas {
    /// One of a size that was checked, transparent.
    ///
    /// # Errors
    /// [`Error::Limit`] where there is no such piece of memory.
    pub fn new(size: Size) -> Result<Self, Error> {
        let data = allocate(size.pixels() * 4)?;
        Ok(Self { pixels: Pixels { size, channels: 4, data }, before: Vec::new(), last: None })
    }

    /// Bytes that it takes: what shows, and what showed before.
    pub fn memory(size: Size) -> u64 {
        size.pixels() * 8
    }

    /// Fills all of it with a sample, alpha included.
    pub fn fill(&mut self, sample: u8) {
        self.pixels.data.fill(sample);
    }

    /// What shows.
    pub fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// What shows, at the end.
    pub fn into_pixels(self) -> Pixels {
        self.pixels
    }

    /// Does away with the last frame as it asked, so that one can be drawn that does the same with itself.
    pub fn begin(&mut self, place: Place, disposal: Disposal) {
        match self.last.take() {
            Some((place, Disposal::Clear)) => {
                for y in 0..place.shown(self.pixels.size).height {
                    self.row(place, y).fill(0);
                }
            }
            Some((_, Disposal::Restore)) => self.pixels.data.clone_from(&self.before),
            Some((_, Disposal::Keep)) | None => (),
        }
        if disposal == Disposal::Restore {
            self.before.clone_from(&self.pixels.data);
        }
        self.last = Some((place, disposal));
    }

    /// The part of a frame's row that lies on the canvas; empty where there is none.
    pub fn row(&mut self, place: Place, y: u32) -> &mut [u8] {
        let shown = place.shown(self.pixels.size);
        if y >= shown.height {
            return &mut [];
        }
        let start = (place.y + y) as usize * self.pixels.size.width as usize + place.x as usize;
        self.pixels.data.get_mut(start * 4..(start + shown.width as usize) * 4).unwrap_or_default()
    }

    /// Makes a frame's row what another of its rows is.
    pub fn repeat(&mut self, place: Place, from: u32, to: u32) {
        let from = self.row(place, from).to_vec();
        let row = self.row(place, to);
        if row.len() == from.len() {
            row.copy_from_slice(&from);
        }
    }

    /// Draws a frame's row of RGBA: in the place of what is there, or over it.
    #[inline(never)]
    pub fn draw(&mut self, place: Place, y: u32, pixels: &[u8], is_over: bool) {
        let row = self.row(place, y);
        let length = row.len().min(pixels.len());
        let (row, pixels) = (&mut row[..length], &pixels[..length]);
        if is_over {
            let width = length / 4;
            let laid =
                Laid { width, channels: 4, above: width, x: 0, y: 0, opacity: 255, blend: Blend::Over, tile: false };
            lay(row, pixels, &laid);
        } else {
            row.copy_from_slice(pixels);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const RED: [u8; 4] = [255, 0, 0, 255];
    const BLUE: [u8; 4] = [0, 0, 255, 255];

    fn at(canvas: &Canvas, x: usize, y: usize) -> [u8; 4] {
        canvas.pixels().data.as_chunks::<4>().0[y * canvas.pixels().size.width as usize + x]
    }

    fn drawn(canvas: &mut Canvas, place: Place, disposal: Disposal, colour: [u8; 4]) {
        canvas.begin(place, disposal);
        for y in 0..place.size.height {
            canvas.draw(place, y, &colour.repeat(place.size.width as usize), true);
        }
    }

    #[test]
    fn each_disposal_leaves_what_it_says() {
        let whole = Place { x: 0, y: 0, size: Size { width: 4, height: 3 } };
        let patch = Place { x: 2, y: 1, size: Size { width: 9, height: 9 } };
        for (disposal, left) in [(Disposal::Keep, BLUE), (Disposal::Clear, [0; 4]), (Disposal::Restore, RED)] {
            let mut canvas = Canvas::new(whole.size).unwrap();
            drawn(&mut canvas, whole, Disposal::Keep, RED);
            drawn(&mut canvas, patch, disposal, BLUE);
            assert_eq!((at(&canvas, 1, 1), at(&canvas, 2, 1), at(&canvas, 3, 2)), (RED, BLUE, BLUE));
            canvas.begin(Place { size: Size { width: 1, height: 1 }, ..whole }, Disposal::Keep);
            assert_eq!((at(&canvas, 0, 0), at(&canvas, 2, 1), at(&canvas, 3, 2)), (RED, left, left), "{disposal:?}");
        }
    }

    #[test]
    fn half_transparent_pixels_are_mixed_or_take_the_place() {
        let place = Place { x: 0, y: 0, size: Size { width: 1, height: 1 } };
        let mut canvas = Canvas::new(place.size).unwrap();
        drawn(&mut canvas, place, Disposal::Keep, RED);
        canvas.draw(place, 0, &[0, 0, 255, 51], true);
        assert_eq!(at(&canvas, 0, 0), [204, 0, 51, 255]);
        canvas.draw(place, 0, &[0, 0, 255, 51], false);
        assert_eq!(at(&canvas, 0, 0), [0, 0, 255, 51]);
    }
}
