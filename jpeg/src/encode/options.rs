//! What a caller may choose.

use super::EncodeError;
use crate::Density;

/// How much smaller the chroma planes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampling {
    /// 4:4:4, as large as luma.
    S444,
    /// 4:2:2, half as wide.
    S422,
    /// 4:2:0, half as wide and high.
    #[default]
    S420,
}

/// Colour model of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeColor {
    /// One component: luma.
    Grey,
    /// JFIF's YCbCr: BT.601, full range.
    YCbCr,
}

/// What to encode, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeOptions<'m> {
    /// Width in pixels, 1 to 65535.
    pub width: u32,
    /// Height in pixels, 1 to 65535.
    pub height: u32,
    /// Colour model.
    pub color: EncodeColor,
    /// Size of the chroma planes; of no meaning to grey.
    pub sampling: Sampling,
    /// 1 to 100 on libjpeg's scale; what is outside is taken as the nearest.
    pub quality: u8,
    /// Progressive, by libjpeg's script, instead of baseline.
    pub progressive: bool,
    /// What is done for a smaller file, at the cost of time. 0: nothing, the file
    /// is libjpeg's. 1: rate-distortion optimised quantisation, which leaves out
    /// what costs more bits than it is worth; at the same `quality` PSNR falls by
    /// some tenths of a dB, bytes by more than that is worth. Above 1 is as 1.
    pub effort: u8,
    /// ICC profile.
    pub icc: Option<&'m [u8]>,
    /// EXIF data from the TIFF header on.
    pub exif: Option<&'m [u8]>,
    /// Comment; a long one takes several segments.
    pub comment: Option<&'m [u8]>,
    /// Pixel density; none is an aspect ratio of 1:1.
    pub density: Option<Density>,
}

impl EncodeOptions<'_> {
    /// Baseline of quality 80, 4:2:0, without metadata.
    pub fn new(width: u32, height: u32, color: EncodeColor) -> Self {
        Self {
            width,
            height,
            color,
            sampling: Sampling::default(),
            quality: 80,
            progressive: false,
            effort: 0,
            icc: None,
            exif: None,
            comment: None,
            density: None,
        }
    }

    pub(super) fn check_sides(&self) -> Result<(), EncodeError> {
        let Self { width, height, .. } = *self;
        match [width, height].iter().all(|side| (1..=65535).contains(side)) {
            true => Ok(()),
            false => Err(EncodeError::BadSize { width, height }),
        }
    }
}
