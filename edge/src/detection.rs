//! What somebody else has to see in the parts before an image is made of them: faces, and what is not to be shown.

use deckle::edit::{Beyond, Edits, FaceBox};
use deckle::image::{Cmyk, Format, Metadata, Size};
use deckle::{Error, Image, Limits};
use serde::{Deserialize, Serialize};

use crate::part::Part;

/// What a detector is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Detect {
    /// Where faces are.
    Faces,
    /// Labels of what is not to be shown.
    Labels,
}

/// What a detector has seen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Detected {
    /// Faces, in the detector's order.
    pub faces: Option<Vec<Bounds>>,
    /// Labels of what is not to be shown.
    pub labels: Option<Vec<Label>>,
}

/// Where a face is, in fractions of the picture's sides.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Bounds {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// One thing that is not to be shown, and how sure the detector is, in percent.
#[derive(Clone, Debug, Deserialize)]
pub struct Label {
    name: String,
    confidence: f64,
}

/// The edits of a request, as far as it is known what was detected.
pub struct Detection {
    edits: Edits,
    /// The part that is to be looked at next for what is not to be shown.
    next: usize,
    /// The size of the picture out of which the face is cut.
    size: Size,
}

/// A picture for a detector.
pub struct Asked {
    pub what: Detect,
    /// Labels below this confidence, in percent, are of no use.
    pub least: Option<f64>,
    /// A JPEG or a PNG that is small enough.
    pub picture: Vec<u8>,
}

impl Detection {
    /// `None` where nothing is to be detected.
    pub fn of(edits: &Edits) -> Option<Self> {
        let is_asked = edits.face().is_some() || edits.moderation().is_some();
        is_asked.then(|| Self { edits: edits.clone(), next: 0, size: Size { width: 0, height: 0 } })
    }

    /// What is still to be detected.
    pub fn wants(&self) -> Option<Detect> {
        match (self.edits.moderation(), self.edits.face()) {
            (Some(_), _) => Some(Detect::Labels),
            (None, Some(_)) => Some(Detect::Faces),
            (None, None) => None,
        }
    }

    /// The next picture to be looked at; `None` when all is known, and the edits are [`Self::resolved`].
    ///
    /// # Errors
    /// The part cannot be made a picture.
    pub fn next(&mut self, parts: &[Part], cmyk: Cmyk, limits: &Limits) -> Result<Option<Asked>, Error> {
        let Some(what) = self.wants() else {
            return Ok(None);
        };
        let number = if what == Detect::Labels { self.next } else { 0 };
        let bytes = parts.get(number).and_then(|part| part.bytes.as_deref()).unwrap_or_default();
        let image = Image::open(bytes).map_err(|error| if number == 0 { error } else { error.of_overlay() })?;
        let format = self.edits.format.unwrap_or(image.info().format);
        let moves = self.edits.animated && format.row().is_animated && image.info().frames > 1;
        if what == Detect::Faces && moves {
            // an animation is not cut to a face
            self.edits = self.edits.clone().with_face(None);
            return Ok(None);
        }
        // of the others, which are held beside
        let held: u64 = parts.iter().filter_map(|part| part.bytes.as_ref()).map(|bytes| bytes.len() as u64).sum();
        let held = held - bytes.len() as u64;
        let limits = Limits { memory_bytes: limits.memory_bytes.saturating_sub(held), ..*limits };
        let edits = if what == Detect::Labels { small() } else { self.edits.before_face() };
        let (picture, size) = picture(bytes, &image, Edits { cmyk, ..edits }, &limits)?;
        self.size = size;
        Ok(Some(Asked { what, least: self.edits.moderation().map(deckle::edit::Moderation::percent), picture }))
    }

    /// Takes what was seen in the picture. `parts` is how many parts there are. Whether it is an answer to what was asked.
    ///
    /// # Errors
    /// The face that is asked for is not there.
    pub fn take(&mut self, seen: &Detected, parts: usize) -> Result<bool, Error> {
        match (self.wants(), &seen.labels, &seen.faces) {
            (Some(Detect::Labels), Some(labels), None) => {
                let labels = labels.iter().map(|label| (label.name.as_str(), label.confidence));
                let is_met = self.edits.moderation().is_some_and(|moderation| moderation.is_met(labels));
                self.next += 1;
                if is_met || self.next >= parts {
                    self.edits = self.edits.clone().moderated(is_met);
                }
            }
            (Some(Detect::Faces), None, Some(faces)) => {
                let faces: Vec<FaceBox> = faces.iter().map(Bounds::fractions).collect();
                let area = match self.edits.face() {
                    Some(face) => face.area(&faces, self.size)?,
                    None => None,
                };
                self.edits = self.edits.clone().with_face(area);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The edits with what was detected.
    pub fn resolved(&self) -> &Edits {
        &self.edits
    }
}

impl Bounds {
    fn fractions(&self) -> FaceBox {
        let Self { left, top, width, height } = *self;
        FaceBox { left, top, width, height }
    }
}

/// What Amazon Rekognition takes as bytes of a request, and the shortest side that it takes.
const MOST_BYTES: u64 = 5_000_000;
const SHORTEST: u32 = 80;
/// Longest side of a picture that is made for a detector: a face of a fortieth of it can be found.
const LONGEST: u32 = 1_920;

/// The whole of a picture, upright, as a JPEG.
fn small() -> Edits {
    Edits { format: Some(Format::Jpeg), quality: Some(90), metadata: Metadata::Strip, ..Edits::default() }
}

/// The picture that edits make, as a file for a detector, and its true size. Of a picture as it is, the file itself where it will do.
fn picture(bytes: &[u8], image: &Image<'_>, edits: Edits, limits: &Limits) -> Result<(Vec<u8>, Size), Error> {
    let info = image.info();
    let has_looks = edits.trim.is_some();
    // for the size alone nothing is made, but what trims has to be looked for
    let unlimited = Limits {
        output_pixels: u64::MAX,
        memory_bytes: if has_looks { limits.memory_bytes } else { u64::MAX },
        ..*limits
    };
    let size = image.plan(&edits, &unlimited)?.output;
    let (shortest, longest) = (size.width.min(size.height), size.width.max(size.height));
    let plain =
        Edits { beyond: Beyond { stored: edits.beyond.stored, ..Beyond::default() }, cmyk: edits.cmyk, ..small() };
    let is_sized = edits.width.is_some() || edits.height.is_some() || edits.beyond.share.is_some();
    let is_own = edits == plain
        && matches!(info.format, Format::Jpeg | Format::Png)
        && !info.is_cmyk()
        && info.orientation.is_identity()
        && bytes.len() as u64 <= MOST_BYTES
        && shortest >= SHORTEST;
    if is_own {
        return Ok((bytes.to_vec(), size));
    }
    let scaled = |side: u32, from: u32, to: u32| (u64::from(side) * u64::from(to) / u64::from(from.max(1))) as u32;
    let edits = if is_sized || !edits.beyond.steps.is_empty() {
        Edits { max_bytes: Some(MOST_BYTES as u32), ..edits }
    } else if longest > LONGEST {
        Edits { width: Some(LONGEST), height: Some(LONGEST), ..edits }
    } else if shortest < SHORTEST && scaled(longest, shortest, SHORTEST) <= LONGEST {
        let side = |side: u32| Some(scaled(side, shortest, SHORTEST).max(SHORTEST));
        Edits {
            width: side(size.width),
            height: side(size.height),
            enlarge: true,
            fit: deckle::edit::Fit::Fill,
            ..edits
        }
    } else {
        edits
    };
    let mut plan = image.plan(&edits, limits)?;
    // boxes are those of the picture as it lies: a detector would turn it
    plan.encoding.keeps_orientation = false;
    Ok((deckle::transform(image, &plan, &mut |_| ())?.bytes, size))
}
