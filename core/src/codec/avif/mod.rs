//! AVIF 1.1: a reader of its container, pixels by `rusty_av1d`; written by `rav1e`.
//!
//! Source: AV1 Image File Format 1.1; ISO/IEC 23008-12 (HEIF); ISO/IEC 23000-22 (MIAF).

mod boxes;
mod colours;
mod encode;
mod file;
mod items;
mod picture;
mod properties;
mod rows;
mod sequence;
mod track;

pub use encode::{Planes, encode, pixels_memory, planes_memory};

use std::borrow::Cow;

use boxes::{Boxes, Reader};
use colours::{Colours, Matrix};
use items::Items;
use picture::Picture;
use properties::Said;
use sequence::Sequence;

use super::{Decode, Opened, PlaneSource, corrupt, unsupported};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Size};
use crate::limits::check;

/// Tiles of a grid.
const MOST_TILES: u64 = 1024;

/// Pictures that the data of an item may hold, shown or not: one that is shown may be made from others.
const MOST_PICTURES: u64 = 8;

/// A file whose header is read.
pub struct File<'a> {
    picture: Picture<'a>,
    alpha: Option<Picture<'a>>,
    /// Whether colours are multiplied by alpha.
    is_premultiplied: bool,
    colours: Colours<'a>,
    /// Where in the picture that begins which is shown.
    corner: (u32, u32),
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.colours.icc(self.picture.sequence.is_grey)
    }

    fn start(&self, info: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        Ok(Self::start(self, info, load))
    }
}

/// Reads the boxes, and the header of the data.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let boxes = Boxes(bytes);
    let items = boxes.find(b"meta").map(|meta| Items::read(bytes, meta)).transpose()?.flatten();
    let (parts, exif) = match items {
        Some(items) => (of_items(&items)?, exif(&items)),
        None => (of_tracks(bytes, boxes.find(b"moov").unwrap_or_default())?, None),
    };
    let Parts { picture, alpha, is_premultiplied, said } = parts;
    let sequence = picture.sequence;
    let colours = Colours::new(said.numbers.unwrap_or(sequence.numbers), said.profile)?;
    if colours.matrix == Matrix::Identity && !sequence.is_grey && sequence.chroma != [1, 1] {
        return Err(corrupt("the AVIF has fewer samples of blue and red than of green"));
    }
    let (corner, size) = said.shown(picture.size);
    let has_alpha = alpha.is_some();
    let is_planar = !has_alpha && colours.transfer.is_none();
    let model = match colours.matrix {
        _ if sequence.is_grey => Model::Grey,
        Matrix::T871 if is_planar => Model::YCbCr,
        Matrix::Other(_) if is_planar => Model::Video,
        _ => Model::Rgb,
    };
    let [across, down] = sequence.chroma;
    let is_halved = is_planar && !sequence.is_grey;
    let profile = said.profile.map_or(0, <[u8]>::len);
    let info = Info {
        orientation: said.orientation(),
        model,
        has_alpha,
        bit_depth: sequence.depth,
        has_profile: colours.profile.is_some() || colours.primaries.is_some() && !sequence.is_grey,
        band: if is_halved { down.into() } else { 1 },
        decoder_bytes: memory(&picture, alpha.as_ref(), size) + super::profile_bytes(profile),
        sampling: if is_halved { [[across, down], [1, 1], [1, 1], [1, 1]] } else { [[1, 1]; 4] },
        ..Info::of_rows(Format::Avif, size, if sequence.is_grey { 1 } else { 3 } + u8::from(has_alpha))
    };
    Ok(Opened { info, exif, decoder: Box::new(File { picture, alpha, is_premultiplied, colours, corner }) })
}

/// Colours and alpha advance together, so that both are held; and rows, with chroma on its way to luma's size.
fn memory(picture: &Picture<'_>, alpha: Option<&Picture<'_>>, size: Size) -> u64 {
    let rows = u64::from(size.width) * 64 + (128 << 10);
    picture.memory() + alpha.map_or(0, Picture::memory) + rows
}

/// What a file shows, and what is said of it.
struct Parts<'a> {
    picture: Picture<'a>,
    alpha: Option<Picture<'a>>,
    is_premultiplied: bool,
    said: Said<'a>,
}

/// The picture that is the file's, and the one that is its alpha.
fn of_items<'a>(items: &Items<'a>) -> Result<Parts<'a>, Error> {
    let said = Said::of(items.properties(items.primary));
    let picture = picture(items, items.primary, &said)?;
    let mut alpha = None;
    for item in items.referring(b"auxl", items.primary) {
        let own = Said::of(items.properties(item));
        if own.is_alpha {
            alpha = Some((item, self::picture(items, item, &own)?));
            break;
        }
    }
    // a grid may have an alpha for each of its tiles instead
    if alpha.is_none() && picture.tiles.len() > 1 {
        alpha = alpha_of_tiles(items, &picture)?.map(|alpha| (0, alpha));
    }
    let is_premultiplied =
        alpha.as_ref().is_some_and(|(item, _)| items.referred(b"prem", items.primary).contains(item));
    let alpha = alpha.map(|(_, alpha)| alpha);
    check_alpha(&picture, alpha.as_ref())?;
    Ok(Parts { picture, alpha, is_premultiplied, said })
}

fn check_alpha(picture: &Picture<'_>, alpha: Option<&Picture<'_>>) -> Result<(), Error> {
    match alpha {
        Some(alpha) if alpha.size != picture.size => Err(unsupported("AVIF whose alpha has another size")),
        _ => Ok(()),
    }
}

/// The first picture of a track, and that of a track that is its alpha.
fn of_tracks<'a>(file: &'a [u8], moov: &'a [u8]) -> Result<Parts<'a>, Error> {
    let (mut picture, mut alpha, mut said) = (None, None, Said::default());
    for first in track::firsts(file, moov) {
        let slot = if first.is_alpha { &mut alpha } else { &mut picture };
        if slot.is_none() {
            let (sequence, pictures) = sequence(first.data)?;
            let tiles = vec![Cow::Borrowed(first.data)];
            let size = sequence.size;
            *slot = Some(Picture { size, sequence, coded: size, point: 0, pictures, columns: 1, tiles });
            if !first.is_alpha {
                said = Said::of(first.properties);
            }
        }
    }
    let picture = picture.ok_or_else(|| corrupt("the AVIF has no picture"))?;
    check_alpha(&picture, alpha.as_ref())?;
    Ok(Parts { picture, alpha, is_premultiplied: false, said })
}

/// The header of AV1 data, and how many pictures they hold.
fn sequence(data: &[u8]) -> Result<(Sequence, u32), Error> {
    let (sequence, pictures) = sequence::read(data).ok_or_else(|| corrupt("the AV1 data have no header"))?;
    check("pictures in an item", pictures.into(), MOST_PICTURES)?;
    Ok((sequence, pictures))
}

/// An item's picture: AV1 data, or a grid of such items.
fn picture<'a>(items: &Items<'a>, item: u32, said: &Said<'_>) -> Result<Picture<'a>, Error> {
    match items.kind(item) {
        Some(kind) if kind == *b"av01" => {
            let data = items.bytes(item)?;
            let (sequence, pictures) = sequence(&data)?;
            let (coded, size) = (sequence.size, said.size.unwrap_or(sequence.size));
            // a picture of less than all layers may be smaller
            let fits = size == coded || said.point > 0 && size.width <= coded.width && size.height <= coded.height;
            if !fits || size.pixels() == 0 {
                return Err(corrupt("the AVIF's size is not that of its data"));
            }
            let sequence = Sequence { size, ..sequence };
            let tiles = vec![data];
            Ok(Picture { size, sequence, coded, point: said.point, pictures, columns: 1, tiles })
        }
        Some(kind) if kind == *b"grid" => grid(items, item),
        Some(kind) => Err(unsupported(format!("AVIF of the kind {:?}", String::from_utf8_lossy(&kind)))),
        None => Err(corrupt("the AVIF does not say what its picture is")),
    }
}

fn grid<'a>(items: &Items<'a>, item: u32) -> Result<Picture<'a>, Error> {
    let description = items.bytes(item)?;
    let (rows, columns, size) = layout(&description).ok_or_else(|| corrupt("the AVIF's grid is cut off"))?;
    tiled(items, &items.referred(b"dimg", item), rows, columns, size)
}

/// Rows, columns and size (ISO/IEC 23008-12, 6.6.2.3.2).
fn layout(description: &[u8]) -> Option<(u32, u32, Size)> {
    let mut reader = Reader(description);
    let version = reader.number(2)?;
    let (rows, columns) = (reader.number(1)? as u32 + 1, reader.number(1)? as u32 + 1);
    let bytes = if version & 1 == 1 { 4 } else { 2 };
    let size = Size { width: reader.number(bytes)? as u32, height: reader.number(bytes)? as u32 };
    (size.width > 0 && size.height > 0).then_some((rows, columns, size))
}

fn tiled<'a>(items: &Items<'a>, tiles: &[u32], rows: u32, columns: u32, size: Size) -> Result<Picture<'a>, Error> {
    let count = u64::from(rows) * u64::from(columns);
    check("tiles of a grid", count, MOST_TILES)?;
    if tiles.len() as u64 != count {
        return Err(corrupt("the AVIF's grid has another number of tiles than it says"));
    }
    let data = tiles.iter().map(|&tile| items.bytes(tile)).collect::<Result<Vec<_>, Error>>()?;
    let found = data.iter().map(|data| sequence(data)).collect::<Result<Vec<_>, Error>>()?;
    let pictures = found.iter().map(|(_, pictures)| *pictures).max().unwrap_or(1);
    let sequences: Vec<Sequence> = found.into_iter().map(|(sequence, _)| sequence).collect();
    let Some((&first, others)) = sequences.split_first() else { return Err(corrupt("the AVIF's grid is empty")) };
    let alike = |other: &Sequence| Sequence { numbers: first.numbers, has_grain: first.has_grain, ..*other } == first;
    if !others.iter().all(alike) {
        return Err(unsupported("AVIF whose tiles are not alike"));
    }
    let first = Sequence { has_grain: sequences.iter().any(|sequence| sequence.has_grain), ..first };
    // each row and column of tiles shows something, and together they are enough
    let fits = |side: u32, tile: u32, count: u32| {
        let (side, tile, count) = (u64::from(side), u64::from(tile), u64::from(count));
        (count - 1) * tile < side && side <= count * tile
    };
    let [across, down] = first.chroma.map(u32::from);
    let Size { width, height } = first.size;
    let is_whole = (columns == 1 || width % across == 0) && (rows == 1 || height % down == 0);
    if !fits(size.width, width, columns) || !fits(size.height, height, rows) || !is_whole {
        return Err(corrupt("the AVIF's grid is not of the size that its tiles have"));
    }
    Ok(Picture { size, sequence: first, coded: first.size, point: 0, pictures, columns, tiles: data })
}

/// The alpha of each tile of the primary item's grid, if all have one.
fn alpha_of_tiles<'a>(items: &Items<'a>, picture: &Picture<'a>) -> Result<Option<Picture<'a>>, Error> {
    let of = |&tile: &u32| items.referring(b"auxl", tile).find(|&item| Said::of(items.properties(item)).is_alpha);
    let alphas: Option<Vec<u32>> = items.referred(b"dimg", items.primary).iter().map(of).collect();
    let Some(alphas) = alphas else { return Ok(None) };
    let rows = alphas.len() as u32 / picture.columns.max(1);
    tiled(items, &alphas, rows, picture.columns, picture.size).map(Some)
}

/// The EXIF block that describes the picture. Its orientation says nothing: that of the file goes before it.
fn exif<'a>(items: &Items<'a>) -> Option<&'a [u8]> {
    let mut about = items.referring(b"cdsc", items.primary);
    let item = about.find(|&item| items.kind(item) == Some(*b"Exif"))?;
    let Ok(Cow::Borrowed(body)) = items.bytes(item) else { return None };
    let mut reader = Reader(body);
    let skipped = usize::try_from(reader.number(4)?).ok()?;
    reader.0.get(skipped..)
}
