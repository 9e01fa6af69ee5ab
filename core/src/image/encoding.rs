//! How the result is written.

use super::Format;
use crate::words::words;

words! {
    /// What of the source's metadata reaches the output.
    Metadata {
        /// Nothing.
        Strip = "strip",
        /// Copyright and artist only.
        Copyright = "copyright",
        /// EXIF as it was, its orientation reset.
        All = "all",
    }
}

words! {
    /// What a file is to look like, whatever its format and the picture.
    Aim {
        /// For thumbnails, and where bytes are dear.
        Low = "low",
        /// Good at a glance.
        Medium = "medium",
        /// What a JPEG of quality 80 is to most pictures; `auto` is this.
        High = "high",
        /// For those who look closely.
        Best = "best",
    }
}

words! {
    /// What numbers of quality mean.
    Scale {
        /// What they mean to JPEGs: an equal number looks alike in every format.
        Visual = "visual",
        /// What they mean to the format's encoder.
        Native = "native",
    }
}

words! {
    /// How large the chroma of a JPEG or an AVIF is.
    Chroma {
        /// Half as wide and high as luma.
        Quarter = "420",
        /// As large as luma.
        Full = "444",
    }
}

words! {
    /// What the colours of a file are.
    Icc {
        /// sRGB, without a profile.
        Srgb = "srgb",
        /// Display P3 where the source has colours beyond sRGB, with its profile.
        P3 = "p3",
        /// The source's own, with its profile.
        Keep = "keep",
    }
}

words! {
    /// What becomes of a gain map, from which a screen of high dynamic range makes a brighter picture.
    Hdr {
        /// It is cropped, resized and turned with the picture.
        Keep = "keep",
        /// It is left out.
        Strip = "strip",
    }
}

/// Everything an encoder is told. Members that a format has no use for are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Output format.
    pub format: Format,
    /// Quality of a lossy format on its own scale, 1–100.
    pub quality: u8,
    /// What a look at the picture is to bring the quality to, in place of that number.
    pub aim: Option<Aim>,
    /// The most colours of a PNG, 256 at most; 0 where it has all of them.
    pub colours: u16,
    /// WebP without loss.
    pub lossless: bool,
    /// How hard lossy encoders try, 0–6.
    pub effort: u8,
    /// Progressive JPEG.
    pub progressive: bool,
    /// How large the chroma of a JPEG is.
    pub chroma: Chroma,
    /// Bytes that the file may have: a lossy one is made again with less quality until it does.
    pub max_bytes: Option<u32>,
    /// What metadata to keep.
    pub metadata: Metadata,
    /// Whether the picture lies as it was stored, and says in its metadata how it is to be turned.
    pub keeps_orientation: bool,
    /// What the samples are. Other than sRGB is said by a profile, which is put into the file once it is encoded.
    pub icc: Icc,
    /// Whether a gain map is put into it as well.
    pub keeps_gain_map: bool,
    /// Bytes that encoding may take, those among them that are held for the rows to come. An encoder that meets it ends with
    /// [`crate::Error::Limit`].
    pub room: u64,
}

impl Encoding {
    /// That of a request which says nothing of it.
    pub(crate) fn plain(format: Format, room: u64) -> Self {
        Self {
            format,
            quality: 80,
            aim: None,
            lossless: false,
            effort: 4,
            progressive: false,
            chroma: Chroma::Quarter,
            max_bytes: None,
            metadata: Metadata::Strip,
            colours: 0,
            keeps_orientation: false,
            icc: Icc::Srgb,
            keeps_gain_map: false,
            room,
        }
    }

    /// Whether the quality is only known when the picture is.
    pub(crate) fn looks(&self) -> bool {
        self.aim.is_some() && self.is_lossy()
    }

    /// Whether the file is not quite the picture, and quality counts.
    pub fn is_lossy(&self) -> bool {
        match self.format {
            Format::Jpeg | Format::Avif => true,
            Format::WebP => !self.lossless,
            Format::Png | Format::Gif | Format::Bmp | Format::Ico | Format::Tiff | Format::Svg | Format::Jxl => false,
        }
    }
}
