//! What is answered in place of an image: facts about it, or a placeholder of a few bytes, from a small rendering.

use data_encoding::BASE64;
use serde_json::json;

use crate::edit::{Edits, Report, Value};
use crate::image::{Aim, Colour, Format, Icc, Info, Model, Orientation, Pixels, Radius, Size};
use crate::limits::{self, Limits, MEMORY};
use crate::open::Image;
use crate::plan::Path;
use crate::render::{self, Output, Picture, Rendered, Stage};
use crate::{Error, codec, colour, metadata};

/// The longest side of what is looked at, in pixels: ThumbHash's limit.
const SIDE: u32 = 100;

/// Plans and carries out what edits ask of an image, or reports on it; `observe` is told of each stage as it ends.
///
/// # Errors
/// Those of [`Image::plan`] and [`render::transform`].
pub fn make(
    image: &Image<'_>,
    edits: &Edits,
    limits: &Limits,
    observe: &mut dyn FnMut(Stage),
) -> Result<Output, Error> {
    match edits.report {
        None => render::transform(image, &image.plan(edits, limits)?, observe),
        Some(report) => self::report(image, report, edits, limits, observe),
    }
}

#[inline(never)]
fn report(
    image: &Image<'_>,
    report: Report,
    edits: &Edits,
    limits: &Limits,
    observe: &mut dyn FnMut(Stage),
) -> Result<Output, Error> {
    // reduced, as `fit` means nothing without a box, and the small picture is in one
    let asked = Edits { report: None, ..edits.clone() }.without_container().reduced();
    let (pixels, missing) = small(image, &asked, limits)?;
    observe(Stage::Resized);
    let rgba = rgba(&pixels);
    let text = match report {
        Report::ThumbHash => {
            let Size { width, height } = pixels.size;
            BASE64.encode(&thumbhash::rgba_to_thumb_hash(width as usize, height as usize, rgba.as_flattened()))
        }
        Report::BlurHash => blurhash(pixels.size, rgba)?,
        Report::AvgColor => hex(average(&rgba)),
        Report::Json => {
            let about = json!({
                "source": source(image),
                "colour": { "dominant": hex(dominant(&rgba)), "average": hex(average(&rgba)) },
                "result": result(image, &Edits { icc: edits.icc, hdr: edits.hdr, ..asked }, limits)?,
            });
            format!("{about:#}\n")
        }
    };
    observe(Stage::Encoded);
    Ok(Output {
        bytes: text.into_bytes(),
        format: image.info().format,
        media_type: if report == Report::Json { "application/json" } else { "text/plain; charset=utf-8" },
        size: pixels.size,
        missing,
        quality: None,
    })
}

/// The header's facts.
fn source(image: &Image<'_>) -> serde_json::Value {
    let Info { format, size, orientation, model, has_alpha, bit_depth, progressive, frames, .. } = *image.info();
    let upright = orientation.apply(size);
    let icc = image.decoder().icc();
    json!({
        "format": format.word(),
        "mediaType": format.media_type(),
        "bytes": image.bytes().len(),
        "width": upright.width,
        "height": upright.height,
        "orientation": (1..=8).find(|&tag| Orientation::from_exif(tag) == orientation),
        "frames": frames,
        "alpha": has_alpha,
        "bitDepth": bit_depth,
        "colourModel": match model {
            Model::Grey => "grey",
            Model::YCbCr | Model::Video => "ycbcr",
            Model::Rgb => "rgb",
            Model::Cmyk => "cmyk",
        },
        "progressive": progressive,
        "profile": icc.map(|icc| colour::profile_name(&icc).unwrap_or_else(|| "unnamed".to_owned())),
        "gainMap": image.gain_map().map(|(map, _)| {
            let size = orientation.apply(map.info().size);
            json!({ "width": size.width, "height": size.height })
        }),
        "contentCredentials": metadata::has_credentials(format, image.bytes()),
    })
}

/// What would be made.
fn result(image: &Image<'_>, asked: &Edits, limits: &Limits) -> Result<serde_json::Value, Error> {
    let plan = image.plan(asked, limits)?;
    if plan.encoding.looks() {
        // the picture, whole
        let needed = plan.memory + 4 * plan.output.pixels() * u64::from(plan.load.frames) + image.bytes().len() as u64;
        limits::check(MEMORY, needed, limits.memory_bytes)?;
    }
    let quality = if plan.encoding.is_lossy() { Some(render::quality_of(image, &plan)?) } else { None };
    let (format, decoded) = (plan.encoding.format, plan.load.size());
    Ok(json!({
        "format": format.word(),
        "mediaType": format.media_type(),
        "width": plan.output.width,
        "height": plan.output.height,
        "decodedWidth": decoded.width,
        "decodedHeight": decoded.height,
        "path": match plan.path {
            Path::Planes => "planes",
            Path::Pixels => "pixels",
        },
        "colours": match plan.encoding.icc {
            Icc::Srgb => "sRGB",
            Icc::P3 => "Display P3",
            Icc::Keep => "the source's profile",
        },
        "gainMap": plan.gain_map.as_ref().map(|map| json!({ "width": map.output.width, "height": map.output.height })),
        "notes": plan.notes,
        "memoryBytes": plan.memory,
        "quality": quality,
        "aim": plan.encoding.aim.filter(|_| plan.encoding.is_lossy()).map(Aim::word),
    }))
}

/// The result at [`SIDE`] pixels at most.
fn small(image: &Image<'_>, asked: &Edits, limits: &Limits) -> Result<(Pixels, f64), Error> {
    let within = |edits: Edits| Edits { width: Some(SIDE), height: Some(SIDE), ..edits };
    let edits = Edits { format: Some(Format::Png), ..asked.clone() };
    let edits = if is_free_of_pixels(asked) { within(edits) } else { edits };
    let (pixels, missing) = whole(image, &edits, limits)?;
    if pixels.size.width.max(pixels.size.height) <= SIDE {
        return Ok((pixels, missing));
    }
    let info = Info::of_rows(Format::Png, pixels.size, pixels.channels);
    let edits = within(Edits { format: Some(Format::Png), ..Edits::default() });
    let (pixels, _) = whole(&Image::decoded(info, pixels, None)?, &edits, limits)?;
    Ok((pixels, missing))
}

/// Whether nothing is asked for in pixels of the result, so that a small result is the large one, smaller.
fn is_free_of_pixels(edits: &Edits) -> bool {
    let Edits { width: None, height: None, ratio: None, overlays, lettering, operations, pad, radius, .. } = edits
    else {
        return false;
    };
    overlays.is_empty()
        && lettering.is_empty()
        && operations.is_empty()
        && pad.is_empty()
        && *radius == Radius::NONE
        && edits.beyond == <_>::default()
}

/// Renders; the picture, which is collected, is counted beside what the plan takes.
fn whole(image: &Image<'_>, edits: &Edits, limits: &Limits) -> Result<(Pixels, f64), Error> {
    let plan = image.plan(edits, limits)?;
    let needed = plan.memory + 4 * plan.output.pixels() + image.bytes().len() as u64;
    limits::check(MEMORY, needed, limits.memory_bytes)?;
    match render::render(image, &plan)? {
        Rendered { picture: Picture::Pixels(pixels), missing } => Ok((pixels, missing)),
        // a PNG's picture is pixels
        _ => Err(codec::unencodable(Format::Png, "no pixels")),
    }
}

fn rgba(pixels: &Pixels) -> Vec<[u8; 4]> {
    let colour = |sample: &[u8]| match *sample {
        [v] => [v, v, v, 255],
        [v, a] => [v, v, v, a],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, a, ..] => [r, g, b, a],
        [] => [0; 4],
    };
    pixels.data.chunks_exact(pixels.channels.into()).map(colour).collect()
}

/// BlurHash has no alpha: it is of the picture on white.
fn blurhash(size: Size, mut rgba: Vec<[u8; 4]>) -> Result<String, Error> {
    for pixel in &mut rgba {
        let alpha = u32::from(pixel[3]);
        for sample in &mut pixel[..3] {
            *sample = ((u32::from(*sample) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        }
        pixel[3] = 255;
    }
    let (across, down) = if size.width >= size.height { (4, 3) } else { (3, 4) };
    blurhash::encode(across, down, size.width, size.height, rgba.as_flattened())
        .map_err(|error| codec::corrupt(error.to_string()))
}

/// The mean of samples as they are stored, each counting as much as it is opaque.
fn average(rgba: &[[u8; 4]]) -> Colour {
    let mut sums = [0_u64; 4];
    for pixel in rgba {
        for (sum, sample) in sums.iter_mut().zip(&pixel[..3]) {
            *sum += u64::from(*sample) * u64::from(pixel[3]);
        }
        sums[3] += u64::from(pixel[3]);
    }
    let mean = |sum: u64, of: u64| (sum + of / 2).checked_div(of).unwrap_or(0) as u8;
    let [r, g, b] = [sums[0], sums[1], sums[2]].map(|sum| mean(sum, sums[3]));
    Colour { r, g, b, a: mean(sums[3], rgba.len() as u64) }
}

/// The middle of the fullest of 16 × 16 × 16 boxes of colours, what is mostly transparent left out.
fn dominant(rgba: &[[u8; 4]]) -> Colour {
    let mut counts = vec![0_u32; 1 << 12];
    for [r, g, b, _] in rgba.iter().filter(|pixel| pixel[3] >= 128) {
        let place = |sample: &u8| usize::from(sample >> 4);
        counts[place(r) << 8 | place(g) << 4 | place(b)] += 1;
    }
    let fullest = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count).map_or(0, |(place, _)| place);
    let sample = |shift: u32| ((fullest >> shift & 15) * 16 + 8) as u8;
    Colour { r: sample(8), g: sample(4), b: sample(0), a: 255 }
}

fn hex(colour: Colour) -> String {
    format!("#{}", Value::Colour(colour))
}
