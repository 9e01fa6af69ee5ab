//! What no parameter of the native dialect asks for and other dialects do. In a canonical path it is the token `ops-…`.

use super::region::Crop;
use crate::image::Colour;
use crate::op::{Extend, Operation};

/// What is asked for beyond the table of edits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Beyond {
    /// The picture stays as it is stored, and its orientation in the metadata.
    pub stored: bool,
    /// The region of the picture to use. Unlike `crop` it has to lie within the picture.
    pub area: Option<Crop>,
    /// Rotation and mirroring come before the area is taken.
    pub turn_first: bool,
    /// Rotation comes after resizing, so that width and height are those before it, and the crop of `cover` is after it.
    pub turn_last: bool,
    /// The size as a share of the area's, in ten-thousandths, in place of width and height.
    pub share: Option<u32>,
    /// An animation is not turned, nor cut to an ellipse.
    pub spares_animations: bool,
    /// Never smaller than the source.
    pub larger_only: bool,
    /// Colour under transparency, before anything else is done to the pixels.
    pub under: Option<Colour>,
    /// Colour of padding; it comes before the steps.
    pub padding: Option<Colour>,
    /// What is done after resizing and padding, in this order.
    pub steps: Vec<Step>,
}

/// One thing that is done to a resized picture, as asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// An operation that has nothing to resolve.
    Do(Operation),
    /// Turned clockwise by an angle in ten-thousandths of a degree, black around it.
    Turn(u32),
    /// More room at each side.
    Extend(Extend),
    /// A region of what there is so far, within it.
    Extract(Crop),
    /// Everything outside an ellipse becomes transparent, and the picture is cut to it.
    Round(Round),
    /// Another picture is laid on it.
    Overlay(Box<Overlay>),
}

/// An ellipse; what is not given is the middle and half of the shorter side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Round {
    /// The centre's distance from the left edge.
    pub x: Option<u32>,
    /// The centre's distance from the top edge.
    pub y: Option<u32>,
    /// Half of its width.
    pub rx: Option<u32>,
    /// Half of its height.
    pub ry: Option<u32>,
}

/// A picture that is laid on another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Overlay {
    /// The bucket it lies in; `None` for the first.
    pub bucket: Option<String>,
    /// The object's name.
    pub key: String,
    /// Its greatest width, in percent of the picture's.
    pub width: Option<u8>,
    /// Its greatest height, in percent of the picture's.
    pub height: Option<u8>,
    /// How much of it shows, in percent.
    pub opacity: u8,
    /// Where it lies across; the middle when not given.
    pub x: Option<Distance>,
    /// Where it lies down; the middle when not given.
    pub y: Option<Distance>,
}

/// A distance from the left or top edge; a negative one is between the far edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distance {
    /// In pixels.
    Pixels(i32),
    /// In percent of the picture.
    Percent(i32),
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
        }
    }
}

impl Beyond {
    /// The pictures that are laid on this one, in their order.
    pub fn overlays(&self) -> impl Iterator<Item = &Overlay> {
        self.steps.iter().filter_map(|step| match step {
            Step::Overlay(overlay) => Some(overlay.as_ref()),
            _ => None,
        })
    }
}
