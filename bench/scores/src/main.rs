//! Scores files of every lossy format and quality by SSIMULACRA2 against the picture they were made from: a line of JSON for each
//! picture of a folder.
//!
//!     deckle-scores FOLDER > scores.jsonl

use std::error::Error;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use deckle::edit::Edits;
use deckle::image::{Format, Pixels, Scale};
use deckle::{Image, Limits, Picture};
use deckle_pixels::{Texture, Textures};
use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Reference};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const FORMATS: [Format; 2] = [Format::Jpeg, Format::WebP];
const QUALITIES: [u8; 12] = [10, 20, 30, 42, 54, 64, 72, 80, 86, 91, 95, 98];
const THREADS: usize = 2;

/// A file as RGB.
fn decoded(file: &[u8]) -> Result<Pixels> {
    let image = Image::open(file)?;
    let plan = image.plan(&Edits { format: Some(Format::Png), ..Edits::default() }, &Limits::default())?;
    let Picture::Pixels(mut pixels) = deckle::render(&image, &plan)?.picture else { return Err("no pixels".into()) };
    match pixels.channels {
        1 => pixels.data = pixels.data.iter().flat_map(|v| [*v; 3]).collect(),
        3 => (),
        n => return Err(format!("{n} channels").into()),
    }
    pixels.channels = 3;
    Ok(pixels)
}

fn slice(pixels: &Pixels) -> Result<PixelSlice<'_>> {
    let (width, height) = (pixels.size.width, pixels.size.height);
    let slice = PixelSlice::new(&pixels.data, width, height, width as usize * 3, PixelDescriptor::RGB8_SRGB);
    Ok(slice.map_err(|error| format!("{error:?}"))?.erase())
}

fn texture(pixels: &Pixels) -> Texture {
    let mut textures = Textures::new(pixels.size.width as usize, 3);
    pixels.data.chunks_exact(pixels.size.width as usize * 3).for_each(|row| textures.push(row));
    textures.finish()
}

fn score(path: &Path) -> Result<String> {
    let file = std::fs::read(path)?;
    let (image, source) = (Image::open(&file)?, decoded(&file)?);
    let reference = Ssimulacra2Reference::new(&slice(&source)?)?;
    let mut formats = Vec::new();
    for format in FORMATS {
        let mut points = Vec::new();
        for quality in QUALITIES {
            let edits =
                Edits { format: Some(format), quality: Some(quality), scale: Scale::Native, ..Edits::default() };
            let made = deckle::make(&image, &edits, &Limits::default(), &mut |_| ())?;
            let score = reference.compare(&slice(&decoded(&made.bytes)?)?)?;
            points.push(format!("[{quality},{score:.2},{}]", made.bytes.len()));
        }
        formats.push(format!("\"{}\":[{}]", format.word(), points.join(",")));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let Texture { plain, soft, sharp, dark, coloured } = texture(&source);
    Ok(format!(
        "{{\"name\":\"{name}\",\"width\":{},\"height\":{},\"texture\":{{\"plain\":{plain:.5},\"soft\":{soft:.5},\
         \"sharp\":{sharp:.5},\"dark\":{dark:.5},\"coloured\":{coloured:.5}}},\"scores\":{{{}}}}}",
        source.size.width,
        source.size.height,
        formats.join(",")
    ))
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let mut paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    let (next, printed) = (AtomicUsize::new(0), Mutex::new(()));
    let work = || -> Result<()> {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let line = score(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let _alone = printed.lock();
            println!("{line}");
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        all.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread ended early")?)
    })
}
