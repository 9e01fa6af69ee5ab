//! What filters of planes share: an image taken apart, each plane filtered, and joined again.

use deckle_pixels::{Space, join, split};

use crate::image::Pixels;

/// Filters every plane but alpha.
pub fn colours_by_planes(image: Pixels, mut filter: impl FnMut(&mut Vec<u8>, usize)) -> Pixels {
    let (mut left, last) = (usize::from(image.channels), image.channels.is_multiple_of(2));
    by_planes(image, false, |plane, width| {
        left -= 1;
        if left > 0 || !last {
            filter(plane, width);
        }
    })
}

/// Filters every plane, rows of so many samples. Colours are premultiplied where `premultiplied` says so, so that the colour of nothing does not
/// bleed.
#[inline(never)]
pub fn by_planes(image: Pixels, premultiplied: bool, mut filter: impl FnMut(&mut Vec<u8>, usize)) -> Pixels {
    let Pixels { size, channels, mut data } = image;
    let width = size.width as usize;
    if channels == 1 {
        filter(&mut data, width);
        return Pixels { size, channels, data };
    }
    let space = Space::of(channels, premultiplied);
    let pixels = data.len() / usize::from(channels);
    let mut planes = vec![vec![0; pixels]; channels.into()];
    split(&data, space, &mut planes);
    drop(data);
    planes.iter_mut().for_each(|plane| filter(plane, width));
    let mut data = vec![0; pixels * usize::from(channels)];
    join(space, &planes, &mut data);
    Pixels { size, channels, data }
}
