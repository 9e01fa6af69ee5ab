//! The handler's edits, which it hands to sharp, as edits of ours.
//!
//! sharp has an order of its own: what is called when decides only whether a crop and a rotation come before or after resizing,
//! and which of two calls for the same thing counts.

use super::colour;
use super::json::{Json, Members};
use super::reading::Reading;
use super::settings::{Sih, SmartCrop};
use super::{detection, error, format, looks, overlay, resize};
use crate::edit::{Crop, Edits, Face, Fit, Position, Rotate, Round, Step, table};
use crate::image::{Colour, Format, Metadata};
use crate::op::{Operation, WHOLE_TURN};
use crate::request::RequestError;
use crate::request::accept::named_format;

/// What sharp has been told so far.
#[derive(Default)]
struct Told {
    edits: Edits,
    has_size: bool,
    is_turned: bool,
    /// Rotation and mirroring come before everything else.
    turns_before: bool,
    attends: bool,
    grey: bool,
    /// The region before resizing, and the one after.
    before: Option<Region>,
    after: Option<Region>,
    /// What is done after resizing, by name.
    looks: Vec<(&'static str, Vec<Step>)>,
    round: Option<Step>,
}

/// What is cut out.
#[derive(Clone, Copy)]
enum Region {
    Area(Crop),
    Face(Face),
}

/// The edits of a request; none at all where it asks for the object as it is.
pub fn edits(reading: &Reading, settings: &Sih) -> Result<Edits, RequestError> {
    let output = reading.output();
    let given = reading.edits.clone().unwrap_or_default();
    let given = reading.with_quality(given, output.as_deref());
    if given.is_empty() && output.is_none() {
        return Ok(Edits::default());
    }
    let mut told = Told::default();
    told.edits.metadata = if settings.strips_metadata { Metadata::Strip } else { Metadata::All };
    told.edits.beyond.stored = !settings.turns;
    for (name, value) in given.iter() {
        told.tell(name, value, settings)?;
    }
    format::output(&mut told.edits, &given, reading, output.as_deref())?;
    let (moves, can_move) = is_animated(&given, &told.edits, reading);
    // what cannot move needs no word that says so
    told.edits.animated = moves || !can_move;
    let is_still_only = told.is_turned || told.round.is_some();
    told.edits.beyond.spares_animations = moves && is_still_only;
    if matches!(told.edits.rotate, Rotate::Angle(_)) && told.turns_before && told.before.is_some() {
        if told.has_size {
            return Err(error::processing("rotate", "a right angle before a crop that is resized"));
        }
        // what is cut out of a turned picture is cut out last
        (told.after, told.turns_before) = (told.before.take(), false);
    }
    Ok(told.finish())
}

impl Told {
    /// One edit, in the order of the JSON.
    fn tell(&mut self, name: &str, value: &Json, settings: &Sih) -> Result<(), RequestError> {
        match name {
            "resize" => {
                resize::resize(&mut self.edits, value)?;
                let beyond = &self.edits.beyond;
                self.has_size = self.edits.width.is_some() || self.edits.height.is_some() || beyond.share.is_some();
                self.turns_before |= self.is_turned && self.has_size;
            }
            "crop" => {
                let area = area(value).ok_or_else(error::crop)?;
                self.extract(Region::Area(area));
            }
            "extract" => {
                let expected = "left, top, width and height in whole pixels";
                let area = area(value).ok_or_else(|| error::processing("extract", expected))?;
                self.extract(Region::Area(area));
            }
            "rotate" => self.rotate(value)?,
            "flip" => self.edits.flip = looks::is_on(value),
            "flop" => self.edits.flop = looks::is_on(value),
            "grayscale" | "greyscale" => self.grey = looks::is_on(value),
            "trim" => self.edits.trim = Some(resize::trim(value)?),
            "flatten" => self.edits.beyond.under = flatten(value)?,
            "roundCrop" => {
                if let Some(round) = round(value) {
                    self.round = Some(Step::Round(round));
                }
            }
            "overlayWith" => {
                let overlay = overlay::overlay(value, &settings.source_buckets)?;
                self.put("overlayWith", vec![overlay]);
            }
            "smartCrop" if settings.detects => {
                if let Some(face) = detection::face(value)? {
                    self.extract(Region::Face(face));
                }
            }
            "smartCrop" => {
                let is_asked = detection::face(value)?.is_some();
                self.attends = is_asked && settings.smart_crop == SmartCrop::Attention;
            }
            "contentModeration" => {
                if let Some(moderation) = detection::moderation(value)? {
                    if !settings.detects {
                        return Err(error::moderation());
                    }
                    self.put("contentModeration", vec![Step::Moderate(Box::new(moderation))]);
                }
            }
            "stripExif" => self.edits.metadata = Metadata::Strip,
            // colours are sRGB and no profile is written in any case
            "stripIcc" | "animated" | "toFormat" => (),
            "jpeg" | "png" | "webp" | "gif" | "avif" | "tiff" | "heif" => (),
            // they change nothing that is written here
            "pipelineColourspace" | "pipelineColorspace" => (),
            "gamma" => {
                let expected = "a number from 1 to 3";
                let (darken, brighten) = looks::gamma(value).ok_or_else(|| error::processing("gamma", expected))?;
                self.put(looks::DARKEN, vec![Step::Do(darken)]);
                self.put(looks::BRIGHTEN, vec![Step::Do(brighten)]);
            }
            "joinChannel" | "bandbool" | "affine" | "boolean" => {
                return Err(error::processing(name, "an edit that is implemented, with a value in its range"));
            }
            // quirk: what is not known is ignored
            name => {
                if let Some(steps) = looks::steps(name, value) {
                    self.put(looks::name(name), steps?);
                }
            }
        }
        Ok(())
    }

    /// Steps in place of those that an edit of the same name asked for.
    fn put(&mut self, name: &'static str, steps: Vec<Step>) {
        self.looks.retain(|look| look.0 != name);
        self.looks.push((name, steps));
    }

    /// The first region is taken before resizing unless a size was told before it.
    fn extract(&mut self, region: Region) {
        if self.has_size || self.before.is_some() {
            self.after = Some(region);
        } else {
            self.before = Some(region);
            self.turns_before |= self.is_turned;
        }
    }

    fn rotate(&mut self, value: &Json) -> Result<(), RequestError> {
        let angle = match value {
            // without an angle: what EXIF asks for
            Json::Undefined | Json::Null => {
                self.edits.beyond.stored = false;
                return Ok(());
            }
            Json::Number(angle) if angle.is_finite() => *angle,
            _ => return Err(error::processing("rotate", "an angle in degrees")),
        };
        // a path has two decimal places of it
        let angle = (angle.rem_euclid(360.0) * 100.0).round() as u32 * 100;
        self.edits.rotate = Rotate::from_angle(angle);
        self.is_turned = self.edits.rotate != Rotate::None;
        Ok(())
    }

    /// What was told, in sharp's order.
    fn finish(self) -> Edits {
        let mut edits = self.edits;
        // without a detector, what the eye is drawn to stands for a face, where something is cut off
        if self.attends && edits.fit == Fit::Cover {
            edits.position = Position::Attention;
        }
        let is_quarter = matches!(edits.rotate, Rotate::Quarter | Rotate::ThreeQuarter);
        if is_quarter {
            // sharp mirrors, then turns; here it is the other way round
            std::mem::swap(&mut edits.flip, &mut edits.flop);
        }
        let is_laid = edits.rotate != Rotate::None || edits.flip || edits.flop;
        let beyond = &mut edits.beyond;
        beyond.turn_first = self.turns_before && is_laid && self.before.is_some();
        beyond.turn_last = is_quarter && self.has_size && !self.turns_before;
        match self.before {
            Some(Region::Area(area)) => beyond.area = Some(area),
            Some(Region::Face(face)) => beyond.face = Some(face),
            None => (),
        }
        if (edits.width.is_none() || edits.height.is_none()) && !beyond.turn_last {
            beyond.padding = None;
        }
        let mut looks = self.looks;
        if self.grey {
            edits.operations.push(Operation::Greyscale);
            // sharp leaves grey pictures grey, and what is around them: of a tint, its luminance
            for tint in looks.iter_mut().filter(|look| look.0 == "tint") {
                tint.1.push(Step::Do(Operation::Greyscale));
            }
            beyond.padding = beyond.padding.map(grey);
            for step in looks.iter_mut().flat_map(|look| &mut look.1) {
                if let Step::Extend(extend) = step {
                    extend.background = grey(extend.background);
                }
            }
        }
        let steps = &mut beyond.steps;
        match edits.rotate {
            Rotate::Angle(angle) if self.turns_before => {
                // sharp fills with black, and mirrors before it turns
                beyond.padding = beyond.padding.or(Some(Colour { a: 255, ..Colour::TRANSPARENT }));
                let angle = if edits.flip == edits.flop { angle } else { WHOLE_TURN - angle };
                edits.rotate = Rotate::from_angle(angle);
            }
            Rotate::Angle(angle) => {
                steps.push(Step::Turn(angle));
                edits.rotate = Rotate::None;
            }
            _ => (),
        }
        steps.extend(self.after.map(|region| match region {
            Region::Area(area) => Step::Extract(area),
            Region::Face(face) => Step::Face(face),
        }));
        looks.sort_by_key(|look| looks::rank(look.0));
        steps.extend(looks.into_iter().flat_map(|look| look.1));
        steps.extend(self.round);
        simplified(edits)
    }
}

/// The grey that sharp takes for a colour around a grey picture.
fn grey(Colour { r, g, b, a }: Colour) -> Colour {
    let grey = 0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b);
    let grey = grey as u8;
    Colour { r: grey, g: grey, b: grey, a }
}

/// The same as native edits where the meaning is the same, so that both share an image.
fn simplified(mut edits: Edits) -> Edits {
    let beyond = &mut edits.beyond;
    let is_operation = |step: &Step| matches!(step, Step::Do(_));
    if beyond.padding.is_none()
        && beyond.steps.iter().all(is_operation)
        && is_in_order(&edits.operations, &beyond.steps)
    {
        for step in beyond.steps.drain(..) {
            if let Step::Do(operation) = step {
                edits.operations.push(operation);
            }
        }
    }
    let is_alone = edits.operations.is_empty() && beyond.steps.is_empty() && beyond.padding.is_none();
    if is_alone && beyond.under.is_some_and(|colour| colour.a == 255) {
        edits.background = beyond.under.take();
    } else if edits.format == Some(Format::Jpeg) && beyond.under.is_none() {
        // what a JPEG cannot hold is black with sharp
        edits.background = Some(Colour::TRANSPARENT);
    }
    edits
}

/// Whether these operations one after another are what a canonical path without steps says.
fn is_in_order(operations: &[Operation], steps: &[Step]) -> bool {
    let steps = steps.iter().filter_map(|step| match step {
        Step::Do(operation) => Some(operation.clone()),
        _ => None,
    });
    let all: Vec<Operation> = operations.iter().cloned().chain(steps).collect();
    table::is_in_order(&all)
}

/// Whether an animation stays one, and whether it could: unless said otherwise, a GIF that stays a GIF does.
fn is_animated(given: &Members, edits: &Edits, reading: &Reading) -> (bool, bool) {
    let named = reading.key.as_deref().and_then(named_format);
    // a name that states a still format spares the path a token
    let format = edits.format.or(named);
    let can_move = format.is_none_or(|format| format.row().is_animated);
    let moves = match given.get("animated") {
        Some(Json::Flag(is_asked)) => *is_asked,
        // quirk: what options of a format make of the output is not looked at
        _ => reading.output().map_or(named, |_| edits.format).is_none_or(|format| format == Format::Gif),
    };
    (moves && can_move, can_move)
}

/// A region in whole pixels, none of them less than 0, with at least one pixel.
fn area(value: &Json) -> Option<Crop> {
    let whole = |name: &str| {
        let number = value.get(name)?.number()?;
        (number.fract() == 0.0 && (0.0..=100_000_000.0).contains(&number)).then_some(number as u32)
    };
    let (x, y, width, height) = (whole("left")?, whole("top")?, whole("width")?, whole("height")?);
    (width > 0 && height > 0).then_some(Crop::pixels(x, y, width, height))
}

/// The colour to lay transparency on; black unless stated.
fn flatten(value: &Json) -> Result<Option<Colour>, RequestError> {
    let black = Colour { a: 255, ..Colour::TRANSPARENT };
    match (value, value.get("background")) {
        (Json::Flag(false), _) => Ok(None),
        (_, Some(background)) if !background.is_nothing() => match colour::read(background) {
            Some(colour) => Ok(Some(Colour { a: 255, ..colour })),
            None => Err(error::processing("flatten", "a background that is a colour")),
        },
        _ => Ok(Some(black)),
    }
}

/// An ellipse; what is no number above 0 counts as not given.
fn round(value: &Json) -> Option<Round> {
    let side = |name: &str| {
        let number = value.get(name)?.number()?;
        (number > 0.0 && number <= 100_000_000.0).then_some(number.round() as u32)
    };
    match value {
        Json::Flag(true) => Some(Round::default()),
        Json::Object(_) => Some(Round { x: side("left"), y: side("top"), rx: side("rx"), ry: side("ry") }),
        _ => None,
    }
}
