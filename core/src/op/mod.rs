//! Operations: one file each, one `apply` each, pixels in, pixels out. What they do is decided; see [`crate::plan`].

pub(crate) mod canvas;
pub(crate) mod flatten;
pub(crate) mod join;
pub(crate) mod resize;
pub(crate) mod style;
pub(crate) mod turn;

use crate::edit::Colour;
use crate::image::Pixels;

/// The same pixels with more channels: grey becomes colour, what has no alpha becomes opaque.
fn widen(image: Pixels, colour: bool, alpha: bool) -> Pixels {
    let Pixels { size, channels, data } = image;
    let data = match (channels, colour, alpha) {
        (1, false, true) => data.iter().flat_map(|&v| [v, 255]).collect(),
        (1, true, false) => data.iter().flat_map(|&v| [v; 3]).collect(),
        (1, true, true) => data.iter().flat_map(|&v| [v, v, v, 255]).collect(),
        (2, true, _) => data.as_chunks().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
        (3, _, true) => data.as_chunks().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => return Pixels { size, channels, data },
    };
    let channels = if colour || channels > 2 { 3 } else { 1 } + u8::from(alpha || channels % 2 == 0);
    Pixels { size, channels, data }
}

/// Whether a colour needs more than a grey channel.
fn is_grey(colour: Colour) -> bool {
    colour.r == colour.g && colour.g == colour.b
}

/// Every `N` bytes become `M`, in place.
///
/// `M` is at most `N`.
fn compact<const N: usize, const M: usize>(data: &mut Vec<u8>, f: impl Fn([u8; N]) -> [u8; M]) {
    let pixels = data.len() / N;
    let mut from = [0; N];
    for i in 0..pixels {
        from.copy_from_slice(&data[i * N..][..N]);
        data[i * M..][..M].copy_from_slice(&f(from));
    }
    data.truncate(pixels * M);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    #[test]
    fn widening_adds_what_is_asked_and_keeps_the_rest() {
        let size = Size { width: 1, height: 1 };
        let images: [&[u8]; 4] = [&[9], &[9, 5], &[1, 2, 3], &[1, 2, 3, 5]];
        let expected: [[&[u8]; 4]; 4] = [
            [&[9], &[9, 255], &[9, 9, 9], &[9, 9, 9, 255]],
            [&[9, 5], &[9, 5], &[9, 9, 9, 5], &[9, 9, 9, 5]],
            [&[1, 2, 3], &[1, 2, 3, 255], &[1, 2, 3], &[1, 2, 3, 255]],
            [&[1, 2, 3, 5]; 4],
        ];
        for (data, expected) in images.into_iter().zip(expected) {
            for (asked, expected) in
                [(false, false), (false, true), (true, false), (true, true)].into_iter().zip(expected)
            {
                let image = Pixels { size, channels: data.len() as u8, data: data.to_vec() };
                let wide = widen(image, asked.0, asked.1);
                assert_eq!(
                    (wide.data.as_slice(), wide.channels),
                    (expected, expected.len() as u8),
                    "{data:?} {asked:?}"
                );
            }
        }
    }
}
