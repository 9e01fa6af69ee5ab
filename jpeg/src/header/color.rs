//! What the components mean, by libjpeg's rules for files that do not say.

/// Colour model of the stored components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// One component: luma.
    Grey,
    /// JFIF's YCbCr: BT.601, full range.
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Four inks; writers store them inverted (255 is no ink), with an Adobe segment or without.
    Cmyk,
    /// CMYK whose first three, inverted, were turned into YCbCr.
    Ycck,
}

/// Pixel density from the JFIF segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Density {
    /// 0: aspect ratio only, 1: per inch, 2: per centimetre.
    pub unit: u8,
    /// Horizontal density.
    pub x: u16,
    /// Vertical density.
    pub y: u16,
}

impl Color {
    /// `ids` are the component identifiers, 1, 3 or 4 of them.
    pub(crate) fn detect(ids: &[u8], jfif: bool, adobe: Option<u8>, lossless: bool) -> Self {
        match (ids, adobe) {
            ([_], _) => Self::Grey,
            ([_, _, _, _], None | Some(0)) => Self::Cmyk,
            ([_, _, _, _], _) => Self::Ycck,
            _ if jfif => Self::YCbCr,
            (_, Some(0)) => Self::Rgb,
            (b"RGB", None) => Self::Rgb,
            // nothing would be lossless about YCbCr
            (_, None) if lossless => Self::Rgb,
            _ => Self::YCbCr,
        }
    }
}
