//! What an image is: format, header facts, orientation, pixels.

/// A format by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// ISO/IEC 10918-1.
    Jpeg,
    /// ISO/IEC 15948.
    Png,
    /// RFC 9649.
    WebP,
    /// GIF89a and GIF87a.
    Gif,
}

impl Format {
    /// The IANA media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// By the first bytes, never by name; 16 are enough.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// The longest side that a file of this format can say.
    pub const fn longest_side(self) -> u32 {
        match self {
            Self::Jpeg | Self::Gif => u16::MAX as u32,
            Self::Png => i32::MAX as u32,
            Self::WebP => (1 << 14) - 1,
        }
    }

    /// Whether pixels of this format can be transparent.
    pub const fn has_alpha(self) -> bool {
        !matches!(self, Self::Jpeg)
    }
}

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
}

/// One of the eight ways to lay a rectangle on itself: first mirrored left to right if `mirror`, then turned clockwise by
/// `turns` quarter turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orientation {
    /// Mirror left to right first.
    pub mirror: bool,
    /// Quarter turns clockwise, 0–3.
    pub turns: u8,
}

impl Orientation {
    /// What EXIF's tag 274 asks for to show the image upright; anything outside 1–8 is nothing.
    pub const fn from_exif(tag: u16) -> Self {
        let (mirror, turns) = match tag {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 3),
            6 => (false, 1),
            7 => (true, 1),
            8 => (false, 3),
            _ => (false, 0),
        };
        Self { mirror, turns }
    }

    /// This, then `next`.
    pub const fn then(self, next: Self) -> Self {
        // a mirror after turns is the mirror first and the turns the other way
        let turns = if next.mirror { 4 - self.turns % 4 } else { self.turns % 4 };
        Self { mirror: self.mirror != next.mirror, turns: (turns + next.turns) % 4 }
    }

    /// What undoes it.
    pub const fn inverse(self) -> Self {
        let turns = if self.mirror { self.turns % 4 } else { (4 - self.turns % 4) % 4 };
        Self { mirror: self.mirror, turns }
    }

    /// Whether width and height change places.
    pub const fn is_turned(self) -> bool {
        self.turns % 2 == 1
    }

    /// Whether nothing moves.
    pub const fn is_identity(self) -> bool {
        !self.mirror && self.turns.is_multiple_of(4)
    }

    /// The size of a rectangle laid so.
    pub const fn apply(self, size: Size) -> Size {
        if self.is_turned() { size.turned() } else { size }
    }
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
    /// Samples per pixel once decoded, a palette counting as its colours: 1 grey, 2 grey and alpha, 3 colour, 4 colour and
    /// alpha or CMYK.
    pub channels: u8,
    /// Whether pixels can be transparent.
    pub has_alpha: bool,
    /// Bits per sample as stored.
    pub bit_depth: u8,
    /// Whether an ICC profile is embedded; looked for in JPEG only, where it decides how much memory is needed.
    pub has_profile: bool,
    /// Progressive JPEG or interlaced PNG: the decoder needs the whole image's coefficients or pixels.
    pub progressive: bool,
    /// Bytes that decoding takes beside pixels, at any scale, at most: a JPEG's row of MCUs, tables and profile, the planes of a
    /// lossy WebP, a GIF frame that does not fill its canvas.
    pub decoder_bytes: u64,
}

impl Info {
    /// Whether the samples are inks.
    pub const fn is_cmyk(&self) -> bool {
        self.channels == 4 && !self.has_alpha
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Orientation; 8] = {
        let mut all = [Orientation { mirror: false, turns: 0 }; 8];
        let mut i = 0;
        while i < 8 {
            all[i] = Orientation { mirror: i >= 4, turns: (i % 4) as u8 };
            i += 1;
        }
        all
    };

    /// Where a corner (±1, ±1; y down) goes.
    fn corner(o: Orientation, (x, y): (i32, i32)) -> (i32, i32) {
        let x = if o.mirror { -x } else { x };
        (0..o.turns).fold((x, y), |(x, y), _| (-y, x))
    }

    #[test]
    fn composition_moves_corners_as_one_after_the_other() {
        for a in ALL {
            for b in ALL {
                for p in [(1, 1), (-1, 1)] {
                    assert_eq!(corner(a.then(b), p), corner(b, corner(a, p)), "{a:?} then {b:?}");
                }
            }
            assert!(a.then(a.inverse()).is_identity() && a.inverse().then(a).is_identity());
        }
    }

    #[test]
    fn exif_orientations_bring_the_top_left_pixel_where_the_standard_says() {
        // the stored 0th row and column as seen by the viewer: EXIF 2.32, tag 0x0112
        let top_left = (-1, -1);
        let seen = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1), (-1, 1)];
        for (tag, expected) in (1..=8).zip(seen) {
            assert_eq!(corner(Orientation::from_exif(tag), top_left), expected, "tag {tag}");
        }
        // 5 to 8 exchange the sides
        assert!((5..=8).all(|tag| Orientation::from_exif(tag).is_turned()));
    }
}
