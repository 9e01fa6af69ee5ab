//! Resampling: the plan's region to the plan's size, by Lanczos with three lobes, in gamma-encoded samples as sharp does.
//!
//! Work is done by `fast_image_resize`'s typed interface; the other one would bring every pixel type along.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U8, U8x2, U8x3, U8x4};
use fast_image_resize::{FilterType, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::Error;
use crate::image::{Pixels, Size};
use crate::plan::{Plan, Region};

/// Resamples, or only cuts out where the plan asks for whole pixels. Alpha is straight before and after; colours are
/// premultiplied in between, in place. Four channels without alpha (CMYK) are resampled as they are.
///
/// # Errors
/// [`Error::Edit`] for a region outside the image; a plan has none.
pub fn apply(image: Pixels, plan: &Plan, has_alpha: bool) -> Result<Pixels, Error> {
    let region = inside(plan.region, image.size);
    if !plan.is_resampled() {
        return Ok(cut(image, region, plan.resized));
    }
    match (image.channels, has_alpha) {
        (1, _) => resample::<U8>(image, region, plan.resized, false),
        (2, alpha) => resample::<U8x2>(image, region, plan.resized, alpha),
        (3, _) => resample::<U8x3>(image, region, plan.resized, false),
        (_, alpha) => resample::<U8x4>(image, region, plan.resized, alpha),
    }
}

fn resample<P: PixelTrait + InnerPixel>(
    mut image: Pixels,
    region: Region,
    size: Size,
    alpha: bool,
) -> Result<Pixels, Error> {
    let refuse = |reason: String| Error::Edit { name: "crop", reason };
    let Size { width, height } = image.size;
    let length = size.pixels() * u64::from(image.channels);
    let mut data = vec![0; usize::try_from(length).map_err(|error| refuse(error.to_string()))?];
    let premultiply = MulDiv::new();
    if alpha {
        let mut view =
            TypedImage::<P>::from_buffer(width, height, &mut image.data).map_err(|error| refuse(error.to_string()))?;
        premultiply.multiply_alpha_inplace_typed(&mut view).map_err(|error| refuse(error.to_string()))?;
    }
    let source =
        TypedImageRef::<P>::from_buffer(width, height, &image.data).map_err(|error| refuse(error.to_string()))?;
    let mut resized =
        TypedImage::<P>::from_buffer(size.width, size.height, &mut data).map_err(|error| refuse(error.to_string()))?;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(region.x, region.y, region.width, region.height)
        .use_alpha(false);
    Resizer::new().resize_typed(&source, &mut resized, &options).map_err(|error| refuse(error.to_string()))?;
    if alpha {
        premultiply.divide_alpha_inplace_typed(&mut resized).map_err(|error| refuse(error.to_string()))?;
    }
    drop(resized);
    Ok(Pixels { size, channels: image.channels, data })
}

/// The region held inside the image against the last bit of rounding.
fn inside(region: Region, size: Size) -> Region {
    let hold = |start: f64, side: f64, limit: u32| {
        let limit = f64::from(limit);
        let side = side.min(limit - start);
        if start + side > limit { side.next_down() } else { side }
    };
    Region {
        width: hold(region.x, region.width, size.width),
        height: hold(region.y, region.height, size.height),
        ..region
    }
}

/// Cuts whole pixels out, in place.
fn cut(mut image: Pixels, region: Region, size: Size) -> Pixels {
    if size == image.size {
        return image;
    }
    let (x, y) = (region.x as usize, region.y as usize);
    let channels = usize::from(image.channels);
    let (stride, row) = (image.size.width as usize * channels, size.width as usize * channels);
    for i in 0..size.height as usize {
        let start = (y + i) * stride + x * channels;
        image.data.copy_within(start..start + row, i * row);
    }
    image.data.truncate(row * size.height as usize);
    Pixels { size, ..image }
}
