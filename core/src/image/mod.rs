//! What an image is: format, header facts, orientation, pixels, and how much of it is wanted in which encoding.
//!
//! These types have no knowledge of codecs, plans or operations; those all speak in them.

mod colour;
mod encoding;
mod format;
mod load;
mod orientation;

pub use colour::Colour;
pub use encoding::{Aim, Chroma, Encoding, Hdr, Icc, Metadata, Scale};
pub use format::{FORMATS, Format, FormatRow, WRITTEN, Word};
pub use load::{Cmyk, Load, Region};
pub use orientation::Orientation;

/// Width and height in pixels, both at least 1 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Size {
    /// Width × height.
    pub const fn pixels(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// Width and height exchanged.
    pub const fn turned(self) -> Self {
        Self { width: self.height, height: self.width }
    }

    /// Half of the size, rounded up: that of 4:2:0 chroma.
    pub const fn halved(self) -> Self {
        Self { width: self.width.div_ceil(2), height: self.height.div_ceil(2) }
    }
}

/// How far from the corner of an image it is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Radius {
    /// So many pixels, but no more than half of the shorter side.
    Pixels(u32),
    /// Ten-thousandths of each side, 5,000 at most: then it is an ellipse.
    Share(u32),
}

impl Radius {
    /// Corners that stay.
    pub const NONE: Self = Self::Pixels(0);
    /// An ellipse.
    pub const MOST: Self = Self::Share(5_000);
}

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
    /// Its sides.
    pub size: Size,
}

impl Rect {
    /// Where it lies once the image of size `outer` that it is in is laid as `turn` says.
    pub fn laid(self, outer: Size, turn: Orientation) -> Self {
        let (mut rect, mut outer) = (self, outer);
        if turn.mirror {
            rect.x = outer.width - rect.x - rect.size.width;
        }
        for _ in 0..turn.turns {
            let x = outer.height - rect.y - rect.size.height;
            rect = Self { x, y: rect.x, size: rect.size.turned() };
            outer = outer.turned();
        }
        rect
    }
}

/// So many pixels at each side of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sides {
    /// Above it.
    pub top: u32,
    /// Right of it.
    pub right: u32,
    /// Below it.
    pub bottom: u32,
    /// Left of it.
    pub left: u32,
}

impl Sides {
    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// What the stored samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// Luma alone.
    Grey,
    /// Luma and two chroma samples (ITU-T T.871), of a WebP or an AVIF perhaps in VP8's range.
    YCbCr,
    /// Luma and two chroma samples by another matrix, as in video.
    Video,
    /// Red, green and blue.
    Rgb,
    /// Four inks, also when a JPEG stores them as YCCK.
    Cmyk,
}

/// What the header tells, read without decoding a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Format by magic bytes.
    pub format: Format,
    /// As stored, before orientation.
    pub size: Size,
    /// What makes it upright.
    pub orientation: Orientation,
    /// What the stored samples mean; a palette counts as its colours.
    pub model: Model,
    /// Samples per pixel once decoded, a palette counting as its colours: 1 grey, 2 grey and alpha, 3 colour, 4 colour and
    /// alpha or CMYK.
    pub channels: u8,
    /// Whether pixels can be transparent.
    pub has_alpha: bool,
    /// Bits per sample as stored.
    pub bit_depth: u8,
    /// Whether an ICC profile is embedded.
    pub has_profile: bool,
    /// Progressive JPEG or interlaced PNG: the decoder needs the whole image's coefficients or pixels.
    pub progressive: bool,
    /// Whether the decoder gives the image row by row, so that it is never whole in memory.
    pub by_rows: bool,
    /// Whether there are no pixels before one asks for some: any part of it can be had at any size.
    pub is_vector: bool,
    /// Rows that the decoder gives at once: those of a JPEG's MCUs at full size, the two of a lossy WebP's chroma, else 1.
    pub band: u32,
    /// Frames of an animation that can be decoded; 1 for a still.
    pub frames: u32,
    /// What an animation takes; `None` for a still.
    pub animation: Option<Animation>,
    /// Bytes that decoding takes beside pixels, at any scale, at most: tables and profile, the row of blocks of a
    /// lossy WebP and the window of a lossless one, a GIF frame that does not fill its canvas.
    pub decoder_bytes: u64,
    /// Bytes that a decoder takes besides at 1 to 8 eighths of the size, where it gives less than all of it: JPEG's.
    pub scaled_bytes: [u64; 8],
    /// Samples of each plane across and down, in proportion: 4:2:0 is `[2, 2]`, then `[1, 1]` twice.
    pub sampling: [[u8; 2]; 4],
}

impl Info {
    /// An upright still of 8 bits a sample, given row by row, of grey or RGB, with alpha where the number of samples is even.
    pub fn of_rows(format: Format, size: Size, channels: u8) -> Self {
        Self {
            format,
            size,
            orientation: Orientation::default(),
            model: if channels < 3 { Model::Grey } else { Model::Rgb },
            channels,
            has_alpha: channels.is_multiple_of(2),
            bit_depth: 8,
            has_profile: false,
            progressive: false,
            by_rows: true,
            is_vector: false,
            band: 1,
            frames: 1,
            animation: None,
            decoder_bytes: 0,
            scaled_bytes: [0; 8],
            sampling: [[1, 1]; 4],
        }
    }

    /// Pixels that there are to decode.
    pub(crate) fn source_pixels(&self) -> u64 {
        if self.is_vector { 0 } else { self.size.pixels() }
    }

    /// Whether the samples are inks.
    pub fn is_cmyk(&self) -> bool {
        self.model == Model::Cmyk
    }

    /// The facts as they are of a frame on its canvas: RGBA, decoded whole.
    pub(crate) fn of_frames(&self) -> Self {
        Self {
            model: Model::Rgb,
            channels: 4,
            has_alpha: true,
            bit_depth: 8,
            by_rows: false,
            band: 1,
            decoder_bytes: self.animation.map_or(0, |animation| animation.bytes),
            scaled_bytes: [0; 8],
            sampling: [[1, 1]; 4],
            ..self.clone()
        }
    }

    /// Whether the decoder gives luma, or luma and chroma, as planes of their own.
    pub fn is_planar(&self) -> bool {
        matches!(self.format, Format::Jpeg | Format::WebP | Format::Avif)
            && matches!(self.model, Model::Grey | Model::YCbCr | Model::Video)
            && !self.has_alpha
    }
}

/// What the header tells of an animation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Animation {
    /// How often it plays; 0 is for ever.
    pub plays: u32,
    /// Pixels that decoding it goes through: of each frame, and of the canvas as often.
    pub pixels: u64,
    /// Bytes that decoding frames takes, the canvas among them.
    pub bytes: u64,
}

/// Pixels: rows top to bottom, 8 bits a sample, `stride = width × channels`, straight alpha, sRGB once colour-managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Width and height.
    pub size: Size,
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    pub channels: u8,
    /// `size.pixels() × channels` samples.
    pub data: Vec<u8>,
}

/// One picture of an animation, composed: what a viewer shows while it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The whole canvas.
    pub pixels: Pixels,
    /// How long it is shown, in milliseconds.
    pub delay: u32,
}
