//! Operations: what is done to pixels once they have their size. One file each; what is done to each sample is in
//! `deckle_pixels`.
//!
//! [`Operation`] is a closed enum, so that a plan can be printed, compared and asked: whether planes suffice, how much memory
//! it takes and how many channels reach the encoder are folds over the answers of its operations.

mod canvas;
mod extend;
mod flatten;
mod greyscale;
mod negative;
mod rotate;
mod sepia;
mod sequence;
mod sharpen;

pub use canvas::Canvas;
pub use extend::Extend;
pub use rotate::{Rotation, View, WHOLE_TURN};
pub use sharpen::Sharpen;

pub(crate) use rotate::turned_size;
pub(crate) use sequence::{apply, apply_to_luma, leaving, only_canvas, split};

use crate::image::{Colour, Pixels, Size};

/// One step between resampling and encoding, everything in it resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Black and white.
    Greyscale,
    /// The warm brown of an old print.
    Sepia,
    /// Every sample inverted, alpha kept.
    Negative,
    /// Luma sharpened.
    Sharpen(Sharpen),
    /// Transparency laid on a colour, whose own alpha is ignored.
    Flatten(Colour),
    /// The image laid on a larger canvas.
    Canvas(Canvas),
    /// The image turned by any angle.
    Rotate(Rotation),
    /// More room at each side; a plan makes a canvas of it.
    Extend(Extend),
}

/// How much of the image one sample of the result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// Its own pixel: done in place, and with neighbours of the same kind in one pass.
    Sample,
    /// Pixels so many rows above and below: the result is a second image.
    Rows(u32),
    /// Any pixel: the result is a second image.
    Image,
}

impl Operation {
    /// How much of the image one sample of the result depends on.
    pub fn reach(&self) -> Reach {
        match self {
            Self::Greyscale | Self::Sepia | Self::Negative | Self::Flatten(_) => Reach::Sample,
            Self::Sharpen(sharpen) => Reach::Rows(sharpen.reach()),
            Self::Canvas(_) | Self::Extend(_) | Self::Rotate(_) => Reach::Image,
        }
    }

    /// Whether it changes luma alone, so that a JPEG need not leave its planes.
    pub fn works_on_luma(&self) -> bool {
        match self {
            Self::Sharpen(_) => true,
            Self::Greyscale
            | Self::Sepia
            | Self::Negative
            | Self::Flatten(_)
            | Self::Canvas(_)
            | Self::Extend(_)
            | Self::Rotate(_) => false,
        }
    }

    /// Channels that leave it when so many enter: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    pub fn channels(&self, entering: u8) -> u8 {
        match self {
            Self::Greyscale => greyscale::channels(entering),
            Self::Sepia => sepia::channels(entering),
            Self::Negative | Self::Sharpen(_) => entering,
            Self::Flatten(colour) => flatten::channels(*colour, entering),
            Self::Canvas(canvas) => canvas.channels(entering),
            Self::Rotate(rotation) => rotation.channels(entering),
            Self::Extend(extend) => extend.channels(entering),
        }
    }

    /// Bytes that it takes beside the image that enters and the one that leaves, at most.
    fn aside(&self, entering: Size, channels: u8) -> u64 {
        match self {
            Self::Rotate(rotation) => rotation.aside(entering, rotation.channels(channels)),
            _ => 0,
        }
    }

    /// The size that leaves it.
    pub fn size(&self, entering: Size) -> Size {
        match self {
            Self::Canvas(canvas) => canvas.size,
            Self::Rotate(rotation) => rotation.size(entering),
            Self::Extend(extend) => extend.size(entering),
            _ => entering,
        }
    }

    /// Carries it out.
    fn apply(&self, image: Pixels) -> Pixels {
        match self {
            Self::Greyscale => greyscale::apply(image),
            Self::Sepia => sepia::apply(image),
            Self::Negative => negative::apply(image),
            Self::Sharpen(sharpen) => sharpen.apply(image),
            Self::Flatten(colour) => flatten::apply(image, *colour),
            Self::Canvas(canvas) => canvas.apply(image),
            Self::Rotate(rotation) => rotation.apply(image),
            Self::Extend(extend) => extend.apply(image),
        }
    }
}

/// The same pixels with more channels: grey becomes colour, what has no alpha becomes opaque.
fn widen(image: Pixels, colour: bool, alpha: bool) -> Pixels {
    let (data, channels) = deckle_pixels::widen(image.data, image.channels, colour, alpha);
    Pixels { size: image.size, channels, data }
}

/// Channels of the result of [`widen`].
fn widened(channels: u8, colour: bool, alpha: bool) -> u8 {
    let colours = if colour || channels > 2 { 3 } else { 1 };
    colours + u8::from(alpha || channels.is_multiple_of(2))
}

/// Whether a grey channel is enough for a colour.
fn is_grey(colour: Colour) -> bool {
    colour.r == colour.g && colour.g == colour.b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Sides, Size};

    /// One pixel after an operation.
    pub fn pixel(data: &[u8], operation: Operation) -> Vec<u8> {
        let size = Size { width: 1, height: 1 };
        operation.apply(Pixels { size, channels: data.len() as u8, data: data.to_vec() }).data
    }

    #[test]
    fn every_operation_leaves_the_size_and_channels_that_it_promises() {
        let colours = [
            Colour::WHITE,
            Colour::TRANSPARENT,
            Colour { r: 1, g: 2, b: 3, a: 255 },
            Colour { r: 1, g: 2, b: 3, a: 4 },
        ];
        let entering = Size { width: 3, height: 2 };
        let canvas = |background| Canvas { size: Size { width: 5, height: 4 }, x: 1, y: 2, background };
        let mut all = vec![Operation::Greyscale, Operation::Sepia, Operation::Negative];
        all.push(Operation::Sharpen(Sharpen { sigma: 15_000 }));
        let sides = Sides { top: 1, right: 0, bottom: 2, left: 3 };
        all.extend(colours.into_iter().flat_map(|colour| {
            let extend = Operation::Extend(Extend { sides, background: colour });
            let rotate = Operation::Rotate(Rotation { angle: 123_456, background: colour, view: None });
            [Operation::Flatten(colour), Operation::Canvas(canvas(colour)), extend, rotate]
        }));
        for operation in all {
            for channels in 1..=4 {
                let data = (0..6 * channels).map(|v| v * 7).collect();
                let out = operation.apply(Pixels { size: entering, channels, data });
                assert_eq!(out.size, operation.size(entering), "{operation:?}");
                assert_eq!(out.channels, operation.channels(channels), "{operation:?} of {channels}");
                assert_eq!(out.data.len() as u64, out.size.pixels() * u64::from(out.channels));
            }
        }
    }
}
