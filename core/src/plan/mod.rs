//! The plan: every size, crop and format resolved from the header alone, limits checked, memory estimated.
//!
//! Coordinates are in the stored image's orientation until [`Plan::turn`] is applied to the resampled pixels.

mod geometry;
mod memory;

use crate::Error;
use crate::codec;
use crate::edit::{Colour, Edits, Metadata, OutputFormat, Rotate, Style};
use crate::image::{Format, Info, Orientation, Size};
use crate::limits::{Limits, check};

/// A region in pixels of the stored image; fractions are meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Greater than 0.
    pub width: f64,
    /// Greater than 0.
    pub height: f64,
}

/// Padding around the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// Of the output.
    pub size: Size,
    /// Where the image's left edge lies.
    pub x: u32,
    /// Where the image's top edge lies.
    pub y: u32,
    /// Colour around it.
    pub background: Colour,
}

/// All that is to be done to one image. Nothing downstream looks at text again.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The decoder shrinks luma by this on load: 1, 2, 4 or 8. JPEG only; chroma's is made to suit the encoder.
    pub shrink: u32,
    /// The part of the stored image that is used.
    pub region: Region,
    /// The size that the region is resampled to, still in the stored orientation. Equal to an integral region: a plain crop.
    pub resized: Size,
    /// What makes the resampled image upright and as asked.
    pub turn: Orientation,
    /// Padding, in the final orientation.
    pub canvas: Option<Canvas>,
    /// What transparency is laid on; `None` keeps alpha.
    pub flatten: Option<Colour>,
    /// A built-in look.
    pub style: Option<Style>,
    /// Output format.
    pub format: Format,
    /// Quality of a lossy format, 1–100.
    pub quality: u8,
    /// WebP without loss.
    pub lossless: bool,
    /// How hard lossy encoders try, 0–6.
    pub effort: u8,
    /// Progressive or interlaced output.
    pub progressive: bool,
    /// What metadata to keep.
    pub metadata: Metadata,
    /// Size of the output.
    pub output: Size,
    /// Estimated peak of pixel and coefficient memory in bytes.
    pub memory_bytes: u64,
}

/// Quality where none is asked for.
pub const DEFAULT_QUALITY: u8 = 80;

/// Effort where none is asked for.
pub const DEFAULT_EFFORT: u8 = 4;

impl Plan {
    /// Resolves edits against an image's header.
    ///
    /// # Errors
    /// [`Error::Limit`] before anything large is allocated; [`Error::Edit`] for a crop outside the image.
    pub fn new(edits: &Edits, info: &Info, limits: &Limits) -> Result<Self, Error> {
        check("source pixels", info.size.pixels(), limits.source_pixels)?;
        let turn = info.orientation.then(asked_turn(edits));
        let geometry = geometry::resolve(edits, info, turn)?;
        let format = output_format(edits, info);
        let output = geometry.canvas.map_or(turn.apply(geometry.resized), |canvas| canvas.size);
        check("output pixels", output.pixels(), limits.output_pixels)?;
        check("output side", output.width.max(output.height).into(), format.longest_side().into())?;

        let opaque = |colour: Colour| colour.a == 255;
        let flatten = match edits.background {
            _ if !info.has_alpha => None,
            Some(colour) if opaque(colour) || !format.has_alpha() => Some(Colour { a: 255, ..colour }),
            None if !format.has_alpha() => Some(Colour::WHITE),
            _ => None,
        };
        let around = match edits.background {
            Some(colour) if format.has_alpha() || opaque(colour) => colour,
            Some(colour) => Colour { a: 255, ..colour },
            None if format.has_alpha() => Colour::TRANSPARENT,
            None => Colour::WHITE,
        };
        let mut plan = Self {
            shrink: geometry.shrink,
            region: geometry.region,
            resized: geometry.resized,
            turn,
            canvas: geometry.canvas.map(|canvas| Canvas { background: around, ..canvas }),
            flatten,
            style: edits.style,
            format,
            quality: edits.quality.unwrap_or(DEFAULT_QUALITY),
            lossless: edits.lossless,
            effort: edits.effort.unwrap_or(DEFAULT_EFFORT),
            progressive: edits.progressive,
            metadata: edits.metadata,
            output,
            memory_bytes: 0,
        };
        plan.memory_bytes = memory::estimate(&plan, info);
        check("memory bytes", plan.memory_bytes, limits.memory_bytes)?;
        Ok(plan)
    }

    /// Whether luma and chroma as they are stored can be those of the output: a JPEG becomes a JPEG or a lossy WebP, and no
    /// operation looks at colours. A profile may still forbid it.
    pub fn keeps_planes(&self, info: &Info) -> bool {
        let plain = self.style.is_none() && self.canvas.is_none();
        plain && info.format == Format::Jpeg && codec::takes_planes(self)
    }

    /// Whether the region is resampled, or only cut out.
    pub fn is_resampled(&self) -> bool {
        let Region { x, y, width, height } = self.region;
        let whole = x.fract() == 0.0 && y.fract() == 0.0;
        !(whole && width == f64::from(self.resized.width) && height == f64::from(self.resized.height))
    }
}

/// Rotation, then flip, then flop, after the image was made upright.
fn asked_turn(edits: &Edits) -> Orientation {
    let turns = match edits.rotate {
        Rotate::None => 0,
        Rotate::Quarter => 1,
        Rotate::Half => 2,
        Rotate::ThreeQuarter => 3,
    };
    let flop = Orientation { mirror: edits.flop, turns: 0 };
    // top to bottom is left to right and a half turn
    let flip = Orientation { mirror: edits.flip, turns: if edits.flip { 2 } else { 0 } };
    Orientation { mirror: false, turns }.then(flip).then(flop)
}

fn output_format(edits: &Edits, info: &Info) -> Format {
    match edits.format {
        Some(OutputFormat::Jpeg) => Format::Jpeg,
        Some(OutputFormat::Png) => Format::Png,
        Some(OutputFormat::WebP) => Format::WebP,
        Some(OutputFormat::Gif) => Format::Gif,
        None => info.format,
    }
}
