//! Steps on single pixels, worked on plane by plane. What an operation comes to is one or several of them.

use crate::{Lab, Luminance, Matrix, Planar};

/// A table for each colour, and for alpha. Of grey, the first counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tones {
    /// Red or grey, green, blue, alpha; `None` changes nothing.
    pub tables: [Option<Box<[u8; 256]>>; 4],
}

/// What is done to each pixel.
#[derive(Clone, Debug)]
pub enum Step {
    /// Every sample through its channel's table.
    Tones(Tones),
    /// Grey as bright as the colour.
    Luminance(Box<Luminance>),
    /// Grey to colours by three tables.
    Ramp(Box<[[u8; 256]; 3]>),
    /// Colours to weighted sums of them; grey is widened.
    Matrix(Box<Matrix>),
    /// Lightness, chroma and hue.
    Lab(Box<Lab>),
    /// Grey to three equal colours.
    Widen,
    /// Transparency laid on a colour.
    Flatten([u8; 3]),
    /// White becomes transparent.
    Unflatten(Box<Luminance>),
    /// Alpha is added where there is none, of this value.
    AddAlpha(u8),
    /// Alpha is dropped.
    DropAlpha,
}

impl Tones {
    /// The same for every colour; alpha is kept.
    pub fn of_colours(table: [u8; 256]) -> Self {
        let table = Some(Box::new(table));
        Self { tables: [table.clone(), table.clone(), table, None] }
    }

    /// The first table, then the second.
    fn then(self, next: &Self) -> Self {
        let mut tables = self.tables;
        for (first, second) in tables.iter_mut().zip(&next.tables) {
            match (first.as_mut(), second) {
                (Some(first), Some(second)) => first.iter_mut().for_each(|v| *v = second[usize::from(*v)]),
                (None, Some(second)) => *first = Some(second.clone()),
                (_, None) => (),
            }
        }
        Self { tables }
    }

    fn run(&self, pixels: &mut Planar) {
        let [red, green, blue, alpha] = &self.tables;
        for (plane, table) in pixels.colours().iter_mut().zip([red, green, blue]) {
            looked_up(plane, table.as_deref());
        }
        if let Some(plane) = pixels.alpha() {
            looked_up(plane, alpha.as_deref());
        }
    }
}

#[inline(never)]
fn looked_up(plane: &mut [u8], table: Option<&[u8; 256]>) {
    if let Some(table) = table {
        plane.iter_mut().for_each(|v| *v = table[usize::from(*v)]);
    }
}

impl Step {
    /// Does it.
    pub fn run(&self, pixels: &mut Planar) {
        match self {
            Self::Tones(tones) => tones.run(pixels),
            Self::Luminance(luminance) => {
                if let Some(rgb) = pixels.rgb() {
                    luminance.run(rgb);
                }
                pixels.narrow();
            }
            Self::Ramp(tables) => {
                pixels.narrow();
                pixels.widen();
                pixels.colours().iter_mut().zip(tables.iter()).for_each(|(plane, table)| looked_up(plane, Some(table)));
            }
            Self::Matrix(matrix) => matrix.run(pixels),
            Self::Lab(lab) => lab.run(pixels),
            Self::Widen => pixels.widen(),
            Self::Flatten(colour) => flatten(pixels, *colour),
            Self::Unflatten(luminance) => unflatten(pixels, luminance),
            Self::AddAlpha(value) => {
                if pixels.alpha().is_none() {
                    pixels.planes.push(vec![*value; pixels.pixels()]);
                }
            }
            Self::DropAlpha => {
                if pixels.alpha().is_some() {
                    pixels.planes.pop();
                }
            }
        }
    }

    /// Steps that do the same in one pass where they can: tables one after the other are one table.
    pub fn merged(steps: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for step in steps {
            match (out.pop(), step) {
                (Some(Self::Tones(first)), Self::Tones(second)) => out.push(Self::Tones(first.then(&second))),
                (before, step) => {
                    out.extend(before);
                    out.push(step);
                }
            }
        }
        out
    }
}

/// Source over an opaque backdrop (Porter and Duff 1984), on gamma-encoded samples. Grey stays grey on a grey.
#[inline(never)]
fn flatten(pixels: &mut Planar, colour: [u8; 3]) {
    if pixels.alpha().is_none() {
        return;
    }
    if colour[0] != colour[1] || colour[1] != colour[2] {
        pixels.widen();
    }
    let Some(alpha) = pixels.planes.pop() else { return };
    for (plane, under) in pixels.planes.iter_mut().zip(colour) {
        over(plane, &alpha, under);
    }
}

#[inline(never)]
fn over(plane: &mut [u8], alpha: &[u8], under: u8) {
    for (sample, &alpha) in plane.iter_mut().zip(alpha) {
        let alpha = u32::from(alpha);
        let sum = u32::from(*sample) * alpha + u32::from(under) * (255 - alpha) + 128;
        // divided by 255, rounded to nearest
        *sample = ((sum + (sum >> 8)) >> 8) as u8;
    }
}

/// What is as bright as white becomes transparent, as sharp's `unflatten` has it.
#[inline(never)]
fn unflatten(pixels: &mut Planar, luminance: &Luminance) {
    let mut grey = Planar { planes: pixels.colours().to_vec() };
    if let Some(rgb) = grey.rgb() {
        luminance.run(rgb);
    }
    if pixels.alpha().is_none() {
        pixels.planes.push(vec![255; pixels.pixels()]);
    }
    if let (Some(alpha), Some(grey)) = (pixels.alpha(), grey.planes.first()) {
        alpha.iter_mut().zip(grey).for_each(|(alpha, &grey)| *alpha = if grey == 255 { 0 } else { *alpha });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(step: &Step, pixel: &[u8]) -> Vec<u8> {
        let mut pixels = Planar { planes: pixel.iter().map(|v| vec![*v]).collect() };
        step.run(&mut pixels);
        pixels.planes.concat()
    }

    fn inverted() -> Tones {
        Tones::of_colours(std::array::from_fn(|v| 255 - v as u8))
    }

    #[test]
    fn tables_change_colours_and_keep_alpha() {
        let step = Step::Tones(inverted());
        assert_eq!(ran(&step, &[1]), [254]);
        assert_eq!(ran(&step, &[1, 9]), [254, 9]);
        assert_eq!(ran(&step, &[1, 2, 3]), [254, 253, 252]);
        assert_eq!(ran(&step, &[1, 2, 3, 9]), [254, 253, 252, 9]);
    }

    #[test]
    fn neighbouring_tables_become_one_that_does_what_both_do() {
        let halved = Tones::of_colours(std::array::from_fn(|v| v as u8 / 2));
        let only_alpha = Tones { tables: [None, None, None, Some(Box::new([7; 256]))] };
        let steps = [inverted(), halved, only_alpha].map(Step::Tones);
        let one_by_one = steps.iter().fold(vec![10, 20, 30, 40], |pixel, step| ran(step, &pixel));
        let merged = Step::merged(steps.into_iter().chain([Step::Widen]));
        assert_eq!(merged.len(), 2);
        assert_eq!(ran(&merged[0], &[10, 20, 30, 40]), one_by_one);
        assert_eq!(one_by_one, [122, 117, 112, 7]);
    }

    #[test]
    fn transparent_shows_the_colour_and_opaque_the_image() {
        let red = [200, 10, 20];
        assert_eq!(ran(&Step::Flatten(red), &[1, 2, 3, 0]), red);
        assert_eq!(ran(&Step::Flatten(red), &[1, 2, 3, 255]), [1, 2, 3]);
        assert_eq!(ran(&Step::Flatten([255; 3]), &[0, 0, 0, 128]), [127; 3]);
        assert_eq!(ran(&Step::Flatten([7; 3]), &[10, 255]), [10]);
        assert_eq!(ran(&Step::Flatten(red), &[10, 0]), red);
    }

    #[test]
    fn white_becomes_transparent_and_nothing_else() {
        let step = Step::Unflatten(Box::default());
        assert_eq!(ran(&step, &[255; 3]), [255, 255, 255, 0]);
        assert_eq!(ran(&step, &[255, 255, 0]), [255, 255, 0, 255]);
        assert_eq!(ran(&step, &[255, 77]), [255, 0]);
        assert_eq!(ran(&step, &[1, 2, 3, 77]), [1, 2, 3, 77]);
    }

    #[test]
    fn a_ramp_colours_grey_and_alpha_is_added_and_dropped() {
        let ramp = Step::Ramp(Box::new([[1; 256], [2; 256], std::array::from_fn(|v| v as u8)]));
        assert_eq!(ran(&ramp, &[9, 4]), [1, 2, 9, 4]);
        assert_eq!(ran(&Step::AddAlpha(5), &[9]), [9, 5]);
        assert_eq!(ran(&Step::AddAlpha(5), &[9, 4]), [9, 4]);
        assert_eq!(ran(&Step::DropAlpha, &[9, 4]), [9]);
    }
}
