//! What depends on what somebody else sees in a picture: a crop around a face, and a blur over what is not to be shown.

use std::cmp::Ordering;

use super::region::Crop;
use crate::Error;
use crate::image::Size;

/// A crop around a face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Face {
    /// Which of the faces, in the detector's order.
    pub index: u32,
    /// Pixels around the face's box; a negative number makes it smaller.
    pub padding: i32,
}

/// A blur of whatever shows what is not to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Moderation {
    /// How sure the detector has to be, in hundredths of a percent.
    pub confidence: u32,
    /// Sigma of the blur, in pixels.
    pub sigma: u32,
    /// The labels that count; all where there is none.
    pub labels: Vec<String>,
}

/// Where a face is, in fractions of the picture's sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceBox {
    /// From the left edge.
    pub left: f64,
    /// From the top edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Face {
    /// The region of a picture of this size that holds the face and its padding, as AWS's handler reckons it; `None`, the whole of
    /// it, where there is no face.
    ///
    /// # Errors
    /// There are faces, but not so many; or nothing is left of the region.
    pub fn area(self, faces: &[FaceBox], size: Size) -> Result<Option<Crop>, Error> {
        if faces.is_empty() {
            return Ok(None);
        }
        let Some(face) = faces.get(self.index as usize) else {
            let reason = format!("is {}; {} found, counted from 0", self.index, faces.len());
            return Err(Error::Edit { name: FACE, reason });
        };
        // what is no number is 0
        let share = |share: f64| if share > 0.0 { share.min(1.0) } else { 0.0 };
        let (left, top) = (share(face.left), share(face.top));
        let (width, height) = (share(face.width).min(1.0 - left), share(face.height).min(1.0 - top));
        let padding = f64::from(self.padding);
        let along = |start: f64, length: f64, whole: u32| {
            let whole = f64::from(whole);
            let from = (start * whole - padding).floor().max(0.0);
            let length = (length * whole + padding * 2.0).floor().min(whole - from);
            (length >= 1.0).then_some((from as u32, length as u32))
        };
        match (along(left, width, size.width), along(top, height, size.height)) {
            (Some((x, width)), Some((y, height))) => Ok(Some(Crop::pixels(x, y, width, height))),
            _ => Err(Error::Edit { name: PADDING, reason: format!("of {} leaves nothing of the face", self.padding) }),
        }
    }
}

/// What an error about the number of a face is about.
pub const FACE: &str = "face";
/// What an error about the pixels around a face is about.
pub const PADDING: &str = "padding";

impl Moderation {
    /// Whether one of these labels, each with how sure it is in percent, is not to be shown.
    pub fn is_met<'a>(&self, labels: impl IntoIterator<Item = (&'a str, f64)>) -> bool {
        let counts = |name: &str| self.labels.is_empty() || self.labels.iter().any(|label| label == name);
        let least = self.percent();
        // a confidence that is no number counts
        let is_sure = |confidence: f64| confidence.partial_cmp(&least) != Some(Ordering::Less);
        labels.into_iter().any(|(name, confidence)| counts(name) && is_sure(confidence))
    }

    /// How sure the detector has to be, in percent.
    pub fn percent(&self) -> f64 {
        f64::from(self.confidence) / 100.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 400, height: 300 };

    fn area(index: u32, padding: i32, face: [f64; 4]) -> Result<Option<[u32; 4]>, Error> {
        let [left, top, width, height] = face;
        let faces = [FaceBox { left, top, width, height }];
        let crop = Face { index, padding }.area(&faces, SIZE)?;
        Ok(crop.map(|Crop { x, y, width, height, .. }| [x, y, width, height]))
    }

    #[test]
    fn a_face_is_cut_out_with_its_padding_as_the_handler_reckons() {
        assert_eq!(area(0, 0, [0.251, 0.5, 0.25, 0.25]).unwrap(), Some([100, 150, 100, 75]));
        assert_eq!(area(0, 10, [0.25, 0.5, 0.25, 0.25]).unwrap(), Some([90, 140, 120, 95]));
        // what would be outside of the picture is left out
        assert_eq!(area(0, 40, [0.05, 0.8, 0.25, 0.25]).unwrap(), Some([0, 200, 180, 100]));
        assert_eq!(area(0, 0, [-0.5, f64::NAN, 2.0, 0.5]).unwrap(), Some([0, 0, 400, 150]));
        assert_eq!(Face::default().area(&[], SIZE).unwrap(), None);
    }

    #[test]
    fn a_face_that_is_not_there_or_vanishes_is_refused_by_name() {
        let name = |result: Result<Option<[u32; 4]>, Error>| match result {
            Err(Error::Edit { name, .. }) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(name(area(1, 0, [0.0, 0.0, 0.5, 0.5])), FACE);
        assert_eq!(name(area(0, -100, [0.0, 0.0, 0.5, 0.5])), PADDING);
        assert_eq!(name(area(0, -100_000, [0.5, 0.5, 0.5, 0.5])), PADDING);
        assert_eq!(area(0, 100_000, [0.5, 0.5, 0.5, 0.5]).unwrap(), Some([0, 0, 400, 300]));
    }

    #[test]
    fn labels_count_from_their_confidence_on_and_by_name_where_names_are_given() {
        let any = Moderation { confidence: 7_500, sigma: 50, labels: Vec::new() };
        assert!(any.is_met([("Alcohol", 75.0)]) && any.is_met([("Alcohol", f64::NAN)]));
        assert!(!any.is_met([("Alcohol", 74.9)]) && !any.is_met([]));
        let one = Moderation { labels: vec!["Violence".into()], ..any };
        assert!(!one.is_met([("Alcohol", 99.0)]) && one.is_met([("Alcohol", 99.0), ("Violence", 80.0)]));
    }
}
