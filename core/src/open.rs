//! An image that is open: header, EXIF, profile and decoder from one parse.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::codec::{self, Decode, Decoded, Opened};
use crate::colour::{self, Conversion};
use crate::edit::{Beyond, Edits, Fit};
use crate::embed::{self, Attached};
use crate::gain_map::{self, Gains};
use crate::image::{Cmyk, Format, Hdr, Icc, Info, Load, Model, Pixels};
use crate::inside;
use crate::limits::{self, Limits, MEMORY};
use crate::op::Operation;
use crate::plan::{Facts, Look, Plan, Planned, Profile, Sight};
use crate::{Error, look};

/// A profile of ours, and what making a conversion takes.
const PROFILE: u64 = 64 << 10;

/// An encoded image whose header is read. Nothing is decoded before a plan is rendered.
pub struct Image<'a> {
    info: Info,
    exif: Option<&'a [u8]>,
    /// The file; empty where something else has decoded it.
    bytes: &'a [u8],
    decoder: Box<dyn Decode + 'a>,
    conversion: OnceCell<Conversion>,
    /// What the frames of an animation are, and what makes them sRGB.
    of_frames: OnceCell<(Info, Conversion)>,
    /// What makes colours Display P3, and those of frames.
    to_p3: [OnceCell<Conversion>; 2],
    gain_map: OnceCell<Option<Box<(Image<'a>, Gains)>>>,
    /// Pictures that are laid on this one.
    layers: Vec<Image<'a>>,
}

impl<'a> Image<'a> {
    /// Reads the header. Allocates nothing that is larger than the header.
    ///
    /// # Errors
    /// [`Error::NotAnImage`], [`Error::Unsupported`], or [`Error::Corrupt`] when the header contradicts itself.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let Opened { info, exif, mut decoder } = codec::open(bytes)?;
        decoder.takes_pictures(inside::decoded);
        Ok(Self {
            info,
            exif,
            bytes,
            decoder,
            conversion: OnceCell::new(),
            of_frames: OnceCell::new(),
            to_p3: <_>::default(),
            gain_map: OnceCell::new(),
            layers: Vec::new(),
        })
    }

    /// The same with pictures that edits can lay on it, in their order. Their files' bytes are not counted against the limit on memory.
    #[must_use]
    pub fn with_layers(self, layers: Vec<Self>) -> Self {
        Self { layers, ..self }
    }

    /// An image that something else has decoded, a module of its own, say. `info` tells what the file was: its size and
    /// channels are those of `pixels`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when `info` and `pixels` disagree.
    pub fn decoded(info: Info, pixels: Pixels, icc: Option<Vec<u8>>) -> Result<Self, Error> {
        let samples = pixels.size.pixels() * u64::from(pixels.channels);
        if (info.size, info.channels) != (pixels.size, pixels.channels) || samples != pixels.data.len() as u64 {
            return Err(codec::corrupt("header and pixels disagree"));
        }
        let info = Info {
            by_rows: false,
            is_vector: false,
            band: 1,
            has_profile: icc.is_some(),
            frames: 1,
            animation: None,
            ..info
        };
        let decoder = Box::new(Decoded { pixels, icc });
        Ok(Self {
            info,
            exif: None,
            bytes: &[],
            decoder,
            conversion: OnceCell::new(),
            of_frames: OnceCell::new(),
            to_p3: <_>::default(),
            gain_map: OnceCell::new(),
            layers: Vec::new(),
        })
    }

    /// The file; empty where something else has decoded it.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// What the header tells.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The plan for edits, with whatever looks it takes. The file's own bytes are counted against the limit on memory.
    ///
    /// # Errors
    /// Those of [`Plan::new`].
    pub fn plan(&self, edits: &Edits, limits: &Limits) -> Result<Plan, Error> {
        let beside = Limits { memory_bytes: limits.memory_bytes.saturating_sub(self.length()), ..*limits };
        let plan = self.plan_beside(edits, &beside).map_err(|error| self.beside_source(error))?;
        if self.layers.is_empty() { Ok(plan) } else { self.plan_layers(plan, edits, limits) }
    }

    /// The plan for this image alone, with limits that leave out whatever is held beside.
    fn plan_beside(&self, edits: &Edits, limits: &Limits) -> Result<Plan, Error> {
        // another dialect lays pictures as they are stored
        let upright = edits.overlays.len();
        let size = |(index, layer): (usize, &Self)| {
            let Info { orientation, size, .. } = &layer.info;
            if index < upright { orientation.apply(*size) } else { *size }
        };
        let layers = self.layers.iter().enumerate().map(size).collect();
        let mut facts = Facts { layers, ..Facts::default() };
        if edits.report.is_none() && edits.hdr == Hdr::Keep && self.info.format == Format::Jpeg {
            facts.has_gain_map = self.gain_map().is_some();
        }
        if facts.has_gain_map || edits.icc != Icc::Srgb {
            facts.profile = self.profile(edits);
        }
        loop {
            match Plan::new(edits, &self.info, &facts, limits)? {
                Planned::Ready(plan) if plan.encoding.icc == Icc::Srgb && !plan.encoding.keeps_gain_map => {
                    return Ok(plan);
                }
                Planned::Ready(plan) => return self.plan_attached(plan, limits),
                Planned::Look(look) => self.look(look, &mut facts)?,
            }
        }
    }

    /// Adds what is put into the file beside the picture.
    #[inline(never)]
    fn plan_attached(&self, mut plan: Plan, limits: &Limits) -> Result<Plan, Error> {
        if let Some((map, _)) = self.gain_map().filter(|_| plan.encoding.keeps_gain_map) {
            let of_map = plan.of_gain_map(&self.info, &map.info);
            // the map's file is made first, and is small beside what making it takes
            plan.memory = plan.memory.max(of_map.memory);
            plan.gain_map = Some(Box::new(of_map));
        }
        if plan.encoding.icc != Icc::Srgb {
            let profile = self.decoder.icc().map_or(0, |icc| icc.len());
            // as the decoder gives it, as segments or deflated
            plan.memory += 4 * profile as u64 + PROFILE;
        }
        limits::check(MEMORY, plan.memory, limits.memory_bytes)?;
        Ok(plan)
    }

    /// The gain map that a JPEG has beside its picture, as an image of its own. One that is larger than the picture is none.
    pub(crate) fn gain_map(&self) -> Option<&(Self, Gains)> {
        let open = || {
            let found = gain_map::find(self.bytes)?;
            let map = Self::open(found.file).ok()?;
            let Info { format, model, size, .. } = map.info;
            let picture = self.info.size;
            let is_fit = format == Format::Jpeg
                && matches!(model, Model::Grey | Model::YCbCr)
                && size.width <= picture.width
                && size.height <= picture.height
                && !self.info.is_cmyk();
            is_fit.then(|| Box::new((map, found.gains)))
        };
        self.gain_map.get_or_init(open).as_deref()
    }

    /// What the profile says.
    #[inline(never)]
    fn profile(&self, edits: &Edits) -> Profile {
        let frames = edits.animated && self.info.frames > 1 || edits.frame.is_some_and(|frame| frame > 1);
        let channels = if frames { 4 } else { self.info.channels };
        match self.decoder.icc() {
            _ if self.info.is_cmyk() => Profile::None,
            Some(icc) if !colour::is_of(&icc, channels) => Profile::None,
            Some(icc) if icc.len() > embed::LONGEST_PROFILE => Profile::TooLong,
            Some(_) if self.conversion().is_none() && edits.icc != Icc::Keep => Profile::Srgb,
            Some(icc) => Profile::Other { is_p3: channels >= 3 && Conversion::to_p3(Some(&icc), channels).is_none() },
            None => Profile::None,
        }
    }

    /// What is put into the file of a plan beside its picture, but for the gain map.
    pub(crate) fn attached_profile(&self, plan: &Plan) -> Attached<'_> {
        match plan.encoding.icc {
            Icc::Srgb => Attached::default(),
            Icc::Keep => Attached { profile: self.decoder.icc(), ..Attached::default() },
            Icc::P3 => Attached { profile: colour::display_p3().map(Cow::Owned), is_p3: true, map: None },
        }
    }

    /// Adds the plans of the pictures that are laid on this one. Limits leave out their files' bytes.
    #[inline(never)]
    fn plan_layers(&self, mut plan: Plan, asked: &Edits, limits: &Limits) -> Result<Plan, Error> {
        let laid = plan.operations.iter().filter_map(|operation| match operation {
            Operation::Overlay(overlay) => Some(*overlay),
            _ => None,
        });
        // each of them is decoded: together they may have what one may
        let pixels = std::iter::once(self).chain(&self.layers).map(|image| image.info.source_pixels());
        limits::check("source pixels", pixels.fold(0, u64::saturating_add), limits.source_pixels)?;
        // kept for all frames, if there are several
        let (mut most, mut kept) = (0, 0);
        for (overlay, layer) in laid.collect::<Vec<_>>().into_iter().zip(&self.layers) {
            let (width, height) = (Some(overlay.size.width), Some(overlay.size.height));
            let beyond = Beyond { stored: overlay.layer >= asked.overlays.len(), ..Beyond::default() };
            // PNG: pixels, with their alpha
            let edits = Edits {
                width,
                height,
                fit: Fit::Fill,
                enlarge: true,
                beyond,
                format: Some(Format::Png),
                cmyk: asked.cmyk,
                light: asked.light,
                ..Edits::default()
            };
            // what its decoder may take is what the picture below, which is held, leaves
            let held = plan.memory + kept + self.length();
            let beside = Limits { memory_bytes: limits.memory_bytes.saturating_sub(held), ..*limits };
            let layer = layer.plan_beside(&edits, &beside).map_err(|error| beside_held(error, held).of_overlay())?;
            // rendered, then widened
            most = most.max(layer.memory + 2 * 4 * overlay.size.pixels());
            if plan.load.frames > 1 {
                kept += 4 * overlay.size.pixels();
            }
            plan.layers.push(layer);
        }
        plan.memory += most + kept;
        limits::check(MEMORY, plan.memory + self.length(), limits.memory_bytes)?;
        Ok(plan)
    }

    /// The picture that is laid on this one as the plan's layer says.
    pub(crate) fn layer(&self, index: usize) -> Option<&Self> {
        self.layers.get(index)
    }

    /// Takes a look, and adds what it shows to the facts.
    ///
    /// # Errors
    /// The decoder's, where a look is at pixels.
    pub fn look(&self, look: Look, facts: &mut Facts) -> Result<(), Error> {
        match look {
            Look::Profile => facts.profile_changes_colours = Some(!self.conversion().is_none()),
            Look::Edges(trim, corner, sight) => facts.edges = Some(look::edges(self.looked_at(sight), trim, corner)?),
            Look::Focus(salience, part, sight) => {
                facts.focus = Some(look::focus(self.looked_at(sight), salience, part)?);
            }
        }
        Ok(())
    }

    fn looked_at(&self, sight: Sight) -> look::Source<'_> {
        let (info, conversion) = (self.info_for(&sight.load), self.conversion_for(&sight.load));
        look::Source { decoder: self.decoder(), info, conversion, sight }
    }

    /// A refusal for want of memory with the file's own bytes counted, as limits state it.
    pub(crate) fn beside_source(&self, error: Error) -> Error {
        beside_held(error, self.length())
    }

    fn conversion(&self) -> &Conversion {
        self.conversion
            .get_or_init(|| Conversion::new(self.decoder.icc().as_deref(), self.info.channels, self.info.is_cmyk()))
    }

    /// The facts as they are of what is loaded.
    pub(crate) fn info_for(&self, load: &Load) -> &Info {
        if load.frames > 1 || load.frame > 0 { &self.of_frames().0 } else { &self.info }
    }

    fn of_frames(&self) -> &(Info, Conversion) {
        self.of_frames.get_or_init(|| {
            let info = self.info.of_frames();
            let conversion = Conversion::new(self.decoder.icc().as_deref(), info.channels, false);
            (info, conversion)
        })
    }

    /// What makes the decoded samples sRGB.
    pub(crate) fn conversion_for(&self, load: &Load) -> &Conversion {
        if load.icc != Icc::Srgb {
            return self.other_conversion(load);
        }
        if load.frames > 1 || load.frame > 0 {
            return &self.of_frames().1;
        }
        match (self.conversion(), load.cmyk) {
            (Conversion::Press(_), Cmyk::Naive) => &Conversion::NaiveCmyk,
            (conversion, _) => conversion,
        }
    }

    #[inline(never)]
    fn other_conversion(&self, load: &Load) -> &Conversion {
        if load.icc == Icc::Keep {
            return &Conversion::None;
        }
        let channels = self.info_for(load).channels;
        let of_frames = load.frames > 1 || load.frame > 0;
        self.to_p3[usize::from(of_frames)].get_or_init(|| Conversion::to_p3(self.decoder.icc().as_deref(), channels))
    }

    pub(crate) fn decoder(&self) -> &dyn Decode {
        self.decoder.as_ref()
    }

    pub(crate) fn exif(&self) -> Option<&'a [u8]> {
        self.exif
    }
}

/// A refusal for want of memory beside so many bytes, with these counted.
fn beside_held(error: Error, held: u64) -> Error {
    match error {
        Error::Limit { what: MEMORY, needed, limit } => {
            Error::Limit { what: MEMORY, needed: needed.saturating_add(held), limit: limit.saturating_add(held) }
        }
        error => error,
    }
}
