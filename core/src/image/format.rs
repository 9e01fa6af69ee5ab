//! The formats: one row each. A new format is its row here, its folder in `codec/`, and its line in `codec::by_format`.

/// A word and its other spellings.
pub type Word = (&'static str, &'static [&'static str]);

/// What is known of a format before any file is seen.
#[derive(Debug)]
#[non_exhaustive]
pub struct FormatRow {
    /// The format.
    pub format: Format,
    /// How a URL names it, and the aliases it may use.
    pub word: Word,
    /// The IANA media type.
    pub media_type: &'static str,
    /// Other media types that stores give such files.
    pub other_media_types: &'static [&'static str],
    /// Extensions of file names, in lower case.
    pub extensions: &'static [&'static str],
    /// The first bytes of a file; `None` stands for any byte.
    pub magic: &'static [&'static [Option<u8>]],
    /// Whether we write it; if not, an image of this format becomes PNG, or an opaque TIFF JPEG.
    pub is_written: bool,
    /// Whether its pixels can be transparent.
    pub has_alpha: bool,
    /// Whether a file can hold several frames that are shown one after another, and we write them.
    pub is_animated: bool,
    /// The longest side that a file can state, in pixels.
    pub longest_side: u32,
}

/// Declares [`Format`] and [`FORMATS`] from one list.
macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        /// A format, told by a file's first bytes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format { $($(#[$doc])* $variant),+ }

        /// Every format that is read, in the order of [`Format`]'s variants.
        pub static FORMATS: &[FormatRow] = &[$(FormatRow { format: Format::$variant, $($field: $value),+ }),+];
    };
}

/// Bytes of a magic number; `_` stands for any byte.
macro_rules! magic {
    (@byte _) => { None };
    (@byte $byte:literal) => { Some($byte) };
    ($($byte:tt)*) => { &[$(magic!(@byte $byte)),*] };
}

formats! {
    /// ISO/IEC 10918-1.
    Jpeg {
        word: ("jpeg", &["jpg"]),
        media_type: "image/jpeg",
        other_media_types: &["image/jpg", "image/pjpeg"],
        extensions: &["jpg", "jpeg", "jpe"],
        magic: &[magic!(0xff 0xd8 0xff)],
        is_written: true,
        has_alpha: false,
        is_animated: false,
        longest_side: u16::MAX as u32,
    }
    /// ISO/IEC 15948.
    Png {
        word: ("png", &[]),
        media_type: "image/png",
        other_media_types: &[],
        extensions: &["png"],
        magic: &[magic!(0x89 b'P' b'N' b'G' b'\r' b'\n' 0x1a b'\n')],
        is_written: true,
        has_alpha: true,
        is_animated: false,
        longest_side: i32::MAX as u32,
    }
    /// RFC 9649.
    WebP {
        word: ("webp", &[]),
        media_type: "image/webp",
        other_media_types: &[],
        extensions: &["webp"],
        magic: &[magic!(b'R' b'I' b'F' b'F' _ _ _ _ b'W' b'E' b'B' b'P')],
        is_written: true,
        has_alpha: true,
        is_animated: true,
        longest_side: (1 << 14) - 1,
    }
    /// Microsoft's device-independent bitmaps. The two reserved fields of the header are taken for a part of the magic number,
    /// as two letters alone begin many a text.
    Bmp {
        word: ("bmp", &[]),
        media_type: "image/bmp",
        other_media_types: &["image/x-bmp", "image/x-ms-bmp"],
        extensions: &["bmp", "dib"],
        magic: &[
            magic!(b'B' b'M' _ _ _ _ 0 0 0 0),
            // where the reserved fields are used, a header of a known length has to follow
            magic!(b'B' b'M' _ _ _ _ _ _ _ _ _ _ 0 0 40),
            magic!(b'B' b'M' _ _ _ _ _ _ _ _ _ _ 0 0 12),
            magic!(b'B' b'M' _ _ _ _ _ _ _ _ _ _ 0 0 64),
            magic!(b'B' b'M' _ _ _ _ _ _ _ _ _ _ 0 0 108),
            magic!(b'B' b'M' _ _ _ _ _ _ _ _ _ _ 0 0 124),
            // without the header of a file, as on a clipboard: a header of 40 bytes, sides below 65,536, one plane
            magic!(40 0 0 0 _ _ 0 0 _ _ 0 0 1 0),
        ],
        is_written: false,
        has_alpha: true,
        is_animated: false,
        longest_side: i32::MAX as u32,
    }
    /// Icons and cursors of Windows, the largest of their pictures.
    Ico {
        word: ("ico", &[]),
        media_type: "image/x-icon",
        other_media_types: &["image/vnd.microsoft.icon"],
        extensions: &["ico", "cur"],
        magic: &[magic!(0 0 1 0 _ 0), magic!(0 0 2 0 _ 0)],
        is_written: false,
        has_alpha: true,
        is_animated: false,
        longest_side: i32::MAX as u32,
    }
    /// TIFF 6.0 and BigTIFF, the first page.
    Tiff {
        word: ("tiff", &["tif"]),
        media_type: "image/tiff",
        other_media_types: &["image/x-tiff"],
        extensions: &["tif", "tiff"],
        magic: &[
            magic!(b'I' b'I' 42 0),
            magic!(b'M' b'M' 0 42),
            magic!(b'I' b'I' 43 0 8 0 0 0),
            magic!(b'M' b'M' 0 43 0 8 0 0),
        ],
        is_written: false,
        has_alpha: true,
        is_animated: false,
        longest_side: i32::MAX as u32,
    }
    /// GIF89a and GIF87a.
    Gif {
        word: ("gif", &[]),
        media_type: "image/gif",
        other_media_types: &[],
        extensions: &["gif"],
        magic: &[magic!(b'G' b'I' b'F' b'8' b'7' b'a'), magic!(b'G' b'I' b'F' b'8' b'9' b'a')],
        is_written: true,
        has_alpha: true,
        is_animated: true,
        longest_side: u16::MAX as u32,
    }
    /// AV1 Image File Format 1.1; of one that moves, the first picture.
    Avif {
        word: ("avif", &[]),
        media_type: "image/avif",
        other_media_types: &["image/avif-sequence"],
        extensions: &["avif", "avifs"],
        magic: &[
            magic!(_ _ _ _ b'f' b't' b'y' b'p' b'a' b'v' b'i' b'f'),
            magic!(_ _ _ _ b'f' b't' b'y' b'p' b'a' b'v' b'i' b's'),
        ],
        is_written: cfg!(feature = "avif"),
        has_alpha: true,
        is_animated: false,
        longest_side: u16::MAX as u32,
    }
    /// Scalable Vector Graphics, drawn at the size that is asked; XML, perhaps deflated as gzip does. Told by its root element.
    Svg {
        word: ("svg", &[]),
        media_type: "image/svg+xml",
        other_media_types: &["image/svg"],
        extensions: &["svg"],
        magic: &[],
        is_written: false,
        has_alpha: true,
        is_animated: false,
        longest_side: i32::MAX as u32,
    }
    /// JPEG XL (ISO/IEC 18181): a codestream alone, or in its container.
    Jxl {
        word: ("jxl", &[]),
        media_type: "image/jxl",
        other_media_types: &[],
        extensions: &["jxl"],
        magic: &[magic!(0xff 0x0a), magic!(0 0 0 12 b'J' b'X' b'L' b' ' 0x0d 0x0a 0x87 0x0a)],
        is_written: false,
        has_alpha: true,
        is_animated: false,
        longest_side: 1 << 30,
    }
}

#[cfg(feature = "svg")]
use deckle_svg::is_svg;

/// Whether the bytes look like an SVG, to name what is refused.
#[cfg(not(feature = "svg"))]
fn is_svg(bytes: &[u8]) -> bool {
    let text = bytes.get(..1024).unwrap_or(bytes).trim_ascii_start();
    text.starts_with(b"<svg") || text.starts_with(b"<?xml") && text.windows(4).any(|four| four == b"<svg")
}

impl Format {
    /// Its row.
    pub fn row(self) -> &'static FormatRow {
        // the list is in the order of the variants
        &FORMATS[self as usize]
    }

    /// The IANA media type.
    pub fn media_type(self) -> &'static str {
        self.row().media_type
    }

    /// By the first bytes; 264 are enough, but for what is text.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        let fits = |magic: &&[Option<u8>]| {
            bytes.len() >= magic.len()
                && magic.iter().zip(bytes).all(|(wanted, byte)| wanted.is_none_or(|w| w == *byte))
        };
        let told = FORMATS.iter().find(|row| row.magic.iter().any(fits)).map(|row| row.format);
        // of a file that is best of another kind, the brands that it is also of
        let is_avif = || brands(bytes).is_some_and(|all| all.iter().any(|brand| [b"avif", b"avis"].contains(&brand)));
        told.or_else(|| is_avif().then_some(Self::Avif)).or_else(|| is_svg(bytes).then_some(Self::Svg))
    }

    /// The name of a format that is told by its bytes and not read: HEIC, whose coding is under patents.
    pub fn unread(bytes: &[u8]) -> Option<&'static str> {
        let brands = brands(bytes)?;
        let has = |names: &[&[u8; 4]]| brands.iter().any(|brand| names.contains(&brand));
        let is_hevc = has(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"]);
        // of files in general, which the kind of their items tells
        let holds = |name: &[u8]| bytes.get(..4096).unwrap_or(bytes).windows(4).any(|four| four == name);
        let is_general = has(&[b"mif1", b"msf1"]) && !has(&[b"avif", b"avis"]);
        (is_hevc || is_general && holds(b"hvc1")).then_some("HEIC")
    }

    /// How a URL names it.
    pub fn word(self) -> &'static str {
        self.row().word.0
    }

    /// The format of a URL's word, if we write it.
    pub fn from_word(word: &str) -> Option<Self> {
        FORMATS.iter().find(|row| row.is_written && row.word.0 == word).map(|row| row.format)
    }

    /// The format of a file name's extension, in lower case.
    pub fn from_extension(extension: &str) -> Option<Self> {
        FORMATS.iter().find(|row| row.extensions.contains(&extension)).map(|row| row.format)
    }

    /// The format of a media type without parameters, in lower case.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let names = |row: &&FormatRow| row.media_type == media_type || row.other_media_types.contains(&media_type);
        FORMATS.iter().find(names).map(|row| row.format)
    }
}

/// The brands of an ISO base media file: a box of a length, its name, the brand it is best of, a version, then brands it is also of
/// (ISO/IEC 14496-12, 4.3).
fn brands(bytes: &[u8]) -> Option<&[[u8; 4]]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let brands = rest.strip_prefix(b"ftyp")?;
    let length = (u32::from_be_bytes(*length) as usize).clamp(8, 256) - 8;
    Some(brands.get(..length.min(brands.len()))?.as_chunks::<4>().0)
}

/// The words of the formats that we write, for the edits table.
pub const WRITTEN: &[Word] = {
    const COUNT: usize = {
        let (mut i, mut count) = (0, 0);
        while i < FORMATS.len() {
            count += FORMATS[i].is_written as usize;
            i += 1;
        }
        count
    };
    const WORDS: [Word; COUNT] = {
        let mut words = [("", &[] as &[&str]); COUNT];
        let (mut i, mut count) = (0, 0);
        while i < FORMATS.len() {
            if FORMATS[i].is_written {
                words[count] = FORMATS[i].word;
                count += 1;
            }
            i += 1;
        }
        words
    };
    &WORDS
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heic_is_told_by_its_brands_and_by_what_it_holds() {
        let file = |brands: &[u8], rest: &[u8]| {
            let length = (8 + brands.len() as u32).to_be_bytes();
            [&length[..], b"ftyp", brands, rest].concat()
        };
        assert_eq!(Format::unread(&file(b"heic\0\0\0\0mif1heic", b"")), Some("HEIC"));
        assert_eq!(Format::unread(&file(b"mif1\0\0\0\0mif1heix", b"")), Some("HEIC"));
        assert_eq!(Format::unread(&file(b"mif1\0\0\0\0mif1miaf", b"....infehvc1")), Some("HEIC"));
        assert_eq!(Format::unread(&file(b"mif1\0\0\0\0mif1miaf", b"....infeav01")), None);
        assert_eq!(Format::unread(&file(b"avif\0\0\0\0avifmif1", b"....infeav01")), None);
        // a brand behind the box is none
        assert_eq!(Format::unread(&file(b"isom\0\0\0\0", b"heic")), None);
        for length in 0..24 {
            let _ = Format::unread(&file(b"heic\0\0\0\0mif1heic", b"")[..length]);
            let _ = Format::unread(&[&[0xff; 4], &b"ftypheic"[..]].concat()[..length.min(12)]);
        }
    }

    #[test]
    fn svg_is_told_by_its_root() {
        assert_eq!(Format::sniff(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Some(Format::Svg));
        assert_eq!(Format::sniff(b"<html>"), None);
    }

    #[test]
    fn every_format_has_its_own_row() {
        for (i, row) in FORMATS.iter().enumerate() {
            assert_eq!(row.format as usize, i);
            assert_eq!(row.format.row().media_type, row.media_type);
            assert_eq!(row.magic.is_empty(), row.format == Format::Svg);
            for magic in row.magic {
                let file: Vec<u8> = magic.iter().map(|byte| byte.unwrap_or(7)).collect();
                assert_eq!(Format::sniff(&file), Some(row.format));
                assert_eq!(Format::sniff(&file[..file.len() - 1]), None, "{:?} cut short", row.format);
            }
            assert_eq!(Format::from_word(row.word.0), row.is_written.then_some(row.format));
            assert!(row.extensions.iter().all(|extension| Format::from_extension(extension) == Some(row.format)));
            assert!(row.other_media_types.iter().all(|name| Format::from_media_type(name) == Some(row.format)));
        }
    }
}
