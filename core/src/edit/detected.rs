//! Edits that depend on what somebody else sees in a picture: what is to be looked at for them, and what they come to.
//!
//! A request asks for them, and they are resolved before there is a plan, which does not know them.

use super::beyond::{Beyond, Step};
use super::detection::{Face, Moderation};
use super::region::Crop;
use super::types::{Edits, Rotate};
use crate::image::{Format, Metadata};
use crate::op::{Blur, Operation};

impl Edits {
    /// The crop around a face that is asked for.
    pub fn face(&self) -> Option<Face> {
        self.beyond.face.or_else(|| self.beyond.steps.iter().find_map(in_step))
    }

    /// What is asked of pictures that show what they should not.
    pub fn moderation(&self) -> Option<&Moderation> {
        self.beyond.steps.iter().find_map(|step| match step {
            Step::Moderate(moderation) => Some(moderation.as_ref()),
            _ => None,
        })
    }

    /// Edits that make the picture out of which a face is cut: what changes places and comes before it, as a small file.
    #[must_use]
    pub fn before_face(&self) -> Self {
        let beyond = &self.beyond;
        let small =
            Self { format: Some(Format::Jpeg), quality: Some(90), metadata: Metadata::Strip, ..Self::default() };
        if beyond.face.is_some() {
            let is_turned = beyond.turn_first;
            return Self {
                trim: self.trim,
                rotate: if is_turned { self.rotate } else { Rotate::None },
                flip: self.flip && is_turned,
                flop: self.flop && is_turned,
                beyond: Beyond { stored: beyond.stored, ..Beyond::default() },
                ..small
            };
        }
        let is_place = |step: &&Step| matches!(step, Step::Turn(_) | Step::Extract(_) | Step::Extend(_));
        let before = beyond.steps.iter().take_while(|step| in_step(step).is_none());
        let beyond = Beyond { steps: before.filter(is_place).cloned().collect(), ..beyond.clone() };
        Self {
            format: small.format,
            quality: small.quality,
            metadata: small.metadata,
            lossless: false,
            animated: false,
            operations: Vec::new(),
            overlays: Vec::new(),
            lettering: Vec::new(),
            beyond,
            ..self.clone()
        }
    }

    /// With the region in which the face is.
    #[must_use]
    pub fn with_face(mut self, area: Option<Crop>) -> Self {
        let beyond = &mut self.beyond;
        if beyond.face.take().is_some() {
            beyond.area = area;
        }
        let step = |step: Step| match step {
            Step::Face(_) => area.map(Step::Extract),
            step => Some(step),
        };
        beyond.steps = std::mem::take(&mut beyond.steps).into_iter().filter_map(step).collect();
        self
    }

    /// With the blur, if the picture shows what it should not.
    #[must_use]
    pub fn moderated(mut self, is_met: bool) -> Self {
        let steps = std::mem::take(&mut self.beyond.steps).into_iter();
        let blur = |sigma: u32| Step::Do(Operation::Blur(Blur { sigma: sigma.saturating_mul(10_000) }));
        self.beyond.steps = steps
            .filter_map(|step| match step {
                Step::Moderate(moderation) => is_met.then(|| blur(moderation.sigma)),
                step => Some(step),
            })
            .collect();
        // only the first picture of an animation was looked at
        self.animated = false;
        self
    }
}

fn in_step(step: &Step) -> Option<Face> {
    match step {
        Step::Face(face) => Some(*face),
        _ => None,
    }
}
