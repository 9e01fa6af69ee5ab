//! The size that a drawing states, as usvg takes it, without a tree where it can be told.

use std::str::FromStr;

use roxmltree::Node;
use svgtypes::{Length, LengthUnit, ViewBox};

/// Dots per inch, as CSS has it.
pub const DPI: f32 = 96.0;

/// Width and height in pixels; `None` where they depend on what is drawn, or on fonts.
pub fn stated(root: Node<'_, '_>) -> Option<(f32, f32)> {
    let length = |name: &str| root.attribute(name).map(|text| Length::from_str(text).ok());
    // what is there and no length is left to the tree
    let (width, height) = (length("width"), length("height"));
    if width == Some(None) || height == Some(None) {
        return None;
    }
    let (width, height) = (width.flatten(), height.flatten());
    let view = match root.attribute("viewBox") {
        None => None,
        Some(text) => {
            let view = ViewBox::from_str(text).ok()?;
            let (width, height) = (view.w as f32, view.h as f32);
            if width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite() {
                Some((width, height))
            } else {
                return None;
            }
        }
    };
    match (width, height, view) {
        (Some(width), Some(height), None) => Some((pixels(width, None)?, pixels(height, None)?)),
        (Some(width), Some(height), Some(view)) => Some((pixels(width, Some(view.0))?, pixels(height, Some(view.1))?)),
        (Some(width), None, Some(view)) => {
            let width = pixels(width, Some(view.0))?;
            Some((width, view.1 * width / view.0))
        }
        (None, Some(height), Some(view)) => {
            let height = pixels(height, Some(view.1))?;
            Some((view.0 * height / view.1, height))
        }
        (None, None, Some(view)) => Some(view),
        _ => None,
    }
    .filter(|&(width, height)| width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite())
}

/// A length, of which a whole is so long.
fn pixels(length: Length, whole: Option<f32>) -> Option<f32> {
    let n = length.number as f32;
    Some(match length.unit {
        LengthUnit::None | LengthUnit::Px => n,
        LengthUnit::In => n * DPI,
        LengthUnit::Cm => n * DPI / 2.54,
        LengthUnit::Mm => n * DPI / 25.4,
        LengthUnit::Pt => n * DPI / 72.0,
        LengthUnit::Pc => n * DPI / 6.0,
        LengthUnit::Percent => whole? * n / 100.0,
        _ => return None,
    })
}
