//! Pictures that are laid on another, as asked.

use deckle_pixels::Blend;

/// A picture that is laid on another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Overlay {
    /// The bucket it lies in; `None` for that of the picture below, or for the first.
    pub bucket: Option<String>,
    /// The object's name.
    pub key: String,
    /// Its greatest width.
    pub width: Option<Extent>,
    /// Its greatest height.
    pub height: Option<Extent>,
    /// How much of it shows, in percent.
    pub opacity: u8,
    /// Where it lies across; the middle when not given.
    pub x: Option<Distance>,
    /// Where it lies down; the middle when not given.
    pub y: Option<Distance>,
    /// How colours are mixed.
    pub blend: Blend,
    /// Whether it is repeated in all directions.
    pub tile: bool,
}

/// A length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    /// In pixels.
    Pixels(u32),
    /// In percent of the picture below.
    Percent(u8),
}

impl Extent {
    /// In pixels, of a picture below that has so many.
    pub fn resolve(self, whole: u32) -> u32 {
        match self {
            Self::Pixels(n) => n,
            Self::Percent(n) => (u64::from(whole) * u64::from(n) / 100) as u32,
        }
    }
}

/// A distance from the left or top edge; a negative one is between the far edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distance {
    /// In pixels.
    Pixels(i32),
    /// In percent of the picture.
    Percent(i32),
    /// At the far edge.
    Far,
}

impl Distance {
    /// The distance in pixels from the near edge, for a picture of `whole` pixels on which one of `laid` pixels is laid.
    pub fn resolve(self, whole: u32, laid: u32) -> i64 {
        let (whole, laid) = (i64::from(whole), i64::from(laid));
        match self {
            Self::Pixels(n) if n < 0 => whole + i64::from(n) - laid,
            Self::Pixels(n) => i64::from(n),
            Self::Percent(n) if n < 0 => (whole * 100 + whole * i64::from(n) - laid * 100).div_euclid(100),
            Self::Percent(n) => (whole * i64::from(n)).div_euclid(100),
            Self::Far => whole - laid,
        }
    }
}
