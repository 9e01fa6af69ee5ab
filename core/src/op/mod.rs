//! Operations: what is done to pixels once they have their size. One file each; what is done to each sample is in
//! `deckle_pixels`.
//!
//! [`Operation`] is a closed enum, so that a plan can be printed, compared and asked: whether planes suffice, how much memory
//! it takes and how many channels reach the encoder are folds over the answers of its operations.

mod alpha;
mod blur;
mod canvas;
mod clahe;
mod contrast;
mod convolve;
mod corners;
mod duotone;
mod ellipse;
mod extend;
mod filter;
mod flatten;
mod gamma;
mod greyscale;
mod halved;
mod linear;
mod median;
mod modulate;
mod negative;
mod normalise;
mod opacity;
mod overlay;
mod pixelate;
mod recomb;
mod rotate;
mod sepia;
mod sequence;
mod sharpen;
mod text;
mod threshold;
mod tint;
mod window;

pub use alpha::Alpha;
pub use blur::Blur;
pub use canvas::Canvas;
pub use clahe::Clahe;
pub use convolve::Convolve;
pub use corners::Corners;
pub use duotone::Duotone;
pub use ellipse::Ellipse;
pub use extend::Extend;
pub use gamma::Gamma;
pub use linear::Linear;
pub use median::Median;
pub use modulate::Modulate;
pub use normalise::Normalise;
pub use overlay::Overlay;
pub use pixelate::Pixelate;
pub use recomb::Recomb;
pub use rotate::{Rotation, View, WHOLE_TURN};
pub use sharpen::Sharpen;
pub use text::Text;
pub use threshold::Threshold;
pub use window::Window;

pub(crate) use halved::{HalvedSteps, apply_to_planes};
pub(crate) use rotate::turned_size;
pub(crate) use sequence::{PixelSteps, apply, by_rows, leaving, split, steps_memory, work_in_planes};

use crate::image::{Colour, Pixels, Size};
use deckle_pixels::{Step, widened};

/// One step between resampling and encoding, everything in it resolved. Numbers are in ten-thousandths where an integer is not enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Black and white.
    Greyscale,
    /// The warm brown of an old print.
    Sepia,
    /// Every sample inverted, alpha kept.
    Negative,
    /// Brightness, saturation, hue and lightness.
    Modulate(Modulate),
    /// The distance from mid-grey multiplied, by ten-thousandths.
    Contrast(i32),
    /// Samples to a power.
    Gamma(Gamma),
    /// A straight line for each channel.
    Linear(Linear),
    /// Colours recombined by a matrix.
    Recomb(Recomb),
    /// Black below a level, white from it on.
    Threshold(Threshold),
    /// The image in the hue of one colour, whose own alpha is ignored.
    Tint(Colour),
    /// The image between two colours.
    Duotone(Duotone),
    /// Alpha multiplied, by ten-thousandths.
    Opacity(i32),
    /// Alpha dropped, added or made of white.
    Alpha(Alpha),
    /// Lightness stretched to all of its range.
    Normalise(Normalise),
    /// Local contrast.
    Clahe(Clahe),
    /// The median of a square around each pixel.
    Median(Median),
    /// Gaussian blur.
    Blur(Blur),
    /// Squares of one colour each.
    Pixelate(Pixelate),
    /// Convolution by a mask.
    Convolve(Convolve),
    /// Lightness sharpened.
    Sharpen(Sharpen),
    /// Transparency laid on a colour, whose own alpha is ignored.
    Flatten(Colour),
    /// The image laid on a larger canvas.
    Canvas(Canvas),
    /// Corners rounded.
    Round(Corners),
    /// The image turned by any angle.
    Rotate(Rotation),
    /// More room at each side; a plan makes a canvas of it.
    Extend(Extend),
    /// A region of the image alone.
    Window(Window),
    /// What lies outside an ellipse becomes transparent.
    Ellipse(Ellipse),
    /// Another picture laid over the image; what carries a plan out has that picture.
    Overlay(Overlay),
    /// Text written on the image.
    Text(Text),
}

/// How much of the image one sample of the result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// Its own pixel: done by [`Operation::steps`], with neighbours of the same kind in one pass.
    Sample,
    /// Others, too: the result is a second image.
    Image,
}

/// Tables and planes of a strip that normalising takes, and bytes for each pixel of a row.
const NORMALISING: u64 = 256 << 10;
const NORMALISING_A_PIXEL: u64 = 11;

/// 1 in ten-thousandths.
const ONE: i32 = 10_000;

/// A number given in ten-thousandths.
fn decimal(v: i32) -> f32 {
    v as f32 / ONE as f32
}

/// A function of samples from 0 to 255, at every one of them; what lies beyond is at the nearer end.
fn table(f: impl Fn(f32) -> f32) -> [u8; 256] {
    // a number that is none becomes 0
    std::array::from_fn(|v| f(v as f32).round() as u8)
}

impl Operation {
    /// How much of the image one sample of the result depends on.
    pub fn reach(&self) -> Reach {
        match self {
            Self::Sharpen(_) | Self::Convolve(_) | Self::Median(_) => Reach::Image,
            Self::Blur(_) | Self::Pixelate(_) | Self::Normalise(_) | Self::Clahe(_) => Reach::Image,
            Self::Canvas(_) | Self::Extend(_) | Self::Rotate(_) | Self::Round(_) => Reach::Image,
            Self::Window(_) | Self::Ellipse(_) | Self::Overlay(_) | Self::Text(_) => Reach::Image,
            _ => Reach::Sample,
        }
    }

    /// Whether it can be carried out on luma and chroma of half the size, so that a JPEG need not leave its planes.
    pub fn works_in_planes(&self) -> bool {
        match self {
            Self::Sharpen(_) | Self::Blur(_) | Self::Normalise(_) => true,
            Self::Pixelate(pixelate) => pixelate.works_in_planes(),
            Self::Window(_) | Self::Ellipse(_) | Self::Overlay(_) | Self::Text(_) => false,
            // pixels are made of two lines at a time, and become planes again
            _ => self.reach() == Reach::Sample,
        }
    }

    /// Channels that leave it when so many enter: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    pub fn channels(&self, entering: u8) -> u8 {
        match self {
            Self::Greyscale => greyscale::channels(entering),
            Self::Sepia => sepia::channels(entering),
            Self::Linear(linear) => linear.channels(entering),
            Self::Recomb(_) => Recomb::channels(entering),
            Self::Threshold(threshold) => threshold.channels(entering),
            Self::Tint(_) => tint::channels(entering),
            Self::Duotone(_) => Duotone::channels(entering),
            Self::Opacity(_) => opacity::channels(entering),
            Self::Alpha(alpha) => alpha.channels(entering),
            Self::Negative | Self::Modulate(_) | Self::Contrast(_) | Self::Gamma(_) => entering,
            Self::Normalise(_) | Self::Clahe(_) => entering,
            Self::Median(_) | Self::Blur(_) | Self::Pixelate(_) | Self::Convolve(_) | Self::Sharpen(_) => entering,
            Self::Flatten(colour) => flatten::channels(colour, entering),
            Self::Canvas(canvas) => canvas.channels(entering),
            Self::Round(corners) => corners.channels(entering),
            Self::Rotate(rotation) => rotation.channels(entering),
            Self::Extend(extend) => extend.channels(entering),
            Self::Window(_) => entering,
            Self::Ellipse(ellipse) => ellipse.channels(entering),
            Self::Overlay(overlay) => overlay.channels(entering),
            Self::Text(_) => Text::channels(entering),
        }
    }

    /// Bytes that it takes beside the image that enters and the one that leaves, at most.
    pub(crate) fn aside(&self, entering: Size, channels: u8) -> u64 {
        match self {
            Self::Rotate(rotation) => rotation.aside(entering, rotation.channels(channels)),
            Self::Normalise(_) => NORMALISING + NORMALISING_A_PIXEL * u64::from(entering.width),
            Self::Clahe(clahe) => clahe.aside(entering),
            Self::Blur(_) => Blur::aside(entering),
            Self::Median(median) => median.aside(entering),
            Self::Convolve(convolve) => convolve.aside(entering),
            Self::Sharpen(sharpen) => sharpen.aside(entering),
            Self::Text(text) => text.aside(entering),
            _ => 0,
        }
    }

    /// Steps, of about a nanosecond, that it takes for an image that enters, at most.
    pub(crate) fn work(&self, entering: Size, channels: u8) -> u64 {
        if let Self::Text(text) = self {
            return text.work(entering);
        }
        let a_sample = match self {
            Self::Clahe(_) => Clahe::WORK,
            Self::Median(median) => median.work(entering),
            Self::Convolve(convolve) => convolve.work(),
            Self::Sharpen(sharpen) => sharpen.work(),
            Self::Blur(_) => 40,
            Self::Rotate(_) => 30,
            _ => 10,
        };
        (self.size(entering).pixels().max(entering.pixels()) * u64::from(channels)).saturating_mul(a_sample)
    }

    /// The size that leaves it.
    pub fn size(&self, entering: Size) -> Size {
        match self {
            Self::Canvas(canvas) => canvas.size,
            Self::Rotate(rotation) => rotation.size(entering),
            Self::Extend(extend) => extend.size(entering),
            Self::Window(window) => window.size,
            _ => entering,
        }
    }

    /// What it does to each pixel, where it reaches no further.
    fn steps(&self) -> Vec<Step> {
        match self {
            Self::Greyscale => greyscale::steps(),
            Self::Sepia => sepia::steps(),
            Self::Negative => negative::steps(),
            Self::Modulate(modulate) => modulate.steps(),
            Self::Contrast(factor) => contrast::steps(*factor),
            Self::Gamma(gamma) => gamma.steps(),
            Self::Linear(linear) => linear.steps(),
            Self::Recomb(recomb) => recomb.steps(),
            Self::Threshold(threshold) => threshold.steps(),
            Self::Tint(colour) => tint::steps(*colour),
            Self::Duotone(duotone) => duotone.steps(),
            Self::Opacity(factor) => opacity::steps(*factor),
            Self::Alpha(alpha) => alpha.steps(),
            Self::Flatten(colour) => flatten::steps(colour),
            Self::Median(_) | Self::Blur(_) | Self::Pixelate(_) | Self::Convolve(_) | Self::Sharpen(_) => Vec::new(),
            Self::Normalise(_) | Self::Clahe(_) => Vec::new(),
            Self::Canvas(_) | Self::Extend(_) | Self::Rotate(_) | Self::Round(_) => Vec::new(),
            Self::Window(_) | Self::Ellipse(_) | Self::Overlay(_) | Self::Text(_) => Vec::new(),
        }
    }

    /// Carries it out.
    fn apply(&self, image: Pixels) -> Pixels {
        match self {
            Self::Normalise(normalise) => normalise.apply(image),
            Self::Clahe(clahe) => clahe.apply(image),
            Self::Median(median) => median.apply(image),
            Self::Blur(blur) => blur.apply(image),
            Self::Pixelate(pixelate) => pixelate.apply(image),
            Self::Convolve(convolve) => convolve.apply(image),
            Self::Sharpen(sharpen) => sharpen.apply(image),
            Self::Canvas(canvas) => canvas.apply(image),
            Self::Round(corners) => corners.apply(image),
            Self::Rotate(rotation) => rotation.apply(image),
            Self::Extend(extend) => extend.apply(image),
            Self::Window(window) => window.apply(image),
            Self::Ellipse(ellipse) => ellipse.apply(image),
            Self::Text(text) => text.apply(image),
            // see `Overlay::lay`
            Self::Overlay(_) => image,
            _ => sequence::apply_steps(std::slice::from_ref(self), image),
        }
    }

    /// Carries it out on luma, or luma and chroma of half the size, where it [`Operation::works_in_planes`] and reaches beyond its pixel.
    fn apply_to_planes(&self, planes: &mut [Pixels]) {
        match self {
            Self::Sharpen(sharpen) => sharpen.apply_to_planes(planes),
            Self::Blur(blur) => blur.apply_to_planes(planes),
            Self::Pixelate(pixelate) => pixelate.apply_to_planes(planes),
            _ => (),
        }
    }
}

/// A pixel of a colour in so many channels.
fn ground(colour: Colour, channels: u8) -> Vec<u8> {
    let Colour { r, g, b, a } = colour;
    match channels {
        1 => vec![r],
        2 => vec![r, a],
        3 => vec![r, g, b],
        _ => vec![r, g, b, a],
    }
}

/// The same pixels with more channels: grey becomes colour, what has no alpha becomes opaque.
fn widen(image: Pixels, colour: bool, alpha: bool) -> Pixels {
    let (data, channels) = deckle_pixels::widen(image.data, image.channels, colour, alpha);
    Pixels { size: image.size, channels, data }
}

/// Whether a background needs channels of colour, and alpha.
fn needed(background: Colour) -> (bool, bool) {
    (!is_grey(background), background.a != 255)
}

/// Whether a grey channel is enough for a colour.
fn is_grey(colour: Colour) -> bool {
    colour.r == colour.g && colour.g == colour.b
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::image::{Sides, Size};

    /// One pixel after an operation.
    pub fn pixel(data: &[u8], operation: Operation) -> Vec<u8> {
        let size = Size { width: 1, height: 1 };
        operation.apply(Pixels { size, channels: data.len() as u8, data: data.to_vec() }).data
    }

    /// One of each that depends on nothing else.
    pub fn every() -> Vec<Operation> {
        let red = Colour { r: 200, g: 10, b: 0, a: 255 };
        let each = Linear { factor: [9_000, ONE, 12_000, 8_000], offset: [0, -50_000, 7, 0] };
        let matrix: Vec<i32> = (0..16).map(|i| i * 900 - 3_000).collect();
        vec![
            Operation::Greyscale,
            Operation::Sepia,
            Operation::Negative,
            Operation::Modulate(Modulate { brightness: 12_000, saturation: 7_000, hue: 400_000, lightness: -30_000 }),
            Operation::Contrast(14_000),
            Operation::Gamma(Gamma { darken: 12_000, brighten: 22_000 }),
            Operation::Linear(Linear::of_colours(11_000, -70_000)),
            Operation::Linear(each),
            Operation::Recomb(Recomb::new(&matrix[..9]).unwrap()),
            Operation::Recomb(Recomb::new(&matrix).unwrap()),
            Operation::Threshold(Threshold { level: 90, greyscale: true }),
            Operation::Threshold(Threshold { level: 90, greyscale: false }),
            Operation::Tint(red),
            Operation::Duotone(Duotone { dark: Colour { b: 90, ..red }, light: Colour::WHITE }),
            Operation::Opacity(4_000),
            Operation::Alpha(Alpha::Remove),
            Operation::Alpha(Alpha::Ensure(77)),
            Operation::Alpha(Alpha::FromWhite),
            Operation::Normalise(Normalise::default()),
            Operation::Clahe(Clahe { width: 2, height: 2, slope: 3 }),
            Operation::Median(Median { size: 3 }),
            Operation::Median(Median { size: 4 }),
            Operation::Blur(Blur { sigma: 12_000 }),
            Operation::Blur(Blur { sigma: 300_000 }),
            Operation::Pixelate(Pixelate { side: 2 }),
            Operation::Pixelate(Pixelate { side: 3 }),
            Operation::Convolve(
                Convolve::new(3, &[-ONE, -ONE, -ONE, -ONE, 9 * ONE, -ONE, -ONE, -ONE, -ONE], None, 0).unwrap(),
            ),
            Operation::Sharpen(Sharpen::new(15_000)),
        ]
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
        let mut all = every();
        let sides = Sides { top: 1, right: 0, bottom: 2, left: 3 };
        all.extend(colours.into_iter().flat_map(|colour| {
            let extend = Operation::Extend(Extend { sides, background: colour });
            let rotate = Operation::Rotate(Rotation { angle: 123_456, background: colour, view: None });
            [Operation::Flatten(colour), Operation::Canvas(canvas(colour)), extend, rotate]
        }));
        for operation in all {
            for channels in 1..=4 {
                let data = (0..6 * channels).map(|v| v * 11).collect();
                let out = operation.apply(Pixels { size: entering, channels, data });
                assert_eq!(out.size, operation.size(entering), "{operation:?}");
                assert_eq!(out.channels, operation.channels(channels), "{operation:?} of {channels}");
                assert_eq!(out.data.len() as u64, out.size.pixels() * u64::from(out.channels));
            }
        }
    }
}
