//! The typed form of the edits table: one field per row that survives into the canonical path.

use crate::image::{Aim, Chroma, Cmyk, Colour, Format, Hdr, Icc, Metadata, Radius, Scale, Sides};
use crate::op::{Operation, WHOLE_TURN};
use crate::words::words;

use super::beyond::Beyond;
use super::lettering::Lettering;
use super::overlay::Overlay;
use super::region::Crop;

words! {
    /// How the image meets the box of `width` × `height`.
    Fit {
        /// As large as possible with both sides within the box.
        Inside = "inside",
        /// Covers the box, the overhang cropped at `position`.
        Cover = "cover",
        /// Inside the box, padded to it with `background`.
        Contain = "contain",
        /// Both sides exactly, the aspect ratio given up.
        Fill = "fill",
        /// As small as possible with both sides at least the box.
        Outside = "outside",
    }
}

/// A rotation clockwise, after EXIF orientation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rotate {
    /// No rotation.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// A half turn.
    Half,
    /// A quarter turn counter-clockwise.
    ThreeQuarter,
    /// Any other angle, in ten-thousandths of a degree.
    Angle(u32),
}

impl Rotate {
    /// Of ten-thousandths of a degree; whole turns more count for nothing.
    pub const fn from_angle(angle: u32) -> Self {
        match angle % WHOLE_TURN {
            0 => Self::None,
            900_000 => Self::Quarter,
            1_800_000 => Self::Half,
            2_700_000 => Self::ThreeQuarter,
            angle => Self::Angle(angle),
        }
    }

    /// In ten-thousandths of a degree, less than a whole turn.
    pub const fn angle(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Quarter => 900_000,
            Self::Half => 1_800_000,
            Self::ThreeQuarter => 2_700_000,
            Self::Angle(angle) => angle % WHOLE_TURN,
        }
    }
}

words! {
    /// What is answered in place of an image: something about it.
    Report {
        /// The header's facts, colours and the plan, as JSON.
        Json = "json",
        /// A ThumbHash, as base64.
        ThumbHash = "thumbhash",
        /// A BlurHash.
        BlurHash = "blurhash",
        /// The mean colour, as hex digits.
        AvgColor = "avgcolor",
    }
}

words! {
    /// The kind of device, for a width cap.
    Device {
        /// A phone.
        Mobile = "mobile",
        /// A tablet.
        Tablet = "tablet",
        /// Anything larger.
        Desktop = "desktop",
    }
}

words! {
    /// How samples are mixed when an image is resized.
    Light {
        /// As they are encoded, by 8 bits.
        Gamma = "gamma",
        /// As the light that they stand for, by 16 bits.
        Linear = "linear",
    }
}

/// Quality from which on a PNG of few colours has 256 of them.
pub const MANY_COLOURS: u8 = 75;

/// 1 in ten-thousandths.
const ONE: u32 = 10_000;

/// A point in an image: fractions of its size from the top left, in ten-thousandths (0–10,000).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
}

/// Which part of the image to keep when it is cropped, or where to put it when it is padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// One of nine places: −1, 0 or 1 on each axis (left/top, centre, right/bottom).
    Place {
        /// −1 left, 0 centre, 1 right.
        x: i8,
        /// −1 top, 0 centre, 1 bottom.
        y: i8,
    },
    /// A focal point that the crop box is centred on, as far as the image reaches.
    Focus(Point),
    /// Where most of what draws the eye is.
    Attention,
    /// Where most of what tells something is.
    Entropy,
}

/// The nine places, by their canonical words.
pub(super) const PLACES: [(&str, i8, i8); 9] = [
    ("centre", 0, 0),
    ("top", 0, -1),
    ("top-right", 1, -1),
    ("right", 1, 0),
    ("bottom-right", 1, 1),
    ("bottom", 0, 1),
    ("bottom-left", -1, 1),
    ("left", -1, 0),
    ("top-left", -1, -1),
];

impl Position {
    /// The middle of the image.
    pub const CENTRE: Self = Self::Place { x: 0, y: 0 };

    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "attention" => return Some(Self::Attention),
            "entropy" => return Some(Self::Entropy),
            _ => (),
        }
        let &(_, x, y) = PLACES.iter().find(|place| place.0 == word)?;
        Some(Self::Place { x, y })
    }

    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            Self::Place { x, y } => PLACES.iter().find(|p| (p.1, p.2) == (x, y)).map(|p| p.0),
            Self::Attention => Some("attention"),
            Self::Entropy => Some("entropy"),
            Self::Focus(_) => None,
        }
    }
}

/// What is cut off at the edges: rows and columns of background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trim {
    /// How far a sample may be from the background.
    pub tolerance: u8,
    /// The background; the colour of the top left pixel when absent.
    pub background: Option<Colour>,
    /// Whether the picture is of lines: single pixels count.
    pub is_line_art: bool,
}

/// Width to height, both in ten-thousandths and at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// The share of the width.
    pub width: u32,
    /// The share of the height.
    pub height: u32,
}

/// Everything a request asks for. The default asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edits {
    /// Width of the box in output pixels, dpr multiplied in.
    pub width: Option<u32>,
    /// Height of the box in output pixels, dpr multiplied in.
    pub height: Option<u32>,
    /// Width to height of the box, where one side or none is given.
    pub ratio: Option<Ratio>,
    /// Edges of background to cut off before anything else.
    pub trim: Option<Trim>,
    /// Region of the upright source to use.
    pub crop: Option<Crop>,
    /// How the image meets the box.
    pub fit: Fit,
    /// Which part a crop keeps.
    pub position: Position,
    /// How many times smaller the part of the image is that is used, in ten-thousandths; around `position`.
    pub zoom: u32,
    /// May the output be larger than the source?
    pub enlarge: bool,
    /// How samples are mixed.
    pub light: Light,
    /// A turn clockwise after EXIF orientation.
    pub rotate: Rotate,
    /// Mirror top to bottom.
    pub flip: bool,
    /// Mirror left to right.
    pub flop: bool,
    /// What is done to the pixels, in this order.
    pub operations: Vec<Operation>,
    /// Colour of padding and of what lies under transparency.
    pub background: Option<Colour>,
    /// Corners to round.
    pub radius: Radius,
    /// Pixels of background around the result.
    pub pad: Sides,
    /// Pictures to lay on the result.
    pub overlays: Vec<Overlay>,
    /// What to write on it.
    pub lettering: Vec<Lettering>,
    /// Output format; the source's when absent.
    pub format: Option<Format>,
    /// What is answered in place of the result.
    pub report: Option<Report>,
    /// Quality of lossy formats, 1–100; below 100 a PNG has 256 colours or fewer.
    pub quality: Option<u8>,
    /// What a file is to look like, in place of a number.
    pub aim: Option<Aim>,
    /// That of lossy formats where none is asked for. No URL asks for it; the configuration does.
    pub usual_quality: Option<u8>,
    /// The same of what a file is to look like.
    pub usual_aim: Option<Aim>,
    /// What numbers of quality mean.
    pub scale: Scale,
    /// WebP without loss.
    pub lossless: bool,
    /// How hard lossy encoders try, 0–6.
    pub effort: Option<u8>,
    /// Progressive JPEG.
    pub progressive: bool,
    /// How large the chroma of a JPEG is.
    pub chroma: Chroma,
    /// Bytes that the file may have.
    pub max_bytes: Option<u32>,
    /// Whether an animation stays one where the output format can hold it.
    pub animated: bool,
    /// The one frame of an animation to use, counted from 1.
    pub frame: Option<u32>,
    /// What metadata to keep.
    pub metadata: Metadata,
    /// What the colours of the file are.
    pub icc: Icc,
    /// What becomes of a gain map.
    pub hdr: Hdr,
    /// What only other dialects ask for.
    pub beyond: Beyond,
    /// How inks without a profile become colours. No URL asks for it; the configuration does.
    pub cmyk: Cmyk,
}

impl Default for Edits {
    fn default() -> Self {
        Self {
            width: None,
            height: None,
            ratio: None,
            trim: None,
            crop: None,
            fit: Fit::Inside,
            position: Position::CENTRE,
            zoom: ONE,
            enlarge: false,
            light: Light::Gamma,
            rotate: Rotate::None,
            flip: false,
            flop: false,
            operations: Vec::new(),
            background: None,
            radius: Radius::NONE,
            pad: Sides::default(),
            overlays: Vec::new(),
            lettering: Vec::new(),
            format: None,
            report: None,
            quality: None,
            aim: None,
            usual_quality: None,
            usual_aim: None,
            scale: Scale::Visual,
            lossless: false,
            effort: None,
            progressive: false,
            chroma: Chroma::Quarter,
            max_bytes: None,
            animated: true,
            frame: None,
            beyond: Beyond::default(),
            metadata: Metadata::Strip,
            icc: Icc::Srgb,
            hdr: Hdr::Keep,
            cmyk: Cmyk::Press,
        }
    }
}

impl Edits {
    /// Whether these are the default edits: the original is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Puts an operation in the place of those that `replaces` names, or takes those away.
    pub(super) fn put(&mut self, operation: Option<Operation>, replaces: fn(&Operation) -> bool) {
        self.operations.retain(|other| !replaces(other));
        self.operations.extend(operation);
    }

    /// All pictures that are laid on the source, in their order: those of the native dialect, then those of another's steps.
    pub fn laid(&self) -> impl Iterator<Item = &Overlay> {
        self.overlays.iter().chain(self.beyond.overlays())
    }
}
