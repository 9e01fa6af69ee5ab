//! A region of a picture, as asked.

/// What the numbers of a [`Crop`] count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Pixels.
    #[default]
    Pixel,
    /// Ten-thousandths of the image's width or height.
    Share,
}

/// A region of the upright source image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Crop {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
    /// What the four are counted in.
    pub unit: Unit,
}

impl Crop {
    /// A region in pixels.
    pub const fn pixels(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self { x, y, width, height, unit: Unit::Pixel }
    }
}
