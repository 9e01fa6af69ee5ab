//! SVG 1.1, and 2 where usvg has it: drawn by `deckle_svg` at the size that is asked for. Read, never written.
//!
//! A file's tree is made when a picture is asked for and dropped with it, so that an image that is open holds its file alone.

use deckle_svg::{Picture, Pictures, View};

use super::{Decode, DecodeInside, Opened, PlaneSource, corrupt, unsupported};
use crate::Error;
use crate::image::{Format, Info, Load, Pixels, Size};
use crate::limits::{MEMORY, check};

/// The longest side that a file can state.
const LONGEST_SIDE: f32 = 16_777_216.0;

/// Reads the size.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let facts = deckle_svg::facts(bytes).map_err(failed)?;
    let longest = facts.width.max(facts.height);
    check("source side", longest.min(1e18) as u64, LONGEST_SIDE as u64)?;
    let side = |side: f32| (side.round() as u32).max(1);
    let size = Size { width: side(facts.width), height: side(facts.height) };
    let info = Info {
        by_rows: false,
        is_vector: true, // what is beyond any limit need not be added up
        decoder_bytes: facts.memory.min(1 << 40),
        ..Info::of_rows(Format::Svg, size, 4)
    };
    Ok(Opened { info, exif: None, decoder: Box::new(File { bytes, pictures: Inside(None) }) })
}

struct File<'a> {
    bytes: &'a [u8],
    pictures: Inside,
}

impl Decode for File<'_> {
    fn takes_pictures(&mut self, decode: DecodeInside) {
        self.pictures = Inside(Some(decode));
    }

    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size, spare: u64) -> Result<PlaneSource<'_>, Error> {
        let (width, height) = (f64::from(info.size.width), f64::from(info.size.height));
        let view = View {
            x: load.region.x / width,
            y: load.region.y / height,
            width: load.region.width / width,
            height: load.region.height / height,
            to: (load.resized.width, load.resized.height),
        };
        let drawn = deckle_svg::draw(self.bytes, view, spare, &self.pictures).map_err(failed)?;
        let pixels = Pixels { size: load.resized, channels: 4, data: drawn.rgba };
        Ok(PlaneSource::drawn(pixels).beyond_plan(drawn.beyond))
    }
}

/// Pictures inside of drawings.
struct Inside(Option<DecodeInside>);

impl Pictures for Inside {
    fn decoded(&self, file: &[u8], size: (u32, u32), room: u64) -> Result<Option<Picture>, u64> {
        let Some(decode) = self.0 else { return Ok(None) };
        let pixels = decode(file, size, room)?;
        Ok(pixels.map(|Pixels { size, data, .. }| Picture { width: size.width, height: size.height, rgba: data }))
    }
}

#[cold]
fn failed(error: deckle_svg::Error) -> Error {
    match error {
        deckle_svg::Error::Corrupt(reason) => corrupt(format!("as SVG, {reason}")),
        deckle_svg::Error::Unsupported(what) => unsupported(format!("{what} in an SVG")),
        deckle_svg::Error::Limit { what, needed, limit } => Error::Limit { what, needed, limit },
        deckle_svg::Error::Memory { needed, limit } => Error::Limit { what: MEMORY, needed, limit },
        deckle_svg::Error::Work { needed, limit } => Error::Limit { what: "work of drawing", needed, limit },
    }
}
