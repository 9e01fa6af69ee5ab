//! What no parameter of the native dialect asks for and other dialects do. In a canonical path it is the token `ops-…`.

use super::detection::{Face, Moderation};
use super::overlay::Overlay;
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
    /// A face takes the place of the area.
    pub face: Option<Face>,
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
    /// The region of a face.
    Face(Face),
    /// A blur, where the picture or one that is laid on it shows what it should not.
    Moderate(Box<Moderation>),
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

impl Beyond {
    /// The pictures that are laid on this one, in their order.
    pub fn overlays(&self) -> impl Iterator<Item = &Overlay> {
        self.steps.iter().filter_map(|step| match step {
            Step::Overlay(overlay) => Some(overlay.as_ref()),
            _ => None,
        })
    }
}
