//! What filters say of how a picture meets its box, beside edits.

use crate::image::Colour;
use crate::request::RequestError;
use crate::request::told::Told;

/// What filters change of how a picture meets its box.
#[derive(Debug)]
pub struct Frame {
    pub told: Told,
    pub stretches: bool,
    /// A box that is met is met by smaller pictures, too.
    pub enlarges: bool,
    /// So is one that is fitted in.
    pub upscales: bool,
    pub proportion: Option<f64>,
    /// EXIF is not to be there.
    pub strips: bool,
    /// The colour of padding, and whether it shows through the picture.
    pub fill: Option<(Colour, bool)>,
    /// Quarters of a turn, clockwise.
    pub quarters: i32,
    overlays: Vec<String>,
}

impl Frame {
    /// As it is without filters.
    pub fn new() -> Self {
        Self {
            told: Told::default(),
            stretches: false,
            enlarges: true,
            upscales: false,
            proportion: None,
            strips: false,
            fill: None,
            quarters: 0,
            overlays: Vec::new(),
        }
    }

    /// Turned by so many degrees against the clock; other than by quarters it is not turned.
    pub fn turn(&mut self, degrees: i32) {
        if degrees % 90 == 0 {
            self.quarters = (self.quarters - degrees / 90).rem_euclid(4);
        }
    }

    /// Another picture is laid on it.
    pub fn lay(&mut self, overlay: &str) -> Result<(), RequestError> {
        self.overlays.push(overlay.to_owned());
        self.told.tell("overlay", &self.overlays.join(";"))
    }
}
