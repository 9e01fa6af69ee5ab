//! Pixels by channels: a plane for each, which is how steps on single pixels work on many at once.

use crate::{Space, join, split};

/// Some pixels, one plane a channel: grey, grey and alpha, RGB, or RGB and alpha; all of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planar {
    /// One to four.
    pub planes: Vec<Vec<u8>>,
}

impl Planar {
    /// Channels of a pixel.
    pub fn channels(&self) -> u8 {
        self.planes.len() as u8
    }

    /// How many pixels there are.
    pub fn pixels(&self) -> usize {
        self.planes.first().map_or(0, Vec::len)
    }

    /// Takes the place of what was here: interleaved pixels of so many channels.
    pub fn part(&mut self, pixels: &[u8], channels: u8) {
        self.resize(pixels.len() / usize::from(channels.max(1)), channels);
        split(pixels, Space::of(channels, false), &mut self.planes);
    }

    /// Takes the place of what was here: so many pixels, whose samples are to be written.
    pub fn resize(&mut self, pixels: usize, channels: u8) {
        self.planes.resize_with(channels.into(), Vec::new);
        self.planes.iter_mut().for_each(|plane| plane.resize(pixels, 0));
    }

    /// Writes the pixels interleaved, as many as there are.
    pub fn join(&self, out: &mut [u8]) {
        join(Space::of(self.channels(), false), &self.planes, out);
    }

    /// The planes of colours, or of grey: all but alpha.
    pub fn colours(&mut self) -> &mut [Vec<u8>] {
        let colours = if self.planes.len().is_multiple_of(2) { self.planes.len() - 1 } else { self.planes.len() };
        &mut self.planes[..colours]
    }

    /// The three colours; `None` for grey.
    pub fn rgb(&mut self) -> Option<[&mut [u8]; 3]> {
        match self.planes.as_mut_slice() {
            [r, g, b] | [r, g, b, _] => Some([r, g, b]),
            _ => None,
        }
    }

    /// The plane of alpha.
    pub fn alpha(&mut self) -> Option<&mut Vec<u8>> {
        if self.planes.len().is_multiple_of(2) { self.planes.last_mut() } else { None }
    }

    /// Grey becomes three equal colours.
    pub fn widen(&mut self) {
        if self.planes.len() < 3
            && let Some(grey) = self.planes.first().cloned()
        {
            self.planes.insert(0, grey.clone());
            self.planes.insert(0, grey);
        }
    }

    /// Colours become one plane, the first, which was made grey.
    pub fn narrow(&mut self) {
        if self.planes.len() > 2 {
            self.planes.drain(1..3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_taken_apart_and_joined_again() {
        for channels in 1..=4_u8 {
            let pixels: Vec<u8> = (0..channels * 21).collect();
            let mut planar = Planar::default();
            planar.part(&[7; 400], 4);
            planar.part(&pixels, channels);
            assert_eq!((planar.channels(), planar.pixels()), (channels, 21));
            let mut out = vec![0; pixels.len()];
            planar.join(&mut out);
            assert_eq!(out, pixels);
        }
    }

    #[test]
    fn alpha_stays_the_last_plane() {
        let mut planar = Planar { planes: vec![vec![1], vec![9]] };
        planar.widen();
        assert_eq!(planar.planes, [[1], [1], [1], [9]]);
        assert_eq!(planar.colours().len(), 3);
        planar.narrow();
        assert_eq!(planar.planes, [[1], [9]]);
        assert_eq!(planar.alpha(), Some(&mut vec![9]));
    }
}
