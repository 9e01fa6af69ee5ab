//! The plan: every size, crop and format resolved from the header alone, limits checked, memory estimated.

mod colours;
mod gain_map;
mod geometry;
mod lettering;
mod looks;
mod memory;
mod operations;
mod sane;
mod steps;

use deckle_pixels::Salience;

use crate::Error;
use crate::codec;
use crate::edit::{Edits, MANY_COLOURS, Point, Rotate, Trim};
use crate::image::{Encoding, Format, Icc, Info, Load, Model, Orientation, Rect, Scale, Size};
use crate::limits::{Limits, MEMORY, check};
use crate::op::{self, Operation, Reach};
use crate::quality;
use colours::Colours;
use geometry::Geometry;
use looks::Seen;

/// Which way an image takes from the decoder to the encoder. Decided once, here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Luma and chroma stay planes of which chroma has half the size: a JPEG becomes a JPEG or a lossy WebP.
    Planes,
    /// Samples are joined to pixels and made sRGB.
    Pixels,
}

/// All that is to be done to one image. Nothing downstream looks at text again.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is decoded, and to which size and orientation.
    pub load: Load,
    /// What is done then, in this order.
    pub operations: Vec<Operation>,
    /// How the result is written.
    pub encoding: Encoding,
    /// The way that the image takes.
    pub path: Path,
    /// Size of the output.
    pub output: Size,
    /// Bytes alive at the worst moment for any picture of this shape, the source not counted. What an encoder takes beyond depends on
    /// the picture: it stops at [`Encoding::room`].
    pub memory: u64,
    /// Those of them that the decoder and the resampler hold while rows flow.
    pub decoding: u64,
    /// The plans of the pictures that are laid on this one.
    pub layers: Vec<Plan>,
    /// The plan of its gain map, where that is kept.
    pub gain_map: Option<Box<Plan>>,
    /// What is other than was asked for, and why.
    pub notes: Vec<&'static str>,
    /// Whether nothing is done but to write the picture anew in its own format, so that the source is the answer where it has fewer bytes
    /// and nothing beside its picture.
    pub is_rewritten: bool,
}

/// What planning comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Planned {
    /// The plan.
    Ready(Plan),
    /// A fact beyond the header is needed: take this look, add what it shows to the [`Facts`], and plan again.
    Look(Look),
}

/// A look at more than the header.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Look {
    /// At the ICC profile: does it change colours?
    Profile,
    /// At all pixels: what rectangle of the stored image holds whatever is not background? The pixel is the one whose colour is that
    /// where none is given.
    Edges(Trim, Rect, Sight),
    /// At a small picture: what point of it, as it will be turned, is the part of so many pixels to be centred on?
    Focus(Salience, Size, Sight),
}

/// How an image is loaded to be looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// What is decoded, and to which size and orientation.
    pub load: Load,
    /// Bytes that the decoder may take beyond what is certain.
    pub spare: u64,
}

/// What looks have shown so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// Whether the ICC profile changes colours; `None` before the look.
    pub profile_changes_colours: Option<bool>,
    /// The sizes of the pictures that can be laid on the image: upright, but of what another dialect lays.
    pub layers: Vec<Size>,
    /// What a trim leaves of the stored image: all of it where there is nothing but background.
    pub edges: Option<Rect>,
    /// The point that takes the place of a position that depends on the picture.
    pub focus: Option<Point>,
    /// The source's profile; known only where other colours than sRGB are asked for, or there is a gain map.
    pub profile: Profile,
    /// Whether there is a gain map that could be kept.
    pub has_gain_map: bool,
}

/// What a profile says of its image's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// There is none, or none that can be used.
    #[default]
    None,
    /// They are sRGB.
    Srgb,
    /// They are others.
    Other {
        /// Whether they are Display P3, so that nothing is converted to it.
        is_p3: bool,
    },
    /// It is too long to be kept.
    TooLong,
}

/// Quality when a request states no other.
pub const DEFAULT_QUALITY: u8 = 80;

/// Effort when a request states no other.
pub const DEFAULT_EFFORT: u8 = 4;

/// Operations that one plan may have.
const MOST_OPERATIONS: u64 = 100;

/// Steps, of about a nanosecond, that the operations of one plan may take.
const MOST_WORK: u64 = 6_000_000_000;

impl Plan {
    /// Resolves edits against an image's header and what looks have shown. A pure function: the same arguments give the same
    /// answer, and no pixel is touched.
    ///
    /// # Errors
    /// [`Error::Limit`] before anything large is allocated; [`Error::Edit`] for a crop outside the image, and for values that no URL
    /// can ask for, such as a width of 0.
    #[expect(clippy::new_ret_no_self, reason = "a plan may need a look first")]
    pub fn new(edits: &Edits, info: &Info, facts: &Facts, limits: &Limits) -> Result<Planned, Error> {
        sane::check(edits)?;
        if info.is_vector && !edits.enlarge {
            // it has no pixels that there could be too few of
            return Self::new(&Edits { enlarge: true, ..edits.clone() }, info, facts, limits);
        }
        check("source pixels", info.source_pixels(), limits.source_pixels)?;
        let encoding = encoding(edits, info, memory::room(info, limits.memory_bytes));
        let frames = frames(edits, info, &encoding);
        let frame = looks::frame(edits);
        check_frames(frames, frame, info, limits)?;
        if edits.beyond.stored && !info.orientation.is_identity() {
            // the picture as it is stored, its orientation in the metadata
            let stored = Info { orientation: Orientation::default(), ..info.clone() };
            return Self::new(edits, &stored, facts, limits);
        }
        if frames > 1 && edits.beyond.spares_animations && edits.rotate != Rotate::None {
            // an animation is not turned
            return Self::new(&Edits { rotate: Rotate::None, ..edits.clone() }, info, facts, limits);
        }
        let (of_first, of_frames) = (info, info.of_frames());
        // a look is at the frame that is asked for, or the first
        let info = if frame > 0 { &of_frames } else { of_first };
        let turn = info.orientation.then(edits.turn());
        let (used, looked) = match looks::used(edits, info, facts.edges, limits)? {
            Seen::Known(used, looked) => (used, looked),
            Seen::Look(look) => return Ok(Planned::Look(look)),
        };
        let crop = geometry::cropped(edits, info, turn, used)?;
        let (focus, looked) = match looks::focus(edits, info, turn, crop, facts.focus, limits)? {
            Seen::Known(focus, bytes) => (focus, looked.max(bytes)),
            Seen::Look(look) => return Ok(Planned::Look(look)),
        };
        let geometry = geometry::resolve(edits, info, turn, crop, focus)?;
        let info = if frames > 1 { &of_frames } else { info };
        let load = Load { frame, frames, ..geometry.load };
        check("operations", edits.operations.len() as u64, MOST_OPERATIONS)?;
        let geometry = Geometry { load, ..geometry };
        let operations = operations::resolve(edits, info, encoding.format, &geometry, &facts.layers)?;
        let output = operations.iter().fold(load.size(), |size, operation| operation.size(size));
        check("output pixels", output.pixels(), limits.output_pixels)?;
        if encoding.format == Format::Avif && output.pixels() > limits.avif_pixels {
            return Self::as_webp(edits, info, facts, limits);
        }
        if frames > 1 {
            let pixels = output.pixels().saturating_mul(frames.into());
            check("animation pixels", pixels, limits.animation_pixels)?;
        }
        check("work of operations", work(&operations, &load, info), MOST_WORK)?;
        check("output side", output.width.max(output.height).into(), encoding.format.row().longest_side.into())?;

        let Colours { icc, keeps_map, notes } = colours::resolve(edits, info, facts, encoding.format, &operations);
        let load = Load { icc: conversion(icc, facts.profile), ..load };
        let could_be_planes = frames == 1
            && info.is_planar()
            && info.model != Model::Video
            && !(load.is_linear && load.is_resampled())
            && codec::takes_planes(&encoding)
            && op::work_in_planes(&operations, info.channels);
        let path = match (could_be_planes, info.has_profile, facts.profile_changes_colours) {
            (true, ..) if load.icc == Icc::Keep => Path::Planes,
            (true, ..) if load.icc == Icc::P3 => Path::Pixels,
            (false, ..) | (true, true, Some(true)) => Path::Pixels,
            (true, false, _) | (true, true, Some(false)) => Path::Planes,
            (true, true, None) => {
                // looking takes what the profile takes
                check(MEMORY, info.decoder_bytes, limits.memory_bytes)?;
                return Ok(Planned::Look(Look::Profile));
            }
        };
        let encoding = Encoding { icc, keeps_gain_map: keeps_map, ..encoding };
        let is_rewritten = operations.is_empty()
            && encoding.format == of_first.format
            && is_all(&load, of_first)
            && (of_first.progressive || !encoding.progressive);
        let mut plan = Self { operations, path, output, notes, is_rewritten, ..Self::empty(load, encoding) };
        (plan.memory, plan.decoding) = memory::estimate(&plan, info);
        plan.memory = plan.memory.max(looked);
        if plan.encoding.format == Format::Avif && plan.memory > limits.memory_bytes {
            return Self::as_webp(edits, info, facts, limits);
        }
        check(MEMORY, plan.memory, limits.memory_bytes)?;
        Ok(Planned::Ready(plan))
    }

    /// Nothing is done to what is loaded.
    fn empty(load: Load, encoding: Encoding) -> Self {
        Self {
            load,
            operations: Vec::new(),
            encoding,
            path: Path::Pixels,
            output: load.size(),
            memory: 0,
            decoding: 0,
            layers: Vec::new(),
            gain_map: None,
            notes: Vec::new(),
            is_rewritten: false,
        }
    }

    /// The plan of the picture's gain map.
    pub(crate) fn of_gain_map(&self, picture: &Info, map: &Info) -> Self {
        gain_map::resolve(self, picture, map)
    }

    /// What an AVIF that would take too long, or too much, is instead: all who show AVIF show WebP.
    #[cold]
    fn as_webp(edits: &Edits, info: &Info, facts: &Facts, limits: &Limits) -> Result<Planned, Error> {
        Self::new(&Edits { format: Some(Format::WebP), animated: false, ..edits.clone() }, info, facts, limits)
    }

    /// Whether lines or rows go from the decoder straight to the encoder. Otherwise the picture is collected at its final size before.
    pub(crate) fn flows(&self) -> bool {
        let is_upright = self.load.turn.is_identity() && !self.encoding.looks();
        match self.path {
            Path::Planes => is_upright && self.operations.iter().all(|operation| operation.reach() == Reach::Sample),
            Path::Pixels => is_upright && self.gives_rows(),
        }
    }

    /// Whether samples are mixed as light: where none are mixed, there is nothing to do so with.
    pub(crate) fn mixes_light(&self) -> bool {
        self.load.is_linear && self.load.is_resampled()
    }

    /// Bytes that a decoder may take beyond the plan for what depends on the picture.
    pub(crate) fn spare(&self) -> u64 {
        self.encoding.room.saturating_sub(self.memory)
    }

    /// Whether the encoder takes pixels row by row, and no operation needs them all.
    pub(crate) fn gives_rows(&self) -> bool {
        let (_, rest) = op::split(&self.operations);
        codec::takes_rows(&self.encoding) && op::by_rows(rest) && !self.encoding.looks()
    }
}

fn encoding(edits: &Edits, info: &Info, room: u64) -> Encoding {
    let own = match info.format {
        format if format.row().is_written => format,
        // a photo or a scan, for which PNG is several times as large
        Format::Tiff if !info.has_alpha && info.bit_depth >= 8 => Format::Jpeg,
        _ => Format::Png,
    };
    let format = edits.format.unwrap_or(own);
    let aim = edits.aim.or(edits.usual_aim.filter(|_| edits.quality.is_none()));
    let number = edits.quality.or(edits.usual_quality).unwrap_or(DEFAULT_QUALITY);
    Encoding {
        format,
        quality: match (aim, edits.scale) {
            (Some(aim), _) => quality::usual(format, aim),
            (None, Scale::Visual) => quality::native(format, number),
            (None, Scale::Native) => number,
        },
        aim,
        colours: if format == Format::Png { edits.quality.map_or(0, colours) } else { 0 },
        lossless: edits.lossless,
        effort: edits.effort.unwrap_or(DEFAULT_EFFORT),
        progressive: edits.progressive,
        chroma: edits.chroma,
        max_bytes: edits.max_bytes,
        metadata: edits.metadata,
        keeps_orientation: edits.beyond.stored,
        icc: Icc::Srgb,
        keeps_gain_map: false,
        room,
    }
}

/// What samples are made for a file of such colours.
fn conversion(icc: Icc, profile: Profile) -> Icc {
    match (icc, profile) {
        (Icc::P3, Profile::Other { is_p3: true }) => Icc::Keep,
        (icc, _) => icc,
    }
}

/// Whether all of an image is loaded as it is stored, in sRGB.
fn is_all(load: &Load, info: &Info) -> bool {
    let region = load.region;
    (region.x, region.y) == (0.0, 0.0)
        && load.resized == info.size
        && !load.is_resampled()
        && load.turn.is_identity()
        && (load.frame, load.frames) == (0, info.frames)
        && !info.is_cmyk()
}

/// The most colours of a PNG of a quality; 0 is all of them.
fn colours(quality: u8) -> u16 {
    match quality {
        100.. => 0,
        MANY_COLOURS.. => 256,
        _ => 16 + 240 * u16::from(quality) / u16::from(MANY_COLOURS),
    }
}

/// Steps that operations take on all frames that are loaded so, at most.
fn work(operations: &[Operation], load: &Load, info: &Info) -> u64 {
    let mut size = load.size();
    let mut channels = match info.channels {
        _ if info.is_cmyk() => 3,
        channels => channels,
    };
    let mut work = 0_u64;
    for operation in operations {
        work = work.saturating_add(operation.work(size, channels));
        (size, channels) = (operation.size(size), operation.channels(channels));
    }
    work.saturating_mul(load.frames.into())
}

/// Frames that reach the output.
fn frames(edits: &Edits, info: &Info, encoding: &Encoding) -> u32 {
    let stays = edits.animated && edits.frame.is_none() && encoding.format.row().is_animated;
    if stays { info.frames } else { 1 }
}

/// Whether there is such a frame, and decoding up to it, or all of so many frames, is within the limits.
fn check_frames(frames: u32, frame: u32, info: &Info, limits: &Limits) -> Result<(), Error> {
    if frame >= info.frames {
        let reason = format!("is {}; the image has {}", u64::from(frame) + 1, info.frames);
        return Err(Error::Edit { name: "frame", reason });
    }
    let Some(animation) = info.animation.filter(|_| frames > 1 || frame > 0) else {
        return Ok(());
    };
    check("frames", frames.max(frame + 1).into(), limits.frames.into())?;
    check("animation pixels", animation.pixels, limits.animation_pixels)
}
